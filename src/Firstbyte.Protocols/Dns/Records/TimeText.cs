using System.Globalization;

namespace Firstbyte.Dns.Records;

/// <summary>Times as zone files write them.</summary>
internal static class TimeText
{
    private const string SignatureFormat = "yyyyMMddHHmmss";

    /// <summary>Reads "1h30m" or a number of seconds; null when it is neither or greater than 32 bits.</summary>
    public static uint? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || !char.IsAsciiDigit(text[0])) { return null; }
        ulong total = 0, number = 0;
        var pending = false;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = number * 10 + (ulong)(c - '0');
                pending = true;
            }
            else
            {
                ulong unit = char.ToLowerInvariant(c) switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
                if (unit == 0 || !pending) { return null; }
                total += number * unit;
                (number, pending) = (0, false);
            }
            if (number > uint.MaxValue || total > uint.MaxValue) { return null; }
        }
        total += number;
        return total > uint.MaxValue ? null : (uint)total;
    }

    /// <summary>Reads YYYYMMDDHHmmSS, or seconds since 1970 in at most 10 digits (RFC 4034 section 3.2).</summary>
    public static uint? ParseSignatureTime(ReadOnlySpan<char> text)
    {
        if (text.Length <= 10)
        {
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
        }
        if (!DateTimeOffset.TryParseExact(text, SignatureFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) { return null; }
        return time.ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue and var since ? (uint)since : null;
    }

    /// <summary>Writes YYYYMMDDHHmmSS.</summary>
    public static string FormatSignatureTime(uint seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString(SignatureFormat, CultureInfo.InvariantCulture);
}
