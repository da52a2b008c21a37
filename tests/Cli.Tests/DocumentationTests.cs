using System.Text.RegularExpressions;

namespace Firstbyte.Tests;

/// <summary>What the documents say to type works as it stands.</summary>
public partial class DocumentationTests
{
    [Fact]
    public void Every_command_of_the_readme_runs()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "README.md"));
        var commands = ShellBlock().Matches(readme).SelectMany(block => block.Groups["lines"].Value.Split('\n'))
            .Where(line => line.StartsWith("firstbyte ", StringComparison.Ordinal))
            .Select(line => line.Split(" #")[0].Trim()).ToArray();
        Assert.True(commands.Length >= 10, $"only {commands.Length} commands were found in README.md");
        using var folder = new TemporaryFolder();
        Assert.All(commands, command =>
        {
            var run = Command.RunIn(folder.Path, command.Split(' ')[1..]);
            Assert.True(run.ExitCode == 0, $"{command}: exit {run.ExitCode}\n{run.Output}\n{run.Errors}");
            Assert.NotEmpty(run.Output);
        });
    }

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
