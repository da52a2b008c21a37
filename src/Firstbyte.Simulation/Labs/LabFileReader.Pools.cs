using Firstbyte.Addressing;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Labs;

// Addresses that routers lend.
internal sealed partial class LabFileReader
{
    private readonly List<(LabToken Range, AddressPool Pool)> _pools = [];

    /// <summary>"dhcp SUBNET FIRST..LAST [nameserver ADDRESS…] [domain NAME] [lease T]"</summary>
    private AddressPool ReadPool(List<InterfaceDefinition> plugs, List<AddressPool> others)
    {
        var name = TakeWord(LabTerm.PoolSubnet);
        var plug = plugs.Find(plug => plug.Subnet == name.Value) ?? throw Expected(name, LabTerm.PluggedSubnet, [.. plugs.Select(static plug => plug.Subnet)]);
        if (others.Exists(other => other.Subnet == plug.Subnet))
        {
            throw new LabFileException(name.Place, LabTerm.OnePool, new LabFound(LabFoundKind.SecondOne));
        }
        var subnet = FindBox(plug.Subnet)!;
        var own = plug.Addresses.FirstOrDefault(address => address.IsV4 && subnet.Prefixes.Any(prefix => prefix.Contains(address)));
        if (!own.IsV4) { throw Expected(name, LabTerm.OwnAddressSubnet); }
        var range = TakeWord(LabTerm.AddressRange);
        var (first, last) = ReadRange(range, subnet);
        var pool = new AddressPool(plug.Subnet, first, last);
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "nameserver" or "domain" or "lease" })
        {
            switch (tokens.Next().Value)
            {
                case "nameserver": pool = pool with { NameServers = ReadNameServers() }; break;
                case "domain": pool = pool with { DomainName = TakeName(LabTerm.DomainName).Value }; break;
                default: pool = pool with { LeaseTime = TakeTicks() }; break;
            }
        }
        var settings = new DhcpServerSettings(subnet.Prefixes.First(prefix => prefix.Contains(own)), first, last) { DomainName = pool.DomainName };
        if (pool.LeaseTime is { } time) { settings = settings with { LeaseTime = time }; }
        if (settings.Flaw is not DhcpServerFlaw.None and var flaw) { throw new LabFileException(range.Place, Lendable(flaw, settings), range.Found); }
        _pools.Add((range, pool));
        return pool;
    }

    private static LabExpectation Lendable(DhcpServerFlaw flaw, DhcpServerSettings settings) => flaw switch
    {
        DhcpServerFlaw.LastBeforeFirst => new LabExpectation(LabTerm.LendableOrder),
        DhcpServerFlaw.PoolTooLarge => new LabExpectation(LabTerm.LendableCount, $"{DhcpServerSettings.MaxPool}"),
        DhcpServerFlaw.DomainNameTooLong => new LabExpectation(LabTerm.LendableDomain, $"{DhcpServerSettings.MaxDomainName}"),
        DhcpServerFlaw.LeaseTooShort => new LabExpectation(LabTerm.LendableTime, $"{(int)DhcpServerSettings.MinLease.TotalSeconds}"),
        DhcpServerFlaw.TooManyAddresses => new LabExpectation(LabTerm.MostNameServers, $"{DhcpServerSettings.MaxAddresses}"),
        _ => new LabExpectation(LabTerm.LendableHosts, $"{settings.Subnet}"),
    };

    private List<IpAddress> ReadNameServers()
    {
        var servers = new List<IpAddress>();
        do
        {
            Limit(tokens.Peek(), servers.Count + 1, DhcpServerSettings.MaxAddresses, LabTerm.MostNameServers);
            servers.Add(TakeV4Address());
        }
        while (IsAddress(tokens.Peek()));
        return servers;
    }

    private static (IpAddress First, IpAddress Last) ReadRange(LabToken range, SubnetDefinition subnet)
    {
        var dots = range.Value.IndexOf("..", StringComparison.Ordinal);
        if (dots <= 0) { throw Expected(range, LabTerm.AddressRange); }
        var (first, last) = (range.Value[..dots], range.Value[(dots + 2)..]);
        if (first.StartsWith('.')) { return (HostNumber(range, first.AsSpan(1), subnet), HostNumber(range, last, subnet)); }
        return IpAddress.TryParse(first, out var from) && IpAddress.TryParse(last, out var to) && from.IsV4 && to.IsV4
            ? (from, to)
            : throw Expected(range, LabTerm.AddressRange);
    }

    /// <summary>An address that somebody has by hand is not lent as well.</summary>
    private void CheckPools()
    {
        foreach (var (range, pool) in _pools)
        {
            foreach (var address in _addresses)
            {
                if (address.IsV4 && address.Bits >= pool.First.Bits && address.Bits <= pool.Last.Bits)
                {
                    throw new LabFileException(range.Place, new LabExpectation(LabTerm.FreeAddresses, $"{address}"), range.Found);
                }
            }
        }
    }
}
