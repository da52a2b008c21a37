using Firstbyte.Tracing;

namespace Firstbyte.Http.Cookies;

/// <summary>To which requests of other sites a cookie goes (RFC 6265bis 4.1.2.7).</summary>
public enum SameSite : byte
{
    /// <summary>The server does not say: as Lax.</summary>
    Unsaid,

    /// <summary>To all.</summary>
    None,

    /// <summary>To those that take a person there by a safe method.</summary>
    Lax,

    /// <summary>To none.</summary>
    Strict,
}

/// <summary>A cookie as it is kept (RFC 6265bis 5.7).</summary>
/// <param name="Name">Its name; empty for one that is a value only.</param>
/// <param name="Value">Its value.</param>
/// <param name="Domain">The host that set it, or the domain that it said.</param>
/// <param name="IsHostOnly">It goes to that host alone, and not to those below.</param>
/// <param name="Path">The path that it goes to, and to those below.</param>
public sealed record Cookie(string Name, string Value, string Domain, bool IsHostOnly, string Path)
{
    /// <summary>It goes over secure connections only.</summary>
    public bool IsSecure { get; init; }

    /// <summary>It is not for scripts.</summary>
    public bool IsHttpOnly { get; init; }

    /// <summary>Whether it goes along from other sites.</summary>
    public SameSite SameSite { get; init; }

    /// <summary>Until when it is kept; null until the session ends.</summary>
    public Instant? Expires { get; init; }

    /// <summary>Its place among those that were set: of equal paths the earlier goes first.</summary>
    internal long Number { get; init; }

    /// <summary>Whether another takes its place.</summary>
    internal bool IsSameAs(Cookie other) => (Name, Domain, IsHostOnly, Path) == (other.Name, other.Domain, other.IsHostOnly, other.Path);
}

/// <summary>Why a cookie is not kept.</summary>
public enum CookieRefusal : byte
{
    /// <summary>It is kept.</summary>
    None,

    /// <summary>A control character (5.6).</summary>
    ControlCharacter,

    /// <summary>Longer than <see cref="CookieLimits.NameAndValue"/> (5.6).</summary>
    TooLong,

    /// <summary>Neither name nor value (5.7).</summary>
    Empty,

    /// <summary>Its domain is a public suffix, under which strangers live (5.7).</summary>
    PublicSuffix,

    /// <summary>Its domain is not the host's, nor one above it (5.7).</summary>
    ForeignDomain,

    /// <summary>Secure, from a connection that is not (5.7).</summary>
    SecureFromInsecure,

    /// <summary>It would take the place of a secure one, from a connection that is not (5.7).</summary>
    HidesSecure,

    /// <summary>SameSite=None without Secure (5.7).</summary>
    NoneWithoutSecure,

    /// <summary>Its name promises __Secure- and it does not keep it (4.1.3.1).</summary>
    SecurePrefix,

    /// <summary>Its name promises __Host- and it does not keep it (4.1.3.2).</summary>
    HostPrefix,

    /// <summary>More than <see cref="CookieLimits.PerResponse"/> in one response.</summary>
    TooMany,
}

/// <summary>Why a cookie of a host is not sent to it.</summary>
public enum CookieWithheld : byte
{
    /// <summary>It is sent.</summary>
    None,

    /// <summary>It is for another path.</summary>
    OtherPath,

    /// <summary>It goes over secure connections only.</summary>
    NeedsSecure,

    /// <summary>It does not go along from another site.</summary>
    OtherSite,

    /// <summary>The field would be longer than <see cref="CookieLimits.Field"/>.</summary>
    NoRoom,
}
