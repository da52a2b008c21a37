using System.Text;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Http.Cookies;

/// <summary>What became of one Set-Cookie field.</summary>
/// <param name="Cookie">The cookie as it would be kept; null where the field says none.</param>
/// <param name="Refusal">Why it is not kept.</param>
/// <param name="Removed">It took the place of one that is gone with it: its server has ended it.</param>
public readonly record struct CookieVerdict(Cookie? Cookie, CookieRefusal Refusal, bool Removed = false);

/// <summary>A cookie that was looked at for a request, and why it is not sent.</summary>
public readonly record struct CookieChoice(Cookie Cookie, CookieWithheld Withheld);

/// <summary>The cookies of a user agent (RFC 6265bis 5.7, 5.8): what is kept of what servers set, and what goes to whom.</summary>
/// <remarks>Time is handed to it. A cookie leaves when it has expired, when another takes its place, or when there are too many.</remarks>
public sealed class CookieJar
{
    private readonly List<Cookie> _cookies = [];
    private long _number;

    /// <summary>All that is kept, in the order in which it was set.</summary>
    public IReadOnlyList<Cookie> Cookies => _cookies;

    /// <summary>Keeps what a response's Set-Cookie field says, or not.</summary>
    /// <param name="field">The field's value.</param>
    /// <param name="url">Whom the request went to.</param>
    /// <param name="now">When.</param>
    public CookieVerdict Take(string field, Url url, Instant now)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(url);
        if (SetCookie.Read(field, now, out var refusal) is not { } said) { return new CookieVerdict(null, refusal); }
        var host = url.Hostname;
        var isHostOnly = string.IsNullOrEmpty(said.Domain);
        if (!isHostOnly && PublicSuffixes.Is(said.Domain!))
        {
            // A host that is a public suffix itself may keep what is its own.
            if (said.Domain != host) { return Refused(CookieRefusal.PublicSuffix); }
            isHostOnly = true;
        }
        if (!isHostOnly && !DomainMatches(url, said.Domain!)) { return Refused(CookieRefusal.ForeignDomain); }
        // Nothing is below an address.
        isHostOnly |= url.HostKind is UrlHostKind.Ipv4 or UrlHostKind.Ipv6;
        var cookie = new Cookie(said.Name, said.Value, isHostOnly ? host : said.Domain!, isHostOnly, said.Path ?? DefaultPath(url))
        {
            IsSecure = said.IsSecure,
            IsHttpOnly = said.IsHttpOnly,
            SameSite = said.SameSite,
            Expires = said.Expires,
            Number = ++_number,
        };
        refusal = Judge(cookie, said, IsSecure(url));
        if (refusal != CookieRefusal.None) { return new CookieVerdict(cookie, refusal); }
        return new CookieVerdict(cookie, CookieRefusal.None, !Put(cookie, now));

        CookieVerdict Refused(CookieRefusal why) => new(new Cookie(said.Name, said.Value, said.Domain!, false, said.Path ?? DefaultPath(url)), why);
    }

    /// <summary>Keeps a cookie that was kept before.</summary>
    public void Add(Cookie cookie, Instant now)
    {
        ArgumentNullException.ThrowIfNull(cookie);
        Put(cookie with { Number = ++_number }, now);
    }

    /// <summary>Takes out what lives until its session ends.</summary>
    public void EndSession() => _cookies.RemoveAll(static cookie => cookie.Expires is null);

    /// <summary>The cookies of a host, those that go to a URL first and in the order in which they go (5.8.3).</summary>
    /// <param name="url">Where the request goes.</param>
    /// <param name="now">When.</param>
    /// <param name="isCrossSite">Another site has sent the user there.</param>
    /// <param name="method">The request's method.</param>
    public IReadOnlyList<CookieChoice> Choose(Url url, Instant now, bool isCrossSite, string method)
    {
        ArgumentNullException.ThrowIfNull(url);
        _cookies.RemoveAll(cookie => cookie.Expires <= now);
        // Longer paths first, and of equal ones the earlier: servers take the first of two cookies of a name.
        var choices = _cookies.Where(cookie => cookie.IsHostOnly ? cookie.Domain == url.Hostname : DomainMatches(url, cookie.Domain))
            .Select(cookie => new CookieChoice(cookie, WhyNot(cookie, url, isCrossSite, method)))
            .OrderBy(static choice => choice.Withheld != CookieWithheld.None)
            .ThenByDescending(static choice => choice.Cookie.Path.Length).ThenBy(static choice => choice.Cookie.Number).ToArray();
        var length = 0;
        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i].Withheld != CookieWithheld.None) { continue; }
            length += Encoding.UTF8.GetByteCount(Pair(choices[i].Cookie)) + 2;
            if (length > CookieLimits.Field) { choices[i] = choices[i] with { Withheld = CookieWithheld.NoRoom }; }
        }
        return choices;
    }

    /// <summary>The value of the Cookie field; null where none goes.</summary>
    public static string? Field(IReadOnlyList<CookieChoice> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var pairs = choices.Where(static choice => choice.Withheld == CookieWithheld.None).Select(static choice => Pair(choice.Cookie)).ToArray();
        return pairs.Length == 0 ? null : string.Join("; ", pairs);
    }

    private static string Pair(Cookie cookie) => cookie.Name.Length == 0 ? cookie.Value : $"{cookie.Name}={cookie.Value}";

    private static CookieWithheld WhyNot(Cookie cookie, Url url, bool isCrossSite, string method) =>
        !PathMatches(PathOf(url), cookie.Path) ? CookieWithheld.OtherPath
        : cookie.IsSecure && !IsSecure(url) ? CookieWithheld.NeedsSecure
        : isCrossSite && (cookie.SameSite == SameSite.Strict || (cookie.SameSite is SameSite.Lax or SameSite.Unsaid && !IsSafe(method)))
            ? CookieWithheld.OtherSite
        : CookieWithheld.None;

    private CookieRefusal Judge(Cookie cookie, SetCookie said, bool isSecure)
    {
        if (cookie.IsSecure && !isSecure) { return CookieRefusal.SecureFromInsecure; }
        if (cookie is { SameSite: SameSite.None, IsSecure: false }) { return CookieRefusal.NoneWithoutSecure; }
        // A value without a name may not look like a name that promises something either.
        var promise = cookie.Name.Length > 0 ? cookie.Name : cookie.Value;
        if (promise.StartsWith("__Secure-", StringComparison.OrdinalIgnoreCase) && (!cookie.IsSecure || cookie.Name.Length == 0))
        {
            return CookieRefusal.SecurePrefix;
        }
        if (promise.StartsWith("__Host-", StringComparison.OrdinalIgnoreCase)
            && !(cookie is { IsSecure: true, IsHostOnly: true, Path: "/", Name.Length: > 0 } && said.Path == "/" && string.IsNullOrEmpty(said.Domain)))
        {
            return CookieRefusal.HostPrefix;
        }
        // Secure cookies are left alone by connections that are not: neither replaced nor put in the shade (5.7, "leave secure cookies alone").
        return !cookie.IsSecure && !isSecure && _cookies.Exists(kept => kept.IsSecure && kept.Name == cookie.Name
            && (kept.Domain == cookie.Domain || IsBelow(kept.Domain, cookie.Domain) || IsBelow(cookie.Domain, kept.Domain))
                && PathMatches(cookie.Path, kept.Path))
            ? CookieRefusal.HidesSecure : CookieRefusal.None;
    }

    /// <summary>False where the cookie has expired already: then it only ends the one before it.</summary>
    private bool Put(Cookie cookie, Instant now)
    {
        var at = _cookies.FindIndex(cookie.IsSameAs);
        if (cookie.Expires <= now)
        {
            if (at >= 0) { _cookies.RemoveAt(at); }
            return false;
        }
        // It keeps the place of the one that it replaces.
        if (at >= 0) { _cookies[at] = cookie with { Number = _cookies[at].Number }; }
        else { _cookies.Add(cookie); }
        if (_cookies.Count(kept => kept.Domain == cookie.Domain) > CookieLimits.PerDomain)
        {
            _cookies.RemoveAt(_cookies.FindIndex(kept => kept.Domain == cookie.Domain));
        }
        if (_cookies.Count > CookieLimits.Total) { _cookies.RemoveAt(0); }
        return true;
    }

    // 5.1.3: the same, or below it and no address.
    private static bool DomainMatches(Url url, string domain) =>
        url.Hostname == domain || (url.HostKind == UrlHostKind.Domain && IsBelow(url.Hostname, domain));

    private static bool IsBelow(string host, string domain) =>
        domain.Length > 0 && host.Length > domain.Length && host.EndsWith(domain, StringComparison.Ordinal) && host[^(domain.Length + 1)] == '.';

    // 5.1.4
    private static bool PathMatches(string path, string cookiePath) =>
        path == cookiePath || (path.StartsWith(cookiePath, StringComparison.Ordinal) && (cookiePath.EndsWith('/') || path[cookiePath.Length] == '/'));

    private static string DefaultPath(Url url)
    {
        var path = PathOf(url);
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    private static string PathOf(Url url)
    {
        var path = url.PathAndQuerySpan;
        var query = path.IndexOf('?');
        var alone = (query < 0 ? path : path[..query]).ToString();
        return alone.Length == 0 || alone[0] != '/' ? "/" : alone;
    }

    private static bool IsSecure(Url url) => url.Scheme is "https" or "wss";

    private static bool IsSafe(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE";
}
