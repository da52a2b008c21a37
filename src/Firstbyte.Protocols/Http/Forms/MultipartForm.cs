using System.Text;

namespace Firstbyte.Http.Forms;

/// <summary>The bytes around the parts of a form (RFC 7578, framed as RFC 2046 5.1.1 has it).</summary>
/// <remarks>
/// <code>
///   --boundary CRLF  Content-Disposition: form-data; name="…"[; filename="…"] CRLF  [fields CRLF …] CRLF
///   content
///   CRLF --boundary CRLF  …                 each further part
///   CRLF --boundary-- CRLF                  the end
/// </code>
/// The boundary is 22 letters and digits of the network's randomness behind hyphens, as curl's is: 130 bits that no content holds by chance. So no content is
/// searched for it, which a stream could not be.
/// </remarks>
public static class MultipartForm
{
    /// <summary>The random bytes that a boundary is made of.</summary>
    public const int BoundaryBytes = 22;

    // 24 hyphens and 22 letters: 46 of the 70 that RFC 2046 allows.
    private const string BoundaryStart = "------------------------";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A boundary out of <see cref="BoundaryBytes"/> random bytes.</summary>
    public static string Boundary(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, BoundaryBytes);
        var letters = new StringBuilder(BoundaryStart);
        foreach (var one in random) { letters.Append(Alphabet[one % Alphabet.Length]); }
        return letters.ToString();
    }

    /// <summary>The value of Content-Type.</summary>
    public static string TypeOf(string boundary) => $"multipart/form-data; boundary={boundary}";

    /// <summary>What stands before the content of a part, the end of the part before it included.</summary>
    public static byte[] Head(string boundary, FormPartHead part, bool isFirst)
    {
        ArgumentNullException.ThrowIfNull(part);
        var head = new StringBuilder(isFirst ? "--" : "\r\n--").Append(boundary).Append("\r\nContent-Disposition: form-data; name=\"");
        AppendQuoted(head, part.Name);
        head.Append('"');
        if (part.FileName is { } file)
        {
            head.Append("; filename=\"");
            AppendQuoted(head, file);
            head.Append('"');
        }
        head.Append("\r\n");
        if (part.Type is { } type) { head.Append("Content-Type: ").Append(type).Append("\r\n"); }
        foreach (var field in part.Fields) { head.Append(field.Name).Append(": ").Append(field.Value).Append("\r\n"); }
        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>What ends a form; one without parts has nothing else.</summary>
    public static byte[] End(string boundary, bool hasParts) => Encoding.ASCII.GetBytes($"{(hasParts ? "\r\n" : "")}--{boundary}--\r\n");

    /// <summary>Why a part cannot be written.</summary>
    public static WriteFault Check(FormPartHead part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (part.Type is { } type && type.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) { return WriteFault.FieldValueHasLineBreakOrNul; }
        foreach (var (name, value) in part.Fields)
        {
            if (!HttpGrammar.IsToken(name)) { return WriteFault.FieldNameNotToken; }
            if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) { return WriteFault.FieldValueHasLineBreakOrNul; }
        }
        return WriteFault.None;
    }

    // WHATWG HTML, "multipart/form-data encoding algorithm": what would end the quotes or the line is percent-encoded, and nothing else is.
    private static void AppendQuoted(StringBuilder head, string value)
    {
        foreach (var letter in value)
        {
            switch (letter)
            {
                case '"': head.Append("%22"); break;
                case '\r': head.Append("%0D"); break;
                case '\n': head.Append("%0A"); break;
                default: head.Append(letter); break;
            }
        }
    }
}

/// <summary>A part of a form but for its content.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="FileName">The name that the file has for the server; null where it is none.</param>
/// <param name="Type">The media type; null says none, which is text.</param>
public sealed record FormPartHead(string Name, string? FileName = null, string? Type = null)
{
    /// <summary>Further fields of the part, behind those.</summary>
    public IReadOnlyList<HttpField> Fields { get; init; } = [];
}
