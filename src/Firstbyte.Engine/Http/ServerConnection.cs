using System.Buffers;
using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Http;

/// <summary>One accepted connection: request after request until one of both sides ends it.</summary>
internal sealed class ServerConnection : IDisposable
{
    // Head, and body where it is short, of a request. Only a line can be left whole, and the reader refuses one that is longer than HttpLimits.RequestHead.
    private static readonly ReceiveRoom s_room = new(First: 16 * 1024, Bulk: 16 * 1024, Most: 128 * 1024);

    // Pieces in which a streamed body goes out.
    private const int PieceLength = 32 * 1024;

    private readonly IByteStream _stream;
    private readonly INetwork _network;
    private readonly IHttpHandler _handler;
    private readonly HttpServerOptions _options;
    private readonly StallGuard _guard;
    private readonly Action<bool>? _closeByReset;
    private readonly RequestReader _reader = new();
    private readonly RequestHead _head = new();
    private readonly ServerRequest _request;
    private readonly ReceiveBuffer _received = new(s_room);
    private bool _bodyEnded;
    private bool _continueDue;
    private bool _lingers;
    private bool _isCutOff;
    private ReadOnlyMemory<byte> _run;

    /// <param name="stream">The pipe to the client.</param>
    /// <param name="network">The host's network, for its clock.</param>
    /// <param name="handler">Answers.</param>
    /// <param name="options">Limits.</param>
    /// <param name="remote">The client.</param>
    /// <param name="closeByReset">Told whether from now on a close has to be a reset, so that the client can tell that it is not the end of a body.</param>
    public ServerConnection(
        IByteStream stream, INetwork network, IHttpHandler handler, HttpServerOptions options, Endpoint? remote,
        Action<bool>? closeByReset = null)
    {
        (_stream, _network, _handler, _options, _closeByReset) = (stream, network, handler, options, closeByReset);
        _guard = new StallGuard(stream, network.Time);
        _request = new ServerRequest(this, _head, remote);
    }

    public void Dispose()
    {
        _guard.Dispose();
        _stream.Close();
        // A handler that outlives its connection reads nothing any more: the memory is somebody else's.
        (_run, _bodyEnded) = (default, true);
        _received.Dispose();
    }

    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        while (await ServeOneAsync(cancellationToken))
        {
        }
        if (_lingers && !_isCutOff) { await LingerAsync(cancellationToken); }
    }

    /// <summary>Serves one request; false when the connection ends with it.</summary>
    private async ValueTask<bool> ServeOneAsync(CancellationToken cancellationToken)
    {
        _reader.Begin(_head);
        (_bodyEnded, _run) = (false, default);
        if (!await ReadHeadAsync(cancellationToken)) { return false; }
        _continueDue = _head.ExpectsContinue;
        ServerResponse response;
        if (_head.Fields.IndexOf("Expect"u8) >= 0 && !_continueDue
            && !_head.Fields.ValueAt(_head.Fields.IndexOf("Expect"u8)).SequenceEqual("100-continue"u8)
            && _head.Version == HttpVersion.Http11)
        {
            // No other expectation is defined (RFC 9110 10.1.1).
            response = HttpResponse.Text(417, "Only 100-continue can be expected.\n");
        }
        else
        {
            try { response = await _handler.HandleAsync(_request, cancellationToken); }
            catch (MalformedBodyException)
            {
                await RefuseAsync(cancellationToken);
                return false;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                _options.HandlerFailed?.Invoke(error);
                response = HttpResponse.Text(500, "The server failed to answer.\n");
            }
        }
        if (response.Tunnel is { } tunnel)
        {
            await SendAsync(response, close: false, cancellationToken);
            var beyond = _received.Unconsumed.ToArray();
            _received.Consume(_received.Length);
            await tunnel(beyond.Length > 0 ? new PrefixedStream(beyond, _stream) : _stream, cancellationToken);
            return false;
        }
        // The rest of a body that nobody read stands between this request and the next: read over when it is short. A streamed
        // response may still read it while it is sent (an echo does), so there it is read over afterwards.
        var streams = response.Source is not null;
        var mayKeep = _reader.MayReuse && (streams || (!_continueDue && await DrainAsync(cancellationToken)));
        var keeps = await SendAsync(response, !mayKeep, cancellationToken);
        if (keeps && streams) { keeps = !_continueDue && await DrainAsync(cancellationToken); }
        _lingers = !keeps;
        return keeps;
    }

    /// <summary>Reads to the end of the head; false when there is no request to answer.</summary>
    private async ValueTask<bool> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var begun = _received.Length > 0;
        _guard.Arm(begun ? _options.HeadTimeout : _options.IdleTimeout);
        while (true)
        {
            var next = _reader.Read(_received.Span, _received.HasEnded, out var consumed);
            _received.Consume(consumed);
            switch (next.Kind)
            {
                case MessageEventKind.NeedMore:
                    await _received.ReceiveAsync(_stream, cancellationToken);
                    if (!begun && _received.Length > 0)
                    {
                        begun = true;
                        _guard.Arm(_options.HeadTimeout);
                    }
                    break;
                case MessageEventKind.Head:
                    _guard.Disarm();
                    return true;
                default:
                    if (_reader.Failure.Fault is MessageFault.EndedBeforeFirstByte or MessageFault.EndedInHead) { return false; }
                    await RefuseAsync(cancellationToken);
                    return false;
            }
        }
    }

    /// <summary>Bytes of the body for the handler; 0 at its end.</summary>
    public async ValueTask<int> ReadBodyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_run.Length == 0 && !await NextRunAsync(cancellationToken)) { return 0; }
        var length = Math.Min(_run.Length, destination.Length);
        _run[..length].CopyTo(destination);
        _run = _run[length..];
        return length;
    }

    /// <summary>Goes to the next run of the body's bytes; false at its end.</summary>
    private async ValueTask<bool> NextRunAsync(CancellationToken cancellationToken)
    {
        if (_bodyEnded) { return false; }
        if (_continueDue)
        {
            _continueDue = false;
            await _stream.SendAsync(s_continue, cancellationToken);
        }
        while (true)
        {
            var next = _reader.Read(_received.Span, _received.HasEnded, out var consumed);
            var shown = _received.Unconsumed;
            _received.Consume(consumed);
            switch (next.Kind)
            {
                case MessageEventKind.NeedMore:
                    _guard.Arm(_options.StallTimeout);
                    await _received.ReceiveAsync(_stream, cancellationToken);
                    _guard.Disarm();
                    break;
                case MessageEventKind.Body:
                    _run = shown.Slice(next.BodyStart, next.BodyLength);
                    return true;
                case MessageEventKind.Complete:
                    _bodyEnded = true;
                    return false;
                case MessageEventKind.Failed:
                    throw new MalformedBodyException(_reader.Failure);
                default:
                    break;
            }
        }
    }

    private static readonly byte[] s_continue = ResponseWriter.Continue.ToArray();

    private async ValueTask<bool> DrainAsync(CancellationToken cancellationToken)
    {
        var left = _options.DrainLimit;
        try
        {
            do
            {
                left -= _run.Length;
                _run = default;
                if (left < 0) { return false; }
            }
            while (await NextRunAsync(cancellationToken));
            return true;
        }
        catch (MalformedBodyException) { return false; }
    }

    /// <summary>Sends head and body; false when the connection must end, because it was said so or because the body came out wrong.</summary>
    private async ValueTask<bool> SendAsync(ServerResponse response, bool close, CancellationToken cancellationToken)
    {
        var (message, source) = response;
        // A tunnel's head says nothing of content, nor of the connection (RFC 9110 9.3.6).
        var plan = response.Tunnel is not null
            ? new ResponsePlan(BodyFraming.None, -1, Close: false, HttpVersion.Http11)
            : ResponsePlan.For(message.Status, _head.IsHead, _head.Version, source?.Length ?? message.Body.Length, close);
        var buffer = ArrayPool<byte>.Shared.Rent(ResponseWriter.MeasureHead(message) + PieceLength + ChunkWriter.MaximumSizeLine + 2);
        try
        {
            var head = ResponseWriter.WriteHead(message, plan, _network.Time.GetUtcNow(), buffer);
            if (head.Fault != WriteFault.None)
            {
                _options.HandlerFailed?.Invoke(new InvalidOperationException($"the response cannot be written: {head.Fault}, field {head.FieldIndex}"));
                (message, source) = (HttpResponse.Text(500, "The server failed to answer.\n"), null);
                plan = ResponsePlan.For(500, _head.IsHead, _head.Version, message.Body.Length, close: true);
                head = ResponseWriter.WriteHead(message, plan, _network.Time.GetUtcNow(), buffer);
            }
            _guard.Arm(_options.StallTimeout);
            if (plan.Framing == BodyFraming.None) { await _stream.SendAsync(buffer.AsMemory(0, head.Length), cancellationToken); }
            else if (source is null) { await SendValueAsync(buffer, head.Length, message.Body, cancellationToken); }
            else if (plan.Framing != BodyFraming.UntilClose)
            {
                if (!await SendSourceAsync(buffer, head.Length, source, plan, cancellationToken)) { return false; }
            }
            else
            {
                // Here the end of the connection is the end of the body: whatever ends it earlier must not look like that (RFC 9112 8).
                (_isCutOff, var ends) = (true, _closeByReset);
                ends?.Invoke(true);
                if (!await SendSourceAsync(buffer, head.Length, source, plan, cancellationToken)) { return false; }
                ends?.Invoke(false);
                _isCutOff = false;
            }
            return !plan.Close;
        }
        finally
        {
            _guard.Disarm();
            response.Source?.Close();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask SendValueAsync(byte[] buffer, int headLength, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (headLength + body.Length <= buffer.Length)
        {
            body.Span.CopyTo(buffer.AsSpan(headLength));
            await _stream.SendAsync(buffer.AsMemory(0, headLength + body.Length), cancellationToken);
            return;
        }
        await _stream.SendAsync(buffer.AsMemory(0, headLength), cancellationToken);
        for (var at = 0; at < body.Length; at += PieceLength)
        {
            // In pieces, so that a slow client is told from one that has stopped reading.
            _guard.Arm(_options.StallTimeout);
            await _stream.SendAsync(body.Slice(at, Math.Min(PieceLength, body.Length - at)), cancellationToken);
        }
    }

    /// <summary>Sends a body as it is made; false when its source failed or gave another length than it had said: then only cutting it off is honest.</summary>
    private async ValueTask<bool> SendSourceAsync(byte[] buffer, int headLength, IResponseBody source, ResponsePlan plan, CancellationToken cancellationToken)
    {
        var isChunked = plan.Framing == BodyFraming.Chunked;
        var (filled, sent) = (headLength, 0L);
        while (true)
        {
            var room = filled + (isChunked ? ChunkWriter.MaximumSizeLine : 0);
            int length;
            try { length = await source.ReadAsync(buffer.AsMemory(room, Math.Min(PieceLength, buffer.Length - room - 2)), cancellationToken); }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                _options.HandlerFailed?.Invoke(error);
                await _stream.SendAsync(buffer.AsMemory(0, filled), cancellationToken);
                return false;
            }
            _guard.Arm(_options.StallTimeout);
            if (length == 0) { break; }
            sent += length;
            if (plan.Length >= 0 && sent > plan.Length) { length -= (int)(sent - plan.Length); }
            var end = room + length;
            if (isChunked)
            {
                // The size line's length is known only now: the data moves up to it.
                var line = ChunkWriter.WriteSize(length, buffer.AsSpan(filled));
                buffer.AsSpan(room, length).CopyTo(buffer.AsSpan(filled + line));
                end = filled + line + length;
                ChunkWriter.DataEnd.CopyTo(buffer.AsSpan(end));
                end += 2;
            }
            await _stream.SendAsync(buffer.AsMemory(0, end), cancellationToken);
            filled = 0;
            if (plan.Length >= 0 && sent > plan.Length) { return false; }
        }
        if (isChunked)
        {
            ChunkWriter.LastChunk.CopyTo(buffer.AsSpan(filled));
            filled += ChunkWriter.LastChunk.Length;
        }
        if (filled > 0) { await _stream.SendAsync(buffer.AsMemory(0, filled), cancellationToken); }
        return plan.Length < 0 || sent == plan.Length;
    }

    /// <summary>Answers what cannot be read, and ends the connection: where the next request would begin is not known.</summary>
    private async ValueTask RefuseAsync(CancellationToken cancellationToken)
    {
        var status = RequestReader.StatusFor(_reader.Failure.Fault);
        await SendAsync(
            HttpResponse.Text(status, $"{ReasonPhrase.Of(status)}: the request cannot be read from its byte {_reader.Failure.Position + 1} on.\n"),
            close: true, cancellationToken);
        _lingers = true;
    }

    /// <summary>Ends the own direction and reads on until the client has ended its own, so that no reset takes the answer from it (RFC 9112 9.6).</summary>
    private async ValueTask LingerAsync(CancellationToken cancellationToken)
    {
        _stream.ShutdownSend();
        _guard.Arm(_options.LingerTimeout);
        // The timeout is not renewed: a client that goes on sending is cut off after it.
        do { _received.Consume(_received.Length); }
        while (await _received.ReceiveAsync(_stream, cancellationToken) > 0);
    }
}

/// <summary>A request's body broke its framing, or ended too early, while a handler read it.</summary>
internal sealed class MalformedBodyException(MessageFailure failure)
    : IOException($"the request's body is malformed: {failure.Fault} at byte {failure.Position}");
