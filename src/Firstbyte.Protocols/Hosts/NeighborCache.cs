using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

/// <summary>What is known about a neighbour's hardware address (RFC 4861 section 7.3.2; ARP entries age in the same way).</summary>
public enum NeighborState : byte
{
    /// <summary>Asked for, not yet answered: packets wait.</summary>
    Incomplete,

    /// <summary>It answered not long ago.</summary>
    Reachable,

    /// <summary>Known, but not confirmed for a while; used, and asked again when it is.</summary>
    Stale,

    /// <summary>In use without confirmation; it will be asked in a moment.</summary>
    Delay,

    /// <summary>It is being asked.</summary>
    Probe,
}

/// <summary>One row of the neighbour cache: an IP address of the own link and its hardware address.</summary>
public sealed class Neighbor : HostTimer
{
    /// <summary>
    /// Packets that wait for one address. RFC 4861 section 7.2.2 wants a small queue; 101 packets is what Linux keeps (unres_qlen), enough
    /// for the fragments of the longest packet.
    /// </summary>
    public const int MaxPending = 101;

    private readonly Queue<Frame> _pending = new();

    internal Neighbor(NetworkInterface networkInterface, IpAddress address)
    {
        Interface = networkInterface;
        Address = address;
    }

    /// <summary>The link it is on.</summary>
    public NetworkInterface Interface { get; }

    /// <summary>Its IP address.</summary>
    public IpAddress Address { get; }

    /// <summary>Its hardware address; zero while nothing is known.</summary>
    public MacAddress Hardware { get; internal set; }

    /// <summary>How sure that is.</summary>
    public NeighborState State { get; internal set; }

    /// <summary>It says that it is a router.</summary>
    public bool IsRouter { get; internal set; }

    /// <summary>Until when it counts as reachable.</summary>
    internal Instant ReachableUntil { get; set; }

    /// <summary>Questions sent without an answer.</summary>
    internal int Solicitations { get; set; }

    /// <summary>When a packet was last sent to it, as a count: the least recent row goes first when the cache is full.</summary>
    internal long LastUse { get; set; }

    internal int PendingCount => _pending.Count;

    internal bool TryQueue(Frame frame, out Frame? dropped)
    {
        dropped = _pending.Count == MaxPending ? _pending.Dequeue() : null;
        _pending.Enqueue(frame);
        return dropped is null;
    }

    internal bool TryTakePending(out Frame frame) => _pending.TryDequeue(out frame!);

    internal override void OnDeadline(HostStack stack) => stack.OnNeighborDeadline(this);
}

/// <summary>The neighbours of a host on all its links: ARP's table and NDP's in one.</summary>
internal sealed class NeighborCache
{
    /// <summary>Rows that are kept: as many as Linux keeps before it refuses (gc_thresh3). An attacker on the link can fill no more.</summary>
    public const int MaxRows = 1_024;

    private readonly Dictionary<(int Interface, IpAddress Address), Neighbor> _rows = [];
    private long _uses;

    public int Count => _rows.Count;

    /// <summary>The rows in order of interface and address.</summary>
    public IEnumerable<Neighbor> Rows => _rows.Values.OrderBy(static row => row.Interface.Index).ThenBy(static row => row.Address);

    public bool TryFind(NetworkInterface networkInterface, IpAddress address, out Neighbor neighbor) =>
        _rows.TryGetValue((networkInterface.Index, address), out neighbor!);

    public void Touch(Neighbor neighbor) => neighbor.LastUse = ++_uses;

    /// <summary>Adds a row; when the cache is full, gives the least recently used one to be thrown out.</summary>
    public Neighbor Add(NetworkInterface networkInterface, IpAddress address, out Neighbor? evicted)
    {
        evicted = null;
        if (_rows.Count >= MaxRows)
        {
            foreach (var row in _rows.Values)
            {
                // Uses are numbered, so there is exactly one least: the order of the walk does not matter.
                if (evicted is null || row.LastUse < evicted.LastUse) { evicted = row; }
            }
            Remove(evicted!);
        }
        var neighbor = new Neighbor(networkInterface, address);
        Touch(neighbor);
        _rows.Add((networkInterface.Index, address), neighbor);
        return neighbor;
    }

    public void Remove(Neighbor neighbor) => _rows.Remove((neighbor.Interface.Index, neighbor.Address));
}
