using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Labs;

namespace Firstbyte.Tests.Telling;

/// <summary>The glossary and the program have one word for one thing.</summary>
public partial class GlossaryTests
{
    private const char Mark = '†';

    private static readonly string s_root = RepositoryRoot.Require();

    private static string[] Lines => File.ReadAllLines(Path.Combine(s_root, "docs", "glossary.md"));

    /// <summary>Each pair of words is said by the program in both languages, or bears the mark of those that it never says.</summary>
    [Fact]
    public void Every_pair_of_words_is_used_or_marked()
    {
        var (english, chinese) = (Said("English", "en"), Said("Chinese", "zh"));
        var pairs = Pairs().ToArray();
        Assert.True(pairs.Length > 100, $"only {pairs.Length} pairs were found");
        var faults = new List<string>();
        foreach (var (left, right) in pairs)
        {
            var isUsed = english.Contains(left.Trim(Mark), StringComparison.OrdinalIgnoreCase) && chinese.Contains(right.Trim(Mark), StringComparison.Ordinal);
            if (left.EndsWith(Mark) != right.EndsWith(Mark)) { faults.Add($"{left} and {right}: one of them is marked"); }
            else if (isUsed && left.EndsWith(Mark)) { faults.Add($"{left}, {right}: is used, and marked as if it were not"); }
            else if (!isUsed && !left.EndsWith(Mark)) { faults.Add($"{left}, {right}: is not used"); }
        }
        Assert.Empty(faults);
    }

    /// <summary>What the glossary says not to say stands in none of the program's sentences, nor in a page in Chinese.</summary>
    [Fact]
    public void No_word_is_used_for_which_there_is_another()
    {
        var words = Lines.SkipWhile(static line => line != "| not | but |").Skip(2).SelectMany(static line => line.Split('|')[1].Trim().Split('、')).ToArray();
        Assert.True(words.Length > 10);
        var walk = File.ReadAllText(Path.Combine(s_root, "docs", "walk.zh.md"));
        Assert.All(words, word => Assert.DoesNotContain(word, Said("Chinese", "zh") + walk, StringComparison.Ordinal));
    }

    private static IEnumerable<(string English, string Chinese)> Pairs()
    {
        foreach (var line in Lines.SkipWhile(static line => !line.StartsWith("| English |", StringComparison.Ordinal)).Skip(2).TakeWhile(static line => line.StartsWith('|')))
        {
            var cells = line.Split('|');
            var (english, chinese) = (Words(cells[1], ','), Words(cells[2], '，'));
            Assert.True(english.Length == chinese.Length, line);
            foreach (var pair in english.Zip(chinese)) { yield return pair; }
        }
    }

    private static string[] Words(string cell, char separator) => Aside().Replace(cell, "").Split(separator, StringSplitOptions.TrimEntries);

    // Sentences of the program, and its labs' pages and titles in that language.
    private static string Said(string language, string tag)
    {
        var text = new StringBuilder();
        foreach (var file in Directory.GetFiles(Path.Combine(s_root, "src", "Firstbyte.Telling", "Sentences", language), "*.cs"))
        {
            foreach (Match literal in Literal().Matches(Comment().Replace(File.ReadAllText(file), ""))) { text.AppendLine(literal.Value); }
        }
        foreach (var (name, lab) in LabCatalog.List()) { text.AppendLine(lab.TitleIn(tag)).AppendLine(LabCatalog.ReadPage(name, tag)); }
        return text.ToString();
    }

    [GeneratedRegex(@"\([^)]*\)|（[^）]*）", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Aside();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\\n])*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Literal();

    [GeneratedRegex("^ *//.*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
