using Firstbyte.Addressing;

namespace Firstbyte.Simulation.Elements;

/// <summary>Addresses that a router lends to the hosts of one of its subnets. They are told to send by the router.</summary>
/// <param name="Subnet">The name of the subnet, where the router has an IPv4 address.</param>
/// <param name="First">The first address that is lent.</param>
/// <param name="Last">The last.</param>
public sealed record AddressPool(string Subnet, IpAddress First, IpAddress Last)
{
    /// <summary>The DNS servers that hosts are told; null is the router itself.</summary>
    public IReadOnlyList<IpAddress>? NameServers { get; init; }

    /// <summary>The domain for short names; null tells none.</summary>
    public string? DomainName { get; init; }

    /// <summary>For how long an address is lent; null is a day.</summary>
    public TimeSpan? LeaseTime { get; init; }
}
