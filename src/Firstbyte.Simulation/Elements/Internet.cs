using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation;

/// <summary>Subnets, routers and hosts in one process, and how a packet gets from one to another.</summary>
/// <remarks>
/// Theory of operation. This is the plain model: a packet knows its two ends, the internet finds its way once (own subnet, or by routers the
/// fewest subnets away), asks the faults and every link on the way whether it survives, adds up their delays, and lets it arrive at that
/// instant. A host's stack sees only "send this packet" and "this packet has arrived": the seam at which frames, hubs and hop-by-hop routing
/// take the plain model's place without anybody above the sockets noticing.
/// </remarks>
public sealed class Internet : IWaitReporter
{
    // How long a host's own packets take through its own stack: the order of magnitude of a loopback round trip on a real machine.
    private const long LoopbackNanoseconds = 10_000;

    // Linux asks three times, a second apart, for a hardware address (net.ipv4.neigh.default.mcast_solicit, retrans_time_ms) before it reports EHOSTUNREACH.
    private const long NeighbourTimeoutNanoseconds = 3_000_000_000;

    private readonly Dictionary<IpAddress, NetworkInterface> _byAddress = [];
    private readonly Dictionary<string, NetworkNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<SimulatedHost> _hosts = [];
    private readonly List<Router> _routers = [];
    private readonly List<Subnet> _subnets = [];
    private readonly Dictionary<(SimulatedHost, IpAddress), Route> _routes = [];
    private readonly Stack<Packet> _pool = new();
    private readonly ITraceSink _sink;

    /// <summary>An empty internet on a kernel; lost packets are told to the sink.</summary>
    public Internet(Kernel kernel, ITraceSink? sink = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Kernel = kernel;
        _sink = sink ?? SilentSink.Instance;
        Faults = new FaultTable(kernel);
        kernel.AddWaitReporter(this);
    }

    /// <summary>The world's heart.</summary>
    public Kernel Kernel { get; }

    /// <summary>What goes wrong on purpose.</summary>
    public FaultTable Faults { get; }

    /// <summary>The hosts in the order in which they were added.</summary>
    public IReadOnlyList<SimulatedHost> Hosts => _hosts;

    /// <summary>The routers in the order in which they were added.</summary>
    public IReadOnlyList<Router> Routers => _routers;

    /// <summary>The subnets in the order in which they were added.</summary>
    public IReadOnlyList<Subnet> Subnets => _subnets;

    /// <summary>Packets that have arrived.</summary>
    public long PacketsDelivered { get; private set; }

    /// <summary>Packets that were lost on the way.</summary>
    public long PacketsDropped { get; private set; }

    /// <summary>A new subnet.</summary>
    public Subnet AddSubnet(string name, params IReadOnlyList<IpPrefix> prefixes)
    {
        var subnet = new Subnet(name, prefixes);
        _subnets.Add(subnet);
        return subnet;
    }

    /// <summary>A new host, not plugged in yet.</summary>
    public SimulatedHost AddHost(string name)
    {
        var host = Kernel.Setup(() => new SimulatedHost(this, name));
        _nodes.Add(name, host);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A new router, not plugged in yet.</summary>
    public Router AddRouter(string name, RouterSettings? settings = null)
    {
        var router = new Router(this, name, settings ?? new RouterSettings());
        _nodes.Add(name, router);
        _routers.Add(router);
        return router;
    }

    /// <summary>The frames' side of this internet; null while it is the plain model.</summary>
    public FrameFabric? Fabric { get; private set; }

    /// <summary>Builds this internet of frames: from now on its hosts' sockets are our own stack's. Every node has to be plugged in before.</summary>
    /// <param name="hubs">The subnets that are hubs; the others are switches. Null: all are switches.</param>
    public FrameFabric UseFrames(Func<Subnet, bool>? hubs = null) => Fabric ??= FrameFabric.Build(this, hubs ?? (static _ => false), _sink.IsListening ? _sink : null);

    /// <summary>The host of that name, or null.</summary>
    public SimulatedHost? FindHost(string name) => _nodes.GetValueOrDefault(name) as SimulatedHost;

    /// <summary>The interface that has the address, or null.</summary>
    public NetworkInterface? FindInterface(IpAddress address) => _byAddress.GetValueOrDefault(address);

    void IWaitReporter.ReportWaits(List<WaitingCall> waits)
    {
        foreach (var host in _hosts) { host.Stack.ReportWaits(waits); }
    }

    internal void Register(NetworkInterface attached)
    {
        foreach (var address in attached.Addresses)
        {
            if (!_byAddress.TryAdd(address, attached)) { throw new ArgumentException($"{address} belongs to {_byAddress[address].Node.Name} already", nameof(attached)); }
        }
        _routes.Clear();
    }

    internal Packet NewPacket(PacketKind kind, Endpoint source, Endpoint target)
    {
        if (!_pool.TryPop(out var packet)) { packet = new Packet(this); }
        packet.Kind = kind;
        packet.Source = source;
        packet.Target = target;
        return packet;
    }

    internal void Release(Packet packet)
    {
        packet.Clear();
        _pool.Push(packet);
    }

    /// <summary>Whether the host knows where to send packets for the address: its own subnet, or a gateway.</summary>
    internal bool HasRoute(SimulatedHost host, IpAddress address) => host.Owns(address) || RouteOf(host, address).Kind != RouteKind.NoGateway;

    /// <summary>Sends a packet on its way. The packet belongs to the internet from here on.</summary>
    internal void Send(SimulatedHost sender, Packet packet)
    {
        if (!sender.IsUp) { Drop(packet, PacketDropReason.HostDown, sender.Name); return; }
        if (sender.Owns(packet.Target.Address))
        {
            packet.Destination = sender;
            Kernel.Schedule(Kernel.Now.PlusNanoseconds(LoopbackNanoseconds), packet);
            return;
        }
        var route = RouteOf(sender, packet.Target.Address);
        if (route.Kind != RouteKind.Reachable) { AnswerUnreachable(sender, packet, route); return; }
        if (!Faults.IsEmpty && Faults.Judge(sender, route.Destination!, packet) is { } verdict)
        {
            if (verdict == FaultVerdict.Drop) { Drop(packet, PacketDropReason.Fault, Faults.LastPlace); return; }
            if (verdict == FaultVerdict.Refuse) { AnswerRefused(sender, packet, route); return; }
        }
        Forward(packet, route);
    }

    internal void CountDelivered() => PacketsDelivered++;

    /// <summary>What the faults say about a packet of the frames' side.</summary>
    internal FaultVerdict? JudgeFaults(SimulatedHost sender, SimulatedHost receiver, bool isSegment, bool isOpening, bool isError, Endpoint source, Endpoint target)
    {
        var packet = NewPacket(isError ? PacketKind.Unreachable : isSegment ? PacketKind.Segment : PacketKind.Datagram, source, target);
        packet.Flags = isSegment && !isOpening ? SegmentFlags.Acknowledgment : SegmentFlags.Open;
        var verdict = Faults.Judge(sender, receiver, packet);
        if (verdict is not null) { PacketsDropped++; }
        Release(packet);
        return verdict;
    }

    private void Forward(Packet packet, Route route)
    {
        long delay = 0;
        foreach (var hop in route.Hops)
        {
            if (!hop.Direction.Survives()) { Drop(packet, hop.Direction.IsUp ? PacketDropReason.Loss : PacketDropReason.LinkDown, hop.Link.Name); return; }
            delay += hop.Direction.NextDelay();
        }
        var at = Kernel.Now.Nanoseconds + delay;
        if (packet.Kind == PacketKind.Segment)
        {
            // Jitter delays what follows in the same stream's direction; it does not overtake.
            at = Math.Max(at, route.LastSegmentAt);
            route.LastSegmentAt = at;
        }
        packet.Destination = route.Destination;
        Kernel.Schedule(new Instant(at), packet);
    }

    internal void Arrive(Packet packet)
    {
        var host = packet.Destination!;
        if (!host.IsUp) { Drop(packet, PacketDropReason.HostDown, host.Name); return; }
        PacketsDelivered++;
        Kernel.Trace.Fold(host.Fingerprint, Describe(packet), packet.Payload);
        host.Stack.Receive(packet);
    }

    internal void Drop(Packet packet, PacketDropReason reason, string place)
    {
        PacketsDropped++;
        Kernel.Trace.Fold((ulong)reason);
        if (_sink.IsListening)
        {
            var protocol = (packet.Kind == PacketKind.Unreachable ? packet.About : packet.Kind) == PacketKind.Datagram ? "udp" : "tcp";
            _sink.Tell(new PacketDropped(protocol, packet.Source, packet.Target, packet.Length, reason, place) { At = Kernel.Now });
        }
        Release(packet);
    }

    private static ulong Describe(Packet packet) =>
        (ulong)packet.Kind | ((ulong)packet.Flags << 2) | ((ulong)packet.Reason << 6) | ((ulong)packet.Source.Port << 16) ^ ((ulong)packet.Sequence << 24) ^ packet.Target.Port;

    /// <summary>A router, or the sender's own stack, tells the sender that there is no way; nobody tells about errors and resets.</summary>
    private void AnswerUnreachable(SimulatedHost sender, Packet packet, Route route)
    {
        var noHost = route.Kind == RouteKind.NoHost;
        var delay = (noHost ? NeighbourTimeoutNanoseconds : 0) + 2 * route.Hops.Sum(static hop => hop.Direction.Settings.LatencyNanoseconds);
        if (packet.Kind != PacketKind.Unreachable && (packet.Flags & SegmentFlags.Reset) == SegmentFlags.None)
        {
            SendError(sender, packet, noHost ? UnreachableReason.Host : UnreachableReason.Network, delay);
        }
        Drop(packet, noHost ? PacketDropReason.NoHost : PacketDropReason.NoRoute, packet.Target.Address.ToString());
    }

    /// <summary>What the target would answer if nothing had its port: a reset to an opening, an error to a datagram.</summary>
    private void AnswerRefused(SimulatedHost sender, Packet packet, Route route)
    {
        var delay = 2 * route.Hops.Sum(static hop => hop.Direction.Settings.LatencyNanoseconds);
        if (packet.Kind == PacketKind.Datagram) { SendError(sender, packet, UnreachableReason.Port, delay); }
        else
        {
            var reset = NewPacket(PacketKind.Segment, packet.Target, packet.Source);
            reset.Flags = SegmentFlags.Reset | SegmentFlags.Acknowledgment;
            reset.Acknowledgment = packet.Sequence + 1;
            reset.Destination = sender;
            Kernel.Schedule(Kernel.Now.PlusNanoseconds(delay), reset);
        }
        Release(packet);
    }

    private void SendError(SimulatedHost sender, Packet about, UnreachableReason reason, long delay)
    {
        var error = NewPacket(PacketKind.Unreachable, about.Target, about.Source);
        error.Reason = reason;
        error.About = about.Kind;
        error.Destination = sender;
        Kernel.Schedule(Kernel.Now.PlusNanoseconds(delay), error);
    }

    private Route RouteOf(SimulatedHost host, IpAddress address)
    {
        if (!_routes.TryGetValue((host, address), out var route))
        {
            route = RouteFinder.Find(this, host, address);
            _routes.Add((host, address), route);
        }
        return route;
    }
}
