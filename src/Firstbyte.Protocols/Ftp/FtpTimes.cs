using System.Globalization;

namespace Firstbyte.Ftp;

/// <summary>Times as RFC 3659 2.3 writes them: YYYYMMDDHHMMSS, with a fraction of a second where one likes, in UTC.</summary>
internal static class FtpTimes
{
    private const string Format = "yyyyMMddHHmmss";

    public static bool TryParse(ReadOnlySpan<char> text, out DateTime time)
    {
        time = default;
        if (text.Length < Format.Length || (text.Length > Format.Length && text[Format.Length] != '.')) { return false; }
        return DateTime.TryParseExact(
            text[..Format.Length], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time);
    }
}
