namespace Firstbyte.Http;

/// <summary>Why a received message cannot be used: each ends the exchange and the connection.</summary>
public enum MessageFault : byte
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The bytes do not begin with "HTTP/": another protocol, or HTTP/0.9.</summary>
    NotHttp,

    /// <summary>A major version other than 1.</summary>
    VersionUnsupported,

    /// <summary>The status line does not follow RFC 9112 4.</summary>
    StatusLineMalformed,

    /// <summary>A status code below 100.</summary>
    StatusOutOfRange,

    /// <summary>The request line does not follow RFC 9112 3.</summary>
    RequestLineMalformed,

    /// <summary>The request line is longer than <see cref="HttpLimits.RequestLine"/>.</summary>
    RequestLineTooLong,

    /// <summary>The head is longer than its limit.</summary>
    HeadTooLong,

    /// <summary>One line is longer than its limit.</summary>
    LineTooLong,

    /// <summary>More field lines than the limit.</summary>
    TooManyFields,

    /// <summary>A CR that no LF follows (RFC 9112 2.2).</summary>
    BareCarriageReturn,

    /// <summary>NUL or another control character in a status or request line (RFC 9112 3 and 4).</summary>
    ControlInStartLine,

    /// <summary>NUL or another control character in a field line (RFC 9110 5.5).</summary>
    ControlInField,

    /// <summary>NUL or another control character in a line of the chunked framing (RFC 9112 7.1).</summary>
    ControlInChunkLine,

    /// <summary>Whitespace between the start line and the first field (RFC 9112 2.2).</summary>
    FoldBeforeFirstField,

    /// <summary>A folded line where folding is not tolerated: in a request or in trailers (RFC 9112 5.2).</summary>
    FoldRefused,

    /// <summary>A field line without colon, with whitespace before it, or with a name that is no token, where none is tolerated (RFC 9112 5.1).</summary>
    FieldLineMalformed,

    /// <summary>A request without exactly one valid Host field (RFC 9112 3.2).</summary>
    HostMissingOrRepeated,

    /// <summary>A Content-Length that is no decimal number below 2^63 (RFC 9112 6.3).</summary>
    ContentLengthInvalid,

    /// <summary>Content-Length values that differ (RFC 9112 6.3).</summary>
    ContentLengthsDiffer,

    /// <summary>A transfer coding that is not spoken here (RFC 9112 6.1).</summary>
    TransferCodingUnknown,

    /// <summary>A request whose length its framing fields leave open to doubt (RFC 9112 6.3).</summary>
    RequestFramingAmbiguous,

    /// <summary>A chunk size that is no hexadecimal number (RFC 9112 7.1).</summary>
    ChunkSizeInvalid,

    /// <summary>A chunk size beyond 2^63.</summary>
    ChunkSizeTooLarge,

    /// <summary>A chunk line longer than <see cref="HttpLimits.ChunkLine"/>.</summary>
    ChunkLineTooLong,

    /// <summary>More chunk extensions than <see cref="HttpLimits.ChunkExtensions"/>.</summary>
    ChunkExtensionsTooLong,

    /// <summary>A line of the chunked framing that does not end in CRLF (RFC 9112 7.1, erratum 7633).</summary>
    ChunkLineEndInvalid,

    /// <summary>No CRLF after a chunk's data.</summary>
    ChunkDataEndMissing,

    /// <summary>More interim responses than <see cref="HttpLimits.InformationalResponses"/>.</summary>
    TooManyInformational,

    /// <summary>101 Switching Protocols without a request to switch (RFC 9110 15.2.2).</summary>
    SwitchingNotAsked,

    /// <summary>The connection ended before the first byte of the message.</summary>
    EndedBeforeFirstByte,

    /// <summary>The connection ended inside the head.</summary>
    EndedInHead,

    /// <summary>The connection ended inside the body (RFC 9112 8).</summary>
    EndedInBody,

    /// <summary>A flaw that a lenient reader would have passed over.</summary>
    FlawRefused,

    /// <summary>The transfer coding chunked, applied more than once (RFC 9112 6.1).</summary>
    ChunkedRepeated,

    /// <summary>
    /// Content-Length or Transfer-Encoding in a line that is no field line: who guesses what it says guesses where the message ends (RFC
    /// 9112 5.1).
    /// </summary>
    FramingFieldMalformed,

    /// <summary>A chunk size of more than <see cref="HttpLimits.ChunkSizeDigits"/> digits, whatever number it is.</summary>
    ChunkSizeTooLong,

    /// <summary>A quoted string in a chunk line that the line's end cuts off (RFC 9112 7.1.1).</summary>
    ChunkQuoteOpen,

    /// <summary>The content of a 206 response has another length than its Content-Range says (RFC 9110 14.4): which bytes it has nobody can know.</summary>
    PartLengthDiffers,
}

/// <summary>What is wrong with a message that can be used all the same.</summary>
public enum MessageFlaw : byte
{
    /// <summary>A line that ends in LF without CR (RFC 9112 2.2).</summary>
    BareLineFeed,

    /// <summary>A value that goes on in the next line (RFC 9112 5.2).</summary>
    ObsoleteFold,

    /// <summary>Whitespace between a field's name and its colon (RFC 9112 5.1).</summary>
    WhitespaceBeforeColon,

    /// <summary>A field name that is no token (RFC 9110 5.1).</summary>
    FieldNameInvalid,

    /// <summary>A line without colon where a field was due.</summary>
    FieldWithoutColon,

    /// <summary>The same Content-Length more than once (RFC 9112 6.3).</summary>
    ContentLengthRepeated,

    /// <summary>Transfer-Encoding and Content-Length in one message (RFC 9112 6.3).</summary>
    TransferEncodingWithContentLength,

    /// <summary>chunked is not the last transfer coding (RFC 9112 6.1).</summary>
    ChunkedNotFinal,

    /// <summary>The transfer coding "identity", which was withdrawn (RFC 7230 A.2).</summary>
    IdentityCoding,

    /// <summary>Transfer-Encoding in an HTTP/1.0 message (RFC 9112 6.1).</summary>
    TransferEncodingInHttp10,

    /// <summary>A framing field in a message that cannot have a body (RFC 9110 8.6, RFC 9112 6.1).</summary>
    FramingWithoutBody,

    /// <summary>A status code of 600 or more (RFC 9110 15).</summary>
    StatusClassUnknown,

    /// <summary>Whitespace after a chunk size (RFC 9112 7.1 has none there).</summary>
    WhitespaceAfterChunkSize,

    /// <summary>A trailer field that only makes sense in the head (RFC 9110 6.5.1).</summary>
    TrailerNotAllowed,

    /// <summary>Bytes beyond the message's end that nobody asked for (RFC 9112 6.3).</summary>
    BytesAfterMessage,

    /// <summary>Empty lines before the request line (RFC 9112 2.2).</summary>
    EmptyLineBeforeRequest,

    /// <summary>Something behind a chunk size that is no chunk extension (RFC 9112 7.1.1).</summary>
    ChunkExtensionMalformed,
}

/// <summary>What was done about a flaw.</summary>
public enum FlawAction : byte
{
    /// <summary>Taken as it was meant; the connection may be used again.</summary>
    Accepted,

    /// <summary>Taken as it was meant; the connection is closed after the message, because its framing is in doubt.</summary>
    AcceptedThenClose,

    /// <summary>The field was left out; the connection is closed after the message.</summary>
    DroppedThenClose,

    /// <summary>The field was left out.</summary>
    Dropped,
}

/// <summary>A flaw where it was found.</summary>
/// <param name="Flaw">What is wrong.</param>
/// <param name="Position">Bytes from the message's first byte on the wire.</param>
/// <param name="Action">What was done about it.</param>
public readonly record struct FlawFound(MessageFlaw Flaw, long Position, FlawAction Action);

/// <summary>Who made an exchange fail.</summary>
public enum FaultSide : byte
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>We, or the user who asked us to.</summary>
    Own,

    /// <summary>The peer sent what the specification forbids.</summary>
    Peer,

    /// <summary>The connection between both, or the peer's end of it.</summary>
    Connection,
}

/// <summary>Why reading ended: the fault, where it was found, and whose it is.</summary>
/// <param name="Fault">The named reason.</param>
/// <param name="Position">Bytes from the message's first byte on the wire.</param>
/// <param name="AtFault">Who made it so.</param>
public readonly record struct MessageFailure(MessageFault Fault, long Position, FaultSide AtFault);

/// <summary>The flaws of one message, the first <see cref="HttpLimits.FlawsKept"/> with their places.</summary>
public sealed class FlawLog
{
    private readonly FlawFound[] _found = new FlawFound[HttpLimits.FlawsKept];
    private int _count;
    private uint _kinds;

    /// <summary>The flaws kept, in the order found.</summary>
    public ReadOnlySpan<FlawFound> Found => _found.AsSpan(0, _count);

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _kinds == 0;

    /// <summary>Whether one of the flaws forbids the next message on the same connection.</summary>
    public bool SpoilsConnection { get; private set; }

    /// <summary>Whether a flaw of this kind was found, kept or not.</summary>
    public bool Has(MessageFlaw flaw) => (_kinds & 1u << (int)flaw) != 0;

    internal void Add(MessageFlaw flaw, long position, FlawAction action)
    {
        _kinds |= 1u << (int)flaw;
        SpoilsConnection |= action is FlawAction.AcceptedThenClose or FlawAction.DroppedThenClose;
        if (_count < _found.Length) { _found[_count++] = new FlawFound(flaw, position, action); }
    }

    internal void Clear() => (_count, _kinds, SpoilsConnection) = (0, 0, false);
}
