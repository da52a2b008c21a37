using System.Text;

namespace Firstbyte.Web.Viewing;

/// <summary>What a piece of a lab's page is.</summary>
public enum BlockKind
{
    /// <summary>A heading.</summary>
    Heading,

    /// <summary>Words.</summary>
    Paragraph,

    /// <summary>A point of a list.</summary>
    Point,

    /// <summary>Lines to type.</summary>
    Code,
}

/// <summary>A piece of a lab's page.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its words; lines of code with their line ends.</param>
public sealed record PageBlock(BlockKind Kind, string Text);

/// <summary>A run of words in a block.</summary>
/// <param name="Text">The words.</param>
/// <param name="IsCode">Something to type, or a name.</param>
/// <param name="IsStrong">What the sentence is about.</param>
public sealed record PageRun(string Text, bool IsCode, bool IsStrong);

/// <summary>Reads a page of ours that is written in Markdown (CommonMark), as far as our pages use it; anything else stands there as it was written.</summary>
public static class PageText
{
    // What stands in such a comment below a paragraph or a point is said in the page in its place: a page has buttons, and no command line.
    private const string Fence = "```", Item = "- ", Instead = "<!-- page:", InsteadEnd = "-->";

    /// <summary>The pieces of a page.</summary>
    public static IReadOnlyList<PageBlock> Read(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var blocks = new List<PageBlock>();
        var (text, kind, isCode, isInstead) = (new StringBuilder(), BlockKind.Paragraph, false, false);
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                End();
                (isCode, kind) = (!isCode, isCode ? BlockKind.Paragraph : BlockKind.Code);
            }
            else if (isCode) { text.Append(line).Append('\n'); }
            else if (isInstead || line.TrimStart().StartsWith(Instead, StringComparison.Ordinal))
            {
                if (!isInstead) { text.Clear(); }
                var said = line.Trim();
                isInstead = !said.EndsWith(InsteadEnd, StringComparison.Ordinal);
                Append(said.Replace(Instead, "", StringComparison.Ordinal).Replace(InsteadEnd, "", StringComparison.Ordinal).Trim());
            }
            else if (line.Length == 0) { End(); }
            else if (line[0] == '#')
            {
                End();
                blocks.Add(new PageBlock(BlockKind.Heading, line.TrimStart('#').Trim()));
            }
            else
            {
                var isItem = line.StartsWith(Item, StringComparison.Ordinal);
                if (isItem)
                {
                    End();
                    kind = BlockKind.Point;
                }
                var words = (isItem ? line[Item.Length..] : line).Trim();
                Append(words);
            }
        }
        End();
        return blocks;

        // Lines of one paragraph join with a space, but not between two characters of Chinese.
        void Append(string words)
        {
            if (words.Length == 0) { return; }
            if (text.Length > 0 && (text[^1] < '\u2E80' || words[0] < '\u2E80')) { text.Append(' '); }
            text.Append(words);
        }

        void End()
        {
            if (text.Length > 0) { blocks.Add(new PageBlock(kind, text.ToString())); }
            text.Clear();
            kind = BlockKind.Paragraph;
        }
    }

    /// <summary>The runs of a block: code, emphasis, and of a link its words.</summary>
    public static IEnumerable<PageRun> Runs(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (begins, isStrong) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '`' && text.IndexOf('`', i + 1) is > 0 and var closes)
            {
                if (i > begins) { yield return new PageRun(text[begins..i], false, isStrong); }
                yield return new PageRun(text[(i + 1)..closes], true, isStrong);
                (i, begins) = (closes, closes + 1);
            }
            else if (text.AsSpan(i).StartsWith("**"))
            {
                if (i > begins) { yield return new PageRun(text[begins..i], false, isStrong); }
                isStrong = !isStrong;
                i++;
                begins = i + 1;
            }
            else if (text[i] == '[' && text.IndexOf("](", i, StringComparison.Ordinal) is > 0 and var ends && text.IndexOf(')', ends) is > 0 and var target)
            {
                if (i > begins) { yield return new PageRun(text[begins..i], false, isStrong); }
                yield return new PageRun(text[(i + 1)..ends], false, isStrong);
                (i, begins) = (target, target + 1);
            }
        }
        if (begins < text.Length) { yield return new PageRun(text[begins..], false, isStrong); }
    }
}
