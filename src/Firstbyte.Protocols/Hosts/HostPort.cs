using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

/// <summary>
/// What a program of a host may do there: datagrams by interface, the tables of addresses and routes, timers, chance, and a hook where
/// packets pass.
/// </summary>
public sealed class HostPort
{
    private readonly HostStack _stack;
    private readonly HostProgram _program;
    private readonly List<ProgramTimer> _timers = [];
    private readonly List<(NetworkInterface Interface, IpAddress Group)> _groups = [];

    internal HostPort(HostStack stack, HostProgram program) => (_stack, _program) = (stack, program);

    /// <summary>The host's time.</summary>
    public Instant Now => _stack.Now;

    /// <summary>What its administrator decided.</summary>
    public HostSettings Settings => _stack.Settings;

    /// <summary>Its interfaces by their index.</summary>
    public IReadOnlyList<NetworkInterface> Interfaces => _stack.Interfaces;

    /// <summary>The routing table, to be read.</summary>
    public RouteTable<Route> Routes => _stack.Routes;

    /// <summary>64 bits that nobody outside can guess.</summary>
    public ulong NextRandom() => _stack.NextRandom();

    /// <summary>A time from nothing to below a limit, each as likely.</summary>
    public TimeSpan NextRandomBelow(TimeSpan limit) => TimeSpan.FromTicks((long)(((Int128)(NextRandom() >> 1) * limit.Ticks) >> 63));

    /// <summary>A secret of the program's own.</summary>
    public SipKey NewSecret() => new(NextRandom(), NextRandom());

    /// <summary>A timer; the program's end takes it back.</summary>
    /// <param name="action">What is done when its time has come.</param>
    /// <param name="isHousekeeping">Nobody waits for it: it comes again and again, or tidies up.</param>
    public ProgramTimer NewTimer(Action action, bool isHousekeeping)
    {
        var timer = new ProgramTimer(_stack.Deadlines, action, isHousekeeping);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>From now on datagrams of a version for a port are shown to the program before any mailbox sees them, whatever address they are for.</summary>
    /// <param name="version">The version.</param>
    /// <param name="port">The port.</param>
    /// <param name="on">Those that come in by this interface only; null for all.</param>
    /// <exception cref="InvalidOperationException">Another program listens there.</exception>
    public void Listen(IpVersion version, ushort port, NetworkInterface? on = null) => _stack.Listen(new ProgramListener(_program, version, port, on));

    /// <summary>Hears a multicast group on a link.</summary>
    public void Join(NetworkInterface networkInterface, IpAddress group)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        networkInterface.Join(group);
        _groups.Add((networkInterface, group));
    }

    /// <summary>The own address on an interface that suits a destination there; none when there is none of its version.</summary>
    public static IpAddress AddressTowards(NetworkInterface networkInterface, IpAddress destination)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        return HostStack.FindAddress(networkInterface, destination);
    }

    /// <summary>Adds a row to the routing table, or replaces the one of the same prefix.</summary>
    public void AddRoute(IpPrefix prefix, Route route) => _stack.AddRoute(prefix, route);

    /// <summary>Takes a row out of the routing table; false when there is none of this prefix.</summary>
    public bool RemoveRoute(IpPrefix prefix) => _stack.RemoveRoute(prefix);

    /// <summary>Gives an interface an address, with the row of its subnet.</summary>
    public void AddAddress(NetworkInterface networkInterface, InterfaceAddress address) => _stack.AddAddress(networkInterface, address);

    /// <summary>Takes an address away, with the row of its subnet.</summary>
    public void RemoveAddress(NetworkInterface networkInterface, InterfaceAddress address) => _stack.RemoveAddress(networkInterface, address);

    /// <summary>Sends a datagram as any program's, by the routing table.</summary>
    public Errno Send(Endpoint source, Endpoint target, ReadOnlySpan<byte> payload) => _stack.SendProgramDatagram(source, target, payload);

    /// <summary>Sends a datagram to somebody on a link, a group or everybody there, without a look at the routing table.</summary>
    /// <param name="outbound">The link.</param>
    /// <param name="source">The sender, whose address may be unspecified.</param>
    /// <param name="target">The receiver.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="hopLimit">Its hops; 0 leaves it to the host.</param>
    /// <param name="hardware">The receiver's hardware address, where it cannot answer for its IP address yet; null asks for it as usual.</param>
    public void SendOn(
        NetworkInterface outbound, Endpoint source, Endpoint target, ReadOnlySpan<byte> payload, byte hopLimit = 0,
        MacAddress? hardware = null) =>
        _stack.SendProgramDatagram(outbound, source, target, payload, hopLimit, hardware);

    /// <summary>Sends a sealed NDP message to a group of a link.</summary>
    public void SendNdp(NetworkInterface outbound, ReadOnlySpan<byte> message, IpAddress source, IpAddress group) =>
        _stack.SendProgramNdp(outbound, message, source, group);

    /// <summary>Whether what is behind an interface is hidden from the others by address translation.</summary>
    public bool IsHidden(NetworkInterface networkInterface) => _stack.Hook is { } hook && hook.Hides(networkInterface);

    /// <summary>Puts a hook where IPv4 packets come in and go out; the program's end takes it away.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public PacketPath Install(IPacketHook hook) => _stack.Install(_program, hook);

    /// <summary>Tells something to whoever listens.</summary>
    public void Tell(HostProgramEvent told) => _stack.Listener?.OnProgram(told);

    internal void Close()
    {
        foreach (var timer in _timers) { timer.Set(Instant.Never); }
        foreach (var (networkInterface, group) in _groups) { networkInterface.Leave(group); }
        _stack.Unlisten(_program);
    }
}

/// <summary>A port at which a program is shown what comes.</summary>
internal readonly record struct ProgramListener(HostProgram Program, IpVersion Version, ushort Port, NetworkInterface? On)
{
    public bool Hears(NetworkInterface inbound) => On is null || On == inbound;

    public bool Overlaps(in ProgramListener other) => Version == other.Version && Port == other.Port && (On is null || other.On is null || On == other.On);
}
