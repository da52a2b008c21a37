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
    SiteLocal,
    ProtocolAssignments,
    Documentation,
    Benchmarking,
    As112,
    Relay6To4,
    Multicast,
    LimitedBroadcast,
    Reserved,
    V4Mapped,
    V4Compatible,
    V4Translation,
    Discard,
    Teredo,
    SegmentRouting,
    Dummy,
}

/// <summary>What addresses of a block may be used for: the columns of the registries (RFC 6890 section 2.2.1, RFC 8190).</summary>
[Flags]
public enum AddressUses
{
    /// <summary>Nothing, or the registry says that the question makes no sense.</summary>
    None = 0,

    /// <summary>May be the source of a packet that travels between two devices.</summary>
    Source = 1,

    /// <summary>May be the destination of one.</summary>
    Destination = 2,

    /// <summary>A router may forward a packet to it from one interface to another.</summary>
    Forwardable = 4,

    /// <summary>Forwarded between networks of different administrations too.</summary>
    GloballyReachable = 8,

    /// <summary>Every implementation of IP must treat it in a way of its own.</summary>
    ReservedByProtocol = 16,
}

/// <summary>
/// How far a multicast packet may go (RFC 7346 section 2; for IPv4 by the table of RFC 2365 section 8). The value is that of the address's
/// scope field.
/// </summary>
public enum MulticastScope
{
    /// <summary>No multicast address, or one whose scope nobody may use.</summary>
    None = 0,
    InterfaceLocal = 1,
    LinkLocal = 2,
    RealmLocal = 3,
    AdminLocal = 4,
    SiteLocal = 5,
    OrganizationLocal = 8,
    Global = 14,
}

/// <summary>A row of the registries: a block, its name and where it was set aside.</summary>
/// <param name="Prefix">The block.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">The registry's name of the block.</param>
/// <param name="Source">The RFC.</param>
/// <param name="Allocated">The month in which it was set aside: "2025-04".</param>
/// <param name="Terminated">The month in which that ended; "" while it holds.</param>
/// <param name="Uses">What its addresses may be used for.</param>
public sealed record SpecialPurposeBlock(IpPrefix Prefix, AddressKind Kind, string Name, string Source, string Allocated, string Terminated, AddressUses Uses)
{
    /// <summary>Whether a router may forward to it from one interface to another.</summary>
    public bool IsForwardable => Uses.HasFlag(AddressUses.Forwardable);

    /// <summary>Whether routers between networks forward to it; where that hangs on an address inside it (Teredo, 6to4), it is not said.</summary>
    public bool IsGloballyReachable => Uses.HasFlag(AddressUses.GloballyReachable);
}

/// <summary>
/// The registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890 and what has updated it, up to RFC 9780), and the scopes of
/// multicast.
/// </summary>
/// <remarks>Its rows stand in special-purpose.tsv beside this file, each with its source and date.</remarks>
public static class SpecialPurpose
{
    // The four bits between "ff" and the scope: whether the address is permanent, has a prefix or a rendezvous point in it (RFC 4291 2.7, RFC 3306, RFC 3956).
    private const int MulticastFlagsShift = 116;

    private static readonly RouteTable<SpecialPurposeBlock> Table = MakeTable();

    /// <summary>All rows; those of IPv6 multicast are without flags.</summary>
    public static IReadOnlyList<SpecialPurposeBlock> Registry => SpecialPurposeTable.Rows;

    /// <summary>The most specific row that contains the address; null for an ordinary global address.</summary>
    public static SpecialPurposeBlock? Find(IpAddress address)
    {
        var flags = address.IsV6 && address.Bits >> 120 == 0xFF ? address.Bits >> MulticastFlagsShift & 15 : 0;
        if (flags == 0) { return Table.TryMatch(address, out _, out var block) ? block : null; }
        var plain = IpAddress.FromV6(address.Bits ^ flags << MulticastFlagsShift);
        return Table.TryMatch(plain, out _, out var scope) ? scope with { Prefix = new IpPrefix(address, scope.Prefix.Length) } : null;
    }

    /// <summary>The kind of the address.</summary>
    public static AddressKind KindOf(IpAddress address) => Find(address)?.Kind ?? AddressKind.Global;

    /// <summary>How far a multicast packet to the address may go; <see cref="MulticastScope.None"/> for other addresses.</summary>
    public static MulticastScope ScopeOf(IpAddress address)
    {
        if (address.IsV6)
        {
            var scope = address.Bits >> 120 == 0xFF ? (MulticastScope)(int)(address.Bits >> 112 & 15) : MulticastScope.None;
            return Enum.IsDefined(scope) ? scope : MulticastScope.None;
        }
        var bits = (uint)address.Bits;
        return address.Version == IpVersion.None || bits >> 28 != 0xE ? MulticastScope.None
            : bits >> 8 == 0xE00000 ? MulticastScope.LinkLocal
            : bits >> 16 == 0xEFFF ? MulticastScope.RealmLocal
            : bits >> 18 == 0xEFC0 >> 2 ? MulticastScope.OrganizationLocal
            // The rest of 239.0.0.0/8 is kept for scopes to come, none of which is global (RFC 2365 section 6.3).
            : bits >> 24 == 0xEF ? MulticastScope.AdminLocal
            : MulticastScope.Global;
    }

    private static RouteTable<SpecialPurposeBlock> MakeTable()
    {
        var table = new RouteTable<SpecialPurposeBlock>();
        foreach (var block in SpecialPurposeTable.Rows) { table.Set(block.Prefix, block); }
        return table;
    }
}
