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
        var name = TakeWord("the subnet where addresses are lent");
        var plug = plugs.Find(plug => plug.Subnet == name.Value) ?? throw Expected(name, $"a subnet that it is plugged into: {LabWords.Choice(plugs.Select(static plug => plug.Subnet))}");
        if (others.Exists(other => other.Subnet == plug.Subnet))
        {
            throw new LabFileException(name.Place, "one pool of addresses for a subnet", "a second one");
        }
        var subnet = FindBox(plug.Subnet)!;
        var own = plug.Addresses.FirstOrDefault(address => address.IsV4 && subnet.Prefixes.Any(prefix => prefix.Contains(address)));
        if (!own.IsV4) { throw Expected(name, "a subnet where it has an IPv4 address, by which hosts find the way out"); }
        var range = TakeWord("the first and the last address, such as .100..199");
        var (first, last) = ReadRange(range, subnet);
        var pool = new AddressPool(plug.Subnet, first, last);
        while (tokens.Peek() is { Kind: LabTokenKind.Word, Value: "nameserver" or "domain" or "lease" })
        {
            switch (tokens.Next().Value)
            {
                case "nameserver": pool = pool with { NameServers = ReadNameServers() }; break;
                case "domain": pool = pool with { DomainName = TakeName("a domain name").Value }; break;
                default: pool = pool with { LeaseTime = TakeTicks() }; break;
            }
        }
        var settings = new DhcpServerSettings(subnet.Prefixes.First(prefix => prefix.Contains(own)), first, last) { DomainName = pool.DomainName };
        if (pool.LeaseTime is { } time) { settings = settings with { LeaseTime = time }; }
        if (settings.Flaw is { } flaw) { throw new LabFileException(range.Place, $"a pool that can be lent ({flaw})", range.Describe()); }
        _pools.Add((range, pool));
        return pool;
    }

    private List<IpAddress> ReadNameServers()
    {
        var servers = new List<IpAddress>();
        do
        {
            Limit(tokens.Peek(), servers.Count + 1, DhcpServerSettings.MaxAddresses, "DNS servers that hosts are told");
            servers.Add(TakeV4Address());
        }
        while (IsAddress(tokens.Peek()));
        return servers;
    }

    private static (IpAddress First, IpAddress Last) ReadRange(LabToken range, SubnetDefinition subnet)
    {
        var dots = range.Value.IndexOf("..", StringComparison.Ordinal);
        if (dots <= 0) { throw Expected(range, "the first and the last address, such as .100..199"); }
        var (first, last) = (range.Value[..dots], range.Value[(dots + 2)..]);
        if (first.StartsWith('.')) { return (HostNumber(range, first.AsSpan(1), subnet), HostNumber(range, last, subnet)); }
        return IpAddress.TryParse(first, out var from) && IpAddress.TryParse(last, out var to) && from.IsV4 && to.IsV4
            ? (from, to)
            : throw Expected(range, "the first and the last address, such as .100..199");
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
                    throw new LabFileException(range.Place, $"addresses that nobody has by hand, as somebody has {address}", range.Describe());
                }
            }
        }
    }
}
