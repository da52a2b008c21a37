using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>One client connection that carries HTTP/1.x exchanges, one after the other (RFC 9112 9).</summary>
/// <remarks>
/// Theory of operation. The request goes out in one piece where it is short; a long body goes out while the response is already being read, so that
/// a server which answers early is heard. Received bytes stand in one pooled buffer; <see cref="HttpExchange"/> says what they are and what is due next,
/// and the body's runs go to the sink from where they stand, short ones that came together gathered. What becomes of the connection is decided there
/// too; here it is done. Between exchanges a pool lets it listen (<see cref="IIdleConnection.BeginIdle"/>): bytes that nobody asked for close it.
/// </remarks>
public sealed class HttpConnection : IIdleConnection, IDisposable
{
    // A request head, or a page with its head, fits at first in most cases; a body that fills it makes room for longer reads. curl's largest receive buffer is
    // 512 KB and its usual one 100 KB; past 256 KB nothing was gained on loopback. Only a line can be left whole, and the reader refuses one that is longer
    // than HttpLimits.ResponseLine.
    private static readonly ReceiveRoom s_room = new(First: 16 * 1024, Bulk: 256 * 1024, Most: 256 * 1024);

    private readonly IByteStream _stream;
    private readonly INetwork _network;
    private readonly HttpConnectionOptions _options;
    private readonly StallGuard _guard;
    private readonly HttpExchange _machine;
    private readonly RequestSending _sending;
    private readonly ReceiveBuffer _received = new(s_room);
    private readonly SmallRuns _small = new();
    private readonly long _openedAt;
    private PreparedRequest? _prepared;
    private readonly IdleReceive _idle = new();
    private ExchangeStep _step;
    private IOException? _sendError;
    private Action<IIdleConnection>? _died;
    private Func<bool>? _ended;
    private int _phase = Ready;
    private bool _closed;

    private const int Ready = 0;
    private const int Idle = 1;
    private const int Dead = 2;

    /// <summary>A connection over a stream that is open; closing the connection closes the stream.</summary>
    public HttpConnection(IByteStream stream, INetwork network, HttpConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(network);
        (_stream, _network, _options) = (stream, network, options ?? HttpConnectionOptions.Default);
        _guard = new StallGuard(stream, network.Time);
        _machine = new HttpExchange(_options.IsStrict);
        _sending = new RequestSending(stream, _guard, _options.StallTimeout, network.Time);
        _openedAt = network.Time.GetTimestamp();
    }

    /// <summary>The stream below.</summary>
    public IByteStream Stream => _stream;

    /// <summary>Whether another exchange may begin.</summary>
    public bool IsOpen => !_closed;

    /// <summary>The server's address; null where whoever connected did not tell.</summary>
    public IpAddress? RemoteAddress { get; init; }

    long IIdleConnection.OpenedAt => _openedAt;

    /// <summary>Exchanges completed on this connection.</summary>
    public int Exchanges { get; private set; }

    /// <summary>
    /// Sends a request and reads its response to the end. Failures are in the result; nothing is thrown for what the network or the peer
    /// does.
    /// </summary>
    /// <param name="request">What to ask.</param>
    /// <param name="sink">Where the body goes.</param>
    /// <param name="span">The step that the events belong to.</param>
    /// <param name="cancellationToken">Ends the exchange and closes the connection.</param>
    public ValueTask<HttpExchangeResult> SendAsync(HttpRequest request, IBodySink sink, TraceSpan span, CancellationToken cancellationToken = default) =>
        SendAsync(request, sink, span, null, cancellationToken);

    /// <summary>Sends a request and reads its response to the end, into a result that is filled again; null makes a new one.</summary>
    public ValueTask<HttpExchangeResult> SendAsync(
        HttpRequest request, IBodySink sink, TraceSpan span, HttpExchangeResult? into, CancellationToken cancellationToken)
    {
        if (_prepared is { } prepared) { prepared.Prepare(request); }
        else { _prepared = new PreparedRequest(request); }
        return SendAsync(_prepared, null, sink, span, into, cancellationToken);
    }

    /// <summary>Sends a request whose head is written already, and reads its response as the other overloads do.</summary>
    /// <param name="prepared">The request.</param>
    /// <param name="source">Its content where that is streamed; null where it is at hand, or there is none.</param>
    /// <param name="sink">Where the content of the response goes.</param>
    /// <param name="span">The step that the events belong to.</param>
    /// <param name="into">The result that is filled; null makes a new one.</param>
    /// <param name="cancellationToken">Ends the exchange and closes the connection.</param>
    public ValueTask<HttpExchangeResult> SendAsync(
        PreparedRequest prepared, IBodySource? source, IBodySink sink, TraceSpan span, HttpExchangeResult? into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(sink);
        if (prepared.Request.IsStreamed && prepared.Request.HasContent != source is not null)
        {
            throw new ArgumentException("streamed content needs its source, and no other content has one", nameof(source));
        }
        var result = into ?? new HttpExchangeResult();
        result.Clear();
        result.ReusedConnection = Exchanges > 0;
        var exchange = new Exchange(prepared, source, sink, span, result, _network.Time.GetTimestamp());
        var check = prepared.Result;
        if (check.Fault != WriteFault.None)
        {
            return NotBegun(exchange, new ExchangeFailure(
                ExchangeStep.Prepare, ExchangeFailureReason.RequestRefused, FaultSide.Own, check.FieldIndex, WriteFault: check.Fault));
        }
        var request = prepared.Request;
        if (_closed || !_machine.TryBegin(result.Head, request.Kind, request.ClosesConnection, request.ExpectsContinue))
        {
            return NotBegun(exchange, new ExchangeFailure(
                ExchangeStep.Prepare, ExchangeFailureReason.ConnectionClosed, FaultSide.Connection, 0, Error: Errno.ENOTCONN));
        }
        return ExchangeAsync(exchange, cancellationToken);
    }

    /// <summary>Sends the request, reads until the response is over, and sends meanwhile what is left of the request.</summary>
    private async ValueTask<HttpExchangeResult> ExchangeAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        (_step, _sendError) = (ExchangeStep.Send, null);
        var isEnded = false;
        try
        {
            await SendAsync(exchange, cancellationToken);
            while (!isEnded)
            {
                GoOnSending(exchange, cancellationToken);
                var next = _machine.Read(_received.Span, _received.HasEnded, out var consumed);
                if (next.Kind == MessageEventKind.Body && IsDelivered)
                {
                    var run = _received.Unconsumed.Slice(next.BodyStart, next.BodyLength);
                    if (_machine.BodyBytes > _options.MaximumBodyBytes)
                    {
                        if (!_small.IsEmpty) { await DeliverAsync(exchange, _small.Take(), cancellationToken); }
                        isEnded = GiveUp(exchange, ExchangeFailureReason.BodyTooLong);
                    }
                    else if (!_small.TryHold(run.Span, isMoreHere: _received.Unconsumed.Length > consumed))
                    {
                        if (!_small.IsEmpty) { await DeliverAsync(exchange, _small.Take(), cancellationToken); }
                        await DeliverAsync(exchange, run, cancellationToken);
                    }
                }
                else if (!_small.IsEmpty) { await DeliverAsync(exchange, _small.Take(), cancellationToken); }
                _received.Consume(consumed);
                if (next.Kind == MessageEventKind.NeedMore)
                {
                    if (!_sending.AwaitsSource) { _guard.Arm(_options.StallTimeout); }
                    if (MayLend && exchange.Sink is ILendingSink lender && await ReceiveLentAsync(exchange, lender, cancellationToken)) { continue; }
                    // The usual receives are awaited here, with no method in between.
                    Note(exchange, _machine.Due == ExchangeDuty.ReadWithPatience ? await ReceivePatientlyAsync(exchange, cancellationToken)
                        : _idle.IsBegun ? await _idle.GoOnAsync(_stream, cancellationToken)
                        : await _stream.ReceiveAsync(_received.Room(), cancellationToken));
                }
                else { isEnded |= Tell(exchange, next.Kind); }
            }
            if (_machine.Due == ExchangeDuty.AwaitClose) { await AwaitPeerCloseAsync(cancellationToken); }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { isEnded = GiveUp(exchange, ExchangeFailureReason.Cancelled); }
        catch (IOException error)
        {
            if (_step == ExchangeStep.Deliver || _guard.HasFired) { _machine.GiveUp(); }
            else { _machine.ReceiveFailed(); }
            Finish(exchange, FailureOfStream(_step, _step == ExchangeStep.Wait ? _sendError ?? error : error, cancellationToken));
            isEnded = true;
        }
        finally
        {
            _guard.Disarm();
            _sending.Stop();
            // An exception that is not the network's (a sink's own) leaves a response half read: no other may follow it.
            if (!isEnded) { _machine.GiveUp(); }
            // A tunnel belongs to whoever asked for it: its stream stays open, and what came after the head is the tunnel's first data.
            if (_machine.Due is ExchangeDuty.Close or ExchangeDuty.AwaitClose) { Close(); }
        }
        return exchange.Result;
    }

    private async ValueTask DeliverAsync(Exchange exchange, ReadOnlyMemory<byte> run, CancellationToken cancellationToken)
    {
        _step = ExchangeStep.Deliver;
        var writing = exchange.Sink.WriteAsync(run, cancellationToken);
        // Who takes their time keeps the server waiting, and not the other way round.
        if (!writing.IsCompleted) { _guard.Disarm(); }
        await writing;
        _step = ExchangeStep.Body;
    }

    // Content whose length is known, of which nothing stands in the buffer, once the request is out.
    private bool MayLend =>
        _machine is { BodyBytesDue: > 0, Due: ExchangeDuty.Read } && _received.Length == 0 && !_idle.IsBegun && IsDelivered
        && _options.MaximumBodyBytes == long.MaxValue;

    /// <summary>Receives content where its sink wants it, as long as that lends memory; false where it lends none, and nothing has come.</summary>
    private async ValueTask<bool> ReceiveLentAsync(Exchange exchange, ILendingSink sink, CancellationToken cancellationToken)
    {
        for (var isFirst = true; _machine.BodyBytesDue is > 0 and var due; isFirst = false)
        {
            _step = ExchangeStep.Deliver;
            var lending = sink.LendAsync(cancellationToken);
            if (!lending.IsCompleted) { _guard.Disarm(); }
            var room = await lending;
            _step = ExchangeStep.Body;
            if (room.IsEmpty) { return !isFirst; }
            if (room.Length > due) { room = room[..(int)due]; }
            _guard.Arm(_options.StallTimeout);
            var received = await _stream.ReceiveAsync(room, cancellationToken);
            if (received == 0)
            {
                _received.Add(0);
                return true;
            }
            _received.Bypass();
            exchange.Result.WireBytes += received;
            // What is not more than is due is content, all of it.
            _machine.Read(room.Span[..received], ended: false, out _);
            sink.Fill(received);
        }
        return true;
    }

    void IIdleConnection.BeginIdle(Action<IIdleConnection> died)
    {
        _phase = Idle;
        _died = died;
        _received.Consume(_received.Length);
        // What comes is added by the exchange that wakes the connection, on its own thread.
        _idle.Begin(_stream.ReceiveAsync(_received.Room()), _ended ??= EndIdle);
    }

    // The receive of an idle connection has ended: nobody asked for what came, unless somebody does by now.
    private bool EndIdle()
    {
        if (Interlocked.CompareExchange(ref _phase, Dead, Idle) != Idle) { return true; }
        _machine.ReceivedUnasked();
        _died!(this);
        Close();
        return false;
    }

    bool IIdleConnection.TryWake() => Interlocked.CompareExchange(ref _phase, Ready, Idle) == Idle;

    /// <summary>Closes the connection. Twice is harmless.</summary>
    public void Close()
    {
        if (_closed) { return; }
        _closed = true;
        _guard.Dispose();
        _stream.Close();
        _received.Dispose();
        _small.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    /// <summary>Hands over what a response has made of the connection: its stream, the bytes behind the head in front.</summary>
    /// <remarks>The stream is the caller's to close.</remarks>
    /// <exception cref="InvalidOperationException">The last response made no tunnel.</exception>
    internal IByteStream TakeTunnel()
    {
        if (_closed || _machine.KeepReason != KeepReason.Tunnel) { throw new InvalidOperationException("there is no tunnel"); }
        var beyond = _received.Unconsumed.ToArray();
        _closed = true;
        _guard.Dispose();
        _received.Dispose();
        _small.Dispose();
        return beyond.Length > 0 ? new PrefixedStream(beyond, _stream) : _stream;
    }

    /// <summary>Lets a server that closes after this response do so first; whatever happens here, the response is complete.</summary>
    private async ValueTask AwaitPeerCloseAsync(CancellationToken cancellationToken)
    {
        if (_received.HasEnded || _options.PeerCloseTimeout <= TimeSpan.Zero) { return; }
        _guard.Arm(_options.PeerCloseTimeout);
        try { await _received.ReceiveAsync(_stream, cancellationToken); }
        // The response is complete, however the connection ends: by a reset, by the guard, or by a caller who gives up now.
        catch (Exception e) when (e is IOException or OperationCanceledException) { /* It is closed next. */ }
        finally { _guard.Disarm(); }
    }

    /// <summary>Sends the request, or as much of it as goes before something has to be read.</summary>
    private async ValueTask SendAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var (prepared, span) = (exchange.Prepared, exchange.Span);
        exchange.Result.RequestHeadBytes = prepared.Head.Length;
        if (span.IsListening)
        {
            var request = prepared.Request;
            span.Tell(new RequestWritten(
                request.Method, request.Target, HttpVersionText.Of(request.Version), prepared.FieldsOnTheWire, prepared.Head.Length,
                request.Body.Length));
        }
        try
        {
            if (await _sending.SendHeadAsync(prepared, exchange.Source, _machine.Due == ExchangeDuty.Send, span, cancellationToken)) { _machine.RequestSent(); }
        }
        catch (IOException error) when (!cancellationToken.IsCancellationRequested && !_guard.HasFired)
        {
            // The server may have answered and closed before it took everything: its answer still counts (RFC 9112 9.5).
            _sendError = error;
            _machine.SendFailed();
        }
        exchange.Result.SentNanoseconds = Elapsed(exchange.Started);
        _step = ExchangeStep.Wait;
    }

    // What says that an expectation is refused is no answer to the request, which goes out again without it.
    private bool IsDelivered => _machine.Retry != RetryRule.WithoutExpectation;

    /// <summary>Tells what was read; true when it was the end.</summary>
    private bool Tell(Exchange exchange, MessageEventKind kind)
    {
        var (head, span) = (exchange.Result.Head, exchange.Span);
        switch (kind)
        {
            case MessageEventKind.Informational:
                if (span.IsListening) { span.Tell(new InformationalReceived(head.Status, head.ReasonText, head.Fields.ToFields())); }
                return false;
            case MessageEventKind.Head:
                _step = ExchangeStep.Body;
                if (span.IsListening) { TellHead(span, head); }
                if (IsDelivered) { exchange.Sink.Begin(new ContentDescription(head)); }
                return false;
            case MessageEventKind.Complete:
                Finish(exchange, null);
                return true;
            case MessageEventKind.Failed:
                Finish(exchange, FailureOfReader(_step, _sendError));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Ends an exchange that its caller wants no more of.</summary>
    private bool GiveUp(Exchange exchange, ExchangeFailureReason reason)
    {
        _machine.GiveUp();
        Finish(exchange, new ExchangeFailure(_step, reason, FaultSide.Own, _machine.Position));
        return true;
    }

    /// <summary>Does what is due in the request's direction, and notes what has become of it meanwhile.</summary>
    private void GoOnSending(in Exchange exchange, CancellationToken cancellationToken)
    {
        if (_machine.Request == RequestState.Sending)
        {
            _sending.BeginContent(exchange.Prepared, exchange.Source, exchange.Span, cancellationToken);
            var sent = _sending.HasSent(out var error);
            if (sent == true) { _machine.RequestSent(); }
            else if (sent == false)
            {
                _sendError = error;
                _machine.SendFailed();
            }
        }
        else if (_machine.Request == RequestState.CutOff) { _sending.Stop(); }
    }

    /// <summary>Receives as much as comes while patience lasts, and sends what waits when it is over; 0 when the peer has ended.</summary>
    private async ValueTask<int> ReceivePatientlyAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var receiving = _idle.IsBegun
            ? _idle.GoOnAsync(_stream, cancellationToken).AsTask() : _stream.ReceiveAsync(_received.Room(), cancellationToken).AsTask();
        await WaitForContinueAsync(receiving, exchange, cancellationToken);
        return await receiving;
    }

    private void Note(in Exchange exchange, int received)
    {
        _received.Add(received);
        exchange.Result.WireBytes += received;
        if (_step != ExchangeStep.Wait || received == 0) { return; }
        _step = ExchangeStep.Head;
        exchange.Result.FirstByteNanoseconds = Elapsed(exchange.Started);
        if (exchange.Span.IsListening) { exchange.Span.Tell(new FirstByteReceived(exchange.Result.FirstByteNanoseconds)); }
    }

    /// <summary>Waits for the first of the response, and no longer than patience lasts: then the content goes out unasked (RFC 9110 10.1.1).</summary>
    private async ValueTask WaitForContinueAsync(Task receiving, Exchange exchange, CancellationToken cancellationToken)
    {
        // Giving up ends the receiving, and with it the wait.
        var patience = new TaskCompletionSource();
        using (_network.Time.CreateTimer(
            static patience => ((TaskCompletionSource)patience!).TrySetResult(), patience, _options.ContinueTimeout, Timeout.InfiniteTimeSpan))
        {
            await Task.WhenAny(receiving, patience.Task);
        }
        if (receiving.IsCompleted || cancellationToken.IsCancellationRequested) { return; }
        _machine.PatienceEnded();
        GoOnSending(exchange, cancellationToken);
    }

    /// <summary>Ends what never began; nothing was sent, and the connection stays as it is.</summary>
    private ValueTask<HttpExchangeResult> NotBegun(Exchange exchange, ExchangeFailure failure)
    {
        var result = exchange.Result;
        result.Head.Clear();
        (result.Failure, result.KeepReason) = (failure, KeepReason.Failed);
        // Whoever was to send it may do so on another connection.
        result.Retry = failure.Reason == ExchangeFailureReason.ConnectionClosed ? RetryRule.Always : RetryRule.Never;
        result.TotalNanoseconds = Math.Max(1, Elapsed(exchange.Started));
        TellFailure(exchange, failure);
        return new ValueTask<HttpExchangeResult>(result);
    }

    /// <summary>Ends the exchange as the machine says: the connection is kept, handed over, left to its server to close, or closed.</summary>
    private void Finish(Exchange exchange, ExchangeFailure? failure)
    {
        var (result, span, due) = (exchange.Result, exchange.Span, _machine.Due);
        var ownFailure = failure is null ? null : FailureOfSource(_sending.Source);
        result.Failure = failure = ownFailure ?? failure;
        result.BodyBytes = _machine.BodyBytes;
        (result.KeepReason, result.Retry, result.MayReuse) = (_machine.KeepReason, _machine.Retry, due == ExchangeDuty.Keep);
        // What failed here would fail again.
        if (ownFailure is not null) { result.Retry = RetryRule.Never; }
        NoteContentSent(exchange);
        result.TotalNanoseconds = Math.Max(1, Elapsed(exchange.Started));
        if (span.IsListening)
        {
            foreach (var flaw in _machine.Flaws.Found)
            {
                span.Tell(new MessageFlawFound(flaw.Flaw, flaw.Position, flaw.Action) { Because = MessageRules.Of(flaw.Flaw) });
            }
            if (failure is null)
            {
                span.Tell(new ResponseCompleted(
                    result.BodyBytes, _machine.Position, result.Head.Framing, result.Head.Trailers.ToFields(), result.MayReuse,
                    result.KeepReason, result.TotalNanoseconds));
                span.Tell(result.MayReuse ? new ConnectionKept(result.KeepReason) : new ConnectionClosing(result.KeepReason));
            }
            else { TellFailure(exchange, failure); }
        }
        if (failure is null) { Exchanges++; }
    }

    private static void TellFailure(Exchange exchange, ExchangeFailure failure)
    {
        if (!exchange.Span.IsListening) { return; }
        exchange.Span.Tell(new ExchangeFailed(
            failure.Step, failure.Reason, failure.AtFault, failure.Position, exchange.Result.WireBytes, failure.MessageFault,
            failure.WriteFault, failure.Error)
        { Because = MessageRules.Of(failure.MessageFault) });
    }

    /// <summary>The bytes received beyond the head of a tunnel's response; they are the first of the other protocol.</summary>
    public ReadOnlyMemory<byte> BytesBeyond => _closed ? default : _received.Unconsumed;

    private static void TellHead(TraceSpan span, ResponseHead head) =>
        span.Tell(new ResponseHeadReceived($"HTTP/1.{head.MinorVersion}", head.Status, head.ReasonText, head.Fields.ToFields(), head.WireBytes, head.Framing,
            head.Framing == BodyFraming.ContentLength ? head.ContentLength : null));

    // Content that went out beside the reading was the last of the request, unless the response had begun by then.
    private void NoteContentSent(Exchange exchange)
    {
        if (_sending.ContentSentAt is not { } at) { return; }
        var sent = NetworkClock.Nanoseconds(_network.Time, at - exchange.Started);
        if (exchange.Result.FirstByteNanoseconds < 0 || sent < exchange.Result.FirstByteNanoseconds) { exchange.Result.SentNanoseconds = sent; }
    }

    private static ExchangeFailure? FailureOfSource(ContentSending? sending) => sending switch
    {
        { How: ContentEnd.Unreadable } =>
            new ExchangeFailure(ExchangeStep.Send, ExchangeFailureReason.SourceFailed, FaultSide.Own, sending.Bytes, Error: sending.SourceError),
        { How: ContentEnd.Shrunk } => new ExchangeFailure(ExchangeStep.Send, ExchangeFailureReason.SourceShrunk, FaultSide.Own, sending.Bytes),
        _ => null,
    };

    private ExchangeFailure FailureOfReader(ExchangeStep step, IOException? sendError)
    {
        var (fault, position, side) = _machine.Failure;
        return fault switch
        {
            MessageFault.EndedBeforeFirstByte when sendError is not null => FailureOfStream(ExchangeStep.Send, sendError, CancellationToken.None),
            MessageFault.EndedBeforeFirstByte => new ExchangeFailure(step, ExchangeFailureReason.EmptyReply, FaultSide.Peer, position, fault),
            MessageFault.EndedInHead or MessageFault.EndedInBody => new ExchangeFailure(step, ExchangeFailureReason.CutOff, side, position, fault),
            MessageFault.FlawRefused => new ExchangeFailure(step, ExchangeFailureReason.ResponseMalformed, side, position, fault)
            {
                Flaw = _machine.Flaws.Found[0].Flaw,
            },
            _ => new ExchangeFailure(step, ExchangeFailureReason.ResponseMalformed, side, position, fault),
        };
    }

    private ExchangeFailure FailureOfStream(ExchangeStep step, IOException error, CancellationToken cancellationToken)
    {
        var reason = step == ExchangeStep.Deliver ? ExchangeFailureReason.SinkFailed
            : _guard.HasFired ? ExchangeFailureReason.Stalled
            : cancellationToken.IsCancellationRequested ? ExchangeFailureReason.Cancelled
            : ExchangeFailureReason.ConnectionFailed;
        var side = reason is ExchangeFailureReason.SinkFailed or ExchangeFailureReason.Cancelled ? FaultSide.Own : FaultSide.Connection;
        return new ExchangeFailure(step, reason, side, _machine.Position, Error: IoErrors.ToErrno(error));
    }

    private long Elapsed(long started) => NetworkClock.NanosecondsSince(_network.Time, started);

    private readonly record struct Exchange(
        PreparedRequest Prepared, IBodySource? Source, IBodySink Sink, TraceSpan Span, HttpExchangeResult Result, long Started);
}
