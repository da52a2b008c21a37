namespace Firstbyte.Proxies;

/// <summary>What a client says to a SOCKS proxy.</summary>
public enum SocksMessage : byte
{
    /// <summary>Which ways of showing who asks are known (RFC 1928 3).</summary>
    Methods,

    /// <summary>User and password (RFC 1929).</summary>
    Login,

    /// <summary>CONNECT: where the tunnel is to lead.</summary>
    Connect,
}

/// <summary>Why a SOCKS proxy makes no tunnel.</summary>
public enum SocksFault : byte
{
    /// <summary>It does.</summary>
    None,

    /// <summary>What came is no SOCKS: its first byte is another one.</summary>
    NotSocks,

    /// <summary>The proxy ended the connection before its reply was whole.</summary>
    Ended,

    /// <summary>The proxy wants to know who asks, and no user was named (RFC 1928 3: X'FF').</summary>
    CredentialsWanted,

    /// <summary>The proxy takes none of the ways that were offered, a password among them.</summary>
    MethodsRefused,

    /// <summary>The proxy chose a way that was not offered.</summary>
    MethodNotOffered,

    /// <summary>The proxy does not let this user in (RFC 1929 2; SOCKS4: 92 and 93).</summary>
    CredentialsRefused,

    /// <summary>Reply 1 (RFC 1928 6), or 91 of SOCKS4, which knows no more.</summary>
    GeneralFailure,

    /// <summary>Reply 2: the proxy's rules do not allow it.</summary>
    NotAllowed,

    /// <summary>Reply 3.</summary>
    NetworkUnreachable,

    /// <summary>Reply 4.</summary>
    HostUnreachable,

    /// <summary>Reply 5: the server refused the proxy's connection.</summary>
    ConnectionRefused,

    /// <summary>Reply 6.</summary>
    TimeToLiveExpired,

    /// <summary>Reply 7.</summary>
    CommandNotSupported,

    /// <summary>Reply 8.</summary>
    AddressTypeNotSupported,

    /// <summary>A reply that no document gives a meaning.</summary>
    ReplyUnknown,

    /// <summary>The reply names an address of a kind that no document gives a meaning: where it ends is not known.</summary>
    AddressTypeUnknown,

    /// <summary>User or password is longer than SOCKS can say, or empty, or holds a NUL: nothing was sent.</summary>
    CredentialsUnsayable,

    /// <summary>The name of the server is longer than SOCKS can say: nothing was sent.</summary>
    NameUnsayable,

    /// <summary>SOCKS4 knows IPv4 addresses only, and the server has none: nothing was sent.</summary>
    NeedsIpv4,
}
