using System.Text.RegularExpressions;
using Firstbyte.Cli.Drawing;
using Firstbyte.Labs;
using Firstbyte.Telling;

namespace Firstbyte.Tests;

/// <summary>The labs' pages: what they say to type ends as they say, and each says it in every language.</summary>
public partial class LabPageTests
{
    private static readonly string s_folder = Path.Combine(RepositoryRoot.Require(), "docs", "labs");

    /// <summary>The pages in English, with the reference; the others have the same commands, as the test below says.</summary>
    public static TheoryData<string> LabPages =>
        [.. Directory.EnumerateFiles(s_folder, "*.md").Select(static file => Path.GetFileName(file)).Where(static page => page.Split('.').Length == 2).Order(StringComparer.Ordinal)];

    /// <summary>Every lab that comes with the program, in every language but English.</summary>
    public static TheoryData<string, string> Translations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in LabCatalog.Names)
            {
                foreach (var language in Languages.All.Where(static language => language.IsComplete && language.Tag != "en")) { data.Add(name, language.Tag); }
            }
            return data;
        }
    }

    /// <summary>On a screen a page is drawn in its width, word for word and command for command; a program gets it as it was written.</summary>
    [Theory]
    [InlineData(60, "en")]
    [InlineData(80, "en")]
    [InlineData(60, "zh")]
    [InlineData(80, "zh")]
    public void A_page_is_drawn_in_the_width_of_the_screen(int width, string language)
    {
        foreach (var name in LabCatalog.Names)
        {
            var written = LabCatalog.ReadPage(name, language)!;
            var text = new StringWriter { NewLine = "\n" };
            new MarkdownPage(new Page(text, width, colours: false)).Draw(written);
            var lines = text.ToString().Split('\n');
            Assert.All(lines.Where(static line => !line.StartsWith("  firstbyte ", StringComparison.Ordinal)), line =>
                Assert.True(DisplayWidth.Of(line) <= width, $"{name}: {line}"));
            Assert.All(Commands(written), command => Assert.Contains(lines, line => line.StartsWith("  " + command.Line, StringComparison.Ordinal)));
            Assert.Equal(Letters(Links().Replace(written, "$1")), Letters(text.ToString()));
            Assert.DoesNotContain("**", text.ToString(), StringComparison.Ordinal);
        }
        Assert.Contains("```sh\n", Command.Run("lab", "show", "glasscom").Output, StringComparison.Ordinal);
    }

    // What is left when marks and spaces are gone, of which a page and its drawing have others.
    private static string Letters(string page) => string.Concat(page.Replace("```sh", "", StringComparison.Ordinal).Where(static c => char.IsLetterOrDigit(c)));

    [GeneratedRegex(@"(?m)^ *<!--[^>]*-->\n")]
    private static partial Regex Comments();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Links();

    /// <summary>A lab's page may show failures: "# exit 6" behind a command is the exit code that it has.</summary>
    [Theory]
    [MemberData(nameof(LabPages))]
    public void Every_command_of_a_labs_page_ends_as_the_page_says(string page)
    {
        var commands = Commands(File.ReadAllText(Path.Combine(s_folder, page)));
        Assert.NotEmpty(commands);
        using var folder = new TemporaryFolder();
        // Two at a time, unless one may read what another has written.
        var writes = commands.Any(static command => command.Line.Contains(" -o ", StringComparison.Ordinal));
        var faults = commands.AsParallel().AsOrdered().WithDegreeOfParallelism(writes ? 1 : 2).Select(command =>
        {
            var run = Command.RunIn(folder.Path, command.Line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
            return run.ExitCode == command.ExitCode && (run.Output.Length > 0 || command.Line.Contains(" -s ", StringComparison.Ordinal)) ? null : $"{command.Line}: exit {run.ExitCode}\n{run.Output}\n{run.Errors}";
        }).OfType<string>().ToArray();
        Assert.Empty(faults);
    }

    /// <summary>A page of one language has what that of another has: the same commands with the same ends, as many things to look for, the same specifications.</summary>
    [Theory]
    [MemberData(nameof(Translations))]
    public void Every_lab_has_its_page_in_every_language(string name, string language)
    {
        var (english, translated) = (LabCatalog.ReadPage(name)!, LabCatalog.ReadPage(name, language)!);
        Assert.NotEqual(english, translated);
        Assert.Equal(Commands(english), Commands(translated));
        Assert.Equal(PointsOf(english), PointsOf(translated));
        Assert.Equal(SpecificationsIn(english), SpecificationsIn(translated));
        // What stands in code is typed, or a name of the lab.
        var shown = Command.Run("lab", "show", name, "--lang", language);
        // What stands in comments is for the page of the labs.
        Assert.EndsWith(Comments().Replace(translated, "").TrimEnd() + "\n", shown.Output);
        Assert.DoesNotContain("<!--", shown.Output, StringComparison.Ordinal);
        var lines = shown.Output.Split('\n').Where(static line => !line.StartsWith("firstbyte ", StringComparison.Ordinal)).Select(static line => Code().Replace(line, ""));
        Assert.All(lines, static line => Assert.DoesNotMatch(EnglishWords(), line));
    }

    /// <summary>The list and the prompt have the titles of that language.</summary>
    [Fact]
    public void Every_lab_has_its_title_in_every_language()
    {
        foreach (var language in Languages.All.Where(static language => language.IsComplete && language.Tag != "en"))
        {
            var lines = Command.Run("lab", "list", "--lang", language.Tag).Output.TrimEnd().Split('\n');
            Assert.Equal(LabCatalog.Names.Count, lines.Length);
            Assert.All(LabCatalog.List().Zip(lines), static pair => Assert.NotEqual(pair.First.Lab.Title, pair.Second[(pair.Second.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim()));
            Assert.All(lines, static line => Assert.DoesNotMatch(EnglishWords(), line));
        }
    }

    private static (string Line, int ExitCode)[] Commands(string page) =>
    [
        .. ShellBlock().Matches(page).SelectMany(block => block.Groups["lines"].Value.Split('\n')).Where(line => line.StartsWith("firstbyte ", StringComparison.Ordinal)).Select(static line =>
        {
            var parts = line.Split(" #");
            return (parts[0].Trim(), parts.Length > 1 && ExitCode().Match(parts[1]) is { Success: true } match ? int.Parse(match.Groups["code"].Value) : 0);
        }),
    ];

    private static int PointsOf(string page) => page.Split('\n').Count(static line => line.StartsWith("- ", StringComparison.Ordinal));

    private static string[] SpecificationsIn(string page) => [.. Specification().Matches(page.Replace('\n', ' ')).Select(static match => match.Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("(exit|退出码) (?<code>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExitCode();

    [GeneratedRegex("RFC [0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Specification();

    [GeneratedRegex("`[^`]*`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    // Three words in a row: names of the field and of a lab's machines have fewer.
    [GeneratedRegex(@"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnglishWords();
}
