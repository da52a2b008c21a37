using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using Firstbyte.Telling;

namespace Firstbyte.Web.Viewing;

/// <summary>What a link to a moment holds: the lab, its seed, what was done in it and when, and the event that is looked at.</summary>
/// <param name="Lab">The lab's name; null for the default, or where its text is in the link.</param>
/// <param name="Text">The text of a lab that was edited.</param>
/// <param name="Seed">The seed; null for the lab's own.</param>
/// <param name="Language">The language's tag.</param>
/// <param name="Acts">What was done.</param>
/// <param name="Position">The event.</param>
/// <param name="IsWhole">Whether all of it could be read.</param>
public sealed record PageLink(string? Lab, string? Text, ulong? Seed, string? Language, IReadOnlyList<SessionAct> Acts, int? Position, bool IsWhole = true)
{
    // Own choices: a link is typed by nobody, and read from anybody.
    private const int MaxActs = 200;
    private const int MaxText = 1_000_000;

    /// <summary>The link to a session's moment.</summary>
    public static PageLink Of(LabSession session, string language)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new PageLink(
            session.Name.Length > 0 ? session.Name : null, session.Name.Length > 0 ? null : session.Text, session.Timeline.Seed, language, session.Acts,
            session.Position);
    }

    /// <summary>Reads what stands behind the # of the page's address; what is not understood is as if it were not there.</summary>
    public static PageLink Read(string fragment)
    {
        ArgumentNullException.ThrowIfNull(fragment);
        string? lab = null, text = null, language = null;
        ulong? seed = null;
        int? position = null;
        var acts = new List<SessionAct>();
        var isWhole = true;
        foreach (var part in fragment.TrimStart('#').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at], part[(at + 1)..]) : (part, "");
            switch (name)
            {
                case "lab": lab = Uri(value); break;
                case "file" when Unpack(value) is { Length: > 0 } unpacked: text = unpacked; break;
                case "lang" when Languages.Of(Uri(value)) is not null: language = Uri(value); break;
                case "seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number): seed = number; break;
                case "at" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number): position = number; break;
                case "do" when acts.Count < MaxActs && value.Split('.', 3) is [var after, var kind, var words] && SessionAct.IsKind(kind)
                    && int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    acts.Add(new SessionAct(number, kind, Uri(words)));
                    break;
                // A name alone is a place in the page.
                default: isWhole &= value.Length == 0 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'); break;
            }
        }
        return new PageLink(lab, text, seed, language, acts, position, isWhole);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var link = new StringBuilder();
        if (Lab is not null) { link.Append("lab=").Append(WebUtility.UrlEncode(Lab)); }
        if (Text is not null) { link.Append("file=").Append(Pack(Text)); }
        if (Seed is { } seed) { link.Append(CultureInfo.InvariantCulture, $"&seed={seed}"); }
        if (Language is not null) { link.Append("&lang=").Append(WebUtility.UrlEncode(Language)); }
        foreach (var act in Acts) { link.Append(CultureInfo.InvariantCulture, $"&do={act.After}.{act.Kind}.{WebUtility.UrlEncode(act.Text)}"); }
        if (Position is { } position) { link.Append(CultureInfo.InvariantCulture, $"&at={position}"); }
        return link.ToString();
    }

    private static string Uri(string text) => WebUtility.UrlDecode(text);

    // A page writes its link anew at every step, and its lab's text is the same for long.
    private static (string Text, string Packed) s_last = ("", "");

    private static string Pack(string text)
    {
        if (s_last.Text != text) { s_last = (text, Deflate(text)); }
        return s_last.Packed;
    }

    private static string Deflate(string text)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal)) { deflate.Write(Encoding.UTF8.GetBytes(text)); }
        return Convert.ToBase64String(packed.ToArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static string? Unpack(string text)
    {
        try
        {
            var base64 = text.Replace('-', '+').Replace('_', '/');
            using var inflate = new DeflateStream(new MemoryStream(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='))), CompressionMode.Decompress);
            var bytes = new byte[MaxText];
            return Encoding.UTF8.GetString(bytes, 0, inflate.ReadAtLeast(bytes, MaxText, throwOnEndOfStream: false));
        }
        // A link that was cut holds no lab; the page opens with its own.
        catch (Exception e) when (e is FormatException or InvalidDataException) { return null; }
    }
}
