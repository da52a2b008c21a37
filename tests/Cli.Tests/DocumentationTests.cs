using System.Text.RegularExpressions;
using Firstbyte.Cli.Commands;
using Firstbyte.Telling;

namespace Firstbyte.Tests;

/// <summary>What the documents say to type works as it stands.</summary>
public partial class DocumentationTests
{
    [Fact]
    public void Every_command_of_the_readme_and_of_the_clients_pages_runs()
    {
        string[] pages = ["README.md", "docs/dig.md", "docs/doctor.md", "docs/measuring.md", "docs/curl.md", "docs/cache.md", "docs/har.md", "docs/file.md", "docs/mail.md", "docs/news.md", "docs/schemes.md"];
        var readme = string.Concat(pages.Select(static file => File.ReadAllText(Path.Combine(RepositoryRoot.Require(), file))));
        var commands = ShellBlock().Matches(readme).SelectMany(block => block.Groups["lines"].Value.Split('\n'))
            .Where(line => line.StartsWith("firstbyte ", StringComparison.Ordinal))
            .Select(line => line.Split(" #")[0].Trim()).ToArray();
        Assert.True(commands.Length >= 10, $"only {commands.Length} commands were found in README.md");
        // A line that would ask this machine's network has to stand in another block: a test asks nobody.
        string[] quiet = ["url", "ip", "lab", "sim", "--help", "zone"];
        Assert.All(commands, command => Assert.True(command.Contains(" --lab", StringComparison.Ordinal) || quiet.Contains(command.Split(' ')[1]), command));
        using var folder = new TemporaryFolder();
        Assert.All(commands, command =>
        {
            var run = Command.RunIn(folder.Path, command.Split(' ')[1..]);
            // The doctor says by 1 that the lab's site could be better.
            Assert.True(run.ExitCode == 0 || (run.ExitCode == 1 && command.Contains(" doctor ", StringComparison.Ordinal)), $"{command}: exit {run.ExitCode}\n{run.Output}\n{run.Errors}");
            Assert.NotEmpty(run.Output);
        });
    }

    /// <summary>What --help shows and asks nobody outside: each line works, but for the many worlds of one, which take their time.</summary>
    [Fact]
    public void Every_example_of_help_that_needs_no_network_runs()
    {
        string[] pages = ["firstbyte", "firstbyte resolve", "firstbyte dig", "firstbyte curl", "firstbyte doctor", "firstbyte ping", "firstbyte traceroute", "firstbyte sim", "firstbyte lab", "firstbyte lab run", "firstbyte lab cut"];
        var lines = pages.SelectMany(page => HelpExamples.Of(page, Languages.English)).Select(static example => example.Line)
            .Where(static line => (line.Contains(" --lab ", StringComparison.Ordinal) || line.StartsWith("firstbyte lab ", StringComparison.Ordinal)
                || line.StartsWith("firstbyte sim --seed ", StringComparison.Ordinal)) && !line.Contains('|')).ToArray();
        Assert.True(lines.Length >= 10, $"only {lines.Length} examples were found");
        using var folder = new TemporaryFolder();
        Assert.All(lines, line =>
        {
            var words = QuotedWord().Matches(line.Replace("URL", "http://www.lab.glasscom.com/", StringComparison.Ordinal)).Select(static word => word.Value.Trim('"')).Skip(1).ToArray();
            var run = Command.RunIn(folder.Path, words);
            // 1 says that nobody answered, which is what a lab that was broken is to show.
            Assert.True(run.ExitCode is 0 or 1, $"{line}: exit {run.ExitCode}\n{run.Output}\n{run.Errors}");
        });
    }

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedWord();

    [Fact]
    public void The_readme_names_the_two_commands_that_a_clone_needs()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "README.md"));
        Assert.Contains("dotnet run --project src/Firstbyte.Cli -- --lab http://www.lab.glasscom.com/dir1/file1.html", readme);
        Assert.Contains("    dotnet test\n", readme);
    }

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShellBlock();
}
