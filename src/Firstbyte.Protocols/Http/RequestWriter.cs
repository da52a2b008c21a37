using System.Globalization;
using System.Text;

namespace Firstbyte.Http;

/// <summary>Why a message is not written: it would be malformed, or would say something else than its author meant.</summary>
public enum WriteFault : byte
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The method is no token (RFC 9110 9.1).</summary>
    MethodNotToken,

    /// <summary>The target is empty.</summary>
    TargetEmpty,

    /// <summary>The target holds whitespace or a control character: what follows would be read as the version, or as a field.</summary>
    TargetHasWhitespaceOrControl,

    /// <summary>The target holds characters beyond ASCII: they have to be percent-encoded (RFC 9112 3.2).</summary>
    TargetNotAscii,

    /// <summary>A field name is no token (RFC 9110 5.1).</summary>
    FieldNameNotToken,

    /// <summary>A field value holds CR, LF or NUL: what follows would be read as another field, or as the body (RFC 9110 5.5).</summary>
    FieldValueHasLineBreakOrNul,

    /// <summary>More than one Host field (RFC 9112 3.2).</summary>
    HostRepeated,

    /// <summary>A Content-Length that is not the body's length, or given twice.</summary>
    ContentLengthWrong,

    /// <summary>Transfer-Encoding together with Content-Length (RFC 9112 6.2).</summary>
    TransferEncodingWithContentLength,

    /// <summary>A transfer coding other than chunked alone: no other is written here.</summary>
    TransferCodingUnknown,

    /// <summary>The chunked coding in HTTP/1.0, which does not know it (RFC 9112 6.1).</summary>
    ChunkedInHttp10,

    /// <summary>
    /// Content of a length that nobody knows, to a server of HTTP/1.0: it would take the connection's end for the content's, and could not answer.
    /// </summary>
    LengthUnknownInHttp10,

    /// <summary>Content in a TRACE, whose answer would give it to whoever reads that (RFC 9110 9.3.8).</summary>
    ContentInTrace,

    /// <summary>CONNECT for something else than host:port (RFC 9110 9.3.6): a tunnel leads to a host, and to no page of it.</summary>
    TunnelToPage,

    /// <summary>A status code outside 100 to 999.</summary>
    StatusOutOfRange,

    /// <summary>The reason phrase holds a control character.</summary>
    ReasonHasControl,

    /// <summary>The destination is too short.</summary>
    DestinationTooShort,
}

/// <summary>What writing a head did: the bytes written, or why none were, with the field concerned.</summary>
/// <param name="Fault">Why nothing was written; <see cref="WriteFault.None"/> when it was.</param>
/// <param name="Length">Bytes written.</param>
/// <param name="FieldIndex">The place of the field at fault, or -1.</param>
public readonly record struct WriteResult(WriteFault Fault, int Length = 0, int FieldIndex = -1);

/// <summary>Writes requests in the exact bytes that go on the wire (RFC 9112 2.1, 3).</summary>
/// <remarks>
/// The order is the one servers are used to: request line, Host, the fields as given, and Content-Length where there is content
/// (RFC 9110 8.6; Transfer-Encoding where its length is not known) and the fields say nothing of it. Whatever could break out of its place is refused with its reason.
/// </remarks>
public static class RequestWriter
{
    private static readonly HttpField s_chunked = new("Transfer-Encoding", "chunked");

    /// <summary>Whether the request can be written.</summary>
    public static WriteResult Check(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!HttpGrammar.IsToken(request.Method)) { return new WriteResult(WriteFault.MethodNotToken); }
        if (request.Target.Length == 0) { return new WriteResult(WriteFault.TargetEmpty); }
        foreach (var character in request.Target)
        {
            if (character is <= ' ' or '\x7F') { return new WriteResult(WriteFault.TargetHasWhitespaceOrControl); }
            if (character > '\x7F') { return new WriteResult(WriteFault.TargetNotAscii); }
        }
        if (request.Method == "TRACE" && request.HasContent) { return new WriteResult(WriteFault.ContentInTrace); }
        if (request.Method == "CONNECT" && request.Target.AsSpan().IndexOfAny('/', '?') >= 0) { return new WriteResult(WriteFault.TunnelToPage); }
        if (request.Host is { } host && HasLineBreakOrNul(host)) { return new WriteResult(WriteFault.FieldValueHasLineBreakOrNul); }
        var check = CheckFields(request.Fields, request.Version, request.ContentLength, requestFields: true);
        if (check.Fault != WriteFault.None || request.ContentLength is not null) { return check; }
        var promise = IndexOf(request.Fields, "Content-Length");
        if (promise >= 0) { return PromisedLength(request) is null ? new WriteResult(WriteFault.ContentLengthWrong, 0, promise) : check; }
        return request.Version == HttpVersion.Http10 ? new WriteResult(WriteFault.LengthUnknownInHttp10) : check;
    }

    /// <summary>How many bytes of content the head promises; null where it promises none, because the content is in the chunked coding.</summary>
    public static long? PromisedLength(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (IsChunked(request)) { return null; }
        return request.ContentLength
            ?? (long.TryParse(request.Find("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null);
    }

    /// <summary>The bytes that the head takes.</summary>
    public static int MeasureHead(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        // Method SP target SP "HTTP/1.1" CRLF … CRLF; 40 covers "Content-Length: " with any number, and "Transfer-Encoding: chunked".
        var length = request.Method.Length + request.Target.Length + 14 + 40;
        if (request.Host is { } host) { length += 8 + Encoding.UTF8.GetMaxByteCount(host.Length); }
        for (var i = 0; i < request.Fields.Count; i++)
        {
            length += request.Fields[i].Name.Length + 4 + Encoding.UTF8.GetMaxByteCount(request.Fields[i].Value.Length);
        }
        return length;
    }

    /// <summary>Whether the content goes out in the chunked coding: the fields ask for it, or its length is not known.</summary>
    public static bool IsChunked(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Find("Transfer-Encoding") is not null || (request.ContentLength is null && request.Find("Content-Length") is null);
    }

    /// <summary>Writes the head with its empty line; the destination is untouched beyond the length, and nothing is written on a fault.</summary>
    /// <param name="request">What to write.</param>
    /// <param name="destination">At least <see cref="MeasureHead"/> bytes are always enough.</param>
    public static WriteResult WriteHead(HttpRequest request, Span<byte> destination)
    {
        var check = Check(request);
        if (check.Fault != WriteFault.None) { return check; }
        var writer = new HeadWriter(destination);
        writer.Ascii(request.Method);
        writer.Bytes(" "u8);
        writer.Ascii(request.Target);
        writer.Bytes(request.Version == HttpVersion.Http10 ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8);
        var ownHost = IndexOf(request.Fields, "Host");
        if (ownHost >= 0) { writer.Field(request.Fields[ownHost]); }
        else if (request.Host is { } host) { writer.Field(new HttpField("Host", host)); }
        var hasFraming = false;
        for (var i = 0; i < request.Fields.Count; i++)
        {
            if (i == ownHost) { continue; }
            var field = request.Fields[i];
            hasFraming |= IsFraming(field.Name);
            writer.Field(field);
        }
        if (!hasFraming && request.ContentLength is null) { writer.Field(s_chunked); }
        else if (!hasFraming && NeedsContentLength(request)) { writer.ContentLength(request.ContentLength!.Value); }
        writer.Bytes("\r\n"u8);
        return writer.Result;
    }

    /// <summary>The fields in the order and spelling in which they go on the wire, those added here included; octets that are no UTF-8 as U+FFFD.</summary>
    public static HttpField[] FieldsOnTheWire(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var fields = new List<HttpField>(request.Fields.Count + 2);
        var ownHost = IndexOf(request.Fields, "Host");
        if (ownHost >= 0) { fields.Add(request.Fields[ownHost]); }
        else if (request.Host is { } host) { fields.Add(new HttpField("Host", host)); }
        var hasFraming = false;
        for (var i = 0; i < request.Fields.Count; i++)
        {
            hasFraming |= IsFraming(request.Fields[i].Name);
            if (i != ownHost) { fields.Add(request.Fields[i] with { Value = OctetText.Shown(request.Fields[i].Value) }); }
        }
        if (!hasFraming && request.ContentLength is null) { fields.Add(s_chunked); }
        else if (!hasFraming && NeedsContentLength(request))
        {
            fields.Add(new HttpField("Content-Length", request.ContentLength!.Value.ToString(CultureInfo.InvariantCulture)));
        }
        return [.. fields];
    }

    // A method that anticipates content says "Content-Length: 0" when there is none (RFC 9110 8.6).
    private static bool NeedsContentLength(HttpRequest request) => request.HasContent || request.Method is "POST" or "PUT" or "PATCH";

    private static bool IsFraming(string name) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase);

    internal static WriteResult CheckFields(IReadOnlyList<HttpField> fields, HttpVersion version, long? bodyLength, bool requestFields)
    {
        var (lengths, codings, hosts) = (0, 0, 0);
        for (var i = 0; i < fields.Count; i++)
        {
            var (name, value) = fields[i];
            if (!HttpGrammar.IsToken(name)) { return new WriteResult(WriteFault.FieldNameNotToken, 0, i); }
            if (HasLineBreakOrNul(value)) { return new WriteResult(WriteFault.FieldValueHasLineBreakOrNul, 0, i); }
            if (requestFields && name.Equals("Host", StringComparison.OrdinalIgnoreCase) && ++hosts > 1)
            {
                return new WriteResult(WriteFault.HostRepeated, 0, i);
            }
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                if (++lengths > 1 || (bodyLength is { } length && !value.AsSpan().Trim(" \t").SequenceEqual(length.ToString())))
                {
                    return new WriteResult(WriteFault.ContentLengthWrong, 0, i);
                }
            }
            else if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                if (++codings > 1 || !value.AsSpan().Trim(" \t").Equals("chunked", StringComparison.OrdinalIgnoreCase))
                {
                    return new WriteResult(WriteFault.TransferCodingUnknown, 0, i);
                }
                if (version == HttpVersion.Http10) { return new WriteResult(WriteFault.ChunkedInHttp10, 0, i); }
            }
        }
        return lengths > 0 && codings > 0 ? new WriteResult(WriteFault.TransferEncodingWithContentLength) : default;
    }

    private static bool HasLineBreakOrNul(string value) => value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0;

    private static int IndexOf(IReadOnlyList<HttpField> fields, string name)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return i; }
        }
        return -1;
    }
}

/// <summary>Writes the lines of a head into a span, and remembers when it was too short.</summary>
internal ref struct HeadWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _length;
    private bool _short;

    public readonly WriteResult Result => _short ? new WriteResult(WriteFault.DestinationTooShort) : new WriteResult(WriteFault.None, _length);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_destination[_length..])) { _length += bytes.Length; }
        else { _short = true; }
    }

    public void Ascii(ReadOnlySpan<char> text)
    {
        if (Encoding.ASCII.TryGetBytes(text, _destination[_length..], out var written)) { _length += written; }
        else { _short = true; }
    }

    public void Utf8(ReadOnlySpan<char> text)
    {
        if (OctetText.TryWrite(text, _destination[_length..], out var written)) { _length += written; }
        else { _short = true; }
    }

    public void Number(long value)
    {
        if (value.TryFormat(_destination[_length..], out var written)) { _length += written; }
        else { _short = true; }
    }

    public void Field(HttpField field)
    {
        Ascii(field.Name);
        Bytes(": "u8);
        Utf8(field.Value);
        Bytes("\r\n"u8);
    }

    public void ContentLength(long length)
    {
        Bytes("Content-Length: "u8);
        Number(length);
        Bytes("\r\n"u8);
    }

    public void Date(DateTimeOffset date)
    {
        Bytes("Date: "u8);
        // IMF-fixdate (RFC 9110 5.6.7).
        if (date.TryFormat(_destination[_length..], out var written, "R")) { _length += written; }
        else { _short = true; }
        Bytes("\r\n"u8);
    }
}
