namespace Firstbyte.Http;

/// <summary>What a body is, as Content-Type says it (RFC 9110 8.3.1).</summary>
/// <remarks><code>
/// media-type = type "/" subtype parameters
/// parameters = *( OWS ";" OWS [ parameter ] )
/// parameter  = token "=" ( token / quoted-string )
/// </code></remarks>
/// <param name="Essence">Type and subtype in lower case: "text/html".</param>
/// <param name="Charset">The value of charset as it was written; null without one.</param>
public readonly record struct MediaType(string Essence, string? Charset)
{
    /// <summary>Whether it is JSON, or a format made of it (RFC 8259, RFC 6839 3.1).</summary>
    public bool IsJson => Essence is "application/json" or "text/json" || Essence.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>Whether it says of itself that it is to be read: as text, or as one of the formats that are.</summary>
    public bool IsText =>
        Charset is not null || IsJson || Essence.StartsWith("text/", StringComparison.Ordinal)
        || Essence.EndsWith("+xml", StringComparison.Ordinal)
        || Essence is "application/xml" or "application/javascript" or "application/x-www-form-urlencoded";

    /// <summary>
    /// Reads a field's value; false when it does not begin with a type and a subtype. A parameter that cannot be read is passed over, as
    /// browsers do.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> value, out MediaType type)
    {
        type = default;
        var end = value.IndexOf(';');
        var essence = (end < 0 ? value : value[..end]).Trim(" \t");
        var slash = essence.IndexOf('/');
        if (slash <= 0 || !HttpGrammar.IsToken(essence[..slash]) || !HttpGrammar.IsToken(essence[(slash + 1)..])) { return false; }
        string? charset = null;
        var rest = end < 0 ? default : value[(end + 1)..];
        while (rest.Length > 0)
        {
            var length = ParameterLength(rest);
            var parameter = rest[..length].Trim(" \t");
            rest = rest[Math.Min(rest.Length, length + 1)..];
            var equals = parameter.IndexOf('=');
            // The first one counts (MIME Sniffing 4.4).
            if (equals > 0 && charset is null && parameter[..equals].Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                charset = Unquoted(parameter[(equals + 1)..]);
            }
        }
        type = new MediaType(essence.ToString().ToLowerInvariant(), charset);
        return true;
    }

    // A semicolon inside a quoted string does not end its parameter.
    private static int ParameterLength(ReadOnlySpan<char> text)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"': isQuoted = !isQuoted; break;
                case '\\' when isQuoted: i++; break;
                case ';' when !isQuoted: return i;
                default: break;
            }
        }
        return text.Length;
    }

    private static string? Unquoted(ReadOnlySpan<char> value)
    {
        if (value.Length == 0) { return null; }
        if (value[0] != '"') { return value.ToString(); }
        var text = new System.Text.StringBuilder(value.Length);
        for (var i = 1; i < value.Length && value[i] != '"'; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length) { i++; }
            text.Append(value[i]);
        }
        return text.ToString();
    }
}
