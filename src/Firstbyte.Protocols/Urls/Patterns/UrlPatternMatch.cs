using System.Collections.ObjectModel;

namespace Firstbyte.Urls.Patterns;

/// <summary>How a match ended.</summary>
public enum UrlPatternOutcome : byte
{
    /// <summary>Every component matches.</summary>
    Match,

    /// <summary>A component does not match.</summary>
    NoMatch,

    /// <summary>The input is no URL, or its base is none; the standard says "no match".</summary>
    InputInvalid,

    /// <summary>A limit ended the attempt: <see cref="UrlPatternLimits.RegExpTime"/> or <see cref="UrlPatternLimits.MatchVisits"/>. Nothing is known.</summary>
    GivenUp,
}

/// <summary>One component of a match: the URL's own text, and what each group of the pattern matched; a group that took no part is null.</summary>
public sealed record UrlPatternComponentMatch(string Input, IReadOnlyDictionary<string, string?> Groups)
{
    internal static readonly ReadOnlyDictionary<string, string?> NoGroups = new(new Dictionary<string, string?>());

    /// <summary>
    /// What the group of that name matched; null when it took no part or does not exist. Groups without a name are called "0", "1" and so
    /// on.
    /// </summary>
    public string? this[string group] => Groups.GetValueOrDefault(group);
}

/// <summary>What a pattern found in a URL (the standard's URLPatternResult).</summary>
public sealed class UrlPatternMatch
{
    private readonly UrlPatternComponentMatch[] _components;

    internal UrlPatternMatch(string? input, string? baseUrl, UrlPatternInit? init, UrlPatternComponentMatch[] components)
    {
        Input = input;
        BaseUrl = baseUrl;
        Init = init;
        _components = components;
    }

    /// <summary>The URL as it was given; null when it was given by its components.</summary>
    public string? Input { get; }

    /// <summary>The base URL as it was given, or null.</summary>
    public string? BaseUrl { get; }

    /// <summary>The components that were matched in place of a URL, or null.</summary>
    public UrlPatternInit? Init { get; }

    /// <summary>The match of the scheme, without ":".</summary>
    public UrlPatternComponentMatch Protocol => this[UrlPart.Scheme];

    /// <summary>The match of the username.</summary>
    public UrlPatternComponentMatch Username => this[UrlPart.Username];

    /// <summary>The match of the password.</summary>
    public UrlPatternComponentMatch Password => this[UrlPart.Password];

    /// <summary>The match of the host without the port.</summary>
    public UrlPatternComponentMatch Hostname => this[UrlPart.Host];

    /// <summary>The match of the port; its input is "" for the scheme's default.</summary>
    public UrlPatternComponentMatch Port => this[UrlPart.Port];

    /// <summary>The match of the path.</summary>
    public UrlPatternComponentMatch Pathname => this[UrlPart.Path];

    /// <summary>The match of the query, without "?".</summary>
    public UrlPatternComponentMatch Search => this[UrlPart.Query];

    /// <summary>The match of the fragment, without "#".</summary>
    public UrlPatternComponentMatch Hash => this[UrlPart.Fragment];

    /// <summary>The match of a component.</summary>
    public UrlPatternComponentMatch this[UrlPart part] => _components[(int)part];
}
