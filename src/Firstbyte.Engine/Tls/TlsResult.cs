using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tls;

/// <summary>How a handshake ended: <see cref="TlsSession"/> or <see cref="TlsFailure"/>.</summary>
public abstract record TlsResult
{
    private protected TlsResult() { }
}

/// <summary>A handshake that succeeded.</summary>
/// <param name="Stream">The protected pipe; closing it says close_notify and closes the transport.</param>
/// <param name="Version">The version that both speak.</param>
/// <param name="Suite">The cipher suite, by its IANA name.</param>
/// <param name="Alpn">The application protocol agreed on, or null.</param>
/// <param name="ServerName">The name that the client asked for, or null when it sent none.</param>
/// <param name="Chain">On the client: the server's certificates as judged, its own first. Empty on the server.</param>
/// <param name="Faults">Faults that were found and allowed.</param>
public sealed record TlsSession(IByteStream Stream, TlsVersion Version, string Suite, string? Alpn, string? ServerName,
    IReadOnlyList<CertificateSummary> Chain, IReadOnlyList<CertificateFault> Faults) : TlsResult
{
    /// <summary>On the client: what the server wanted of it.</summary>
    public ClientCertificateUse ClientCertificate { get; init; }

    /// <summary>The alert by which the server has ended the session since; in TLS 1.3 it judges the client's certificate only after the handshake.</summary>
    public Func<TlsAlert?> AlertSince { get; init; } = static () => null;
}

/// <summary>What became of a client's certificate.</summary>
public enum ClientCertificateUse
{
    /// <summary>The server did not ask for one.</summary>
    NotAsked,

    /// <summary>It asked, and there was none.</summary>
    Missing,

    /// <summary>It asked and was shown one.</summary>
    Shown,

    /// <summary>There was none, and whether it asked is not known: its platform does not say so where it keeps sessions.</summary>
    Unknown,
}

/// <summary>A handshake that failed.</summary>
/// <param name="Reason">What ended it.</param>
/// <param name="Faults">The faults of the peer's certificate, when they ended it.</param>
/// <param name="Chain">The peer's certificates as far as they were seen.</param>
/// <param name="Alert">The alert that the peer sent, or that was sent to it, where there was one.</param>
/// <param name="Error">The transport's error, when it broke.</param>
public sealed record TlsFailure(
    TlsFailureReason Reason, IReadOnlyList<CertificateFault> Faults, IReadOnlyList<CertificateSummary> Chain, TlsAlert? Alert, Errno? Error)
        : TlsResult
{
    /// <summary>The fingerprint of the server's key, where it is none of the pinned ones.</summary>
    public string? Pin { get; init; }
}

/// <summary>What ended a handshake.</summary>
public enum TlsFailureReason
{
    /// <summary>The peer's certificate has faults; at fault: whoever runs the peer, or the list of trusted roots.</summary>
    CertificateRejected,

    /// <summary>The peer gave up and said why by an alert.</summary>
    AlertReceived,

    /// <summary>The peer's bytes are no TLS, or break its rules.</summary>
    ProtocolError,

    /// <summary>The peer ended the connection in the middle of the handshake.</summary>
    ConnectionEnded,

    /// <summary>The transport failed; the errno says how.</summary>
    TransportFailed,

    /// <summary>The server demands a certificate of the client, which has none.</summary>
    ClientCertificateMissing,

    /// <summary>The server does not take the client's certificate.</summary>
    ClientCertificateRefused,

    /// <summary>The server's key is none of those that were pinned.</summary>
    KeyNotPinned,
}

/// <summary>What an alert means, where the server has asked for a certificate.</summary>
public static class TlsFailureReasons
{
    /// <summary>The reason that lies in the client's certificate; null for another one.</summary>
    public static TlsFailureReason? OfClientCertificate(ClientCertificateUse use, TlsAlert? alert) => use switch
    {
        // TLS 1.2 has no word of its own for it: OpenSSL says handshake_failure, others bad_certificate.
        ClientCertificateUse.Missing when alert is TlsAlert.CertificateRequired or TlsAlert.HandshakeFailure or TlsAlert.BadCertificate
            or TlsAlert.CertificateUnknown or TlsAlert.AccessDenied => TlsFailureReason.ClientCertificateMissing,
        ClientCertificateUse.Shown when alert is TlsAlert.BadCertificate or TlsAlert.UnsupportedCertificate or TlsAlert.CertificateRevoked
            or TlsAlert.CertificateExpired or TlsAlert.CertificateUnknown or TlsAlert.UnknownCa or TlsAlert.AccessDenied or TlsAlert.CertificateRequired
            => TlsFailureReason.ClientCertificateRefused,
        // An alert that is sent for nothing else (RFC 8446 section 6.2).
        ClientCertificateUse.Unknown when alert is TlsAlert.CertificateRequired => TlsFailureReason.ClientCertificateMissing,
        _ => null,
    };
}

/// <summary>The alert descriptions of TLS (RFC 8446 section 6, and the IANA registry "TLS Alerts" for the older ones).</summary>
public enum TlsAlert : byte
{
    CloseNotify = 0,
    UnexpectedMessage = 10,
    BadRecordMac = 20,
    RecordOverflow = 22,
    HandshakeFailure = 40,
    BadCertificate = 42,
    UnsupportedCertificate = 43,
    CertificateRevoked = 44,
    CertificateExpired = 45,
    CertificateUnknown = 46,
    IllegalParameter = 47,
    UnknownCa = 48,
    AccessDenied = 49,
    DecodeError = 50,
    DecryptError = 51,
    ProtocolVersion = 70,
    InsufficientSecurity = 71,
    InternalError = 80,
    InappropriateFallback = 86,
    UserCanceled = 90,
    NoRenegotiation = 100,
    MissingExtension = 109,
    UnsupportedExtension = 110,
    UnrecognizedName = 112,
    BadCertificateStatusResponse = 113,
    UnknownPskIdentity = 115,
    CertificateRequired = 116,
    NoApplicationProtocol = 120,
}

/// <summary>The alerts by the names that RFC 8446 section 6 and the registry give them.</summary>
public static class TlsAlertNames
{
    /// <summary>"handshake_failure" for <see cref="TlsAlert.HandshakeFailure"/>; the number of an alert that is not registered.</summary>
    public static string RegisteredName(this TlsAlert alert)
    {
        if (!Enum.IsDefined(alert)) { return ((byte)alert).ToString(System.Globalization.CultureInfo.InvariantCulture); }
        var name = new System.Text.StringBuilder();
        foreach (var letter in alert.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0) { name.Append('_'); }
            name.Append(char.ToLowerInvariant(letter));
        }
        return name.ToString();
    }
}
