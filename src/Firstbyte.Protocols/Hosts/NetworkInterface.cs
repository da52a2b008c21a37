using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Hosts;

/// <summary>What the frames of an interface begin with.</summary>
public enum LinkKind : byte
{
    /// <summary>An Ethernet header: neighbours are found by ARP and NDP.</summary>
    Ethernet,

    /// <summary>An IP header: there is one neighbour, whatever its address (TUN devices, point-to-point lines).</summary>
    RawIp,

    /// <summary>The host itself.</summary>
    Loopback,
}

/// <summary>One network interface of a host: its link, its addresses.</summary>
public sealed class NetworkInterface
{
    /// <summary>The smallest MTU on which IPv6 runs (RFC 8200 section 5).</summary>
    public const int Ipv6MinMtu = 1_280;

    /// <summary>The smallest MTU on which IPv4 runs (RFC 791 section 3.2).</summary>
    public const int Ipv4MinMtu = 68;

    private readonly List<InterfaceAddress> _addresses = [];
    private readonly List<IpAddress> _groups = [];

    internal NetworkInterface(int index, string name, LinkKind kind, MacAddress hardware, int mtu)
    {
        Index = index;
        Name = name;
        Kind = kind;
        Hardware = hardware;
        Mtu = mtu;
    }

    /// <summary>Its number in the host, from 0 on; 0 is the loopback.</summary>
    public int Index { get; }

    /// <summary>Its name: lo, eth0, tun0.</summary>
    public string Name { get; }

    /// <summary>What its frames begin with.</summary>
    public LinkKind Kind { get; }

    /// <summary>Its hardware address; zero unless it is on an Ethernet.</summary>
    public MacAddress Hardware { get; }

    /// <summary>The longest IP packet that it sends, in bytes.</summary>
    public int Mtu { get; set; }

    /// <summary>Whether the administrator lets it send and receive: <see cref="HostStack.SetUp"/>.</summary>
    public bool IsUp { get; internal set; } = true;

    /// <summary>Whether the card hears its link; not when the cable is pulled: <see cref="HostStack.SetCarrier"/>.</summary>
    public bool HasCarrier { get; internal set; } = true;

    /// <summary>Whether it sends and receives.</summary>
    public bool IsRunning => IsUp && HasCarrier;

    /// <summary>Its addresses, each with the subnet that is on its link.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses => _addresses;

    /// <summary>Frames taken in.</summary>
    public long FramesReceived { get; internal set; }

    /// <summary>Frames given to the link.</summary>
    public long FramesSent { get; internal set; }

    /// <summary>Frames dropped on their way in or out.</summary>
    public long FramesDropped { get; internal set; }

    /// <summary>The same, to be walked without garbage.</summary>
    internal ReadOnlySpan<InterfaceAddress> Own => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_addresses);

    internal void Add(InterfaceAddress address) => _addresses.Add(address);

    internal bool Remove(InterfaceAddress address) => _addresses.Remove(address);

    /// <summary>Listens to a multicast group from now on.</summary>
    internal void Join(IpAddress group) => _groups.Add(group);

    /// <summary>And no longer.</summary>
    internal void Leave(IpAddress group) => _groups.Remove(group);

    /// <summary>Whether the address is one of its own.</summary>
    public bool Has(IpAddress address)
    {
        foreach (ref readonly var own in Own)
        {
            if (own.Address.Bits == address.Bits && own.Address.Version == address.Version) { return true; }
        }
        return false;
    }

    /// <summary>Whether the address is the broadcast address of one of its subnets.</summary>
    internal bool IsSubnetBroadcast(uint address)
    {
        foreach (ref readonly var own in Own)
        {
            if (own.Prefix.Broadcast is { } broadcast && (uint)broadcast.Bits == address) { return true; }
        }
        return false;
    }

    /// <summary>
    /// Whether it listens to a multicast address: all nodes, the solicited-node addresses of its own (RFC 4291 section 2.8), and the
    /// groups it has joined.
    /// </summary>
    internal bool Hears(IpAddress group, bool isRouter)
    {
        if (_groups.Contains(group)) { return true; }
        if (group.IsV4) { return (uint)group.Bits is AddressRules.AllSystemsV4 || (isRouter && (uint)group.Bits is AddressRules.AllRoutersV4); }
        if (group.Bits == AddressRules.AllNodes || (isRouter && group.Bits == AddressRules.AllRouters)) { return true; }
        foreach (ref readonly var own in Own)
        {
            if (own.Address.IsV6 && AddressRules.SolicitedNode(own.Address.Bits) == group.Bits) { return true; }
        }
        return false;
    }
}

/// <summary>What addresses mean to a host.</summary>
internal static class AddressRules
{
    /// <summary>224.0.0.1 (RFC 1112).</summary>
    public const uint AllSystemsV4 = 0xE0000001;

    /// <summary>224.0.0.2 (RFC 1256).</summary>
    public const uint AllRoutersV4 = 0xE0000002;

    /// <summary>ff02::1</summary>
    public static readonly UInt128 AllNodes = new(0xFF02_0000_0000_0000, 1);

    /// <summary>ff02::2</summary>
    public static readonly UInt128 AllRouters = new(0xFF02_0000_0000_0000, 2);

    public static bool IsMulticast(IpAddress address) => address.IsV4 ? (uint)address.Bits >> 28 == 0xE : (byte)(address.Bits >> 120) == 0xFF;

    public static bool IsUnspecified(IpAddress address) => address.Bits == UInt128.Zero;

    public static bool IsLoopback(IpAddress address) => address.IsV4 ? (uint)address.Bits >> 24 == 127 : address.Bits == UInt128.One;

    public static bool IsLimitedBroadcast(IpAddress address) => address.IsV4 && (uint)address.Bits == uint.MaxValue;

    /// <summary>fe80::/10 (RFC 4291 section 2.5.6).</summary>
    public static bool IsLinkLocal(IpAddress address) => address.IsV6 && (ulong)(address.Bits >> 118) == 0x3FA;

    /// <summary>ff02::1:ff00:0/104 with the low 24 bits of the address (RFC 4291 section 2.7.1).</summary>
    public static UInt128 SolicitedNode(UInt128 address) => new(0xFF02_0000_0000_0000, 0x0000_0001_FF00_0000 | ((ulong)address & 0xFF_FFFF));

    /// <summary>fe80:: with the interface identifier made of the hardware address (RFC 2464 section 5).</summary>
    public static UInt128 LinkLocal(MacAddress hardware) => new(0xFE80_0000_0000_0000, hardware.ToInterfaceIdentifier());

    public static IpAddress WithoutZone(IpAddress address) => address.Zone is null ? address : IpAddress.FromV6(address.Bits);
}
