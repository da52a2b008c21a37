namespace Firstbyte.Cli.Drawing;

/// <summary>Breaks text into lines: at spaces, and between any two wide characters, as Chinese is broken; never before closing punctuation.</summary>
internal static class Wrapping
{
    // Kinsoku (JIS X 4051, GB/T 15834): these never begin a line.
    private const string NeverFirst = "，。；：！？、）】》”’…";

    // And these never end one.
    private const string NeverLast = "（【《“‘";

    public static IEnumerable<string> Lines(string text, int columns)
    {
        var rest = text;
        while (DisplayWidth.Of(rest) > columns)
        {
            var cut = Break(rest, DisplayWidth.Fit(rest, columns));
            yield return rest[..cut].TrimEnd();
            rest = rest[cut..].TrimStart();
        }
        yield return rest;
    }

    // The last place to break at or before the limit; the limit itself where there is none.
    private static int Break(string text, int limit)
    {
        for (var i = limit; i > 0; i--)
        {
            if (i < text.Length && text[i] == ' ') { return i; }
            if (i < text.Length && (IsWide(text[i]) || IsWide(text[i - 1]))
                && !NeverFirst.Contains(text[i], StringComparison.Ordinal) && !NeverLast.Contains(text[i - 1], StringComparison.Ordinal))
            {
                return i;
            }
        }
        return Math.Max(1, limit);
    }

    private static bool IsWide(char c) => !char.IsSurrogate(c) && WideCharacters.Contains(c);
}
