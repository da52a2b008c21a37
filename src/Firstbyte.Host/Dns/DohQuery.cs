using System.Buffers;
using System.Buffers.Text;
using Firstbyte.Dns.Wire;
using Microsoft.AspNetCore.Http;

namespace Firstbyte.Host.Dns;

/// <summary>A DNS message in a request (RFC 8484 section 4.1), or the status that says why there is none.</summary>
/// <param name="Message">The message.</param>
/// <param name="Status">200, or why not.</param>
internal readonly record struct DohQuery(ReadOnlyMemory<byte> Message, int Status)
{
    /// <summary>The media type (RFC 8484 section 6).</summary>
    public const string MediaType = "application/dns-message";

    /// <summary>The longest parameter that can be a message: base64 of 65,535 bytes.</summary>
    private const int MaxParameter = (MessageView.MaxLength + 2) / 3 * 4;

    /// <summary>Reads it.</summary>
    public static async ValueTask<DohQuery> ReadAsync(HttpRequest request)
    {
        var query = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? FromParameter(request)
            : HttpMethods.IsPost(request.Method) ? await FromContentAsync(request)
            : new DohQuery(default, StatusCodes.Status405MethodNotAllowed);
        return query is { Status: StatusCodes.Status200OK, Message.Length: < MessageHeader.Length }
            ? new DohQuery(default, StatusCodes.Status400BadRequest)
            : query;
    }

    // The parameter "dns": base64url (RFC 4648 section 5) without padding.
    private static DohQuery FromParameter(HttpRequest request)
    {
        if (request.Query["dns"] is not [{ Length: > 0 } text]) { return new DohQuery(default, StatusCodes.Status400BadRequest); }
        if (text.Length > MaxParameter) { return new DohQuery(default, StatusCodes.Status414UriTooLong); }
        if (text.Contains('=', StringComparison.Ordinal)) { return new DohQuery(default, StatusCodes.Status400BadRequest); }
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done
            ? new DohQuery(bytes.AsMemory(0, written), StatusCodes.Status200OK)
            : new DohQuery(default, StatusCodes.Status400BadRequest);
    }

    private static async ValueTask<DohQuery> FromContentAsync(HttpRequest request)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return new DohQuery(default, StatusCodes.Status415UnsupportedMediaType);
        }
        if (request.ContentLength > MessageView.MaxLength) { return new DohQuery(default, StatusCodes.Status413PayloadTooLarge); }
        // One more than a message may have, so that a longer one shows.
        var room = new byte[(int)(request.ContentLength ?? MessageView.MaxLength) + 1];
        var length = 0;
        try
        {
            var stop = request.HttpContext.RequestAborted;
            for (int read; length < room.Length && (read = await request.Body.ReadAsync(room.AsMemory(length), stop)) > 0;) { length += read; }
        }
        catch (BadHttpRequestException e) { return new DohQuery(default, e.StatusCode); }
        return length > MessageView.MaxLength
            ? new DohQuery(default, StatusCodes.Status413PayloadTooLarge)
            : new DohQuery(room.AsMemory(0, length), StatusCodes.Status200OK);
    }
}
