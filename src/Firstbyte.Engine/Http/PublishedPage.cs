using System.Security.Cryptography;
using System.Text;

namespace Firstbyte.Http;

/// <summary>How the files of a published page are handed out, whoever does it.</summary>
/// <remarks>
/// A file <c>X.br</c> is no file of its own but X in brotli (RFC 7932), made when the page was published, and is sent as such
/// (<c>Content-Encoding: br</c>, RFC 9110 8.4) to whoever accepts it. A name that holds a fingerprint of its content never means anything else and may be
/// kept; everything else is asked for anew, by its tag. Scripts are those of the page: what stands in its HTML is allowed by its hash (CSP level 3).
/// </remarks>
public static class PublishedPage
{
    /// <summary>Files of a page (own choice): the published one has some two hundred.</summary>
    public const int MaxFiles = 5_000;

    /// <summary>Folders below each other (own choice).</summary>
    public const int MaxDepth = 8;

    /// <summary>The file that stands for its folder.</summary>
    public const string Index = "index.html";

    /// <summary>The ending of a file in brotli.</summary>
    public const string Packed = ".br";

    /// <summary>The ending of the same in another coding, which nobody who takes the first wants.</summary>
    public const string OtherwisePacked = ".gz";

    // As the publishing tool makes it: name.FINGERPRINT.ending.
    private const int FingerprintLength = 10;

    /// <summary>Whether a client takes brotli (RFC 9110 12.5.3): by its name, or by the asterisk where its name is not said.</summary>
    public static bool TakesBrotli(string? accepted)
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
    /// <param name="html">The page's document.</param>
    /// <param name="isFramed">
    /// Whether it may stand in another page: the lab may, which holds nothing of anybody's; not where a click in it has the machine do something.
    /// </param>
    public static string Policy(string html, bool isFramed = true)
    {
        ArgumentNullException.ThrowIfNull(html);
        var hashes = new StringBuilder();
        for (var at = html.IndexOf("<script", StringComparison.Ordinal); at >= 0; at = html.IndexOf("<script", at + 1, StringComparison.Ordinal))
        {
            var begins = html.IndexOf('>', at) + 1;
            var ends = html.IndexOf("</script>", at, StringComparison.Ordinal);
            if (begins == 0 || ends <= begins) { continue; }
            hashes.Append(" 'sha256-").Append(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(html[begins..ends])))).Append('\'');
        }
        return $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
            + $"base-uri 'self'; form-action 'self'; frame-ancestors {(isFramed ? "*" : "'none'")}";
    }

    /// <summary>The answer with a file of the page.</summary>
    /// <param name="path">Its path, without the ending of a packed one.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="isPacked">Whether they are in brotli.</param>
    /// <param name="policy">What the page may do.</param>
    public static HttpResponse Answer(string path, ReadOnlyMemory<byte> content, bool isPacked, string policy) => new(200)
    {
        Fields =
        [
            new HttpField("Content-Type", MediaTypes.ForPath(path)),
            .. isPacked ? [new HttpField("Content-Encoding", "br")] : Array.Empty<HttpField>(),
            new HttpField("Vary", "Accept-Encoding"),
            new HttpField("Cache-Control", IsFingerprinted(path) ? "public, max-age=31536000, immutable" : "no-cache"),
            new HttpField("Content-Security-Policy", policy),
            new HttpField("X-Content-Type-Options", "nosniff"),
            new HttpField("Referrer-Policy", "no-referrer"),
        ],
        Body = content,
    };

    private static bool IsFingerprinted(string path) => path.Split('/')[^1].Split('.') is [_, .., var print, _]
        && print.Length == FingerprintLength && print.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
