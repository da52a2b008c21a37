using System.Collections.Concurrent;
using System.Globalization;

namespace Firstbyte.Tests.Curl;

/// <summary>198 of curl's own cases: the bytes that arrive at the server, the files, the output, the exit code.</summary>
public sealed class CurlSuiteTests
{
    // What does not pass yet, with its reason: a case that passes may not fail again.
    private static readonly Dictionary<int, string> s_known = new()
    {
    };

    private static string[] Cases() =>
        [.. Directory.GetFiles(ConformanceData.Require("curl-tests"), "test*").OrderBy(static path => int.Parse(Path.GetFileName(path)["test".Length..], CultureInfo.InvariantCulture))];

    [Fact]
    public void The_cases_pass()
    {
        var cases = Cases();
        var failures = new ConcurrentDictionary<int, string>();
        Parallel.ForEach(cases, new ParallelOptions { MaxDegreeOfParallelism = CurlCaseRunner.AtOnce }, path =>
        {
            var number = int.Parse(Path.GetFileName(path)["test".Length..], CultureInfo.InvariantCulture);
            if (CurlCaseRunner.Run(path) is { Count: > 0 } wrong) { failures[number] = string.Join("\n      ", wrong); }
        });
        var lines = failures.OrderBy(static one => one.Key).Select(static one => $"{one.Key}: {one.Value}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{cases.Length - failures.Count} of {cases.Length} cases pass\n{string.Join('\n', lines)}");
        if (Environment.GetEnvironmentVariable("FIRSTBYTE_CURL_REPORT") is { Length: > 0 } report)
        {
            File.WriteAllText(report, $"{cases.Length - failures.Count} of {cases.Length}\n{string.Join('\n', lines)}\n");
        }
        Assert.Equal(s_known.Keys.Order(), failures.Keys.Order());
    }

    [Theory]
    [InlineData("test1", "User-Agent: curl/", "User-Agent: churl/")]
    [InlineData("test14", "HEAD ", "GET ")]
    [InlineData("test102", "RETR ", "STOR ")]
    [InlineData("test152", "22", "23")]
    public void A_case_that_expects_something_else_fails(string name, string said, string changed)
    {
        var path = Path.Combine(ConformanceData.Require("curl-tests"), name);
        Assert.Empty(CurlCaseRunner.Run(path));
        Assert.NotEmpty(CurlCaseRunner.Run(path, text =>
        {
            var verify = text.IndexOf("<verify>", StringComparison.Ordinal);
            return text[..verify] + text[verify..].Replace(said, changed, StringComparison.Ordinal);
        }));
    }
}
