namespace Firstbyte.Http;

/// <summary>How the end of a message's body is found (RFC 9112 6.3).</summary>
public enum BodyFraming : byte
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>Content-Length says how long it is.</summary>
    ContentLength,

    /// <summary>It comes in chunks, each with its size.</summary>
    Chunked,

    /// <summary>It ends when the connection does.</summary>
    UntilClose,

    /// <summary>The message is the last one: what follows belongs to another protocol (CONNECT, 101).</summary>
    Tunnel,
}

/// <summary>What the framing fields of a message say together.</summary>
internal struct FramingFields
{
    /// <summary>The value of Content-Length, or -1.</summary>
    public long ContentLength;

    /// <summary>A Content-Length that cannot be believed.</summary>
    public MessageFault ContentLengthFault;

    public bool ContentLengthRepeated;
    public bool HasTransferEncoding;

    /// <summary>chunked stands once, and last.</summary>
    public bool EndsInChunked;

    /// <summary>chunked stands more than once.</summary>
    public bool ChunkedRepeated;

    /// <summary>chunked stands, and another coding behind it.</summary>
    public readonly bool ChunkedNotLast => _chunked && !EndsInChunked && !ChunkedRepeated;

    public bool UnknownCoding;
    public bool IdentityCoding;
    public bool ConnectionClose;
    public bool ConnectionKeepAlive;

    /// <summary>Reads Content-Length, Transfer-Encoding and Connection in one pass.</summary>
    public static FramingFields Of(FieldTable fields)
    {
        var framing = new FramingFields { ContentLength = -1 };
        for (var i = 0; i < fields.Count; i++)
        {
            var name = fields.NameAt(i);
            switch (name.Length)
            {
                case 10 when HttpGrammar.Is(name, "Connection"u8):
                    framing.ConnectionClose |= HttpGrammar.HasMember(fields.ValueAt(i), "close"u8);
                    framing.ConnectionKeepAlive |= HttpGrammar.HasMember(fields.ValueAt(i), "keep-alive"u8);
                    break;
                case 14 when HttpGrammar.Is(name, "Content-Length"u8):
                    framing.AddContentLength(fields.ValueAt(i));
                    break;
                case 17 when HttpGrammar.Is(name, "Transfer-Encoding"u8):
                    framing.AddTransferEncoding(fields.ValueAt(i));
                    break;
                default:
                    break;
            }
        }
        return framing;
    }

    // Content-Length = 1*DIGIT; RFC 9112 6.3 lets a recipient take a list of equal values for one.
    private void AddContentLength(ReadOnlySpan<byte> list)
    {
        var first = true;
        while (first || list.Length > 0)
        {
            var comma = list.IndexOf((byte)',');
            var value = HttpGrammar.Trim(comma < 0 ? list : list[..comma]);
            list = comma < 0 ? default : list[(comma + 1)..];
            first = false;
            if (!TryReadLength(value, out var length)) { ContentLengthFault = MessageFault.ContentLengthInvalid; }
            else if (ContentLength >= 0 && ContentLength != length)
            {
                if (ContentLengthFault == MessageFault.None) { ContentLengthFault = MessageFault.ContentLengthsDiffer; }
            }
            else
            {
                ContentLengthRepeated |= ContentLength >= 0;
                ContentLength = length;
            }
            if (comma >= 0 && list.Length == 0) { ContentLengthFault = MessageFault.ContentLengthInvalid; }
        }
    }

    // Transfer-Encoding = #transfer-coding; the order of the lines is the order of the codings.
    private void AddTransferEncoding(ReadOnlySpan<byte> list)
    {
        HasTransferEncoding = true;
        while (HttpGrammar.NextMember(ref list, out var coding))
        {
            if (HttpGrammar.Is(coding, "identity"u8))
            {
                IdentityCoding = true;
                EndsInChunked = false;
            }
            else if (!HttpGrammar.Is(coding, "chunked"u8)) { UnknownCoding = true; }
            else
            {
                ChunkedRepeated |= _chunked;
                EndsInChunked = !_chunked;
                _chunked = true;
            }
        }
    }

    private bool _chunked;

    private static bool TryReadLength(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        if (digits.Length == 0) { return false; }
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9' || value > (long.MaxValue - (digit - '0')) / 10) { return false; }
            value = value * 10 + (digit - '0');
        }
        return true;
    }
}
