namespace Firstbyte.Proxies;

/// <summary>How a proxy is spoken to.</summary>
public enum ProxyKind : byte
{
    /// <summary>HTTP: http URLs in absolute form, everything else through a tunnel (RFC 9112 3.2.2, RFC 9110 9.3.6).</summary>
    Http,

    /// <summary>The same over TLS.</summary>
    Https,

    /// <summary>SOCKS 4: IPv4 addresses only, looked up here.</summary>
    Socks4,

    /// <summary>SOCKS 4A: names are looked up by the proxy.</summary>
    Socks4a,

    /// <summary>SOCKS 5 with addresses that are looked up here (RFC 1928).</summary>
    Socks5,

    /// <summary>SOCKS 5 with names that are looked up by the proxy.</summary>
    Socks5h,
}

/// <summary>What follows from the kind of a proxy.</summary>
public static class ProxyKinds
{
    // What curl's command and its users write, each with the kind it means.
    private static readonly (string Scheme, ProxyKind Kind)[] s_schemes =
    [
        ("http", ProxyKind.Http), ("https", ProxyKind.Https), ("socks4", ProxyKind.Socks4), ("socks4a", ProxyKind.Socks4a),
        ("socks5", ProxyKind.Socks5), ("socks5h", ProxyKind.Socks5h), ("socks", ProxyKind.Socks4),
    ];

    /// <summary>The kind that a proxy's scheme means; null for one that means none.</summary>
    public static ProxyKind? Of(ReadOnlySpan<char> scheme)
    {
        foreach (var (name, kind) in s_schemes)
        {
            if (scheme.Equals(name, StringComparison.OrdinalIgnoreCase)) { return kind; }
        }
        return null;
    }

    /// <summary>The scheme by which the kind is written.</summary>
    public static string SchemeOf(ProxyKind kind) => Array.Find(s_schemes, one => one.Kind == kind).Scheme;

    /// <summary>Whether it speaks HTTP.</summary>
    public static bool IsHttp(ProxyKind kind) => kind is ProxyKind.Http or ProxyKind.Https;

    /// <summary>Whether the proxy looks names up, and this host does not.</summary>
    public static bool LooksUp(ProxyKind kind) => kind is not (ProxyKind.Socks4 or ProxyKind.Socks5);

    /// <summary>The port where none is written: curl's 1080 (IANA: socks), and 443 over TLS.</summary>
    public static ushort DefaultPort(ProxyKind kind) => kind == ProxyKind.Https ? (ushort)443 : (ushort)1080;
}
