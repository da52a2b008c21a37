namespace Firstbyte.Urls.Patterns;

/// <summary>The compiled pattern of one component (URL Pattern section 1.4, "component").</summary>
internal sealed class ComponentPattern
{
    private static readonly string[] SpecialSchemeNames = ["http", "https", "ws", "wss", "ftp", "file"];

    private readonly ComponentMatcher _matcher;

    private ComponentPattern(string text, ComponentMatcher matcher, string[] groupNames, bool hasRegExpGroups)
    {
        Text = text;
        _matcher = matcher;
        GroupNames = groupNames;
        HasRegExpGroups = hasRegExpGroups;
    }

    /// <summary>The pattern string in its normal form.</summary>
    public string Text { get; }

    /// <summary>The names of the groups in their order.</summary>
    public string[] GroupNames { get; }

    public bool HasRegExpGroups { get; }

    internal ComponentMatcher Matcher => _matcher;

    // https://urlpattern.spec.whatwg.org/#compile-a-component
    public static ComponentPattern? Compile(string pattern, UrlPart part, PatternRules rules, PatternEncoding encoding, out PatternFault? fault)
    {
        var encodingFault = part switch
        {
            UrlPart.Scheme => UrlPatternFault.ProtocolInvalid,
            UrlPart.Port => UrlPatternFault.PortInvalid,
            UrlPart.Path => UrlPatternFault.PathnameInvalid,
            _ => UrlPatternFault.HostnameInvalid,
        };
        var parts = PatternParser.Parse(pattern, rules, encoding, encodingFault, out fault);
        if (parts is null) { return null; }
        var hasRegExpGroups = parts.Exists(p => p.Kind == PatternPartKind.RegExp);
        ComponentMatcher? matcher = hasRegExpGroups ? RegExpTranslation.Compile(parts, rules, out fault) : new PartMatcher(parts, rules);
        if (matcher is null) { return null; }
        string[] names = [.. parts.Where(p => p.Kind != PatternPartKind.FixedText).Select(p => p.Name)];
        return new ComponentPattern(PatternText.Of(parts, rules), matcher, names, hasRegExpGroups);
    }

    /// <summary>True when a special scheme matches: then hosts and paths follow the special rules.</summary>
    public bool MatchesSpecialScheme()
    {
        foreach (var scheme in SpecialSchemeNames)
        {
            if (Test(scheme) == UrlPatternOutcome.Match) { return true; }
        }
        return false;
    }

    /// <summary>Matches without asking for the groups.</summary>
    public UrlPatternOutcome Test(ReadOnlySpan<char> input) => _matcher.Match(input, default);

    /// <summary>Matches and gives the groups.</summary>
    public UrlPatternOutcome Match(ReadOnlySpan<char> input, out UrlPatternComponentMatch? match)
    {
        match = null;
        // Two slots a group; the number of groups is bounded by that of the parts.
        Span<int> slots = stackalloc int[2 * GroupNames.Length];
        var outcome = _matcher.Match(input, slots);
        if (outcome != UrlPatternOutcome.Match) { return outcome; }
        if (GroupNames.Length == 0)
        {
            match = new UrlPatternComponentMatch(input.ToString(), UrlPatternComponentMatch.NoGroups);
            return outcome;
        }
        var groups = new Dictionary<string, string?>(GroupNames.Length, StringComparer.Ordinal);
        for (var i = 0; i < GroupNames.Length; i++)
        {
            groups[GroupNames[i]] = slots[2 * i] < 0 ? null : input[slots[2 * i]..slots[2 * i + 1]].ToString();
        }
        match = new UrlPatternComponentMatch(input.ToString(), groups);
        return outcome;
    }
}
