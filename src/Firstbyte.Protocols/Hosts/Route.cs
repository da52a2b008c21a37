using Firstbyte.Addressing;

namespace Firstbyte.Hosts;

/// <summary>Who put a row into a routing table.</summary>
public enum RouteOrigin : byte
{
    /// <summary>An address of an interface: its subnet is on the link.</summary>
    Connected,

    /// <summary>The administrator.</summary>
    Static,

    /// <summary>A DHCP server's router option (RFC 2132 section 3.5).</summary>
    Dhcp,

    /// <summary>A router's advertisement (RFC 4861 section 6.3.4).</summary>
    RouterAdvertisement,

    /// <summary>A neighbouring router's distance vector (RFC 2453, RFC 2080).</summary>
    Rip,
}

/// <summary>A row of the routing table: by which interface, and over which router.</summary>
/// <param name="Interface">The interface by which packets leave.</param>
/// <param name="Gateway">The next hop; the default value means that the destination is on the link.</param>
/// <param name="Origin">Who put it there.</param>
/// <param name="Metric">Its distance in hops, where the origin counts them; 0 elsewhere.</param>
public readonly record struct Route(NetworkInterface Interface, IpAddress Gateway, RouteOrigin Origin = RouteOrigin.Static, int Metric = 0);

/// <summary>What has become of a row of one of a host's tables.</summary>
public enum RowChange : byte
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It says something else than before.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Removed,
}

/// <summary>
/// Where a packet goes: the next hop, and the row of the routing table that says so (default where none was asked: own and multicast
/// addresses).
/// </summary>
internal readonly record struct Way(NetworkInterface Interface, IpAddress NextHop, IpPrefix Row, Route Route);
