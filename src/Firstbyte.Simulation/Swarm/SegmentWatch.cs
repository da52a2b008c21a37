using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Follows every TCP connection by what its two machines send and receive, without a look into their blocks.</summary>
/// <remarks>
/// Theory of operation. A connection is two flows, one for each direction. What a machine sends tells what it claims: sequence numbers used,
/// windows offered, octets acknowledged. What reaches the other machine tells what may be claimed about it. An invariant is a comparison
/// of the two, made when a segment leaves, so that it fails at the event at which something wrong is said.
/// </remarks>
internal sealed class SegmentWatch(InvariantBook book, Kernel kernel, TranslationBook translations)
{
    /// <summary>Where backing off may end: the longest retransmission timeout is 60 s (RFC 6298 section 2.5).</summary>
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromSeconds(50);

    private readonly Dictionary<FlowKey, Flow> _flows = [];

    public void OnDeparture(Station station, in PacketFacts packet, in TcpView view)
    {
        var segment = TcpSegmentCodec.Read(view);
        if (FindFlow(packet, view) is not { } flow) { return; }
        if (segment.Has(TcpFlags.Syn)) { Open(flow, segment); }
        if (!flow.IsOpen || segment.Has(TcpFlags.Rst)) { return; }
        CheckAcknowledgment(station, flow, segment);
        if (segment.Length > 0)
        {
            CheckWindow(station, flow, segment);
            CheckBackoff(station, flow, segment);
            flow.SentEnd = SequenceNumber.Max(flow.SentEnd, segment.End);
        }
        if (!segment.Has(TcpFlags.Ack)) { return; }
        var window = segment.Has(TcpFlags.Syn) ? segment.Window : (uint)segment.Window << flow.Scale;
        var edge = segment.Acknowledgment + window;
        var back = flow.Back;
        back.OfferedEdge = back.HasOffer ? SequenceNumber.Max(back.OfferedEdge, edge) : edge;
        back.HasOffer = true;
    }

    public void OnArrival(in PacketFacts packet, in TcpView view)
    {
        var segment = TcpSegmentCodec.Read(view);
        if (FindFlow(packet, view) is not { IsOpen: true } flow) { return; }
        // Whoever hears something is not in silence any more.
        flow.Back.SilentRetransmissions = 0;
        if (segment.Has(TcpFlags.Ack))
        {
            flow.Back.Acknowledged = flow.Back.IsAcknowledged
                ? SequenceNumber.Max(flow.Back.Acknowledged, segment.Acknowledgment)
                : segment.Acknowledgment;
        }
        flow.Back.IsAcknowledged |= segment.Has(TcpFlags.Ack);
        if (segment.Length > 0) { flow.Arrived.Add(segment.Has(TcpFlags.Syn) ? flow.InitialSequence : segment.Sequence, segment.End); }
    }

    /// <summary>The flow of a segment, by its true ends on both sides of a home router; null when these are not sure.</summary>
    private Flow? FindFlow(in PacketFacts packet, in TcpView view)
    {
        var (source, sourcePort, destination, destinationPort) = (packet.Source, view.SourcePort, packet.Destination, view.DestinationPort);
        if (!translations.TryResolve(ref source, ref sourcePort) || !translations.TryResolve(ref destination, ref destinationPort)) { return null; }
        var key = new FlowKey(source, destination, ((uint)sourcePort << 16) | destinationPort);
        if (_flows.TryGetValue(key, out var flow)) { return flow; }
        flow = new Flow();
        var back = new Flow { Back = flow };
        flow.Back = back;
        _flows.Add(key, flow);
        _flows.Add(new FlowKey(destination, source, ((uint)destinationPort << 16) | sourcePort), back);
        return flow;
    }

    private static void Open(Flow flow, in TcpSegment segment)
    {
        var isRepeated = flow.IsOpen && flow.InitialSequence == segment.Sequence;
        if (isRepeated) { return; }
        if (!segment.Has(TcpFlags.Ack)) { flow.Back.Clear(); }
        flow.Clear();
        flow.IsOpen = true;
        flow.InitialSequence = segment.Sequence;
        flow.SentEnd = segment.Sequence + 1;
        flow.Arrived.Begin(segment.Sequence);
        flow.OfferedScale = segment.Options.Has(TcpOptionSet.WindowScale) ? segment.Options.WindowScale : (byte)0;
        // Scaling holds when both offer it; a SYN,ACK offers it only as an answer (RFC 7323 section 2.2).
        if (!segment.Has(TcpFlags.Ack)) { return; }
        var both = segment.Options.Has(TcpOptionSet.WindowScale);
        flow.Scale = both ? flow.OfferedScale : (byte)0;
        flow.Back.Scale = both ? flow.Back.OfferedScale : (byte)0;
    }

    private void CheckAcknowledgment(Station station, Flow flow, in TcpSegment segment)
    {
        if (!segment.Has(TcpFlags.Ack) || !flow.Back.IsOpen) { return; }
        book.Note(Invariant.SequenceSpace);
        if (segment.Acknowledgment > flow.Back.SentEnd)
        {
            book.Break(Invariant.SequenceSpace, station.Name, $"acknowledges {segment.Acknowledgment}, but the peer has sent up to {flow.Back.SentEnd}");
        }
        for (var i = 0; i < segment.Options.Sack.Count; i++)
        {
            var block = segment.Options.Sack[i];
            book.Note(Invariant.SelectiveAcknowledgment);
            if (!flow.Back.Arrived.Has(block.Left, block.Right))
            {
                book.Break(Invariant.SelectiveAcknowledgment, station.Name,
                    $"acknowledges {block.Left} to {block.Right} selectively, of which not everything has arrived");
            }
        }
    }

    private void CheckWindow(Station station, Flow flow, in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Syn) || !flow.HasOffer) { return; }
        book.Note(Invariant.OfferedWindow);
        if (segment.End > flow.OfferedEdge && segment.Length > 1)
        {
            book.Break(Invariant.OfferedWindow, station.Name,
                $"sends {segment.Sequence} to {segment.End}, but the peer has offered room up to {flow.OfferedEdge}");
        }
    }

    private void CheckBackoff(Station station, Flow flow, in TcpSegment segment)
    {
        var oldest = flow.IsAcknowledged ? flow.Acknowledged : flow.InitialSequence;
        // Only what is repeated at the head of the queue is under the timer.
        if (segment.Sequence != oldest || segment.End > flow.SentEnd || (segment.Has(TcpFlags.Syn) && flow.FirstSentAt == default))
        {
            if (flow.FirstSentAt == default) { flow.FirstSentAt = kernel.Now; }
            return;
        }
        var now = kernel.Now;
        if (flow.SilentRetransmissions == 0 || station.LastControlAt >= flow.RetransmittedAt)
        {
            (flow.SilentRetransmissions, flow.RetransmittedAt, flow.LastGap) = (1, now, TimeSpan.Zero);
            return;
        }
        var gap = now - flow.RetransmittedAt;
        if (flow.LastGap > TimeSpan.Zero)
        {
            book.Note(Invariant.Backoff);
            if (gap < s_longestTimeout && gap * 2 < flow.LastGap * 3)
            {
                book.Break(Invariant.Backoff, station.Name,
                    $"repeats {segment.Sequence} after {gap.TotalSeconds:0.###} s of silence, and had waited {flow.LastGap.TotalSeconds:0.###} s before");
            }
        }
        (flow.SilentRetransmissions, flow.RetransmittedAt, flow.LastGap) = (flow.SilentRetransmissions + 1, now, gap);
    }

    private readonly record struct FlowKey(UInt128 Source, UInt128 Destination, uint Ports)
    {
        public override int GetHashCode() =>
            (int)((ulong)Source * 0x9E3779B97F4A7C15 + (ulong)Destination * 0xC2B2AE3D27D4EB4F >> 32) ^ (int)(Ports * 0x85EBCA6B);
    }

    private sealed class Flow
    {
        public Flow Back { get; set; } = null!;

        public bool IsOpen { get; set; }

        public SequenceNumber InitialSequence { get; set; }

        public SequenceNumber SentEnd { get; set; }

        public bool HasOffer { get; set; }

        public SequenceNumber OfferedEdge { get; set; }

        public byte OfferedScale { get; set; }

        public byte Scale { get; set; }

        /// <summary>What its sender has heard acknowledged.</summary>
        public bool IsAcknowledged { get; set; }

        public SequenceNumber Acknowledged { get; set; }

        public Instant FirstSentAt { get; set; }

        public int SilentRetransmissions { get; set; }

        public Instant RetransmittedAt { get; set; }

        public TimeSpan LastGap { get; set; }

        public ArrivedRanges Arrived { get; } = new();

        public void Clear()
        {
            (IsOpen, HasOffer, OfferedScale, Scale, IsAcknowledged) = (false, false, 0, 0, false);
            (FirstSentAt, SilentRetransmissions, RetransmittedAt, LastGap) = (default, 0, default, default);
            Arrived.Begin(default);
        }
    }
}

/// <summary>Which sequence numbers have arrived at a machine: everything before an edge, and islands behind it.</summary>
internal sealed class ArrivedRanges
{
    private readonly List<(SequenceNumber Left, SequenceNumber Right)> _islands = [];
    private SequenceNumber _edge;

    public void Begin(SequenceNumber at)
    {
        _islands.Clear();
        _edge = at;
    }

    public void Add(SequenceNumber left, SequenceNumber right)
    {
        if (right <= _edge) { return; }
        if (left <= _edge && _islands.Count == 0)
        {
            _edge = right;
            return;
        }
        var at = 0;
        while (at < _islands.Count && _islands[at].Right < left) { at++; }
        while (at < _islands.Count && _islands[at].Left <= right)
        {
            left = SequenceNumber.Min(left, _islands[at].Left);
            right = SequenceNumber.Max(right, _islands[at].Right);
            _islands.RemoveAt(at);
        }
        _islands.Insert(at, (left, right));
        while (_islands.Count > 0 && _islands[0].Left <= _edge)
        {
            _edge = SequenceNumber.Max(_edge, _islands[0].Right);
            _islands.RemoveAt(0);
        }
    }

    public bool Has(SequenceNumber left, SequenceNumber right)
    {
        if (right <= _edge) { return true; }
        left = SequenceNumber.Max(left, _edge);
        foreach (var island in _islands)
        {
            if (island.Left <= left && right <= island.Right) { return true; }
        }
        return false;
    }
}

/// <summary>Who stands behind the addresses and ports that home routers lend.</summary>
internal sealed class TranslationBook
{
    private readonly Dictionary<(UInt128 Address, ushort Port), ((UInt128 Address, ushort Port) Inside, bool IsShared)> _rows = [];

    /// <summary>
    /// A home router lends an end to somebody. What it has lent to two, one after the other, does not tell late segments of the first from
    /// those of the second.
    /// </summary>
    public void Note(in Firstbyte.Routing.Nat.NatRow row)
    {
        if (row.Protocol != IpProtocol.Tcp) { return; }
        var (outside, inside) = ((row.Outside.Address.Bits, row.Outside.Port), (row.Inside.Address.Bits, row.Inside.Port));
        _rows[outside] = (inside, _rows.TryGetValue(outside, out var known) && (known.IsShared || known.Inside != inside));
    }

    /// <summary>Who has a lent end now: whoever has just connected by it.</summary>
    public Endpoint Holder(Endpoint end) =>
        _rows.TryGetValue((end.Address.Bits, end.Port), out var row) ? new Endpoint(IpAddress.FromV4((uint)row.Inside.Address), row.Inside.Port) : end;

    /// <summary>Puts the true end in place of a lent one; false when it is not sure.</summary>
    public bool TryResolve(ref UInt128 address, ref ushort port)
    {
        if (_rows.Count == 0 || !_rows.TryGetValue((address, port), out var row)) { return true; }
        (address, port) = row.Inside;
        return !row.IsShared;
    }
}

/// <summary>Looks at every connection's block after each step.</summary>
internal sealed class StackWatch(InvariantBook book, TranslationBook translations, string machine, IHostListener? inner) : IHostListener
{
    public void OnFrame(in FrameDecision decision, ReadOnlySpan<byte> packet) => inner?.OnFrame(decision, packet);

    public void OnNeighbor(Neighbor neighbor, RowChange change) => inner?.OnNeighbor(neighbor, change);

    public void OnRoute(Addressing.IpPrefix prefix, in Route route, RowChange change) => inner?.OnRoute(prefix, route, change);

    public void OnTranslation(in Firstbyte.Routing.Nat.NatRow row, RowChange change)
    {
        translations.Note(row);
        inner?.OnTranslation(row, change);
    }

    public void OnProgram(HostProgramEvent told) => inner?.OnProgram(told);

    public void OnSegment(TcpSocket socket, ReadOnlySpan<TcpTraceEntry> clauses)
    {
        inner?.OnSegment(socket, clauses);
        ref readonly var block = ref socket.Tcb;
        if (block.State == TcpState.Closed) { return; }
        book.Note(Invariant.SequenceSpace);
        var sends = block.SendUnacknowledged <= block.SendNext && block.SendNext <= block.SendMaximum && block.SendMaximum - block.SendEnd <= 1;
        var receives = block.State == TcpState.SynSent
            || (block.ReadAt <= block.ReceiveNext && block.ReceiveNext - block.ReadAt <= block.Settings.ReceiveCapacity + 1);
        if (sends && receives) { return; }
        book.Break(Invariant.SequenceSpace, machine,
            $"{socket.Local} to {socket.Remote} in {block.State}: SND.UNA {block.SendUnacknowledged}, SND.NXT {block.SendNext}, SND.MAX {block.SendMaximum}, end {block.SendEnd}; read up to {block.ReadAt}, RCV.NXT {block.ReceiveNext}, edge {block.ReceiveEdge}");
    }
}
