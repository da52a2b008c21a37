using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>A client begins its handshake, or a server waits for one (its name is empty then).</summary>
public sealed record TlsHandshakeStarted(string ServerName) : TraceEvent;

/// <summary>Both ends speak TLS now.</summary>
public sealed record TlsHandshakeCompleted(TlsVersion Version, string Suite, string? Alpn, CertificateSummary[] Chain, long ElapsedNanoseconds) : TraceEvent;

/// <summary>The server has asked for a certificate of the client.</summary>
/// <param name="IsShown">There is one, and it was shown.</param>
public sealed record ClientCertificateAsked(bool IsShown) : TraceEvent;

/// <summary>The handshake ended without a session.</summary>
public sealed record TlsHandshakeFailed(
    TlsFailureReason Reason, CertificateFault[] Faults, TlsAlert? Alert, Errno? Error, long ElapsedNanoseconds) : TraceEvent;

/// <summary>A certificate of the server's chain has a fault; whether it ends the handshake is told by the event that follows.</summary>
public sealed record CertificateFaultFound(CertificateFault Fault, bool Allowed) : TraceEvent;
