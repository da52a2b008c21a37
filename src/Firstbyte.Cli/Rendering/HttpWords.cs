using Firstbyte.Http;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for what HTTP messages say and get wrong.</summary>
internal static class HttpWords
{
    public static string Of(BodyFraming framing, long? length) => framing switch
    {
        BodyFraming.None => "no body",
        BodyFraming.ContentLength => $"{Amounts.Bytes(length ?? 0)} (Content-Length)",
        BodyFraming.Chunked => "in chunks",
        BodyFraming.UntilClose => "until the server closes",
        _ => "a tunnel",
    };

    public static string Of(KeepReason reason, bool kept) => reason switch
    {
        KeepReason.PersistentByDefault => "kept open for reuse (HTTP/1.1)",
        KeepReason.KeepAliveAsked => "kept open for reuse (Connection: keep-alive)",
        KeepReason.PeerCloses => "the server closes (Connection: close)",
        KeepReason.OwnClose => "closed after this response, as we asked",
        KeepReason.Http10 => "the server closes after its response (HTTP/1.0)",
        KeepReason.DelimitedByClose => "the server has closed: that was the end of the body",
        KeepReason.FramingInDoubt => "closed: it is not certain where the message ended",
        KeepReason.BytesAfterMessage => "closed: bytes came that belong to no message",
        KeepReason.Tunnel => "the connection now carries another protocol",
        _ => kept ? "kept open" : "closed",
    };

    public static string Of(FlawAction action) => action switch
    {
        FlawAction.Accepted => "taken as it was meant",
        FlawAction.AcceptedThenClose => "taken as it was meant, then the connection is closed",
        FlawAction.DroppedThenClose => "left out, then the connection is closed",
        _ => "left out",
    };

    public static string Of(MessageFlaw flaw) => flaw switch
    {
        MessageFlaw.BareLineFeed => "a line ends in LF without CR",
        MessageFlaw.ObsoleteFold => "a field value goes on in the next line (obsolete folding)",
        MessageFlaw.WhitespaceBeforeColon => "whitespace between a field's name and its colon",
        MessageFlaw.FieldNameInvalid => "a field name that is no token",
        MessageFlaw.FieldWithoutColon => "a line without colon where a field was due",
        MessageFlaw.ContentLengthRepeated => "Content-Length more than once",
        MessageFlaw.TransferEncodingWithContentLength => "Transfer-Encoding and Content-Length in one message",
        MessageFlaw.ChunkedNotFinal => "chunked is not the last transfer coding",
        MessageFlaw.IdentityCoding => "the withdrawn transfer coding identity",
        MessageFlaw.TransferEncodingInHttp10 => "Transfer-Encoding in an HTTP/1.0 message",
        MessageFlaw.FramingWithoutBody => "a framing field in a message that cannot have a body",
        MessageFlaw.StatusClassUnknown => "a status code of 600 or more",
        MessageFlaw.WhitespaceAfterChunkSize => "whitespace after a chunk size",
        MessageFlaw.TrailerNotAllowed => "a trailer field that only makes sense in the head",
        MessageFlaw.BytesAfterMessage => "bytes after the message's end",
        _ => "empty lines before the start line",
    };

    /// <summary>What a message did that ended the exchange.</summary>
    public static string OfFault(MessageFault fault) => fault switch
    {
        MessageFault.NotHttp => "what came is not HTTP",
        MessageFault.VersionUnsupported => "the server speaks another major version of HTTP",
        MessageFault.StatusLineMalformed => "the status line is malformed",
        MessageFault.StatusOutOfRange => "the status code is below 100",
        MessageFault.HeadTooLong => $"the head of the response is longer than {HttpLimits.ResponseHead / 1024} KB",
        MessageFault.LineTooLong => "a line of the response's head is longer than any real one",
        MessageFault.TooManyFields => "the response has more fields than any real one",
        MessageFault.BareCarriageReturn => "a CR without LF",
        MessageFault.ControlInField => "a control character in a field",
        MessageFault.FoldBeforeFirstField => "whitespace before the first field",
        MessageFault.FoldRefused => "a folded line where none is allowed",
        MessageFault.FieldLineMalformed => "a malformed field line",
        MessageFault.ContentLengthInvalid => "a Content-Length that is no number",
        MessageFault.ContentLengthsDiffer => "Content-Length fields that differ",
        MessageFault.TransferCodingUnknown => "a transfer coding that is not known",
        MessageFault.ChunkSizeInvalid => "a chunk size that is no hexadecimal number",
        MessageFault.ChunkSizeTooLarge => "a chunk size beyond all measure",
        MessageFault.ChunkLineTooLong or MessageFault.ChunkExtensionsTooLong => "a chunk line longer than any real one",
        MessageFault.ChunkLineEndInvalid => "a chunk line that does not end in CRLF",
        MessageFault.ChunkDataEndMissing => "chunk data that is longer than the chunk's size",
        MessageFault.TooManyInformational => "interim responses without end",
        MessageFault.SwitchingNotAsked => "the server switches to a protocol that nobody asked for",
        MessageFault.EndedBeforeFirstByte => "the server closed the connection without a byte of response",
        MessageFault.EndedInHead => "the connection ended inside the response's head",
        MessageFault.EndedInBody => "the connection ended before the body was complete",
        MessageFault.FlawRefused => "the response has a flaw, and none was to be passed over",
        _ => "the response cannot be used",
    };

    /// <summary>Why a request was not written; the field is empty where none is at fault.</summary>
    public static string Of(WriteFault fault, string field) => fault switch
    {
        WriteFault.MethodNotToken => "the method may hold letters, digits and !#$%&'*+-.^_`|~ only",
        WriteFault.TargetEmpty => "its target is empty",
        WriteFault.TargetHasWhitespaceOrControl => "its target holds a space or a control character, and what follows would be read as something else",
        WriteFault.TargetNotAscii => "its target holds characters beyond ASCII, which have to be percent-encoded",
        WriteFault.FieldNameNotToken => $"'{field}' is no field name: letters, digits and !#$%&'*+-.^_`|~ are allowed",
        WriteFault.FieldValueHasLineBreakOrNul when field.Length == 0 => "the value of Host holds a line break or NUL, and what follows would be read as another field",
        WriteFault.FieldValueHasLineBreakOrNul => $"the value of {field} holds a line break or NUL, and what follows would be read as another field",
        WriteFault.HostRepeated => "Host is there twice, and a request has one",
        WriteFault.ContentLengthWrong => "Content-Length is not the length of the body, or is there twice",
        WriteFault.TransferEncodingWithContentLength => "Transfer-Encoding and Content-Length exclude each other",
        WriteFault.TransferCodingUnknown => "no other transfer coding than chunked is written here",
        WriteFault.ChunkedInHttp10 => "HTTP/1.0 does not know the chunked coding",
        _ => "it would be malformed",
    };
}
