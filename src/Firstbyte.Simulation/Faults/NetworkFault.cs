using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Faults;

/// <summary>Something that goes wrong on purpose, between two instants of the world's time.</summary>
public abstract record NetworkFault
{
    private protected NetworkFault()
    {
    }

    /// <summary>When it begins.</summary>
    public Instant From { get; init; } = Instant.SimulationEpoch;

    /// <summary>When it is over.</summary>
    public Instant Until { get; init; } = Instant.Never;

    /// <summary>Its kind and what it befalls, for the event that tells of it.</summary>
    internal (string Kind, string Place) Describe() => this switch
    {
        SilentFault silent => ("silence", At(silent.Host, silent.Port)),
        RefuseFault refuse => ("refusal", At(refuse.Host, refuse.Port)),
        BreakFault broken => ("break", At(broken.Host, broken.Port)),
        LossFault loss => ("loss", $"{loss.Source?.Name ?? "*"} > {loss.Target?.Name ?? "*"}"),
        IcmpFilterFault filter => ("icmp-filter", filter.Node.Name),
        PartitionFault partition => ("partition", $"{Names(partition.Left)} {(partition.OneSided ? ">" : "|")} {Names(partition.Right)}"),
        LinkDownFault link => ("link-down", link.Place),
        ClogFault clog => ("clog", clog.Place),
        ImpairmentFault impairment => ("impairment", impairment.Place),
        CrashFault crash => ("crash", crash.Node.Name),
        SkewFault skew => ("skew", skew.Node.Name),
        _ => throw new ArgumentOutOfRangeException(nameof(NetworkFault), this, "no fault of this kind"),
    };

    private static string At(NetworkNode host, ushort? port) => port is null ? host.Name : $"{host.Name}:{port}";

    private static string Names(IReadOnlyList<NetworkNode> nodes) => string.Join(' ', nodes.Select(static node => node.Name));
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

/// <summary>What befalls a cable, in both directions or in the one that begins at an end.</summary>
/// <param name="Wire">The cable.</param>
/// <param name="Sender">The end whose frames it befalls; null is both.</param>
public abstract record WireFault(Wire Wire, WireEnd? Sender) : NetworkFault
{
    internal string Place => Sender?.Name ?? Wire.Name;
}

/// <summary>A cable is pulled: every frame on it is lost.</summary>
public sealed record LinkDownFault(Wire Wire, WireEnd? Sender = null) : WireFault(Wire, Sender);

/// <summary>A cable is clogged: it holds every frame that would arrive until the fault is over, and then lets go of them in their order.</summary>
public sealed record ClogFault(Wire Wire, WireEnd? Sender = null) : WireFault(Wire, Sender);

/// <summary>A cable treats frames in another way: the newest one that acts counts.</summary>
public sealed record ImpairmentFault(Wire Wire, WireSettings Settings, WireEnd? Sender = null) : WireFault(Wire, Sender);

/// <summary>A host or router loses its power, with its connections, its neighbour cache and its leases, and starts again when the fault is over. A host's services listen again then; whoever still speaks to an old connection is answered by a reset.</summary>
public sealed record CrashFault(NetworkNode Node) : NetworkFault;

/// <summary>The clock of a host or router is wrong: its calendar is ahead by an offset (negative: behind), and everything that its clock times runs too fast by so many parts per million (negative: too slow). It is set right when the fault is over.</summary>
/// <param name="Node">Whose clock.</param>
/// <param name="Offset">How far the calendar is ahead at the beginning.</param>
/// <param name="DriftPartsPerMillion">How much faster it runs; at most <see cref="VirtualTime.MaxDrift"/> either way.</param>
public sealed record SkewFault(NetworkNode Node, TimeSpan Offset, int DriftPartsPerMillion = 0) : NetworkFault;
