namespace Firstbyte.Http;

/// <summary>A response as a value, as a server gives it (RFC 9112 4).</summary>
public sealed record HttpResponse
{
    /// <summary>A response of this status, with the reason phrase that RFC 9110 gives it.</summary>
    public HttpResponse(int status)
    {
        Status = status;
        Reason = ReasonPhrase.Of(status);
    }

    /// <summary>The status code, 100 to 999.</summary>
    public int Status { get; init; }

    /// <summary>The reason phrase; clients ignore it.</summary>
    public string Reason { get; init; }

    /// <summary>The fields, in order. Date, framing and Connection are added by the writer.</summary>
    public IReadOnlyList<HttpField> Fields { get; init; } = [];

    /// <summary>The content.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>A response with a text in UTF-8.</summary>
    public static HttpResponse Text(int status, string text, string contentType = "text/plain; charset=utf-8") =>
        new(status) { Fields = [new HttpField("Content-Type", contentType)], Body = System.Text.Encoding.UTF8.GetBytes(text) };
}

/// <summary>The reason phrases of RFC 9110 15, RFC 6585 and RFC 8297.</summary>
public static class ReasonPhrase
{
    /// <summary>The phrase of a status code; empty for one that has none.</summary>
    public static string Of(int status) => status switch
    {
        100 => "Continue",
        101 => "Switching Protocols",
        103 => "Early Hints",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        507 => "Insufficient Storage",
        511 => "Network Authentication Required",
        _ => "",
    };
}
