namespace Firstbyte.Labs;

/// <summary>What could have stood in a lab's file where something else stands.</summary>
public enum LabTerm
{
    /// <summary>A prefix of addresses that hosts can have.</summary>
    PrefixOfHosts,

    /// <summary>A, b or c.</summary>
    OneOf,

    /// <summary>'…'.</summary>
    Keyword,

    /// <summary>A statement 'lab "title"'.</summary>
    LabStatement,

    /// <summary>At least one host.</summary>
    AtLeastOneHost,

    /// <summary>One lab statement in a file.</summary>
    OneLabStatement,

    /// <summary>The lab's title in quotes.</summary>
    Title,

    /// <summary>A language's tag, such as zh.</summary>
    TitleLanguage,

    /// <summary>A language in which no other title is.</summary>
    UniqueTitleLanguage,

    /// <summary>The seed.</summary>
    Seed,

    /// <summary>The client's host.</summary>
    ClientHost,

    /// <summary>A subnet's name.</summary>
    SubnetName,

    /// <summary>A name that no other subnet, hub or switch has.</summary>
    UniqueBoxName,

    /// <summary>A prefix without host bits, ….</summary>
    PrefixWithoutHostBits,

    /// <summary>A prefix such as 10.1.0.0/24.</summary>
    Prefix,

    /// <summary>A prefix such as 10.1.0.0/24, hub or switch.</summary>
    PrefixOrKind,

    /// <summary>A prefix such as 10.1.0.0/24, or 0.0.0.0/0 for everything.</summary>
    PrefixOrDefault,

    /// <summary>A prefix that does not overlap … of ….</summary>
    PrefixApart,

    /// <summary>A name.</summary>
    Name,

    /// <summary>A name of letters, digits, '-', '_' and '.'.</summary>
    NameCharacters,

    /// <summary>A subnet, hub or switch.</summary>
    Box,

    /// <summary>A subnet, hub or switch that stands above.</summary>
    BoxAbove,

    /// <summary>A time in ns, us, ms, s or min, such as 20ms.</summary>
    Time,

    /// <summary>A whole number of … ns.</summary>
    WholeTicks,

    /// <summary>A time such as 5min or -5min, with '-' in front where the clock is behind.</summary>
    SignedTime,

    /// <summary>A range of times such as 0s..10s, the earlier one first.</summary>
    TimeRange,

    /// <summary>A rate in bit, kbit, Mbit or Gbit a second, such as 10Mbit.</summary>
    Rate,

    /// <summary>A size in B, kB, MB or GB, such as 64kB.</summary>
    Size,

    /// <summary>The queue's size, such as 64kB.</summary>
    QueueSize,

    /// <summary>The page's size, such as 100kB.</summary>
    PageSize,

    /// <summary>Bytes a second, such as 10kB.</summary>
    BytesASecond,

    /// <summary>A share from 0% to 100%, such as 0.1%.</summary>
    Share,

    /// <summary>A drift such as 100ppm or -100ppm.</summary>
    Drift,

    /// <summary>An MTU in bytes.</summary>
    Mtu,

    /// <summary>A port.</summary>
    Port,

    /// <summary>A number.</summary>
    ByteCount,

    /// <summary>Answers a second.</summary>
    AnswersASecond,

    /// <summary>A link's name, NODE-SUBNET.</summary>
    LinkName,

    /// <summary>NODE-SUBNET of a host, router, hub or switch that stands above.</summary>
    LinkAbove,

    /// <summary>A subnet that … is plugged into.</summary>
    SubnetOfNode,

    /// <summary>A link that no other is called: ….</summary>
    UniqueLink,

    /// <summary>An address, in full or as .N.</summary>
    PlugAddress,

    /// <summary>An address, in full or as .N, or dhcp.</summary>
    PlugAddressOrDhcp,

    /// <summary>An address that nobody else has.</summary>
    UniqueAddress,

    /// <summary>An address in full: the subnet has no IPv4 prefix.</summary>
    FullAddress,

    /// <summary>A host number of ….</summary>
    HostNumber,

    /// <summary>An address.</summary>
    Address,

    /// <summary>An IPv4 address.</summary>
    IPv4Address,

    /// <summary>A name that no other host or router has.</summary>
    UniqueNodeName,

    /// <summary>A host's name.</summary>
    HostName,

    /// <summary>A host of this lab.</summary>
    HostOfLab,

    /// <summary>A host's or router's name.</summary>
    NodeName,

    /// <summary>A host or router of this lab.</summary>
    NodeOfLab,

    /// <summary>'{' and hosts or routers.</summary>
    NodeSet,

    /// <summary>A host or router that is not in the other set.</summary>
    NodeOfOneSet,

    /// <summary>A router's name.</summary>
    RouterName,

    /// <summary>A router on a, b or c.</summary>
    RouterOn,

    /// <summary>A router's name, or an address in … or ….</summary>
    GatewayIn,

    /// <summary>A router on a, b or c with an address of the prefix's version.</summary>
    RouterOfVersion,

    /// <summary>The next hop: an address, or a router's name.</summary>
    NextHop,

    /// <summary>An address on a subnet that it is plugged into.</summary>
    NextHopOnSubnet,

    /// <summary>A subnet that it is plugged into: a, b or c.</summary>
    PluggedSubnet,

    /// <summary>A subnet where it has an IPv4 address, which everybody inside shares.</summary>
    SharedAddressSubnet,

    /// <summary>The subnet outside.</summary>
    OutsideSubnet,

    /// <summary>The subnet where addresses are lent.</summary>
    PoolSubnet,

    /// <summary>One pool of addresses for a subnet.</summary>
    OnePool,

    /// <summary>A subnet where it has an IPv4 address, by which hosts find the way out.</summary>
    OwnAddressSubnet,

    /// <summary>The first and the last address, such as .100..199.</summary>
    AddressRange,

    /// <summary>Addresses that nobody has by hand, as somebody has ….</summary>
    FreeAddresses,

    /// <summary>First and last addresses that are hosts of ….</summary>
    LendableHosts,

    /// <summary>The first address before the last.</summary>
    LendableOrder,

    /// <summary>At most … addresses to lend.</summary>
    LendableCount,

    /// <summary>A lease of … s at least.</summary>
    LendableTime,

    /// <summary>A domain's name of at most … characters.</summary>
    LendableDomain,

    /// <summary>A DS or DNSKEY record in quotes, with its owner.</summary>
    TrustedRecord,

    /// <summary>At most … records that a resolver trusts.</summary>
    MostTrusted,

    /// <summary>Zones or a resolver on one host, not both.</summary>
    ZonesOrResolver,

    /// <summary>An address that stays, at which a DNS server can be asked.</summary>
    LastingAddress,

    /// <summary>A file's name in quotes.</summary>
    FileName,

    /// <summary>A file that is there.</summary>
    FileThere,

    /// <summary>A file of at most … bytes.</summary>
    FileSize,

    /// <summary>A file of at most … characters.</summary>
    LabFileLength,

    /// <summary>A path.</summary>
    FilePath,

    /// <summary>"text", from "FILE" or base64 "DATA".</summary>
    Content,

    /// <summary>"text", from "FILE", base64 "DATA", size SIZE, redirect "URL", form or endless.</summary>
    Page,

    /// <summary>"text", from "FILE", base64 "DATA", or '{' and pages.</summary>
    Pages,

    /// <summary>A path, or '}'.</summary>
    PathOrEnd,

    /// <summary>A path, which begins with '/'.</summary>
    Path,

    /// <summary>Where to, in quotes.</summary>
    RedirectTarget,

    /// <summary>Data in base64, in quotes.</summary>
    QuotedBase64,

    /// <summary>Base64 (RFC 4648 section 4).</summary>
    Base64,

    /// <summary>'for' and the names of the certificate.</summary>
    CertificateNames,

    /// <summary>Https, in which clients can show certificates.</summary>
    SecureScheme,

    /// <summary>Somebody's name in quotes, of at most … characters.</summary>
    IdentityName,

    /// <summary>Ports such as 49152..65535, the lower one first.</summary>
    Ports,

    /// <summary>The zone's name in quotes.</summary>
    QuotedZoneName,

    /// <summary>A zone's name.</summary>
    ZoneName,

    /// <summary>From "FILE" or '{' and the zone.</summary>
    ZoneSource,

    /// <summary>A zone that a host of this lab serves.</summary>
    ZoneOfLab,

    /// <summary>A zone that can be served.</summary>
    Zone,

    /// <summary>A domain name in quotes.</summary>
    QuotedDomainName,

    /// <summary>A domain name.</summary>
    DomainName,

    /// <summary>A domain name, or @ for the zone's own.</summary>
    OwnerName,

    /// <summary>NAME TTL TYPE DATA, as in a zone file.</summary>
    RecordLine,

    /// <summary>A type of record, such as A.</summary>
    RecordType,

    /// <summary>Up or down, since the two directions of this link differ.</summary>
    OneDirection,

    /// <summary>The end of the statement.</summary>
    EndOfStatement,

    /// <summary>A '}' that closes this '{'.</summary>
    ClosingBrace,

    /// <summary>A '"' that closes this text on its line.</summary>
    ClosingQuote,

    /// <summary>'"', '\', 'n', 'r' or 't' after '\'.</summary>
    EscapedCharacter,

    /// <summary>At most … statements.</summary>
    MostStatements,

    /// <summary>At most … titles.</summary>
    MostTitles,

    /// <summary>At most … subnets.</summary>
    MostSubnets,

    /// <summary>At most … prefixes of a subnet.</summary>
    MostPrefixes,

    /// <summary>At most … hubs and switches of a subnet.</summary>
    MostBoxes,

    /// <summary>At most … plugs of a node.</summary>
    MostPlugs,

    /// <summary>At most … addresses of a plug.</summary>
    MostAddresses,

    /// <summary>At most … hosts and routers.</summary>
    MostNodes,

    /// <summary>At most … nodes of a set.</summary>
    MostSetNodes,

    /// <summary>At most … routes of a host or router.</summary>
    MostRoutes,

    /// <summary>At most … services of a host.</summary>
    MostServices,

    /// <summary>At most … DNS servers that hosts are told.</summary>
    MostNameServers,

    /// <summary>At most … changes of names.</summary>
    MostNameChanges,
}
