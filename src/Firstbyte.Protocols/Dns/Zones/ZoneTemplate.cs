using System.Globalization;
using System.Text;

namespace Firstbyte.Dns.Zones;

/// <summary>The words of a $GENERATE directive (BIND's Administrator Reference Manual, section "$GENERATE"), and of owners beyond ASCII.</summary>
internal static class ZoneTemplate
{
    /// <summary>A number has at most as many digits or nibbles as a label has bytes.</summary>
    private const int MaxWidth = 63;

    /// <summary>Reads "start-stop" or "start-stop/step".</summary>
    public static bool TryParseRange(string text, out uint start, out uint stop, out uint step)
    {
        (start, stop, step) = (0, 0, 1);
        var (dash, slash) = (text.IndexOf('-', StringComparison.Ordinal), text.IndexOf('/', StringComparison.Ordinal));
        var end = slash < 0 ? text.Length : slash;
        return dash > 0 && dash < end && TryParse(text.AsSpan(0, dash), out start) && TryParse(text.AsSpan(dash + 1, end - dash - 1), out stop)
            && (slash < 0 || TryParse(text.AsSpan(slash + 1), out step)) && start <= stop && step > 0;
    }

    /// <summary>Puts a number in for every "$" or "${offset,width,base}"; "$$" is a "$", and so is "\\$". Null when braces hold something else.</summary>
    public static string? Fill(string template, long number)
    {
        if (!template.Contains('$', StringComparison.Ordinal)) { return template; }
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '\\' && i + 1 < template.Length)
            {
                text.Append(template, i++, 2);
                continue;
            }
            if (template[i] != '$') { text.Append(template[i]); continue; }
            if (i + 1 < template.Length && template[i + 1] == '$') { text.Append(template[i++]); continue; }
            if (i + 1 == template.Length || template[i + 1] != '{') { text.Append(number); continue; }
            var close = template.IndexOf('}', i);
            if (close < 0 || Format(template[(i + 2)..close], number) is not { } formatted) { return null; }
            text.Append(formatted);
            i = close;
        }
        return text.ToString();
    }

    /// <summary>Writes each character beyond ASCII as the escapes of its UTF-8 bytes.</summary>
    public static string EscapeBeyondAscii(string text)
    {
        var escaped = new StringBuilder();
        Span<byte> utf8 = stackalloc byte[4];
        var isEscaped = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                escaped.Append((char)rune.Value);
                isEscaped = rune.Value == '\\' && !isEscaped;
                continue;
            }
            // "\\é" is "é": the backslash would escape the one that follows.
            if (isEscaped) { escaped.Length--; }
            isEscaped = false;
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)]) { escaped.Append(CultureInfo.InvariantCulture, $"\\{value:000}"); }
        }
        return escaped.ToString();
    }

    private static bool TryParse(ReadOnlySpan<char> text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue;

    private static string? Format(string modifier, long number)
    {
        var parts = modifier.Split(',');
        var width = 0;
        if (parts.Length > 3 || !int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset)
            || parts.Length > 1 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out width) || width > MaxWidth)) { return null; }
        var value = number + offset;
        if (value < 0) { return null; }
        return (parts.Length > 2 ? parts[2] : "d") switch
        {
            "d" => value.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'),
            "o" => Convert.ToString(value, 8).PadLeft(width, '0'),
            "x" => value.ToString("x", CultureInfo.InvariantCulture).PadLeft(width, '0'),
            "X" => value.ToString("X", CultureInfo.InvariantCulture).PadLeft(width, '0'),
            "n" => Nibbles(value.ToString("x", CultureInfo.InvariantCulture), width),
            "N" => Nibbles(value.ToString("X", CultureInfo.InvariantCulture), width),
            _ => null,
        };
    }

    /// <summary>The digits from the last to the first with dots between; the width counts the dots.</summary>
    private static string Nibbles(string digits, int width) => string.Join('.', digits.PadLeft((width + 1) / 2, '0').Reverse());
}
