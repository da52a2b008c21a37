using System.Text;
using System.Text.Unicode;
using Firstbyte.Http;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Web.Viewing;

/// <summary>
/// Makes text of bytes in an encoding: in a browser its own TextDecoder, which knows all of the Encoding standard's and costs no byte of the page.
/// </summary>
/// <param name="label">The encoding's label.</param>
/// <param name="bytes">What to decode.</param>
/// <param name="isCut">Whether more would follow: then half a character at the end is none.</param>
/// <returns>The text; null where the label is nobody's.</returns>
public delegate string? TextDecoding(string label, byte[] bytes, bool isCut);

/// <summary>A content as it is shown.</summary>
/// <param name="Text">Its text, safe to show; null where it is none.</param>
/// <param name="UnknownLabel">The charset that was named and that nobody knows.</param>
/// <param name="Guessed">The encoding that was taken because the bytes are not UTF-8 and nothing said what they are.</param>
public sealed record ContentText(string? Text, string? UnknownLabel = null, string? Guessed = null)
{
    /// <summary>Nothing.</summary>
    public static ContentText Empty { get; } = new("");

    /// <summary>Reads a content as the command does (<see cref="TextSniffing"/>).</summary>
    /// <param name="bytes">Its beginning.</param>
    /// <param name="isCut">Whether there is more of it.</param>
    /// <param name="contentType">The value of its Content-Type; null without one.</param>
    /// <param name="decode">Makes text of what is not UTF-8.</param>
    public static ContentText Read(byte[] bytes, bool isCut, string? contentType, TextDecoding decode)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(decode);
        var type = contentType is not null && MediaType.TryParse(contentType, out var parsed) ? parsed : default;
        var declared = type.Charset;
        string? unknown = null;
        if (TextSniffing.MarkOf(bytes, out var mark) is { } marked) { return Of(decode(marked, bytes[mark..], isCut), null, null); }
        if (declared is not null && !declared.Trim().Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            if (decode(declared, bytes, isCut) is { } said) { return Of(said, null, null); }
            unknown = declared;
        }
        if (Utf8Of(bytes, isCut) is { } text) { return Of(text, unknown, null); }
        if (declared is not null && unknown is null) { return Of(decode("utf-8", bytes, isCut), null, null); }
        if (type.Essence == "text/html" && unknown is null)
        {
            foreach (var label in TextSniffing.LabelsOf(bytes)) { if (decode(label, bytes, isCut) is { } own) { return Of(own, null, null); } }
        }
        return Of(decode(TextSniffing.FallbackLabel, bytes, isCut), unknown, TextSniffing.FallbackLabel);

        ContentText Of(string? found, string? unknownLabel, string? guessed) => found is not null && TextSniffing.IsText(found, type.Essence is not null && type.IsText)
            ? new ContentText(Printable.Text(found, keepLines: true), unknownLabel, guessed) : new ContentText((string?)null);
    }

    // Of what was cut, the last character may be a half.
    private static string? Utf8Of(ReadOnlySpan<byte> bytes, bool isCut)
    {
        for (var cut = 0; cut < (isCut ? 4 : 1) && cut <= bytes.Length; cut++)
        {
            if (Utf8.IsValid(bytes[..^cut])) { return Encoding.UTF8.GetString(bytes[..^cut]); }
        }
        return null;
    }
}
