using Firstbyte.Addressing;

namespace Firstbyte.Simulation.Elements;

/// <summary>A network whose machines reach each other without a router: a hub or a switch with its cables, or several of them joined.</summary>
public sealed class Subnet
{
    private readonly Internet _internet;
    private readonly IpPrefix[] _prefixes;
    private readonly List<Plug> _plugs = [];
    private readonly List<IFrameBox> _boxes = [];

    internal Subnet(Internet internet, string name, IReadOnlyList<IpPrefix> prefixes, IFrameBox box)
    {
        _internet = internet;
        Name = name;
        _prefixes = [.. prefixes];
        _boxes.Add(box);
    }

    /// <summary>The subnet's name.</summary>
    public string Name { get; }

    /// <summary>Its network numbers.</summary>
    public IReadOnlyList<IpPrefix> Prefixes => _prefixes;

    /// <summary>What is plugged in, in the order in which it was.</summary>
    public IReadOnlyList<Plug> Plugs => _plugs;

    /// <summary>What joins its cables, in the order in which it was added: the first is where nodes are plugged in that name no other.</summary>
    public IReadOnlyList<IFrameBox> Boxes => _boxes;

    /// <summary>Whether an address belongs to the subnet.</summary>
    public bool Contains(IpAddress address)
    {
        foreach (var prefix in _prefixes)
        {
            if (prefix.Contains(address)) { return true; }
        }
        return false;
    }

    /// <summary>Adds a hub or a switch by a cable to one that is there: hubs chain.</summary>
    /// <param name="box">The new one.</param>
    /// <param name="uplink">The one it is joined to; null is the first.</param>
    /// <param name="settings">How the cable between them treats frames.</param>
    /// <param name="wireName">The cable's name; the two boxes' names joined by a hyphen unless it is given.</param>
    /// <exception cref="ArgumentException">The uplink is not of this subnet, or the box is already: two cables between boxes would send
    /// frames round for ever.</exception>
    public Wire Extend(IFrameBox box, WireSettings settings, IFrameBox? uplink = null, string? wireName = null)
    {
        ArgumentNullException.ThrowIfNull(box);
        uplink ??= _boxes[0];
        if (!_boxes.Contains(uplink)) { throw new ArgumentException($"{uplink.Name} does not belong to {Name}", nameof(uplink)); }
        if (_boxes.Contains(box)) { throw new ArgumentException($"{box.Name} belongs to {Name} already", nameof(box)); }
        var name = wireName ?? $"{box.Name}-{uplink.Name}";
        var wire = _internet.AddWire(name, settings, $"{name}/{box.Name}", $"{name}/{uplink.Name}");
        box.Plug(wire.A);
        uplink.Plug(wire.B);
        _boxes.Add(box);
        return wire;
    }

    internal void Add(Plug plug) => _plugs.Add(plug);

    /// <summary>What routers announce of the subnet: its prefixes, and the machines in it whose addresses lie outside them.</summary>
    /// <param name="destinations">Is emptied first: one list serves a whole world's subnets.</param>
    internal void ListDestinations(List<IpPrefix> destinations)
    {
        destinations.Clear();
        destinations.AddRange(_prefixes);
        foreach (var plug in _plugs) { plug.AddForeignAddresses(destinations); }
    }
}

/// <summary>A node's plug in a subnet.</summary>
public sealed class Plug
{
    private readonly IpAddress[] _addresses;

    internal Plug(NetworkNode node, Subnet subnet, IReadOnlyList<IpAddress> addresses, Wire wire)
    {
        Node = node;
        Subnet = subnet;
        _addresses = [.. addresses];
        Wire = wire;
    }

    /// <summary>Whose plug it is.</summary>
    public NetworkNode Node { get; }

    /// <summary>Where it is plugged in.</summary>
    public Subnet Subnet { get; }

    /// <summary>
    /// The node's addresses there. One outside the subnet's prefixes is announced by the routers as a route to this host alone (as the
    /// root servers' are).
    /// </summary>
    public IReadOnlyList<IpAddress> Addresses => _addresses;

    internal void AddForeignAddresses(List<IpPrefix> destinations)
    {
        foreach (var address in _addresses)
        {
            if (!Subnet.Contains(address)) { destinations.Add(new IpPrefix(address, address.BitLength)); }
        }
    }

    /// <summary>The cable: its end A is at the node, its end B at the subnet's hub or switch.</summary>
    public Wire Wire { get; }

    /// <summary>The node's card there, as its stack knows it.</summary>
    public Firstbyte.Hosts.NetworkInterface Interface { get; internal set; } = null!;
}
