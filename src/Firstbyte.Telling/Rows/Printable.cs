using System.Buffers;
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
            else if (keepLines && c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') { safe.Append(c); }
            else if (c is '\n' or '\t' ? keepLines : IsSafe(char.GetUnicodeCategory(c))) { safe.Append(c); }
            else if (c < 0x100) { safe.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)); }
            else { safe.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)); }
        }
        return safe.ToString();
    }

    /// <summary>The longest text that <see cref="Brief"/> leaves whole, in UTF-16 units: no reason phrase in use is half as long.</summary>
    public const int BriefLength = 80;

    /// <summary>The text where commentary quotes a server: cut, with a sign, behind <see cref="BriefLength"/>. Results are never cut.</summary>
    public static string Brief(string text) =>
        text.Length <= BriefLength ? text : string.Concat(text.AsSpan(0, BriefLength - (char.IsHighSurrogate(text[BriefLength - 1]) ? 1 : 0)), "…");

    /// <summary>
    /// JSON of the same meaning, as UTF-8, in which the format characters that JSON lets stand (which may reverse the reading order of a terminal, or hide) are
    /// escapes of JSON's own. Controls have been escaped by who wrote it.
    /// </summary>
    /// <param name="json">Well-formed JSON: such characters stand within its strings alone.</param>
    public static ReadOnlyMemory<byte> Json(ReadOnlyMemory<byte> json)
    {
        if (Ascii.IsValid(json.Span)) { return json; }
        ArrayBufferWriter<byte>? safe = null;
        var whole = 0;
        for (var at = 0; at < json.Length;)
        {
            Rune.DecodeFromUtf8(json.Span[at..], out var rune, out var length);
            if (IsFormat(rune))
            {
                safe ??= new ArrayBufferWriter<byte>(json.Length + 16);
                safe.Write(json.Span[whole..at]);
                foreach (var unit in rune.ToString()) { safe.Write(Encoding.ASCII.GetBytes($"\\u{(int)unit:x4}")); }
                whole = at + length;
            }
            at += length;
        }
        safe?.Write(json.Span[whole..]);
        return safe?.WrittenMemory ?? json;
    }

    private static bool IsFormat(Rune rune) => rune.Value > 0x7f && Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    private static bool IsSafe(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
