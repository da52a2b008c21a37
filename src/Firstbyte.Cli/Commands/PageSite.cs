using System.Security.Cryptography;
using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>A published page as it is handed out: its files, read once, each in the coding in which it was packed where the browser takes that.</summary>
/// <remarks>
/// A file <c>X.br</c> is no file of its own but X in brotli (RFC 7932), made when the page was published, and is sent as such
/// (<c>Content-Encoding: br</c>, RFC 9110 8.4) to whoever accepts it. A name that holds a fingerprint of its content never means anything else and may be
/// kept; everything else is asked for anew, by its tag. Scripts are those of the page: what stands in its HTML is allowed by its hash (CSP level 3).
/// </remarks>
internal sealed class PageSite : IHttpHandler
{
    /// <summary>Files of a page (own choice): the published one has some two hundred.</summary>
    private const int MaxFiles = 5_000;

    /// <summary>Folders below each other (own choice).</summary>
    private const int MaxDepth = 8;

    // As the publishing tool makes it: name.FINGERPRINT.ending.
    private const int FingerprintLength = 10;

    private const string Index = "index.html", Packed = ".br";

    private readonly Dictionary<string, Representation> _plain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Representation> _packed = new(StringComparer.Ordinal);

    private PageSite() { }

    /// <summary>How many files there are.</summary>
    public int Count => _plain.Count;

    /// <summary>The folder of a page at a path: the path, or the <c>wwwroot</c> below it that publishing makes; null where neither holds one.</summary>
    public static string? FindFolder(CommandIo io, string path) =>
        new[] { path, Path.Combine(path, "wwwroot") }.FirstOrDefault(folder => io.Exists(Path.Combine(folder, Index)));

    /// <summary>Reads a page.</summary>
    /// <exception cref="FileException">A file cannot be read.</exception>
    public static PageSite Read(CommandIo io, string folder)
    {
        var site = new PageSite();
        var policy = Policy(io.ReadText(Path.Combine(folder, Index)));
        var files = new PlainFiles(io, isReadOnly: true);
        var waiting = new Queue<(string Folder, string Path, int Depth)>([(folder, "/", 0)]);
        while (waiting.TryDequeue(out var here))
        {
            foreach (var name in files.List(here.Folder))
            {
                var file = Path.Combine(here.Folder, name);
                if (files.IsFolder(file))
                {
                    if (here.Depth < MaxDepth) { waiting.Enqueue((file, $"{here.Path}{name}/", here.Depth + 1)); }
                }
                // The same in another coding, which nobody who takes the first wants.
                else if (!name.EndsWith(".gz", StringComparison.Ordinal))
                {
                    // No page is so large: the folder is one of other things too, and half of it would be worse than none.
                    if (site._plain.Count + site._packed.Count == MaxFiles)
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
        if (head.MethodText is not ("GET" or "HEAD")) { return new(StaticSite.NotAllowed("Only GET and HEAD are allowed here.\n", "GET", "HEAD")); }
        var path = Encoding.Latin1.GetString(head.Target).Split('?')[0];
        if (path.EndsWith('/')) { path += Index; }
        var accepted = head.Fields.Find("Accept-Encoding"u8);
        var found = _packed.TryGetValue(path, out var packed) && TakesBrotli(accepted) ? packed : _plain.GetValueOrDefault(path);
        return new(found?.Answer(head) ?? HttpResponse.Text(404, "There is no such file in the page.\n"));
    }

    /// <summary>Whether a client takes brotli (RFC 9110 12.5.3): by its name, or by the asterisk where its name is not said.</summary>
    internal static bool TakesBrotli(string? accepted)
    {
        bool? any = null;
        foreach (var member in (accepted ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = member.Split(';', StringSplitOptions.TrimEntries);
            // A weight of nothing but zeros is a refusal (RFC 9110 12.4.2).
            var isRefused = parts.Skip(1).Any(static part =>
                part.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && part[2..].All(static c => c is '0' or '.'));
            if (parts[0].Equals("br", StringComparison.OrdinalIgnoreCase)) { return !isRefused; }
            if (parts[0] == "*") { any = !isRefused; }
        }
        return any ?? false;
    }

    /// <summary>What a page may do: its own scripts and WebAssembly, its own styles, its own files, and no other request.</summary>
    internal static string Policy(string html)
    {
        var hashes = new StringBuilder();
        for (var at = html.IndexOf("<script", StringComparison.Ordinal); at >= 0; at = html.IndexOf("<script", at + 1, StringComparison.Ordinal))
        {
            var begins = html.IndexOf('>', at) + 1;
            var ends = html.IndexOf("</script>", at, StringComparison.Ordinal);
            if (begins == 0 || ends <= begins) { continue; }
            hashes.Append(" 'sha256-").Append(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(html[begins..ends])))).Append('\'');
        }
        return $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
            + "base-uri 'self'; form-action 'self'; frame-ancestors 'self'";
    }

    private void Add(string path, byte[] content, string policy)
    {
        var isPacked = path.EndsWith(Packed, StringComparison.Ordinal);
        var name = isPacked ? path[..^Packed.Length] : path;
        var response = new HttpResponse(200)
        {
            Fields =
            [
                new HttpField("Content-Type", MediaTypes.ForPath(name)),
                .. isPacked ? [new HttpField("Content-Encoding", "br")] : Array.Empty<HttpField>(),
                new HttpField("Vary", "Accept-Encoding"),
                new HttpField("Cache-Control", IsFingerprinted(name) ? "public, max-age=31536000, immutable" : "no-cache"),
                new HttpField("Content-Security-Policy", policy),
                new HttpField("X-Content-Type-Options", "nosniff"),
                new HttpField("Referrer-Policy", "no-referrer"),
            ],
            Body = content,
        };
        (isPacked ? _packed : _plain)[name] = Representation.Of(response);
    }

    private static bool IsFingerprinted(string path) => path.Split('/')[^1].Split('.') is [_, .., var print, _]
        && print.Length == FingerprintLength && print.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
