using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Firstbyte.Cli.Drawing;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling;

namespace Firstbyte.Tests.Telling;

/// <summary>What every command prints, in every complete language, word for word.</summary>
/// <remarks>
/// <c>Transcripts/commands.tsv</c> names each transcript with its command line and what is typed into it; the approved ones lie beside it in a
/// folder for each language. To accept a change, move the .received file over the approved one. With FIRSTBYTE_PUBLISHED=FILE the command that was
/// published there has to print the same: the ahead-of-time compiler cuts the framework's texts, and what it cuts must not be ours.
/// </remarks>
public partial class TranscriptTests
{
    private static readonly string s_folder = Path.Combine(RepositoryRoot.Require(), "tests", "Cli.Tests", "Transcripts");

    // How lines begin that somebody types.
    private static readonly string[] s_typed = ["$ ", "firstbyte ", "  firstbyte ", "  ip tuntap ", "  echo "];

    // What is not complete says much in English, and is tested by its own sentences.
    private static readonly string[] s_tags = [.. Languages.All.Where(static language => language.IsComplete).Select(static language => language.Tag)];

    public static TheoryData<string> Tags => [.. s_tags];

    public static TheoryData<string, string> Transcripts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Commands().Keys)
            {
                foreach (var tag in s_tags) { data.Add(tag, name); }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void A_command_prints_what_was_approved(string language, string name)
    {
        var (line, input) = Commands()[name];
        var (words, environment) = (CommandLineParser.SplitCommandLine(line).ToArray(), new Dictionary<string, string> { ["LC_ALL"] = language });
        var run = Command.Published is null ? Command.RunWith(input, environment, words) : Command.Start(input ?? "", environment, words);
        var transcript = WithoutLists($"$ firstbyte {line}\n{run.Output}{(run.Errors.Length > 0 ? "standard error:\n" + run.Errors : "")}exit {run.ExitCode}\n");
        var approved = Path.Combine(s_folder, language, name + ".txt");
        var received = Path.Combine(s_folder, language, name + ".received.txt");
        if (File.Exists(approved) && File.ReadAllText(approved) == transcript)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, transcript);
        Assert.Fail($"the transcript has changed: compare {received} with {approved}, and move it over when the change is meant\n{transcript}");
    }

    [Fact]
    public void No_transcript_is_left_over()
    {
        var names = Commands().Keys.ToHashSet();
        Assert.All(s_tags, language => Assert.Equal(names.Order(), Directory.GetFiles(Path.Combine(s_folder, language), "*.txt")
            .Select(file => Path.GetFileNameWithoutExtension(file)).Where(static name => !name.EndsWith(".received", StringComparison.Ordinal)).Order()));
    }

    /// <summary>A time at the right edge ends in the last column, whatever widths the characters before it have.</summary>
    [Theory]
    [MemberData(nameof(Tags))]
    public void Times_end_in_the_last_column(string language)
    {
        var lines = Approved(language).SelectMany(static text => text.Split('\n')).Where(static line => TimeAtTheEdge().IsMatch(line)).ToArray();
        Assert.True(lines.Length > 100, $"only {lines.Length} lines have a time at the edge");
        Assert.All(lines, line => Assert.True(DisplayWidth.Of(line) == Page.PipeWidth, line));
    }

    /// <summary>The columns of a tree begin below each other, three columns further in for each level.</summary>
    [Theory]
    [MemberData(nameof(Tags))]
    public void Addresses_of_a_tree_stand_below_each_other(string language)
    {
        var trees = 0;
        foreach (var text in Approved(language))
        {
            foreach (var tree in Tree().Matches(text).Select(static match => match.Value.TrimEnd('\n').Split('\n')))
            {
                var columns = tree.Where(static line => Address().IsMatch(line)).Select(static line => DisplayWidth.Of(line.AsSpan(0, Address().Match(line).Index)) - (3 * line.Count(static c => c == '│'))).Distinct().ToArray();
                Assert.True(columns.Length == 1, string.Join('\n', tree));
                trees++;
            }
        }
        Assert.True(trees > 10, $"only {trees} trees were found");
    }

    /// <summary>In Chinese no line of standard output reads as an English sentence, but for what was typed.</summary>
    [Fact]
    public void Chinese_transcripts_are_chinese()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(s_folder, "zh"), "*.txt").Where(static file => !file.EndsWith(".received.txt", StringComparison.Ordinal)))
        {
            var lines = Page_of_the_server().Replace(File.ReadAllText(file), "").Split("standard error:\n")[0].Split('\n')
                // What is typed: the command line itself, examples, and code in a page.
                .Where(static line => !Array.Exists(s_typed, start => line.StartsWith(start, StringComparison.Ordinal)) && !line.Contains("s> ", StringComparison.Ordinal))
                .Select(static line => Code().Replace(line, ""));
            // What an FTP server replies is the server's own.
            lines = lines.Where(static line => !FtpReply().IsMatch(line));
            // So are bytes on the wire, with what they are as text beside them.
            lines = lines.Where(static line => !HexRow().IsMatch(line));
            Assert.All(lines, line => Assert.False(EnglishSentence().IsMatch(line), $"{Path.GetFileName(file)}: {line}"));
        }
    }

    // Lists of everything that a registry holds are checked against it here, word for word, and stand in the transcript as what they are: one
    // word more in a registry is not a change of every transcript. A list that is not complete stays as it is, and is a change.
    private static string WithoutLists(string transcript)
    {
        foreach (var (name, words) in s_lists)
        {
            const string Comma = @"(,\s+|、\s*)";
            var (but, last) = (string.Join(Comma, words.SkipLast(1).Select(Regex.Escape)), Regex.Escape(words[^1]));
            // The end of the list is the last word behind an "or", or one that no other follows.
            var list = $@"(?<![,、]\s*)(\s+|\b){but}(\s+(or|或)\s+{last}\b|{Comma}{last}\b(?![,、]|\s+(or|或)\s))";
            transcript = Regex.Replace(transcript, list, $" {{{name}}}", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        return transcript;
    }

    private static readonly (string Name, string[] Words)[] s_lists =
    [
        ("faults-of-labs", [.. FaultRegistry.Standard.All.Select(static kind => kind.Word)]),
        ("languages", [.. Languages.All.Select(static language => language.Tag)]),
        ("faults-of-random-worlds", [.. FaultRegistry.Standard.Random.Select(static kind => kind.Name)]),
    ];

    private static IEnumerable<string> Approved(string language) =>
        Directory.GetFiles(Path.Combine(s_folder, language), "*.txt").Where(static file => !file.EndsWith(".received.txt", StringComparison.Ordinal)).Order().Select(File.ReadAllText);

    private static Dictionary<string, (string Line, string? Input)> Commands() => File.ReadAllLines(Path.Combine(s_folder, "commands.tsv")).Where(static line => line.Length > 0)
        .Select(static line => line.Split('\t')).ToDictionary(static cells => cells[0], static cells => (cells.ElementAtOrDefault(1) ?? "", cells.ElementAtOrDefault(2)?.Replace("\\n", "\n", StringComparison.Ordinal)));

    [GeneratedRegex(@"^(\S{2,9} {1,}| {10})\S.* {2,}[\d,.]+ (ms|µs)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex TimeAtTheEdge();

    [GeneratedRegex(@"(^ {10}(│  )*[├└╰]─.*\n)+", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Tree();

    [GeneratedRegex(@"\b\d+\.\d+\.\d+\.\d+\b|\b[0-9a-f]{1,4}(:[0-9a-f]{0,4}){3,7}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex("`[^`]*`|firstbyte [ -~]+", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(@"^ +[0-9a-f]{4}  ([0-9a-f]{2} +){8}", RegexOptions.ExplicitCapture)]
    private static partial Regex HexRow();

    [GeneratedRegex(@"^接收      [1-5]\d\d ", RegexOptions.CultureInvariant)]
    private static partial Regex FtpReply();

    [GeneratedRegex(@"<!DOCTYPE[\s\S]*?</html>|\nPath: [\s\S]*?(?=\n\n接收)|Line +\d+ of \d+: .*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Page_of_the_server();

    // Four words in a row: what is typed, and names of the field, have fewer.
    [GeneratedRegex(@"\b[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex EnglishSentence();
}
