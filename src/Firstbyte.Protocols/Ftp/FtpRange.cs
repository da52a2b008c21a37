using System.Globalization;

namespace Firstbyte.Ftp;

/// <summary>
/// A part of a file: from a byte on, to a byte or to the end; or the last bytes of it. As <c>first-last</c>, <c>first-</c> and <c>-count</c>.
/// </summary>
/// <param name="First">The first byte, from 0 on; null for the last bytes.</param>
/// <param name="Last">The last byte, or how many of the last ones; null for all to the end.</param>
public readonly record struct FtpRange(long? First, long? Last)
{
    /// <summary>Reads one range; null for several, and for what is none: the whole file is meant then, as over HTTP (RFC 9110 14.2).</summary>
    public static FtpRange? TryRead(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t");
        var hyphen = text.IndexOf('-');
        if (hyphen < 0) { return null; }
        if (!TryReadNumber(text[..hyphen], out var first) || !TryReadNumber(text[(hyphen + 1)..], out var last)) { return null; }
        return (first is null && last is null) || last < first ? null : new FtpRange(first, last);
    }

    // Null where there are no digits; more of them than fit are larger than every file.
    private static bool TryReadNumber(ReadOnlySpan<char> digits, out long? number)
    {
        number = null;
        if (digits.Length == 0) { return true; }
        if (digits.IndexOfAnyExceptInRange('0', '9') >= 0) { return false; }
        number = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        return true;
    }
}
