namespace Firstbyte.Proxies;

/// <summary>What proxies and those who ask them may cost.</summary>
public static class ProxyLimits
{
    /// <summary>Bytes of a user's name, of a password and of a host's name in SOCKS5: each has one byte for its length (RFC 1928 5, RFC 1929 2).</summary>
    public const int SocksText = 255;

    /// <summary>Bytes of what SOCKS4 ends with a NUL and gives no limit: as for SOCKS5.</summary>
    public const int Socks4Text = SocksText;

    /// <summary>Bytes of content that are read of a proxy that makes no tunnel; what is longer is cut off (own choice: a page fits).</summary>
    public const int RefusalContent = 64 * 1024;

    /// <summary>Requests for one tunnel: without a password, with an old nonce, with the new one, and once more where that was stale on arrival.</summary>
    public const int TunnelTries = 4;

    /// <summary>Entries of a list of hosts that go without proxy (own choice; the lists of offices have some dozens).</summary>
    public const int NoProxyEntries = 1000;
}
