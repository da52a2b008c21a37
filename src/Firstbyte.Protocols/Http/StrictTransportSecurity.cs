using System.Globalization;

namespace Firstbyte.Http;

/// <summary>What a Strict-Transport-Security field says (RFC 6797 6.1).</summary>
/// <param name="MaximumAge">How long the host is to be asked over TLS alone; nothing takes the wish back.</param>
/// <param name="CoversSubdomains">Whether every name below the host's is meant too.</param>
public readonly record struct StrictTransportSecurity(TimeSpan MaximumAge, bool CoversSubdomains)
{
    /// <summary>The longest time that is taken from a server: a century, which no wish outlives.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromDays(36_500);

    // Those of the standard are two; browsers know a third (preload).
    private const int MaximumDirectives = 32;

    /// <summary>Reads the value of a field; false where it is malformed, which makes all of it void
    /// (6.1, rule 4 apart: unknown directives are passed over).</summary>
    /// <remarks><c>[ directive ] *( ";" [ directive ] )</c>, <c>directive = name [ "=" ( token / quoted-string ) ]</c>;
    /// each at most once, max-age always.</remarks>
    public static bool TryRead(ReadOnlySpan<char> value, out StrictTransportSecurity wish)
    {
        wish = default;
        (TimeSpan? age, var covers, var left) = ((TimeSpan?)null, false, MaximumDirectives);
        foreach (var range in value.Split(';'))
        {
            var directive = value[range].Trim(" \t");
            if (directive.Length == 0) { continue; }
            if (left-- == 0) { return false; }
            var equals = directive.IndexOf('=');
            var name = (equals < 0 ? directive : directive[..equals]).TrimEnd(" \t");
            var text = equals < 0 ? default : Unquoted(directive[(equals + 1)..].TrimStart(" \t"));
            if (name.Equals("max-age", StringComparison.OrdinalIgnoreCase))
            {
                if (age is not null || equals < 0 || text.Length == 0 || text.IndexOfAnyExceptInRange('0', '9') >= 0) { return false; }
                // More digits than fit are more than the longest time.
                age = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < (long)Maximum.TotalSeconds
                    ? TimeSpan.FromSeconds(seconds) : Maximum;
            }
            else if (name.Equals("includeSubDomains", StringComparison.OrdinalIgnoreCase))
            {
                if (covers || equals >= 0) { return false; }
                covers = true;
            }
        }
        if (age is not { } known) { return false; }
        wish = new StrictTransportSecurity(known, covers);
        return true;
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> text) => text is ['"', .. var inside, '"'] ? inside : text;
}
