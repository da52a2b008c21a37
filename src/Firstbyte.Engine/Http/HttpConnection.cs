using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>What a client lets a connection do.</summary>
public sealed record HttpConnectionOptions
{
    /// <summary>The defaults: no limits but those of the messages themselves.</summary>
    public static readonly HttpConnectionOptions Default = new();

    /// <summary>How long nothing may move during an exchange before the connection is given up; without end by default, as curl's.</summary>
    public TimeSpan StallTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Bytes of body that are taken before the exchange is ended; no limit by default.</summary>
    public long MaximumBodyBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// How long to wait for the end of a connection that the server has said it will close, so that the server closes first and keeps the
    /// waiting state of TCP (RFC 9112 9.6, RFC 9293 3.6.1); zero closes at once.
    /// </summary>
    public TimeSpan PeerCloseTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>Refuse responses with flaws instead of taking them as they were meant.</summary>
    public bool IsStrict { get; init; }
}

/// <summary>One client connection that carries HTTP/1.x exchanges, one after the other (RFC 9112 9).</summary>
/// <remarks>
/// Theory of operation. The request goes out in one piece where it is short; a long body goes out while the response is already being read, so that
/// a server which answers early is heard. Received bytes stand in one pooled buffer; <see cref="ResponseReader"/> says what they are, and the
/// body's runs go to the sink from where they stand. After the last byte the connection is open for the next exchange, or closed, as
/// <see cref="KeepReason"/> says. Between exchanges a pool lets it listen (<see cref="IIdleConnection.BeginIdle"/>): bytes that nobody asked for close it.
/// </remarks>
public sealed class HttpConnection : IIdleConnection, IDisposable
{
    // A request head, or a page with its head, fits at first in most cases; a body that fills it makes room for longer reads. curl's largest receive buffer is
    // 512 KB and its usual one 100 KB; past 256 KB nothing was gained on loopback. Only a line can be left whole, and the reader refuses one that is longer
    // than HttpLimits.ResponseLine.
    private static readonly ReceiveRoom s_room = new(First: 16 * 1024, Bulk: 256 * 1024, Most: 256 * 1024);

    // A request up to this length is one send, body included.
    private const int OneSend = 16 * 1024;

    private readonly IByteStream _stream;
    private readonly INetwork _network;
    private readonly HttpConnectionOptions _options;
    private readonly StallGuard _guard;
    private readonly ResponseReader _reader;
    private readonly ReceiveBuffer _received = new(s_room);
    private PreparedRequest? _prepared;
    private Task<int>? _idleReceive;
    private IOException? _idleError;
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
        _reader = new ResponseReader { IsStrict = _options.IsStrict };
    }

    /// <summary>The stream below.</summary>
    public IByteStream Stream => _stream;

    /// <summary>Whether another exchange may begin.</summary>
    public bool IsOpen => !_closed;

    /// <summary>The server's address; null where whoever connected did not tell.</summary>
    public IpAddress? RemoteAddress { get; init; }

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
        return SendAsync(_prepared, sink, span, into, cancellationToken);
    }

    /// <summary>Sends a request whose head is written already, and reads its response as the other overloads do.</summary>
    public async ValueTask<HttpExchangeResult> SendAsync(
        PreparedRequest prepared, IBodySink sink, TraceSpan span, HttpExchangeResult? into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(sink);
        var request = prepared.Request;
        var result = into ?? new HttpExchangeResult();
        result.Clear();
        result.ReusedConnection = Exchanges > 0;
        var exchange = new Exchange(prepared, sink, span, result, _network.Time.GetTimestamp());
        _reader.Begin(result.Head, request.Kind, request.ClosesConnection);
        var check = prepared.Result;
        if (check.Fault != WriteFault.None)
        {
            return Finish(
                ref exchange,
                new ExchangeFailure(
                    ExchangeStep.Prepare, ExchangeFailureReason.RequestRefused, FaultSide.Own, check.FieldIndex, WriteFault: check.Fault),
                    close: false);
        }
        if (_closed)
        {
            return Finish(
                ref exchange,
                new ExchangeFailure(
                    ExchangeStep.Prepare, ExchangeFailureReason.ConnectionClosed, FaultSide.Connection, 0, Error: Errno.ENOTCONN),
                    close: true);
        }

        var step = ExchangeStep.Send;
        IOException? sendError = null;
        Task? sending = null;
        try
        {
            try { sending = await SendRequestAsync(exchange, cancellationToken); }
            catch (IOException error) when (!cancellationToken.IsCancellationRequested && !_guard.HasFired)
            {
                // The server may have answered and closed before it took everything: its answer still counts (RFC 9112 9.5).
                sendError = error;
            }
            result.SentNanoseconds = Elapsed(exchange.Started);
            step = ExchangeStep.Wait;
            while (true)
            {
                var next = _reader.Read(_received.Span, _received.HasEnded, out var consumed);
                switch (next.Kind)
                {
                    case MessageEventKind.NeedMore:
                        _received.Consume(consumed);
                        var received = await FillAsync(cancellationToken);
                        if (step == ExchangeStep.Wait && received > 0)
                        {
                            step = ExchangeStep.Head;
                            result.FirstByteNanoseconds = Elapsed(exchange.Started);
                            if (span.IsListening) { span.Tell(new FirstByteReceived(result.FirstByteNanoseconds)); }
                        }
                        result.WireBytes += received;
                        continue;
                    case MessageEventKind.Informational:
                        if (span.IsListening)
                        {
                            span.Tell(new InformationalReceived(result.Head.Status, result.Head.ReasonText, result.Head.Fields.ToFields()));
                        }
                        break;
                    case MessageEventKind.Head:
                        step = ExchangeStep.Body;
                        if (span.IsListening) { TellHead(span, result.Head); }
                        sink.Begin(new ContentDescription(result.Head));
                        break;
                    case MessageEventKind.Body:
                        if (_reader.BodyBytes > _options.MaximumBodyBytes)
                        {
                            return Finish(
                                ref exchange, new ExchangeFailure(step, ExchangeFailureReason.BodyTooLong, FaultSide.Own, _reader.Position),
                                close: true);
                        }
                        step = ExchangeStep.Deliver;
                        await sink.WriteAsync(_received.Unconsumed.Slice(next.BodyStart, next.BodyLength), cancellationToken);
                        step = ExchangeStep.Body;
                        break;
                    case MessageEventKind.Complete:
                        _received.Consume(consumed);
                        // A response that came before the request was all sent leaves the rest of it without a reader.
                        if (sendError is not null || sending is { IsCompletedSuccessfully: false }) { return Finish(ref exchange, null, close: true); }
                        if (_reader.MayReuse || result.Head.Framing == BodyFraming.Tunnel) { return Finish(ref exchange, null, close: !_reader.MayReuse); }
                        Finish(ref exchange, null, close: true, closeLater: true);
                        await AwaitPeerCloseAsync(cancellationToken);
                        Close();
                        return result;
                    case MessageEventKind.Failed:
                        return Finish(ref exchange, FailureOfReader(step, sendError), close: true);
                    default:
                        break;
                }
                _received.Consume(consumed);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Finish(ref exchange, new ExchangeFailure(step, ExchangeFailureReason.Cancelled, FaultSide.Own, _reader.Position), close: true);
        }
        catch (IOException error)
        {
            return Finish(ref exchange, FailureOfStream(step, step == ExchangeStep.Wait ? sendError ?? error : error, cancellationToken), close: true);
        }
        finally
        {
            _guard.Disarm();
            // An exception that is not the network's (a sink's own) leaves a response half read: no other may follow it.
            if (result.TotalNanoseconds == 0) { Close(); }
            if (sending is { IsCompletedSuccessfully: false }) { _ = ObserveAsync(sending); }
        }
    }

    void IIdleConnection.BeginIdle(Action<IIdleConnection> died)
    {
        _phase = Idle;
        _idleReceive = IdleReceiveAsync(died);
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
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    /// <summary>Lets a server that closes after this response do so first; whatever happens here, the response is complete.</summary>
    private async ValueTask AwaitPeerCloseAsync(CancellationToken cancellationToken)
    {
        if (_received.HasEnded || _options.PeerCloseTimeout <= TimeSpan.Zero
            || _reader.KeepReason is not (KeepReason.PeerCloses or KeepReason.Http10 or KeepReason.OwnClose))
        {
            return;
        }
        _guard.Arm(_options.PeerCloseTimeout);
        try { await _received.ReceiveAsync(_stream, cancellationToken); }
        // The response is complete, however the connection ends: by a reset, by the guard, or by a caller who gives up now.
        catch (Exception e) when (e is IOException or OperationCanceledException) { /* It is closed next. */ }
        finally { _guard.Disarm(); }
    }

    private async ValueTask<Task?> SendRequestAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var (prepared, body, span) = (exchange.Prepared, exchange.Prepared.Request.Body, exchange.Span);
        exchange.Result.RequestHeadBytes = prepared.Head.Length;
        if (span.IsListening)
        {
            var request = prepared.Request;
            span.Tell(new RequestWritten(
                request.Method, request.Target, HttpVersionText.Of(request.Version), prepared.FieldsOnTheWire, prepared.Head.Length,
                body.Length));
        }
        _guard.Arm(_options.StallTimeout);
        var isChunked = prepared.IsChunked;
        if (body.Length == 0 && !isChunked)
        {
            await _stream.SendAsync(prepared.Head, cancellationToken);
            return null;
        }
        var inOne = !isChunked && body.Length <= OneSend;
        var send = ArrayPool<byte>.Shared.Rent(prepared.Head.Length + (inOne ? body.Length : ChunkWriter.MaximumSizeLine));
        try
        {
            prepared.Head.CopyTo(send);
            var length = prepared.Head.Length;
            if (inOne)
            {
                body.Span.CopyTo(send.AsSpan(length));
                length += body.Length;
                body = default;
            }
            else if (isChunked) { length += body.Length > 0 ? ChunkWriter.WriteSize(body.Length, send.AsSpan(length)) : 0; }
            await _stream.SendAsync(send.AsMemory(0, length), cancellationToken);
        }
        finally { ArrayPool<byte>.Shared.Return(send); }
        return body.Length > 0 || isChunked ? SendBodyAsync(body, isChunked, cancellationToken) : null;
    }

    private async Task SendBodyAsync(ReadOnlyMemory<byte> body, bool isChunked, CancellationToken cancellationToken)
    {
        if (body.Length > 0) { await _stream.SendAsync(body, cancellationToken); }
        if (isChunked) { await _stream.SendAsync(body.Length > 0 ? s_chunkedEnd : s_chunkedEnd.AsMemory(2), cancellationToken); }
    }

    private static readonly byte[] s_chunkedEnd = "\r\n0\r\n\r\n"u8.ToArray();

    /// <summary>Receives more behind what is not consumed yet, and returns how much; 0 when the peer has ended.</summary>
    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        int received;
        _guard.Arm(_options.StallTimeout);
        if (_idleReceive is { } idle)
        {
            // Started without a token while the connection was idle: giving up closes the stream, which ends it.
            using var registration = cancellationToken.UnsafeRegister(static state => ((IByteStream)state!).Close(), _stream);
            received = await idle;
            _idleReceive = null;
            if (_idleError is { } error) { throw error; }
        }
        else { received = await _stream.ReceiveAsync(_received.Room(), cancellationToken); }
        _received.Add(received);
        return received;
    }

    private async Task<int> IdleReceiveAsync(Action<IIdleConnection> died)
    {
        var received = 0;
        try
        {
            _received.Consume(_received.Length);
            // What comes is added by the exchange that wakes the connection, on its own thread.
            received = await _stream.ReceiveAsync(_received.Room());
        }
        catch (IOException error) { _idleError = error; }
        if (Interlocked.CompareExchange(ref _phase, Dead, Idle) == Idle)
        {
            died(this);
            Close();
        }
        return received;
    }

    private HttpExchangeResult Finish(ref Exchange exchange, ExchangeFailure? failure, bool close, bool closeLater = false)
    {
        var (result, span) = (exchange.Result, exchange.Span);
        result.Failure = failure;
        result.BodyBytes = _reader.BodyBytes;
        result.KeepReason = failure is not null ? KeepReason.Failed : _reader.MayReuse && close ? KeepReason.FramingInDoubt : _reader.KeepReason;
        result.MayReuse = failure is null && !close;
        result.TotalNanoseconds = Math.Max(1, Elapsed(exchange.Started));
        if (span.IsListening)
        {
            foreach (var flaw in _reader.Flaws.Found)
            {
                span.Tell(new MessageFlawFound(flaw.Flaw, flaw.Position, flaw.Action) { Because = MessageRules.Of(flaw.Flaw) });
            }
            if (failure is null)
            {
                span.Tell(new ResponseCompleted(
                    result.BodyBytes, _reader.Position, result.Head.Framing, result.Head.Trailers.ToFields(), result.MayReuse,
                    result.KeepReason, result.TotalNanoseconds));
                span.Tell(result.MayReuse ? new ConnectionKept(result.KeepReason) : new ConnectionClosing(result.KeepReason));
            }
            else
            {
                span.Tell(new ExchangeFailed(
                    failure.Step, failure.Reason, failure.AtFault, failure.Position, result.WireBytes, failure.MessageFault,
                    failure.WriteFault, failure.Error)
                { Because = MessageRules.Of(failure.MessageFault) });
            }
        }
        if (failure is null) { Exchanges++; }
        // A tunnel belongs to whoever asked for it: its stream stays open, and what came after the head is the tunnel's first data.
        if (close && !closeLater && !(failure is null && result.Head.Framing == BodyFraming.Tunnel)) { Close(); }
        return result;
    }

    /// <summary>The bytes received beyond the head of a tunnel's response; they are the first of the other protocol.</summary>
    public ReadOnlyMemory<byte> BytesBeyond => _closed ? default : _received.Unconsumed;

    private static void TellHead(TraceSpan span, ResponseHead head) =>
        span.Tell(new ResponseHeadReceived($"HTTP/1.{head.MinorVersion}", head.Status, head.ReasonText, head.Fields.ToFields(), head.WireBytes, head.Framing,
            head.Framing == BodyFraming.ContentLength ? head.ContentLength : null));

    private ExchangeFailure FailureOfReader(ExchangeStep step, IOException? sendError)
    {
        var (fault, position, side) = _reader.Failure;
        return fault switch
        {
            MessageFault.EndedBeforeFirstByte when sendError is not null => FailureOfStream(ExchangeStep.Send, sendError, CancellationToken.None),
            MessageFault.EndedBeforeFirstByte => new ExchangeFailure(step, ExchangeFailureReason.EmptyReply, FaultSide.Peer, position, fault),
            MessageFault.EndedInHead or MessageFault.EndedInBody => new ExchangeFailure(step, ExchangeFailureReason.CutOff, side, position, fault),
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
        return new ExchangeFailure(step, reason, side, _reader.Position, Error: IoErrors.ToErrno(error));
    }

    [SuppressMessage("Usage", "VSTHRD003", Justification = "Only its end is awaited, so that its failure does not go unobserved.")]
    private static async Task ObserveAsync(Task sending)
    {
        try { await sending; }
        catch (IOException) { /* The exchange has its own verdict; the connection is closed. */ }
        catch (OperationCanceledException) { /* Likewise. */ }
    }

    private long Elapsed(long started) => NetworkClock.NanosecondsSince(_network.Time, started);

    private readonly record struct Exchange(PreparedRequest Prepared, IBodySink Sink, TraceSpan Span, HttpExchangeResult Result, long Started);
}
