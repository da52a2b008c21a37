namespace Firstbyte.Urls.Patterns;

/// <summary>Why a pattern is none. The standard throws a TypeError for all of these; the limits are Firstbyte's own.</summary>
public enum UrlPatternFault : byte
{
    /// <summary>The pattern string names no protocol and there is no base URL to take one from.</summary>
    BaseUrlMissing,

    /// <summary>The base URL cannot be parsed.</summary>
    BaseUrlInvalid,

    /// <summary>A "\" ends the pattern: there is nothing that it could escape.</summary>
    EscapeUnfinished,

    /// <summary>A ":" without a name behind it.</summary>
    NameMissing,

    /// <summary>Two groups of a component have the same name.</summary>
    NameDuplicate,

    /// <summary>A "{" without its "}".</summary>
    GroupUnclosed,

    /// <summary>A character that has a meaning elsewhere stands where it has none: "}" without "{", "{" within "{", a modifier without a group.</summary>
    TokenUnexpected,

    /// <summary>A "(" without its ")".</summary>
    RegExpUnclosed,

    /// <summary>"()": a regular expression needs at least one character.</summary>
    RegExpEmpty,

    /// <summary>"(?…)": a regular expression may not begin with "?".</summary>
    RegExpBeginsWithQuestionMark,

    /// <summary>A capturing group inside a regular expression; "(?:…)" is allowed.</summary>
    RegExpCaptures,

    /// <summary>A character beyond ASCII inside a regular expression.</summary>
    RegExpNotAscii,

    /// <summary>The regular expression breaks the grammar of ECMAScript's with the "v" flag.</summary>
    RegExpInvalid,

    /// <summary>The regular expression is good but uses what is not implemented (<see cref="UrlPattern"/> lists it).</summary>
    RegExpUnsupported,

    /// <summary>The protocol is no URL scheme.</summary>
    ProtocolInvalid,

    /// <summary>The hostname cannot be parsed as one.</summary>
    HostnameInvalid,

    /// <summary>A ".." in the path reaches back over a group.</summary>
    PathnameInvalid,

    /// <summary>The port is no number up to 65535.</summary>
    PortInvalid,

    /// <summary>A component's pattern is longer than <see cref="UrlPatternLimits.PatternLength"/>.</summary>
    PatternTooLong,

    /// <summary>A component has more parts than <see cref="UrlPatternLimits.Parts"/>.</summary>
    TooManyParts,

    /// <summary>
    /// A regular expression is larger than <see cref="UrlPatternLimits.RegExpSize"/> or nested deeper than
    /// <see cref="UrlPatternLimits.RegExpDepth"/>.
    /// </summary>
    RegExpTooLarge,
}

/// <summary>
/// Why an input is not a pattern: the text that was read, the reason, the component it is about (null: the whole), and where (UTF-16 code
/// units from 0).
/// </summary>
/// <param name="Input">The constructor string; for a pattern from its components, the component's own text.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Part">The component, or null.</param>
/// <param name="Position">Where in <paramref name="Input"/>; a fixed text that cannot be canonicalized counts from its first character.</param>
public sealed record UrlPatternError(string Input, UrlPatternFault Reason, UrlPart? Part, int Position)
{
    /// <summary>The reason with the component, the place and the input.</summary>
    public override string ToString() => Part is null ? $"{Reason} at {Position} of '{Input}'" : $"{Reason} in the {Part} at {Position} of '{Input}'";
}

/// <summary>Thrown by the explicit <c>UrlPattern.Parse</c> and <c>UrlPattern.Create</c> only.</summary>
public sealed class UrlPatternFormatException : FormatException
{
    /// <summary>An exception that says what was wrong, and where.</summary>
    public UrlPatternFormatException(UrlPatternError error) : base($"Not a URL pattern: {error}") => Error = error;

    /// <inheritdoc cref="UrlPatternFormatException(UrlPatternError)"/>
    public UrlPatternFormatException() { }

    /// <inheritdoc cref="UrlPatternFormatException(UrlPatternError)"/>
    public UrlPatternFormatException(string message) : base(message) { }

    /// <inheritdoc cref="UrlPatternFormatException(UrlPatternError)"/>
    public UrlPatternFormatException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The input, the reason and the position; null when the exception was made from a message alone.</summary>
    public UrlPatternError? Error { get; }
}

/// <summary>A reason and its place in the text of one component.</summary>
internal sealed record PatternFault(UrlPatternFault Reason, int Position);
