using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Hashing;
using Firstbyte.Tracing;

namespace Firstbyte.Http.Caching;

/// <summary>A kept response as the bytes of a file.</summary>
/// <remarks>
/// Two messages, one behind the other, as HTTP has them: the request with the fields that chose the response and one of our own, then the response with its
/// content, then four bytes of CRC-32C over all before them. They are read by the same readers as those of a connection, so that a file that somebody else has
/// written, or half of one, is no entry, and nothing worse.
/// <code>
///   GET https://example.com/ HTTP/1.0
///   Firstbyte-Cache: 1 1767225600000000000 1767225600250000000
///   accept-encoding: gzip
///
///   HTTP/1.1 200 OK
///   …
/// </code>
/// </remarks>
public static class CachedResponseFile
{
    private const string Own = "Firstbyte-Cache";
    private const string Version = "1";
    private const int CheckLength = 4;

    /// <summary>The longest file that is read: the content, and a head at its longest.</summary>
    public const int MaximumLength = CacheStoring.MaximumContent + HttpLimits.ResponseHead + HttpLimits.RequestHead + CheckLength;

    /// <summary>The bytes of a response; null where its heads are longer than what is read again, or where it is one user's own.</summary>
    public static byte[]? Write(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.IsPersonal) { return null; }
        var head = new StringBuilder();
        head.Append("GET ").Append(response.Uri).Append(" HTTP/1.0\r\n");
        head.Append(CultureInfo.InvariantCulture, $"{Own}: {Version} {response.RequestedAt.Nanoseconds} {response.ReceivedAt.Nanoseconds}\r\n");
        foreach (var (name, value) in response.Selected) { head.Append(name).Append(": ").Append(value).Append("\r\n"); }
        head.Append("\r\n").Append(HeadOf(response, null));
        var bytes = new byte[Encoding.Latin1.GetByteCount(head.ToString()) + response.Content.Length + CheckLength];
        var length = Encoding.Latin1.GetBytes(head.ToString(), bytes);
        response.Content.Span.CopyTo(bytes.AsSpan(length));
        var end = bytes.Length - CheckLength;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(end), Crc32C.Compute(bytes.AsSpan(0, end)));
        // What a reader would not take back is not written: the longest heads, and what a field holds that is text in no message.
        return TryRead(bytes) is { } read && Same(read, response) ? bytes : null;
    }

    /// <summary>The response of a file; null for anything that is none.</summary>
    public static CachedResponse? TryRead(ReadOnlyMemory<byte> file)
    {
        if (file.Length is < CheckLength or > MaximumLength) { return null; }
        var end = file.Length - CheckLength;
        if (BinaryPrimitives.ReadUInt32LittleEndian(file.Span[end..]) != Crc32C.Compute(file.Span[..end])) { return null; }
        var rest = file[..end];
        var requests = new RequestReader();
        var request = new RequestHead();
        requests.Begin(request);
        if (!ReadHead(requests, ref rest) || request.Framing != BodyFraming.None || !request.Method.SequenceEqual("GET"u8)) { return null; }
        var fields = request.Fields.ToFields();
        if (FieldLines.Joined(fields, Own)?.Split(' ') is not [Version, var requested, var received]
            || !long.TryParse(requested, NumberStyles.None, CultureInfo.InvariantCulture, out var requestedAt)
            || !long.TryParse(received, NumberStyles.None, CultureInfo.InvariantCulture, out var receivedAt))
        {
            return null;
        }
        var responses = new ResponseReader();
        var response = new ResponseHead();
        responses.Begin(response);
        if (!ReadHead(responses, ref rest) || rest.Length > CacheStoring.MaximumContent) { return null; }
        var kept = response.Fields.ToFields();
        if (kept.Any(static field => !CacheStoring.IsKept(field.Name))) { return null; }
        var read = new CachedResponse
        {
            Uri = request.TargetText,
            Status = response.Status,
            Reason = response.ReasonText,
            Fields = kept,
            Selected = [.. fields.Where(static field => !field.Name.Equals(Own, StringComparison.OrdinalIgnoreCase))],
            RequestedAt = new Instant(requestedAt),
            ReceivedAt = new Instant(receivedAt),
            Content = rest,
        };
        // What this cache would not have kept, it has not written.
        return !read.IsPersonal && CacheStoring.Judge(new CacheRequest("GET", read.Uri, read.Selected), read.Status, read.Fields) == CacheRefusal.None
            ? read : null;
    }

    /// <summary>The head of a kept response, with the age that it has by now (RFC 9111 5.1); its length where <paramref name="age"/> is said.</summary>
    public static string HeadOf(CachedResponse response, TimeSpan? age)
    {
        ArgumentNullException.ThrowIfNull(response);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.Status} {response.Reason}\r\n");
        foreach (var (name, value) in response.Fields)
        {
            if (age is null || !name.Equals("Age", StringComparison.OrdinalIgnoreCase)) { head.Append(name).Append(": ").Append(value).Append("\r\n"); }
        }
        if (age is { } old)
        {
            head.Append(CultureInfo.InvariantCulture, $"Age: {Math.Clamp((long)old.TotalSeconds, 0, CacheControl.MaximumSeconds)}\r\n");
            if (response.Status != 204) { head.Append(CultureInfo.InvariantCulture, $"Content-Length: {response.Content.Length}\r\n"); }
        }
        return head.Append("\r\n").ToString();
    }

    private static bool Same(CachedResponse read, CachedResponse written) =>
        read.Uri == written.Uri && read.Status == written.Status && read.Reason == written.Reason && read.Fields.SequenceEqual(written.Fields)
        && read.Selected.SequenceEqual(written.Selected) && read.Content.Span.SequenceEqual(written.Content.Span);

    private static bool ReadHead(MessageReader reader, ref ReadOnlyMemory<byte> rest)
    {
        // Each turn takes a line, or is the last.
        for (; ; )
        {
            var found = reader.Read(rest.Span, ended: true, out var consumed);
            if (found.Kind == MessageEventKind.Head && reader.Flaws.IsEmpty)
            {
                rest = rest[consumed..];
                return true;
            }
            if (consumed == 0 || found.Kind is MessageEventKind.Failed or MessageEventKind.Complete or MessageEventKind.Head or MessageEventKind.Informational)
            { return false; }
            rest = rest[consumed..];
        }
    }
}
