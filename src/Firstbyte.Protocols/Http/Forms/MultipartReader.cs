using System.Text;

namespace Firstbyte.Http.Forms;

/// <summary>What the bytes of a multipart body are next.</summary>
public enum MultipartEventKind : byte
{
    /// <summary>More bytes are needed.</summary>
    NeedMore,

    /// <summary>A part begins: <see cref="MultipartReader.Part"/>.</summary>
    Part,

    /// <summary>Bytes of the part's content.</summary>
    Content,

    /// <summary>The part has ended.</summary>
    PartEnd,

    /// <summary>The body has ended; what follows means nothing.</summary>
    End,

    /// <summary>The body is malformed, or longer in a part's head than is taken.</summary>
    Malformed,
}

/// <summary>The next of a multipart body.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where content begins among the bytes that were shown.</param>
/// <param name="Length">How many bytes of content.</param>
public readonly record struct MultipartEvent(MultipartEventKind Kind, int Start = 0, int Length = 0);

/// <summary>Reads a multipart/form-data body as it comes (RFC 7578, RFC 2046 5.1.1): heads of parts, and their content where it stands.</summary>
/// <remarks>
/// Theory of operation. A delimiter is CRLF "--" boundary, and the first may stand at the very beginning. Content is handed out up to where a delimiter may
/// have begun; what may be one waits for the bytes that decide it, so pieces may be cut anywhere. Malformed bytes end it for good.
/// </remarks>
public sealed class MultipartReader
{
    /// <summary>The head of a part (own choice: a name and a file's name of 4 KB each fit).</summary>
    public const int PartHead = 16 * 1024;

    private readonly byte[] _delimiter;
    private Stage _stage;
    private long _preamble;

    /// <summary>A reader of a body with this boundary.</summary>
    public MultipartReader(string boundary)
    {
        ArgumentException.ThrowIfNullOrEmpty(boundary);
        _delimiter = Encoding.Latin1.GetBytes("\r\n--" + boundary);
    }

    private enum Stage : byte { Preamble, Delimiter, Head, Content, PartEnd, Over, Broken }

    /// <summary>The head of the part that was begun last.</summary>
    public FormPartHead? Part { get; private set; }

    /// <summary>The boundary that a Content-Type names; null where it is none of a multipart form, or breaks RFC 2046's rules for it.</summary>
    public static string? BoundaryOf(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase)) { return null; }
        var boundary = ParameterOf(contentType, "boundary");
        return boundary is { Length: > 0 and <= 70 } && boundary.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? boundary : null;
    }

    /// <summary>Finds the next event; consumed says how many of the bytes are done with.</summary>
    /// <param name="received">The bytes from where the call before stopped.</param>
    /// <param name="consumed">How many of them need not be shown again.</param>
    public MultipartEvent Read(ReadOnlySpan<byte> received, out int consumed)
    {
        consumed = 0;
        switch (_stage)
        {
            case Stage.Preamble: return ReadPreamble(received, ref consumed);
            case Stage.Delimiter: return ReadDelimiter(received, ref consumed);
            case Stage.Head: return ReadHead(received, ref consumed);
            case Stage.Content: return ReadContent(received, ref consumed);
            case Stage.PartEnd:
                _stage = Stage.Delimiter;
                return new MultipartEvent(MultipartEventKind.PartEnd);
            case Stage.Over:
                consumed = received.Length;
                return new MultipartEvent(MultipartEventKind.End);
            default: return new MultipartEvent(MultipartEventKind.Malformed);
        }
    }

    private MultipartEvent ReadPreamble(ReadOnlySpan<byte> received, ref int consumed)
    {
        // Without its CRLF at the very beginning.
        var first = _delimiter.AsSpan(2);
        if (_preamble == 0)
        {
            if (received.Length < first.Length && first.StartsWith(received)) { return default; }
            if (received.StartsWith(first))
            {
                (_stage, consumed) = (Stage.Delimiter, first.Length);
                return GoOn(received[consumed..], ref consumed);
            }
        }
        var at = received.IndexOf(_delimiter);
        if (at >= 0)
        {
            (_stage, consumed) = (Stage.Delimiter, at + _delimiter.Length);
            return GoOn(received[consumed..], ref consumed);
        }
        consumed = received.Length - Undecided(received);
        _preamble += consumed;
        return _preamble > PartHead ? Break() : default;
    }

    // Behind the boundary: "--" ends the body, CRLF begins a part; whitespace before that is a gateway's (RFC 2046 5.1.1).
    private MultipartEvent ReadDelimiter(ReadOnlySpan<byte> received, ref int consumed)
    {
        var rest = received.TrimStart(" \t"u8);
        if (received.Length - rest.Length > PartHead) { return Break(); }
        if (rest.Length < 2) { return default; }
        if (rest.StartsWith("--"u8))
        {
            _stage = Stage.Over;
            consumed += received.Length;
            return new MultipartEvent(MultipartEventKind.End);
        }
        if (!rest.StartsWith("\r\n"u8)) { return Break(); }
        _stage = Stage.Head;
        var done = received.Length - rest.Length + 2;
        consumed += done;
        return GoOn(received[done..], ref consumed);
    }

    private MultipartEvent ReadHead(ReadOnlySpan<byte> received, ref int consumed)
    {
        var end = received.StartsWith("\r\n"u8) ? 0 : received.IndexOf("\r\n\r\n"u8);
        if (end < 0) { return received.Length > PartHead ? Break() : default; }
        if (end > PartHead || (Part = Parse(received[..end])) is null) { return Break(); }
        _stage = Stage.Content;
        consumed += end == 0 ? 2 : end + 4;
        return new MultipartEvent(MultipartEventKind.Part);
    }

    private MultipartEvent ReadContent(ReadOnlySpan<byte> received, ref int consumed)
    {
        var at = received.IndexOf(_delimiter);
        if (at >= 0)
        {
            _stage = Stage.PartEnd;
            consumed = at + _delimiter.Length;
            if (at > 0) { return new MultipartEvent(MultipartEventKind.Content, 0, at); }
            _stage = Stage.Delimiter;
            return new MultipartEvent(MultipartEventKind.PartEnd);
        }
        consumed = received.Length - Undecided(received);
        return consumed > 0 ? new MultipartEvent(MultipartEventKind.Content, 0, consumed) : default;
    }

    private MultipartEvent GoOn(ReadOnlySpan<byte> rest, ref int consumed) =>
        _stage == Stage.Delimiter ? ReadDelimiter(rest, ref consumed) : ReadHead(rest, ref consumed);

    // The bytes at the end that may begin a delimiter.
    private int Undecided(ReadOnlySpan<byte> received)
    {
        for (var length = Math.Min(received.Length, _delimiter.Length - 1); length > 0; length--)
        {
            if (_delimiter.AsSpan().StartsWith(received[^length..])) { return length; }
        }
        return 0;
    }

    private MultipartEvent Break()
    {
        _stage = Stage.Broken;
        return new MultipartEvent(MultipartEventKind.Malformed);
    }

    // A part of a form has a Content-Disposition with a name (RFC 7578 4.2).
    private static FormPartHead? Parse(ReadOnlySpan<byte> head)
    {
        string? name = null, file = null, type = null;
        var fields = new List<HttpField>();
        foreach (var line in Encoding.UTF8.GetString(head).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) { return null; }
            var (field, value) = (line[..colon].TrimEnd(), line[(colon + 1)..].Trim());
            if (field.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            {
                (name, file) = (Decoded(ParameterOf(value, "name")), Decoded(ParameterOf(value, "filename")));
            }
            else if (field.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) { type = value; }
            else { fields.Add(new HttpField(field, value)); }
        }
        return name is null ? null : new FormPartHead(name, file, type) { Fields = fields };
    }

    // A parameter's value, in quotes or without; what stands in other quotes is not one's name.
    private static string? ParameterOf(string value, string wanted)
    {
        var at = value.IndexOf(';', StringComparison.Ordinal);
        while (at >= 0 && at < value.Length)
        {
            var start = at + 1;
            while (start < value.Length && value[start] is ' ' or '\t') { start++; }
            var equals = value.IndexOf('=', start);
            if (equals < 0) { return null; }
            var isQuoted = equals + 1 < value.Length && value[equals + 1] == '"';
            var end = isQuoted ? value.IndexOf('"', equals + 2) : value.IndexOf(';', equals);
            if (end < 0) { end = value.Length; }
            if (value.AsSpan(start, equals - start).Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return isQuoted ? value[(equals + 2)..end] : value[(equals + 1)..end].Trim();
            }
            at = value.IndexOf(';', end);
        }
        return null;
    }

    // What the writer of a form encodes in a name, and nothing else.
    private static string? Decoded(string? name) => name?
        .Replace("%22", "\"", StringComparison.Ordinal).Replace("%0D", "\r", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal);
}
