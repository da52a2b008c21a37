using Firstbyte.Lines;

namespace Firstbyte.Http;

/// <summary>Takes the chunked coding off a body (RFC 9112 7.1).</summary>
/// <remarks>
/// chunked-body = *chunk last-chunk trailer-section CRLF; chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF. Sizes and line ends
/// are taken exactly as written there: this is where requests and responses are smuggled.
/// </remarks>
internal struct ChunkedReader
{
    private State _state;
    private LineScanner _scanner;
    private FieldLineReader _trailers;
    private long _remaining;
    private int _extensionBytes;

    private enum State : byte
    {
        Size,
        Data,
        DataEnd,
        Trailers,
    }

    internal enum Outcome : byte
    {
        NeedMore,
        Data,
        End,
        Fault,
    }

    public void Begin()
    {
        (_state, _remaining, _extensionBytes) = (State.Size, 0, 0);
        _scanner.Reset();
        _trailers.Begin(0);
    }

    /// <summary>Goes on to the next run of data, to the end after the trailers, or to where bytes are missing.</summary>
    /// <param name="received">The bytes not consumed yet.</param>
    /// <param name="trailers">Where trailer fields go.</param>
    /// <param name="flaws">Where flaws go.</param>
    /// <param name="position">The wire position of the first byte received.</param>
    /// <param name="consumed">Bytes that are done with, the data included.</param>
    /// <param name="data">The run of data inside <paramref name="received"/>.</param>
    /// <param name="failure">Why it cannot go on.</param>
    public Outcome Read(
        ReadOnlySpan<byte> received, FieldTable trailers, FlawLog flaws, long position, out int consumed, out ByteRange data,
        out MessageFailure failure)
    {
        consumed = 0;
        data = default;
        while (true)
        {
            var rest = received[consumed..];
            switch (_state)
            {
                case State.Size:
                    switch (ReadSizeLine(rest, flaws, position + consumed, out var lineBytes, out failure))
                    {
                        case Outcome.NeedMore: return Outcome.NeedMore;
                        case Outcome.Fault: return Outcome.Fault;
                        default: break;
                    }
                    consumed += lineBytes;
                    _state = _remaining == 0 ? State.Trailers : State.Data;
                    break;
                case State.Data:
                    failure = default;
                    if (rest.Length == 0) { return Outcome.NeedMore; }
                    var take = (int)Math.Min(_remaining, rest.Length);
                    data = new ByteRange(consumed, take);
                    consumed += take;
                    _remaining -= take;
                    if (_remaining == 0) { _state = State.DataEnd; }
                    return Outcome.Data;
                case State.DataEnd:
                    failure = default;
                    if (rest.Length >= 1 && rest[0] != '\r') { return Fail(MessageFault.ChunkDataEndMissing, position + consumed, out failure); }
                    if (rest.Length < 2) { return Outcome.NeedMore; }
                    if (rest[1] != '\n') { return Fail(MessageFault.ChunkDataEndMissing, position + consumed + 1, out failure); }
                    consumed += 2;
                    _state = State.Size;
                    break;
                default:
                    var outcome = _trailers.Read(rest, FieldSection.Trailers, trailers, flaws, position + consumed, out var taken, out failure);
                    if (outcome == FieldLineReader.Outcome.Fault) { return Outcome.Fault; }
                    consumed += taken;
                    if (outcome == FieldLineReader.Outcome.NeedMore) { return Outcome.NeedMore; }
                    if (outcome == FieldLineReader.Outcome.End) { return Outcome.End; }
                    break;
            }
        }
    }

    private Outcome ReadSizeLine(ReadOnlySpan<byte> received, FlawLog flaws, long position, out int wireLength, out MessageFailure failure)
    {
        failure = default;
        switch (_scanner.Next(received, HttpLimits.ChunkLine, out var length, out wireLength))
        {
            case LineStatus.NeedMore: return Outcome.NeedMore;
            case LineStatus.TooLong: return Fail(MessageFault.ChunkLineTooLong, position + HttpLimits.ChunkLine, out failure);
            default: break;
        }
        if (wireLength - length == 1) { return Fail(MessageFault.ChunkLineEndInvalid, position + length, out failure); }
        var line = received[..length];
        var control = HttpGrammar.IndexOfControl(line);
        if (control >= 0)
        {
            return Fail(line[control] == '\r' ? MessageFault.ChunkLineEndInvalid : MessageFault.ControlInChunkLine, position + control,
                out failure);
        }

        // chunk-size = 1*HEXDIG: no sign, no "0x", no whitespace before it.
        var digits = 0;
        ulong size = 0;
        while (digits < line.Length && char.IsAsciiHexDigit((char)line[digits]))
        {
            if (digits == HttpLimits.ChunkSizeDigits) { return Fail(MessageFault.ChunkSizeTooLong, position + digits, out failure); }
            size = size << 4 | (uint)HexValue(line[digits++]);
        }
        if (digits == 0) { return Fail(MessageFault.ChunkSizeInvalid, position, out failure); }
        if (size > long.MaxValue) { return Fail(MessageFault.ChunkSizeTooLarge, position, out failure); }

        var rest = line[digits..].TrimStart(" \t"u8);
        if (rest.Length > 0 && rest[0] != ';') { return Fail(MessageFault.ChunkSizeInvalid, position + digits, out failure); }
        // What is behind the size is taken for nothing; but another reader might take it for something, so this message is the connection's last.
        if (rest.Length == 0 && digits < line.Length) { flaws.Add(MessageFlaw.WhitespaceAfterChunkSize, position + digits, FlawAction.AcceptedThenClose); }
        else if (rest.Length > 0)
        {
            switch (ChunkExtensions.Check(line[digits..], out var offset))
            {
                case ChunkExtensions.Verdict.QuoteOpen: return Fail(MessageFault.ChunkQuoteOpen, position + digits + offset, out failure);
                case ChunkExtensions.Verdict.Malformed:
                    flaws.Add(
                    MessageFlaw.ChunkExtensionMalformed, position + digits + offset, FlawAction.AcceptedThenClose); break;
                default: break;
            }
        }
        _extensionBytes += rest.Length;
        if (_extensionBytes > HttpLimits.ChunkExtensions) { return Fail(MessageFault.ChunkExtensionsTooLong, position + digits, out failure); }
        _remaining = (long)size;
        return Outcome.Data;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static Outcome Fail(MessageFault fault, long position, out MessageFailure failure)
    {
        failure = new MessageFailure(fault, position, FaultSide.Peer);
        return Outcome.Fault;
    }
}
