namespace Firstbyte.Http.Cookies;

/// <summary>Reads the date of an Expires attribute, in whatever order its parts stand (RFC 6265bis 5.1.1).</summary>
internal static class CookieDate
{
    /// <summary>The date; null where there is none.</summary>
    public static DateTimeOffset? Read(ReadOnlySpan<char> text)
    {
        int? second = null, minute = null, hour = null, day = null, month = null, year = null;
        while (text.Length > 0)
        {
            var start = 0;
            while (start < text.Length && IsDelimiter(text[start])) { start++; }
            text = text[start..];
            var end = 0;
            while (end < text.Length && !IsDelimiter(text[end])) { end++; }
            var token = text[..end];
            text = text[end..];
            if (hour is null && TryTime(token, out var h, out var m, out var s)) { (hour, minute, second) = (h, m, s); }
            else if (day is null && TryNumber(token, 1, 2, out var d)) { day = d; }
            else if (month is null && Month(token) is { } named) { month = named; }
            else if (year is null && TryNumber(token, 2, 4, out var y)) { year = y; }
        }
        // Two digits: the years from 1970 to 2069.
        if (year is >= 70 and <= 99) { year += 1900; }
        else if (year is >= 0 and <= 69) { year += 2000; }
        if (day is not (>= 1 and <= 31) || month is null || year is not >= 1601 || hour is not <= 23 || minute is not <= 59
            || second is not <= 59)
        {
            return null;
        }
        return day <= DateTime.DaysInMonth(year.Value, month.Value)
            ? new DateTimeOffset(year.Value, month.Value, day.Value, hour.Value, minute.Value, second.Value, TimeSpan.Zero)
            : null;
    }

    // delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
    private static bool IsDelimiter(char c) => c is '\t' or (>= ' ' and <= '/') or (>= ';' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');

    // time = hms-time [ non-digit *OCTET ], hms-time = time-field ":" time-field ":" time-field, time-field = 1*2DIGIT
    private static bool TryTime(ReadOnlySpan<char> token, out int hour, out int minute, out int second)
    {
        (minute, second) = (0, 0);
        return TryField(ref token, out hour) && TryColon(ref token) && TryField(ref token, out minute) && TryColon(ref token)
            && TryField(ref token, out second) && (token.Length == 0 || !char.IsAsciiDigit(token[0]));
    }

    private static bool TryColon(ref ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || text[0] != ':') { return false; }
        text = text[1..];
        return true;
    }

    private static bool TryField(ref ReadOnlySpan<char> text, out int value)
    {
        var length = 0;
        value = 0;
        while (length < text.Length && length < 2 && char.IsAsciiDigit(text[length])) { value = value * 10 + (text[length++] - '0'); }
        text = text[length..];
        return length > 0;
    }

    // So many digits, and then whatever is none.
    private static bool TryNumber(ReadOnlySpan<char> token, int least, int most, out int value)
    {
        var length = 0;
        value = 0;
        while (length < token.Length && length < most && char.IsAsciiDigit(token[length])) { value = value * 10 + (token[length++] - '0'); }
        return length >= least && (length == token.Length || !char.IsAsciiDigit(token[length]));
    }

    private static int? Month(ReadOnlySpan<char> token)
    {
        if (token.Length < 3) { return null; }
        var at = "janfebmaraprmayjunjulaugsepoctnovdec".AsSpan();
        for (var month = 0; month < 12; month++)
        {
            if (token[..3].Equals(at.Slice(month * 3, 3), StringComparison.OrdinalIgnoreCase)) { return month + 1; }
        }
        return null;
    }
}
