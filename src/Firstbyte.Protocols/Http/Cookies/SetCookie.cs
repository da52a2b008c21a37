using System.Text;
using Firstbyte.Tracing;

namespace Firstbyte.Http.Cookies;

/// <summary>What a Set-Cookie field says (RFC 6265bis 5.6): nothing in it is believed yet.</summary>
/// <param name="Name">The name; empty where there is only a value.</param>
/// <param name="Value">The value.</param>
internal sealed record SetCookie(string Name, string Value)
{
    /// <summary>The last Domain attribute, in lower case and without the dot before it; null without one.</summary>
    public string? Domain { get; private set; }

    /// <summary>The last Path attribute; null without one, or where it is no absolute path.</summary>
    public string? Path { get; private set; }

    public bool IsSecure { get; private set; }

    public bool IsHttpOnly { get; private set; }

    public SameSite SameSite { get; private set; }

    /// <summary>Until when; null where nothing says it.</summary>
    public Instant? Expires { get; private set; }

    /// <summary>Reads the field's value; null with the reason where it says nothing that could be kept.</summary>
    public static SetCookie? Read(string text, Instant now, out CookieRefusal refusal)
    {
        refusal = CookieRefusal.None;
        // %x00-08 / %x0A-1F / %x7F: the whole of it is passed over.
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x08') >= 0 || text.AsSpan().IndexOfAnyInRange('\x0A', '\x1F') >= 0
            || text.Contains('\x7F', StringComparison.Ordinal))
        {
            refusal = CookieRefusal.ControlCharacter;
            return null;
        }
        var rest = text.AsSpan();
        var pair = Next(ref rest);
        var equals = pair.IndexOf('=');
        var name = equals < 0 ? default : Trim(pair[..equals]);
        var value = Trim(pair[(equals + 1)..]);
        refusal = name.Length + value.Length == 0 ? CookieRefusal.Empty
            : Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) > CookieLimits.NameAndValue ? CookieRefusal.TooLong
            : CookieRefusal.None;
        if (refusal != CookieRefusal.None) { return null; }
        var cookie = new SetCookie(name.ToString(), value.ToString());
        var (expires, maxAge) = ((Instant?)null, (Instant?)null);
        while (rest.Length > 0)
        {
            var attribute = Next(ref rest);
            equals = attribute.IndexOf('=');
            cookie.Take(
                Trim(equals < 0 ? attribute : attribute[..equals]), equals < 0 ? default : Trim(attribute[(equals + 1)..]), now, ref expires, ref maxAge);
        }
        // Max-Age has precedence, wherever it stands (5.7).
        cookie.Expires = maxAge ?? expires;
        return cookie;
    }

    private void Take(ReadOnlySpan<char> name, ReadOnlySpan<char> value, Instant now, ref Instant? expires, ref Instant? maxAge)
    {
        if (Encoding.UTF8.GetByteCount(value) > CookieLimits.AttributeValue) { return; }
        if (Is(name, "Expires"))
        {
            if (CookieDate.Read(value) is { } date) { expires = Capped(date, now); }
        }
        else if (Is(name, "Max-Age"))
        {
            // "-"? 1*DIGIT, and anything else says nothing.
            var digits = value.Length > 0 && value[0] == '-' ? value[1..] : value;
            if (digits.Length == 0 || digits.ContainsAnyExceptInRange('0', '9')) { return; }
            var seconds = digits.TrimStart('0');
            maxAge = value[0] == '-' || seconds.Length == 0 ? default(Instant)
                : now + (seconds.Length > 9 || TimeSpan.FromSeconds(int.Parse(seconds)) > CookieLimits.Lifetime
                    ? CookieLimits.Lifetime : TimeSpan.FromSeconds(int.Parse(seconds)));
        }
        else if (Is(name, "Domain")) { Domain = (value.Length > 0 && value[0] == '.' ? value[1..] : value).ToString().ToLowerInvariant(); }
        else if (Is(name, "Path")) { Path = value.Length > 0 && value[0] == '/' ? value.ToString() : null; }
        else if (Is(name, "Secure")) { IsSecure = true; }
        else if (Is(name, "HttpOnly")) { IsHttpOnly = true; }
        else if (Is(name, "SameSite"))
        {
            SameSite = Is(value, "None") ? SameSite.None : Is(value, "Lax") ? SameSite.Lax : Is(value, "Strict") ? SameSite.Strict : SameSite.Unsaid;
        }
    }

    private static Instant Capped(DateTimeOffset date, Instant now)
    {
        var most = now + CookieLimits.Lifetime;
        return date >= most.ToDateTimeOffset() ? most : date <= DateTimeOffset.UnixEpoch ? default : Instant.FromDateTimeOffset(date);
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(';');
        var part = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return part;
    }

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim(" \t");

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
