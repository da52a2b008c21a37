using System.Globalization;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Labs;

/// <summary>What clients have stored on a host of a lab over HTTP: PUT, POST and DELETE (RFC 9110 9.3), until the run ends.</summary>
/// <remarks>
/// PUT makes a file or replaces it (201, 204), under the conditions of If-Match and If-None-Match, so that nobody overwrites what he has not seen; POST to a
/// directory makes a file whose name the server chooses (201 with Location); DELETE removes one. A part of a file (Content-Range) is
/// refused, as RFC 9110 14.5 asks
/// of who cannot store parts.
/// </remarks>
internal sealed class LabStore
{
    // All files of a host together: a lab is a lesson, and its host lives in this process. nginx takes 1 MB a request (client_max_body_size).
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostFiles = 1000;

    private static readonly string[] s_fileMethods = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"];
    private static readonly string[] s_folderMethods = ["GET", "HEAD", "POST", "OPTIONS", "TRACE"];

    private readonly SortedDictionary<string, Representation> _files = new(StringComparer.Ordinal);
    private long _bytes;
    private int _made;

    /// <summary>Answers a request for a path below a writable directory, or for the directory itself.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The path, decoded.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, string path, CancellationToken cancellationToken)
    {
        var (method, isFolder) = (request.Head.MethodText, path.EndsWith('/'));
        var found = _files.GetValueOrDefault(path);
        switch (method)
        {
            case "GET" or "HEAD":
                return (found ?? (isFolder ? Listing(path) : null))?.Answer(request.Head) ?? HttpResponse.Text(404, "Nothing is stored here.\n");
            case "OPTIONS": return StaticSite.Options(isFolder ? s_folderMethods : s_fileMethods);
            case "POST" when isFolder: return await PostAsync(request, path, cancellationToken);
            case "PUT" or "DELETE" when !isFolder: break;
            default: return StaticSite.NotAllowed(isFolder ? s_folderMethods : s_fileMethods);
        }
        if (Preconditions.Judge(method, request.Head.Fields, found?.Tag) != PreconditionOutcome.Met) { return Representation.Refusal(); }
        return method == "PUT" ? await PutAsync(request, path, found, cancellationToken) : Delete(path, found);
    }

    private async ValueTask<HttpResponse> PutAsync(ServerRequest request, string path, Representation? before, CancellationToken cancellationToken)
    {
        if (request.Head.Fields.IndexOf("Content-Range"u8) >= 0) { return HttpResponse.Text(400, "Parts of a file are not stored here.\n"); }
        var (content, refusal) = await ReadAsync(request, before, cancellationToken);
        if (content is null) { return refusal!; }
        var stored = Keep(path, content, request.Head.Fields.Find("Content-Type"u8));
        // The bytes are kept as they came, so the client has what the tag names (RFC 9110 9.3.4).
        return new HttpResponse(before is null ? 201 : 204) { Fields = [new HttpField("ETag", stored.Tag.ToString())] };
    }

    private async ValueTask<HttpResponse> PostAsync(ServerRequest request, string folder, CancellationToken cancellationToken)
    {
        var (content, refusal) = await ReadAsync(request, null, cancellationToken);
        if (content is null) { return refusal!; }
        string path;
        do { path = folder + (++_made).ToString(CultureInfo.InvariantCulture); }
        while (_files.ContainsKey(path));
        var stored = Keep(path, content, request.Head.Fields.Find("Content-Type"u8));
        return new HttpResponse(201) { Fields = [new HttpField("Location", path), new HttpField("ETag", stored.Tag.ToString())] };
    }

    private HttpResponse Delete(string path, Representation? found)
    {
        if (found is null) { return HttpResponse.Text(404, "Nothing is stored here.\n"); }
        _files.Remove(path);
        _bytes -= found.Length;
        return new HttpResponse(204);
    }

    private async ValueTask<(byte[]? Content, HttpResponse? Refusal)> ReadAsync(ServerRequest request,
        Representation? before, CancellationToken cancellationToken)
    {
        var room = MostBytes - _bytes + (before?.Length ?? 0);
        if (before is null && _files.Count >= MostFiles)
        { return (null, HttpResponse.Text(507, $"There are {MostFiles} files here, and no room for more.\n")); }
        var body = new MemoryStream();
        var piece = new byte[16 * 1024];
        // What says at once that it is too long is refused before it comes.
        if (request.Head.ContentLength <= room)
        {
            while (await request.ReadBodyAsync(piece, cancellationToken) is > 0 and var count && body.Length <= room) { body.Write(piece, 0, count); }
            if (body.Length <= room) { return (body.ToArray(), null); }
        }
        return (null, HttpResponse.Text(413, $"There is room for {room} bytes here.\n"));
    }

    private Representation Keep(string path, byte[] content, string? type)
    {
        if (_files.Remove(path, out var before)) { _bytes -= before.Length; }
        _bytes += content.Length;
        return _files[path] = Representation.Of(
            new HttpResponse(200) { Fields = [new HttpField("Content-Type", type ?? MediaTypes.ForPath(path))], Body = content });
    }

    private Representation Listing(string folder)
    {
        var text = new StringBuilder();
        foreach (var (path, file) in _files)
        {
            if (path.StartsWith(folder, StringComparison.Ordinal))
            { text.Append(CultureInfo.InvariantCulture, $"{path[folder.Length..]} {file.Length} bytes\n"); }
        }
        return Representation.Of(HttpResponse.Text(200, text.ToString()));
    }
}
