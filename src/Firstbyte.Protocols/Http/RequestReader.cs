namespace Firstbyte.Http;

/// <summary>Reads requests from the bytes of a connection, as a server does (RFC 9112 3).</summary>
/// <remarks>
/// The counterpart of <see cref="ResponseReader"/>, but strict: whatever could be read in two ways is refused
/// with the status of <see cref="StatusFor"/>, because a server that guesses is how requests are smuggled past it.
/// </remarks>
public sealed class RequestReader : MessageReader
{
    private RequestHead _head = new();
    private int _emptyLines;

    /// <summary>The head of the request being read, and its trailers.</summary>
    public RequestHead Head => _head;

    private protected override FieldSection Section => FieldSection.Request;

    private protected override FieldTable Fields => _head.Fields;

    private protected override FieldTable Trailers => _head.Trailers;

    private protected override (int Length, MessageFault Fault) StartLineLimit => (HttpLimits.RequestLine, MessageFault.RequestLineTooLong);

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
        (_head, _emptyLines) = (head, 0);
        Restart();
    }

    // request-line = method SP request-target SP HTTP-version (RFC 9112 3)
    private protected override MessageFault TakeStartLine(ReadOnlySpan<byte> line, long position, out bool isTaken, out int offset)
    {
        (isTaken, offset) = (line.Length > 0, 0);
        if (!isTaken)
        {
            if (++_emptyLines > HttpLimits.EmptyLinesBeforeRequest) { return MessageFault.RequestLineMalformed; }
            Flaws.Add(MessageFlaw.EmptyLineBeforeRequest, position, FlawAction.Accepted);
            return MessageFault.None;
        }
        offset = line.IndexOfAnyInRange((byte)0, (byte)0x1F);
        if (offset >= 0) { return HttpGrammar.FaultOfControl(line[offset], MessageFault.ControlInStartLine); }
        offset = 0;
        var space = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (space <= 0 || last <= space + 1 || line[(space + 1)..last].Contains((byte)' ') || !HttpGrammar.IsToken(line[..space]))
        {
            return MessageFault.RequestLineMalformed;
        }
        offset = last + 1;
        var version = line[(last + 1)..];
        if (version.Length != 8 || !version.StartsWith("HTTP/"u8) || !char.IsAsciiDigit((char)version[5]) || version[6] != '.'
            || !char.IsAsciiDigit((char)version[7]))
        {
            return MessageFault.RequestLineMalformed;
        }
        if (version[5] != '1') { return MessageFault.VersionUnsupported; }
        _head.SetRequestLine(line[..space], line[(space + 1)..last], version[7] == '0' ? HttpVersion.Http10 : HttpVersion.Http11);
        return MessageFault.None;
    }

    private protected override MessageEvent EndHead(long position)
    {
        _head.ContentLength = Framing.ContentLength;
        if (!HostIsValid()) { return Fail(MessageFault.HostMissingOrRepeated, position); }
        if (Framing.ContentLengthFault != MessageFault.None) { return Fail(Framing.ContentLengthFault, position); }
        if (Framing.HasTransferEncoding)
        {
            if (Framing.UnknownCoding || Framing.IdentityCoding) { return Fail(MessageFault.TransferCodingUnknown, position); }
            // A request with both framings, or with chunks in HTTP/1.0, or with chunked not last, cannot be bounded safely (RFC 9112 6.1, 6.3).
            if (!Framing.EndsInChunked || Framing.ContentLength >= 0 || _head.Version == HttpVersion.Http10)
            {
                return Fail(MessageFault.RequestFramingAmbiguous, position);
            }
            return BodyIs(BodyFraming.Chunked);
        }
        if (Framing.ContentLengthRepeated) { Flaws.Add(MessageFlaw.ContentLengthRepeated, position, FlawAction.Accepted); }
        return BodyIs(Framing.ContentLength <= 0 ? BodyFraming.None : BodyFraming.ContentLength);
    }

    private protected override KeepReason EndMessage(int following, long position) => Decide();

    // Host = uri-host [ ":" port ]; exactly one in HTTP/1.1 (RFC 9112 3.2).
    private bool HostIsValid()
    {
        var first = _head.Fields.IndexOf("Host"u8);
        if (first < 0) { return _head.Version == HttpVersion.Http10; }
        return _head.Fields.IndexOf("Host"u8, first + 1) < 0 && HttpGrammar.MayBeHost(_head.Fields.ValueAt(first));
    }

    private MessageEvent BodyIs(BodyFraming framing)
    {
        _head.Framing = framing;
        var expect = _head.Fields.IndexOf("Expect"u8);
        // An HTTP/1.0 client cannot wait for 100: the expectation is passed over (RFC 9110 10.1.1).
        _head.ExpectsContinue = expect >= 0 && _head.Version == HttpVersion.Http11 && framing != BodyFraming.None
            && HttpGrammar.Is(_head.Fields.ValueAt(expect), "100-continue"u8);
        // A server decides with the head, before it answers; what the body and its trailers bring may change it.
        KeepReason = Decide();
        return HeadIs(framing);
    }

    private KeepReason Decide() => KeepAlive.Decide(_head.Version, Framing, _head.Framing, Flaws, ownClose: false);
}
