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
/// What a response's head decides:
/// <code>
///   StartLine ─► Fields ─┬─ 1xx ─────────────────────────► StartLine        (Informational)
///                        ├─ HEAD, 204, 304 ──────────────► End              (Head)
///                        ├─ CONNECT 2xx, 101 ────────────► End as a tunnel  (Head)
///                        ├─ Content-Length ─► Body ──────► End              (Head, Body…)
///                        ├─ chunked ────────► Body ──────► End              (Head, Body…, Trailers)
///                        └─ neither ────────► Body ──────► End              (Head, Body…)
///   End ─► Done (Complete)                    anything ─► Broken (Failed)
/// </code>
/// </remarks>
public sealed class ResponseReader : MessageReader
{
    private ResponseHead _head = new();
    private RequestKind _request;
    private int _informational;
    private bool _ownClose;

    /// <summary>True to refuse every message with a flaw, instead of taking it as it was meant.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The head of the message being read, and its trailers.</summary>
    public ResponseHead Head => _head;

    private protected override FieldSection Section => FieldSection.Response;

    private protected override FieldTable Fields => _head.Fields;

    private protected override FieldTable Trailers => _head.Trailers;

    private protected override (int Length, MessageFault Fault) StartLineLimit => (HttpLimits.ResponseLine, MessageFault.LineTooLong);

    private protected override bool RefusesFlaws => IsStrict;

    /// <summary>Starts the next message. Flaws of its interim responses are kept with its own.</summary>
    /// <param name="head">Where the head goes; it may be the one of the message before.</param>
    /// <param name="request">What kind of request it answers: this decides whether there is a body.</param>
    /// <param name="ownClose">The request said that its sender will close the connection.</param>
    public void Begin(ResponseHead head, RequestKind request = RequestKind.Other, bool ownClose = false)
    {
        ArgumentNullException.ThrowIfNull(head);
        head.Clear();
        (_head, _request, _ownClose, _informational) = (head, request, ownClose, 0);
        Restart();
    }

    // Another protocol is told from its first bytes, without waiting for a line that may never end.
    private protected override MessageFault CheckFirstBytes(ReadOnlySpan<byte> received, out int offset)
    {
        offset = received.CommonPrefixLength("HTTP/"u8);
        return offset < Math.Min(received.Length, 5) ? MessageFault.NotHttp : MessageFault.None;
    }

    // status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 4); many servers leave the second SP out with the phrase.
    private protected override MessageFault TakeStartLine(ReadOnlySpan<byte> line, long position, out bool isTaken, out int offset)
    {
        isTaken = true;
        offset = HttpGrammar.IndexOfControl(line);
        if (offset >= 0) { return HttpGrammar.FaultOfControl(line[offset], MessageFault.ControlInStartLine); }
        offset = 5;
        if (line.Length < 8 || !char.IsAsciiDigit((char)line[5]) || line[6] != '.' || !char.IsAsciiDigit((char)line[7]))
        {
            return MessageFault.StatusLineMalformed;
        }
        if (line[5] != '1') { return MessageFault.VersionUnsupported; }
        offset = 8;
        if (line.Length < 12 || line[8] != ' ') { return MessageFault.StatusLineMalformed; }
        var status = 0;
        for (offset = 9; offset < 12; offset++)
        {
            if (!char.IsAsciiDigit((char)line[offset])) { return MessageFault.StatusLineMalformed; }
            status = status * 10 + (line[offset] - '0');
        }
        if (line.Length > 12 && line[12] != ' ') { return MessageFault.StatusLineMalformed; }
        offset = 9;
        if (status < 100) { return MessageFault.StatusOutOfRange; }
        if (status >= 600) { Flaws.Add(MessageFlaw.StatusClassUnknown, position + 9, FlawAction.Accepted); }
        _head.Clear();
        _head.SetStatusLine((byte)(line[7] - '0'), status, line.Length > 13 ? line[13..] : default);
        return MessageFault.None;
    }

    /// <summary>RFC 9112 6.3, in its order.</summary>
    private protected override MessageEvent EndHead(long position)
    {
        _head.WireBytes = HeadBytes;
        if (Framing.ContentLengthFault == MessageFault.None) { _head.ContentLength = Framing.ContentLength; }
        var status = _head.Status;
        if (status is >= 100 and < 200 and not 101)
        {
            FlagFramingWithoutBody(position);
            if (++_informational > HttpLimits.InformationalResponses) { return Fail(MessageFault.TooManyInformational, position); }
            return HeadIsInterim();
        }
        if (status == 101 && _request != RequestKind.Upgrade) { return Fail(MessageFault.SwitchingNotAsked, position); }
        if (status == 101 || (_request == RequestKind.Connect && status is >= 200 and < 300))
        {
            return BodyIs(BodyFraming.Tunnel);
        }
        if (_request == RequestKind.Head || status is 204 or 304)
        {
            if (status == 204) { FlagFramingWithoutBody(position); }
            return BodyIs(BodyFraming.None);
        }
        return EndHeadWithBody(position);
    }

    private MessageEvent EndHeadWithBody(long position)
    {
        if (Framing.HasTransferEncoding)
        {
            // Neither to take one coding off nor to take two off is what the sender can be known to have meant.
            if (Framing.ChunkedRepeated) { return Fail(MessageFault.ChunkedRepeated, position); }
            // So it is with a coding behind chunked, withdrawn or not: the lines of the chunks are no content.
            if (Framing.UnknownCoding || Framing.ChunkedNotLast) { return Fail(MessageFault.TransferCodingUnknown, position); }
            if (Framing.IdentityCoding) { Flaws.Add(MessageFlaw.IdentityCoding, position, FlawAction.AcceptedThenClose); }
            if (_head.Version == HttpVersion.Http10) { Flaws.Add(MessageFlaw.TransferEncodingInHttp10, position, FlawAction.AcceptedThenClose); }
            if (Framing.ContentLength >= 0 || Framing.ContentLengthFault != MessageFault.None)
            {
                Flaws.Add(MessageFlaw.TransferEncodingWithContentLength, position, FlawAction.AcceptedThenClose);
            }
            if (!Framing.EndsInChunked)
            {
                Flaws.Add(MessageFlaw.ChunkedNotFinal, position, FlawAction.AcceptedThenClose);
                return BodyIs(BodyFraming.UntilClose);
            }
            return BodyIs(BodyFraming.Chunked);
        }
        if (Framing.ContentLengthFault != MessageFault.None) { return Fail(Framing.ContentLengthFault, position); }
        if (Framing.ContentLengthRepeated) { Flaws.Add(MessageFlaw.ContentLengthRepeated, position, FlawAction.Accepted); }
        if (Framing.ContentLength < 0) { return BodyIs(BodyFraming.UntilClose); }
        return PartLength() is >= 0 and var part && part != Framing.ContentLength ? Fail(MessageFault.PartLengthDiffers, position)
            : BodyIs(BodyFraming.ContentLength);
    }

    private void FlagFramingWithoutBody(long position)
    {
        if (Framing.HasTransferEncoding || Framing.ContentLength >= 0) { Flaws.Add(MessageFlaw.FramingWithoutBody, position, FlawAction.Accepted); }
    }

    // What a part's own Content-Range says it is; -1 where there is none, or several parts.
    private long PartLength() =>
        _head.Status == 206 && ContentRange.TryRead(_head.Fields.Find("Content-Range"u8), out var range) ? range.Last - range.First + 1 : -1;

    // Without a length in the head a part can be compared with its Content-Range only when all of it has come.
    private protected override MessageFault JudgeWhole() =>
        _head.Framing is BodyFraming.Chunked or BodyFraming.UntilClose && PartLength() is >= 0 and var length && length != BodyBytes
            ? MessageFault.PartLengthDiffers : MessageFault.None;

    private protected override KeepReason EndMessage(int following, long position)
    {
        if (following > 0 && _head.Framing != BodyFraming.Tunnel) { Flaws.Add(MessageFlaw.BytesAfterMessage, position, FlawAction.AcceptedThenClose); }
        return KeepAlive.Decide(_head.Version, Framing, _head.Framing, Flaws, _ownClose);
    }

    private MessageEvent BodyIs(BodyFraming framing)
    {
        _head.Framing = framing;
        return HeadIs(framing);
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
