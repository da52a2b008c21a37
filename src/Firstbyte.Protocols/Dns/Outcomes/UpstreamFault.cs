namespace Firstbyte.Dns.Outcomes;

/// <summary>Why a secured transport brought no answer, where an errno does not say it.</summary>
public enum UpstreamFault
{
    /// <summary>The errno says it.</summary>
    None,

    /// <summary>The server's certificate is not that of who was meant; at fault: the server, or who stands between.</summary>
    CertificateRefused,

    /// <summary>The server's key is none of those that were named.</summary>
    KeyNotPinned,

    /// <summary>The server and this resolver did not come to terms about TLS.</summary>
    HandshakeFailed,

    /// <summary>An HTTP server answered by another status than 200 (RFC 8484 section 4.2.1).</summary>
    HttpRefused,

    /// <summary>An HTTP server answered by something that is no DNS message.</summary>
    NoMessage,

    /// <summary>There is nothing to secure connections with here.</summary>
    NoTls,
}
