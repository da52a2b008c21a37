namespace Firstbyte.Addressing;

/// <summary>What kind of address it is, as the registries of special-purpose addresses say.</summary>
public enum AddressKind
{
    /// <summary>Assigned to somebody, reachable from anywhere.</summary>
    Global,
    Unspecified,
    ThisNetwork,
    Loopback,
    Private,
    SharedAddressSpace,
    LinkLocal,
    UniqueLocal,
    ProtocolAssignments,
    Documentation,
    Benchmarking,
    As112,
    Relay6To4,
    Multicast,
    LimitedBroadcast,
    Reserved,
    V4Mapped,
    V4Translation,
    Discard,
    Teredo,
    SegmentRouting,
}

/// <summary>A row of the registries: a block, its name and where it was set aside.</summary>
/// <param name="Prefix">The block.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">The registry's name of the block.</param>
/// <param name="Source">The RFC.</param>
/// <param name="IsGloballyReachable">Whether routers between networks forward to it.</param>
public sealed record SpecialPurposeBlock(IpPrefix Prefix, AddressKind Kind, string Name, string Source, bool IsGloballyReachable);

/// <summary>The IANA registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890, as updated by RFC 8190), and the multicast blocks.</summary>
public static class SpecialPurpose
{
    private static readonly SpecialPurposeBlock[] Blocks =
    [
        Row("0.0.0.0/8", AddressKind.ThisNetwork, "this network", "RFC 791 3.2", false),
        Row("0.0.0.0/32", AddressKind.Unspecified, "this host on this network", "RFC 1122 3.2.1.3", false),
        Row("10.0.0.0/8", AddressKind.Private, "private use", "RFC 1918", false),
        Row("100.64.0.0/10", AddressKind.SharedAddressSpace, "shared address space", "RFC 6598", false),
        Row("127.0.0.0/8", AddressKind.Loopback, "loopback", "RFC 1122 3.2.1.3", false),
        Row("169.254.0.0/16", AddressKind.LinkLocal, "link local", "RFC 3927", false),
        Row("172.16.0.0/12", AddressKind.Private, "private use", "RFC 1918", false),
        Row("192.0.0.0/24", AddressKind.ProtocolAssignments, "IETF protocol assignments", "RFC 6890 2.1", false),
        Row("192.0.0.0/29", AddressKind.ProtocolAssignments, "IPv4 service continuity", "RFC 7335", false),
        Row("192.0.0.8/32", AddressKind.ProtocolAssignments, "IPv4 dummy address", "RFC 7600", false),
        Row("192.0.0.9/32", AddressKind.ProtocolAssignments, "port control protocol anycast", "RFC 7723", true),
        Row("192.0.0.10/32", AddressKind.ProtocolAssignments, "TURN anycast", "RFC 8155", true),
        Row("192.0.0.170/31", AddressKind.ProtocolAssignments, "NAT64/DNS64 discovery", "RFC 8880", false),
        Row("192.0.2.0/24", AddressKind.Documentation, "documentation (TEST-NET-1)", "RFC 5737", false),
        Row("192.31.196.0/24", AddressKind.As112, "AS112-v4", "RFC 7535", true),
        Row("192.52.193.0/24", AddressKind.ProtocolAssignments, "AMT", "RFC 7450", true),
        Row("192.88.99.0/24", AddressKind.Relay6To4, "deprecated (6to4 relay anycast)", "RFC 7526", false),
        Row("192.168.0.0/16", AddressKind.Private, "private use", "RFC 1918", false),
        Row("192.175.48.0/24", AddressKind.As112, "direct delegation AS112 service", "RFC 7534", true),
        Row("198.18.0.0/15", AddressKind.Benchmarking, "benchmarking", "RFC 2544", false),
        Row("198.51.100.0/24", AddressKind.Documentation, "documentation (TEST-NET-2)", "RFC 5737", false),
        Row("203.0.113.0/24", AddressKind.Documentation, "documentation (TEST-NET-3)", "RFC 5737", false),
        Row("224.0.0.0/4", AddressKind.Multicast, "multicast", "RFC 5771", true),
        Row("240.0.0.0/4", AddressKind.Reserved, "reserved", "RFC 1112 4", false),
        Row("255.255.255.255/32", AddressKind.LimitedBroadcast, "limited broadcast", "RFC 919 7", false),
        Row("::/128", AddressKind.Unspecified, "unspecified address", "RFC 4291 2.5.2", false),
        Row("::1/128", AddressKind.Loopback, "loopback address", "RFC 4291 2.5.3", false),
        Row("::ffff:0.0.0.0/96", AddressKind.V4Mapped, "IPv4-mapped address", "RFC 4291 2.5.5.2", false),
        Row("64:ff9b::/96", AddressKind.V4Translation, "IPv4-IPv6 translation", "RFC 6052", true),
        Row("64:ff9b:1::/48", AddressKind.V4Translation, "local-use IPv4-IPv6 translation", "RFC 8215", false),
        Row("100::/64", AddressKind.Discard, "discard-only", "RFC 6666", false),
        Row("2001::/23", AddressKind.ProtocolAssignments, "IETF protocol assignments", "RFC 2928", false),
        Row("2001::/32", AddressKind.Teredo, "Teredo", "RFC 4380", false),
        Row("2001:1::1/128", AddressKind.ProtocolAssignments, "port control protocol anycast", "RFC 7723", true),
        Row("2001:1::2/128", AddressKind.ProtocolAssignments, "TURN anycast", "RFC 8155", true),
        Row("2001:2::/48", AddressKind.Benchmarking, "benchmarking", "RFC 5180", false),
        Row("2001:3::/32", AddressKind.ProtocolAssignments, "AMT", "RFC 7450", true),
        Row("2001:4:112::/48", AddressKind.As112, "AS112-v6", "RFC 7535", true),
        Row("2001:20::/28", AddressKind.ProtocolAssignments, "ORCHIDv2", "RFC 7343", true),
        Row("2001:db8::/32", AddressKind.Documentation, "documentation", "RFC 3849", false),
        Row("2002::/16", AddressKind.Relay6To4, "6to4", "RFC 3056", false),
        Row("2620:4f:8000::/48", AddressKind.As112, "direct delegation AS112 service", "RFC 7534", true),
        Row("3fff::/20", AddressKind.Documentation, "documentation", "RFC 9637", false),
        Row("5f00::/16", AddressKind.SegmentRouting, "segment routing (SRv6) SIDs", "RFC 9602", false),
        Row("fc00::/7", AddressKind.UniqueLocal, "unique local", "RFC 4193", false),
        Row("fe80::/10", AddressKind.LinkLocal, "link-local unicast", "RFC 4291 2.5.6", false),
        Row("ff00::/8", AddressKind.Multicast, "multicast", "RFC 4291 2.7", true),
    ];

    private static readonly RouteTable<SpecialPurposeBlock> Table = MakeTable();

    /// <summary>All rows.</summary>
    public static IReadOnlyList<SpecialPurposeBlock> Registry => Blocks;

    /// <summary>The most specific row that contains the address; null for an ordinary global address.</summary>
    public static SpecialPurposeBlock? Find(IpAddress address) => Table.TryMatch(address, out _, out var block) ? block : null;

    /// <summary>The kind of the address.</summary>
    public static AddressKind KindOf(IpAddress address) => Find(address)?.Kind ?? AddressKind.Global;

    private static SpecialPurposeBlock Row(string prefix, AddressKind kind, string name, string source, bool reachable) => new(IpPrefix.Parse(prefix), kind, name, source, reachable);

    private static RouteTable<SpecialPurposeBlock> MakeTable()
    {
        var table = new RouteTable<SpecialPurposeBlock>();
        foreach (var block in Blocks) { table.Set(block.Prefix, block); }
        return table;
    }
}
