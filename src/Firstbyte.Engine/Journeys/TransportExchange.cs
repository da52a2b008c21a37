using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Sockets;

namespace Firstbyte.Journeys;

/// <summary>The innermost of the chain: request message, name, connection, TLS, and one exchange, once more where a reused connection had died.</summary>
internal sealed class TransportExchange(ClientContext context) : IExchange, IDisposable
{
    private static readonly string[] s_alpn = ["http/1.1"];

    /// <summary>A server that says it closes is given a second to do so, as the chapter tells it; one that does not is closed from here.</summary>
    private static readonly HttpConnectionOptions Connections = new() { PeerCloseTimeout = TimeSpan.FromSeconds(1) };

    private readonly IdleConnections<HttpConnection> _idle = new(context.Network);

    /// <inheritdoc/>
    public async ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var (span, options) = (journey.Span, context.Options);
        var request = RequestComposer.Compose(journey.Url, journey.Request, options.UserAgent, journey.Cookies);
        var prepared = new PreparedRequest(request);
        var check = prepared.Result;
        if (check.Fault != WriteFault.None)
        {
            return new ExchangeEnd(journey, new RequestUnwritable(check.Fault, check.FieldIndex >= 0 ? request.Fields[check.FieldIndex].Name : ""));
        }
        if (span.IsListening)
        {
            span.Tell(new RequestComposed(
                request.Method, request.Target, HttpVersionText.Of(request.Version), prepared.FieldsOnTheWire, prepared.Head.Length,
                request.Body.Length));
        }
        var (addresses, noName) = await context.FindHostAsync(journey, cancellationToken);
        return noName is not null ? new ExchangeEnd(journey, noName) : await ExchangeAsync(journey, prepared, addresses, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _idle.Dispose();

    private async ValueTask<ExchangeEnd> ExchangeAsync(Journey journey, PreparedRequest prepared, IpAddress[] addresses, CancellationToken cancellationToken)
    {
        var origin = journey.Origin;
        while (true)
        {
            var connection = _idle.Take(origin, addresses);
            var reused = connection is not null;
            if (reused && journey.Span.IsListening) { journey.Span.Tell(new ConnectionReused(origin.Scheme, origin.Host, origin.Port, connection!.Exchanges)); }
            if (connection is null)
            {
                (connection, var failed) = await OpenAsync(journey, addresses, cancellationToken);
                if (connection is null) { return new ExchangeEnd(journey, failed); }
            }

            journey.Step = JourneyStep.Read;
            var result = await connection.SendAsync(prepared, journey.Sink, journey.Span, journey.Response = new HttpExchangeResult(), cancellationToken);
            // RFC 9112 9.3.1: the server's close may have crossed our request on a connection that was idle; ask once more on a new one.
            if (reused && HttpConnectionPool.MayRetry(result, prepared.Request))
            {
                if (journey.Span.IsListening) { journey.Span.Tell(new RequestRetried(prepared.Request.Method, result.Failure!.Reason)); }
                continue;
            }
            if (result.Retry == RetryRule.WithoutExpectation)
            {
                if (journey.Span.IsListening) { journey.Span.Tell(new ExpectationRefused(result.Head.Status)); }
                prepared = new PreparedRequest(prepared.Request.WithoutExpectation());
                continue;
            }
            if (context.Options.KeepConnections && result.Head.Framing != BodyFraming.Tunnel) { _idle.Keep(origin, connection); }
            else { connection.Close(); }
            if (result.Failure is { Reason: ExchangeFailureReason.Cancelled }) { cancellationToken.ThrowIfCancellationRequested(); }
            return End(journey, result, prepared.Request);
        }
    }

    private async ValueTask<(HttpConnection? Connection, JourneyFailure? Failure)> OpenAsync(
        Journey journey, IpAddress[] addresses, CancellationToken cancellationToken)
    {
        var (connection, unreached) = await context.ConnectAsync(journey, journey.Origin, addresses, cancellationToken);
        if (connection is null) { return (null, unreached); }
        if (journey.Url.Scheme != "https") { return (Carrying(connection.Stream), null); }
        var (session, insecure) = await context.SecureAsync(journey, journey.Origin, connection, s_alpn, cancellationToken);
        return (session is null ? null : Carrying(session.Stream), insecure);

        HttpConnection Carrying(IByteStream stream) => new(stream, context.Network, Connections) { RemoteAddress = connection.Remote.Address };
    }

    private static ExchangeEnd End(Journey journey, HttpExchangeResult result, HttpRequest request)
    {
        if (result.FirstByteNanoseconds >= 0)
        {
            if (result.SentNanoseconds >= 0) { journey.WaitNanoseconds = Math.Max(0, result.FirstByteNanoseconds - result.SentNanoseconds); }
            journey.Took(JourneyStep.Read, result.TotalNanoseconds - result.FirstByteNanoseconds);
        }
        return new ExchangeEnd(journey, result.Failure is { } failure ? FailureOf(failure, request, journey.Origin) : null);
    }

    private static JourneyFailure FailureOf(ExchangeFailure failure, HttpRequest request, Origin origin) => failure.Reason switch
    {
        ExchangeFailureReason.RequestRefused =>
            new RequestUnwritable(failure.WriteFault, failure.Position >= 0 ? request.Fields[(int)failure.Position].Name : ""),
        ExchangeFailureReason.ResponseMalformed or ExchangeFailureReason.EmptyReply or ExchangeFailureReason.CutOff =>
            new ResponseUnreadable(origin, failure.MessageFault, failure.Position),
        ExchangeFailureReason.SinkFailed => new BodyUnsaved(failure.Error, failure.Position),
        ExchangeFailureReason.BodyTooLong => new BodyUnsaved(Errno.EFBIG, failure.Position),
        ExchangeFailureReason.Stalled =>
            new OutOfTime(StepOf(failure.Step), origin.ToString(), Connections.StallTimeout.Ticks * TimeSpan.NanosecondsPerTick, null),
        // Also a connection that was not open any more when the exchange began.
        _ when failure.Step is ExchangeStep.Send or ExchangeStep.Prepare => new RequestUnsent(origin, failure.Error),
        _ => new ResponseUnreceived(origin, failure.Error, failure.Position),
    };

    private static JourneyStep StepOf(ExchangeStep step) => step switch
    {
        ExchangeStep.Prepare => JourneyStep.Request,
        ExchangeStep.Send => JourneyStep.Write,
        ExchangeStep.Deliver => JourneyStep.Save,
        _ => JourneyStep.Read,
    };
}
