using Firstbyte.Addressing;

namespace Firstbyte.Simulation.Elements;

/// <summary>A row that an administrator writes into a routing table by hand: packets for the prefix go to that neighbour.</summary>
/// <param name="Prefix">Which destinations.</param>
/// <param name="Via">The next hop, on a subnet that the node is plugged into.</param>
public readonly record struct StaticRoute(IpPrefix Prefix, IpAddress Via);

/// <summary>What a router's administrator has decided. By default it knows the way to every subnet, as if somebody had written its table.</summary>
public sealed record RouterSettings
{
    /// <summary>Whether it learns its routes from its neighbours (RIPv2, RFC 2453, and RIPng, RFC 2080) instead of being given them.</summary>
    public bool Rip { get; init; }

    /// <summary>
    /// The name of the subnet that is its outside: everybody behind its other plugs shares its IPv4 address there (NAPT, RFC 3022). Null
    /// when it translates nothing.
    /// </summary>
    public string? NatOutside { get; init; }

    /// <summary>The addresses that it lends to the hosts of its subnets (DHCP, RFC 2131); null when it lends none.</summary>
    public IReadOnlyList<AddressPool>? Pools { get; init; }

    /// <summary>Whether it advertises itself and its IPv6 prefixes to the hosts of its subnets (RFC 4861 section 6.2).</summary>
    public bool Advertises { get; init; }
}
