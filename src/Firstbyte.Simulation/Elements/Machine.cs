using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Simulation.Hosts;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets.Stack;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

using NetworkInterface = Firstbyte.Hosts.NetworkInterface;

/// <summary>A host or router of a world of frames: our own protocol stack on network cards, and the network that its programs see.</summary>
public sealed class Machine : IHostListener
{
    private readonly Kernel _kernel;
    private readonly ITraceSink _sink;
    private readonly FramePool _frames;
    private readonly RandomStream _random;

    /// <summary>A machine that is switched on and has no card yet.</summary>
    /// <param name="kernel">The world's heart.</param>
    /// <param name="name">Its name in the world.</param>
    /// <param name="frames">The world's frames.</param>
    /// <param name="settings">What its administrator decided; a router says so there.</param>
    /// <param name="sink">Who hears of what it does with frames; null when nobody does.</param>
    public Machine(Kernel kernel, string name, FramePool frames, HostSettings? settings = null, ITraceSink? sink = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        _kernel = kernel;
        _frames = frames;
        _sink = sink ?? SilentSink.Instance;
        Name = name;
        Clock = new VirtualTime(kernel);
        _random = kernel.Setup(() => kernel.Stream($"machine {name}"));
        Network = kernel.Setup(() =>
        {
            var driver = new KernelStackDriver(kernel, name, Clock);
            var stack = new HostStack(settings ?? new HostSettings(), new SipKey(_random.NextUInt64(), _random.NextUInt64()), frames);
            var network = new StackNetwork(stack, driver, _random, Disk);
            driver.Drive(network);
            return network;
        });
        if (_sink.IsListening) { Network.Stack.Listener = this; }
    }

    /// <summary>Its name in the world.</summary>
    public string Name { get; }

    /// <summary>What its programs see.</summary>
    public StackNetwork Network { get; }

    /// <summary>Its protocol stack.</summary>
    public HostStack Stack => Network.Stack;

    /// <summary>Its clock: the world's time unless a fault skews it.</summary>
    public VirtualTime Clock { get; }

    /// <summary>Its files.</summary>
    public HostFiles Disk { get; } = new();

    /// <summary>Puts a network card into it and plugs in the end of a wire. Its MTU is the wire's.</summary>
    /// <param name="end">The end of the wire.</param>
    /// <param name="hardware">The card's address.</param>
    /// <param name="addresses">The addresses of the interface with their subnets.</param>
    public NetworkInterface Plug(WireEnd end, MacAddress hardware, params ReadOnlySpan<InterfaceAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(end);
        var added = Stack.AddInterface($"eth{Stack.Interfaces.Count - 1}", LinkKind.Ethernet, hardware, end.Settings.Mtu);
        foreach (var address in addresses) { Stack.AddAddress(added, address); }
        Network.Attach(added, end);
        end.Port = new Card(this, added);
        return added;
    }

    void IHostListener.OnFrame(in FrameDecision decision, ReadOnlySpan<byte> packet) => Tell(decision.ToEvent(Name, packet));

    void IHostListener.OnNeighbor(Neighbor neighbor, RowChange change) => Tell(change == RowChange.Removed
        ? new NeighborForgotten(Name, neighbor.Interface.Name, neighbor.Address)
        : new NeighborLearned(Name, neighbor.Interface.Name, neighbor.Address, neighbor.Hardware));

    void IHostListener.OnRoute(IpPrefix prefix, in Firstbyte.Hosts.Route route, RowChange change) =>
        Tell(new RouteChanged(Name, change, prefix.ToString(), route.Interface.Name, route.Gateway, route.Origin, route.Metric));

    void IHostListener.OnTranslation(in NatRow row, RowChange change) => Tell(new TranslationChanged(Name, change, row));

    void IHostListener.OnProgram(HostProgramEvent told)
    {
        told.Host = Name;
        Tell(told);
    }

    void IHostListener.OnSegment(TcpSocket socket, ReadOnlySpan<TcpTraceEntry> clauses)
    {
        foreach (var entry in clauses)
        {
            Tell(entry.Quantity switch
            {
                TcpQuantity.None => new TcpDecided(socket.Local, socket.Remote, entry.Clause),
                TcpQuantity.State => new TcpStateChanged(socket.Local, socket.Remote, (TcpState)entry.Before, (TcpState)entry.After),
                _ => new TcpQuantityChanged(socket.Local, socket.Remote, entry.Quantity, entry.Before, entry.After),
            });
        }
    }

    private void Tell(TraceEvent traceEvent)
    {
        traceEvent.At = _kernel.Now;
        _sink.Tell(traceEvent);
    }

    private sealed class Card(Machine machine, NetworkInterface networkInterface) : IFramePort
    {
        public void Receive(Frame frame) => machine.Network.Receive(networkInterface, frame);

        public void OnCarrier(bool hasCarrier)
        {
            machine.Stack.SetCarrier(networkInterface, hasCarrier, machine.Clock.Monotonic);
            machine.Network.Flush();
        }
    }
}
