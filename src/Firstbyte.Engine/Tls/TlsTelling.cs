using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>Tells one handshake: what every provider has to say, said once.</summary>
public readonly struct TlsTelling
{
    private readonly INetwork _network;
    private readonly TraceSpan _span;
    private readonly Instant _started;

    private TlsTelling(INetwork network, TraceSpan span)
    {
        _network = network;
        _span = span;
        _started = NetworkClock.Monotonic(network);
    }

    /// <summary>Tells that a handshake begins on this network's clock.</summary>
    public static TlsTelling Start(INetwork network, TraceSpan span, string serverName)
    {
        var telling = new TlsTelling(network, span);
        if (span.IsListening) { span.Tell(new TlsHandshakeStarted(serverName)); }
        return telling;
    }

    /// <summary>Tells what was found wrong.</summary>
    public void Faults(IEnumerable<CertificateFault> faults, bool allowed)
    {
        if (!_span.IsListening) { return; }
        foreach (var fault in faults) { _span.Tell(new CertificateFaultFound(fault, allowed)); }
    }

    /// <summary>Tells the end and passes it on.</summary>
    public TlsResult End(TlsResult result)
    {
        if (_span.IsListening)
        {
            var elapsed = NetworkClock.Monotonic(_network).Nanoseconds - _started.Nanoseconds;
            _span.Tell(result switch
            {
                TlsSession session => new TlsHandshakeCompleted(session.Version, session.Suite, session.Alpn, [.. session.Chain], elapsed),
                TlsFailure failure => new TlsHandshakeFailed(failure.Reason, [.. failure.Faults], failure.Alert, failure.Error, elapsed),
                _ => throw new ArgumentException("a handshake ends in a session or a failure", nameof(result)),
            });
            if (result is TlsSession { ClientCertificate: not ClientCertificateUse.NotAsked } asked)
            {
                _span.Tell(new ClientCertificateAsked(asked.ClientCertificate == ClientCertificateUse.Shown));
            }
        }
        return result;
    }
}
