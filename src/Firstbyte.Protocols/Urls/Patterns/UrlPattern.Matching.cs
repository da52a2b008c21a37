namespace Firstbyte.Urls.Patterns;

/// <summary>Matching; nothing here throws. An input that is no URL matches no pattern.</summary>
public sealed partial class UrlPattern
{
    /// <summary>True when a URL matches, a relative one after it is resolved against a base URL.</summary>
    public bool Test(string input, string? baseUrl = null) => TryRead(input, baseUrl, out var url) && Test(url!);

    /// <summary>True when a URL matches; without regular expressions in the pattern nothing is allocated.</summary>
    public bool Test(Url url)
    {
        ArgumentNullException.ThrowIfNull(url);
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++)
        {
            if (_components[(int)part].Test(InputOf(url, part)) != UrlPatternOutcome.Match) { return false; }
        }
        return true;
    }

    /// <summary>True when a URL made of these components matches.</summary>
    public bool Test(UrlPatternInit init) => Match(init) is not null;

    /// <summary>What the groups matched, or null when the URL does not match.</summary>
    public UrlPatternMatch? Match(string input, string? baseUrl = null)
    {
        TryMatch(input, baseUrl, out var match);
        return match;
    }

    /// <inheritdoc cref="Match(string, string?)"/>
    public UrlPatternMatch? Match(Url url)
    {
        ArgumentNullException.ThrowIfNull(url);
        TryMatch(url, url.Href, null, out var match);
        return match;
    }

    /// <inheritdoc cref="Match(string, string?)"/>
    public UrlPatternMatch? Match(UrlPatternInit init)
    {
        TryMatch(init, out var match);
        return match;
    }

    /// <summary>Matches and says how it ended; <paramref name="match"/> is null unless everything matches.</summary>
    public UrlPatternOutcome TryMatch(string input, string? baseUrl, out UrlPatternMatch? match)
    {
        match = null;
        return TryRead(input, baseUrl, out var url) ? TryMatch(url!, input, baseUrl, out match) : UrlPatternOutcome.InputInvalid;
    }

    /// <inheritdoc cref="TryMatch(string, string?, out UrlPatternMatch?)"/>
    public UrlPatternOutcome TryMatch(UrlPatternInit init, out UrlPatternMatch? match)
    {
        ArgumentNullException.ThrowIfNull(init);
        match = null;
        var values = PatternInitProcessing.ForUrl(ComponentValues.Of(init));
        if (values is null) { return UrlPatternOutcome.InputInvalid; }
        var components = new UrlPatternComponentMatch[ComponentValues.Count];
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++)
        {
            var outcome = _components[(int)part].Match(values[part], out var component);
            if (outcome != UrlPatternOutcome.Match) { return outcome; }
            components[(int)part] = component!;
        }
        match = new UrlPatternMatch(null, null, init, components);
        return UrlPatternOutcome.Match;
    }

    private UrlPatternOutcome TryMatch(Url url, string input, string? baseUrl, out UrlPatternMatch? match)
    {
        match = null;
        var components = new UrlPatternComponentMatch[ComponentValues.Count];
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++)
        {
            var outcome = _components[(int)part].Match(InputOf(url, part), out var component);
            if (outcome != UrlPatternOutcome.Match) { return outcome; }
            components[(int)part] = component!;
        }
        match = new UrlPatternMatch(input, baseUrl, null, components);
        return UrlPatternOutcome.Match;
    }

    private static bool TryRead(string input, string? baseUrl, out Url? url)
    {
        ArgumentNullException.ThrowIfNull(input);
        url = null;
        Url? parsedBase = null;
        return (baseUrl is null || Url.TryParse(baseUrl, out parsedBase)) && Url.TryParse(input, parsedBase, out url);
    }

    // The component as the pattern sees it: without ":", "?" and "#".
    private static ReadOnlySpan<char> InputOf(Url url, UrlPart part)
    {
        var href = url.Href.AsSpan();
        ref readonly var offsets = ref url.Offsets;
        return part switch
        {
            UrlPart.Scheme => href[..(offsets.SchemeEnd - 1)],
            UrlPart.Username => url.UsernameSpan,
            UrlPart.Password => url.PasswordSpan,
            UrlPart.Host => url.HostnameSpan,
            UrlPart.Port => offsets.Port < 0 ? default : href[(offsets.HostEnd + 1)..offsets.PathStart],
            UrlPart.Path => url.PathnameSpan,
            UrlPart.Query => url.SearchSpan.IsEmpty ? default : url.SearchSpan[1..],
            _ => url.HashSpan.IsEmpty ? default : url.HashSpan[1..],
        };
    }
}
