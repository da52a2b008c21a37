namespace Firstbyte.Urls.Patterns;

/// <summary>What bounds the work that a pattern can cause. The standard sets no limits; these are ours, far above what people write.</summary>
public static class UrlPatternLimits
{
    /// <summary>Characters of a pattern string. Ours: twice the 32 KiB that servers commonly allow for a whole request head.</summary>
    public const int PatternLength = 65_536;

    /// <summary>Parts of one component: fixed texts and groups. Ours: a route with a hundred named segments still fits.</summary>
    public const int Parts = 256;

    /// <summary>
    /// States of the regular expressions of one component, counted repetitions multiplied out. Ours, after the size that .NET's
    /// documentation suggests for its non-backtracking engine.
    /// </summary>
    public const int RegExpSize = 10_000;

    /// <summary>
    /// Square of the choices in the regular expressions of a component, times the characters of the input, up to which the engine that
    /// does not backtrack is used. Ours: the worst of 300 random expressions took 56 bytes for each, so 30 MB in all; a pattern
    /// of twenty choices reaches it on 1,300 characters.
    /// </summary>
    public const long RegExpMemory = 1 << 19;

    /// <summary>Groups within groups of a regular expression. Ours: bounds the recursion of the reader.</summary>
    public const int RegExpDepth = 100;

    /// <summary>
    /// Pairs of a choice in the pattern and a place in the input that one match may visit (one bit each). Ours: two million characters
    /// against eight wildcards.
    /// </summary>
    public const int MatchVisits = 1 << 24;

    /// <summary>
    /// How long a regular expression that backtracks may run on one component before the match is given up. Ours; a time and not a count,
    /// because the base library's engine offers nothing else.
    /// </summary>
    public static readonly TimeSpan RegExpTime = TimeSpan.FromSeconds(1);
}
