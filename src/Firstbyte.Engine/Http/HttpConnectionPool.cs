using Firstbyte.Journeys;
using Firstbyte.Sockets;

namespace Firstbyte.Http;

/// <summary>Where requests go: requests to one origin may share connections (RFC 9110 4.3.1).</summary>
/// <param name="Scheme">"http" or "https".</param>
/// <param name="Host">The host as the URL serialises it.</param>
/// <param name="Port">The port.</param>
public readonly record struct HttpOrigin(string Scheme, string Host, int Port);

/// <summary>Opens streams to origins: resolves, connects, and puts TLS over it where the scheme asks for it.</summary>
public interface IHttpConnector
{
    /// <summary>A stream that is ready for the first request.</summary>
    ValueTask<IByteStream> ConnectAsync(HttpOrigin origin, TraceSpan span, CancellationToken cancellationToken);
}

/// <summary>Keeps connections that may carry another exchange, and hands them out again.</summary>
/// <remarks>An idle connection listens: when its peer ends it, or sends what nobody asked for, it is closed and leaves the pool (RFC 9112 9.3, 9.5).</remarks>
public sealed class HttpConnectionPool(INetwork network, IHttpConnector connector, HttpConnectionOptions? options = null) : IDisposable
{
    /// <summary>Idle connections kept to one origin: as many as browsers open (Chrome, Firefox: 6).</summary>
    public const int MaximumIdlePerOrigin = 6;

    /// <summary>Idle connections kept in all; curl keeps 5 in a run, a browser 256.</summary>
    public const int MaximumIdle = 64;

    /// <summary>How long an idle connection is trusted; servers commonly close after 60 to 75 s, .NET's client after 60 s.</summary>
    public static readonly TimeSpan MaximumIdleTime = TimeSpan.FromSeconds(60);

    // The newest is last: the one most likely to be alive is handed out first. A list, because its order is the same in every run.
    private readonly List<(HttpOrigin Origin, HttpConnection Connection, long Since)> _idle = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Idle connections at the moment.</summary>
    public int IdleCount
    {
        get { lock (_lock) { return _idle.Count; } }
    }

    /// <summary>Sends a request on an idle connection, or on a new one, and keeps the connection where it may be kept.</summary>
    /// <remarks>
    /// When a reused connection dies before the first byte of the response, the request was probably crossing the server's close: it is
    /// sent once more on a new connection if doing it twice does no harm (RFC 9112 9.3.1, RFC 9110 9.2.2).
    /// Failures of connecting come as the connector's exceptions; failures of the exchange are in the result.
    /// </remarks>
    public ValueTask<HttpExchangeResult> SendAsync(HttpOrigin origin, HttpRequest request, IBodySink sink, TraceSpan span, CancellationToken cancellationToken = default) =>
        SendAsync(origin, request, sink, span, null, cancellationToken);

    /// <summary>Sends a request as the other overload does, into a result that is filled again; null makes a new one.</summary>
    public async ValueTask<HttpExchangeResult> SendAsync(HttpOrigin origin, HttpRequest request, IBodySink sink, TraceSpan span, HttpExchangeResult? into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (TakeIdle(origin) is { } reused)
        {
            if (span.IsListening) { span.Tell(new ConnectionReused(origin.Scheme, origin.Host, origin.Port, reused.Exchanges)); }
            var first = await reused.SendAsync(request, sink, span, into, cancellationToken);
            if (!MayRetry(first, request))
            {
                Keep(origin, reused);
                return first;
            }
            if (span.IsListening) { span.Tell(new RequestRetried(request.Method, first.Failure!.Reason)); }
        }
        var connection = new HttpConnection(await connector.ConnectAsync(origin, span, cancellationToken), network, options);
        var result = await connection.SendAsync(request, sink, span, into, cancellationToken);
        if (result.Head.Framing != BodyFraming.Tunnel) { Keep(origin, connection); }
        return result;
    }

    /// <summary>The youngest idle connection to an origin, for the caller to use and to give back by <see cref="Keep"/>; null when there is none.</summary>
    public HttpConnection? TakeIdle(HttpOrigin origin)
    {
        while (true)
        {
            HttpConnection connection;
            long since;
            lock (_lock)
            {
                var index = _idle.FindLastIndex(idle => idle.Origin == origin);
                if (index < 0) { return null; }
                (_, connection, since) = _idle[index];
                _idle.RemoveAt(index);
            }
            if (!connection.TryWake()) { continue; }
            if (network.Time.GetElapsedTime(since) < MaximumIdleTime) { return connection; }
            connection.Close();
        }
    }

    /// <summary>Keeps a connection for the next request to its origin; one that is closed already, or one too many, is let go.</summary>
    public void Keep(HttpOrigin origin, HttpConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!connection.IsOpen) { return; }
        lock (_lock)
        {
            if (!_disposed && _idle.Count < MaximumIdle && _idle.Count(idle => idle.Origin == origin) < MaximumIdlePerOrigin)
            {
                _idle.Add((origin, connection, network.Time.GetTimestamp()));
                connection.BeginIdle(Forget);
                return;
            }
        }
        connection.Close();
    }

    /// <summary>Closes every idle connection.</summary>
    public void Dispose()
    {
        HttpConnection[] all;
        lock (_lock)
        {
            _disposed = true;
            all = [.. _idle.Select(idle => idle.Connection)];
            _idle.Clear();
        }
        foreach (var connection in all)
        {
            if (connection.TryWake()) { connection.Close(); }
        }
    }

    internal static bool MayRetry(HttpExchangeResult result, HttpRequest request) =>
        result is { WireBytes: 0, Failure.Reason: ExchangeFailureReason.EmptyReply or ExchangeFailureReason.ConnectionFailed } && request.IsIdempotent;

    private void Forget(HttpConnection connection)
    {
        lock (_lock)
        {
            var index = _idle.FindIndex(idle => ReferenceEquals(idle.Connection, connection));
            if (index >= 0) { _idle.RemoveAt(index); }
        }
    }
}
