namespace Firstbyte.Urls;

/// <summary>A part of a URL.</summary>
public enum UrlPart : byte { Scheme, Username, Password, Host, Port, Path, Query, Fragment }

/// <summary>Where a part of a URL came from.</summary>
public enum UrlPartSource : byte
{
    /// <summary>It stands in the input.</summary>
    Input,

    /// <summary>It was taken from the base URL.</summary>
    Base,

    /// <summary>Some of it comes from the base URL, some from the input: a relative path.</summary>
    BaseAndInput,

    /// <summary>The standard supplies it: the "/" of an empty path, the empty host of a file URL.</summary>
    Standard,
}

/// <summary>What the parser changed on the way from the input to the serialized URL.</summary>
public enum UrlChangeKind : byte
{
    /// <summary>C0 controls and spaces at the ends were dropped.</summary>
    EndsTrimmed,

    /// <summary>Tabs and newlines were dropped.</summary>
    TabOrNewlineRemoved,

    /// <summary>Upper-case ASCII letters became lower case.</summary>
    Lowercased,

    /// <summary>"\" was read as "/".</summary>
    ReverseSolidusRead,

    /// <summary>Missing or surplus slashes before the host were set right.</summary>
    SolidusCountCorrected,

    /// <summary>Characters were percent-encoded.</summary>
    PercentEncoded,

    /// <summary>Percent-encoded bytes of the host were decoded.</summary>
    PercentDecoded,

    /// <summary>Unicode in the host was mapped and written in Punycode (UTS #46).</summary>
    DomainEncoded,

    /// <summary>An IPv4 address was rewritten as four decimal numbers.</summary>
    Ipv4Normalized,

    /// <summary>An IPv6 address was rewritten in its shortest form.</summary>
    Ipv6Normalized,

    /// <summary>The port is the scheme's default, so it is not kept.</summary>
    DefaultPortDropped,

    /// <summary>Leading zeros of the port were dropped.</summary>
    PortNormalized,

    /// <summary>"." and ".." segments were resolved.</summary>
    DotSegmentsResolved,

    /// <summary>The path was resolved against the base URL's.</summary>
    PathResolvedAgainstBase,

    /// <summary>An empty path became "/".</summary>
    RootPathAdded,

    /// <summary>The "|" of a Windows drive letter became ":".</summary>
    DriveLetterNormalized,

    /// <summary>The host "localhost" of a file URL became the empty host.</summary>
    LocalhostDropped,

    /// <summary>A username and password without characters were dropped.</summary>
    EmptyCredentialsDropped,

    /// <summary>An empty port was dropped.</summary>
    EmptyPortDropped,

    /// <summary>"/." was put before a path that begins with "//", which would read as a host otherwise.</summary>
    PathPrefixed,

    /// <summary>A lone surrogate was read as U+FFFD.</summary>
    LoneSurrogateReplaced,
}

/// <summary>One change: the part it happened in (null: the whole input), its kind, and where in the input (UTF-16 code units).</summary>
public readonly record struct UrlChange(UrlPart? Part, UrlChangeKind Kind, int InputStart, int InputLength);

/// <summary>One part of a URL: its value, where it came from, its range in the input and its range in the serialized URL (UTF-16 code units).</summary>
public readonly record struct UrlPartOrigin(UrlPart Part, string Value, UrlPartSource Source, int InputStart, int InputLength, int HrefStart, int HrefLength);

/// <summary>How an input became a URL, or why it did not: plain data, from which the edge makes words.</summary>
/// <param name="Input">The input as it was given.</param>
/// <param name="Url">The URL, or null when <paramref name="Error"/> says why there is none.</param>
/// <param name="Error">The fatal error, or null.</param>
/// <param name="Parts">The parts that the URL has, in their order.</param>
/// <param name="Changes">What was changed, in the order of the input.</param>
/// <param name="Violations">Every validation error, in the order of the input, once where two states of the parser see the same; the fatal one is among them.</param>
public sealed record UrlExplanation(
    string Input, Url? Url, UrlError? Error, IReadOnlyList<UrlPartOrigin> Parts, IReadOnlyList<UrlChange> Changes,
    IReadOnlyList<UrlViolation> Violations);
