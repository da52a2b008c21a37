using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

/// <summary>The frames' side of an internet: every subnet a hub or a switch, every plug a wire, every node a machine with our own stack.</summary>
/// <remarks>
/// Theory of operation. The <see cref="Internet"/> says what is there: subnets, nodes, their addresses, their cables, what goes wrong. The
/// fabric builds it of frames: it gives every plug a hardware address and a wire that follows the cable's settings, and every router the
/// routes that an administrator would have written (see <see cref="FabricRoutes"/>). From then on the hosts' sockets are our stack's, and
/// a packet goes hop by hop through ARP, queues and routing tables instead of arriving by the plain model's sum of delays.
/// Nobody above the sockets notices.
/// </remarks>
public sealed class FrameFabric
{
    // In the order in which they were made, which is the order of a capture's names.
    private readonly OrderedDictionary<NetworkNode, Machine> _machines = [];
    private readonly Dictionary<Subnet, Action<WireEnd>> _boxes = [];
    private readonly List<Wire> _wires = [];
    private ulong _hardware = 0x020000000000;

    private FrameFabric(Internet internet) => Internet = internet;

    /// <summary>The internet it is made of.</summary>
    public Internet Internet { get; }

    /// <summary>The frames of this world.</summary>
    public FramePool Frames { get; } = new();

    /// <summary>Its wires, in the order in which the plugs were made.</summary>
    public IReadOnlyList<Wire> Wires => _wires;

    /// <summary>Frames that have arrived at the end of a wire.</summary>
    public long FramesDelivered
    {
        get
        {
            long count = 0;
            foreach (var wire in _wires) { count += wire.A.Delivered + wire.B.Delivered; }
            return count;
        }
    }

    /// <summary>The machine that a node has become.</summary>
    public Machine MachineOf(NetworkNode node) => _machines[node];

    /// <summary>Captures everything that machines send and receive from now on, each card an interface, with the names of the machines and their reasons.</summary>
    /// <param name="output">Where the pcapng bytes go, a whole block in each write.</param>
    /// <param name="comment">What is captured: the lab and its seed.</param>
    /// <returns>The tap; disposing it ends the capture.</returns>
    public CaptureTap Capture(Stream output, string comment)
    {
        var tap = new CaptureTap(Internet.Kernel, output, comment);
        foreach (var node in _machines.Keys)
        {
            foreach (var plug in node.Interfaces)
            {
                foreach (var address in plug.Addresses) { tap.AddName(address, node.Name); }
            }
        }
        var next = 0;
        foreach (var (node, machine) in _machines)
        {
            var host = tap.Listen(machine);
            // A machine's cards come after its loopback interface, in the order of its plugs.
            for (var i = 0; i < node.Interfaces.Count; i++) { tap.Watch(_wires[next++].A, host, machine.Stack.Interfaces[i + 1]); }
        }
        return tap;
    }

    /// <summary>Builds the frames' side of an internet whose nodes are all plugged in.</summary>
    /// <param name="internet">What there is.</param>
    /// <param name="hubs">The subnets that are hubs; the others are switches.</param>
    /// <param name="sink">Who hears what machines do with frames; null when nobody does.</param>
    internal static FrameFabric Build(Internet internet, Func<Subnet, bool> hubs, ITraceSink? sink)
    {
        var fabric = new FrameFabric(internet);
        foreach (var subnet in internet.Subnets)
        {
            if (hubs(subnet)) { fabric._boxes.Add(subnet, new Hub(subnet.Name) { Sink = sink }.Plug); }
            else { fabric._boxes.Add(subnet, new Switch(internet.Kernel, subnet.Name) { Sink = sink }.Plug); }
        }
        foreach (var router in internet.Routers) { fabric.Add(router, new HostSettings { IsRouter = true }, sink); }
        foreach (var host in internet.Hosts) { fabric.Add(host, new HostSettings(), sink); }
        foreach (var router in internet.Routers) { FabricRoutes.OfRouter(fabric, router); }
        foreach (var router in internet.Routers) { fabric.Begin(router); }
        foreach (var host in internet.Hosts) { FabricRoutes.OfHost(fabric, host); }
        return fabric;
    }

    // What a router does of itself, as its administrator has set it up.
    private void Begin(Router router)
    {
        var machine = _machines[router];
        var settings = router.Settings;
        if (settings is { Rip: false, Advertises: false, NatOutside: null }) { return; }
        Internet.Kernel.Setup(() =>
        {
            for (var i = 0; i < router.Interfaces.Count; i++)
            {
                var own = machine.Stack.Interfaces[i + 1];
                if (settings.Advertises) { machine.Stack.StartAdvertising(own, Internet.Kernel.Now); }
            }
            machine.Network.Flush();
            return machine;
        });
    }

    private void Add(NetworkNode node, HostSettings settings, ITraceSink? sink)
    {
        var machine = new Machine(Internet.Kernel, node.Name, Frames, settings, sink);
        _machines.Add(node, machine);
        foreach (var plug in node.Interfaces)
        {
            var wire = new Wire(Internet.Kernel, plug.Link.Name, new WireSettings());
            (wire.A.Name, wire.B.Name) = ($"{plug.Link.Name}/{node.Name}", $"{plug.Link.Name}/{plug.Subnet.Name}");
            (wire.A.Follows, wire.B.Follows) = (plug.Link.Up, plug.Link.Down);
            _wires.Add(wire);
            _boxes[plug.Subnet](wire.B);
            var card = new NodeCard(this, node, wire.A);
            card.Plug(machine, new MacAddress(++_hardware), plug);
        }
    }
}

/// <summary>The network card of a node: what a node that is switched off, and the faults of its world, do to frames.</summary>
internal sealed class NodeCard(FrameFabric fabric, NetworkNode node, WireEnd end) : IFramePort, IFrameDevice
{
    private readonly ulong _fingerprint = TraceHash.Of(end.Name);
    private readonly BrokenConnections? _broken = node is SimulatedHost host ? new BrokenConnections(fabric.Internet.Faults, host, fabric.Frames) : null;
    private Machine? _machine;
    private Firstbyte.Hosts.NetworkInterface? _interface;

    public void Plug(Machine machine, MacAddress hardware, NetworkInterface plug)
    {
        _machine = machine;
        _interface = machine.Plug(end, hardware);
        machine.Network.Attach(_interface, this);
        end.Port = this;
        foreach (var address in plug.Addresses)
        {
            // An address outside the subnet's prefixes stands for itself alone (the root servers' real addresses).
            var prefix = plug.Subnet.Prefixes.FirstOrDefault(candidate => candidate.Contains(address));
            machine.Stack.AddAddress(_interface, new InterfaceAddress(address, prefix.Length > 0 && prefix.Contains(address) ? prefix.Length : address.BitLength));
        }
    }

    public void Send(Frame frame)
    {
        if (!node.IsUp) { frame.Release(); return; }
        if (_broken is null || fabric.Internet.Faults.IsEmpty || !_broken.TryBreak(frame.Span, out var instead, out var after, out var toHost))
        {
            end.Send(frame);
            return;
        }
        frame.Release();
        if (instead is not null) { end.Send(instead); }
        if (after is not null) { end.Send(after); }
        // The host hears of it as of any frame: later, not in the middle of its own step.
        if (toHost is not null) { fabric.Internet.Kernel.Schedule(fabric.Internet.Kernel.Now, new Arrival(this, toHost)); }
    }

    public void Receive(Frame frame)
    {
        var kernel = fabric.Internet.Kernel;
        kernel.Trace.Fold(_fingerprint, (ulong)frame.Length, frame.Span);
        if (!node.IsUp || (node is SimulatedHost host && !fabric.Internet.Faults.IsEmpty && IsTaken(host, frame.Span)))
        {
            frame.Release();
            return;
        }
        if (node is SimulatedHost && IsPacketForHost(frame.Span)) { fabric.Internet.CountDelivered(); }
        _machine!.Network.Receive(_interface!, frame);
    }

    // What a program may hear of: no ARP, no neighbour discovery, nothing that a hub repeats for others.
    private bool IsPacketForHost(ReadOnlySpan<byte> frame) =>
        EthernetView.TryParse(frame, out var ethernet, out _) && ethernet.Destination == _interface!.Hardware
        && ethernet.Type is EtherType.Ipv4 or EtherType.Ipv6 && FaultedPacket.TryRead(ethernet.Payload, out _);

    private sealed class Arrival(NodeCard card, Frame frame) : IKernelEvent
    {
        public void Fire(long argument) => card._machine!.Network.Receive(card._interface!, frame);
    }

    // The faults of a world are about hosts and ports: they are asked at the receiver's door.
    private bool IsTaken(SimulatedHost receiver, ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet, out _) || !FaultedPacket.TryRead(ethernet.Payload, out var packet)) { return false; }
        if (fabric.Internet.FindInterface(packet.Source.Address)?.Node is not SimulatedHost sender) { return false; }
        var verdict = fabric.Internet.JudgeFaults(sender, receiver, packet.IsSegment, packet.IsOpening, packet.IsError, packet.Source, packet.Target);
        if (verdict is null) { return false; }
        if (verdict == FaultVerdict.Refuse && FaultedPacket.TryRefuse(ethernet, fabric.Frames, out var refusal)) { end.Send(refusal); }
        return true;
    }
}
