using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>Sends requests, on connections that earlier requests have left where there is one.</summary>
/// <remarks>
/// Theory of operation. The pool makes one try: it asks the connector which addresses the origin has now, takes an idle connection to one of
/// them or has a new one made, and keeps it when the exchange has left it fit for another. What it may keep, and for how long, is in
/// <see cref="PoolLimits"/>. Whether a request goes out again is no concern of the pool: <see cref="RepeatingSender"/> stands around it.
/// Journeys and programs that use the library go the same way.
/// </remarks>
public sealed class HttpConnectionPool : IDisposable
{
    private readonly IHttpConnector? _connector;
    private readonly IdleConnections<HttpConnection> _idle;
    private readonly RepeatingSender _sender;

    /// <summary>A pool on a host's network.</summary>
    /// <param name="network">The clock, for limits of time.</param>
    /// <param name="connector">Who opens connections.</param>
    /// <param name="options">What connections may do.</param>
    /// <param name="limits">What is kept, and for how long.</param>
    public HttpConnectionPool(INetwork network, IHttpConnector connector, HttpConnectionOptions? options = null, PoolLimits? limits = null)
        : this(network, options, limits) => _connector = connector;

    /// <summary>A pool of which every call brings its own connector along.</summary>
    internal HttpConnectionPool(INetwork network, HttpConnectionOptions? options, PoolLimits? limits)
    {
        _idle = new IdleConnections<HttpConnection>(network, limits ?? PoolLimits.Default);
        _sender = new RepeatingSender(new OneTry(network, _idle, options));
    }

    /// <summary>Idle connections at the moment.</summary>
    public int IdleCount => _idle.Count;

    /// <summary>Sends a request on an idle connection, or on a new one, and keeps the connection where it may be kept.</summary>
    /// <remarks>
    /// When a reused connection dies before the first byte of the response, the request was probably crossing the server's close: it is
    /// sent once more on a new connection if doing it twice does no harm (RFC 9112 9.3.1, RFC 9110 9.2.2). What fails is in the result,
    /// that no connection could be made among it (<see cref="ExchangeFailureReason.NotConnected"/>).
    /// </remarks>
    public ValueTask<HttpExchangeResult> SendAsync(
        Origin origin, HttpRequest request, IBodySink sink, TraceSpan span, CancellationToken cancellationToken = default) =>
        SendAsync(origin, request, sink, span, null, cancellationToken);

    /// <summary>Sends a request as the other overload does, into a result that is filled again; null makes a new one.</summary>
    public ValueTask<HttpExchangeResult> SendAsync(
        Origin origin, HttpRequest request, IBodySink sink, TraceSpan span, HttpExchangeResult? into, CancellationToken cancellationToken) =>
        SendAsync(new RequestCall(origin, _connector!, new PreparedRequest(request), null, sink, span, into), cancellationToken);

    /// <summary>Sends a request whose content is streamed, as the other overloads do.</summary>
    /// <param name="origin">Who is asked.</param>
    /// <param name="request">What is asked; its content is streamed.</param>
    /// <param name="source">The content.</param>
    /// <param name="sink">Where the content of the response goes.</param>
    /// <param name="span">The step that the events belong to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<HttpExchangeResult> SendAsync(
        Origin origin, HttpRequest request, IBodySource source, IBodySink sink, TraceSpan span, CancellationToken cancellationToken = default) =>
        SendAsync(new RequestCall(origin, _connector!, new PreparedRequest(request), source, sink, span, null), cancellationToken);

    /// <summary>Sends a request, with a connector of its own.</summary>
    internal ValueTask<HttpExchangeResult> SendAsync(RequestCall call, CancellationToken cancellationToken) => _sender.SendAsync(call, cancellationToken);

    /// <summary>Closes every idle connection.</summary>
    public void Dispose() => _idle.Dispose();

    /// <summary>A request on one connection.</summary>
    private sealed class OneTry(INetwork network, IdleConnections<HttpConnection> idle, HttpConnectionOptions? options) : IRequestSender
    {
        public async ValueTask<HttpExchangeResult> SendAsync(RequestCall call, CancellationToken cancellationToken)
        {
            var addresses = await call.Connector.FindAsync(call.Origin, call.Span, cancellationToken);
            var connection = call.NeedsNewConnection ? null : idle.Take(call.Route, addresses);
            if (connection is not null)
            {
                if (call.Span.IsListening)
                {
                    call.Span.Tell(new ConnectionReused(call.Origin.Scheme, call.Origin.Host, call.Origin.Port, connection.Exchanges));
                }
            }
            else
            {
                var began = network.Time.GetTimestamp();
                var made = await call.Connector.ConnectAsync(call.Origin, addresses, call.Span, cancellationToken);
                if (made.Stream is null) { return NotConnected(call.Into ?? new HttpExchangeResult(), made.Error, began); }
                connection = new HttpConnection(made.Stream, network, options) { RemoteAddress = made.Remote };
            }
            var result = await connection.SendAsync(call.Prepared, call.Source, call.Sink, call.Span, call.Into, cancellationToken);
            result.RemoteAddress = connection.RemoteAddress;
            // Nobody could take a tunnel out of here; whoever wants to use one opens a connection of their own.
            if (result.Head.Framing == BodyFraming.Tunnel) { connection.Close(); }
            else { idle.Keep(call.Route, connection); }
            return result;
        }

        // Nothing was sent: the connector has told why.
        private HttpExchangeResult NotConnected(HttpExchangeResult result, Errno error, long began)
        {
            result.Clear();
            result.Head.Clear();
            result.KeepReason = KeepReason.Failed;
            result.Failure = new ExchangeFailure(ExchangeStep.Connect, ExchangeFailureReason.NotConnected, FaultSide.Connection, 0, Error: error);
            result.TotalNanoseconds = Math.Max(1, NetworkClock.NanosecondsSince(network.Time, began));
            return result;
        }
    }
}
