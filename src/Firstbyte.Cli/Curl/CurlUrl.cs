using System.Buffers;
using System.Globalization;
using System.Text;
using Firstbyte.Http;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Curl;

/// <summary>A URL as curl reads it: the bytes of path and query stay as they were typed (curl(1); RFC 3986, with curl's own liberties).</summary>
/// <remarks>The standard that the rest of this program keeps to (WHATWG) encodes and rewrites; who has typed a curl command wants its bytes on the
/// wire.</remarks>
internal sealed record CurlUrl
{
    /// <summary>Characters of a URL (curl: CURL_MAX_INPUT_LENGTH).</summary>
    private const int MaxLength = 8_000_000;

    private static readonly SearchValues<char> s_badHost = SearchValues.Create(" \r\n\t/:#?!@{}[]\\$'\"^`*<>=;,+&()|%");

    public required string Scheme { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Without the brackets of an IPv6 address.</summary>
    public required string Host { get; init; }

    public string? Zone { get; init; }

    public bool IsIpv6 { get; init; }

    public int? WrittenPort { get; init; }

    /// <summary>The path, "/" at least.</summary>
    public required string Path { get; init; }

    public string? Query { get; init; }

    public string? Fragment { get; init; }

    public static int DefaultPort(string scheme) => scheme switch { "https" => 443, "ftp" => 21, "ftps" => 990, "http" => 80, _ => 0 };

    public int Port => WrittenPort ?? DefaultPort(Scheme);

    /// <summary>The host as a URL has it.</summary>
    public string HostText => IsIpv6 ? $"[{Host}{(Zone is null ? "" : "%25" + Zone)}]" : Host;

    /// <summary>The host as an HTTP message has it.</summary>
    public string HostField => (IsIpv6 ? $"[{Host}]" : Host) + (Scheme is "http" or "https" && Port == DefaultPort(Scheme) ? ""
        : string.Create(CultureInfo.InvariantCulture, $":{Port}"));

    public string Target => Path + (Query is null ? "" : "?" + Query);

    /// <summary>The URL as a text.</summary>
    public override string ToString() => Text(withUser: true, withFragment: true);

    public string Text(bool withUser, bool withFragment)
    {
        var text = new StringBuilder(Scheme).Append("://");
        if (withUser && User is not null) { text.Append(User).Append(Password is null ? "" : ":" + Password).Append('@'); }
        text.Append(Scheme == "file" ? "" : HostText);
        if (WrittenPort is { } port) { text.Append(CultureInfo.InvariantCulture, $":{port}"); }
        text.Append(Target);
        if (withFragment && Fragment is not null) { text.Append('#').Append(Fragment); }
        return text.ToString();
    }

    /// <summary>Reads a URL.</summary>
    /// <param name="text">As it was typed.</param>
    /// <param name="assumed">The scheme where there is none; null guesses it from the host's name.</param>
    /// <param name="keepsDots">"/../" stays in the path.</param>
    /// <exception cref="CurlStop">It is none.</exception>
    public static CurlUrl Read(string text, string? assumed = null, bool keepsDots = false)
    {
        if (text.Length > MaxLength) { throw Malformed("Malformed input to a URL function"); }
        foreach (var one in text)
        {
            if (one is < '!' or '\x7F') { throw Malformed("Malformed input to a URL function"); }
        }
        if (text.Length == 0) { throw Malformed("Malformed input to a URL function"); }
        var scheme = SchemeOf(text, guesses: true);
        if (scheme is null && assumed is not null)
        {
            text = assumed + "://" + text;
            scheme = assumed;
        }
        if (scheme == "file" || (scheme is null && text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))) { return OfFile(text[5..], keepsDots); }
        var rest = text;
        if (scheme is not null)
        {
            rest = text[(scheme.Length + 1)..];
            var slashes = rest.AsSpan().IndexOfAnyExcept('/') is >= 0 and var count ? count : rest.Length;
            if (slashes is < 1 or > 3) { throw Malformed("Unsupported number of slashes in URL scheme"); }
            rest = rest[slashes..];
        }
        var end = rest.AsSpan().IndexOfAny('/', '?', '#') is >= 0 and var found ? found : rest.Length;
        var (authority, tail) = (rest[..end], rest[end..]);
        string? user = null, password = null;
        if (authority.LastIndexOf('@') is >= 0 and var at)
        {
            var login = authority[..at];
            authority = authority[(at + 1)..];
            var colon = login.IndexOf(':', StringComparison.Ordinal);
            (user, password) = colon < 0 ? (login, null) : (login[..colon], login[(colon + 1)..]);
        }
        var (host, zone, isIpv6, port) = ReadHost(authority);
        scheme = (scheme ?? Guess(host)).ToLowerInvariant();
        var (path, query, fragment) = Split(tail);
        return new CurlUrl
        {
            Scheme = scheme,
            User = user,
            Password = password,
            Host = host,
            Zone = zone,
            IsIpv6 = isIpv6,
            WrittenPort = port,
            Path = path.Length == 0 ? "/" : keepsDots ? path : WithoutDots(path),
            Query = query,
            Fragment = fragment,
        };
    }

    /// <summary>Where a redirect leads to.</summary>
    public CurlUrl Follow(string location, bool keepsDots)
    {
        var text = Encoded(location);
        if (SchemeOf(text, guesses: false) is not null) { return Read(text, null, keepsDots); }
        var (path, query, fragment) = Split(text);
        if (text.StartsWith("//", StringComparison.Ordinal)) { return Read(Scheme + ":" + text, null, keepsDots); }
        string target;
        if (path.Length == 0) { (target, query) = (Path, query ?? (text.StartsWith('?') ? "" : Query)); }
        else if (path[0] == '/') { target = path; }
        else { target = Path[..(Path.LastIndexOf('/') + 1)] + path; }
        return this with { Path = keepsDots ? target : WithoutDots(target), Query = query, Fragment = fragment };
    }

    // Blanks, and bytes that are no ASCII, are encoded where they come from a server.
    private static string Encoded(string location)
    {
        var text = new StringBuilder(location.Length);
        var isQuery = false;
        foreach (var one in OctetText.Octets(location))
        {
            isQuery |= one == '?';
            if (one == ' ') { text.Append(isQuery ? "+" : "%20"); }
            else if (one is < 0x20 or > 0x7E) { text.Append(CultureInfo.InvariantCulture, $"%{one:x2}"); }
            else { text.Append((char)one); }
        }
        return text.ToString();
    }

    private static (string Path, string? Query, string? Fragment) Split(string text)
    {
        string? query = null, fragment = null;
        if (text.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash) { (fragment, text) = (text[(hash + 1)..], text[..hash]); }
        if (text.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark) { (query, text) = (text[(mark + 1)..], text[..mark]); }
        return (text, query, fragment?.Length == 0 ? null : fragment);
    }

    private static CurlUrl OfFile(string rest, bool keepsDots)
    {
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            rest = rest[2..];
            if (rest.Length == 0) { throw Malformed("Bad file:// URL"); }
            if (rest[0] != '/')
            {
                var slash = rest.IndexOf('/', StringComparison.Ordinal);
                var host = slash < 0 ? rest : rest[..slash];
                if (slash < 0 || !(host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host == "127.0.0.1"))
                {
                    throw Malformed("Bad file:// URL");
                }
                rest = rest[slash..];
            }
        }
        else if (!rest.StartsWith('/')) { throw Malformed("Bad file:// URL"); }
        var (path, query, fragment) = Split(rest);
        return new CurlUrl { Scheme = "file", Host = "", Path = keepsDots ? path : WithoutDots(path), Query = query, Fragment = fragment };
    }

    private static (string Host, string? Zone, bool IsIpv6, int? Port) ReadHost(string text)
    {
        int? port = null;
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0) { throw Malformed("Bad IPv6 address"); }
            var inside = text[1..close];
            port = ReadPort(text[(close + 1)..]);
            string? zone = null;
            if (inside.IndexOf('%', StringComparison.Ordinal) is >= 0 and var percent)
            {
                zone = inside[(percent + 1)..];
                if (zone.StartsWith("25", StringComparison.Ordinal) && zone.Length > 2) { zone = zone[2..]; }
                inside = inside[..percent];
            }
            if (!Addressing.IpAddress.TryParse(inside, out var address) || address.IsV4) { throw Malformed("Bad IPv6 address"); }
            return (inside, zone, true, port);
        }
        if (text.LastIndexOf(':') is >= 0 and var colon) { (port, text) = (ReadPort(text[colon..]), text[..colon]); }
        if (text.Length == 0) { throw Malformed("No host part in the URL"); }
        if (text.Contains('%', StringComparison.Ordinal)) { text = OctetText.Of(CurlText.Unescape(text)); }
        if (Ipv4(text) is { } normal) { return (normal, null, false, port); }
        if (text.AsSpan().IndexOfAny(s_badHost) >= 0 || text.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0) { throw Malformed("Bad hostname"); }
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
        {
            text = Url.TryParse($"http://{text}/", null, out var url, out _) ? url.Hostname : throw Malformed("Bad hostname");
        }
        return (text, null, false, port);
    }

    private static int? ReadPort(string text)
    {
        if (text.Length == 0) { return null; }
        if (text[0] != ':') { throw Malformed("Port number was not a decimal number between 0 and 65535"); }
        if (text.Length == 1) { return null; }
        return int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port : throw Malformed("Port number was not a decimal number between 0 and 65535");
    }

    // 127.1, 0x7f000001 and 017700000001 are addresses too (inet_aton(3)).
    private static string? Ipv4(string text)
    {
        var parts = text.Split('.');
        if (parts.Length is 0 or > 4 || (parts.Length > 1 && parts[^1].Length == 0 && parts.Length > 4)) { return null; }
        var numbers = new ulong[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            if (part.Length == 0 || !char.IsAsciiDigit(part[0])) { return null; }
            try
            {
                if (part.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
                {
                    if (!ulong.TryParse(part.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out numbers[i])) { return null; }
                }
                else if (part[0] == '0' && part.Length > 1)
                {
                    if (part.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0 || part.Length > 12) { return null; }
                    numbers[i] = Convert.ToUInt64(part, 8);
                }
                else if (!ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) { return null; }
            }
            catch (OverflowException) { return null; }
        }
        ulong value = 0;
        for (var i = 0; i < numbers.Length - 1; i++)
        {
            if (numbers[i] > 255) { return null; }
            value |= numbers[i] << (24 - (8 * i));
        }
        var most = numbers.Length switch { 1 => 0xFFFFFFFFUL, 2 => 0xFFFFFFUL, 3 => 0xFFFFUL, _ => 0xFFUL };
        if (numbers[^1] > most) { return null; }
        value |= numbers[^1];
        return string.Create(CultureInfo.InvariantCulture, $"{value >> 24}.{(value >> 16) & 255}.{(value >> 8) & 255}.{value & 255}");
    }

    /// <summary>The scheme of a text: letters before "://", and before ":" alone where nothing is guessed.</summary>
    public static string? SchemeOf(string text, bool guesses)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0])) { return null; }
        for (var i = 1; i < text.Length && i < 40; i++)
        {
            if (text[i] == ':') { return i + 1 < text.Length && text[i + 1] == '/' || !guesses ? text[..i].ToLowerInvariant() : null; }
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '-' or '.')) { return null; }
        }
        return null;
    }

    private static string Guess(string host) => host.StartsWith("ftp.", StringComparison.OrdinalIgnoreCase) ? "ftp"
        : host.StartsWith("dict.", StringComparison.OrdinalIgnoreCase) ? "dict"
        : host.StartsWith("ldap.", StringComparison.OrdinalIgnoreCase) ? "ldap"
        : host.StartsWith("imap.", StringComparison.OrdinalIgnoreCase) ? "imap"
        : host.StartsWith("smtp.", StringComparison.OrdinalIgnoreCase) ? "smtp"
        : host.StartsWith("pop3.", StringComparison.OrdinalIgnoreCase) ? "pop3" : "http";

    /// <summary>RFC 3986 5.2.4.</summary>
    public static string WithoutDots(string path)
    {
        if (!path.Contains('.', StringComparison.Ordinal) && !path.Contains("%2", StringComparison.OrdinalIgnoreCase)) { return path; }
        var segments = path.Split('/');
        var kept = new List<string>();
        for (var i = 1; i < segments.Length; i++)
        {
            var plain = segments[i].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            var isLast = i == segments.Length - 1;
            if (plain == ".") { if (isLast) { kept.Add(""); } }
            else if (plain == "..")
            {
                if (kept.Count > 0) { kept.RemoveAt(kept.Count - 1); }
                if (isLast) { kept.Add(""); }
            }
            else { kept.Add(segments[i]); }
        }
        return "/" + string.Join('/', kept);
    }

    public static CurlStop Malformed(string why) => new(CurlCode.UrlMalformat, $"URL rejected: {why}");
}
