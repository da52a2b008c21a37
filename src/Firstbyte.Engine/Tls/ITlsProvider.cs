using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>Turns a pipe of bytes into a pipe that nobody between the two ends can read or change, and says with whom one speaks.</summary>
/// <remarks>
/// Theory of operation. TLS is one seam: a stream goes in, a stream comes out, with the version, the suite, the chain of certificates and a
/// verdict on it. On real networks the platform's TLS stands behind it; in a simulated world an engine whose every random byte comes from the
/// world's seed. Both judge the peer's chain at the network's clock and tell their findings in one vocabulary (<see cref="CertificateFault"/>),
/// so what is said about a certificate does not depend on who checked it. No provider downloads certificates or revocation lists: a handshake
/// depends on what the two ends know and send, and on nothing else.
/// A handshake that fails is an answer (<see cref="TlsFailure"/>), not an exception, also when the transport breaks under it.
/// The transport stays the caller's to close after a failure; after a success the session's stream owns it.
/// </remarks>
public interface ITlsProvider
{
    /// <summary>Makes the client's handshake (RFC 8446 section 2, RFC 5246 section 7.3).</summary>
    ValueTask<TlsResult> AuthenticateAsClientAsync(
        IByteStream transport, TlsClientOptions options, TraceSpan span, CancellationToken cancellationToken = default);

    /// <summary>Makes the server's handshake.</summary>
    ValueTask<TlsResult> AuthenticateAsServerAsync(
        IByteStream transport, TlsServerOptions options, TraceSpan span, CancellationToken cancellationToken = default);
}

/// <summary>The versions of TLS that are spoken; older ones are forbidden (RFC 8996).</summary>
public enum TlsVersion
{
    /// <summary>RFC 5246</summary>
    Tls12 = 0x0303,

    /// <summary>RFC 8446</summary>
    Tls13 = 0x0304,
}

/// <summary>What a client wants of a handshake.</summary>
/// <param name="ServerName">The host as the URL has it: a DNS name in its ASCII form (sent as SNI, RFC 6066 section 3) or an IP address
/// without brackets (not sent).</param>
public sealed record TlsClientOptions(string ServerName)
{
    /// <summary>Application protocols in order of preference (RFC 7301), for instance "http/1.1"; none when empty.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>The root certificates that are trusted, each in DER; null for those of the system (a simulated host has none).</summary>
    public IReadOnlyList<byte[]>? TrustAnchors { get; init; }

    /// <summary>What issuers have taken back; null where nobody looks for that. Each certificate of the chain wants a list of its issuer's then.</summary>
    public IReadOnlyList<RevocationList>? RevocationLists { get; init; }

    /// <summary>Go on although the server's certificate has faults; they are told all the same.</summary>
    public bool AllowFaults { get; init; }

    /// <summary>The oldest version that is accepted.</summary>
    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>The newest version that is offered.</summary>
    public TlsVersion MaximumVersion { get; init; } = TlsVersion.Tls13;

    /// <summary>What is shown to a server that demands a certificate (RFC 8446 section 4.3.2); null for none.</summary>
    public TlsClientCertificate? Certificate { get; init; }

    /// <summary>Fingerprints of keys (SHA-256 of a SubjectPublicKeyInfo), one of which the server has to have; none is wanted when empty
    /// (RFC 7469 section 2.4).</summary>
    public IReadOnlyList<byte[]> PinnedKeys { get; init; } = [];

    /// <summary>
    /// Go on with an earlier session with the same server, where it lets one (RFC 8446 section 2.2): servers of FTP want it of data connections, to see that
    /// they are of the same client. Whether the server asks for a certificate that is not there is not found out then.
    /// </summary>
    public bool ResumesSession { get; init; }

    /// <summary>The cipher suites that are offered, by their IANA names; null for those of the provider.</summary>
    public IReadOnlyList<string>? Suites { get; init; }
}

/// <summary>A client's certificate with its private key.</summary>
/// <param name="Chain">The certificate itself, then those that lead to the root (which may be left out), each in DER.</param>
/// <param name="PrivateKey">The key in PKCS #8 DER (RFC 5958): an elliptic curve or RSA key.</param>
public sealed record TlsClientCertificate(IReadOnlyList<byte[]> Chain, byte[] PrivateKey);

/// <summary>What a server brings to a handshake.</summary>
/// <param name="Certificates">The first whose names match the client's SNI is shown, else the first.</param>
public sealed record TlsServerOptions(IReadOnlyList<TlsServerCertificate> Certificates)
{
    /// <summary>Application protocols in order of preference; the client's offer is ignored when empty.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>The oldest version that is accepted.</summary>
    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>The newest version that is accepted.</summary>
    public TlsVersion MaximumVersion { get; init; } = TlsVersion.Tls13;

    /// <summary>The roots that have to vouch for the client's certificate, each in DER; null for a server that demands none.</summary>
    public IReadOnlyList<byte[]>? ClientAnchors { get; init; }

    /// <summary>The certificate to show to a client that asked for <paramref name="serverName"/> (null when it sent no name).</summary>
    public TlsServerCertificate Select(string? serverName)
    {
        if (serverName is not null)
        {
            foreach (var certificate in Certificates)
            {
                if (ServerNameMatch.Covers(certificate.Names, serverName)) { return certificate; }
            }
        }
        return Certificates[0];
    }
}

/// <summary>A server's certificate with its private key.</summary>
/// <param name="Names">The names it is for, as in its subjectAltName.</param>
/// <param name="Chain">The certificate itself, then those that lead to the root (which may be left out), each in DER.</param>
/// <param name="PrivateKey">The key in PKCS #8 DER (RFC 5958): an elliptic curve or RSA key.</param>
public sealed record TlsServerCertificate(IReadOnlyList<string> Names, IReadOnlyList<byte[]> Chain, byte[] PrivateKey);
