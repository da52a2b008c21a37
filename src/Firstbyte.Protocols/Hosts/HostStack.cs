using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

/// <summary>The protocol stack of one host or router, from Ethernet frames to TCP connections, as one machine.</summary>
/// <remarks>
/// Theory of operation. The machine is told three things: a frame has come (<c>Receive</c>), time has come
/// (<see cref="OnDeadline"/>), a program calls (the socket calls in HostStack.Udp.cs and HostStack.Tcp.cs). Every call carries the time.
/// It answers with frames (<see cref="TryTakeFrame"/>), sockets that are worth looking at again (<see cref="TryTakeSignal"/>) and the one
/// time at which it wants to be called at the latest (<see cref="NextDeadline"/>). The programs of its own equipment (DHCP, RIP, address
/// translation) stand on a narrow port: <see cref="HostProgram"/>. It knows no clock, no device and no task; its random
/// numbers come from one secret.
/// <code>
///   Receive ─► Links ─► Ip ─┬► Icmp ─► errors to the sockets they are about
///                           ├► Udp  ─► mailbox ─► signal
///                           ├► Tcp  ─► Tcb.Step ─► segments, signal, deadline
///                           └► forward (routers): hop limit, route, MTU
///   socket call ─► Udp, Tcp ─► Ip: route, fragments ─► Links: neighbour ─► TryTakeFrame
/// </code>
/// One layer lives in one file. Frames are shared and counted: what is received is only read; a packet of the own goes down through the
/// layers without a copy, each prepending its header. Packets to the own addresses come back through the loopback queue, so that no layer
/// ever calls itself. In steady state nothing is allocated for a frame.
/// </remarks>
public sealed partial class HostStack
{
    /// <summary>
    /// Loopback packets handled in one call; what is left is handled at a deadline of "now" (own choice, as a NIC's budget: Linux
    /// netdev_budget 300).
    /// </summary>
    private const int LoopbackBudget = 300;

    private readonly List<NetworkInterface> _interfaces = [];
    private readonly HashSet<IpPrefix> _connected = [];
    private readonly DeadlineQueue _deadlines = new();
    private readonly Queue<(NetworkInterface Interface, Frame Frame)> _outgoing = new();
    private readonly Queue<Frame> _looped = new();
    private readonly Queue<HostSocket> _signals = new();
    private readonly FramePool _frames;
    private readonly SipKey _secret;
    private HostRandom _random;
    private Instant _now;

    /// <summary>A host with a loopback interface (127.0.0.1/8, ::1/128) and nothing else.</summary>
    /// <param name="settings">What its administrator decided.</param>
    /// <param name="secret">From which sequence numbers, ports and identifiers are made; drawn from the network's randomness.</param>
    /// <param name="frames">Where its frames come from; shared by all hosts of one thread.</param>
    public HostStack(HostSettings settings, SipKey secret, FramePool frames)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(frames);
        Settings = settings;
        _frames = frames;
        _secret = secret;
        _random = new HostRandom(secret with { High = ~secret.High });
        _icmpErrors = new TokenBucket(settings.IcmpErrorsPerSecond, settings.IcmpErrorBurst);
        _identification = (ushort)_random.Next();
        _nextEphemeral = _random.Below((uint)(settings.LastEphemeralPort - settings.FirstEphemeralPort + 1));
        Loopback = AddInterface("lo", LinkKind.Loopback, default, 65_536);
        AddAddress(Loopback, new InterfaceAddress(IpAddress.LoopbackV4, 8));
        AddAddress(Loopback, new InterfaceAddress(IpAddress.LoopbackV6, 128));
    }

    /// <summary>What its administrator decided.</summary>
    public HostSettings Settings { get; }

    /// <summary>Hears of decisions; null when nobody listens.</summary>
    public IHostListener? Listener { get; set; }

    /// <summary>The interface to itself.</summary>
    public NetworkInterface Loopback { get; }

    /// <summary>Its interfaces by their index.</summary>
    public IReadOnlyList<NetworkInterface> Interfaces => _interfaces;

    /// <summary>The routing table.</summary>
    public RouteTable<Route> Routes { get; } = new();

    /// <summary>The neighbour cache, in order of interface and address.</summary>
    public IEnumerable<Neighbor> Neighbors => _neighbors.Rows;

    /// <summary>When <see cref="OnDeadline"/> must be called at the latest.</summary>
    public Instant NextDeadline => _looped.Count > 0 ? _now : _deadlines.Next;

    /// <summary>
    /// Whether nothing but housekeeping is left to be done at a deadline: periodic messages, rows that grow old. A world in which
    /// everybody is quiet has nothing more to wait for.
    /// </summary>
    public bool IsQuiet => _looped.Count == 0 && _deadlines.Awaited == 0;

    /// <summary>Adds an interface. An Ethernet one gets its IPv6 link-local address (RFC 4862 section 5.3).</summary>
    public NetworkInterface AddInterface(string name, LinkKind kind, MacAddress hardware, int mtu = 1_500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtu, NetworkInterface.Ipv4MinMtu);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mtu, 65_536);
        var added = new NetworkInterface(_interfaces.Count, name, kind, hardware, mtu);
        _interfaces.Add(added);
        if (kind == LinkKind.Ethernet) { added.Add(new InterfaceAddress(IpAddress.FromV6(AddressRules.LinkLocal(hardware)), 64)); }
        return added;
    }

    /// <summary>Gives an interface an address; its subnet is reached by a row of the routing table from now on.</summary>
    public void AddAddress(NetworkInterface networkInterface, InterfaceAddress address)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        networkInterface.Add(address);
        // The first interface in a subnet is the way there.
        if (_connected.Add(address.Prefix)) { AddRoute(address.Prefix, new Route(networkInterface, default, RouteOrigin.Connected)); }
    }

    /// <summary>Takes an address away, with the row of its subnet.</summary>
    public void RemoveAddress(NetworkInterface networkInterface, InterfaceAddress address)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        if (networkInterface.Remove(address) && _connected.Remove(address.Prefix)) { RemoveRoute(address.Prefix); }
    }

    /// <summary>Whether packets to the address stay in this host.</summary>
    public bool Owns(IpAddress address)
    {
        if (AddressRules.IsLoopback(address)) { return true; }
        foreach (var candidate in _interfaces)
        {
            if (candidate.Has(address)) { return true; }
        }
        return false;
    }

    /// <summary>A frame has come. The stack takes over the caller's hold on it.</summary>
    public void Receive(NetworkInterface networkInterface, Frame frame, Instant now)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        ArgumentNullException.ThrowIfNull(frame);
        _now = now;
        networkInterface.FramesReceived++;
        if (!networkInterface.IsRunning) { Drop(FrameDropReason.InterfaceDown, frame.Span, networkInterface); }
        else if (networkInterface.Kind == LinkKind.Ethernet) { ReceiveEthernet(networkInterface, frame); }
        else { ReceiveIp(networkInterface, frame, 0); }
        frame.Release();
        RunLoopback();
    }

    /// <summary>Time has come: everything that was due by now is done.</summary>
    public void OnDeadline(Instant now)
    {
        _now = now;
        while (_deadlines.TryTake(now, out var timer)) { timer.OnDeadline(this); }
        RunLoopback();
    }

    /// <summary>The next frame that leaves the host; the caller takes over the stack's hold on it.</summary>
    public bool TryTakeFrame(out NetworkInterface networkInterface, out Frame frame)
    {
        if (!_outgoing.TryDequeue(out var next))
        {
            networkInterface = null!;
            frame = null!;
            return false;
        }
        (networkInterface, frame) = next;
        return true;
    }

    /// <summary>
    /// The next socket whose calls may have an answer now: readable, writable, connected, acceptable or failed. Each is named once until
    /// it is taken.
    /// </summary>
    public bool TryTakeSignal(out HostSocket socket)
    {
        if (!_signals.TryDequeue(out socket!)) { return false; }
        socket.IsSignalled = false;
        return true;
    }

    private void Signal(HostSocket socket)
    {
        if (socket.IsSignalled) { return; }
        socket.IsSignalled = true;
        _signals.Enqueue(socket);
    }

    private void RunLoopback()
    {
        for (var left = LoopbackBudget; left > 0 && _looped.TryDequeue(out var frame); left--)
        {
            Loopback.FramesReceived++;
            ReceiveIp(Loopback, frame, 0);
            frame.Release();
        }
    }

    internal void Drop(
        FrameDropReason reason, ReadOnlySpan<byte> packet, NetworkInterface? inbound, PacketFlaw flaw = PacketFlaw.None,
        NetworkInterface? outbound = null, IpPrefix row = default)
    {
        if ((inbound ?? outbound) is { } at) { at.FramesDropped++; }
        Listener?.OnFrame(new FrameDecision(FrameVerdict.Dropped, reason, flaw, inbound, outbound, row, default), packet);
    }

    /// <summary>Tells of a packet that leaves, with the rows that decided it. Called only when somebody listens.</summary>
    private void TellSent(FrameVerdict verdict, NetworkInterface? inbound, in Way way, ReadOnlySpan<byte> packet, NatRow? translation = null)
    {
        // Before the link looks for the neighbour: no row yet means that it will be asked for now.
        _neighbors.TryFind(way.Interface, way.NextHop, out var neighbor);
        Listener!.OnFrame(new FrameDecision(verdict, FrameDropReason.None, PacketFlaw.None, inbound, way.Interface, way.Row, way.Route.Gateway)
        {
            Origin = way.Route.Origin,
            Neighbor = neighbor,
            Translation = translation,
        }, packet);
    }

    /// <summary>A packet for this host has found the program or the protocol that it is for.</summary>
    internal void TellDelivered(in IpPacket packet)
    {
        if (Listener is { } listener)
        {
            listener.OnFrame(
                new FrameDecision(FrameVerdict.Delivered, FrameDropReason.None, PacketFlaw.None, packet.Inbound, null, default, default),
                packet.Bytes);
        }
    }
}
