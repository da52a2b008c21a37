namespace Firstbyte.Http;

/// <summary>What a reader of messages found next.</summary>
public enum MessageEventKind : byte
{
    /// <summary>More bytes are needed; those not consumed must be shown again, with more behind them.</summary>
    NeedMore,

    /// <summary>An interim (1xx) response: its head stays readable until the next call.</summary>
    Informational,

    /// <summary>The head is complete.</summary>
    Head,

    /// <summary>A run of the body's bytes inside the caller's buffer.</summary>
    Body,

    /// <summary>The trailer section of a chunked body had fields.</summary>
    Trailers,

    /// <summary>The message is complete.</summary>
    Complete,

    /// <summary>The message cannot be used any further.</summary>
    Failed,
}

/// <summary>What a reader of messages found next, and for <see cref="MessageEventKind.Body"/> where: a range of the bytes given to that call.</summary>
public readonly record struct MessageEvent(MessageEventKind Kind, int BodyStart = 0, int BodyLength = 0);

/// <summary>Reads one response, and the interim responses before it, from the bytes of a connection (RFC 9112).</summary>
/// <remarks>
/// Theory of operation. The caller shows the bytes it has and drops those that were consumed; what is left it shows again with more behind it.
/// <see cref="Read"/> answers one event a call and is called until it needs more, is complete, or has failed:
/// <code>
///   StatusLine ─► Fields ─┬─ 1xx ─────────────────────────► StatusLine       (Informational)
///                         ├─ HEAD, 204, 304 ──────────────► End              (Head)
///                         ├─ CONNECT 2xx, 101 ────────────► End as a tunnel  (Head)
///                         ├─ Content-Length ─► Body ──────► End              (Head, Body…)
///                         ├─ chunked ────────► Body ──────► End              (Head, Body…, Trailers)
///                         └─ neither ────────► Body ──────► End              (Head, Body…)
///   End ─► Done (Complete)                     anything ─► Broken (Failed)
/// </code>
/// Lines are consumed one by one, so the caller's buffer has to hold one line, never a body. The split of the bytes over calls changes
/// nothing but the lengths of the body's runs. One reader serves a connection for its life: <see cref="Begin"/> starts the next message.
/// </remarks>
public sealed class ResponseReader
{
    private ResponseHead _head = new();
    private State _state = State.Done;
    private LineScanner _scanner;
    private FieldLineReader _fields;
    private BodyReader _body;
    private FramingFields _framing;
    private RequestKind _request;
    private int _informational;
    private bool _ownClose;

    private enum State : byte
    {
        StatusLine,
        Fields,
        Body,
        End,
        Done,
        Broken,
    }

    /// <summary>True to refuse every message with a flaw, instead of taking it as it was meant.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The head of the message being read, and its trailers.</summary>
    public ResponseHead Head => _head;

    /// <summary>The flaws found in this message so far, interim responses included.</summary>
    public FlawLog Flaws { get; } = new();

    /// <summary>Bytes consumed since <see cref="Begin"/>.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes of the body delivered so far, without framing.</summary>
    public long BodyBytes => _body.Delivered;

    /// <summary>The body's bytes that are still due, where Content-Length says it; otherwise -1.</summary>
    public long BodyBytesDue => _state == State.Body ? _body.Due : -1;

    /// <summary>Why reading failed, once it has.</summary>
    public MessageFailure Failure { get; private set; }

    /// <summary>Whether the connection may carry another exchange, and why; known once complete.</summary>
    public KeepReason KeepReason { get; private set; }

    /// <summary>Whether the connection may carry another exchange.</summary>
    public bool MayReuse => KeepAlive.Keeps(KeepReason);

    /// <summary>Starts the next message.</summary>
    /// <param name="head">Where the head goes; it may be the one of the message before.</param>
    /// <param name="request">What kind of request it answers: this decides whether there is a body.</param>
    /// <param name="ownClose">The request said that its sender will close the connection.</param>
    public void Begin(ResponseHead head, RequestKind request = RequestKind.Other, bool ownClose = false)
    {
        ArgumentNullException.ThrowIfNull(head);
        head.Clear();
        Flaws.Clear();
        _scanner.Reset();
        (_head, _request, _ownClose, _state) = (head, request, ownClose, State.StatusLine);
        _body.Begin(BodyFraming.None);
        (Position, _informational) = (0, 0);
        (Failure, KeepReason, _framing) = (default, KeepReason.NotYetKnown, default);
    }

    /// <summary>Finds the next event in the bytes at hand.</summary>
    /// <param name="received">The bytes received and not consumed yet.</param>
    /// <param name="ended">No more bytes will come.</param>
    /// <param name="consumed">How many of the bytes are done with after the event; a body's run is among them.</param>
    public MessageEvent Read(ReadOnlySpan<byte> received, bool ended, out int consumed)
    {
        consumed = 0;
        var next = Step(received, ended, ref consumed);
        if (IsStrict && !Flaws.IsEmpty && next.Kind != MessageEventKind.Failed) { next = Fail(MessageFault.FlawRefused, Flaws.Found[0].Position); }
        Position += consumed;
        return next;
    }

    private MessageEvent Step(ReadOnlySpan<byte> received, bool ended, ref int consumed)
    {
        while (true)
        {
            if (IsStrict && !Flaws.IsEmpty && _state < State.Done) { return Fail(MessageFault.FlawRefused, Flaws.Found[0].Position); }
            var rest = received[consumed..];
            switch (_state)
            {
                case State.StatusLine:
                    switch (ReadStatusLine(rest, Position + consumed, out var lineBytes))
                    {
                        case LineScanner.Found.NeedMore: return NeedMore(ended, received.Length);
                        case LineScanner.Found.TooLong: return new MessageEvent(MessageEventKind.Failed);
                        default: break;
                    }
                    consumed += lineBytes;
                    _fields.Begin(lineBytes);
                    _state = State.Fields;
                    break;
                case State.Fields:
                    switch (_fields.Read(rest, FieldSection.Response, _head.Fields, Flaws, Position + consumed, out var taken, out var failure))
                    {
                        case FieldLineReader.Outcome.NeedMore: return NeedMore(ended, received.Length);
                        case FieldLineReader.Outcome.Fault: return Fail(failure);
                        case FieldLineReader.Outcome.End:
                            consumed += taken;
                            _head.WireBytes = _fields.SectionBytes;
                            return EndHead(Position + consumed);
                        default: consumed += taken; break;
                    }
                    break;
                case State.Body:
                    switch (_body.Read(received, ended, _head.Trailers, Flaws, Position, ref consumed, out var found, out var bodyFailure))
                    {
                        case BodyReader.Outcome.NeedMore: return NeedMore(ended, received.Length);
                        case BodyReader.Outcome.Fault: return Fail(bodyFailure);
                        case BodyReader.Outcome.Found: return found;
                        default: _state = State.End; break;
                    }
                    break;
                case State.End:
                    return Complete(rest.Length, Position + consumed);
                case State.Broken:
                    return new MessageEvent(MessageEventKind.Failed);
                default:
                    return new MessageEvent(MessageEventKind.Complete);
            }
        }
    }

    // status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 4); many servers leave the second SP out with the phrase.
    private LineScanner.Found ReadStatusLine(ReadOnlySpan<byte> received, long position, out int wireLength)
    {
        wireLength = 0;
        // Another protocol is told from its first bytes, without waiting for a line that may never end.
        var same = received.CommonPrefixLength("HTTP/"u8);
        if (same < Math.Min(received.Length, 5)) { return Refuse(MessageFault.NotHttp, position + same); }
        switch (_scanner.Next(received, HttpLimits.ResponseLine, out var length, out wireLength))
        {
            case LineScanner.Found.NeedMore: return LineScanner.Found.NeedMore;
            case LineScanner.Found.TooLong: return Refuse(MessageFault.LineTooLong, position + HttpLimits.ResponseLine);
            default: break;
        }
        var line = received[..length];
        var control = HttpGrammar.IndexOfControl(line);
        if (control >= 0) { return Refuse(line[control] == '\r' ? MessageFault.BareCarriageReturn : MessageFault.ControlInField, position + control); }
        if (line.Length < 8 || !char.IsAsciiDigit((char)line[5]) || line[6] != '.' || !char.IsAsciiDigit((char)line[7])) { return Refuse(MessageFault.StatusLineMalformed, position + 5); }
        if (line[5] != '1') { return Refuse(MessageFault.VersionUnsupported, position + 5); }
        if (line.Length < 12 || line[8] != ' ') { return Refuse(MessageFault.StatusLineMalformed, position + 8); }
        var status = 0;
        for (var i = 9; i < 12; i++)
        {
            if (!char.IsAsciiDigit((char)line[i])) { return Refuse(MessageFault.StatusLineMalformed, position + i); }
            status = status * 10 + (line[i] - '0');
        }
        if (line.Length > 12 && line[12] != ' ') { return Refuse(MessageFault.StatusLineMalformed, position + 12); }
        if (status < 100) { return Refuse(MessageFault.StatusOutOfRange, position + 9); }
        if (status >= 600) { Flaws.Add(MessageFlaw.StatusClassUnknown, position + 9, FlawAction.Accepted); }
        if (wireLength - length == 1) { Flaws.Add(MessageFlaw.BareLineFeed, position + length, FlawAction.AcceptedThenClose); }
        _head.Clear();
        _head.SetStatusLine((byte)(line[7] - '0'), status, line.Length > 13 ? line[13..] : default);
        return LineScanner.Found.Line;
    }

    /// <summary>RFC 9112 6.3, in its order.</summary>
    private MessageEvent EndHead(long position)
    {
        _framing = FramingFields.Of(_head.Fields);
        if (_framing.ContentLengthFault == MessageFault.None) { _head.ContentLength = _framing.ContentLength; }
        var status = _head.Status;
        if (status is >= 100 and < 200 and not 101)
        {
            FlagFramingWithoutBody(position);
            if (++_informational > HttpLimits.InformationalResponses) { return Fail(MessageFault.TooManyInformational, position); }
            _state = State.StatusLine;
            return new MessageEvent(MessageEventKind.Informational);
        }
        if (status == 101 && _request != RequestKind.Upgrade) { return Fail(MessageFault.SwitchingNotAsked, position); }
        if (status == 101 || (_request == RequestKind.Connect && status is >= 200 and < 300))
        {
            return HeadIs(BodyFraming.Tunnel);
        }
        if (_request == RequestKind.Head || status is 204 or 304)
        {
            if (status == 204) { FlagFramingWithoutBody(position); }
            return HeadIs(BodyFraming.None);
        }
        return EndHeadWithBody(position);
    }

    private MessageEvent EndHeadWithBody(long position)
    {
        if (_framing.HasTransferEncoding)
        {
            if (_framing.UnknownCoding) { return Fail(MessageFault.TransferCodingUnknown, position); }
            if (_framing.IdentityCoding) { Flaws.Add(MessageFlaw.IdentityCoding, position, FlawAction.AcceptedThenClose); }
            if (_head.Version == HttpVersion.Http10) { Flaws.Add(MessageFlaw.TransferEncodingInHttp10, position, FlawAction.AcceptedThenClose); }
            if (_framing.ContentLength >= 0 || _framing.ContentLengthFault != MessageFault.None)
            {
                Flaws.Add(MessageFlaw.TransferEncodingWithContentLength, position, FlawAction.AcceptedThenClose);
            }
            if (!_framing.EndsInChunked)
            {
                Flaws.Add(MessageFlaw.ChunkedNotFinal, position, FlawAction.AcceptedThenClose);
                return HeadIs(BodyFraming.UntilClose);
            }
            return HeadIs(BodyFraming.Chunked);
        }
        if (_framing.ContentLengthFault != MessageFault.None) { return Fail(_framing.ContentLengthFault, position); }
        if (_framing.ContentLengthRepeated) { Flaws.Add(MessageFlaw.ContentLengthRepeated, position, FlawAction.Accepted); }
        if (_framing.ContentLength < 0) { return HeadIs(BodyFraming.UntilClose); }
        return HeadIs(BodyFraming.ContentLength);
    }

    private void FlagFramingWithoutBody(long position)
    {
        if (_framing.HasTransferEncoding || _framing.ContentLength >= 0) { Flaws.Add(MessageFlaw.FramingWithoutBody, position, FlawAction.Accepted); }
    }

    private MessageEvent Complete(int bytesFollowing, long position)
    {
        if (bytesFollowing > 0 && _head.Framing != BodyFraming.Tunnel) { Flaws.Add(MessageFlaw.BytesAfterMessage, position, FlawAction.AcceptedThenClose); }
        KeepReason = KeepAlive.Decide(_head.Version, _framing, _head.Framing, Flaws, _ownClose);
        _state = State.Done;
        return new MessageEvent(MessageEventKind.Complete);
    }

    private MessageEvent HeadIs(BodyFraming framing)
    {
        _head.Framing = framing;
        _body.Begin(framing, _framing.ContentLength);
        _state = State.Body;
        return new MessageEvent(MessageEventKind.Head);
    }

    private MessageEvent NeedMore(bool ended, int length)
    {
        if (!ended) { return new MessageEvent(MessageEventKind.NeedMore); }
        var fault = _state switch
        {
            State.StatusLine when Position + length == 0 => MessageFault.EndedBeforeFirstByte,
            State.StatusLine or State.Fields => MessageFault.EndedInHead,
            _ => MessageFault.EndedInBody,
        };
        // Position counts what was consumed before this call; the rest of the bytes were seen too.
        return Fail(new MessageFailure(fault, Position + length, FaultSide.Connection));
    }

    private LineScanner.Found Refuse(MessageFault fault, long position)
    {
        Fail(fault, position);
        return LineScanner.Found.TooLong;
    }

    private MessageEvent Fail(MessageFault fault, long position) => Fail(new MessageFailure(fault, position, FaultSide.Peer));

    private MessageEvent Fail(MessageFailure failure)
    {
        (Failure, KeepReason, _state) = (failure, KeepReason.Failed, State.Broken);
        return new MessageEvent(MessageEventKind.Failed);
    }
}

/// <summary>What of a request decides how its response is read (RFC 9112 6.3).</summary>
public enum RequestKind : byte
{
    /// <summary>Any request not named here.</summary>
    Other,

    /// <summary>HEAD: the response has no body.</summary>
    Head,

    /// <summary>CONNECT: a 2xx response makes the connection a tunnel.</summary>
    Connect,

    /// <summary>A request with an Upgrade field: 101 may answer it.</summary>
    Upgrade,
}
