using System.Text;
using Firstbyte.Codings;

namespace Firstbyte.Http;

/// <summary>Pages that do not change: path to content, with redirects, a default file and a page for what is not there.</summary>
public sealed class StaticSite : IHttpHandler
{
    private static readonly string[] s_methods = ["GET", "HEAD", "OPTIONS"];

    private readonly Dictionary<string, HttpResponse> _pages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Representation> _representations = new(StringComparer.Ordinal);

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
        _representations.Remove(path);
        if (response.Status == 200) { _representations[path] = Representation.Of(response); }
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
    public HttpResponse? Find(string target) => FileOf(target) is { } file ? _pages.GetValueOrDefault(file) : null;

    /// <summary>The path that a request target names here, percent-decoded, with the default file behind a '/'; null where it names none.</summary>
    public string? FileOf(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var path = PathOf(target);
        return path is null ? null : path.EndsWith('/') ? path + DefaultFile : path;
    }

    /// <inheritdoc/>
    public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new ValueTask<ServerResponse>(Answer(request.Head));
    }

    private ServerResponse Answer(RequestHead head)
    {
        var (method, target) = (head.MethodText, head.TargetText);
        var file = FileOf(target);
        if (method is not ("GET" or "HEAD")) { return AnswerOther(method, file is null ? null : _pages.GetValueOrDefault(file)); }
        if (file is null || !_pages.TryGetValue(file, out var page)) { return NotFound; }
        if (!_representations.TryGetValue(file, out var representation)) { return page; }
        return CodesFrom is { } length && page.Body.Length >= length && IsText(page)
            ? Coded(representation, head.Fields.Find("Accept-Encoding"u8)).Answer(head)
            : representation.Answer(head);
    }

    private static bool IsText(HttpResponse answer) => answer.Fields.Any(static field =>
        field.Name == "Content-Type" && (field.Value.StartsWith("text/", StringComparison.Ordinal) || field.Value.EndsWith("json", StringComparison.Ordinal)));

    // A coded answer says that it is for whoever accepts the coding (RFC 9110 12.5.5), and its bytes have a tag of their own (8.8.3.3); one that is not coded
    // is for everybody.
    private Representation Coded(Representation page, string? accepted)
    {
        if (ContentCodings.Choose(accepted) is not { } coding) { return page; }
        if (_coded.TryGetValue((page, coding), out var coded)) { return coded; }
        var message = page.Message;
        return _coded[(page, coding)] = Representation.Of(message with
        {
            Fields =
            [
                .. message.Fields.Where(static field => field.Name != "ETag"),
                new HttpField("Content-Encoding", coding.Name), new HttpField("Vary", "Accept-Encoding"),
            ],
            Body = coding.Encoded(message.Body.Span),
        });
    }

    private readonly Dictionary<(Representation Page, ContentCoding Coding), Representation> _coded = [];

    private static HttpResponse AnswerOther(string method, HttpResponse? page)
    {
        // What has moved has moved for every method.
        if (method is "POST" or "PUT" or "DELETE" or "PATCH" && page is { Status: >= 300 and < 400 }) { return page; }
        if (method == "OPTIONS") { return Options(s_methods); }
        // A method that exists but is not allowed here is 405; one that nobody knows is 501 (RFC 9110 15.5.6, 15.6.2).
        return method is "POST" or "PUT" or "DELETE" or "CONNECT" or "TRACE" or "PATCH"
            ? NotAllowed(s_methods)
            : HttpResponse.Text(501, "This method is not known here.\n");
    }

    /// <summary>The answer to OPTIONS: which methods there are (RFC 9110 9.3.7).</summary>
    public static HttpResponse Options(params IEnumerable<string> methods) =>
        new(204) { Fields = [new HttpField("Allow", string.Join(", ", methods))] };

    /// <summary>405, with the methods that are allowed (RFC 9110 15.5.6).</summary>
    public static HttpResponse NotAllowed(params IEnumerable<string> methods) => HttpResponse.Text(405, "Not allowed here: Allow says what is.\n") with
    {
        Fields = [new HttpField("Allow", string.Join(", ", methods)), new HttpField("Content-Type", "text/plain; charset=utf-8")],
    };

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
