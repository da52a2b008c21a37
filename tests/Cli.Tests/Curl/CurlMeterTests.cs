using System.Diagnostics;
using Firstbyte.Cli.Curl;

namespace Firstbyte.Tests.Curl;

/// <summary>The progress meter is curl's, and so is the file of options at home.</summary>
public sealed class CurlMeterTests
{
    private const string Head = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
        + "                                 Dload  Upload   Total   Spent    Left  Speed\n";

    [Theory]
    [InlineData(0, "    0")]
    [InlineData(99_999, "99999")]
    [InlineData(100_000, "  97k")]
    [InlineData(10_239_999, "9999k")]
    [InlineData(10_240_000, " 9.7M")]
    [InlineData(104_857_599, "99.9M")]
    [InlineData(104_857_600, " 100M")]
    [InlineData(10_737_418_239, " 9.9G")]
    [InlineData(long.MaxValue, "8191P")]
    public void An_amount_has_five_columns(long bytes, string text) => Assert.Equal(text, CurlMeter.Amount(bytes));

    [Theory]
    [InlineData(0, "--:--:--")]
    [InlineData(1, " 0:00:01")]
    [InlineData(359_999, "99:59:59")]
    [InlineData(360_000, "  4d 04h")]
    [InlineData(86_400_000, "   1000d")]
    public void A_time_has_eight_columns(long seconds, string text) => Assert.Equal(text, CurlMeter.Time(seconds));

    /// <summary>Both print the same of a transfer, but for what is measured in time.</summary>
    [Theory]
    [InlineData("-o x %U")]
    [InlineData("%U")]
    [InlineData("-I %U")]
    [InlineData("-d abcdef -o x %U")]
    [InlineData("-o x %U -o y %U")]
    [InlineData("-# -o x %U")]
    [InlineData("--no-progress-meter -o x %U")]
    [InlineData("-s -o x %U")]
    [InlineData("-Z -o x %U -o y %U")]
    [InlineData("-o x http://127.0.0.1:1/")]
    public async Task What_curl_says_is_said(string line)
    {
        if (!File.Exists("/usr/bin/curl")) { Assert.Skip("there is no curl to compare with: apt-get install curl"); }
        using var server = new RawServer(static connection =>
        {
            var head = connection.ReadHead();
            if (head.StartsWith("POST ", StringComparison.Ordinal)) { connection.Read(6); }
            connection.Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n");
            if (!head.StartsWith("HEAD ", StringComparison.Ordinal)) { connection.Send(new byte[300_000]); }
        });
        using var folder = new TemporaryFolder();
        string[] words = ["-q", .. line.Replace("%U", server.Url, StringComparison.Ordinal).Split(' ')];
        var start = new ProcessStartInfo("/usr/bin/curl", words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder.Path,
        };
        foreach (var name in (string[])["http_proxy", "all_proxy", "ALL_PROXY"]) { start.Environment.Remove(name); }
        using var curl = Process.Start(start)!;
        var output = curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var theirs = await curl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
        var ours = Command.RunIn(folder.Path, ["curl", .. words]).Errors;
        Assert.Equal(Rows(theirs), Rows(ours));
    }

    [Fact]
    public void What_fills_the_terminal_has_no_meter()
    {
        using var server = RawServer.Of("", "hello"u8.ToArray());
        var run = Command.RunOnTerminal("", "curl", "-q", server.Url);
        Assert.Equal((0, "hello"), (run.ExitCode, run.Output));
        Assert.Empty(run.Errors);
    }

    /// <summary>Where somebody looks on, what has come is seen before the end.</summary>
    [Fact]
    public void On_a_terminal_it_moves()
    {
        using var folder = new TemporaryFolder();
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
            Thread.Sleep(1_300);
            connection.Send("67890");
        });
        var run = Command.RunWithErrorsOnTerminal(folder.Path, "curl", "-q", "-o", "x", server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith(Head + "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r", run.Errors, StringComparison.Ordinal);
        Assert.Contains("\r 50    10   50     5    0     0 ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("\r100    10  100    10    0     0 ", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("\n", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".curlrc", "HOME", false)]
    [InlineData(".config/curlrc", "HOME", false)]
    [InlineData("curlrc", "XDG_CONFIG_HOME", false)]
    [InlineData(".curlrc", "CURL_HOME", false)]
    [InlineData(".curlrc", "HOME", true)]
    public void The_users_own_options_are_read_unless_q_comes_first(string file, string variable, bool isOff)
    {
        using var folder = new TemporaryFolder();
        using var server = RawServer.Of("", "hello"u8.ToArray());
        var path = Path.Combine(folder.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "-s\nwrite-out = \"%{http_code}\"\n");
        var environment = new Dictionary<string, string> { [variable] = folder.Path };
        string[] words = isOff ? ["curl", "-q", "-s", server.Url] : ["curl", server.Url];
        var run = Command.RunBytes(folder.Path, [], environment, words);
        Assert.Equal((0, isOff ? "hello" : "hello200"), (run.ExitCode, System.Text.Encoding.UTF8.GetString(run.Output)));
        Assert.Empty(run.Errors);
    }

    [Fact]
    public void What_is_wrong_at_home_is_said_with_its_place()
    {
        using var folder = new TemporaryFolder();
        using var server = RawServer.Of("", "hello"u8.ToArray());
        File.WriteAllText(Path.Combine(folder.Path, ".curlrc"), "no-progress-meter\nnonsense = 1\n");
        var run = Command.RunBytes(folder.Path, [], new Dictionary<string, string> { ["HOME"] = folder.Path }, ["curl", server.Url]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"Warning: {folder.Path}/.curlrc:2: warning: 'nonsense' is unknown\n".Replace("'nonsense'", "--nonsense:", StringComparison.Ordinal),
            System.Text.Encoding.UTF8.GetString(run.Errors));
    }

    // The last row that was drawn, without speeds and times.
    private static string[] Rows(string errors) =>
        [.. errors.Split('\n').Select(static row => row[(row.LastIndexOf('\r') + 1)..]).Where(static row => !row.StartsWith("curl: ", StringComparison.Ordinal))
            .Select(static row => row.StartsWith('#') ? row.Replace("#", "", StringComparison.Ordinal).Trim() : row.Contains('%', StringComparison.Ordinal) ? row : row[..Math.Min(row.Length, 31)])];
}
