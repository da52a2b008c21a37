using Firstbyte.Connecting;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>Opens streams to origins: resolves, connects, and puts TLS over it where the scheme asks for it.</summary>
public interface IHttpConnector
{
    /// <summary>A stream that is ready for the first request.</summary>
    ValueTask<IByteStream> ConnectAsync(Origin origin, TraceSpan span, CancellationToken cancellationToken);
}

/// <summary>Sends requests, on connections that earlier requests have left where there is one.</summary>
public sealed class HttpConnectionPool(INetwork network, IHttpConnector connector, HttpConnectionOptions? options = null) : IDisposable
{
    private readonly IdleConnections<HttpConnection> _idle = new(network);

    /// <summary>Idle connections at the moment.</summary>
    public int IdleCount => _idle.Count;

    /// <summary>Sends a request on an idle connection, or on a new one, and keeps the connection where it may be kept.</summary>
    /// <remarks>
    /// When a reused connection dies before the first byte of the response, the request was probably crossing the server's close: it is
    /// sent once more on a new connection if doing it twice does no harm (RFC 9112 9.3.1, RFC 9110 9.2.2).
    /// Failures of connecting come as the connector's exceptions; failures of the exchange are in the result.
    /// </remarks>
    public ValueTask<HttpExchangeResult> SendAsync(
        Origin origin, HttpRequest request, IBodySink sink, TraceSpan span, CancellationToken cancellationToken = default) =>
        SendAsync(origin, request, sink, span, null, cancellationToken);

    /// <summary>Sends a request as the other overload does, into a result that is filled again; null makes a new one.</summary>
    public async ValueTask<HttpExchangeResult> SendAsync(
        Origin origin, HttpRequest request, IBodySink sink, TraceSpan span, HttpExchangeResult? into, CancellationToken cancellationToken)
    {
        var prepared = new PreparedRequest(request);
        if (_idle.Take(origin) is { } reused)
        {
            if (span.IsListening) { span.Tell(new ConnectionReused(origin.Scheme, origin.Host, origin.Port, reused.Exchanges)); }
            var first = await reused.SendAsync(prepared, sink, span, into, cancellationToken);
            if (first.Retry == RetryRule.WithoutExpectation)
            {
                return await SendAsync(origin, request.WithoutExpectation(), sink, span, into, cancellationToken);
            }
            if (!MayRetry(first, request))
            {
                _idle.Keep(origin, reused);
                return first;
            }
            if (span.IsListening) { span.Tell(new RequestRetried(request.Method, first.Failure!.Reason)); }
        }
        var connection = new HttpConnection(await connector.ConnectAsync(origin, span, cancellationToken), network, options);
        var result = await connection.SendAsync(prepared, sink, span, into, cancellationToken);
        if (result.Retry == RetryRule.WithoutExpectation) { return await SendAsync(origin, request.WithoutExpectation(), sink, span, into, cancellationToken); }
        if (result.Head.Framing != BodyFraming.Tunnel) { _idle.Keep(origin, connection); }
        return result;
    }

    /// <summary>Closes every idle connection.</summary>
    public void Dispose() => _idle.Dispose();

    /// <summary>Whether the request may go out again because the connection that it went out on had died (RFC 9110 9.2.2).</summary>
    internal static bool MayRetry(HttpExchangeResult result, HttpRequest request) => result.Retry switch
    {
        RetryRule.Always => true,
        RetryRule.IfIdempotent => request.IsIdempotent,
        _ => false,
    };
}
