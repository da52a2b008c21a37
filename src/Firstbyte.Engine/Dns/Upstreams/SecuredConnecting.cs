using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Upstreams;

/// <summary>Makes secured connections to servers that somebody has named, and sees to it that they are those that were meant (RFC 8310 section 8).</summary>
internal sealed class SecuredConnecting(INetwork network, ITlsProvider tls, IReadOnlyList<byte[]>? anchors)
{
    public INetwork Network { get; } = network;

    public UpstreamCounters? Counters { get; init; }

    /// <summary>The stream of a connection with a server, or why there is none. It takes no longer than a server is waited for over TCP.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="alpn">What is spoken over it, in the registry's word.</param>
    /// <param name="span">The step that it is made for.</param>
    /// <param name="stop">Gives up.</param>
    public async ValueTask<(IByteStream? Stream, UpstreamFailure Failure)> ConnectAsync(
        UpstreamServer server, string alpn, TraceSpan span, CancellationToken stop)
    {
        using var time = new CancellationTokenSource(ResolutionLimits.TcpTimeout, Network.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stop);
        ISocket? socket = null;
        IByteStream? stream = null;
        UpstreamFailure failure = default;
        var isConnected = false;
        try
        {
            socket = Network.CreateSocket(server.Endpoint.Address.Version, SocketKind.Stream);
            await socket.ConnectAsync(server.Endpoint, either.Token);
            isConnected = true;
            // Small messages that must not wait for each other's acknowledgements.
            socket.SetOption(SocketOption.NoDelay, 1);
            var result = await tls.AuthenticateAsClientAsync(new SocketByteStream(socket), OptionsOf(server, alpn), span, either.Token);
            if (result is TlsSession session) { stream = session.Stream; }
            else { failure = FailureOf((TlsFailure)result); }
        }
        catch (NetworkException error) { failure = new UpstreamFailure(error.Error, WasSent: false); }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Whoever is there and does not take part in the handshake speaks something else.
            failure = stop.IsCancellationRequested ? new UpstreamFailure(Errno.ECANCELED, WasSent: false)
                : new UpstreamFailure(Errno.ETIMEDOUT, WasSent: false, isConnected ? UpstreamFault.HandshakeFailed : UpstreamFault.None);
        }
        if (stream is null) { socket?.Close(); }
        if (!stop.IsCancellationRequested) { Counters?.CountConnection(stream is not null); }
        return (stream, failure);
    }

    private TlsClientOptions OptionsOf(UpstreamServer server, string alpn) =>
        new(server.Name.Length > 0 ? server.Name : server.Endpoint.Address.ToString())
        {
            Alpn = [alpn],
            TrustAnchors = anchors,
            PinnedKeys = server.PinnedKeys,
            // A key that was named is enough (RFC 7858 section 4.2), and who may be asked in clear may as well be anybody (RFC 8310 section 5).
            AllowFaults = server.InClear is not null || server.PinnedKeys.Count > 0 && server.Name.Length == 0,
        };

    private static UpstreamFailure FailureOf(TlsFailure failure) => failure.Reason switch
    {
        TlsFailureReason.CertificateRejected => new UpstreamFailure(Errno.EPROTO, false, UpstreamFault.CertificateRefused),
        TlsFailureReason.KeyNotPinned => new UpstreamFailure(Errno.EPROTO, false, UpstreamFault.KeyNotPinned),
        TlsFailureReason.TransportFailed => new UpstreamFailure(failure.Error ?? Errno.ECONNRESET, false),
        TlsFailureReason.ConnectionEnded => new UpstreamFailure(Errno.ECONNRESET, false, UpstreamFault.HandshakeFailed),
        _ => new UpstreamFailure(Errno.EPROTO, false, UpstreamFault.HandshakeFailed),
    };
}
