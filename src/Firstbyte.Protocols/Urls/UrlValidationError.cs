namespace Firstbyte.Urls;

/// <summary>What the URL Standard calls a validation error: something in the input that a valid URL string does not have.</summary>
/// <remarks>Some end the parsing (<see cref="UrlValidationErrors.IsFatal"/>), the others are worth telling. WHATWG URL, "Writing", section 1.1.</remarks>
public enum UrlValidationError : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>domain-to-ASCII: Unicode ToASCII records an error or returns the empty string.</summary>
    DomainToAscii,

    /// <summary>domain-to-Unicode: Unicode ToUnicode records an error.</summary>
    DomainToUnicode,

    /// <summary>domain-invalid-code-point: the host of a special URL contains a forbidden domain code point.</summary>
    DomainInvalidCodePoint,

    /// <summary>host-invalid-code-point: an opaque host contains a forbidden host code point.</summary>
    HostInvalidCodePoint,

    /// <summary>IPv4-empty-part: an IPv4 address ends with a dot.</summary>
    Ipv4EmptyPart,

    /// <summary>IPv4-too-many-parts: an IPv4 address does not consist of exactly four parts, but of more.</summary>
    Ipv4TooManyParts,

    /// <summary>IPv4-non-numeric-part: a part of an IPv4 address is not a number.</summary>
    Ipv4NonNumericPart,

    /// <summary>IPv4-non-decimal-part: a part of an IPv4 address is written in hexadecimal or octal digits.</summary>
    Ipv4NonDecimalPart,

    /// <summary>IPv4-out-of-range-part: a part of an IPv4 address is larger than its place allows.</summary>
    Ipv4OutOfRangePart,

    /// <summary>IPv6-unclosed: an IPv6 address is missing its closing bracket.</summary>
    Ipv6Unclosed,

    /// <summary>IPv6-invalid-compression: an IPv6 address begins with a single colon.</summary>
    Ipv6InvalidCompression,

    /// <summary>IPv6-too-many-pieces: an IPv6 address has more than eight pieces.</summary>
    Ipv6TooManyPieces,

    /// <summary>IPv6-multiple-compression: an IPv6 address is compressed in more than one place.</summary>
    Ipv6MultipleCompression,

    /// <summary>IPv6-invalid-code-point: an IPv6 address has a code point that is neither a hexadecimal digit nor a colon, or ends unexpectedly.</summary>
    Ipv6InvalidCodePoint,

    /// <summary>IPv6-too-few-pieces: an uncompressed IPv6 address has fewer than eight pieces.</summary>
    Ipv6TooFewPieces,

    /// <summary>IPv4-in-IPv6-too-many-pieces: an IPv4 tail stands behind more than six pieces.</summary>
    Ipv4InIpv6TooManyPieces,

    /// <summary>
    /// IPv4-in-IPv6-invalid-code-point: the IPv4 tail of an IPv6 address has an empty part, a part that is no number, a leading zero, or
    /// too many parts.
    /// </summary>
    Ipv4InIpv6InvalidCodePoint,

    /// <summary>IPv4-in-IPv6-out-of-range-part: a part of the IPv4 tail exceeds 255.</summary>
    Ipv4InIpv6OutOfRangePart,

    /// <summary>IPv4-in-IPv6-too-few-parts: the IPv4 tail has fewer than four parts.</summary>
    Ipv4InIpv6TooFewParts,

    /// <summary>invalid-URL-unit: a code point that is not a URL unit.</summary>
    InvalidUrlUnit,

    /// <summary>special-scheme-missing-following-solidus: a special scheme is not followed by "//".</summary>
    SpecialSchemeMissingFollowingSolidus,

    /// <summary>missing-scheme-non-relative-URL: no scheme, and no base URL that could supply one.</summary>
    MissingSchemeNonRelativeUrl,

    /// <summary>invalid-reverse-solidus: a special URL uses U+005C (\) instead of U+002F (/).</summary>
    InvalidReverseSolidus,

    /// <summary>invalid-credentials: the URL includes credentials.</summary>
    InvalidCredentials,

    /// <summary>host-missing: a special URL, or a URL with credentials or a port, has no host.</summary>
    HostMissing,

    /// <summary>port-out-of-range: the port is larger than 65535.</summary>
    PortOutOfRange,

    /// <summary>port-invalid: the port has something else than digits.</summary>
    PortInvalid,

    /// <summary>file-invalid-Windows-drive-letter: a relative URL begins with a Windows drive letter and its base is a file URL.</summary>
    FileInvalidWindowsDriveLetter,

    /// <summary>file-invalid-Windows-drive-letter-host: a file URL's host is a Windows drive letter.</summary>
    FileInvalidWindowsDriveLetterHost,
}

/// <summary>One place where the input is not a valid URL string; <paramref name="Position"/> counts UTF-16 code units of the input from 0.</summary>
public readonly record struct UrlViolation(UrlValidationError Error, int Position);

/// <summary>The names of validation errors, as the standard writes them.</summary>
public static class UrlValidationErrors
{
    /// <summary>The name in the standard, such as "domain-to-ASCII"; "" for <see cref="UrlValidationError.None"/>.</summary>
    public static string StandardName(this UrlValidationError error) => error switch
    {
        UrlValidationError.DomainToAscii => "domain-to-ASCII",
        UrlValidationError.DomainToUnicode => "domain-to-Unicode",
        UrlValidationError.DomainInvalidCodePoint => "domain-invalid-code-point",
        UrlValidationError.HostInvalidCodePoint => "host-invalid-code-point",
        UrlValidationError.Ipv4EmptyPart => "IPv4-empty-part",
        UrlValidationError.Ipv4TooManyParts => "IPv4-too-many-parts",
        UrlValidationError.Ipv4NonNumericPart => "IPv4-non-numeric-part",
        UrlValidationError.Ipv4NonDecimalPart => "IPv4-non-decimal-part",
        UrlValidationError.Ipv4OutOfRangePart => "IPv4-out-of-range-part",
        UrlValidationError.Ipv6Unclosed => "IPv6-unclosed",
        UrlValidationError.Ipv6InvalidCompression => "IPv6-invalid-compression",
        UrlValidationError.Ipv6TooManyPieces => "IPv6-too-many-pieces",
        UrlValidationError.Ipv6MultipleCompression => "IPv6-multiple-compression",
        UrlValidationError.Ipv6InvalidCodePoint => "IPv6-invalid-code-point",
        UrlValidationError.Ipv6TooFewPieces => "IPv6-too-few-pieces",
        UrlValidationError.Ipv4InIpv6TooManyPieces => "IPv4-in-IPv6-too-many-pieces",
        UrlValidationError.Ipv4InIpv6InvalidCodePoint => "IPv4-in-IPv6-invalid-code-point",
        UrlValidationError.Ipv4InIpv6OutOfRangePart => "IPv4-in-IPv6-out-of-range-part",
        UrlValidationError.Ipv4InIpv6TooFewParts => "IPv4-in-IPv6-too-few-parts",
        UrlValidationError.InvalidUrlUnit => "invalid-URL-unit",
        UrlValidationError.SpecialSchemeMissingFollowingSolidus => "special-scheme-missing-following-solidus",
        UrlValidationError.MissingSchemeNonRelativeUrl => "missing-scheme-non-relative-URL",
        UrlValidationError.InvalidReverseSolidus => "invalid-reverse-solidus",
        UrlValidationError.InvalidCredentials => "invalid-credentials",
        UrlValidationError.HostMissing => "host-missing",
        UrlValidationError.PortOutOfRange => "port-out-of-range",
        UrlValidationError.PortInvalid => "port-invalid",
        UrlValidationError.FileInvalidWindowsDriveLetter => "file-invalid-Windows-drive-letter",
        UrlValidationError.FileInvalidWindowsDriveLetterHost => "file-invalid-Windows-drive-letter-host",
        _ => "",
    };

    /// <summary>True for an error after which the standard returns failure: there is no URL.</summary>
    /// <remarks><see cref="UrlValidationError.DomainToAscii"/> is told without failure for a domain of ASCII letters whose "xn--" label is broken.</remarks>
    public static bool IsFatal(this UrlValidationError error) => error is not (
        UrlValidationError.None or UrlValidationError.DomainToUnicode or UrlValidationError.Ipv4EmptyPart or UrlValidationError.Ipv4NonDecimalPart
        or UrlValidationError.InvalidUrlUnit or UrlValidationError.SpecialSchemeMissingFollowingSolidus or UrlValidationError.InvalidReverseSolidus
        or UrlValidationError.InvalidCredentials or UrlValidationError.FileInvalidWindowsDriveLetter or UrlValidationError.FileInvalidWindowsDriveLetterHost);
}
