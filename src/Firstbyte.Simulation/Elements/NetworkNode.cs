using Firstbyte.Addressing;
using Firstbyte.Hosts;

namespace Firstbyte.Simulation.Elements;

/// <summary>A host or a router of an internet: a machine with its place in the topology.</summary>
public abstract class NetworkNode : IFaultedMachine
{
    private readonly List<Plug> _plugs = [];
    private readonly Machine _machine;

    private protected NetworkNode(Internet internet, string name, HostSettings settings)
    {
        Internet = internet;
        Name = name;
        _machine = new Machine(internet.Kernel, name, internet.Frames, settings, internet.Sink);
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>Its plugs, in the order in which they were made.</summary>
    public IReadOnlyList<Plug> Plugs => _plugs;

    /// <summary>Its protocol stack on its cards, with the routes of the internet as it is now.</summary>
    public Machine Machine
    {
        get
        {
            Internet.Settle();
            return _machine;
        }
    }

    /// <summary>
    /// Rows written into its routing table by hand; they stand before what is worked out for it. Read when the routes are written, before
    /// the first socket.
    /// </summary>
    public IList<StaticRoute> Routes { get; } = [];

    /// <summary>False while it is switched off (see <c>Faults.CrashFault</c>): what arrives is lost, and its programs reach nobody.</summary>
    public bool IsUp => !_machine.Stack.IsCrashed;

    internal Internet Internet { get; }

    /// <summary>The same machine, without a look at the routes.</summary>
    internal Machine Bare => _machine;

    internal bool HasBegun { get; set; }

    /// <summary>Called when the power fails: what a program of it keeps in memory, beside the stack's own tables, is gone.</summary>
    internal Action? PowerLost { get; set; }

    void IFaultedMachine.Crash() => Crash();

    void IFaultedMachine.Restart() => Restart();

    void IFaultedMachine.Skew(TimeSpan offset, int driftPartsPerMillion) => _machine.Clock.Skew(offset, driftPartsPerMillion);

    internal void Crash()
    {
        if (!IsUp) { return; }
        _machine.Stack.Crash(_machine.Clock.Monotonic);
        PowerLost?.Invoke();
        // The programs' calls fail; nothing is left that could leave.
        _machine.Network.Flush();
    }

    internal void Restart()
    {
        _machine.Stack.Restart(_machine.Clock.Monotonic);
        _machine.Network.Flush();
    }

    /// <summary>Plugs the node into a subnet by a cable of its own.</summary>
    /// <param name="subnet">The subnet.</param>
    /// <param name="addresses">The node's addresses there.</param>
    /// <param name="settings">How the cable treats frames, in both directions.</param>
    /// <param name="wireName">The cable's name: node and subnet, joined by a hyphen, unless it is given.</param>
    /// <param name="box">Which of the subnet's hubs or switches; null is the first.</param>
    /// <exception cref="ArgumentException">An address is taken, or the box is not the subnet's.</exception>
    public Plug Attach(Subnet subnet, IReadOnlyList<IpAddress> addresses, WireSettings settings, string? wireName = null, IFrameBox? box = null)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        ArgumentNullException.ThrowIfNull(addresses);
        box ??= subnet.Boxes[0];
        if (!subnet.Boxes.Contains(box)) { throw new ArgumentException($"{box.Name} does not belong to {subnet.Name}", nameof(box)); }
        Internet.RequireFree(addresses);
        var name = wireName ?? $"{Name}-{subnet.Name}";
        var plug = new Plug(this, subnet, addresses, Internet.AddWire(name, settings, $"{name}/{Name}", $"{name}/{box.Name}"));
        box.Plug(plug.Wire.B);
        plug.Interface = new NodeCard(Internet, this, plug.Wire.A).PutIn(_machine, Internet.NextHardware(), plug);
        _plugs.Add(plug);
        subnet.Add(plug);
        Internet.Register(plug);
        return plug;
    }
}

/// <summary>A node that passes packets on between subnets.</summary>
public sealed class Router : NetworkNode
{
    internal Router(Internet internet, string name, RouterSettings settings)
        : base(internet, name, new HostSettings { IsRouter = true }) => Settings = settings;

    /// <summary>What its administrator has decided.</summary>
    public RouterSettings Settings { get; }

}
