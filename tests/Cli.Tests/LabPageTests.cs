using System.Text.RegularExpressions;

namespace Firstbyte.Tests;

/// <summary>What the labs' pages say to type ends as they say.</summary>
public partial class LabPageTests
{
    public static TheoryData<string> LabPages => [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Require(), "docs", "labs"), "*.md").Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>A lab's page may show failures: "# exit 6" behind a command is the exit code that it has.</summary>
    [Theory]
    [MemberData(nameof(LabPages))]
    public void Every_command_of_a_labs_page_ends_as_the_page_says(string page)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", "labs", page));
        var commands = ShellBlock().Matches(text).SelectMany(block => block.Groups["lines"].Value.Split('\n')).Where(line => line.StartsWith("firstbyte ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(commands);
        // Each is a process of its own, most of whose time is its start: two at a time.
        var faults = commands.AsParallel().WithDegreeOfParallelism(2).Select(static line =>
        {
            var parts = line.Split(" #");
            var exitCode = parts.Length > 1 && ExitCode().Match(parts[1]) is { Success: true } match ? int.Parse(match.Groups["code"].Value) : 0;
            var run = Command.Run(parts[0].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
            return run.ExitCode == exitCode && run.Output.Length > 0 ? null : $"{line}: exit {run.ExitCode}\n{run.Output}\n{run.Errors}";
        }).OfType<string>().ToArray();
        Assert.Empty(faults);
    }

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("exit (?<code>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExitCode();
}
