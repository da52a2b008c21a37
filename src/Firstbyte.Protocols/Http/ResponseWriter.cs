using System.Text;

namespace Firstbyte.Http;

/// <summary>How a server sends the body of one response.</summary>
/// <param name="Framing">Content-Length, chunked, until close, or none.</param>
/// <param name="Length">The body's length where it is known; also said, without a body, in answer to HEAD. -1 when unknown.</param>
/// <param name="Close">The connection ends after this response.</param>
/// <param name="Version">The version of the request: HTTP/1.0 clients are told when the connection is kept.</param>
public readonly record struct ResponsePlan(BodyFraming Framing, long Length, bool Close, HttpVersion Version)
{
    /// <summary>Chooses the framing of a response (RFC 9112 6).</summary>
    /// <param name="status">The response's status.</param>
    /// <param name="isHead">Whether the request was HEAD.</param>
    /// <param name="version">The request's version: HTTP/1.0 knows no chunks.</param>
    /// <param name="length">The body's length, or -1 when it is not known in advance.</param>
    /// <param name="close">The connection ends after the response for another reason.</param>
    public static ResponsePlan For(int status, bool isHead, HttpVersion version, long length, bool close)
    {
        // RFC 9110 8.6 and 15.4.5: neither 1xx, 204 nor 304 has content, and only 304 may say a length it does not know here.
        if (status is (>= 100 and < 200) or 204 or 304) { return new ResponsePlan(BodyFraming.None, -1, close, version); }
        if (isHead) { return new ResponsePlan(BodyFraming.None, length, close, version); }
        if (length >= 0) { return new ResponsePlan(BodyFraming.ContentLength, length, close, version); }
        return version == HttpVersion.Http11
            ? new ResponsePlan(BodyFraming.Chunked, -1, close, version)
            : new ResponsePlan(BodyFraming.UntilClose, -1, true, version);
    }
}

/// <summary>Writes responses in the exact bytes that go on the wire (RFC 9112 4).</summary>
public static class ResponseWriter
{
    /// <summary>100 Continue, as sent to a client that waits with its body (RFC 9110 15.2.1).</summary>
    public static ReadOnlySpan<byte> Continue => "HTTP/1.1 100 Continue\r\n\r\n"u8;

    /// <summary>More than the bytes that the head takes.</summary>
    public static int MeasureHead(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        // Status line, Date, framing, Connection, the empty line.
        var length = 16 + Encoding.UTF8.GetMaxByteCount(response.Reason.Length) + 40 + 48 + 32 + 2;
        for (var i = 0; i < response.Fields.Count; i++)
        {
            length += response.Fields[i].Name.Length + 4 + Encoding.UTF8.GetMaxByteCount(response.Fields[i].Value.Length);
        }
        return length;
    }

    /// <summary>Writes the head with its empty line.</summary>
    /// <param name="response">What to write; framing and Connection fields of its own are refused as
    /// <see cref="WriteFault.ContentLengthWrong"/> when they contradict the plan.</param>
    /// <param name="plan">How the body is sent.</param>
    /// <param name="date">The server's time, for the Date field (RFC 9110 6.6.1) where the response has none of its own; null leaves it out.</param>
    /// <param name="destination">At least <see cref="MeasureHead"/> bytes are always enough.</param>
    public static WriteResult WriteHead(HttpResponse response, ResponsePlan plan, DateTimeOffset? date, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.Status is < 100 or > 999) { return new WriteResult(WriteFault.StatusOutOfRange); }
        foreach (var character in response.Reason)
        {
            if (char.IsControl(character)) { return new WriteResult(WriteFault.ReasonHasControl); }
        }
        for (var i = 0; i < response.Fields.Count; i++)
        {
            // The plan alone frames: a second opinion in the same head is how caches are poisoned.
            if (response.Fields[i].Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                return new WriteResult(WriteFault.ContentLengthWrong, 0, i);
            }
            if (response.Fields[i].Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                return new WriteResult(WriteFault.TransferCodingUnknown, 0, i);
            }
        }
        var check = RequestWriter.CheckFields(response.Fields, plan.Version, null, requestFields: false);
        if (check.Fault != WriteFault.None) { return check; }

        var writer = new HeadWriter(destination);
        // A server answers with its own version, whatever the request's minor version was (RFC 9112 2.3).
        writer.Bytes("HTTP/1.1 "u8);
        writer.Number(response.Status);
        writer.Bytes(" "u8);
        writer.Utf8(response.Reason);
        writer.Bytes("\r\n"u8);
        // Whoever passes a response on leaves its date as it is (RFC 9110 6.6.1).
        if (date is { } now && !HasDate(response)) { writer.Date(now); }
        for (var i = 0; i < response.Fields.Count; i++) { writer.Field(response.Fields[i]); }
        if (plan.Framing == BodyFraming.Chunked) { writer.Bytes("Transfer-Encoding: chunked\r\n"u8); }
        else if (plan.Length >= 0) { writer.ContentLength(plan.Length); }
        if (plan.Close) { writer.Bytes("Connection: close\r\n"u8); }
        else if (plan.Version == HttpVersion.Http10) { writer.Bytes("Connection: keep-alive\r\n"u8); }
        writer.Bytes("\r\n"u8);
        return writer.Result;
    }

    private static bool HasDate(HttpResponse response)
    {
        for (var i = 0; i < response.Fields.Count; i++)
        {
            if (response.Fields[i].Name.Equals("Date", StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }
}
