using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tcp;

namespace Firstbyte.Captures;

/// <summary>A host of a capture: hears the decisions of its stack and gives them as reasons to the packets that follow from them.</summary>
public sealed class CapturedHost : IHostListener
{
    /// <summary>Packets that may wait for a neighbour's address; more than a stack keeps for one (Neighbor.MaxPending, 101).</summary>
    private const int MaxRouted = 1_024;

    /// <summary>Decisions of one connection between two of its segments; a step of TCP makes fewer.</summary>
    private const int MaxDecisions = 64;

    /// <summary>Connections that have decided something and not sent since: those that are over are not told apart (own choice).</summary>
    private const int MaxConnections = 4_096;

    private readonly PacketCapture _capture;
    private readonly string _name;
    private readonly IHostListener? _next;
    private readonly CaptureLinkType _linkType;
    private readonly Dictionary<PacketKey, string> _routed = [];
    private readonly Dictionary<(Endpoint Local, Endpoint Remote), List<TcpTraceEntry>> _decided = [];
    private readonly Dictionary<NetworkInterface, int> _interfaces = [];

    internal CapturedHost(PacketCapture capture, string name, CaptureLinkType linkType, IHostListener? next)
    {
        _capture = capture;
        _name = name;
        _linkType = linkType;
        _next = next;
    }

    /// <summary>Says which interface of the capture is one of the host: what it drops of what came in by it goes to that one's ":dropped" twin.</summary>
    public void Add(NetworkInterface networkInterface, int number)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        _interfaces.Add(networkInterface, number);
    }

    /// <summary>Why the host sends this packet, in words; null when it has told nothing about it. A reason is given once.</summary>
    internal string? TakeReason(ReadOnlySpan<byte> packet)
    {
        if (_linkType == CaptureLinkType.Ethernet)
        {
            if (!EthernetView.TryParse(packet, out var ethernet, out _)) { return null; }
            packet = ethernet.Payload;
        }
        if (!PacketKey.TryRead(packet, out var key, out var payload)) { return null; }
        _routed.Remove(key, out var row);
        if (key.Protocol != IpProtocol.Tcp || payload.Length < TcpView.MinHeaderLength) { return row; }
        var local = new Endpoint(key.Source, BinaryPrimitives.ReadUInt16BigEndian(payload));
        var remote = new Endpoint(key.Destination, BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        if (!_decided.Remove((local, remote), out var entries)) { return row; }
        return row is null ? CaptureWords.Of(entries) : CaptureWords.Of(entries) + ". " + row;
    }

    void IHostListener.OnFrame(in FrameDecision decision, ReadOnlySpan<byte> packet)
    {
        _next?.OnFrame(decision, packet);
        if (decision.Verdict is FrameVerdict.Forwarded or FrameVerdict.Sent)
        {
            if (decision.Outbound?.Kind == LinkKind.Loopback || CaptureWords.OfRouting(_name, decision) is not { } words
                || !PacketKey.TryRead(packet, out var key, out _))
            {
                return;
            }
            // Those that never came out (their neighbour did not answer) go when there are too many.
            if (_routed.Count >= MaxRouted) { _routed.Clear(); }
            _routed[key] = words;
            return;
        }
        if (decision.Verdict != FrameVerdict.Dropped) { return; }
        // On a hub every station hears every frame: that is no loss.
        if (decision.Reason == FrameDropReason.NotForThisStation || decision.Inbound is not { } inbound
            || !_interfaces.TryGetValue(inbound, out var number))
        {
            return;
        }
        var reason = CaptureWords.OfDrop(_name, decision);
        if (_linkType == CaptureLinkType.RawIp || !PacketKey.TryRead(packet, out _, out _))
        {
            _capture.WriteDropped(number, packet, reason);
            return;
        }
        // The stack has taken the link's header off: the capture gets one with the host's own address and no sender.
        Span<byte> frame = new byte[EthernetView.HeaderLength + packet.Length];
        packet.CopyTo(frame[EthernetView.HeaderLength..]);
        EthernetWriter.Seal(frame, inbound.Hardware, default, packet[0] >> 4 == 6 ? EtherType.Ipv6 : EtherType.Ipv4);
        _capture.WriteDropped(number, frame, reason);
    }

    void IHostListener.OnSegment(TcpSocket socket, ReadOnlySpan<TcpTraceEntry> clauses)
    {
        _next?.OnSegment(socket, clauses);
        var key = (socket.Local, socket.Remote);
        if (!_decided.TryGetValue(key, out var entries))
        {
            if (_decided.Count >= MaxConnections) { _decided.Clear(); }
            _decided.Add(key, entries = []);
        }
        foreach (var entry in clauses)
        {
            if (entries.Count < MaxDecisions) { entries.Add(entry); }
        }
    }

    void IHostListener.OnNeighbor(Neighbor neighbor, RowChange change) => _next?.OnNeighbor(neighbor, change);

    void IHostListener.OnRoute(IpPrefix prefix, in Route route, RowChange change) => _next?.OnRoute(prefix, route, change);

    void IHostListener.OnTranslation(in NatRow row, RowChange change) => _next?.OnTranslation(row, change);

    void IHostListener.OnProgram(HostProgramEvent told) => _next?.OnProgram(told);

    /// <summary>What tells one packet of a host from its others: IPv4's identification; of IPv6, which has none, the first bytes of the payload.</summary>
    private readonly record struct PacketKey(IpAddress Source, IpAddress Destination, IpProtocol Protocol, ulong Detail)
    {
        public static bool TryRead(ReadOnlySpan<byte> packet, out PacketKey key, out ReadOnlySpan<byte> payload)
        {
            if (Ipv4View.TryParse(packet, out var v4, out _))
            {
                payload = v4.Payload;
                key = new PacketKey(v4.Source, v4.Destination, v4.Protocol, v4.Identification);
                return true;
            }
            if (Ipv6View.TryParse(packet, out var v6, out _))
            {
                payload = v6.Payload;
                Span<byte> first = stackalloc byte[8];
                first.Clear();
                payload[..Math.Min(payload.Length, 8)].CopyTo(first);
                key = new PacketKey(v6.Source, v6.Destination, v6.Protocol, BinaryPrimitives.ReadUInt64BigEndian(first));
                return true;
            }
            key = default;
            payload = default;
            return false;
        }
    }
}
