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

    /// <summary>What is wrong with them.</summary>
    public DhcpServerFlaw Flaw =>
        !Subnet.Network.IsV4 ? DhcpServerFlaw.NotIPv4
        : !IsHost(First) || !IsHost(Last) ? DhcpServerFlaw.NotHosts
        : First.Bits > Last.Bits ? DhcpServerFlaw.LastBeforeFirst
        : Last.Bits - First.Bits >= MaxPool ? DhcpServerFlaw.PoolTooLarge
        : Routers.Count > MaxAddresses || NameServers.Count > MaxAddresses ? DhcpServerFlaw.TooManyAddresses
        : DomainName is { Length: > MaxDomainName } ? DhcpServerFlaw.DomainNameTooLong
        : LeaseTime < MinLease ? DhcpServerFlaw.LeaseTooShort
        : DhcpServerFlaw.None;

    /// <summary>Characters of a domain's name (RFC 1035 section 2.3.4, as text without the last dot).</summary>
    public const int MaxDomainName = 253;

    /// <summary>The shortest lease, whatever a client asks for (own choice; clients do not renew more often, RFC 2131 section 4.4.5).</summary>
    public static readonly TimeSpan MinLease = TimeSpan.FromMinutes(1);

    private bool IsHost(IpAddress address) => Subnet.Contains(address) && (Subnet.Length > 30 || (address != Subnet.Network && address != Subnet.Broadcast));
}

/// <summary>What can be wrong with the settings of a DHCP server.</summary>
public enum DhcpServerFlaw
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>DHCP lends IPv4 addresses (RFC 2131), and the subnet has others.</summary>
    NotIPv4,

    /// <summary>The first or the last address is not a host of the subnet.</summary>
    NotHosts,

    /// <summary>The first address comes after the last.</summary>
    LastBeforeFirst,

    /// <summary>There are more addresses than <see cref="DhcpServerSettings.MaxPool"/>.</summary>
    PoolTooLarge,

    /// <summary>Clients would be told more than <see cref="DhcpServerSettings.MaxAddresses"/> routers or DNS servers.</summary>
    TooManyAddresses,

    /// <summary>The domain's name is longer than a name can be (RFC 1035 section 2.3.4).</summary>
    DomainNameTooLong,

    /// <summary>The lease is shorter than the shortest that is lent.</summary>
    LeaseTooShort,
}
