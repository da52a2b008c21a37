using System.IO.Compression;
using System.Text;
using Firstbyte.Host.Settings;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Sentences;
using Microsoft.AspNetCore.Http;

namespace Firstbyte.Host.Pages;

/// <summary>The files of the published page, read once and marked as the live one's.</summary>
internal sealed class PageFiles
{
    private const string UsualFolder = "web";

    // The page asks for live.json only where its document says so: on a host of static files it asks nobody for anything.
    private const string Plain = "<html lang=\"en\">", Marked = "<html lang=\"en\" data-live=\"live.json\">";

    private readonly Dictionary<string, Representation> _plain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Representation> _packed = new(StringComparer.Ordinal);

    private PageFiles(string policy) => Policy = policy;

    /// <summary>What the page may do.</summary>
    public string Policy { get; }

    /// <summary>Reads the page.</summary>
    /// <exception cref="HostException">There is none, or a file cannot be read.</exception>
    public static PageFiles Read(string? root, Language language)
    {
        var path = root ?? Path.Combine(AppContext.BaseDirectory, UsualFolder);
        var folder = new[] { path, Path.Combine(path, "wwwroot") }.FirstOrDefault(static one => File.Exists(Path.Combine(one, PublishedPage.Index)))
            ?? throw new HostException(root is null ? language.Servers.NoPageBeside(path) : language.Servers.NoPage(path), ExitCodes.FileUnread);
        var file = Path.Combine(folder, PublishedPage.Index);
        try
        {
            var html = File.ReadAllText(file);
            var files = new PageFiles(PublishedPage.Policy(html, isFramed: false));
            var listing = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = PublishedPage.MaxDepth, AttributesToSkip = FileAttributes.None };
            foreach (var found in Directory.EnumerateFiles(folder, "*", listing))
            {
                file = found;
                if (found.EndsWith(PublishedPage.OtherwisePacked, StringComparison.Ordinal)) { continue; }
                // No page is so large: the folder is one of other things too, and half of it would be worse than none.
                if (files._plain.Count + files._packed.Count == PublishedPage.MaxFiles)
                {
                    throw new HostException(language.Servers.NoPage(folder), ExitCodes.FileUnread);
                }
                files.Add("/" + Path.GetRelativePath(folder, found).Replace('\\', '/'), File.ReadAllBytes(found));
            }
            files.Mark(html);
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException(language.Files.Unusable(file, false, IoErrors.ToErrno(e)), ExitCodes.FileUnread);
        }
    }

    /// <summary>Answers with a file.</summary>
    public async Task SendAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var path = request.Path.Value ?? "/";
        if (path.EndsWith('/')) { path += PublishedPage.Index; }
        var found = PublishedPage.TakesBrotli(request.Headers.AcceptEncoding) && _packed.TryGetValue(path, out var packed)
            ? packed
            : _plain.GetValueOrDefault(path);
        if (found is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var message = found.Message;
        foreach (var (name, value) in message.Fields) { response.Headers[name] = value; }
        if (request.Headers.IfNoneMatch.Any(tags => tags?.Contains(found.Tag.ToString(), StringComparison.Ordinal) == true))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ContentType = default;
            return;
        }
        response.ContentLength = message.Body.Length;
        if (!HttpMethods.IsHead(request.Method)) { await response.Body.WriteAsync(message.Body, context.RequestAborted); }
    }

    private void Add(string path, byte[] content)
    {
        var isPacked = path.EndsWith(PublishedPage.Packed, StringComparison.Ordinal);
        var name = isPacked ? path[..^PublishedPage.Packed.Length] : path;
        (isPacked ? _packed : _plain)[name] = Representation.Of(PublishedPage.Answer(name, content, isPacked, Policy));
    }

    private void Mark(string html)
    {
        var bytes = Encoding.UTF8.GetBytes(html.Replace(Plain, Marked, StringComparison.Ordinal));
        Add("/" + PublishedPage.Index, bytes);
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true)) { brotli.Write(bytes); }
        Add("/" + PublishedPage.Index + PublishedPage.Packed, packed.ToArray());
    }
}
