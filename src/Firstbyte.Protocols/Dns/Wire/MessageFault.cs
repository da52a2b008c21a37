namespace Firstbyte.Dns.Wire;

/// <summary>Why the bytes of a message cannot be used. The sender is at fault, always.</summary>
public enum MessageFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The message ends before its 12 header bytes do.</summary>
    HeaderCut,

    /// <summary>The message ends inside a question that the header counts.</summary>
    QuestionCut,

    /// <summary>The message ends inside a record that the header counts.</summary>
    RecordCut,

    /// <summary>RDLENGTH reaches past the end of the message.</summary>
    RecordDataCut,

    /// <summary>The RDATA does not have the shape of its type.</summary>
    RecordDataMalformed,

    /// <summary>The message ends inside a name.</summary>
    NameCut,

    /// <summary>A label's two top bits are 01 or 10 (RFC 6891 section 5 gave the first up, the second was never given).</summary>
    NameLabelType,

    /// <summary>A name has more than 255 bytes.</summary>
    NameTooLong,

    /// <summary>A compression pointer does not point backwards, or points into the header.</summary>
    NamePointerForward,

    /// <summary>A name goes through more than <see cref="CompressedName.MaxPointers"/> pointers.</summary>
    NamePointerChain,

    /// <summary>The owners of a message have more labels behind pointers than is read: each costs two bytes, and would be walked to its end.</summary>
    TooManyLabels,

    /// <summary>An OPT record outside the additional section, at another name than the root, or a second one (RFC 6891 section 6.1.1).</summary>
    OptMisplaced,

    /// <summary>The options of an OPT record overrun its RDATA, or are more than <see cref="EdnsView.MaxOptions"/>.</summary>
    OptOptions,
}

/// <summary>A fault and the offset of the byte at which it shows.</summary>
public readonly record struct MessageError(MessageFault Fault, int Offset)
{
    /// <summary>"NameCut at byte 37"</summary>
    public override string ToString() => $"{Fault} at byte {Offset}";
}
