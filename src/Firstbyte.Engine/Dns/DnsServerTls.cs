using Firstbyte.Tls;

namespace Firstbyte.Dns;

/// <summary>How a server speaks DNS over TLS (RFC 7858).</summary>
/// <param name="provider">Makes the handshakes.</param>
/// <param name="certificates">What is shown, the first whose name the client asks for.</param>
public sealed class DnsServerTls(ITlsProvider provider, IReadOnlyList<TlsServerCertificate> certificates)
{
    /// <summary>RFC 7858 section 3.1.</summary>
    public const ushort Port = 853;

    private volatile TlsServerOptions _options = OptionsOf(certificates);

    /// <summary>Makes the handshakes.</summary>
    public ITlsProvider Provider { get; } = provider;

    /// <summary>What the next handshake is made with.</summary>
    internal TlsServerOptions Options => _options;

    /// <summary>Shows other certificates from the next connection on: those that are there stay as they are.</summary>
    public void Renew(IReadOnlyList<TlsServerCertificate> others) => _options = OptionsOf(others);

    // The registry's name for it ("TLS Application-Layer Protocol Negotiation (ALPN) Protocol IDs").
    private static TlsServerOptions OptionsOf(IReadOnlyList<TlsServerCertificate> all) => new(all) { Alpn = ["dot"] };
}
