using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Recording;

/// <summary>Finds the parts of a living lab by their names: machines, cables, and whose an address is.</summary>
public sealed class LabElements
{
    private readonly Dictionary<WireEnd, ElementPort> _ports = [];
    private readonly Dictionary<MacAddress, string> _stations = [];

    /// <summary>The parts of a world.</summary>
    public LabElements(LabWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        Machines = [.. world.Internet.Routers.Concat<NetworkNode>(world.Internet.Hosts)];
        world.Internet.Settle();
        foreach (var plug in Machines.SelectMany(static machine => machine.Plugs))
        {
            _ports.Add(plug.Wire.A, new ElementPort(plug.Node.Name, plug.Node is Router ? ElementKind.Router : ElementKind.Host, plug.Interface.Name));
            _stations.Add(plug.Interface.Hardware, plug.Node.Name);
        }
        // The other ends are hubs' and switches'; an end's name says whose it is.
        var boxes = world.Internet.Subnets.SelectMany(static subnet => subnet.Boxes).ToDictionary(static box => box.Name, StringComparer.Ordinal);
        foreach (var end in Wires.SelectMany(static wire => (WireEnd[])[wire.A, wire.B]).Where(end => !_ports.ContainsKey(end)))
        {
            var name = end.Name[(end.Name.LastIndexOf('/') + 1)..];
            _ports.Add(end, new ElementPort(name, boxes.GetValueOrDefault(name) is Hub ? ElementKind.Hub : ElementKind.Switch, end.Wire.Name));
        }
    }

    /// <summary>The world.</summary>
    public LabWorld World { get; }

    /// <summary>Its routers and hosts, in the order of the lab.</summary>
    public IReadOnlyList<NetworkNode> Machines { get; }

    /// <summary>Its cables.</summary>
    public IReadOnlyList<Wire> Wires => World.Internet.Wires;

    /// <summary>The host or router of that name, or null.</summary>
    public NetworkNode? FindMachine(string name) => Machines.FirstOrDefault(machine => machine.Name == name);

    /// <summary>The cable of that name, or null.</summary>
    public Wire? FindWire(string name) => Wires.FirstOrDefault(wire => wire.Name == name);

    /// <summary>Whether a cable ends at a machine, hub or switch.</summary>
    public bool IsAt(string cable, string element) => FindWire(cable) is { } wire && (PortAt(wire.A).Element == element || PortAt(wire.B).Element == element);

    /// <summary>The name of the machine that has an address, or null.</summary>
    public string? NameOf(IpAddress address) => World.Internet.FindPlug(address)?.Node.Name;

    /// <summary>The name of the machine whose card has a hardware address, or null.</summary>
    public string? NameOf(MacAddress hardware) => _stations.GetValueOrDefault(hardware);

    /// <summary>The machine's addresses of a version, in the order of its plugs.</summary>
    public static IEnumerable<IpAddress> AddressesOf(NetworkNode machine, IpVersion version)
    {
        ArgumentNullException.ThrowIfNull(machine);
        // What was lent (DHCP) stands at the interface alone.
        return machine.Plugs.SelectMany(static plug => plug.Addresses.Concat(Lent(plug)))
            .Where(address => version == IpVersion.None || address.Version == version);
    }

    private static IEnumerable<IpAddress> Lent(Plug plug) =>
        plug.Interface.Addresses.Select(static own => own.Address).Where(own => own.IsV4 && !plug.Addresses.Contains(own));

    internal ElementPort PortAt(WireEnd end) => _ports[end];
}

/// <summary>A port of an element.</summary>
internal sealed record ElementPort(string Element, ElementKind Kind, string Port)
{
    public bool IsMachine => Kind is ElementKind.Host or ElementKind.Router;
}
