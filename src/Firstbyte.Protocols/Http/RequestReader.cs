namespace Firstbyte.Http;

/// <summary>Reads requests from the bytes of a connection, as a server does (RFC 9112 3).</summary>
/// <remarks>
/// The counterpart of <see cref="ResponseReader"/>, with the same contract, but strict: whatever could be read in two ways is refused
/// with the status of <see cref="StatusFor"/>, because a server that guesses is how requests are smuggled past it.
/// </remarks>
public sealed class RequestReader
{
    private RequestHead _head = new();
    private State _state = State.Done;
    private LineScanner _scanner;
    private FieldLineReader _fields;
    private BodyReader _body;
    private FramingFields _framing;
    private int _emptyLines;

    private enum State : byte
    {
        RequestLine,
        Fields,
        Body,
        End,
        Done,
        Broken,
    }

    /// <summary>The head of the request being read, and its trailers.</summary>
    public RequestHead Head => _head;

    /// <summary>The flaws found in this request so far.</summary>
    public FlawLog Flaws { get; } = new();

    /// <summary>Bytes consumed since <see cref="Begin"/>.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes of the body delivered so far, without framing.</summary>
    public long BodyBytes => _body.Delivered;

    /// <summary>Why reading failed, once it has.</summary>
    public MessageFailure Failure { get; private set; }

    /// <summary>Whether the client lets the connection live on after the response, and why; known once the head is complete.</summary>
    public KeepReason KeepReason { get; private set; }

    /// <summary>Whether the client lets the connection live on after the response.</summary>
    public bool MayReuse => KeepAlive.Keeps(KeepReason);

    /// <summary>The status that answers a request which cannot be read (RFC 9110 15.5, 15.6; RFC 6585 5).</summary>
    public static int StatusFor(MessageFault fault) => fault switch
    {
        MessageFault.RequestLineTooLong => 414,
        MessageFault.HeadTooLong or MessageFault.LineTooLong or MessageFault.TooManyFields => 431,
        MessageFault.TransferCodingUnknown => 501,
        MessageFault.VersionUnsupported => 505,
        _ => 400,
    };

    /// <summary>Starts the next request.</summary>
    public void Begin(RequestHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        head.Clear();
        Flaws.Clear();
        _scanner.Reset();
        (_head, _state) = (head, State.RequestLine);
        _body.Begin(BodyFraming.None);
        (Position, _emptyLines) = (0, 0);
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
        Position += consumed;
        return next;
    }

    private MessageEvent Step(ReadOnlySpan<byte> received, bool ended, ref int consumed)
    {
        while (true)
        {
            var rest = received[consumed..];
            switch (_state)
            {
                case State.RequestLine:
                    switch (ReadRequestLine(rest, Position + consumed, out var lineBytes))
                    {
                        case LineScanner.Found.NeedMore: return NeedMore(ended, received.Length);
                        case LineScanner.Found.TooLong: return new MessageEvent(MessageEventKind.Failed);
                        default: consumed += lineBytes; break;
                    }
                    break;
                case State.Fields:
                    switch (_fields.Read(rest, FieldSection.Request, _head.Fields, Flaws, Position + consumed, out var taken, out var failure))
                    {
                        case FieldLineReader.Outcome.NeedMore: return NeedMore(ended, received.Length);
                        case FieldLineReader.Outcome.Fault: return Fail(failure);
                        case FieldLineReader.Outcome.End:
                            consumed += taken;
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
                    KeepReason = KeepAlive.Decide(_head.Version, _framing, _head.Framing, Flaws, ownClose: false);
                    _state = State.Done;
                    return new MessageEvent(MessageEventKind.Complete);
                case State.Broken:
                    return new MessageEvent(MessageEventKind.Failed);
                default:
                    return new MessageEvent(MessageEventKind.Complete);
            }
        }
    }

    // request-line = method SP request-target SP HTTP-version (RFC 9112 3)
    private LineScanner.Found ReadRequestLine(ReadOnlySpan<byte> received, long position, out int wireLength)
    {
        switch (_scanner.Next(received, HttpLimits.RequestLine, out var length, out wireLength))
        {
            case LineScanner.Found.NeedMore: return LineScanner.Found.NeedMore;
            case LineScanner.Found.TooLong: return Refuse(MessageFault.RequestLineTooLong, position + HttpLimits.RequestLine);
            default: break;
        }
        var line = received[..length];
        if (length == 0)
        {
            if (++_emptyLines > HttpLimits.EmptyLinesBeforeRequest) { return Refuse(MessageFault.RequestLineMalformed, position); }
            Flaws.Add(MessageFlaw.EmptyLineBeforeRequest, position, FlawAction.Accepted);
            return LineScanner.Found.Line;
        }
        var control = line.IndexOfAnyInRange((byte)0, (byte)0x1F);
        if (control >= 0) { return Refuse(line[control] == '\r' ? MessageFault.BareCarriageReturn : MessageFault.ControlInField, position + control); }
        var space = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (space <= 0 || last <= space + 1 || line[(space + 1)..last].Contains((byte)' ') || !HttpGrammar.IsToken(line[..space]))
        {
            return Refuse(MessageFault.RequestLineMalformed, position);
        }
        var version = line[(last + 1)..];
        if (version.Length != 8 || !version.StartsWith("HTTP/"u8) || !char.IsAsciiDigit((char)version[5]) || version[6] != '.' || !char.IsAsciiDigit((char)version[7]))
        {
            return Refuse(MessageFault.RequestLineMalformed, position + last + 1);
        }
        if (version[5] != '1') { return Refuse(MessageFault.VersionUnsupported, position + last + 1); }
        if (wireLength - length == 1) { Flaws.Add(MessageFlaw.BareLineFeed, position + length, FlawAction.AcceptedThenClose); }
        _head.SetRequestLine(line[..space], line[(space + 1)..last], version[7] == '0' ? HttpVersion.Http10 : HttpVersion.Http11);
        _fields.Begin(wireLength);
        _state = State.Fields;
        return LineScanner.Found.Line;
    }

    private MessageEvent EndHead(long position)
    {
        _framing = FramingFields.Of(_head.Fields);
        _head.ContentLength = _framing.ContentLength;
        if (!HostIsValid()) { return Fail(MessageFault.HostMissingOrRepeated, position); }
        if (_framing.ContentLengthFault != MessageFault.None) { return Fail(_framing.ContentLengthFault, position); }
        if (_framing.HasTransferEncoding)
        {
            if (_framing.UnknownCoding || _framing.IdentityCoding) { return Fail(MessageFault.TransferCodingUnknown, position); }
            // A request with both framings, or with chunks in HTTP/1.0, or with chunked not last, cannot be bounded safely (RFC 9112 6.1, 6.3).
            if (!_framing.EndsInChunked || _framing.ContentLength >= 0 || _head.Version == HttpVersion.Http10) { return Fail(MessageFault.RequestFramingAmbiguous, position); }
            return HeadIs(BodyFraming.Chunked);
        }
        if (_framing.ContentLengthRepeated) { Flaws.Add(MessageFlaw.ContentLengthRepeated, position, FlawAction.Accepted); }
        if (_framing.ContentLength <= 0) { return HeadIs(BodyFraming.None); }
        return HeadIs(BodyFraming.ContentLength);
    }

    // Host = uri-host [ ":" port ]; exactly one in HTTP/1.1 (RFC 9112 3.2).
    private bool HostIsValid()
    {
        var first = _head.Fields.IndexOf("Host"u8);
        if (first < 0) { return _head.Version == HttpVersion.Http10; }
        return _head.Fields.IndexOf("Host"u8, first + 1) < 0 && HttpGrammar.MayBeHost(_head.Fields.ValueAt(first));
    }

    private MessageEvent HeadIs(BodyFraming framing)
    {
        _head.Framing = framing;
        _body.Begin(framing, _framing.ContentLength);
        var expect = _head.Fields.IndexOf("Expect"u8);
        // An HTTP/1.0 client cannot wait for 100: the expectation is passed over (RFC 9110 10.1.1).
        _head.ExpectsContinue = expect >= 0 && _head.Version == HttpVersion.Http11 && framing != BodyFraming.None && HttpGrammar.Is(_head.Fields.ValueAt(expect), "100-continue"u8);
        KeepReason = KeepAlive.Decide(_head.Version, _framing, framing, Flaws, ownClose: false);
        _state = State.Body;
        return new MessageEvent(MessageEventKind.Head);
    }

    private MessageEvent NeedMore(bool ended, int length)
    {
        if (!ended) { return new MessageEvent(MessageEventKind.NeedMore); }
        var fault = _state switch
        {
            State.RequestLine when Position + length == 0 => MessageFault.EndedBeforeFirstByte,
            State.RequestLine or State.Fields => MessageFault.EndedInHead,
            _ => MessageFault.EndedInBody,
        };
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
