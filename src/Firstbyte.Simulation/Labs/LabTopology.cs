using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Labs;

/// <summary>Plugs together what a lab's file describes: subnets with their hubs and switches, routers, hosts, and the cables between them.</summary>
internal sealed class LabTopology
{
    private readonly LabDefinition _definition;
    private readonly Internet _internet;
    private readonly Dictionary<string, LinkDefinition> _links;
    private readonly Dictionary<string, Subnet> _subnets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IFrameBox> _boxes = new(StringComparer.Ordinal);

    private LabTopology(LabDefinition definition, Internet internet)
    {
        (_definition, _internet) = (definition, internet);
        _links = definition.Links.ToDictionary(static link => link.Name, StringComparer.Ordinal);
    }

    public static void Connect(LabDefinition definition, Internet internet) => new LabTopology(definition, internet).Connect();

    private void Connect()
    {
        foreach (var subnet in _definition.Subnets) { Connect(subnet); }
        foreach (var router in _definition.Routers)
        {
            var node = _internet.AddRouter(router.Name, router.Settings);
            foreach (var route in router.Routes) { node.Routes.Add(route); }
            foreach (var plug in router.Interfaces) { Attach(node, plug); }
        }
        foreach (var host in _definition.Hosts)
        {
            var node = _internet.AddHost(
                host.Name, host.Ports is { } ports
                    ? new HostSettings { FirstEphemeralPort = ports.First, LastEphemeralPort = ports.Last }
                    : null);
            foreach (var route in host.Routes) { node.Routes.Add(route); }
            foreach (var plug in host.Interfaces) { Attach(node, plug); }
            foreach (var gateway in host.Gateways) { node.Gateways.Add(gateway); }
        }
    }

    private void Connect(SubnetDefinition subnet)
    {
        var first = NewBox(subnet.Name, subnet.Kind);
        var made = _internet.AddSubnet(subnet.Name, first, subnet.Prefixes);
        _subnets.Add(subnet.Name, made);
        foreach (var box in subnet.Boxes)
        {
            var wire = made.Extend(NewBox(box.Name, box.Kind), LabWorld.DefaultLink, _boxes[box.Uplink]);
            Treat(wire);
        }
    }

    private IFrameBox NewBox(string name, SubnetKind kind)
    {
        IFrameBox box = kind == SubnetKind.Hub ? _internet.NewHub(name) : _internet.NewSwitch(name);
        _boxes.Add(name, box);
        return box;
    }

    // A card takes its MTU from its own end of the cable when it is plugged in.
    private void Attach(NetworkNode node, InterfaceDefinition plug)
    {
        var box = plug.Box ?? plug.Subnet;
        var name = $"{node.Name}-{box}";
        var settings = _links.TryGetValue(name, out var link) ? link.Up : LabWorld.DefaultLink;
        var made = node.Attach(_subnets[plug.Subnet], plug.Addresses, settings, name, _boxes[box]);
        if (plug.UsesDhcp) { ((SimulatedHost)node).UseDhcp(made); }
        Treat(made.Wire);
    }

    private void Treat(Wire wire)
    {
        if (!_links.TryGetValue(wire.Name, out var link)) { return; }
        wire.A.Settings = link.Up;
        wire.B.Settings = link.Down;
    }
}
