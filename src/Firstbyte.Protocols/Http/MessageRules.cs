using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>
/// Which clause a verdict on a message rests on: of what was accepted or repaired (<see cref="MessageFlaw"/>) and of what was refused
/// (<see cref="MessageFault"/>).
/// </summary>
public static class MessageRules
{
    private const string Messages = "RFC 9112", Semantics = "RFC 9110";

    /// <summary>The clause that a flaw offends.</summary>
    public static Clause Of(MessageFlaw flaw) => flaw switch
    {
        MessageFlaw.BareLineFeed or MessageFlaw.EmptyLineBeforeRequest => new(Messages, "2.2"),
        MessageFlaw.ObsoleteFold => new(Messages, "5.2"),
        MessageFlaw.WhitespaceBeforeColon or MessageFlaw.FieldWithoutColon => new(Messages, "5.1"),
        MessageFlaw.FieldNameInvalid => new(Semantics, "5.1"),
        MessageFlaw.ContentLengthRepeated or MessageFlaw.TransferEncodingWithContentLength or MessageFlaw.BytesAfterMessage => new(Messages, "6.3"),
        MessageFlaw.ChunkedNotFinal or MessageFlaw.TransferEncodingInHttp10 or MessageFlaw.FramingWithoutBody => new(Messages, "6.1"),
        MessageFlaw.IdentityCoding => new("RFC 7230", "A.2"),
        MessageFlaw.StatusClassUnknown => new(Semantics, "15"),
        MessageFlaw.WhitespaceAfterChunkSize => new(Messages, "7.1"),
        MessageFlaw.ChunkExtensionMalformed => new(Messages, "7.1.1"),
        MessageFlaw.TrailerNotAllowed => new(Semantics, "6.5.1"),
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, "a flaw without a rule"),
    };

    /// <summary>The clause that a fault offends; null where a limit of our own is what was offended.</summary>
    public static Clause? Of(MessageFault fault) => fault switch
    {
        MessageFault.NotHttp or MessageFault.VersionUnsupported => new(Messages, "2.3"),
        MessageFault.StatusLineMalformed => new(Messages, "4"),
        MessageFault.StatusOutOfRange => new(Semantics, "15"),
        MessageFault.RequestLineMalformed => new(Messages, "3"),
        MessageFault.BareCarriageReturn or MessageFault.FoldBeforeFirstField => new(Messages, "2.2"),
        MessageFault.ControlInStartLine => new(Messages, "2.1"),
        MessageFault.ControlInField => new(Semantics, "5.5"),
        MessageFault.FoldRefused => new(Messages, "5.2"),
        MessageFault.FieldLineMalformed or MessageFault.FramingFieldMalformed => new(Messages, "5.1"),
        MessageFault.HostMissingOrRepeated => new(Messages, "3.2"),
        MessageFault.ContentLengthInvalid or MessageFault.ContentLengthsDiffer or MessageFault.RequestFramingAmbiguous => new(Messages, "6.3"),
        MessageFault.TransferCodingUnknown or MessageFault.ChunkedRepeated => new(Messages, "6.1"),
        MessageFault.ChunkSizeInvalid or MessageFault.ChunkSizeTooLarge or MessageFault.ControlInChunkLine or MessageFault.ChunkLineEndInvalid
            or MessageFault.ChunkDataEndMissing => new(Messages, "7.1"),
        MessageFault.PartLengthDiffers => new(Semantics, "14.4"),
        MessageFault.ChunkQuoteOpen => new(Messages, "7.1.1"),
        MessageFault.SwitchingNotAsked => new(Semantics, "15.2.2"),
        MessageFault.EndedInHead or MessageFault.EndedInBody => new(Messages, "8"),
        _ => null,
    };
}
