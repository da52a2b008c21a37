using System.Globalization;

namespace Firstbyte.News;

/// <summary>Groups and overviews as text: one line each.</summary>
public static class NewsListing
{
    /// <summary>The media type of the text.</summary>
    public const string Type = "text/plain; charset=utf-8";

    /// <summary>
    /// A line of LIST ACTIVE, "group high low status" (RFC 3977 7.6.3), as "group, articles, whether one may post"; null for what is none.
    /// </summary>
    public static string? Group(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || !IsNumber(words[1], out var last) || !IsNumber(words[2], out var first)) { return null; }
        var status = words.Length > 3 ? words[3] : "";
        var mark = status switch { "n" => "  (read only)", "m" => "  (moderated)", _ => "" };
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, last - first + 1),7} {Shown(words[0])}{mark}\n");
    }

    /// <summary>
    /// A line of an overview, "number TAB subject TAB from TAB date TAB message-id TAB …" (RFC 3977 8.3.2), as number, identifier, subject and sender; null
    /// for what is none.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="decode">What encoded words in subject and sender stand for (RFC 2047).</param>
    public static string? Article(string line, Func<string, string> decode)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(decode);
        var fields = line.Split('\t');
        if (fields.Length < 5 || !IsNumber(fields[0], out var number)) { return null; }
        var (subject, sender) = (Shown(decode(fields[1])), Shown(decode(fields[2])));
        return string.Create(CultureInfo.InvariantCulture, $"{number,7} {subject}\n        {sender}, {Shown(fields[3])}, {Shown(fields[4])}\n");
    }

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    // A line of a listing is one.
    private static string Shown(string text) => string.Concat(text.Select(static one => char.IsControl(one) ? ' ' : one));
}
