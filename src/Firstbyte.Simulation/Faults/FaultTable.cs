using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation;

/// <summary>Something that goes wrong on purpose, between two instants.</summary>
public abstract record NetworkFault
{
    private protected NetworkFault()
    {
    }

    /// <summary>When it begins.</summary>
    public Instant From { get; init; } = Instant.SimulationEpoch;

    /// <summary>When it is over.</summary>
    public Instant Until { get; init; } = Instant.Never;
}

/// <summary>A service never answers: everything that is sent to it is lost. Without a port the whole host is silent.</summary>
public sealed record SilentFault(SimulatedHost Host, ushort? Port = null, SocketKind? Kind = null) : NetworkFault;

/// <summary>A service refuses: a connection is answered by a reset, a datagram by a port-unreachable error.</summary>
public sealed record RefuseFault(SimulatedHost Host, ushort Port) : NetworkFault;

/// <summary>A service's connections break after it has sent so many bytes: by a reset, or by an end that comes too early.</summary>
public sealed record BreakFault(SimulatedHost Host, ushort Port, long AfterBytes, bool ByReset) : NetworkFault;

/// <summary>A share of the packets from one host to another is lost (null: from or to any).</summary>
public sealed record LossFault(SimulatedHost? Source, SimulatedHost? Target, int Millionths, SocketKind? Kind = null) : NetworkFault;

/// <summary>A node lets no ICMP message in or out, neither errors nor echoes, as firewalls of careless administrators do (RFC 2923 section 2.1). Neighbour discovery passes: without it nothing would.</summary>
public sealed record IcmpFilterFault(NetworkNode Node) : NetworkFault;

/// <summary>Two sets of nodes do not hear each other, whether they are the origin of a packet or the station that passes it on; one-sided when only the first is not heard by the second.</summary>
public sealed record PartitionFault(IReadOnlyList<NetworkNode> Left, IReadOnlyList<NetworkNode> Right, bool OneSided = false) : NetworkFault;

/// <summary>The faults of a world; asked for every packet, free when there are none.</summary>
public sealed class FaultTable
{
    private readonly Kernel _kernel;
    private readonly RandomStream _random;
    private readonly List<NetworkFault> _faults = [];

    internal FaultTable(Kernel kernel)
    {
        _kernel = kernel;
        _random = kernel.Setup(() => kernel.Stream("faults"));
    }

    /// <summary>Whether nothing goes wrong on purpose.</summary>
    public bool IsEmpty => _faults.Count == 0;

    /// <summary>Adds a fault; it acts while the world's time is between its two instants.</summary>
    public void Add(NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        _faults.Add(fault);
    }

    /// <summary>Takes a fault away.</summary>
    public bool Remove(NetworkFault fault) => _faults.Remove(fault);

    /// <summary>Why a fault does not let a frame in at a node; <see cref="FrameDropReason.None"/> when none objects.</summary>
    internal FrameDropReason Judge(Internet internet, NetworkNode receiver, ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet, out _)) { return FrameDropReason.None; }
        var station = internet.FindStation(ethernet.Source);
        var isPacket = FaultedPacket.TryRead(ethernet.Payload, out var packet);
        var sender = isPacket ? internet.FindPlug(packet.Source.Address)?.Node : null;
        foreach (var fault in _faults)
        {
            if (_kernel.Now < fault.From || _kernel.Now >= fault.Until) { continue; }
            var reason = fault switch
            {
                SilentFault silent when isPacket && silent.Host == receiver && Matches(silent.Port, packet.Target.Port) && Matches(silent.Kind, packet) => FrameDropReason.Silenced,
                RefuseFault refuse when isPacket && refuse.Host == receiver && refuse.Port == packet.Target.Port && packet.IsOpening => FrameDropReason.Refused,
                LossFault loss when sender is not null && (loss.Source ?? sender) == sender && (loss.Target ?? receiver) == receiver && Matches(loss.Kind, packet) && _random.Chance(loss.Millionths) => FrameDropReason.Swallowed,
                IcmpFilterFault filter when (filter.Node == receiver || filter.Node == station) && isPacket && FaultedPacket.IsIcmp(ethernet.Payload) => FrameDropReason.Filtered,
                PartitionFault partition when Separates(partition, station, receiver) || Separates(partition, sender, receiver) => FrameDropReason.Partitioned,
                _ => FrameDropReason.None,
            };
            if (reason != FrameDropReason.None) { return reason; }
        }
        return FrameDropReason.None;
    }

    /// <summary>After how many sent bytes a host's new connection breaks, or null.</summary>
    internal BreakFault? FindBreak(SimulatedHost host, ushort port)
    {
        foreach (var fault in _faults)
        {
            if (fault is BreakFault found && found.Host == host && found.Port == port && _kernel.Now >= fault.From && _kernel.Now < fault.Until) { return found; }
        }
        return null;
    }

    private static bool Matches(ushort? port, ushort actual) => port is null || port == actual;

    private static bool Matches(SocketKind? kind, in FaultedPacket packet) =>
        kind is null || (!packet.IsError && kind == (packet.IsSegment ? SocketKind.Stream : SocketKind.Datagram));

    private static bool Separates(PartitionFault partition, NetworkNode? sender, NetworkNode receiver) =>
        sender is not null
        && ((partition.Left.Contains(sender) && partition.Right.Contains(receiver))
            || (!partition.OneSided && partition.Right.Contains(sender) && partition.Left.Contains(receiver)));
}
