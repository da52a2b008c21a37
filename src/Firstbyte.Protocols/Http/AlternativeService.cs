using System.Globalization;

namespace Firstbyte.Http;

/// <summary>Another place, or another protocol, where an origin can be asked (RFC 7838 3).</summary>
/// <param name="Protocol">The protocol by its ALPN identifier, as it is written: "h3".</param>
/// <param name="Host">The host; empty for the origin's own.</param>
/// <param name="Port">The port.</param>
/// <param name="MaximumAge">For how long, in seconds: 24 hours unless it is said.</param>
public readonly record struct AlternativeService(string Protocol, string Host, int Port, long MaximumAge)
{
    private const long DefaultAge = 24 * 60 * 60;

    /// <summary>Reads the value of an Alt-Svc field; false where it is malformed. "clear" is an empty list.</summary>
    /// <param name="value">The value.</param>
    /// <param name="maximum">How many are read; those behind them are passed over.</param>
    /// <param name="services">The services in their order.</param>
    /// <remarks><code>
    /// Alt-Svc       = clear / 1#alt-value
    /// alt-value     = alternative *( OWS ";" OWS parameter )
    /// alternative   = protocol-id "=" alt-authority      ; a token, and a quoted [host]:port
    /// parameter     = token "=" ( token / quoted-string )
    /// </code></remarks>
    public static bool TryRead(ReadOnlySpan<char> value, int maximum, out List<AlternativeService> services)
    {
        services = [];
        value = value.Trim(" \t");
        if (value.Equals("clear", StringComparison.Ordinal)) { return true; }
        if (value.Length == 0) { return false; }
        while (value.Length > 0 && services.Count < maximum)
        {
            var end = EndOf(value, ',');
            var one = value[..end].Trim(" \t");
            value = value[Math.Min(value.Length, end + 1)..];
            // An empty member of a list is none (RFC 9110 5.6.1.2).
            if (one.Length == 0) { continue; }
            if (!TryReadOne(one, out var service)) { return false; }
            services.Add(service);
        }
        return services.Count > 0;
    }

    private static bool TryReadOne(ReadOnlySpan<char> text, out AlternativeService service)
    {
        service = default;
        var end = EndOf(text, ';');
        var alternative = text[..end].TrimEnd(" \t");
        var rest = text[Math.Min(text.Length, end + 1)..];
        var equals = alternative.IndexOf('=');
        if (equals <= 0 || !IsToken(alternative[..equals]) || alternative[(equals + 1)..] is not ['"', .. var authority, '"']) { return false; }
        var colon = authority.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) { return false; }
        if (authority[..colon].ContainsAny(" \t\"\\")) { return false; }
        var protocol = alternative[..equals];
        var age = DefaultAge;
        while (rest.Length > 0)
        {
            end = EndOf(rest, ';');
            var parameter = rest[..end].Trim(" \t");
            rest = rest[Math.Min(rest.Length, end + 1)..];
            equals = parameter.IndexOf('=');
            if (equals <= 0 || !IsToken(parameter[..equals])) { return false; }
            var said = parameter[(equals + 1)..];
            if (said is ['"', .. var inside, '"']) { said = inside; }
            if (!parameter[..equals].Equals("ma", StringComparison.OrdinalIgnoreCase)) { continue; }
            if (said.Length == 0 || said.ContainsAnyExceptInRange('0', '9')) { return false; }
            // More digits than fit are longer than anybody keeps it.
            age = long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : long.MaxValue;
        }
        service = new AlternativeService(protocol.ToString(), authority[..colon].ToString(), port, age);
        return true;
    }

    // Where the member ends: quoted strings may hold whatever separates.
    private static int EndOf(ReadOnlySpan<char> text, char separator)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') { isQuoted = !isQuoted; }
            else if (text[i] == '\\' && isQuoted) { i++; }
            else if (text[i] == separator && !isQuoted) { return i; }
        }
        return text.Length;
    }

    private static bool IsToken(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal)) { return false; }
        }
        return text.Length > 0;
    }
}
