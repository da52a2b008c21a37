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

/// <summary>Two sets of hosts do not hear each other; one-sided when only the first is not heard by the second.</summary>
public sealed record PartitionFault(IReadOnlyList<SimulatedHost> Left, IReadOnlyList<SimulatedHost> Right, bool OneSided = false) : NetworkFault;

internal enum FaultVerdict : byte
{
    Drop,
    Refuse,
}

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

    /// <summary>Where the last verdict was made, for the drop's event.</summary>
    internal string LastPlace { get; private set; } = "";

    /// <summary>Adds a fault; it acts while the world's time is between its two instants.</summary>
    public void Add(NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        _faults.Add(fault);
    }

    /// <summary>Takes a fault away.</summary>
    public bool Remove(NetworkFault fault) => _faults.Remove(fault);

    internal FaultVerdict? Judge(SimulatedHost sender, SimulatedHost receiver, Packet packet)
    {
        foreach (var fault in _faults)
        {
            if (_kernel.Now < fault.From || _kernel.Now >= fault.Until) { continue; }
            var verdict = fault switch
            {
                SilentFault silent when silent.Host == receiver && Matches(silent.Port, packet.Target.Port) && Matches(silent.Kind, packet) => FaultVerdict.Drop,
                RefuseFault refuse when refuse.Host == receiver && refuse.Port == packet.Target.Port && IsFirst(packet) => FaultVerdict.Refuse,
                LossFault loss when (loss.Source ?? sender) == sender && (loss.Target ?? receiver) == receiver && Matches(loss.Kind, packet) && _random.Chance(loss.Millionths) => FaultVerdict.Drop,
                PartitionFault partition when Separates(partition, sender, receiver) => FaultVerdict.Drop,
                _ => (FaultVerdict?)null,
            };
            if (verdict is null) { continue; }
            LastPlace = fault.GetType().Name;
            return verdict;
        }
        return null;
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

    private static bool IsFirst(Packet packet) =>
        packet.Kind == PacketKind.Datagram || (packet.Flags & (SegmentFlags.Open | SegmentFlags.Acknowledgment)) == SegmentFlags.Open;

    private static bool Matches(ushort? port, ushort actual) => port is null || port == actual;

    private static bool Matches(SocketKind? kind, Packet packet) =>
        kind is null || (packet.Kind == PacketKind.Datagram ? kind == SocketKind.Datagram : packet.Kind == PacketKind.Segment && kind == SocketKind.Stream);

    private static bool Separates(PartitionFault partition, SimulatedHost sender, SimulatedHost receiver) =>
        (partition.Left.Contains(sender) && partition.Right.Contains(receiver))
        || (!partition.OneSided && partition.Right.Contains(sender) && partition.Left.Contains(receiver));
}
