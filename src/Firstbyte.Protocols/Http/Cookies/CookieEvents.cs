using Firstbyte.Tracing;

namespace Firstbyte.Http.Cookies;

/// <summary>A cookie without its value, which is its owner's secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Domain">The host or domain that it is of.</param>
/// <param name="IsHostOnly">It goes to that host alone.</param>
/// <param name="Path">The path that it goes to.</param>
public sealed record CookieName(string Name, string Domain, bool IsHostOnly, string Path);

/// <summary>A cookie of the host that is not sent to it this time, and why.</summary>
public sealed record CookieLeftOut(CookieName Cookie, CookieWithheld Why);

/// <summary>The cookies for a request were chosen, in the order in which they go (RFC 6265bis 5.8).</summary>
/// <param name="Sent">Those that go.</param>
/// <param name="LeftOut">Those of the host that do not.</param>
public sealed record CookiesChosen(CookieName[] Sent, CookieLeftOut[] LeftOut) : TraceEvent;

/// <summary>A response set a cookie, which is kept (RFC 6265bis 5.7).</summary>
/// <param name="Cookie">Which.</param>
/// <param name="IsRemoved">It has expired: it ends the one before it.</param>
/// <param name="Expires">Until when, in UTC; null until the session ends.</param>
public sealed record CookieKept(CookieName Cookie, bool IsRemoved, DateTimeOffset? Expires) : TraceEvent;

/// <summary>A response would set a cookie, which is not kept.</summary>
/// <param name="Name">Its name; empty where it has none, or nothing could be read.</param>
/// <param name="Why">Why.</param>
public sealed record CookieRefused(string Name, CookieRefusal Why) : TraceEvent;
