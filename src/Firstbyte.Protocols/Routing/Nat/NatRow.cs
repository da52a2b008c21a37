using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Routing.Nat;

/// <summary>A row of an address translator's table: who inside talks with whom outside, and how it looks from there (RFC 3022 section 2.2).</summary>
/// <param name="Protocol">TCP, UDP or ICMP; of ICMP the "port" is an echo's identifier.</param>
/// <param name="Inside">The end inside, as it sees itself.</param>
/// <param name="Outside">The same end as the outside sees it.</param>
/// <param name="Remote">The peer outside; port 0 for ICMP.</param>
public readonly record struct NatRow(IpProtocol Protocol, Endpoint Inside, Endpoint Outside, Endpoint Remote);
