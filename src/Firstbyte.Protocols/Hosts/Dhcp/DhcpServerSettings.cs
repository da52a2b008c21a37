using Firstbyte.Addressing;

namespace Firstbyte.Hosts.Dhcp;

/// <summary>What a DHCP server's administrator has decided: which addresses are lent, and what goes with them.</summary>
/// <param name="Subnet">The subnet of the link, whose mask clients are told.</param>
/// <param name="First">The first address that is lent.</param>
/// <param name="Last">The last.</param>
public sealed record DhcpServerSettings(IpPrefix Subnet, IpAddress First, IpAddress Last)
{
    /// <summary>Addresses that one server lends at most (own choice: a /16; each costs a row).</summary>
    public const int MaxPool = 65_536;

    /// <summary>Routers and name servers that clients are told, at most (own choice; 63 would fit an option, RFC 2132 section 2).</summary>
    public const int MaxAddresses = 8;

    /// <summary>The way out, the best router first.</summary>
    public IReadOnlyList<IpAddress> Routers { get; init; } = [];

    /// <summary>The DNS servers, the best first.</summary>
    public IReadOnlyList<IpAddress> NameServers { get; init; } = [];

    /// <summary>The domain for short names; null tells none.</summary>
    public string? DomainName { get; init; }

    /// <summary>For how long an address is lent; a client may ask for less (own choice: a day, as home routers do).</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>For how long an offered address is kept for the client (own choice: four REQUESTs take a minute, RFC 2131 section 3.1).</summary>
    public TimeSpan OfferTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For how long an address that somebody else was found to use is not lent (Kea: decline-probation-period, a day).</summary>
    public TimeSpan DeclineTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What is wrong with them; null when nothing is.</summary>
    public string? Flaw =>
        !Subnet.Network.IsV4 ? "DHCP lends IPv4 addresses"
        : !IsHost(First) || !IsHost(Last) ? $"the addresses that are lent are not hosts of {Subnet}"
        : First.Bits > Last.Bits ? "the first address that is lent comes after the last"
        : Last.Bits - First.Bits >= MaxPool ? $"a server lends at most {MaxPool} addresses"
        : Routers.Count > MaxAddresses || NameServers.Count > MaxAddresses ? $"clients are told at most {MaxAddresses} routers and DNS servers"
        : DomainName is { Length: > 253 } ? "the domain's name is too long"
        : LeaseTime < MinLease ? "an address is lent for a minute at least"
        : null;

    /// <summary>The shortest lease, whatever a client asks for (own choice; clients do not renew more often, RFC 2131 section 4.4.5).</summary>
    internal static readonly TimeSpan MinLease = TimeSpan.FromMinutes(1);

    private bool IsHost(IpAddress address) => Subnet.Contains(address) && (Subnet.Length > 30 || (address != Subnet.Network && address != Subnet.Broadcast));
}
