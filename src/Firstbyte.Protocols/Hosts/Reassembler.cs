using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Hosts;

/// <summary>What the fragments of one packet share (RFC 791 section 3.2, RFC 8200 section 4.5).</summary>
internal readonly record struct FragmentKey(IpAddress Source, IpAddress Destination, uint Identification, IpProtocol Protocol);

/// <summary>A packet of which some fragments have come.</summary>
internal sealed class UnfinishedPacket : HostTimer
{
    /// <summary>Fragments of one packet: 65,535 bytes in pieces of the smallest usual MTU (576) are 119; smaller ones serve attacks.</summary>
    public const int MaxFragments = 128;

    private readonly (int Start, int End)[] _parts = new (int, int)[MaxFragments];
    private int _count;

    public UnfinishedPacket(FragmentKey key, Frame frame, NetworkInterface inbound)
    {
        Key = key;
        Frame = frame;
        Inbound = inbound;
    }

    public FragmentKey Key { get; }

    /// <summary>The payload so far, each fragment in its place, behind room for one header.</summary>
    public Frame Frame { get; }

    public NetworkInterface Inbound { get; }

    /// <summary>Payload bytes; -1 while the last fragment has not come.</summary>
    public int TotalLength { get; private set; } = -1;

    /// <summary>Bytes from the beginning on that are there without a gap.</summary>
    public int LeadingLength => _count > 0 && _parts[0].Start == 0 ? _parts[0].End : 0;

    /// <summary>Of the first fragment: what a header before the whole packet says.</summary>
    public byte HopLimit { get; set; } = 1;

    public IpProtocol FirstProtocol { get; set; }

    public bool IsComplete
    {
        get
        {
            if (TotalLength < 0) { return false; }
            var at = 0;
            for (var i = 0; i < _count; i++)
            {
                if (_parts[i].Start != at) { return false; }
                at = _parts[i].End;
            }
            return at == TotalLength;
        }
    }

    /// <summary>Notes a fragment's range. An exact repetition is taken as heard already; any other overlap condemns the packet.</summary>
    public FragmentVerdict Note(int start, int end, bool isLast)
    {
        if (isLast)
        {
            if (TotalLength >= 0 && TotalLength != end) { return FragmentVerdict.Overlap; }
            if (_count > 0 && _parts[_count - 1].End > end) { return FragmentVerdict.Overlap; }
            TotalLength = end;
        }
        else if (TotalLength >= 0 && end > TotalLength) { return FragmentVerdict.Overlap; }
        var at = 0;
        while (at < _count && _parts[at].Start < start) { at++; }
        if (at < _count && _parts[at] == (start, end)) { return FragmentVerdict.Repeated; }
        if ((at > 0 && _parts[at - 1].End > start) || (at < _count && _parts[at].Start < end)) { return FragmentVerdict.Overlap; }
        if (_count == MaxFragments) { return FragmentVerdict.TooMany; }
        Array.Copy(_parts, at, _parts, at + 1, _count - at);
        _parts[at] = (start, end);
        _count++;
        return FragmentVerdict.New;
    }

    internal override void OnDeadline(HostStack stack) => stack.OnReassemblyDeadline(this);
}

internal enum FragmentVerdict : byte
{
    New,
    Repeated,
    Overlap,
    TooMany,
}

/// <summary>Puts fragments together (RFC 815's bookkeeping turned round: the parts that have come, instead of the holes).</summary>
internal sealed class Reassembler
{
    /// <summary>Unfinished packets: 64 buffers of 64 KiB are the 4 MiB that Linux allows (ipfrag_high_thresh).</summary>
    public const int MaxPackets = 64;

    /// <summary>How long fragments wait for the rest (RFC 8200 section 4.5 says 60 seconds, RFC 1122 section 3.3.2 60 to 120).</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Dictionary<FragmentKey, UnfinishedPacket> _packets = [];

    public int Count => _packets.Count;

    /// <summary>The unfinished packets, in no order that may matter.</summary>
    public IEnumerable<UnfinishedPacket> Packets => _packets.Values;

    public bool TryFind(in FragmentKey key, out UnfinishedPacket packet) => _packets.TryGetValue(key, out packet!);

    public bool IsFull => _packets.Count >= MaxPackets;

    public void Add(UnfinishedPacket packet) => _packets.Add(packet.Key, packet);

    public void Remove(UnfinishedPacket packet) => _packets.Remove(packet.Key);
}
