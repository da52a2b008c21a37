using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>A published page as it is handed out: its files, read once, each in the coding in which it was packed where the browser takes that.</summary>
internal sealed class PageSite : IHttpHandler
{
    private readonly Dictionary<string, Representation> _plain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Representation> _packed = new(StringComparer.Ordinal);

    private PageSite() { }

    /// <summary>How many files there are.</summary>
    public int Count => _plain.Count;

    /// <summary>The folder of a page at a path: the path, or the <c>wwwroot</c> below it that publishing makes; null where neither holds one.</summary>
    public static string? FindFolder(CommandIo io, string path) =>
        new[] { path, Path.Combine(path, "wwwroot") }.FirstOrDefault(folder => io.Exists(Path.Combine(folder, PublishedPage.Index)));

    /// <summary>Reads a page.</summary>
    /// <exception cref="FileException">A file cannot be read.</exception>
    public static PageSite Read(CommandIo io, string folder)
    {
        var site = new PageSite();
        var policy = PublishedPage.Policy(io.ReadText(Path.Combine(folder, PublishedPage.Index)));
        var files = new PlainFiles(io, isReadOnly: true);
        var waiting = new Queue<(string Folder, string Path, int Depth)>([(folder, "/", 0)]);
        while (waiting.TryDequeue(out var here))
        {
            foreach (var name in files.List(here.Folder))
            {
                var file = Path.Combine(here.Folder, name);
                if (files.IsFolder(file))
                {
                    if (here.Depth < PublishedPage.MaxDepth) { waiting.Enqueue((file, $"{here.Path}{name}/", here.Depth + 1)); }
                }
                else if (!name.EndsWith(PublishedPage.OtherwisePacked, StringComparison.Ordinal))
                {
                    // No page is so large: the folder is one of other things too, and half of it would be worse than none.
                    if (site._plain.Count + site._packed.Count == PublishedPage.MaxFiles)
                    {
                        throw new UsageException(io.Language.Servers.NoPage(folder), ExitCodes.FileUnread);
                    }
                    site.Add(here.Path + name, io.ReadBytes(file), policy);
                }
            }
        }
        return site;
    }

    /// <inheritdoc/>
    public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        var head = request.Head;
        if (head.MethodText is not ("GET" or "HEAD")) { return new(StaticSite.NotAllowed("GET", "HEAD")); }
        var path = Encoding.Latin1.GetString(head.Target).Split('?')[0];
        if (path.EndsWith('/')) { path += PublishedPage.Index; }
        var accepted = head.Fields.Find("Accept-Encoding"u8);
        var found = _packed.TryGetValue(path, out var packed) && PublishedPage.TakesBrotli(accepted) ? packed : _plain.GetValueOrDefault(path);
        return new(found?.Answer(head) ?? HttpResponse.Text(404, "There is no such file in the page.\n"));
    }

    private void Add(string path, byte[] content, string policy)
    {
        var isPacked = path.EndsWith(PublishedPage.Packed, StringComparison.Ordinal);
        var name = isPacked ? path[..^PublishedPage.Packed.Length] : path;
        (isPacked ? _packed : _plain)[name] = Representation.Of(PublishedPage.Answer(name, content, isPacked, policy));
    }
}
