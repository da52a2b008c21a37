using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Reads what was typed as a URL: text without a scheme is tried as http://, as curl does.</summary>
public static class UrlInput
{
    /// <summary>Reads the input; <paramref name="schemeAssumed"/> says that http:// was put before it.</summary>
    public static bool TryRead(string input, out Url? url, out UrlError? error, out bool schemeAssumed)
    {
        ArgumentNullException.ThrowIfNull(input);
        schemeAssumed = LacksScheme(input);
        return Url.TryParse(schemeAssumed ? "http://" + input.TrimStart() : input, null, out url, out error);
    }

    /// <summary>"host/path", "host:8080" and "user:password@host" have no scheme, though the standard reads the last two as one.</summary>
    private static bool LacksScheme(string input)
    {
        var text = input.AsSpan().Trim();
        var colon = text.IndexOf(':');
        var firstOther = text.IndexOfAny('/', '?', '#');
        if (text.Length == 0 || text[0] == '/' || text[0] == '[') { return text.Length > 0; }
        if (colon < 0 || (firstOther >= 0 && firstOther < colon)) { return true; }
        if (!char.IsAsciiLetter(text[0])) { return true; }
        var behind = text[(colon + 1)..];
        if (behind.StartsWith("//")) { return false; }
        var scheme = text[..colon];
        // A dot belongs to hosts (localhost.test:8080), hardly ever to schemes; digits after the colon are a port.
        if (scheme.Contains('.')) { return true; }
        var authority = behind[..(behind.IndexOfAny('/', '?', '#') is >= 0 and var end ? end : behind.Length)];
        if (authority.Length > 0 && authority.IndexOfAnyExceptInRange('0', '9') < 0) { return true; }
        return authority.Contains('@') && scheme is not ("mailto" or "news" or "nntp" or "sip" or "xmpp");
    }
}
