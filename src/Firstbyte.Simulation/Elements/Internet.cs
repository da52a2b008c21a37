using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Advertising;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Hosts.Nat;
using Firstbyte.Hosts.Rip;
using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

/// <summary>
/// Subnets, routers and hosts in one process, built of frames: every subnet a hub or a switch, every plug a cable, every node a machine
/// with our own stack.
/// </summary>
/// <remarks>
/// Theory of operation. The internet says what there is: subnets with their hubs and switches (<see cref="Subnet"/>), nodes with their
/// addresses and cables (<see cref="NetworkNode.Attach"/>), and what goes wrong (<c>Simulation/Faults</c>). Everything is made as it is plugged in: a hardware
/// address, a <see cref="Wire"/>, a card in the node's <see cref="Machine"/>. Only the routes that an administrator would have written (see
/// <see cref="WrittenRoutes"/>) need the whole: they are written when the first program asks for the network after something was plugged in.
/// From then on a packet goes hop by hop through ARP, queues and routing tables.
/// <code>
///   program ─► SimulatedHost ─► Machine: StackNetwork ─► HostStack ─► NodeCard ─► Wire ─► Hub or Switch ─► Wire ─► NodeCard ─► …
/// </code>
/// </remarks>
public sealed class Internet : IFaultedWorld
{
    // Locally administered, unicast (IEEE 802-2014 section 8.4); the first plug has the next one, and so on.
    private const ulong FirstHardware = 0x020000000000;

    private readonly Dictionary<IpAddress, Plug> _byAddress = [];
    private readonly Dictionary<string, NetworkNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<SimulatedHost> _hosts = [];
    private readonly List<Router> _routers = [];
    private readonly List<Subnet> _subnets = [];
    private readonly List<Plug> _plugs = [];
    private readonly List<Wire> _wires = [];
    private bool _routesAreOld;


    /// <summary>An empty internet on a kernel.</summary>
    /// <param name="kernel">The world's heart.</param>
    /// <param name="sink">Who hears what machines and links do with frames; nobody when it is null or does not listen now.</param>
    public Internet(Kernel kernel, ITraceSink? sink = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Kernel = kernel;
        Sink = sink is { IsListening: true } ? sink : null;
    }

    /// <summary>The world's heart.</summary>
    public Kernel Kernel { get; }

    /// <summary>What goes wrong on purpose; null until there is something.</summary>
    internal IFaultGate? FaultGate { get; set; }

    /// <summary>The frames of this world.</summary>
    public FramePool Frames { get; } = new();

    /// <summary>The hosts in the order in which they were added.</summary>
    public IReadOnlyList<SimulatedHost> Hosts => _hosts;

    /// <summary>The routers in the order in which they were added.</summary>
    public IReadOnlyList<Router> Routers => _routers;

    /// <summary>The subnets in the order in which they were added.</summary>
    public IReadOnlyList<Subnet> Subnets => _subnets;

    /// <summary>The cables in the order in which they were made.</summary>
    public IReadOnlyList<Wire> Wires => _wires;

    /// <summary>Frames that have arrived at the end of a cable.</summary>
    public long FramesDelivered
    {
        get
        {
            long count = 0;
            foreach (var wire in _wires) { count += wire.A.Delivered + wire.B.Delivered; }
            return count;
        }
    }

    /// <summary>Frames that were lost on the way.</summary>
    public long FramesLost
    {
        get
        {
            long count = 0;
            foreach (var wire in _wires) { count += wire.A.Lost + wire.B.Lost; }
            return count;
        }
    }

    internal ITraceSink? Sink { get; }

    /// <summary>A new subnet whose cables are joined by a switch.</summary>
    public Subnet AddSubnet(string name, params IReadOnlyList<IpPrefix> prefixes) => AddSubnet(name, NewSwitch(name), prefixes);

    /// <summary>A new subnet whose cables are joined by a hub or switch that is given.</summary>
    public Subnet AddSubnet(string name, IFrameBox box, params IReadOnlyList<IpPrefix> prefixes)
    {
        ArgumentNullException.ThrowIfNull(box);
        var subnet = new Subnet(this, name, prefixes, box);
        _subnets.Add(subnet);
        return subnet;
    }

    /// <summary>A hub that tells what it does to whoever listens to this internet, not plugged in yet.</summary>
    public Hub NewHub(string name) => new(name) { Sink = Sink };

    /// <summary>A switch that tells what it does to whoever listens to this internet, not plugged in yet.</summary>
    public Switch NewSwitch(string name) => new(Kernel, name) { Sink = Sink };

    /// <summary>A new host, not plugged in yet.</summary>
    /// <param name="name">A name that no other node has.</param>
    /// <param name="settings">What its administrator decided.</param>
    public SimulatedHost AddHost(string name, HostSettings? settings = null)
    {
        var host = new SimulatedHost(this, name, settings ?? new HostSettings());
        _nodes.Add(name, host);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A new router, not plugged in yet.</summary>
    /// <param name="name">A name that no other node has.</param>
    /// <param name="settings">What its administrator decided.</param>
    public Router AddRouter(string name, RouterSettings? settings = null)
    {
        var router = new Router(this, name, settings ?? new RouterSettings());
        _nodes.Add(name, router);
        _routers.Add(router);
        return router;
    }

    /// <summary>The host of that name, or null.</summary>
    public SimulatedHost? FindHost(string name) => _nodes.GetValueOrDefault(name) as SimulatedHost;

    /// <summary>The host or router of that name, or null.</summary>
    public NetworkNode? FindNode(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>The cable of that name, or null.</summary>
    public Wire? FindWire(string name) => _wires.Find(wire => wire.Name == name);

    /// <summary>The plug that has the address, or null.</summary>
    public Plug? FindPlug(IpAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>
    /// Captures everything that machines send and receive from now on, each card an interface, with the names of the machines and their
    /// reasons.
    /// </summary>
    /// <param name="output">Where the pcapng bytes go, a whole block in each write.</param>
    /// <param name="comment">What is captured: the lab and its seed.</param>
    /// <param name="secrets">What is done about secrets in the frames.</param>
    /// <returns>The tap; disposing it ends the capture.</returns>
    public CaptureTap Capture(Stream output, string comment, CaptureSecrets secrets = CaptureSecrets.Keep)
    {
        var tap = new CaptureTap(Kernel, output, comment, secrets);
        foreach (var plug in _plugs)
        {
            foreach (var address in plug.Addresses) { tap.AddName(address, plug.Node.Name); }
        }
        foreach (var node in (IEnumerable<NetworkNode>)[.. _routers, .. _hosts])
        {
            var host = tap.Listen(node.Machine);
            foreach (var plug in node.Plugs) { tap.Watch(plug.Wire.A, host, plug.Interface); }
        }
        return tap;
    }

    /// <summary>
    /// Writes the routes of what has been plugged in and lets routers begin. The first socket does it; a world whose routers are to speak
    /// before that does it when everything is plugged in.
    /// </summary>
    public void Settle()
    {
        if (!_routesAreOld) { return; }
        _routesAreOld = false;
        var destinations = new List<IpPrefix>();
        foreach (var router in _routers) { WrittenRoutes.OfRouter(router, destinations); }
        foreach (var router in _routers) { Begin(router); }
        foreach (var host in _hosts) { WrittenRoutes.OfHost(host, destinations); }
        Kernel.Setup(() =>
        {
            foreach (var host in _hosts) { host.AskForAddresses(); }
            return this;
        });
    }

    /// <summary>
    /// Lets time pass until every host that asks for an address has one, or a limit is over: what a person does who has just switched
    /// everything on. True when they have.
    /// </summary>
    /// <remarks>A world in which nobody asks is not touched.</remarks>
    public bool AwaitAddresses(TimeSpan limit)
    {
        Settle();
        var until = Kernel.Now + limit;
        while (!_hosts.TrueForAll(static host => host.HasAddresses))
        {
            if (Kernel.Now >= until || !Kernel.Step()) { return false; }
        }
        return true;
    }

    internal void RequireFree(IReadOnlyList<IpAddress> addresses)
    {
        foreach (var address in addresses)
        {
            if (_byAddress.TryGetValue(address, out var taken))
            {
                throw new ArgumentException($"{address} belongs to {taken.Node.Name} already", nameof(addresses));
            }
        }
    }

    internal void Register(Plug plug)
    {
        foreach (var address in plug.Addresses) { _byAddress.Add(address, plug); }
        _plugs.Add(plug);
        _routesAreOld = true;
    }

    internal Wire AddWire(string name, WireSettings settings, string nameOfA, string nameOfB)
    {
        var wire = new Wire(Kernel, name, settings, nameOfA, nameOfB, Sink);
        _wires.Add(wire);
        return wire;
    }

    /// <summary>An address has been lent to a plug, or is no longer.</summary>
    internal void SetLent(Plug plug, IpAddress address, bool isLent)
    {
        if (isLent) { _byAddress.TryAdd(address, plug); }
        else if (_byAddress.GetValueOrDefault(address) == plug && !plug.Addresses.Contains(address)) { _byAddress.Remove(address); }
    }

    internal MacAddress NextHardware() => new(FirstHardware + (ulong)_plugs.Count + 1);

    IFaultedMachine? IFaultedWorld.FindOwner(IpAddress address) => FindPlug(address)?.Node;

    IFaultedMachine? IFaultedWorld.FindStation(MacAddress hardware)
    {
        // They are given out in order (see NextHardware).
        var number = (long)(hardware.Bits - FirstHardware);
        return number > 0 && number <= _plugs.Count ? _plugs[(int)number - 1].Node : null;
    }

    /// <summary>What a router does of itself, as its administrator has set it up.</summary>
    internal void Begin(NetworkNode node)
    {
        if (node is not Router router) { return; }
        var settings = router.Settings;
        if (router.HasBegun || settings is { Rip: false, Advertises: false, NatOutside: null, Pools: null }) { return; }
        router.HasBegun = true;
        var machine = router.Bare;
        if (settings.NatOutside is { } outside && !router.Plugs.Any(plug => plug.Subnet.Name == outside))
        {
            throw new ArgumentException($"{router.Name} has no plug in {outside}, which should be its outside", nameof(node));
        }
        Kernel.Setup(() =>
        {
            foreach (var plug in router.Plugs)
            {
                if (settings.NatOutside == plug.Subnet.Name) { machine.Stack.Start(new AddressTranslation(plug.Interface), Kernel.Now); }
                if (settings.Advertises) { machine.Stack.Start(new RouterAdvertising(plug.Interface), Kernel.Now); }
            }
            foreach (var pool in settings.Pools ?? []) { Lend(router, pool); }
            if (settings.Rip)
            {
                machine.Stack.Start(
                    new RipProgram(
                        IpVersion.V4,
                        [.. router.Plugs.Where(plug => settings.NatOutside is not { } outside || plug.Subnet.Name == outside)
                        .Select(static plug => plug.Interface)]), Kernel.Now);
                machine.Stack.Start(new RipProgram(IpVersion.V6, [.. router.Plugs.Select(static plug => plug.Interface)]), Kernel.Now);
            }
            machine.Network.Flush();
            return machine;
        });
    }

    private static void Lend(Router router, AddressPool pool)
    {
        var plug = router.Plugs.FirstOrDefault(plug => plug.Subnet.Name == pool.Subnet);
        var own = plug?.Interface.Addresses.FirstOrDefault(static own => own.Address.IsV4) ?? default;
        if (plug is null || !own.Address.IsV4)
        {
            throw new ArgumentException(
                $"{router.Name} has no IPv4 address in {pool.Subnet}, where it should lend addresses", nameof(router));
        }
        var settings = new DhcpServerSettings(
            own.Prefix, pool.First, pool.Last)
        {
            Routers = [own.Address],
            NameServers = pool.NameServers ?? [own.Address],
            DomainName = pool.DomainName
        };
        if (pool.LeaseTime is { } time) { settings = settings with { LeaseTime = time }; }
        router.Bare.Stack.Start(new DhcpServerProgram(plug.Interface, new DhcpServer(settings, own.Address)), router.Bare.Clock.Monotonic);
    }
}
