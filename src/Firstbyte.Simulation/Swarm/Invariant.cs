using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>What must hold in every world, whatever goes wrong in it.</summary>
public enum Invariant : byte
{
    /// <summary>The bytes that an application reads are a prefix of those that its peer wrote, and the end comes after the last of them.</summary>
    DeliveredBytes,

    /// <summary>Nobody sends beyond the window that the peer has offered (RFC 9293 section 3.8.6), but for probes of one octet.</summary>
    OfferedWindow,

    /// <summary>Every checksum is right when a packet leaves a machine, also after a router has rewritten it.</summary>
    Checksum,

    /// <summary>The TTL or hop limit of a packet is smaller behind a router than before it (RFC 1812 section 5.3.1).</summary>
    HopLimit,

    /// <summary>SND.UNA, SND.NXT and SND.MAX stand in this order, RCV.NXT before its edge, and nobody acknowledges what was not sent.</summary>
    SequenceSpace,

    /// <summary>A selective acknowledgment names only octets that have arrived (RFC 2018 section 4).</summary>
    SelectiveAcknowledgment,

    /// <summary>Retransmissions into silence come at growing intervals (RFC 6298 section 5.5).</summary>
    Backoff,

    /// <summary>No two connections of a machine have the same two ends.</summary>
    FourTuple,

    /// <summary>A station is asked for by ARP or NDP before packets are sent to it.</summary>
    NeighborFirst,

    /// <summary>An answer to a client is what the zones say, and nothing else.</summary>
    ZoneData,

    /// <summary>No record is given with a longer time to live than is left of its zone's, and none after its end.</summary>
    TimeToLive,

    /// <summary>A client's question costs no more messages than its budget.</summary>
    QueryBudget,

    /// <summary>A connection that is over is in no table, and a healed world gives back every socket.</summary>
    ReleasedSockets,

    /// <summary>Where nothing goes wrong, a connection that is closed ends.</summary>
    OrderlyEnd,

    /// <summary>Queues, tables and frames in use stay within their limits.</summary>
    Bounds,

    /// <summary>A journey that fails says why, and only a fault makes one fail.</summary>
    ReasonedFailure,

    /// <summary>After all faults are healed every journey ends, and new ones succeed with the right bytes within a bound of virtual time.</summary>
    Recovery,

    /// <summary>Nothing throws but what a call documents, and nothing leaves the simulation.</summary>
    NoException,
}

/// <summary>Where a world first broke an invariant.</summary>
/// <param name="Invariant">Which.</param>
/// <param name="EventNumber">After how many events of the world.</param>
/// <param name="At">When, in the world's time.</param>
/// <param name="Machine">On which machine it was seen.</param>
/// <param name="Detail">What was seen, for the reader of a report.</param>
public sealed record Breach(Invariant Invariant, long EventNumber, Instant At, string Machine, string Detail)
{
    /// <summary>Seconds of the world's time from its beginning.</summary>
    public double Seconds => (At.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1e9;
}

/// <summary>Counts how often each invariant was checked in a world and keeps the first breach, which stops the world.</summary>
internal sealed class InvariantBook(Kernel kernel)
{
    public static readonly int Count = Enum.GetValues<Invariant>().Length;

    public long[] Checked { get; } = new long[Count];

    public Breach? First { get; private set; }

    public void Note(Invariant invariant) => Checked[(int)invariant]++;

    public void Break(Invariant invariant, string machine, string detail)
    {
        if (First is not null) { return; }
        First = new Breach(invariant, kernel.EventsFired, kernel.Now, machine, detail);
        kernel.RequestStop();
    }
}
