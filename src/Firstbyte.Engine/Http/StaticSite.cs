using System.Text;
using Firstbyte.Codings;

namespace Firstbyte.Http;

/// <summary>Pages that do not change: path to content, with redirects, a default file and a page for what is not there.</summary>
public sealed class StaticSite : IHttpHandler
{
    private readonly Dictionary<string, HttpResponse> _pages = new(StringComparer.Ordinal);

    /// <summary>The file that answers a path which ends in '/'.</summary>
    public string DefaultFile { get; init; } = "index.html";

    /// <summary>Content of this many bytes, and text, is sent in a coding that the client accepts; none is by default.</summary>
    public int? CodesFrom { get; init; }

    /// <summary>What answers a path that is not there.</summary>
    public HttpResponse NotFound { get; init; } = HttpResponse.Text(
        404, "<!DOCTYPE html><title>404 Not Found</title><h1>Not Found</h1>\n", "text/html; charset=utf-8");

    /// <summary>Adds a page; the media type follows from the path's ending when none is given.</summary>
    /// <param name="path">The path without query, percent-decoded, beginning with '/'.</param>
    /// <param name="content">The bytes of the page.</param>
    /// <param name="contentType">The value of Content-Type.</param>
    public StaticSite Add(string path, ReadOnlyMemory<byte> content, string? contentType = null) =>
        Add(path, new HttpResponse(200) { Fields = [new HttpField("Content-Type", contentType ?? MediaTypes.ForPath(path))], Body = content });

    /// <summary>Adds a page of text.</summary>
    public StaticSite Add(string path, string text, string? contentType = null) => Add(path, Encoding.UTF8.GetBytes(text), contentType);

    /// <summary>Adds a whole response for a path.</summary>
    public StaticSite Add(string path, HttpResponse response)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path[0] != '/') { throw new ArgumentException("a path begins with '/'", nameof(path)); }
        _pages[path] = response;
        return this;
    }

    /// <summary>Adds a redirect (RFC 9110 15.4).</summary>
    /// <param name="path">The path that has moved.</param>
    /// <param name="location">Where to: an absolute or relative reference, percent-encoded.</param>
    /// <param name="status">301, 302, 303, 307 or 308.</param>
    public StaticSite AddRedirect(string path, string location, int status = 302) =>
        Add(path, new HttpResponse(
            status)
        {
            Fields = [new HttpField("Location", location), new HttpField("Content-Type", "text/plain; charset=utf-8")],
            Body = Encoding.UTF8.GetBytes(location + "\n")
        });

    /// <summary>The page of a request target in origin or absolute form; null when it is not there.</summary>
    public HttpResponse? Find(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var path = PathOf(target);
        if (path is null) { return null; }
        if (path.EndsWith('/')) { path += DefaultFile; }
        return _pages.GetValueOrDefault(path);
    }

    /// <inheritdoc/>
    public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var answer = Answer(request.Head.MethodText, request.Head.TargetText);
        return new ValueTask<ServerResponse>(
            CodesFrom is { } length && answer.Status == 200 && answer.Body.Length >= length && IsText(answer)
                ? Coded(answer, request.Head.Fields.Find("Accept-Encoding"u8)) : answer);
    }

    private static bool IsText(HttpResponse answer) => answer.Fields.Any(static field =>
        field.Name == "Content-Type" && (field.Value.StartsWith("text/", StringComparison.Ordinal) || field.Value.EndsWith("json", StringComparison.Ordinal)));

    // A coded answer says that it is for whoever accepts the coding (RFC 9110 12.5.5); one that is not coded is for everybody.
    private HttpResponse Coded(HttpResponse answer, string? accepted)
    {
        if (ContentCodings.Choose(accepted) is not { } coding) { return answer; }
        if (!_coded.TryGetValue((answer.Body, coding), out var body)) { _coded[(answer.Body, coding)] = body = coding.Encoded(answer.Body.Span); }
        return answer with
        {
            Fields = [.. answer.Fields, new HttpField("Content-Encoding", coding.Name), new HttpField("Vary", "Accept-Encoding")],
            Body = body,
        };
    }

    private readonly Dictionary<(ReadOnlyMemory<byte> Content, ContentCoding Coding), byte[]> _coded = [];

    /// <summary>The response to a method and a target.</summary>
    public HttpResponse Answer(string method, string target)
    {
        if (method is "GET" or "HEAD") { return Find(target) ?? NotFound; }
        // What has moved has moved for every method.
        if (method is "POST" or "PUT" or "DELETE" or "PATCH" && Find(target) is { Status: >= 300 and < 400 } moved) { return moved; }
        // A method that exists but is not allowed here is 405; one that nobody knows is 501 (RFC 9110 15.5.6, 15.6.2).
        return method is "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH"
            ? HttpResponse.Text(
                405, "Only GET and HEAD are allowed here.\n") with
            {
                Fields = [new HttpField("Allow", "GET, HEAD"),
                new HttpField("Content-Type", "text/plain; charset=utf-8")]
            }
            : HttpResponse.Text(501, "This method is not known here.\n");
    }

    /// <summary>The percent-decoded path of a target without its query; null when there is none, or it decodes to NUL.</summary>
    private static string? PathOf(string target)
    {
        // absolute-form = scheme "://" authority path: a server takes it although only proxies are sent it (RFC 9112 3.2.2).
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (target.Length > 0 && target[0] != '/')
        {
            if (authority <= 0) { return null; }
            var slash = target.IndexOf('/', authority + 3);
            target = slash < 0 ? "/" : target[slash..];
        }
        var end = target.AsSpan().IndexOfAny('?', '#');
        if (end >= 0) { target = target[..end]; }
        if (target.Length == 0) { return null; }
        if (!target.Contains('%')) { return target; }
        var bytes = new byte[target.Length];
        var length = 0;
        for (var i = 0; i < target.Length; i++)
        {
            if (target[i] == '%' && i + 2 < target.Length && char.IsAsciiHexDigit(target[i + 1]) && char.IsAsciiHexDigit(target[i + 2]))
            {
                bytes[length++] = (byte)(HexValue(target[i + 1]) << 4 | HexValue(target[i + 2]));
                i += 2;
            }
            else { bytes[length++] = (byte)target[i]; }
        }
        return bytes.AsSpan(0, length).Contains((byte)0) ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

/// <summary>Media types by the ending of a path, for the files that a small site has.</summary>
public static class MediaTypes
{
    /// <summary>The media type; application/octet-stream for an ending that is not known.</summary>
    public static string ForPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[(path.LastIndexOf('.') + 1)..].ToLowerInvariant() switch
        {
            "html" or "htm" => "text/html; charset=utf-8",
            "txt" => "text/plain; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "js" or "mjs" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "xml" => "application/xml",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "ico" => "image/vnd.microsoft.icon",
            "pdf" => "application/pdf",
            "wasm" => "application/wasm",
            "zip" => "application/zip",
            "gz" => "application/gzip",
            _ => "application/octet-stream",
        };
    }
}
