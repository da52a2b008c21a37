using System.Globalization;

namespace Firstbyte.Cli.Curl;

/// <summary>Reads dates as curl_getdate(3) does: words in any order, of which each says what it is.</summary>
internal static class CurlDate
{
    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly string[] s_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private static readonly string[] s_longDays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    // Zones by name, as minutes west of Greenwich.
    private static readonly Dictionary<string, int> s_zones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["GMT"] = 0,
        ["UT"] = 0,
        ["UTC"] = 0,
        ["WET"] = 0,
        ["BST"] = -60,
        ["EST"] = 300,
        ["EDT"] = 240,
        ["CST"] = 360,
        ["CDT"] = 300,
        ["MST"] = 420,
        ["MDT"] = 360,
        ["PST"] = 480,
        ["PDT"] = 420,
        ["CET"] = -60,
        ["MET"] = -60,
        ["MEST"] = -120,
        ["CEST"] = -120,
        ["EET"] = -120,
        ["JST"] = -540,
        ["Z"] = 0,
        ["AST"] = 240,
        ["ADT"] = 180,
        ["HST"] = 600,
    };

    /// <summary>Seconds since 1970; null where the text is no date.</summary>
    public static long? Read(string text)
    {
        var (day, month, year, time, zone, weekday) = (-1, -1, -1, (TimeSpan?)null, (int?)null, false);
        var words = 0;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }
            if (++words > 12) { return null; }
            var start = i;
            if (char.IsAsciiLetter(text[i]))
            {
                while (i < text.Length && char.IsAsciiLetter(text[i])) { i++; }
                var word = text[start..i].ToLowerInvariant();
                if (!weekday && (s_days.Contains(word) || s_longDays.Contains(word))) { weekday = true; }
                else if (month < 0 && Array.IndexOf(s_months, word) is >= 0 and var found) { month = found + 1; }
                else if (zone is null && s_zones.TryGetValue(word, out var west)) { zone = west * 60; }
                else { return null; }
                continue;
            }
            while (i < text.Length && char.IsAsciiDigit(text[i])) { i++; }
            if (i < text.Length && text[i] == ':' && time is null)
            {
                while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == ':')) { i++; }
                var parts = text[start..i].Split(':');
                if (parts.Length > 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
                    || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minute)) { return null; }
                var second = 0;
                if (parts.Length == 3 && !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out second)) { return null; }
                if (hour > 23 || minute > 59 || second > 60) { return null; }
                time = new TimeSpan(hour, minute, second);
                continue;
            }
            var digits = text[start..i];
            if (digits.Length > 9 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) { return null; }
            var sign = start > 0 ? text[start - 1] : ' ';
            if (zone is null && digits.Length == 4 && number <= 1400 && sign is '+' or '-')
            {
                zone = ((number / 100 * 60) + (number % 100)) * 60 * (sign == '+' ? -1 : 1);
            }
            else if (digits.Length == 8 && year < 0 && month < 0 && day < 0) { (year, month, day) = (number / 10000, number % 10000 / 100, number % 100); }
            else if (day < 0 && number is > 0 and < 32) { day = number; }
            else if (year < 0) { year = number < 100 && digits.Length <= 2 ? number + (number > 70 ? 1900 : 2000) : number; }
            else { return null; }
        }
        if (day < 1 || month is < 1 or > 12 || year < 1583 || year > 9999 || day > DateTime.DaysInMonth(year, month)) { return null; }
        var date = new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) + (time ?? TimeSpan.Zero);
        return date.ToUnixTimeSeconds() + (zone ?? 0);
    }

    /// <summary>A date as HTTP writes it (RFC 9110 5.6.7).</summary>
    public static string Http(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);
}
