using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;

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
        Fabric = world.Internet.Fabric ?? throw new ArgumentException("The world is not built of frames.", nameof(world));
        Machines = [.. world.Internet.Routers.Concat<NetworkNode>(world.Internet.Hosts)];
        var boxPorts = new Dictionary<Subnet, int>();
        var wires = Fabric.Wires.GetEnumerator();
        foreach (var node in Machines)
        {
            var stack = Fabric.MachineOf(node).Stack;
            for (var i = 0; i < node.Interfaces.Count && wires.MoveNext(); i++)
            {
                var (plug, wire) = (node.Interfaces[i], wires.Current);
                _ports.Add(wire.A, new ElementPort(node.Name, node is Router ? ElementKind.Router : ElementKind.Host, stack.Interfaces[i + 1].Name));
                var number = boxPorts[plug.Subnet] = boxPorts.GetValueOrDefault(plug.Subnet) + 1;
                var isHub = world.Definition.Subnets.Any(subnet => subnet.Name == plug.Subnet.Name && subnet.Kind == SubnetKind.Hub);
                _ports.Add(wire.B, new ElementPort(plug.Subnet.Name, isHub ? ElementKind.Hub : ElementKind.Switch, number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                _stations.Add(stack.Interfaces[i + 1].Hardware, node.Name);
            }
        }
    }

    /// <summary>The world.</summary>
    public LabWorld World { get; }

    /// <summary>Its routers and hosts, in the order of the lab.</summary>
    public IReadOnlyList<NetworkNode> Machines { get; }

    /// <summary>Its cables.</summary>
    public IReadOnlyList<Wire> Wires => Fabric.Wires;

    private FrameFabric Fabric { get; }

    /// <summary>The host or router of that name, or null.</summary>
    public NetworkNode? FindMachine(string name) => Machines.FirstOrDefault(machine => machine.Name == name);

    /// <summary>The cable of that name, or null.</summary>
    public Wire? FindWire(string name) => Wires.FirstOrDefault(wire => wire.Name == name);

    /// <summary>The own stack of a machine with its sockets.</summary>
    public StackNetwork NetworkOf(NetworkNode machine) => Fabric.MachineOf(machine).Network;

    /// <summary>The name of the machine that has an address, or null.</summary>
    public string? NameOf(IpAddress address) => World.Internet.FindInterface(address)?.Node.Name;

    /// <summary>The name of the machine whose card has a hardware address, or null.</summary>
    public string? NameOf(MacAddress hardware) => _stations.GetValueOrDefault(hardware);

    /// <summary>The machine's addresses of a version, in the order of its plugs.</summary>
    public static IEnumerable<IpAddress> AddressesOf(NetworkNode machine, IpVersion version)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine.Interfaces.SelectMany(static plug => plug.Addresses).Where(address => version == IpVersion.None || address.Version == version);
    }

    internal long LatencyOf(WireEnd end) => LinkOf(end).Settings.LatencyNanoseconds;

    internal int LossOf(WireEnd end) => LinkOf(end).Settings.LossMillionths;

    private LinkDirection LinkOf(WireEnd end) =>
        Machines.SelectMany(static machine => machine.Interfaces).First(plug => plug.Link.Name == end.Wire.Name).Link is var link && end == end.Wire.A ? link.Up : link.Down;

    internal ElementPort PortAt(WireEnd end) => _ports[end];
}

/// <summary>A port of an element.</summary>
internal sealed record ElementPort(string Element, ElementKind Kind, string Port)
{
    public bool IsMachine => Kind is ElementKind.Host or ElementKind.Router;
}
