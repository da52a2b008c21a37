using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Tls;

namespace Firstbyte.Journeys;

/// <summary>Makes the connection that a journey wants: socket(), connect() to one address after the other, and TLS over it for https.</summary>
internal sealed class JourneyConnector(INetwork network, ITlsProvider tls, JourneyOptions options)
{
    /// <summary>A stream that is ready for the first request, or the <see cref="ConnectException"/> of the last address tried.</summary>
    public async ValueTask<IByteStream> ConnectAsync(Journey journey, IpAddress[] addresses, CancellationToken cancellationToken)
    {
        var span = journey.Span.Begin();
        if (span.IsListening) { span.Tell(new ConnectionWanted(journey.Url.Scheme, journey.Host, journey.Port, addresses)); }
        var traced = span.IsListening ? new TracingNetwork(network, span, options.TellBytes) : network;
        journey.Step = JourneyStep.Connect;
        // One limit for all addresses and TLS, as curl's.
        using var patience = new CancellationTokenSource(options.ConnectTimeout, network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var socket = await ConnectToAnyAsync(traced, journey, addresses, patience.Token, both.Token);
        var stream = new SocketByteStream(socket);
        if (journey.Url.Scheme != "https") { return stream; }

        journey.Step = JourneyStep.Tls;
        var began = journey.Timestamp();
        try
        {
            var settings = new TlsClientOptions(journey.Host) { Alpn = ["http/1.1"], AllowFaults = options.AllowCertificateFaults, TrustAnchors = options.TrustAnchors };
            var result = await tls.AuthenticateAsClientAsync(stream, settings, span, both.Token);
            if (result is TlsSession session) { return options.Calls is { } calls ? calls.Watch(session.Stream, socket.Descriptor) : session.Stream; }
            stream.Close();
            var failure = (TlsFailure)result;
            throw new ConnectException(new HandshakeFailed(journey.Origin, failure.Reason, [.. failure.Faults], failure.Alert, failure.Error));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            stream.Close();
            throw new ConnectException(new OutOfTime(JourneyStep.Tls, journey.Origin.ToString(), options.ConnectTimeout.Ticks * TimeSpan.NanosecondsPerTick, TimeLimit.Connecting));
        }
        catch (OperationCanceledException)
        {
            stream.Close();
            throw;
        }
        finally { journey.TlsNanoseconds = journey.Since(began); }
    }

    private static async ValueTask<ISocket> ConnectToAnyAsync(INetwork traced, Journey journey, IpAddress[] addresses, CancellationToken patience, CancellationToken both)
    {
        var began = journey.Timestamp();
        try
        {
            var attempts = new List<ConnectAttempt>();
            foreach (var address in addresses)
            {
                var tried = journey.Timestamp();
                var remote = new Endpoint(address, (ushort)journey.Port);
                try { return await ConnectToAsync(traced, remote, both); }
                catch (NetworkException e) { attempts.Add(new ConnectAttempt(address, e.Error, journey.Since(tried))); }
                // The limit is for all of them: the others are not tried any more.
                catch (OperationCanceledException) when (patience.IsCancellationRequested)
                {
                    attempts.Add(new ConnectAttempt(address, Errno.ETIMEDOUT, journey.Since(tried)));
                    break;
                }
            }
            throw new ConnectException(new NotConnected(journey.Origin, [.. attempts]));
        }
        finally { journey.ConnectNanoseconds = journey.Since(began); }
    }

    private static async ValueTask<ISocket> ConnectToAsync(INetwork traced, Endpoint remote, CancellationToken cancellationToken)
    {
        var socket = traced.CreateSocket(remote.Address.Version, SocketKind.Stream);
        try
        {
            socket.SetOption(SocketOption.NoDelay, 1);
            await socket.ConnectAsync(remote, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Close();
            throw;
        }
    }
}
