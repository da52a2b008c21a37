using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Firstbyte.Http;

/// <summary>The name under which a server wants its content saved (RFC 6266).</summary>
/// <remarks><code>
/// content-disposition = "Content-Disposition" ":" disposition-type *( ";" disposition-parm )
/// filename-parm       = "filename" "=" value | "filename*" "=" ext-value
/// ext-value           = charset "'" [ language ] "'" value-chars          (RFC 8187 3.2)
/// </code>
/// A server may be hostile: what comes out names a file in the folder that its reader chooses, and nothing else (RFC 6266 4.3).</remarks>
public static class ContentDisposition
{
    /// <summary>Bytes of a name that is taken (NAME_MAX of Linux).</summary>
    public const int MaximumName = 255;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>
    /// The name that a field's value gives, made harmless: without folders, control characters and a dot in front; null where none is left, or it is longer
    /// than <see cref="MaximumName"/>. <c>filename*</c> comes before <c>filename</c>.
    /// </summary>
    public static string? FileNameOf(string? value)
    {
        if (value is null) { return null; }
        string? plain = null, extended = null;
        var rest = value.AsSpan();
        // What stands in front is the type; some servers leave it out.
        for (var isFirst = true; rest.Length > 0; isFirst = false)
        {
            var length = ParameterLength(rest);
            var parameter = rest[..length].Trim(" \t");
            rest = rest[Math.Min(rest.Length, length + 1)..];
            var equals = parameter.IndexOf('=');
            if (equals < 0 || (isFirst && !parameter[..equals].Trim(" \t").StartsWith("filename", StringComparison.OrdinalIgnoreCase))) { continue; }
            var name = parameter[..equals].TrimEnd(" \t");
            var text = parameter[(equals + 1)..].TrimStart(" \t");
            // The first of each counts: a second one is a mistake (RFC 6266 4.1).
            if (name.Equals("filename", StringComparison.OrdinalIgnoreCase)) { plain ??= Decoded(Unquoted(text)); }
            else if (name.Equals("filename*", StringComparison.OrdinalIgnoreCase)) { extended ??= Extended(text); }
        }
        return Harmless(extended) ?? Harmless(plain);
    }

    private static string? Harmless(string? name)
    {
        if (name is null) { return null; }
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var text = new StringBuilder(last.Length);
        foreach (var one in last.EnumerateRunes())
        {
            // Control and format characters turn a name into another one on the screen (Unicode TR 36).
            var isShown = Rune.GetUnicodeCategory(one) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            text.Append(isShown && one.Value != ':' ? one.ToString() : "_");
        }
        // A file that begins with a dot is hidden, and often somebody's settings.
        var shown = text.ToString().Trim(' ');
        var trimmed = shown.TrimStart('.');
        if (trimmed.Length == 0) { return null; }
        var result = trimmed.Length < shown.Length ? "_" + trimmed : trimmed;
        return Encoding.UTF8.GetByteCount(result) <= MaximumName ? result : null;
    }

    private static string? Extended(ReadOnlySpan<char> text)
    {
        var first = text.IndexOf('\'');
        var second = first < 0 ? -1 : text[(first + 1)..].IndexOf('\'');
        if (second < 0) { return null; }
        var isUtf8 = text[..first].Equals("UTF-8", StringComparison.OrdinalIgnoreCase);
        if (!isUtf8 && !text[..first].Equals("ISO-8859-1", StringComparison.OrdinalIgnoreCase)) { return null; }
        var encoded = text[(first + second + 2)..];
        var bytes = new byte[encoded.Length];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] > 0x7E) { return null; }
            if (encoded[i] != '%')
            {
                bytes[count++] = (byte)encoded[i];
                continue;
            }
            if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[i + 1]) || !char.IsAsciiHexDigit(encoded[i + 2])) { return null; }
            bytes[count++] = Convert.FromHexString(encoded.Slice(i + 1, 2))[0];
            i += 2;
        }
        return isUtf8 ? s_strict.GetString(bytes, 0, count) : Encoding.Latin1.GetString(bytes, 0, count);
    }

    // A field's octets are those of ISO 8859-1 here (RFC 9110 5.5); servers write UTF-8 all the same, and browsers read it.
    private static string Decoded(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return Utf8.IsValid(bytes) ? s_strict.GetString(bytes) : text;
    }

    // A semicolon inside a quoted string does not end its parameter.
    private static int ParameterLength(ReadOnlySpan<char> text)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') { isQuoted = !isQuoted; }
            else if (text[i] == '\\' && isQuoted) { i++; }
            else if (text[i] == ';' && !isQuoted) { return i; }
        }
        return text.Length;
    }

    private static string Unquoted(ReadOnlySpan<char> text)
    {
        if (text is not ['"', .. var quoted]) { return text.TrimEnd(" \t").ToString(); }
        var result = new StringBuilder(quoted.Length);
        for (var i = 0; i < quoted.Length && quoted[i] != '"'; i++)
        {
            // Browsers of old wrote C:\file so: a folder's mark stays one, and its last part is the name.
            if (quoted[i] == '\\' && i + 1 < quoted.Length && quoted[i + 1] is '"' or '\\') { i++; }
            result.Append(quoted[i]);
        }
        return result.ToString();
    }
}
