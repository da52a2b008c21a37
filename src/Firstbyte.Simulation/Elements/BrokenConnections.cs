using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Simulation.Elements;

/// <summary>Connections of a host that a fault breaks after so many bytes: its segments are cut at that byte, and what comes after them is lost.</summary>
/// <remarks>It stands between the host's stack and its wire, so it breaks whatever speaks there, as a dying machine in between would.</remarks>
internal sealed class BrokenConnections(IFaultGate faults, SimulatedHost host, FramePool frames)
{
    // One row for each connection that a fault has chosen; they go with their world.
    private readonly Dictionary<(Endpoint Local, Endpoint Remote), Row> _rows = [];

    /// <summary>
    /// Looks at a frame that the host sends. What is to be sent in its place, and what the host is to hear, are frames of their own; the
    /// given one stays the caller's.
    /// </summary>
    /// <returns>True when the frame itself must not be sent.</returns>
    public bool TryBreak(ReadOnlySpan<byte> frame, out Frame? instead, out Frame? after, out Frame? toHost)
    {
        (instead, after, toHost) = (null, null, null);
        if (!EthernetView.TryParse(frame, out var ethernet, out _) || !TryRead(ethernet.Payload, out var packet)) { return false; }
        var key = (packet.Local, packet.Remote);
        if (packet.Segment.Has(TcpFlags.Syn))
        {
            if (faults.FindBreak(host, packet.Local.Port) is { } fault) { _rows[key] = new Row(packet.Segment.Sequence + 1, fault); }
            return false;
        }
        if (!_rows.TryGetValue(key, out var row)) { return false; }
        if (row.IsBroken) { return true; }
        var limit = row.First + (uint)Math.Min(row.Fault.AfterBytes, int.MaxValue);
        if (packet.Segment.Sequence + packet.Segment.PayloadLength <= limit && !(packet.Segment.Has(TcpFlags.Fin) && row.Fault.ByReset)) { return false; }
        row.IsBroken = true;
        var keep = Math.Clamp(limit - packet.Segment.Sequence, 0, packet.Segment.PayloadLength);
        var head = packet.Segment with
        {
            PayloadLength = keep,
            Flags = row.Fault.ByReset ? packet.Segment.Flags & ~TcpFlags.Fin : packet.Segment.Flags | TcpFlags.Fin
        };
        instead = Make(head, packet.Payload[..keep], packet.Local, packet.Remote, ethernet.Destination, ethernet.Source);
        if (row.Fault.ByReset)
        {
            var reset = new TcpSegment
            {
                Sequence = packet.Segment.Sequence + keep,
                Acknowledgment = packet.Segment.Acknowledgment,
                Flags = TcpFlags.Rst | TcpFlags.Ack
            };
            after = Make(reset, default, packet.Local, packet.Remote, ethernet.Destination, ethernet.Source);
        }
        toHost = Make(
            new TcpSegment { Sequence = packet.Segment.Acknowledgment, Flags = TcpFlags.Rst }, default, packet.Remote, packet.Local,
            ethernet.Source, ethernet.Destination);
        return true;
    }

    private Frame Make(in TcpSegment segment, ReadOnlySpan<byte> payload, Endpoint source, Endpoint target, MacAddress to, MacAddress from)
    {
        var headerLength = TcpView.MinHeaderLength + segment.Options.WireLength;
        var frame = frames.Rent(headerLength + payload.Length);
        payload.CopyTo(frame.Span[headerLength..]);
        TcpSegmentCodec.Seal(frame.Span, segment, source.Port, target.Port, source.Address.Bits, target.Address.Bits);
        if (source.Address.IsV4)
        {
            frame.Prepend(Ipv4View.MinHeaderLength);
            Ipv4Writer.Seal(frame.Span, new Ipv4Header((uint)source.Address.Bits, (uint)target.Address.Bits, IpProtocol.Tcp));
        }
        else
        {
            frame.Prepend(Ipv6View.HeaderLength);
            Ipv6Writer.Seal(frame.Span, new Ipv6Header(source.Address.Bits, target.Address.Bits, IpProtocol.Tcp));
        }
        EthernetWriter.Seal(frame.Prepend(EthernetView.HeaderLength), to, from, source.Address.IsV4 ? EtherType.Ipv4 : EtherType.Ipv6);
        return frame;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out SentSegment sent)
    {
        sent = default;
        IpAddress source, target;
        ReadOnlySpan<byte> payload;
        if (Ipv4View.TryParse(bytes, out var v4, out _) && v4.Protocol == IpProtocol.Tcp && !v4.IsFragment)
        {
            (source, target) = (v4.Source, v4.Destination);
            payload = v4.Payload;
        }
        else if (Ipv6View.TryParse(bytes, out var v6, out _) && v6.Protocol == IpProtocol.Tcp && !v6.IsFragment)
        {
            (source, target) = (v6.Source, v6.Destination);
            payload = v6.Payload;
        }
        else { return false; }
        if (!TcpView.TryParse(payload, out var tcp, out _)) { return false; }
        sent = new SentSegment(new Endpoint(source, tcp.SourcePort), new Endpoint(target, tcp.DestinationPort), TcpSegmentCodec.Read(tcp), tcp.Payload);
        return true;
    }

    private sealed class Row(SequenceNumber first, ConnectionBreak fault)
    {
        public SequenceNumber First { get; } = first;

        public ConnectionBreak Fault { get; } = fault;

        public bool IsBroken { get; set; }
    }

    private readonly ref struct SentSegment(Endpoint local, Endpoint remote, TcpSegment segment, ReadOnlySpan<byte> payload)
    {
        public Endpoint Local { get; } = local;

        public Endpoint Remote { get; } = remote;

        public TcpSegment Segment { get; } = segment;

        public ReadOnlySpan<byte> Payload { get; } = payload;
    }
}
