namespace Firstbyte.Dns.Zones;

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

    /// <summary>$ORIGIN, $TTL, $INCLUDE or a name.</summary>
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
}
