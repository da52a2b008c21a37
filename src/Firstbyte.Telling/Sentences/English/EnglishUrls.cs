using Firstbyte.Telling.Rows;
using Firstbyte.Urls;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishUrls : IUrlSentences
{
    public Phrase Client(string scheme) => scheme switch
    {
        "http" => "HTTP client",
        "https" => "HTTP client over TLS",
        "ftp" => "FTP client",
        "ftps" => "FTP client over TLS",
        "file" => "this machine's files",
        "mailto" => "mail client",
        "news" or "nntp" => "news reader",
        "nntps" => "news reader over TLS",
        _ => "no client",
    };

    public Phrase SchemeChooses(string scheme) => $"{scheme} → {Client(scheme)}";

    public Phrase User(string name, bool hasPassword) => $"user {name}{(hasPassword ? " with password" : ""):words}";

    public Phrase Host(string host) => $"host {host:name}";

    public Phrase Port(int port, bool isDefault) => $"port {port}{(isDefault ? " (default)" : ""):words}";

    public Phrase Path(string path, bool isDefaultFile) => $"path {path}{(isDefaultFile ? " (the server's default file)" : ""):words}";

    public Phrase Query(string query) => $"query {query}";

    public Phrase Fragment(string fragment) => $"fragment {fragment} (kept here, never sent)";

    public Phrase Violation(UrlValidationError error) => error switch
    {
        UrlValidationError.None => "nothing",
        UrlValidationError.DomainToAscii => "the host is not a valid international domain name",
        UrlValidationError.DomainToUnicode => "the host's punycode label is broken",
        UrlValidationError.DomainInvalidCodePoint or UrlValidationError.HostInvalidCodePoint => "the host has a character that no host may have",
        UrlValidationError.Ipv4EmptyPart => "the IPv4 address ends with a dot",
        UrlValidationError.Ipv4TooManyParts => "the IPv4 address has more than four parts",
        UrlValidationError.Ipv4NonNumericPart => "a part of the IPv4 address is not a number",
        UrlValidationError.Ipv4NonDecimalPart => "a part of the IPv4 address is hexadecimal or octal",
        UrlValidationError.Ipv4OutOfRangePart => "a part of the IPv4 address is too large",
        UrlValidationError.Ipv6Unclosed => "the IPv6 address lacks its closing bracket",
        UrlValidationError.Ipv6InvalidCompression => "the IPv6 address begins with a single colon",
        UrlValidationError.Ipv6TooManyPieces => "the IPv6 address has more than eight pieces",
        UrlValidationError.Ipv6MultipleCompression => "the IPv6 address has \"::\" twice",
        UrlValidationError.Ipv6InvalidCodePoint => "the IPv6 address has a character that belongs to none",
        UrlValidationError.Ipv6TooFewPieces => "the IPv6 address has fewer than eight pieces and no \"::\"",
        UrlValidationError.Ipv4InIpv6TooManyPieces => "the IPv6 address has no room for the IPv4 address at its end",
        UrlValidationError.Ipv4InIpv6InvalidCodePoint => "the IPv4 address in the IPv6 address is not four decimal numbers",
        UrlValidationError.Ipv4InIpv6OutOfRangePart => "a part of the IPv4 address in the IPv6 address is larger than 255",
        UrlValidationError.Ipv4InIpv6TooFewParts => "the IPv4 address in the IPv6 address has fewer than four parts",
        UrlValidationError.InvalidUrlUnit => "a character that a URL should have percent-encoded",
        UrlValidationError.SpecialSchemeMissingFollowingSolidus => "\"//\" is missing after the scheme",
        UrlValidationError.MissingSchemeNonRelativeUrl => "there is no scheme",
        UrlValidationError.InvalidReverseSolidus => "a backslash stands for a slash",
        UrlValidationError.InvalidCredentials => "the URL carries credentials: anybody who sees it has them",
        UrlValidationError.HostMissing => "the host is missing",
        UrlValidationError.PortOutOfRange => "the port is larger than 65535",
        UrlValidationError.PortInvalid => "the port is not a number",
        UrlValidationError.FileInvalidWindowsDriveLetter or UrlValidationError.FileInvalidWindowsDriveLetterHost => "a Windows drive letter where none belongs",
    };

    public Phrase ViolationAt(UrlValidationError error, int character) => $"! {Violation(error)} (character {character})";

    public Phrase Change(UrlChangeKind change) => change switch
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
    };

    public string ReadsLabel => "Reads";

    public string OriginLabel => "Origin";

    public string ClientLabel => "Client";

    public string InputLabel => "Input";

    public string ChangedLabel => "Changed";

    public string WarningLabel => "Warning";

    public string ErrorLabel => "Error";

    public string FetchedLabel => "Fetched";

    public Phrase FetchedAs(string url) => $"a fetch takes this for a host without a scheme: {url}";

    public Phrase FetchFails(Phrase reason, int position) => $"a fetch takes this for a host without a scheme and stops at character {position}: {reason}";

    public Phrase NoUrl => "none";

    public Phrase OpaqueOrigin => "opaque: equal to no other origin";

    public Phrase ClientAtPort(string scheme, int port, bool isDefault) =>
        port < 0 ? Client(scheme) : $"{Client(scheme)}, port {port}{(isDefault ? " (the scheme's own)" : ""):words}";

    public Phrase ChangeAt(UrlChangeKind change, string shown, int position, int more) =>
        $"{Change(change)}{(shown.Length > 0 ? Say($": '{shown}' at character {position}") : "")}{(more > 0 ? Say($" and {more} more") : "")}";

    public Phrase ViolationWith(UrlValidationError error, int position, string? character) =>
        $"character {position}{(character is null ? " (the end)" : Say($" '{character}'"))}: {Violation(error)} ({error.StandardName()})";

    public string Part(UrlPart part) => part switch
    {
        UrlPart.Scheme => "scheme",
        UrlPart.Username => "username",
        UrlPart.Password => "password",
        UrlPart.Host => "host",
        UrlPart.Port => "port",
        UrlPart.Path => "path",
        UrlPart.Query => "query",
        UrlPart.Fragment => "fragment",
    };

    public Phrase Empty => "(empty)";

    public Phrase PartSource(UrlPartSource source) => source switch
    {
        UrlPartSource.Input => "",
        UrlPartSource.Base => "   (from the base)",
        UrlPartSource.BaseAndInput => "   (the base's path and the input's)",
        UrlPartSource.Standard => "   (the standard's: the input has none)",
    };
}
