using Org.BouncyCastle.Tls;

namespace Firstbyte.Simulation.Tls;

/// <summary>A TLS engine whose two directions end apart: close_notify ends the direction of whoever sends it (RFC 8446 section 6.1).</summary>
/// <remarks>The library follows the older rule (RFC 5246 section 7.2.1): it answers a close_notify with its own and drops what it still had to send.</remarks>
internal interface IHalfClosing
{
    /// <summary>Whether the peer has sent close_notify.</summary>
    bool PeerEnded { get; }

    /// <summary>Puts close_notify among the bytes to be sent.</summary>
    void EndSending();
}

/// <summary>The client's engine.</summary>
internal sealed class HalfClosingClientProtocol : TlsClientProtocol, IHalfClosing
{
    public bool PeerEnded { get; private set; }

    public void EndSending() => RaiseAlertWarning(AlertDescription.close_notify, null);

    protected override void HandleAlertWarningMessage(short alertDescription)
    {
        if (alertDescription == AlertDescription.close_notify && IsConnected) { PeerEnded = true; }
        else { base.HandleAlertWarningMessage(alertDescription); }
    }
}

/// <summary>The server's engine.</summary>
internal sealed class HalfClosingServerProtocol : TlsServerProtocol, IHalfClosing
{
    public bool PeerEnded { get; private set; }

    public void EndSending() => RaiseAlertWarning(AlertDescription.close_notify, null);

    protected override void HandleAlertWarningMessage(short alertDescription)
    {
        if (alertDescription == AlertDescription.close_notify && IsConnected) { PeerEnded = true; }
        else { base.HandleAlertWarningMessage(alertDescription); }
    }
}
