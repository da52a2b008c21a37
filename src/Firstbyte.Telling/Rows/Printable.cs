using System.Globalization;
using System.Text;

namespace Firstbyte.Telling.Rows;

/// <summary>Makes text from the network safe to show: nothing that moves a cursor, changes colours or reverses the reading order gets through.</summary>
public static class Printable
{
    /// <summary>The text with every control, format and unpaired surrogate character written as an escape (\x1b, \u202e, \U000e0001).</summary>
    public static string Text(string text, bool keepLines = false)
    {
        var first = 0;
        while (first < text.Length && text[first] is >= ' ' and < '\x7f') { first++; }
        if (first == text.Length) { return text; }

        var safe = new StringBuilder(text.Length + 16);
        safe.Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                var rune = new Rune(c, text[++i]);
                if (IsSafe(Rune.GetUnicodeCategory(rune))) { safe.Append(c).Append(text[i]); }
                else { safe.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture)); }
            }
            else if (c is '\n' or '\t' ? keepLines : IsSafe(char.GetUnicodeCategory(c))) { safe.Append(c); }
            else if (c < 0x100) { safe.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)); }
            else { safe.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)); }
        }
        return safe.ToString();
    }

    private static bool IsSafe(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
