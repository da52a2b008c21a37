using Firstbyte.Urls;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for URLs: which client a scheme chooses, and what is wrong with a text.</summary>
internal static class UrlWords
{
    public static string Client(string scheme) => scheme switch
    {
        "http" => "HTTP client",
        "https" => "HTTP client over TLS",
        "ftp" => "FTP client",
        "file" => "this machine's files",
        "mailto" => "mail client",
        "news" or "nntp" => "news reader",
        _ => "no client",
    };

    public static string Of(UrlValidationError error) => error switch
    {
        UrlValidationError.DomainToAscii => "the host is not a valid international domain name",
        UrlValidationError.DomainToUnicode => "the host's punycode label is broken",
        UrlValidationError.DomainInvalidCodePoint or UrlValidationError.HostInvalidCodePoint => "the host has a character that no host may have",
        UrlValidationError.Ipv4EmptyPart => "the IPv4 address ends with a dot",
        UrlValidationError.Ipv4TooManyParts => "the IPv4 address has more than four parts",
        UrlValidationError.Ipv4NonNumericPart => "a part of the IPv4 address is not a number",
        UrlValidationError.Ipv4NonDecimalPart => "a part of the IPv4 address is hexadecimal or octal",
        UrlValidationError.Ipv4OutOfRangePart => "a part of the IPv4 address is too large",
        UrlValidationError.Ipv6Unclosed => "the IPv6 address lacks its closing bracket",
        UrlValidationError.InvalidUrlUnit => "a character that a URL should have percent-encoded",
        UrlValidationError.SpecialSchemeMissingFollowingSolidus => "\"//\" is missing after the scheme",
        UrlValidationError.MissingSchemeNonRelativeUrl => "there is no scheme",
        UrlValidationError.InvalidReverseSolidus => "a backslash stands for a slash",
        UrlValidationError.InvalidCredentials => "the URL carries credentials: anybody who sees it has them",
        UrlValidationError.HostMissing => "the host is missing",
        UrlValidationError.PortOutOfRange => "the port is larger than 65535",
        UrlValidationError.PortInvalid => "the port is not a number",
        UrlValidationError.FileInvalidWindowsDriveLetter or UrlValidationError.FileInvalidWindowsDriveLetterHost => "a Windows drive letter where none belongs",
        _ => $"the IPv6 address is malformed ({error.StandardName()})",
    };

    public static string Of(UrlChangeKind change) => change switch
    {
        UrlChangeKind.EndsTrimmed => "spaces or controls at the ends were dropped",
        UrlChangeKind.TabOrNewlineRemoved => "tabs and newlines were dropped",
        UrlChangeKind.Lowercased => "upper case became lower case",
        UrlChangeKind.ReverseSolidusRead => "a backslash was read as a slash",
        UrlChangeKind.SolidusCountCorrected => "the slashes before the host were set right",
        UrlChangeKind.PercentEncoded => "characters were percent-encoded",
        UrlChangeKind.PercentDecoded => "percent-encoded bytes of the host were decoded",
        UrlChangeKind.DomainEncoded => "the host was written in the letters of DNS (UTS #46, Punycode)",
        UrlChangeKind.Ipv4Normalized => "the IPv4 address was written as four decimal numbers",
        UrlChangeKind.Ipv6Normalized => "the IPv6 address was written in its shortest form",
        UrlChangeKind.DefaultPortDropped => "the scheme's own port was dropped",
        UrlChangeKind.PortNormalized => "leading zeros of the port were dropped",
        UrlChangeKind.DotSegmentsResolved => "\".\" and \"..\" were resolved",
        UrlChangeKind.PathResolvedAgainstBase => "the path was resolved against the base's",
        UrlChangeKind.RootPathAdded => "the empty path became \"/\"",
        UrlChangeKind.DriveLetterNormalized => "the drive letter's \"|\" became \":\"",
        UrlChangeKind.LocalhostDropped => "\"localhost\" of a file became the empty host",
        UrlChangeKind.EmptyCredentialsDropped => "empty credentials were dropped",
        UrlChangeKind.EmptyPortDropped => "an empty port was dropped",
        UrlChangeKind.PathPrefixed => "\"/.\" keeps the path from reading as a host",
        UrlChangeKind.LoneSurrogateReplaced => "half of a surrogate pair became U+FFFD",
        _ => change.ToString(),
    };
}
