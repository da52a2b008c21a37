using System.Globalization;
using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>A date in a field (RFC 9110 5.6.7).</summary>
public static class HttpDate
{
    // IMF-fixdate, and the two obsolete forms that recipients still have to take.
    private static readonly string[] s_forms = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    // What an instant cannot hold is further away than anybody asks for.
    private static readonly DateTimeOffset s_last = new(2261, 12, 31, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_first = new(1678, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads a date; false for what is none.</summary>
    public static bool TryRead(ReadOnlySpan<char> value, out Instant date)
    {
        var isDate = DateTimeOffset.TryParseExact(
            value.Trim(" \t"), s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var read);
        date = !isDate ? default : Instant.FromDateTimeOffset(read < s_first ? s_first : read > s_last ? s_last : read);
        return isDate;
    }
}
