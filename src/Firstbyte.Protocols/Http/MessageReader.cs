using Firstbyte.Lines;

namespace Firstbyte.Http;

/// <summary>What reading a request and reading a response have in common: the way from the start line to the end of the body (RFC 9112 2.1).</summary>
/// <remarks>
/// Theory of operation. The caller shows the bytes it has and drops those that were consumed; what is left it shows again with more behind it.
/// <see cref="Read"/> answers one event a call and is called until it needs more, is complete, or has failed:
/// <code>
///   StartLine ─► Fields ─► Body ─► End ─► Done          anything ─► Broken (Failed)
/// </code>
/// Lines are consumed one by one, so the caller's buffer has to hold one line, never a body. The split of the bytes over calls changes
/// nothing but the lengths of the body's runs. One reader serves a connection for its life.
/// </remarks>
public abstract class MessageReader
{
    private LineScanner _scanner;
    private FieldLineReader _fields;
    private BodyReader _body;
    private State _state = State.Done;

    private protected MessageReader() { }

    private enum State : byte
    {
        StartLine,
        Fields,
        Body,
        End,
        Done,
        Broken,
    }

    /// <summary>The flaws found in this message so far.</summary>
    public FlawLog Flaws { get; } = new();

    /// <summary>Bytes consumed since the message began.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes of the body delivered so far, without framing.</summary>
    public long BodyBytes => _body.Delivered;

    /// <summary>The body's bytes that are still due, where Content-Length says it; otherwise -1.</summary>
    public long BodyBytesDue => _state == State.Body ? _body.Due : -1;

    /// <summary>Why reading failed, once it has.</summary>
    public MessageFailure Failure { get; private set; }

    /// <summary>Whether the connection may carry another message, and why.</summary>
    public KeepReason KeepReason { get; private protected set; }

    /// <summary>Whether the connection may carry another message.</summary>
    public bool MayReuse => KeepAlive.Keeps(KeepReason);

    /// <summary>What the framing fields of the head say together; known at its end.</summary>
    private protected FramingFields Framing { get; private set; }

    /// <summary>The bytes of the head, once it has ended.</summary>
    private protected int HeadBytes => _fields.SectionBytes;

    /// <summary>Which rules the field lines of the head are read by.</summary>
    private protected abstract FieldSection Section { get; }

    /// <summary>Where the field lines of the head go.</summary>
    private protected abstract FieldTable Fields { get; }

    /// <summary>Where those after a chunked body go.</summary>
    private protected abstract FieldTable Trailers { get; }

    /// <summary>The longest start line, and what a longer one is.</summary>
    private protected abstract (int Length, MessageFault Fault) StartLineLimit { get; }

    /// <summary>A message with a flaw is refused.</summary>
    private protected virtual bool RefusesFlaws => false;

    /// <summary>What shows to be wrong with a message only when its last byte has come.</summary>
    private protected virtual MessageFault JudgeWhole() => MessageFault.None;

    /// <summary>Finds the next event in the bytes at hand.</summary>
    /// <param name="received">The bytes received and not consumed yet.</param>
    /// <param name="ended">No more bytes will come.</param>
    /// <param name="consumed">How many of the bytes are done with after the event; a body's run is among them.</param>
    public MessageEvent Read(ReadOnlySpan<byte> received, bool ended, out int consumed)
    {
        consumed = 0;
        var next = Step(received, ended, ref consumed);
        if (HasRefusedFlaw && next.Kind != MessageEventKind.Failed) { next = FailForFlaw(); }
        Position += consumed;
        return next;
    }

    /// <summary>Begins the next message.</summary>
    private protected void Restart()
    {
        Flaws.Clear();
        _scanner.Reset();
        _body.Begin(BodyFraming.None);
        (_state, Position, Failure, KeepReason, Framing) = (State.StartLine, 0, default, KeepReason.NotYetKnown, default);
    }

    /// <summary>Looks at the first bytes before there is a whole line: what is no HTTP at all is told from them.</summary>
    /// <param name="received">The bytes at hand, from the start line's first on.</param>
    /// <param name="offset">Where the fault is.</param>
    private protected virtual MessageFault CheckFirstBytes(ReadOnlySpan<byte> received, out int offset)
    {
        offset = 0;
        return MessageFault.None;
    }

    /// <summary>Takes the start line.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="isTaken">False for a line that only stands before the start line.</param>
    /// <param name="offset">Where the fault is.</param>
    private protected abstract MessageFault TakeStartLine(ReadOnlySpan<byte> line, long position, out bool isTaken, out int offset);

    /// <summary>
    /// Decides what a head means that ends here, with <see cref="HeadIs"/>, <see cref="HeadIsInterim"/> or
    /// <see cref="Fail(MessageFault, long)"/>.
    /// </summary>
    private protected abstract MessageEvent EndHead(long position);

    /// <summary>Decides what becomes of the connection after a message that ends here.</summary>
    /// <param name="following">Bytes at hand beyond its end.</param>
    /// <param name="position">Where it ends.</param>
    private protected abstract KeepReason EndMessage(int following, long position);

    /// <summary>The head is complete, and the body begins.</summary>
    private protected MessageEvent HeadIs(BodyFraming framing)
    {
        _body.Begin(framing, Framing.ContentLength);
        _state = State.Body;
        return new MessageEvent(MessageEventKind.Head);
    }

    /// <summary>The head was one that only announces another.</summary>
    private protected MessageEvent HeadIsInterim()
    {
        _state = State.StartLine;
        return new MessageEvent(MessageEventKind.Informational);
    }

    private protected MessageEvent Fail(MessageFault fault, long position) => Fail(new MessageFailure(fault, position, FaultSide.Peer));

    private bool HasRefusedFlaw => RefusesFlaws && !Flaws.IsEmpty;

    private MessageEvent Step(ReadOnlySpan<byte> received, bool ended, ref int consumed)
    {
        while (true)
        {
            if (HasRefusedFlaw && _state < State.Done) { return FailForFlaw(); }
            MessageEvent? next = _state switch
            {
                State.StartLine => ReadStartLine(received, ended, ref consumed),
                State.Fields => ReadField(received, ended, ref consumed),
                State.Body => ReadBody(received, ended, ref consumed),
                State.End => Complete(received.Length - consumed, Position + consumed),
                State.Broken => new MessageEvent(MessageEventKind.Failed),
                _ => new MessageEvent(MessageEventKind.Complete),
            };
            if (next is { } found) { return found; }
        }
    }

    private MessageEvent? ReadStartLine(ReadOnlySpan<byte> received, bool ended, ref int consumed)
    {
        var rest = received[consumed..];
        var position = Position + consumed;
        var fault = CheckFirstBytes(rest, out var offset);
        if (fault != MessageFault.None) { return Fail(fault, position + offset); }
        var limit = StartLineLimit;
        switch (_scanner.Next(rest, limit.Length, out var length, out var wireLength))
        {
            case LineStatus.NeedMore: return NeedMore(ended, received.Length);
            case LineStatus.TooLong: return Fail(limit.Fault, position + limit.Length);
            default: break;
        }
        fault = TakeStartLine(rest[..length], position, out var isTaken, out offset);
        if (fault != MessageFault.None) { return Fail(fault, position + offset); }
        consumed += wireLength;
        if (!isTaken) { return null; }
        if (wireLength - length == 1) { Flaws.Add(MessageFlaw.BareLineFeed, position + length, FlawAction.AcceptedThenClose); }
        _fields.Begin(wireLength);
        _state = State.Fields;
        return null;
    }

    private MessageEvent? ReadField(ReadOnlySpan<byte> received, bool ended, ref int consumed)
    {
        var outcome = _fields.Read(received[consumed..], Section, Fields, Flaws, Position + consumed, out var taken, out var failure);
        switch (outcome)
        {
            case FieldLineReader.Outcome.NeedMore: return NeedMore(ended, received.Length);
            case FieldLineReader.Outcome.Fault: return Fail(failure);
            default: consumed += taken; break;
        }
        if (outcome != FieldLineReader.Outcome.End) { return null; }
        Framing = FramingFields.Of(Fields);
        return EndHead(Position + consumed);
    }

    private MessageEvent? ReadBody(ReadOnlySpan<byte> received, bool ended, ref int consumed)
    {
        switch (_body.Read(received, ended, Trailers, Flaws, Position, ref consumed, out var found, out var failure))
        {
            case BodyReader.Outcome.NeedMore: return NeedMore(ended, received.Length);
            case BodyReader.Outcome.Fault: return Fail(failure);
            case BodyReader.Outcome.Found: return found;
            default:
                _state = State.End;
                return null;
        }
    }

    private MessageEvent Complete(int following, long position)
    {
        if (JudgeWhole() is not MessageFault.None and var fault) { return Fail(fault, position); }
        KeepReason = EndMessage(following, position);
        _state = State.Done;
        return new MessageEvent(MessageEventKind.Complete);
    }

    private MessageEvent NeedMore(bool ended, int length)
    {
        if (!ended) { return new MessageEvent(MessageEventKind.NeedMore); }
        var fault = _state switch
        {
            State.StartLine when Position + length == 0 => MessageFault.EndedBeforeFirstByte,
            State.StartLine or State.Fields => MessageFault.EndedInHead,
            _ => MessageFault.EndedInBody,
        };
        // Position counts what was consumed before this call; the rest of the bytes were seen too.
        return Fail(new MessageFailure(fault, Position + length, FaultSide.Connection));
    }

    private MessageEvent FailForFlaw() => Fail(MessageFault.FlawRefused, Flaws.Found[0].Position);

    private MessageEvent Fail(MessageFailure failure)
    {
        (Failure, KeepReason, _state) = (failure, KeepReason.Failed, State.Broken);
        return new MessageEvent(MessageEventKind.Failed);
    }
}
