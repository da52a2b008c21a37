using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>The innermost of the chain: the request message, the name, and the pool, which has or makes a connection.</summary>
internal sealed class TransportExchange(ClientContext context) : IExchange, IDisposable
{
    /// <summary>
    /// A server that says it closes does so with the last of its response, as the chapter tells it, and has that much time for it; one that does not is closed
    /// from here, and nobody has waited (own choice: what one notices less than the response itself).
    /// </summary>
    private static readonly HttpConnectionOptions Connections = new() { PeerCloseTimeout = TimeSpan.FromMilliseconds(20) };

    private readonly HttpConnectionPool _pool =
        new(context.Network, context.Options.IsStrict ? Connections with { IsStrict = true } : Connections,
            context.Options.KeepConnections ? context.Options.Pool ?? PoolLimits.Default : PoolLimits.KeepsNone);

    private readonly HashSet<Origin> _speakHttp10 = [];

    /// <inheritdoc/>
    public async ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var (span, options, body) = (journey.Span, context.Options, journey.Request.Body);
        if (body is { IsSpent: true }) { return new ExchangeEnd(journey, new BodyNotRepeatable(journey.Origin, body.Origin, RepeatCause.NextUrl, 0)); }
        var request = RequestComposer.Compose(
            journey.Url, journey.Request, options.UserAgent, journey.Cookies, journey.Authorization,
            journey.WithholdsContent || journey.WithholdsContentOfProxy, journey.Resume, journey);
        if (journey.Conditions.Length > 0) { request = request with { Fields = [.. request.Fields, .. journey.Conditions] }; }
        // Those of a journey before are filled again by the first exchange alone: of others there may be more at once, or two be compared.
        var room = journey is { Room: { } given, Response: null, Piece: null, RedirectedFrom: null } ? given : new ExchangeRoom();
        var prepared = room.Prepare(request);
        var check = prepared.Result;
        // RFC 9112 6.1: no chunked coding for whom one does not know to speak HTTP/1.1.
        if (check.Fault == WriteFault.None && prepared.IsChunked && _speakHttp10.Contains(PeerOf(journey)))
        {
            check = new WriteResult(WriteFault.LengthUnknownInHttp10);
        }
        if (check.Fault != WriteFault.None)
        {
            return new ExchangeEnd(journey, new RequestUnwritable(check.Fault, check.FieldIndex >= 0 ? request.Fields[check.FieldIndex].Name : ""));
        }
        if (span.IsListening)
        {
            span.Tell(new RequestComposed(
                request.Method, request.Target, HttpVersionText.Of(request.Version), prepared.FieldsOnTheWire, prepared.Head.Length,
                request.ContentLength));
            if (request.IsStreamed) { span.Tell(Chosen(body!)); }
        }
        journey.Sent = prepared;
        var (addresses, noName) = await context.FindPeerAsync(journey, cancellationToken);
        if (noName is not null) { return new ExchangeEnd(journey, noName); }
        var connector = new JourneyConnector(context, journey, addresses);
        journey.Step = JourneyStep.Read;
        var source = prepared.Request is { IsStreamed: true, HasContent: true } ? body : null;
        var call = new RequestCall(
            PeerOf(journey), connector, prepared, source, journey.Sink, journey.Span, journey.Response = room.Result, journey.Proxy?.Address);
        var result = await _pool.SendAsync(call, cancellationToken);
        if (result.Head is { Status: > 0, MinorVersion: 0 }) { _speakHttp10.Add(PeerOf(journey)); }
        if (result.Failure is { Reason: ExchangeFailureReason.Cancelled }) { cancellationToken.ThrowIfCancellationRequested(); }
        if (connector.Failure is { } unconnected) { return new ExchangeEnd(journey, unconnected); }
        var end = End(journey, result, prepared.Request);
        return connector.Session is { } session && OfClientCertificate(end.Failure, session, journey.Origin) is { } refused
            ? end with { Failure = refused } : end;
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    // In TLS 1.3 a server judges the client's certificate after the handshake (RFC 8446 section 4.4.2.4): its alert comes where the response would.
    private static HandshakeFailed? OfClientCertificate(JourneyFailure? failure, TlsSession session, Origin origin)
    {
        if (failure is not (RequestUnsent or ResponseUnreceived { Position: 0 }
            or ResponseUnreadable { Fault: MessageFault.EndedBeforeFirstByte })) { return null; }
        var alert = session.AlertSince();
        // Who asked, was shown nothing and ended the connection without a word of a response, has said enough.
        var reason = TlsFailureReasons.OfClientCertificate(session.ClientCertificate, alert)
            ?? (session.ClientCertificate == ClientCertificateUse.Missing && alert is null ? TlsFailureReason.ClientCertificateMissing : null);
        return reason is { } own ? new HandshakeFailed(origin, own, [], alert, null) : null;
    }

    private static ExchangeEnd End(Journey journey, HttpExchangeResult result, HttpRequest request)
    {
        if (result.FirstByteNanoseconds >= 0)
        {
            if (result.SentNanoseconds >= 0) { journey.WaitNanoseconds = Math.Max(0, result.FirstByteNanoseconds - result.SentNanoseconds); }
            journey.Took(JourneyStep.Read, result.TotalNanoseconds - result.FirstByteNanoseconds);
        }
        return new ExchangeEnd(journey, result.Failure is { } failure ? FailureOf(failure, request, journey) : null);
    }

    private static BodyChosen Chosen(IBodySource body) =>
        new(body.Origin.Kind, body.Origin.Name, body.Length, body.CanRewind,
            ((body as TransferLimits.PacedSource)?.Source as FormBody ?? body as FormBody)?.Describe() ?? []);

    private static JourneyFailure FailureOf(ExchangeFailure failure, HttpRequest request, Journey journey) =>
        FailureOfContent(failure, request, journey) ?? FailureOfConnection(FailureOf(failure, request, PeerOf(journey)), journey);

    // Who is at the other end of the connection: a proxy that reads every message is, one that makes a tunnel is not.
    private static Origin PeerOf(Journey journey) => journey.Proxy is { IsTunnel: false } proxy ? proxy.Origin : journey.Origin;

    private static JourneyFailure FailureOfConnection(JourneyFailure failure, Journey journey) =>
        journey.Proxy is { IsTunnel: false } proxy && failure is RequestUnsent or ResponseUnreceived or ResponseUnreadable
            ? new ProxyFailed(proxy.Origin, failure)
            : failure;

    private static JourneyFailure? FailureOfContent(ExchangeFailure failure, HttpRequest request, Journey journey) => failure.Reason switch
    {
        ExchangeFailureReason.SourceFailed => new BodyUnreadable(journey.Request.Body!.Origin, failure.Error, failure.Position),
        ExchangeFailureReason.SourceShrunk =>
            new BodyShrunk(journey.Request.Body!.Origin, RequestWriter.PromisedLength(request) ?? 0, failure.Position),
        ExchangeFailureReason.SourceSpent => new BodyNotRepeatable(journey.Origin, journey.Request.Body!.Origin, RepeatCause.Connection, 0),
        _ => null,
    };

    internal static JourneyFailure FailureOf(ExchangeFailure failure, HttpRequest request, Origin origin) => failure.Reason switch
    {
        ExchangeFailureReason.RequestRefused =>
            new RequestUnwritable(failure.WriteFault, failure.Position >= 0 ? request.Fields[(int)failure.Position].Name : ""),
        ExchangeFailureReason.ResponseMalformed or ExchangeFailureReason.EmptyReply or ExchangeFailureReason.CutOff =>
            new ResponseUnreadable(origin, failure.MessageFault, failure.Position) { Flaw = failure.Flaw },
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

    /// <summary>Makes a journey's connections in the steps that all clients share; what goes wrong stays here as the journey's own failure.</summary>
    private sealed class JourneyConnector(ClientContext context, Journey journey, IpAddress[] addresses) : IHttpConnector
    {
        private static readonly string[] s_alpn = ["http/1.1"];

        public JourneyFailure? Failure { get; private set; }

        /// <summary>The session of a connection that this exchange has made.</summary>
        public TlsSession? Session { get; private set; }

        // The journey has looked the name up: that is a step of its own, and ends the journey when it fails.
        public ValueTask<IpAddress[]?> FindAsync(Origin origin, TraceSpan span, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IpAddress[]?>(addresses);

        public async ValueTask<HttpConnecting> ConnectAsync(Origin origin, IpAddress[]? found, TraceSpan span, CancellationToken cancellationToken)
        {
            var (connection, unreached) = await context.ConnectAsync(journey, journey.Origin, addresses, cancellationToken);
            if (connection is null) { return Failed(unreached!); }
            var stream = connection.Stream;
            if (journey.Origin.Scheme == "https")
            {
                var (session, insecure) = await context.SecureAsync(journey, journey.Origin, journey.Host, connection, s_alpn, cancellationToken);
                if (session is null) { return Failed(insecure!); }
                (Session, stream) = (session, session.Stream);
            }
            journey.Step = JourneyStep.Read;
            return new HttpConnecting(stream, connection.Remote.Address);
        }

        private HttpConnecting Failed(JourneyFailure failure)
        {
            Failure = failure;
            var cause = (failure as ProxyFailed)?.Cause ?? failure;
            return new HttpConnecting(null, Error: cause is NotConnected { Attempts: [.., var last] } ? last.Error : Errno.EPROTO);
        }
    }
}
