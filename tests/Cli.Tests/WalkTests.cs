using System.CommandLine.Parsing;
using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Telling;

namespace Firstbyte.Tests;

/// <summary>The walk through the chapter: every line that a page says to type is run, and prints what the page shows.</summary>
public partial class WalkTests
{
    // Every complete language has its page.
    private static readonly (string Tag, string Page)[] s_pages =
        [.. Languages.All.Where(static language => language.IsComplete).Select(static language => (language.Tag, language == Languages.All[0] ? "walk.md" : $"walk.{language.Tag}.md"))];

    public static TheoryData<string, string, string, string> Steps
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var (tag, page) in s_pages)
            {
                foreach (var step in StepsOf(page)) { data.Add(tag, step.Line, step.Input, string.Join('\n', step.Shown)); }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_line_of_the_walk_prints_what_the_page_shows(string language, string line, string input, string shown)
    {
        var run = Command.RunWith(input, new Dictionary<string, string> { ["LC_ALL"] = language, ["COLUMNS"] = "100" }, [.. CommandLineParser.SplitCommandLine(line).Skip(1)]);
        Assert.Empty(run.Errors);
        Assert.True(run.ExitCode == 0 || Failure().IsMatch(shown), $"{line}: exit {run.ExitCode}");
        Assert.Null(Difference(shown.Split('\n'), Lines(run.Output)));
    }

    [Fact]
    public void All_pages_walk_the_same_way()
    {
        Assert.All(s_pages, static page =>
        {
            Assert.Equal(StepsOf("walk.md").Select(static step => (step.Line, step.Input)), StepsOf(page.Page).Select(static step => (step.Line, step.Input)));
            Assert.Equal(Outline("walk.md"), Outline(page.Page));
            Assert.Equal(Paragraphs("walk.md"), Paragraphs(page.Page));
        });
        Assert.True(StepsOf("walk.md").Count > 30);
    }

    /// <summary>Each heading of the chapter, below which there are paragraphs, with the number of them; and the four that only hold others.</summary>
    [Fact]
    public void Every_paragraph_of_the_chapter_is_found()
    {
        // In the chapter's order.
        int[] paragraphs = [3, 3, 2, 4, 6, 6, 6, 9, 4, 8, 9, 3, 9, 5, 6, 8, 5];
        Assert.Equal(paragraphs, Paragraphs("walk.md"));
    }

    [Fact]
    public void A_page_that_shows_something_else_is_found_out()
    {
        string[] output = ["one", "two", "three", "four"];
        Assert.Null(Difference(["one", "…", "three", "four"], output));
        Assert.Null(Difference(["…", "two", "…"], output));
        Assert.NotNull(Difference(["two", "…"], output));
        Assert.NotNull(Difference(["one", "three", "…"], output));
        Assert.NotNull(Difference(["one", "…", "three"], output));
        Assert.NotNull(Difference(["…", "three", "…", "two", "…"], output));
    }

    // Lines that are shown stand one below the other in the output, but where "…" stands for any that are left out.
    private static string? Difference(string[] shown, string[] output)
    {
        var at = 0;
        var skips = false;
        foreach (var line in shown)
        {
            if (line == "…")
            {
                skips = true;
                continue;
            }
            var found = skips ? Array.IndexOf(output, line, at) : at < output.Length && output[at] == line ? at : -1;
            if (found < 0) { return $"the page shows\n{line}\nwhere the command prints\n{string.Join('\n', output[at..])}"; }
            (at, skips) = (found + 1, false);
        }
        return skips || at == output.Length ? null : $"the page ends before\n{string.Join('\n', output[at..])}";
    }

    private static string[] Lines(string output) => [.. output.TrimEnd().Split('\n').Select(static line => line.TrimEnd())];

    private static List<Step> StepsOf(string page)
    {
        var steps = new List<Step>();
        foreach (Match block in ConsoleBlock().Matches(Read(page)))
        {
            List<string>? shown = null;
            foreach (var line in block.Groups["lines"].Value.TrimEnd('\n').Split('\n'))
            {
                const string here = " <<'END'", typed = "> ";
                if (line.StartsWith("$ ", StringComparison.Ordinal))
                {
                    steps.Add(new Step(line[2..].Replace(here, "", StringComparison.Ordinal), "", shown = []));
                }
                else if (line.StartsWith(typed, StringComparison.Ordinal))
                {
                    if (line != "> END") { steps[^1] = steps[^1] with { Input = steps[^1].Input + line[typed.Length..] + "\n" }; }
                }
                else { shown!.Add(line); }
            }
        }
        return steps;
    }

    // How deep each heading stands.
    private static int[] Outline(string page) => [.. Heading().Matches(Fences().Replace(Read(page), "")).Select(static heading => heading.Groups["depth"].Length)];

    // The highest paragraph that each section names, where it names all before it.
    private static int[] Paragraphs(string page)
    {
        var counts = new List<int>();
        foreach (var section in Regex.Split(Fences().Replace(Read(page), ""), "^#+ .*$", RegexOptions.Multiline, TimeSpan.FromSeconds(5)))
        {
            var named = new SortedSet<int>();
            foreach (Match run in ParagraphNumbers().Matches(section))
            {
                var first = int.Parse(run.Groups["first"].Value, System.Globalization.CultureInfo.InvariantCulture);
                var last = run.Groups["last"].Success ? int.Parse(run.Groups["last"].Value, System.Globalization.CultureInfo.InvariantCulture) : first;
                for (var i = first; i <= last; i++) { named.Add(i); }
            }
            // The page's beginning explains the sign itself.
            if (named.Count == 0 || !named.Contains(1)) { continue; }
            Assert.Equal(Enumerable.Range(1, named.Max), named);
            counts.Add(named.Max);
        }
        return [.. counts];
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", page), Encoding.UTF8);

    [GeneratedRegex("^```console\n(?<lines>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConsoleBlock();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fences();

    [GeneratedRegex("^(?<depth>#+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("¶(?<first>[0-9]+)( – ¶(?<last>[0-9]+)|～¶(?<last>[0-9]+))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParagraphNumbers();

    // What a page shows of a line that ends with another exit code than 0.
    [GeneratedRegex("^(✗|NODATA|NXDOMAIN)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failure();

    private sealed record Step(string Line, string Input, List<string> Shown);
}
