using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Drawing;

/// <summary>Draws a page of ours that is written in Markdown (CommonMark): headings, paragraphs and lists in the width of the screen, code as it is.</summary>
/// <remarks>What our pages are written with, and no more: anything else stands there as it was written. Nothing is ever cut.</remarks>
internal sealed partial class MarkdownPage(Page page)
{
    private const string Fence = "```", Item = "- ", Indent = "  ";

    // The paragraph or item whose lines are being gathered.
    private readonly StringBuilder _text = new();
    private bool _isItem;
    private bool _isCode;

    /// <summary>Draws the page.</summary>
    public void Draw(string markdown)
    {
        foreach (var line in markdown.TrimEnd().Split('\n')) { Take(line.TrimEnd('\r')); }
        EndText();
    }

    private void Take(string line)
    {
        if (line.StartsWith(Fence, StringComparison.Ordinal))
        {
            EndText();
            _isCode = !_isCode;
            return;
        }
        if (_isCode)
        {
            // It is copied, so a line of it stays a line.
            page.Raw(Indent + line);
            return;
        }
        if (line.Length == 0)
        {
            EndText();
            page.Gap();
            return;
        }
        if (line[0] == '#')
        {
            EndText();
            foreach (var part in Wrapping.Lines(Plain(line.TrimStart('#').Trim()), page.Width)) { page.Line(part, Role.Strong); }
            return;
        }
        if (line.StartsWith(Item, StringComparison.Ordinal))
        {
            EndText();
            _isItem = true;
            line = line[Item.Length..];
        }
        Add(line.Trim());
    }

    // Lines of one paragraph join with a space, but not between two wide characters: Chinese has none there.
    private void Add(string line)
    {
        if (_text.Length > 0 && !(WideCharacters.Contains(_text[^1]) && WideCharacters.Contains(line[0]))) { _text.Append(' '); }
        _text.Append(line);
    }

    private void EndText()
    {
        if (_text.Length == 0) { return; }
        var (first, other) = _isItem ? (Indent + "· ", Indent + Indent) : ("", "");
        var start = first;
        foreach (var line in Wrapping.Lines(Plain(_text.ToString()), Math.Max(Page.LeastRoom, page.Width - other.Length)))
        {
            page.Raw(start + line);
            start = other;
        }
        _text.Clear();
        _isItem = false;
    }

    // Emphasis and links are another medium's; the words are the same without their marks. What is code keeps its own marks.
    private static string Plain(string text)
    {
        text = Link().Replace(text, "${text}");
        var plain = new StringBuilder(text.Length);
        var isCode = false;
        for (var i = 0; i < text.Length; i++)
        {
            isCode ^= text[i] == '`';
            if (!isCode && text[i] == '*' && i + 1 < text.Length && text[i + 1] == '*')
            {
                i++;
                continue;
            }
            plain.Append(text[i]);
        }
        return plain.ToString();
    }

    [GeneratedRegex(@"\[(?<text>[^\]`]+)\]\([^)]+\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
