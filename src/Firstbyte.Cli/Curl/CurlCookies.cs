using System.Globalization;
using System.Text;
using Firstbyte.Http.Cookies;

namespace Firstbyte.Cli.Curl;

/// <summary>The cookies of a command line as curl keeps them: a file's lines, header fields in a file, what servers set; sent and written in its
/// order.</summary>
internal sealed class CurlCookies
{
    /// <summary>What a line, and a name with its value, may have (curl: MAX_COOKIE_LINE, MAX_NAME).</summary>
    private const int MaxLine = 5000, MaxPair = 4096;

    /// <summary>Cookies that go out together, and that a response may set (curl: MAX_COOKIE_SEND_AMOUNT, MAX_SET_COOKIE_AMOUNT).</summary>
    private const int MaxSent = 150, MaxTotal = 10_000;

    /// <summary>Bytes of a Cookie field (curl: MAX_COOKIE_HEADER_LEN).</summary>
    private const int MaxField = 8190;

    // Whoever keeps them longer than 400 days is not believed (RFC 6265bis 5.5).
    private const long MaxAge = 400 * 24 * 3600;

    private readonly List<Cookie> _cookies = [];
    private long _number;

    private sealed record Cookie(string Name, string Value)
    {
        public string? Domain { get; set; }

        public bool Tail { get; set; }

        public string? Path { get; set; }

        public long Expires { get; set; }

        public bool Secure { get; set; }

        public bool HttpOnly { get; set; }

        public bool IsLive { get; init; }

        public long Number { get; set; }
    }

    /// <summary>Reads a file: Netscape's lines, or the Set-Cookie fields of a head.</summary>
    public void ReadFile(string text, bool dropsSession, long now)
    {
        foreach (var raw in text.Split('\n'))
        {
            // As curl reads it: a line ends where a carriage return or a zero stands, and what follows is never sent.
            var line = raw.AsSpan().IndexOfAny('\r', '\0') is >= 0 and var end ? raw[..end] : raw;
            if (line.Length > MaxLine) { continue; }
            if (line.StartsWith("Set-Cookie:", StringComparison.OrdinalIgnoreCase))
            {
                Set(line["Set-Cookie:".Length..].TrimStart(' ', '\t'), null, null, true, now, false, dropsSession);
            }
            else { AddLine(line, dropsSession, now); }
        }
    }

    private void AddLine(string line, bool dropsSession, long now)
    {
        var httpOnly = line.StartsWith("#HttpOnly_", StringComparison.Ordinal);
        if (httpOnly) { line = line["#HttpOnly_".Length..]; }
        if (line.Length == 0 || line[0] == '#') { return; }
        var fields = line.Split('\t', StringSplitOptions.RemoveEmptyEntries);
        var list = fields.ToList();
        // Some files have no path.
        if (list.Count > 2 && list[2] is "TRUE" or "FALSE") { list.Insert(2, "/"); }
        if (list.Count == 6) { list.Add(""); }
        if (list.Count != 7 || !long.TryParse(list[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var expires)) { return; }
        var domain = list[0].StartsWith('.') ? list[0][1..] : list[0];
        Add(new Cookie(list[5], list[6])
        {
            Domain = domain,
            Tail = list[1].Equals("TRUE", StringComparison.OrdinalIgnoreCase),
            Path = CleanPath(list[2]),
            Secure = list[3].Equals("TRUE", StringComparison.OrdinalIgnoreCase),
            Expires = expires,
            HttpOnly = httpOnly,
        }, dropsSession, now, true);
    }

    /// <summary>Takes a Set-Cookie field; false where it is not kept.</summary>
    public bool Set(string field, string? host, string? path, bool isSecure, long now, bool isLive = true, bool dropsSession = false)
    {
        if (field.Length > MaxLine) { return false; }
        foreach (var one in field)
        {
            if (one is < ' ' and not '\t' or '\x7F') { return false; }
        }
        Cookie? cookie = null;
        var (hasAge, isFirst) = (false, true);
        foreach (var part in field.Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? part : part[..equals]).Trim(' ', '\t');
            var value = equals < 0 ? "" : part[(equals + 1)..].Trim(' ', '\t');
            if (isFirst)
            {
                isFirst = false;
                if (equals < 0 || name.Length == 0 || name.Length + value.Length > MaxPair || value.Contains('\t', StringComparison.Ordinal)
                    || name.Contains('\t', StringComparison.Ordinal)) { return false; }
                cookie = new Cookie(name, value) { IsLive = isLive };
                continue;
            }
            switch (name.ToLowerInvariant())
            {
                case "secure" when value.Length == 0:
                    if (!isSecure && isLive) { return false; }
                    cookie!.Secure = true;
                    break;
                case "httponly": cookie!.HttpOnly = true; break;
                // A tab would end a field of the file in which cookies are kept.
                case "path" or "domain" when value.Contains('\t', StringComparison.Ordinal): return false;
                case "path": cookie!.Path = CleanPath(value); break;
                case "domain" when value.Length > 0:
                    var domain = value.StartsWith('.') ? value[1..] : value;
                    if (IsBad(domain)) { domain = ":"; }
                    var isAddress = Addressing.IpAddress.TryParse(host ?? domain, out _);
                    if (host is not null && !(isAddress ? domain == host : TailMatches(domain, host))) { return false; }
                    // Under a public suffix strangers live; libpsl lets it be the host itself.
                    if (host is not null && !isAddress && PublicSuffixes.Is(domain.ToLowerInvariant())
                        && !domain.Equals(host, StringComparison.OrdinalIgnoreCase)) { return false; }
                    (cookie!.Domain, cookie.Tail) = (domain, !isAddress);
                    break;
                case "max-age":
                    var age = value.Trim('"');
                    hasAge = true;
                    cookie!.Expires = !long.TryParse(age, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                        ? age.Length > 0 && age.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? now + MaxAge : 1
                        : seconds <= 0 ? 1 : now + Math.Min(seconds, MaxAge);
                    break;
                case "expires" when !hasAge && cookie!.Expires == 0 && value.Length < 80:
                    if (CurlDate.Read(value) is { } date) { cookie.Expires = date == 0 ? 1 : Math.Max(1, Math.Min(date, now + MaxAge)); }
                    break;
                default: break;
            }
        }
        if (cookie is null) { return false; }
        if (cookie.Name.StartsWith("__Secure-", StringComparison.OrdinalIgnoreCase) && !cookie.Secure) { return false; }
        if (cookie.Name.StartsWith("__Host-", StringComparison.OrdinalIgnoreCase) && !(cookie is { Secure: true, Tail: false, Domain: null, Path: "/" }))
        {
            return false;
        }
        cookie.Domain ??= host;
        if (cookie.Path is null && path is not null)
        {
            var bare = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? path[..mark] : path;
            cookie.Path = CleanPath(bare[..(bare.LastIndexOf('/') + 1)]);
        }
        return Add(cookie, dropsSession, now, isSecure);
    }

    private bool Add(Cookie cookie, bool dropsSession, long now, bool isSecure)
    {
        if (!cookie.IsLive && dropsSession && cookie.Expires == 0) { return false; }
        _cookies.RemoveAll(one => one.Expires != 0 && one.Expires < now);
        // What only secure servers may say is not hidden by others.
        if (!isSecure && !cookie.Secure && _cookies.Exists(one => one.Secure && one.Name == cookie.Name && SameDomain(one, cookie)
            && one.Path is { } there && cookie.Path is { } here && (here + "/").StartsWith(there.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }
        var at = _cookies.FindIndex(one => one.Name == cookie.Name && SameDomain(one, cookie) && one.Tail == cookie.Tail
            && string.Equals(one.Path, cookie.Path, StringComparison.OrdinalIgnoreCase));
        if (at >= 0)
        {
            if (!cookie.IsLive && _cookies[at].IsLive) { return false; }
            cookie.Number = _cookies[at].Number;
            _cookies[at] = cookie;
            return true;
        }
        cookie.Number = ++_number;
        if (_cookies.Count >= MaxTotal) { return false; }
        _cookies.Add(cookie);
        return true;
    }

    private static bool SameDomain(Cookie one, Cookie other) => string.Equals(one.Domain, other.Domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a Cookie field; null where none goes.</summary>
    public string? Field(string host, string path, bool isSecure, long now)
    {
        _cookies.RemoveAll(one => one.Expires != 0 && one.Expires < now);
        var isAddress = Addressing.IpAddress.TryParse(host, out _);
        isSecure |= host is "localhost" or "127.0.0.1" or "::1";
        var bare = path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? path[..mark] : path;
        var sent = _cookies
            .Where(one => (!one.Secure || isSecure)
                && (one.Domain is null || (one.Tail && !isAddress ? TailMatches(one.Domain, host) : host.Equals(one.Domain,
                    StringComparison.OrdinalIgnoreCase)))
                && (one.Path is null || PathMatches(one.Path, bare)))
            .Take(MaxSent)
            .OrderByDescending(static one => one.Path?.Length ?? 0).ThenByDescending(static one => one.Domain?.Length ?? 0)
            .ThenByDescending(static one => one.Name.Length).ThenByDescending(static one => one.Number);
        var field = new StringBuilder();
        foreach (var cookie in sent)
        {
            if (field.Length + cookie.Name.Length + cookie.Value.Length + 1 > MaxField) { break; }
            field.Append(field.Length > 0 ? "; " : "").Append(cookie.Name).Append('=').Append(cookie.Value);
        }
        return field.Length > 0 ? field.ToString() : null;
    }

    /// <summary>The text of a file.</summary>
    public string Write(long now)
    {
        _cookies.RemoveAll(one => one.Expires != 0 && one.Expires < now);
        var text = new StringBuilder("# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n"
            + "# This file was generated by libcurl! Edit at your own risk.\n\n");
        foreach (var one in _cookies.Where(static one => one.Domain is not null).OrderByDescending(static one => one.Number))
        {
            text.Append(one.HttpOnly ? "#HttpOnly_" : "").Append(one.Tail && one.Domain![0] != '.' ? "." : "").Append(one.Domain).Append('\t')
                .Append(one.Tail ? "TRUE" : "FALSE").Append('\t').Append(one.Path ?? "/").Append('\t').Append(one.Secure ? "TRUE" : "FALSE").Append('\t')
                .Append(CultureInfo.InvariantCulture, $"{one.Expires}\t").Append(one.Name).Append('\t').Append(one.Value).Append('\n');
        }
        return text.ToString();
    }

    private static string CleanPath(string path)
    {
        if (path.StartsWith('"')) { path = path[1..]; }
        if (path.EndsWith('"')) { path = path[..^1]; }
        if (!path.StartsWith('/')) { return "/"; }
        return path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
    }

    // A domain of one label is a public suffix, but for localhost.
    private static bool IsBad(string domain) =>
        !domain.Equals("localhost", StringComparison.OrdinalIgnoreCase) && domain.TrimEnd('.').IndexOf('.', StringComparison.Ordinal) < 0;

    private static bool TailMatches(string domain, string host) =>
        host.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && (host.Length == domain.Length || host[^(domain.Length + 1)] == '.');

    private static bool PathMatches(string cookie, string path)
    {
        if (cookie.Length <= 1) { return true; }
        if (!path.StartsWith('/')) { path = "/"; }
        return path.StartsWith(cookie, StringComparison.Ordinal) && (path.Length == cookie.Length || path[cookie.Length] == '/');
    }
}
