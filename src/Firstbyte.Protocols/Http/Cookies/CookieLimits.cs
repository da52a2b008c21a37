namespace Firstbyte.Http.Cookies;

/// <summary>How much is taken of cookies (RFC 6265bis 5.6 and 6.1; browsers hold the same figures).</summary>
public static class CookieLimits
{
    /// <summary>Octets of a name and its value together; a longer cookie is refused (RFC 6265bis 5.6).</summary>
    public const int NameAndValue = 4096;

    /// <summary>Octets of an attribute's value; a longer attribute is passed over (RFC 6265bis 5.6).</summary>
    public const int AttributeValue = 1024;

    /// <summary>Cookies of one domain (RFC 6265bis 6.1: at least 50; Chrome and Firefox keep 180). The oldest goes first.</summary>
    public const int PerDomain = 180;

    /// <summary>Cookies in all (RFC 6265bis 6.1: at least 3000).</summary>
    public const int Total = 3000;

    /// <summary>Cookies that one response may set (curl: MAX_SET_COOKIE_AMOUNT, 50).</summary>
    public const int PerResponse = 50;

    /// <summary>Octets of the Cookie field that is sent (curl: MAX_COOKIE_HEADER_LEN, 8190: what Apache takes).</summary>
    public const int Field = 8190;

    /// <summary>A cookie lives 400 days at most, whatever its server asks (RFC 6265bis 5.5).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);

    /// <summary>Characters of one line of a cookie file (curl: MAX_COOKIE_LINE, 5000).</summary>
    public const int FileLine = 5000;
}
