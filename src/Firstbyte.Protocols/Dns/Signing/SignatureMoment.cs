using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Signing;

/// <summary>A moment from which on or until which signatures hold, in seconds since 1970, as serial number (RFC 4034 section 3.1.5).</summary>
public static class SignatureMoment
{
    /// <summary>Reads YYYYMMDDHHmmSS, seconds since 1970, or what lies so long after or before now: +30d, -1h, now.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, uint now, out uint moment)
    {
        uint? read = text switch
        {
            "now" => now,
            ['+', ..] => TimeText.Parse(text[1..]) is { } later && later <= uint.MaxValue - now ? now + later : null,
            ['-', ..] => TimeText.Parse(text[1..]) is { } earlier && earlier <= now ? now - earlier : null,
            _ => TimeText.ParseSignatureTime(text),
        };
        moment = read ?? 0;
        return read is not null;
    }

    /// <summary>True when a moment comes before another one (RFC 1982): they are less than 68 years apart.</summary>
    public static bool IsBefore(uint moment, uint other) => (int)(moment - other) < 0;
}
