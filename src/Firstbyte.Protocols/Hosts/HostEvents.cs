using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

/// <summary>Why a frame or packet went no further: a host dropped it, or it was lost on a link.</summary>
public enum FrameDropReason : byte
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>The bytes are not what they claim to be; the flaw says how.</summary>
    Malformed,

    /// <summary>The hardware address is somebody else's: on a hub everybody hears everything.</summary>
    NotForThisStation,

    /// <summary>The IP address is somebody else's, and this host is no router.</summary>
    NotForThisHost,

    /// <summary>What the frame carries is not spoken here.</summary>
    UnknownEtherType,

    /// <summary>A source or destination that cannot have come this way: own, loopback, multicast or broadcast as a source (RFC 1812 section 5.3.7).</summary>
    MartianAddress,

    /// <summary>A source route, which hosts and routers refuse (RFC 7126 section 4.3, RFC 5095).</summary>
    SourceRoute,

    /// <summary>An IPv6 option that must not be skipped.</summary>
    UnrecognizedOption,

    /// <summary>No hop is left.</summary>
    HopsExceeded,

    /// <summary>No row of the routing table matches.</summary>
    NoRoute,

    /// <summary>Nobody on the link answers for the next hop.</summary>
    NeighborUnreachable,

    /// <summary>Longer than the next link's MTU, and must not be divided.</summary>
    TooBig,

    /// <summary>The interface is shut, or has no carrier.</summary>
    InterfaceDown,

    /// <summary>A fragment overlaps another (RFC 8200 section 4.5, RFC 5722): the whole packet is given up.</summary>
    FragmentsOverlap,

    /// <summary>Fragments were missing for too long.</summary>
    ReassemblyTimedOut,

    /// <summary>More unfinished packets, or fragments of one, than are kept.</summary>
    ReassemblyLimit,

    /// <summary>The protocol is not spoken here.</summary>
    UnknownProtocol,

    /// <summary>Nobody listens at the port.</summary>
    NoListener,

    /// <summary>The socket's buffer is full.</summary>
    BufferFull,

    /// <summary>The listener's backlog is full.</summary>
    BacklogFull,

    /// <summary>Too many packets wait for the same neighbour.</summary>
    NeighborQueueFull,

    /// <summary>
    /// The address translator has no row for it and may not make one: nobody inside has asked (RFC 4787 section 5), or the protocol cannot
    /// be translated.
    /// </summary>
    NoTranslation,

    /// <summary>The address translator's table or its ports are used up.</summary>
    TranslationLimit,

    /// <summary>The link is down.</summary>
    LinkDown,

    /// <summary>The link loses a share of its frames, and this was one.</summary>
    Chance,

    /// <summary>More bytes wait to be sent than the link's queue holds.</summary>
    QueueFull,

    /// <summary>Nothing is plugged in at the other end of the link.</summary>
    Unplugged,

    /// <summary>The host is switched off.</summary>
    HostDown,

    /// <summary>A fault: the service is silent.</summary>
    Silenced,

    /// <summary>A fault: the service refuses, and the sender is told.</summary>
    Refused,

    /// <summary>A fault: sender and receiver are on two sides of a partition.</summary>
    Partitioned,

    /// <summary>A fault: the node lets no ICMP message through.</summary>
    Filtered,

    /// <summary>A fault: a share of what goes from the sender to the receiver is lost, and this was one.</summary>
    Swallowed,

    /// <summary>A fault: the connection is broken.</summary>
    Broken,
}

/// <summary>What was decided about a frame.</summary>
public enum FrameVerdict : byte
{
    /// <summary>It was sent on towards its destination.</summary>
    Forwarded,

    /// <summary>It was dropped.</summary>
    Dropped,

    /// <summary>A packet of the host's own leaves.</summary>
    Sent,

    /// <summary>It has reached a program or a protocol of this host.</summary>
    Delivered,
}

/// <summary>A decision about one frame, with the table rows that made it. A listener turns it into a record; without one none is made.</summary>
/// <param name="Verdict">What was decided.</param>
/// <param name="Reason">Why it was dropped.</param>
/// <param name="Flaw">What is malformed about it.</param>
/// <param name="Inbound">The interface it came in by; null for a packet of the host's own.</param>
/// <param name="Outbound">The interface it goes out by; null when it was dropped before that was known.</param>
/// <param name="Row">The prefix of the routing table's row that matched; default when none was asked.</param>
/// <param name="Gateway">The next hop that the row names; default when the destination is on the link.</param>
public readonly record struct FrameDecision(
    FrameVerdict Verdict, FrameDropReason Reason, PacketFlaw Flaw, NetworkInterface? Inbound, NetworkInterface? Outbound, IpPrefix Row, IpAddress Gateway)
{
    /// <summary>Who put the row of the routing table there.</summary>
    public RouteOrigin Origin { get; init; }

    /// <summary>The neighbour cache's row for the next hop; null when there is none yet and it will be asked for.</summary>
    public Neighbor? Neighbor { get; init; }

    /// <summary>The address translator's row that changed the packet; null when none did.</summary>
    public NatRow? Translation { get; init; }
}

/// <summary>
/// Hears of every decision of a host, with the bytes it was about (from the link header on, or from the IP header where there is none
/// left), and of every change of its tables.
/// </summary>
public interface IHostListener
{
    /// <summary>A frame was forwarded, sent, delivered or dropped.</summary>
    void OnFrame(in FrameDecision decision, ReadOnlySpan<byte> packet);

    /// <summary>The hardware address of a neighbour was learned or changed, or its row is gone.</summary>
    void OnNeighbor(Neighbor neighbor, RowChange change);

    /// <summary>A row of the routing table was added, changed or removed.</summary>
    void OnRoute(IpPrefix prefix, in Route route, RowChange change);

    /// <summary>A row of the address translator's table was added, or has expired.</summary>
    void OnTranslation(in NatRow row, RowChange change);

    /// <summary>A program of the host tells something; whoever listens fills in the host.</summary>
    void OnProgram(HostProgramEvent told);

    /// <summary>A TCP connection took a step; <paramref name="clauses"/> are its decisions.</summary>
    void OnSegment(TcpSocket socket, ReadOnlySpan<Firstbyte.Tcp.TcpTraceEntry> clauses);
}

/// <summary>A router sent a packet on.</summary>
/// <param name="Host">The router.</param>
/// <param name="Inbound">The interface it came in by.</param>
/// <param name="Outbound">The interface it goes out by.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Who shall get it.</param>
/// <param name="Row">The prefix of the routing table's row that matched.</param>
/// <param name="Origin">Who put that row there.</param>
/// <param name="Gateway">The next hop; default when the destination is on the link.</param>
/// <param name="Neighbor">The next hop's hardware address by the neighbour cache; null when it has to be asked for.</param>
/// <param name="NeighborState">How sure that row is; null when there was none.</param>
/// <param name="Translation">The address translator's row that changed the packet; null when none did.</param>
/// <param name="HopsLeft">The hops left after this one.</param>
/// <param name="Length">The packet in bytes.</param>
public sealed record FrameForwarded(
    string Host, string Inbound, string Outbound, IpAddress Source, IpAddress Destination, string Row, RouteOrigin Origin, IpAddress Gateway,
    MacAddress? Neighbor, NeighborState? NeighborState, NatRow? Translation, byte HopsLeft, int Length) : TraceEvent;

/// <summary>A host sent a packet of its own.</summary>
/// <param name="Host">The host.</param>
/// <param name="Outbound">The interface it goes out by.</param>
/// <param name="Source">Its own address.</param>
/// <param name="Destination">Who shall get it.</param>
/// <param name="Row">The prefix of the routing table's row that matched; null for addresses that are not routed (its own, multicast).</param>
/// <param name="Origin">Who put that row there; null when there is none.</param>
/// <param name="Gateway">The next hop; default when the destination is on the link.</param>
/// <param name="Neighbor">The next hop's hardware address by the neighbour cache; null when it has to be asked for or needs none.</param>
/// <param name="NeighborState">How sure that row is; null when there was none.</param>
/// <param name="Length">The packet in bytes.</param>
public sealed record FrameSent(
    string Host, string Outbound, IpAddress Source, IpAddress Destination, string? Row, RouteOrigin? Origin, IpAddress Gateway,
        MacAddress? Neighbor, NeighborState? NeighborState, int Length) : TraceEvent;

/// <summary>A packet has reached a program or a protocol of a host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Inbound">The interface it came in by.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">The host's own address, or the group that it listens to.</param>
/// <param name="Length">The packet in bytes.</param>
public sealed record FrameDelivered(string Host, string Inbound, IpAddress Source, IpAddress Destination, int Length) : TraceEvent;

/// <summary>A host dropped a frame or packet.</summary>
/// <param name="Host">The host.</param>
/// <param name="Interface">The interface where it happened; null when there was none.</param>
/// <param name="Reason">Why.</param>
/// <param name="Flaw">What is malformed about it.</param>
/// <param name="Source">Who sent it, where that could be read.</param>
/// <param name="Destination">Who should have got it, where that could be read.</param>
/// <param name="Row">The prefix of the routing table's row that matched; null when it came to none.</param>
/// <param name="Length">The frame in bytes.</param>
public sealed record FrameDropped(
    string Host, string? Interface, FrameDropReason Reason, PacketFlaw Flaw, IpAddress Source, IpAddress Destination, string? Row,
    int Length) : TraceEvent;

/// <summary>A fault of a simulated world begins or is over.</summary>
/// <param name="Fault">Its kind, by the word of lab files.</param>
/// <param name="Place">The host, service, nodes or link that it befalls; an end of a link when it befalls one direction.</param>
/// <param name="IsActing">Whether it acts from now on.</param>
public sealed record FaultChanged(string Fault, string Place, bool IsActing) : TraceEvent
{
    /// <summary>All of it in the words of lab files, with its figures; null where it was not written in them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Said { get; init; }
}

/// <summary>A frame did not come through a link.</summary>
/// <param name="Link">The link.</param>
/// <param name="From">The end from which it was sent.</param>
/// <param name="Reason">Why.</param>
/// <param name="Source">Who sent it, where that could be read.</param>
/// <param name="Destination">Who should have got it, where that could be read.</param>
/// <param name="Length">The frame in bytes.</param>
public sealed record FrameLost(string Link, string From, FrameDropReason Reason, IpAddress Source, IpAddress Destination, int Length) : TraceEvent
{
    /// <summary>The record of an Ethernet frame's loss.</summary>
    public static FrameLost Of(string link, string from, FrameDropReason reason, ReadOnlySpan<byte> frame)
    {
        var (source, destination, _) = HostEvents.ReadAddresses(frame.Length > EthernetView.HeaderLength ? frame[EthernetView.HeaderLength..] : default);
        return new FrameLost(link, from, reason, source, destination, frame.Length);
    }
}

/// <summary>A host learned a neighbour's hardware address by ARP or NDP.</summary>
/// <param name="Host">The host that learned it.</param>
/// <param name="Interface">On which interface.</param>
/// <param name="Address">The neighbour.</param>
/// <param name="Hardware">Its hardware address.</param>
public sealed record NeighborLearned(string Host, string Interface, IpAddress Address, MacAddress Hardware) : TraceEvent;

/// <summary>A host gave up a row of its neighbour cache: nobody answered, or others needed the room.</summary>
/// <param name="Host">The host.</param>
/// <param name="Interface">On which interface.</param>
/// <param name="Address">The neighbour.</param>
public sealed record NeighborForgotten(string Host, string Interface, IpAddress Address) : TraceEvent;

/// <summary>A row of a host's routing table was added, changed or removed.</summary>
/// <param name="Host">The host.</param>
/// <param name="Change">What has become of the row.</param>
/// <param name="Row">Its prefix.</param>
/// <param name="Outbound">The interface it names.</param>
/// <param name="Gateway">The next hop; default when the destination is on the link.</param>
/// <param name="Origin">Who put it there.</param>
/// <param name="Metric">Its distance in hops, where the origin counts them.</param>
public sealed record RouteChanged(string Host, RowChange Change, string Row, string Outbound, IpAddress Gateway, RouteOrigin Origin, int Metric) : TraceEvent;

/// <summary>A row of a router's address translation table was added, or has expired.</summary>
/// <param name="Host">The router.</param>
/// <param name="Change">What has become of the row.</param>
/// <param name="Row">The row.</param>
public sealed record TranslationChanged(string Host, RowChange Change, NatRow Row) : TraceEvent;

/// <summary>Turns decisions into the records that are told.</summary>
public static class HostEvents
{
    /// <summary>The record of a decision at a host.</summary>
    public static TraceEvent ToEvent(this in FrameDecision decision, string host, ReadOnlySpan<byte> packet)
    {
        var (source, destination, hops) = ReadAddresses(decision, packet);
        var isRouted = decision.Row.Network.Version != IpVersion.None;
        var row = isRouted ? decision.Row.ToString() : null;
        var (inbound, outbound) = (decision.Inbound?.Name, decision.Outbound?.Name);
        MacAddress? neighbor = decision.Neighbor is { Hardware.IsZero: false } known ? known.Hardware : null;
        var state = decision.Neighbor?.State;
        return decision.Verdict switch
        {
            FrameVerdict.Forwarded =>
                new FrameForwarded(
                    host, inbound ?? "", outbound ?? "", source, destination, row ?? "", decision.Origin, decision.Gateway, neighbor, state,
                    decision.Translation, hops, packet.Length),
            FrameVerdict.Sent =>
                new FrameSent(
                    host, outbound ?? "", source, destination, row, isRouted ? decision.Origin : null, decision.Gateway, neighbor, state,
                    packet.Length),
            FrameVerdict.Delivered => new FrameDelivered(host, inbound ?? "", source, destination, packet.Length),
            _ => new FrameDropped(host, inbound ?? outbound, decision.Reason, decision.Flaw, source, destination, row, packet.Length),
        };
    }

    private static (IpAddress Source, IpAddress Destination, byte Hops) ReadAddresses(in FrameDecision decision, ReadOnlySpan<byte> packet)
    {
        // The first byte of an IP packet is 45–4f or 60–6f; at a malformed frame the Ethernet header is still there.
        if (decision.Reason is FrameDropReason.Malformed or FrameDropReason.NotForThisStation or FrameDropReason.UnknownEtherType
            && decision.Inbound?.Kind == LinkKind.Ethernet && packet.Length > EthernetView.HeaderLength) { packet = packet[EthernetView.HeaderLength..]; }
        return ReadAddresses(packet);
    }

    internal static (IpAddress Source, IpAddress Destination, byte Hops) ReadAddresses(ReadOnlySpan<byte> packet)
    {
        if (Ipv4View.TryParseQuote(packet, out var v4)) { return (v4.Source, v4.Destination, v4.TimeToLive); }
        return Ipv6View.TryParseQuote(packet, out var v6) ? (v6.Source, v6.Destination, v6.HopLimit) : default;
    }
}
