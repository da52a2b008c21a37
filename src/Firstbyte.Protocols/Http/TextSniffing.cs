using System.Buffers;
using System.Text;

namespace Firstbyte.Http;

/// <summary>What the bytes of a content say of its characters, where its Content-Type does not or is wrong.</summary>
/// <remarks>
/// Whoever makes text of a content asks in this order: its byte order mark (https://encoding.spec.whatwg.org/#decode), the charset of its Content-Type, whether
/// it is UTF-8, what a page of HTML says of itself, and at last windows-1252. The decoders are the reader's own: the framework's, or a browser's.
/// </remarks>
public static class TextSniffing
{
    /// <summary>Bytes within which a page of HTML says what it is in (https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding).</summary>
    public const int PrescanLength = 1024;

    /// <summary>The label of the encoding that is taken where nothing says what the bytes are: what browsers take.</summary>
    public const string FallbackLabel = "windows-1252";

    /// <summary>Bytes of the longest byte order mark.</summary>
    public const int LongestMark = 3;

    private static readonly SearchValues<char> s_labelEnds = SearchValues.Create("\"'; \t\r\n\f/");

    private static readonly SearchValues<char> s_never = SearchValues.Create("\0");

    // ESC is none of them: ISO-2022-JP begins with it, and terminals' logs are full of it.
    private static readonly SearchValues<char> s_inNoText =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(static c => c is not ('\t' or '\n' or '\f' or '\r' or 0x1B)).Select(static c => (char)c)]);

    /// <summary>The label of the encoding whose byte order mark stands at the beginning; null where none does.</summary>
    /// <param name="start">The first bytes of the content; three are enough.</param>
    /// <param name="length">Bytes of the mark, which is no part of the text.</param>
    public static string? MarkOf(ReadOnlySpan<byte> start, out int length)
    {
        (length, var label) = start switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (3, "utf-8"),
            [0xFE, 0xFF, ..] => (2, "utf-16be"),
            [0xFF, 0xFE, ..] => (2, "utf-16le"),
            _ => (0, null),
        };
        return label;
    }

    /// <summary>
    /// The labels that a page of HTML gives itself, in their order: of <c>&lt;meta charset=…&gt;</c>, or the <c>charset=</c> of
    /// <c>&lt;meta http-equiv=Content-Type content=…&gt;</c>. UTF-16 is none of them: then the element could not have been read.
    /// </summary>
    /// <param name="first">Its first bytes; what stands behind the first <see cref="PrescanLength"/> is not looked at.</param>
    public static IEnumerable<string> LabelsOf(ReadOnlySpan<byte> first)
    {
        const string Element = "<meta", Attribute = "charset";
        var labels = new List<string>();
        var text = Encoding.Latin1.GetString(first[..Math.Min(first.Length, PrescanLength)]);
        for (var at = -1; (at = text.IndexOf(Element, at + 1, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            var end = text.IndexOf('>', at);
            var element = text.AsSpan(at, (end < 0 ? text.Length : end) - at);
            var charset = element.IndexOf(Attribute, StringComparison.OrdinalIgnoreCase);
            if (charset < 0) { continue; }
            var value = element[(charset + Attribute.Length)..].TrimStart(" \t\r\n\f");
            if (value is not ['=', ..]) { continue; }
            value = value[1..].TrimStart(" \t\r\n\f\"'");
            var length = value.IndexOfAny(s_labelEnds);
            var label = (length < 0 ? value : value[..length]).ToString();
            if (label.Length > 0 && !label.StartsWith("utf-", StringComparison.OrdinalIgnoreCase)) { labels.Add(label); }
        }
        return labels;
    }

    /// <summary>Whether characters can be those of a text: none is a control character that no text has (MIME Sniffing 3: binary data bytes).</summary>
    /// <param name="text">The characters.</param>
    /// <param name="isDeclared">Its Content-Type says that it is one: then only a zero is no text.</param>
    public static bool IsText(ReadOnlySpan<char> text, bool isDeclared) => text.IndexOfAny(isDeclared ? s_never : s_inNoText) < 0;
}
