namespace Firstbyte.Dns.Records;

/// <summary>What could have stood in a zone file where something else stands.</summary>
public enum ZoneTerm
{
    /// <summary>An IPv4 address such as 192.0.2.1.</summary>
    IPv4Address,

    /// <summary>An IPv6 address such as 2001:db8::1.</summary>
    IPv6Address,

    /// <summary>A domain name.</summary>
    DomainName,

    /// <summary>The mail exchange's name.</summary>
    MailExchange,

    /// <summary>The target's name.</summary>
    Target,

    /// <summary>The primary server's name.</summary>
    PrimaryServer,

    /// <summary>The keeper's mailbox as a name.</summary>
    Mailbox,

    /// <summary>The owner's name.</summary>
    OwnerName,

    /// <summary>The origin of the included file.</summary>
    IncludeOrigin,

    /// <summary>A preference, 0 to 65535.</summary>
    Preference,

    /// <summary>A priority, 0 to 65535.</summary>
    Priority,

    /// <summary>A weight, 0 to 65535.</summary>
    Weight,

    /// <summary>A port, 0 to 65535.</summary>
    Port,

    /// <summary>A serial number, 0 to 4294967295.</summary>
    Serial,

    /// <summary>The refresh time in seconds or with units (1h30m).</summary>
    RefreshTime,

    /// <summary>The retry time in seconds or with units (1h30m).</summary>
    RetryTime,

    /// <summary>The expire time in seconds or with units (1h30m).</summary>
    ExpireTime,

    /// <summary>The minimum time in seconds or with units (1h30m).</summary>
    MinimumTime,

    /// <summary>A time in seconds or with units (1h30m), up to 2147483647 seconds.</summary>
    Time,

    /// <summary>A number, 0 to ….</summary>
    Number,

    /// <summary>A DNSSEC algorithm: its number or a name such as ECDSAP256SHA256.</summary>
    Algorithm,

    /// <summary>A kind of certificate: its number or a name such as PKIX.</summary>
    CertificateType,

    /// <summary>A scheme of notification: its number or NOTIFY.</summary>
    NotificationScheme,

    /// <summary>A response code: its number or a name such as BADSIG.</summary>
    ResponseCode,

    /// <summary>A protocol: its number, TCP or UDP.</summary>
    Protocol,

    /// <summary>A moment as YYYYMMDDHHmmSS or in seconds since 1970.</summary>
    SignatureTime,

    /// <summary>A tag of letters and digits.</summary>
    Tag,

    /// <summary>Bytes in base64.</summary>
    Base64,

    /// <summary>A number of bytes, and as many bytes in base64.</summary>
    SizedBase64,

    /// <summary>Bytes in base32 with extended hexadecimal digits (RFC 4648 section 7).</summary>
    Base32Hex,

    /// <summary>Pairs of hexadecimal digits, at most 255, or - for none.</summary>
    HexadecimalOrNone,

    /// <summary>An address of six pairs such as 00-00-5e-00-53-2a.</summary>
    Eui48,

    /// <summary>An address of eight pairs such as 00-00-5e-ef-10-00-00-2a.</summary>
    Eui64,

    /// <summary>Four groups of hexadecimal digits such as 0014:4fff:ff20:ee64.</summary>
    Locator,

    /// <summary>0x and pairs of hexadecimal digits.</summary>
    Nsap,

    /// <summary>A place such as 52 22 23.000 N 4 53 32.000 E -2m.</summary>
    Location,

    /// <summary>The latitude: degrees up to 90, minutes, seconds, then N or S.</summary>
    Latitude,

    /// <summary>The longitude: degrees up to 180, minutes, seconds, then E or W.</summary>
    Longitude,

    /// <summary>The altitude in metres, -100000.00 to 42849672.95.</summary>
    Altitude,

    /// <summary>A size in metres, 0 to 90000000.00.</summary>
    LocationSize,

    /// <summary>An address prefix such as 1:192.0.2.0/24 or !2:2001:db8::/32.</summary>
    AddressPrefix,

    /// <summary>A service parameter such as alpn=h2 or port=443.</summary>
    ServiceParameter,

    /// <summary>Each service parameter once.</summary>
    ServiceParameterOnce,

    /// <summary>The gateway that its type announces: ., an IPv4 address, an IPv6 address or a name.</summary>
    Gateway,

    /// <summary>An algorithm, the host identity tag in hexadecimal digits and the key in base64.</summary>
    HostIdentity,

    /// <summary>A port or the name of a service such as smtp.</summary>
    PortOrService,

    /// <summary>\# with length and hexadecimal digits, as … has no text form here (RFC 3597 section 5).</summary>
    GenericData,

    /// <summary>The end of the … record.</summary>
    EndOfRecord,

    /// <summary>The data's length in bytes, 0 to 65535.</summary>
    DataLength,

    /// <summary>Pairs of hexadecimal digits.</summary>
    HexadecimalPairs,

    /// <summary>… bytes as hexadecimal digits.</summary>
    HexadecimalBytes,

    /// <summary>Bytes that make up the data of ….</summary>
    DataOfType,

    /// <summary>At most 65535 bytes of data.</summary>
    DataSize,

    /// <summary>At least one string.</summary>
    OneString,

    /// <summary>A string.</summary>
    String,

    /// <summary>A string of at most 255 bytes.</summary>
    StringLength,

    /// <summary>A character or three digits up to 255 after each \.</summary>
    Escape,

    /// <summary>No parenthesis inside another.</summary>
    NoNestedParenthesis,

    /// <summary>No closing parenthesis without an opening one.</summary>
    OpenedParenthesis,

    /// <summary>A closing parenthesis before the end of the file.</summary>
    ClosingParenthesis,

    /// <summary>A closing quote on the same line.</summary>
    ClosingQuote,

    /// <summary>$ORIGIN, $TTL, $INCLUDE, $GENERATE or a name.</summary>
    Directive,

    /// <summary>The end of the line.</summary>
    EndOfLine,

    /// <summary>What … is to be.</summary>
    DirectiveArgument,

    /// <summary>A file that is not being read already, at most … deep.</summary>
    IncludeDepth,

    /// <summary>The name of a file that can be read.</summary>
    IncludedFile,

    /// <summary>An owner's name at the start of the line.</summary>
    OwnerFirst,

    /// <summary>A record type.</summary>
    RecordType,

    /// <summary>A class or a record type.</summary>
    ClassOrType,

    /// <summary>A TTL, a class or a record type.</summary>
    TtlClassOrType,

    /// <summary>A TTL before the type, or $TTL before the record.</summary>
    Ttl,

    /// <summary>At most … problems.</summary>
    MostProblems,

    /// <summary>A name at or below ….</summary>
    NameBelowOrigin,

    /// <summary>Class … as in the first record.</summary>
    SameClass,

    /// <summary>A type that a zone can hold.</summary>
    HeldType,

    /// <summary>Each record once.</summary>
    EachOnce,

    /// <summary>The TTL … of the set's first record.</summary>
    SameTtl,

    /// <summary>An SOA record at ….</summary>
    SoaAtOrigin,

    /// <summary>One SOA record.</summary>
    OneSoa,

    /// <summary>An SOA record only at ….</summary>
    SoaOnlyAtOrigin,

    /// <summary>An NS record at ….</summary>
    NsAtOrigin,

    /// <summary>One CNAME record and no other data at its name.</summary>
    CnameAlone,

    /// <summary>One DNAME record at a name.</summary>
    OneDname,

    /// <summary>No name below the DNAME of ….</summary>
    NothingBelowDname,

    /// <summary>No NS or DNAME record at a wildcard.</summary>
    NoWildcardDelegation,

    /// <summary>Nothing but glue at or below the delegation of ….</summary>
    OnlyGlue,

    /// <summary>The server's own name, as … is an alias.</summary>
    ServersOwnName,

    /// <summary>An address record for ….</summary>
    AddressOfServer,

    /// <summary>A range of numbers such as 1-254 or 0-30/2, the smaller one first.</summary>
    GenerateRange,

    /// <summary>${offset,width,base}, the base being d, o, x, X, n or N.</summary>
    GenerateModifier,

    /// <summary>At most … generated records.</summary>
    MostGenerated,

    /// <summary>A name in ASCII, with \DDD for other bytes.</summary>
    AsciiName,

    /// <summary>A TTL of at most 2147483647 seconds, as a longer one counts as 0.</summary>
    TtlLimit,

    /// <summary>A string that ends on its line.</summary>
    StringOnOneLine,

    /// <summary>The mail server's own name, as … is an alias.</summary>
    MailServersOwnName,

    /// <summary>… only at the zone's own name.</summary>
    OnlyAtOrigin,

    /// <summary>… only at a delegation.</summary>
    OnlyAtDelegation,

    /// <summary>A signature of … that still holds.</summary>
    SignatureHolding,

    /// <summary>A signature of … that holds already.</summary>
    SignatureBegun,

    /// <summary>A signature of … by a key that the zone shows.</summary>
    SignatureOfZoneKey,

    /// <summary>A signature that is that of these … records.</summary>
    SignatureOfSet,

    /// <summary>A signature of ….</summary>
    SignedSet,

    /// <summary>… records that the signature covers.</summary>
    CoveredSet,

    /// <summary>At most … iterations, as validators take a zone of more for unsigned.</summary>
    BelievedIterations,

    /// <summary>At most … iterations, as no proofs are made with more.</summary>
    ServedIterations,

    /// <summary>An NSEC or NSEC3PARAM record at ….</summary>
    ChainAtOrigin,

    /// <summary>The link (NSEC, NSEC3) of a name.</summary>
    ChainLink,

    /// <summary>… as the next link.</summary>
    NextLink,

    /// <summary>The types ….</summary>
    LinkTypes,

    /// <summary>A name that the link is that of.</summary>
    LinkedName,

    /// <summary>The zone's serial number … in its digest.</summary>
    DigestSerial,

    /// <summary>The digest … of the zone as it is.</summary>
    DigestOfZone,

    /// <summary>At most … problems of a kind.</summary>
    MostOfKind,
}
