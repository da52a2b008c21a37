using Firstbyte.Addressing;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Labs;

// Hosts and routers.
internal sealed partial class LabFileReader
{
    private void ReadRouter()
    {
        var name = TakeNode();
        var plugs = ReadInterfaces(name);
        var settings = new RouterSettings();
        var routes = new List<StaticRoute>();
        var pools = new List<AddressPool>();
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            switch (word.Value)
            {
                case "rip": settings = settings with { Rip = true }; break;
                case "nat": settings = settings with { NatOutside = ReadOutside(plugs) }; break;
                case "advertise": settings = settings with { Advertises = true }; break;
                case "dhcp": pools.Add(ReadPool(plugs, pools)); break;
                case "route": ReadRoute(plugs, routes); break;
                default: throw Expected(word, LabTerm.OneOf, "','", "rip", "nat", "advertise", "dhcp", "route");
            }
        }
        if (pools.Count > 0) { settings = settings with { Pools = pools }; }
        _routers.Add(new RouterDefinition(name, plugs, settings, routes));
    }

    private string ReadOutside(List<InterfaceDefinition> plugs)
    {
        var outside = TakeWord(LabTerm.OutsideSubnet);
        var plug = plugs.Find(plug => plug.Subnet == outside.Value) ?? throw Expected(
            outside, LabTerm.PluggedSubnet, [.. plugs.Select(static plug => plug.Subnet)]);
        return plug.Addresses.Any(static address => address.IsV4) ? plug.Subnet : throw Expected(outside, LabTerm.SharedAddressSubnet);
    }

    /// <summary>The next hop is an address, or a router's name, which stands for its address on a subnet that both are plugged into.</summary>
    private void ReadRoute(List<InterfaceDefinition> plugs, List<StaticRoute> routes)
    {
        var word = TakeWord(LabTerm.Prefix);
        if (!word.Value.Contains('/') || !IpPrefix.TryParse(word.Value, out var prefix)) { throw Expected(word, LabTerm.PrefixOrDefault); }
        Limit(word, routes.Count + 1, LabLimits.Routes, LabTerm.MostRoutes);
        TakeKeyword("via");
        var via = TakeWord(LabTerm.NextHop);
        if (IpAddress.TryParse(via.Value, out var address))
        {
            if (!plugs.Exists(plug => FindBox(plug.Subnet)!.Prefixes.Any(prefix => prefix.Contains(address))))
            {
                throw Expected(via, LabTerm.NextHopOnSubnet);
            }
            routes.Add(new StaticRoute(prefix, address));
            return;
        }
        var at = routes.Count;
        routes.Add(new StaticRoute(prefix, default));
        _references.Add((via, value =>
        {
            var found = OnSameSubnet(value, plugs).FirstOrDefault(address => address.Version == prefix.Network.Version);
            routes[at] = found.Version == prefix.Network.Version
                ? new StaticRoute(prefix, found)
                : throw Expected(via, LabTerm.RouterOfVersion, [.. plugs.Select(static plug => plug.Subnet)]);
        }
        ));
    }

    private IEnumerable<IpAddress> OnSameSubnet(string router, List<InterfaceDefinition> plugs) =>
        _routers.Where(one => one.Name == router).SelectMany(static one => one.Interfaces)
            .Where(other => plugs.Exists(plug => plug.Subnet == other.Subnet)).SelectMany(static other => other.Addresses);

    private void ReadHost()
    {
        var name = TakeNode();
        var plugs = ReadInterfaces(name, mayUseDhcp: true);
        var gateways = new List<IpAddress>();
        var routes = new List<StaticRoute>();
        var nameservers = new List<IpAddress>();
        var services = new List<ServiceDefinition>();
        var files = new List<FileDefinition>();
        PortRange? ports = null;
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            switch (word.Value)
            {
                case "gateway": ReadGateway(plugs, gateways); break;
                case "route": ReadRoute(plugs, routes); break;
                case "nameserver": do { nameservers.Add(TakeAddress()); } while (IsAddress(tokens.Peek())); break;
                case "ports": ports = ReadPorts(); break;
                case "serves": ReadServices(services); break;
                case "forges": services.Add(ReadForger(word.Place)); break;
                case "file": files.Add(new FileDefinition(TakeWord(LabTerm.FilePath).Value, ReadContent(LabTerm.Content))); break;
                default: throw Expected(word, LabTerm.OneOf, "','", "gateway", "route", "nameserver", "ports", "serves", "forges", "file");
            }
        }
        if (services.Find(static service => service is ResolverService) is { } resolver && services.Exists(static service => service is ZoneService))
        {
            throw new LabFileException(resolver.Place, LabTerm.ZonesOrResolver, new LabFound(LabFoundKind.Both));
        }
        if (!plugs.Exists(static plug => plug.Addresses.Count > 0) && services.Find(static service => service is ResolverService or ZoneService) is { } nowhere)
        {
            throw new LabFileException(nowhere.Place, LabTerm.LastingAddress, new LabFound(LabFoundKind.LentAddress));
        }
        _hosts.Add(new HostDefinition(name, plugs, gateways, routes, nameservers, services, files, ports));
    }

    /// <summary>A router's name stands for its addresses on the host's subnets; an address stands for itself, also where nobody has it.</summary>
    private void ReadGateway(List<InterfaceDefinition> plugs, List<IpAddress> gateways)
    {
        var name = TakeWord(LabTerm.RouterName);
        if (IpAddress.TryParse(name.Value, out var address))
        {
            var near = plugs.SelectMany(plug => FindBox(plug.Subnet)!.Prefixes).ToArray();
            if (!Array.Exists(near, prefix => prefix.Contains(address)))
            {
                throw Expected(name, LabTerm.GatewayIn, [.. near.Select(static prefix => $"{prefix}")]);
            }
            gateways.Add(address);
            return;
        }
        _references.Add((name, value =>
        {
            var found = OnSameSubnet(value, plugs).ToArray();
            if (found.Length == 0) { throw Expected(name, LabTerm.RouterOn, [.. plugs.Select(static plug => plug.Subnet)]); }
            gateways.AddRange(found);
        }
        ));
    }

    private IpAddress TakeAddress()
    {
        var word = TakeWord(LabTerm.Address);
        return IpAddress.TryParse(word.Value, out var address) ? address : throw Expected(word, LabTerm.Address);
    }

    private static bool IsAddress(LabToken token) => token.Kind == LabTokenKind.Word && IpAddress.TryParse(token.Value, out _);
}
