using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Connecting;

/// <summary>A connection that has been made, before anything was said on it.</summary>
/// <param name="Socket">The connected socket.</param>
/// <param name="Stream">Its bytes, both ways.</param>
/// <param name="Remote">The address that accepted.</param>
/// <param name="Span">The step that the connection's events belong to.</param>
/// <param name="Began">When its making began, on the network's clock: the limit of time is for all of it.</param>
internal sealed record Connected(ISocket Socket, IByteStream Stream, Endpoint Remote, TraceSpan Span, long Began);

/// <summary>
/// The later links of the chain: socket() and connect() to the address that answers first, and TLS over it for whoever wants it. It knows
/// no journey and no protocol.
/// </summary>
internal sealed class Connector(INetwork network, ITlsProvider tls, ConnectingOptions options)
{
    /// <summary>A connection to one of the addresses; without one, every attempt is in <paramref name="attempts"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Connected?> ConnectAsync(
        Origin origin, string host, IpAddress[] addresses, List<ConnectAttempt> attempts, TraceSpan parent,
        CancellationToken cancellationToken)
    {
        var span = parent.Begin();
        var race = new ConnectionRace(addresses);
        if (span.IsListening) { span.Tell(new ConnectionWanted(origin.Scheme, host, origin.Port, [.. race.Order])); }
        var traced = span.IsListening ? new TracingNetwork(network, span, options.TellBytes) : network;
        var began = network.Time.GetTimestamp();
        // One limit for all addresses and TLS, as curl's.
        using var patience = new CancellationTokenSource(options.ConnectTimeout, network.Time);
        var driver = new RaceDriver(network, race, (step, over) => ConnectToAsync(traced, new Endpoint(step.Address, (ushort)origin.Port), race, span, over));
        return await driver.RunAsync(attempts, patience.Token, cancellationToken) is not { } socket
            ? null
            : new Connected(socket, new SocketByteStream(socket), socket.RemoteEndpoint ?? default, span, began);
    }

    /// <summary>Puts TLS over a connection; without a session the connection is closed. Null when the limit of connecting has ended it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the connection is closed.</exception>
    public async ValueTask<TlsResult?> SecureAsync(
        Connected connection, string host, string[] alpn, bool isProxy, CancellationToken cancellationToken, bool allowsFaults = false,
        bool resumes = false)
    {
        using var patience = new CancellationTokenSource(Left(connection), network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var secured = false;
        try
        {
            var settings = new TlsClientOptions(host)
            {
                Alpn = alpn,
                AllowFaults = options.AllowCertificateFaults || allowsFaults,
                TrustAnchors = options.TrustAnchors,
                RevocationLists = options.RevocationLists,
                MinimumVersion = options.MinimumTls,
                MaximumVersion = options.MaximumTls,
                Suites = options.Suites,
                ResumesSession = resumes,
                Certificate = isProxy ? null : options.ClientCertificate,
                PinnedKeys = isProxy ? [] : options.PinnedKeys,
            };
            var result = await tls.AuthenticateAsClientAsync(connection.Stream, settings, connection.Span, both.Token);
            secured = result is TlsSession;
            return result is TlsSession session && options.Calls is { } calls
                ? session with { Stream = calls.Watch(session.Stream, connection.Socket.Descriptor) }
                : result;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested) { return null; }
        finally
        {
            if (!secured) { connection.Stream.Close(); }
        }
    }

    /// <summary>What is left of the limit of connecting.</summary>
    public TimeSpan Left(Connected connection)
    {
        var left = options.ConnectTimeout - network.Time.GetElapsedTime(connection.Began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // From where a connection comes is the host's to say, unless somebody asks for an address or a port of it.
    private void Bind(ISocket socket, IpAddress remote)
    {
        if (options is { LocalAddress: null, LocalPorts: null }) { return; }
        var address = options.LocalAddress ?? (remote.IsV4 ? IpAddress.AnyV4 : IpAddress.AnyV6);
        var (first, last) = options.LocalPorts ?? (0, 0);
        for (var port = first; ; port++)
        {
            try
            {
                socket.Bind(new Endpoint(address, (ushort)port));
                return;
            }
            catch (NetworkException e) when (e.Error == Errno.EADDRINUSE && port < last) { /* The next may be free. */ }
        }
    }

    private async ValueTask<ISocket> ConnectToAsync(INetwork traced, Endpoint remote, ConnectionRace race, TraceSpan span, CancellationToken over)
    {
        var began = network.Time.GetTimestamp();
        var socket = traced.CreateSocket(remote.Address.Version, SocketKind.Stream);
        try
        {
            socket.SetOption(SocketOption.NoDelay, 1);
            Bind(socket, remote.Address);
            await socket.ConnectAsync(remote, over);
            return socket;
        }
        catch (OperationCanceledException) when (race.IsWon && span.IsListening)
        {
            span.Tell(new ConnectAbandoned(socket.Descriptor, remote, NetworkClock.NanosecondsSince(network.Time, began)));
            socket.Close();
            throw;
        }
        catch
        {
            socket.Close();
            throw;
        }
    }
}
