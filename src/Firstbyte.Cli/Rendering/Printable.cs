using System.Globalization;
using System.Text;

namespace Firstbyte.Cli.Rendering;

/// <summary>Makes text from the network safe for a terminal: nothing that moves the cursor, changes colours or reverses the reading order gets through.</summary>
internal static class Printable
{
    /// <summary>The text with every control, format and surrogate character written as an escape (\x1b, \u202e).</summary>
    public static string Text(string text, bool keepLines = false)
    {
        var first = 0;
        while (first < text.Length && IsSafe(text[first], keepLines)) { first++; }
        if (first == text.Length) { return text; }

        var safe = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(c).Append(text[++i]);
            }
            else if (IsSafe(c, keepLines)) { safe.Append(c); }
            else if (c < 0x100) { safe.Append("\\x").Append(((int)c).ToString("x2")); }
            else { safe.Append("\\u").Append(((int)c).ToString("x4")); }
        }
        return safe.ToString();
    }

    private static bool IsSafe(char c, bool keepLines)
    {
        if (c is >= ' ' and < '\x7f') { return true; }
        if (c is '\n' or '\t') { return keepLines; }
        return char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
    }
}
