using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

/// <summary>
/// A program of a host's own equipment: a routing protocol, DHCP, address translation. It stands on a <see cref="HostPort"/> and knows
/// nothing else of the stack.
/// </summary>
/// <remarks>
/// Theory of operation. A program over sockets cannot say by which interface a datagram came or shall go, nor write a routing table, nor look at
/// packets that pass through; these programs do just that. <see cref="HostStack.Start"/> gives a program its port and lets it begin; it is
/// told of datagrams, of
/// routes and of interfaces, and sets timers. What it has opened at its port is closed when it ends. After a crash it is started again with its
/// host: what it keeps in its own fields lies on the disk, and whatever should be lost it forgets in <see cref="OnStop"/>.
/// </remarks>
public abstract class HostProgram
{
    private HostPort? _port;

    /// <summary>Whether it has been started and not ended.</summary>
    public bool IsRunning => _port is not null;

    /// <summary>What it may do on its host.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    protected HostPort Port => _port ?? throw new InvalidOperationException("the program does not run");

    internal void Begin(HostPort port)
    {
        _port = port;
        OnStart();
    }

    internal void End(bool isSudden)
    {
        OnStop(isSudden);
        _port!.Close();
        _port = null;
    }

    /// <summary>It begins, for the first time or after a crash.</summary>
    protected abstract void OnStart();

    /// <summary>It ends. What it has put into the host's tables it takes out again.</summary>
    /// <param name="isSudden">The power has failed: nothing that it sends leaves any more.</param>
    protected virtual void OnStop(bool isSudden) { }

    /// <summary>
    /// A datagram for a port at which it listens. False when it is not for this program after all; else it says what became of it:
    /// <see cref="ProgramDatagram.Accept"/> or <see cref="ProgramDatagram.Drop"/>.
    /// </summary>
    protected internal virtual bool OnDatagram(in ProgramDatagram datagram) => false;

    /// <summary>A row of the routing table was added, changed or removed.</summary>
    protected internal virtual void OnRoute(IpPrefix prefix, in Route route, RowChange change) { }

    /// <summary>An interface runs again, or does no longer: it was shut, or its carrier is gone.</summary>
    protected internal virtual void OnInterface(NetworkInterface networkInterface) { }

    /// <summary>A host of a link asks for its routers (RFC 4861 section 6.2.6).</summary>
    protected internal virtual void OnRouterSolicitation(NetworkInterface inbound) { }
}

/// <summary>Something that a program of a host tells.</summary>
public abstract record HostProgramEvent : TraceEvent
{
    /// <summary>The host; filled in by whoever passes it on.</summary>
    [JsonPropertyOrder(-1)]
    public string Host { get; set; } = "";
}

/// <summary>A datagram that has come for a program of the host.</summary>
public readonly ref struct ProgramDatagram
{
    private readonly HostStack _stack;
    private readonly IpPacket _packet;

    internal ProgramDatagram(HostStack stack, in IpPacket packet, in UdpView udp)
    {
        _stack = stack;
        _packet = packet;
        Payload = udp.Payload;
        Source = new Endpoint(packet.Source, udp.SourcePort);
        Target = new Endpoint(packet.Destination, udp.DestinationPort);
    }

    /// <summary>The interface it came in by.</summary>
    public NetworkInterface Inbound => _packet.Inbound;

    /// <summary>Who sent it.</summary>
    public Endpoint Source { get; }

    /// <summary>To whom.</summary>
    public Endpoint Target { get; }

    /// <summary>Hops that were left.</summary>
    public byte HopLimit => _packet.HopLimit;

    /// <summary>What it says.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>It is for the program and worth reading.</summary>
    public void Accept() => _stack.TellDelivered(_packet);

    /// <summary>It is for the program, which throws it away.</summary>
    public void Drop(FrameDropReason reason, PacketFlaw flaw) => _stack.Drop(reason, _packet.Bytes, _packet.Inbound, flaw);
}

/// <summary>A timer of a program.</summary>
public sealed class ProgramTimer : HostTimer
{
    private readonly DeadlineQueue _queue;
    private readonly Action _action;

    internal ProgramTimer(DeadlineQueue queue, Action action, bool isHousekeeping)
    {
        (_queue, _action) = (queue, action);
        IsHousekeeping = isHousekeeping;
    }

    internal override bool IsHousekeeping { get; }

    /// <summary>Sets or moves it; <see cref="Instant.Never"/> takes it back.</summary>
    public void Set(Instant deadline) => _queue.Set(this, deadline);

    internal override void OnDeadline(HostStack stack) => _action();
}
