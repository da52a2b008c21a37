namespace Firstbyte.Dns.Wire;

/// <summary>How a message travels.</summary>
public enum DnsTransport
{
    /// <summary>Datagrams (RFC 1035 4.2.1).</summary>
    Udp,

    /// <summary>A stream, each message after its length (RFC 1035 4.2.2, RFC 7766).</summary>
    Tcp,

    /// <summary>The same stream within TLS (RFC 7858).</summary>
    Tls,

    /// <summary>A message in the content of an HTTP exchange (RFC 8484).</summary>
    Https,
}
