using System.Text;

namespace Firstbyte.Cli.Prompting;

/// <summary>The words of a line as shells read them: blanks part them, quotes of both kinds hold them together, and are none of the word.</summary>
internal static class TypedWords
{
    /// <summary>Splits a line; a quote that is not closed holds all that follows, as it does while a line is still typed.</summary>
    /// <param name="line">The line.</param>
    /// <param name="openQuote">The quote that is not closed; none where all are.</param>
    public static string[] Split(string line, out char? openQuote)
    {
        ArgumentNullException.ThrowIfNull(line);
        openQuote = null;
        var words = new List<string>();
        StringBuilder? word = null;
        foreach (var c in line)
        {
            if (openQuote is { } quote)
            {
                if (c == quote) { openQuote = null; }
                else { word!.Append(c); }
            }
            else if (c is '"' or '\'')
            {
                openQuote = c;
                word ??= new StringBuilder();
            }
            else if (!char.IsWhiteSpace(c)) { (word ??= new StringBuilder()).Append(c); }
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
        if (word is not null) { words.Add(word.ToString()); }
        return [.. words];
    }
}
