using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Reads what was typed as a URL: text without a scheme is tried as http://, as curl does.</summary>
public static class UrlInput
{
    private const string AssumedScheme = "http://";

    /// <summary>Reads the input; <paramref name="schemeAssumed"/> says that http:// was put before it.</summary>
    public static bool TryRead(string input, out Url? url, out UrlError? error, out bool schemeAssumed)
    {
        ArgumentNullException.ThrowIfNull(input);
        schemeAssumed = LacksScheme(input);
        if (!schemeAssumed) { return Url.TryParse(input, null, out url, out error); }
        if (Url.TryParse(Completed(input), null, out url, out error)) { return true; }
        error = error with { Input = input, Position = PositionIn(input, error.Position) };
        return false;
    }

    /// <summary>What the standard objects to in a text that was read as a URL, each at its place in the text as it was typed (UTF-16 code units).</summary>
    public static IReadOnlyList<UrlViolation> ViolationsOf(string input, bool schemeAssumed)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!schemeAssumed) { return Url.Explain(input).Violations; }
        return [.. Url.Explain(Completed(input)).Violations.Select(violation => violation with { Position = PositionIn(input, violation.Position) })];
    }

    /// <summary>How many characters (code points, as a reader counts them) stand before a position in UTF-16 code units.</summary>
    public static int CharactersBefore(string input, int position)
    {
        ArgumentNullException.ThrowIfNull(input);
        var characters = 0;
        foreach (var _ in input.AsSpan(0, Math.Min(position, input.Length)).EnumerateRunes()) { characters++; }
        // A position past the end is the end itself.
        return characters;
    }

    // The standard's special schemes (URL 3.1): what stands behind their colon is a host, with whatever slashes.
    private static bool IsSpecial(ReadOnlySpan<char> scheme) => IsOneOf(scheme, "http", "https", "ftp", "file", "ws", "wss");

    private static bool IsOneOf(ReadOnlySpan<char> scheme, params ReadOnlySpan<string> known)
    {
        foreach (var one in known)
        {
            if (scheme.Equals(one, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }

    private static string Completed(string input) => AssumedScheme + input.TrimStart();

    // What is wrong in the part that was put before the text shows at the text's beginning.
    private static int PositionIn(string input, int position) => input.Length - input.TrimStart().Length + Math.Max(0, position - AssumedScheme.Length);

    /// <summary>"host/path", "host:8080" and "user:password@host" have no scheme, though the standard reads the last two as one.</summary>
    public static bool LacksScheme(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var text = input.AsSpan().Trim();
        var colon = text.IndexOf(':');
        var firstOther = text.IndexOfAny('/', '?', '#');
        if (text.Length == 0 || text[0] == '/' || text[0] == '[') { return text.Length > 0; }
        if (colon < 0 || (firstOther >= 0 && firstOther < colon)) { return true; }
        if (!char.IsAsciiLetter(text[0])) { return true; }
        var behind = text[(colon + 1)..];
        if (behind.StartsWith("//")) { return false; }
        var scheme = text[..colon];
        if (IsSpecial(scheme)) { return false; }
        // A dot belongs to hosts (localhost.test:8080), hardly ever to schemes; digits after the colon are a port.
        if (scheme.Contains('.')) { return true; }
        var authority = behind[..(behind.IndexOfAny('/', '?', '#') is >= 0 and var end ? end : behind.Length)];
        if (authority.Length > 0 && authority.IndexOfAnyExceptInRange('0', '9') < 0) { return true; }
        return authority.Contains('@') && !IsOneOf(scheme, "mailto", "news", "nntp", "sip", "xmpp");
    }

    /// <summary>
    /// "mailto:someone@host" has a scheme that names no host, as what follows its colon is no slash: what stands before the "@" is nobody's password.
    /// </summary>
    public static bool IsHostless(string input)
    {
        if (LacksScheme(input)) { return false; }
        var text = input.AsSpan().Trim();
        var colon = text.IndexOf(':');
        // The parser drops tabs and line ends.
        return colon >= 0 && !IsSpecial(text[..colon]) && text[(colon + 1)..].TrimStart("\t\r\n") is not (['/' or '\\', ..]);
    }
}
