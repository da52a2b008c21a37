using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tcp;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishFrames : IFrameSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Frame(FrameSummary frame) => frame.Protocol switch
    {
        FrameProtocol.Arp => Arp(frame.Neighbor!),
        FrameProtocol.Ndp => Ndp(frame.Neighbor!),
        FrameProtocol.Icmp => $"{Icmp(frame)} {frame.Source} → {frame.Destination}",
        FrameProtocol.Dns => $"{Dns(frame.Dns!)} {frame.Source} → {frame.Destination}",
        FrameProtocol.Udp =>
            $"UDP {_amounts.Bytes(frame.Content)} {frame.Source}:{frame.SourcePort} → {frame.Destination}:{frame.DestinationPort}{Protocol(frame):words}",
        FrameProtocol.Tcp => $"TCP {Tcp(frame)} {frame.Source}:{frame.SourcePort} → {frame.Destination}:{frame.DestinationPort}",
        FrameProtocol.Ip when frame.FragmentOffset is > 0 => $"IP fragment at byte {frame.FragmentOffset} {frame.Source} → {frame.Destination}",
        FrameProtocol.Ip => $"IP packet {frame.Source} → {frame.Destination}",
        FrameProtocol.Unknown =>
            $"{_amounts.Bytes(frame.Length)} that nobody here reads, for {(frame.To.IsBroadcast ? "everybody" : frame.To.ToString()):words}",
    };

    public Phrase Sends(FrameSummary frame) => $"sends {Frame(frame)}";

    public Phrase Gets(FrameSummary frame) => $"gets {Frame(frame)}";

    public Phrase Forwarded(FrameForwarded e) =>
        $"{(e.Translation is { } row ? $"{Translation(row)}; " : "")}{Route(e.Row, e.Gateway, e.Outbound, e.Neighbor is null)}, {_amounts.Hops(e.HopsLeft)} left";

    public Phrase Switched(FrameSwitched e) => e.Decision switch
    {
        SwitchDecision.Forwarded => Say($"switch: {e.Destination} is behind {Port(e.Outbound)}"),
        SwitchDecision.Filtered => "switch: the station is where the frame came from, it goes nowhere",
        SwitchDecision.Flooded when e.Destination.IsBroadcast => "switch: for everybody, out of every other port",
        SwitchDecision.Flooded when e.Destination.IsGroup => "switch: for a group, out of every other port",
        SwitchDecision.Flooded => $"switch: no row for {e.Destination}, out of every other port",
    };

    public Phrase Repeated(int copies) => copies == 1 ? "hub: out of the other port" : $"hub: out of all {copies} other ports";

    public Phrase Lost(string link, FrameDropReason reason) => $"lost on {link:name}: {Dropped(reason)}";

    public Phrase Dropped(FrameDropReason reason) => reason switch
    {
        FrameDropReason.None => "dropped",
        FrameDropReason.Malformed => "dropped: malformed",
        FrameDropReason.NotForThisStation => "not for this station (a hub repeats everything)",
        FrameDropReason.NotForThisHost => "dropped: for another address, and this is no router",
        FrameDropReason.UnknownEtherType => "dropped: not spoken here",
        FrameDropReason.MartianAddress => "dropped: such a source or destination cannot have come this way",
        FrameDropReason.SourceRoute => "dropped: source routes are refused",
        FrameDropReason.UnrecognizedOption => "dropped: an option that must not be skipped",
        FrameDropReason.HopsExceeded => "dropped: no hop is left",
        FrameDropReason.NoRoute => "dropped: no route matches",
        FrameDropReason.NeighborUnreachable => "dropped: nobody on the link answers for the address",
        FrameDropReason.TooBig => "dropped: longer than the next link's MTU",
        FrameDropReason.InterfaceDown => "dropped: the interface is down",
        FrameDropReason.FragmentsOverlap => "dropped: its fragments overlap",
        FrameDropReason.ReassemblyTimedOut => "dropped: fragments were missing for too long",
        FrameDropReason.ReassemblyLimit => "dropped: too many unfinished packets",
        FrameDropReason.UnknownProtocol => "dropped: the protocol is not spoken here",
        FrameDropReason.NoListener => "nobody listens at the port",
        FrameDropReason.BufferFull => "dropped: the socket's buffer is full",
        FrameDropReason.BacklogFull => "dropped: the listener's backlog is full",
        FrameDropReason.NeighborQueueFull => "dropped: too many packets wait for the same neighbour",
        FrameDropReason.NoTranslation => "dropped: the address translator has no row for it: nobody inside has asked",
        FrameDropReason.TranslationLimit => "dropped: the address translator's table is full",
        FrameDropReason.LinkDown => "the cable is pulled",
        FrameDropReason.Chance => "the cable loses a share of the frames, and this was one",
        FrameDropReason.QueueFull => "more waits to be sent than the queue holds",
        FrameDropReason.Unplugged => "nothing is plugged in at the other end",
        FrameDropReason.HostDown => "the machine is switched off",
        FrameDropReason.Silenced => "a fault of the lab: the service is silent",
        FrameDropReason.Refused => "a fault of the lab: the service refuses",
        FrameDropReason.Partitioned => "a fault of the lab: a partition lies between",
        FrameDropReason.Filtered => "a fault of the lab: no ICMP message gets through",
        FrameDropReason.Swallowed => "a fault of the lab: a share is lost, and this was one",
        FrameDropReason.Broken => "a fault of the lab: the connection is broken",
    };

    public Phrase NeighborLearned(IpAddress address, MacAddress hardware) => $"learns that {address} is at {hardware}";

    public Phrase NeighborForgotten(IpAddress address) => $"forgets the hardware address of {address}";

    public Phrase StationLearned(MacAddress station, string port) => $"learns that {station} is behind {Port(port)}";

    public Phrase StationForgotten(MacAddress station) => $"forgets {station}";

    public Phrase RouteChanged(RouteChanged e) =>
        $"{Verb(e.Change):words} {Route(e.Row, e.Gateway, e.Outbound, false)}{(e.Metric > 0 ? $", {_amounts.Hops(e.Metric)} away" : "")} ({Origin(e.Origin):words})";

    public Phrase TranslationChanged(TranslationChanged e) => $"{(e.Change == RowChange.Removed ? "forgets" : "adds the row"):words} {Translation(e.Row)}";

    public Phrase StateChanged(TcpState before, TcpState after) => $"{FieldWords.Of(before):words} → {FieldWords.Of(after):words}";

    public Phrase CableIn => "the cable is plugged in again";

    public Phrase CableOut => "the cable is pulled: what is sent into it is lost";

    public Phrase Route(string row, IpAddress gateway, string outbound, bool asksForNeighbor) =>
        $"route {row} {(gateway.Version == IpVersion.None ? "on the link" : Say($"via {gateway}"))} dev {outbound}{(asksForNeighbor ? ", asks for its hardware address" : ""):words}";

    public Phrase HasPacketFor(IpAddress destination) => $"has a packet for {destination}";

    public string Between => "; ";

    private static string Verb(RowChange change) => change switch
    {
        RowChange.Added => "learns",
        RowChange.Changed => "changes",
        RowChange.Removed => "loses",
    };

    private static string Origin(RouteOrigin origin) => origin switch
    {
        RouteOrigin.Connected => "own subnet",
        RouteOrigin.Static => "by hand",
        RouteOrigin.Dhcp => "DHCP",
        RouteOrigin.RouterAdvertisement => "router advertisement",
        RouteOrigin.Rip => "RIP",
    };

    private static Phrase Translation(NatRow row) => $"NAT {row.Inside} → {row.Outside}";

    private static Phrase Port(string? port) => port is null ? "no port" : Say($"port {FieldWords.OfPort(port):name}");

    private static Phrase Arp(NeighborNote note) => note switch
    {
        { Kind: NeighborMessage.Answer } => Say($"ARP {note.Target} is at {note.Hardware}"),
        { Sender: { } sender } when sender == note.Target => $"ARP announces {note.Target} at {note.Hardware}",
        _ => $"ARP who has {note.Target}? asks {note.Sender}",
    };

    private static Phrase Ndp(NeighborNote note) => note.Kind switch
    {
        NeighborMessage.Question => Say($"NDP who has {note.Target}? asks {note.Sender}"),
        NeighborMessage.Answer => $"NDP {note.Target} is at {note.Hardware}",
        NeighborMessage.RouterQuestion => $"NDP is there a router? asks {note.Sender}",
        NeighborMessage.RouterAnswer => $"NDP router {note.Sender} announces itself",
        NeighborMessage.Redirect => $"NDP redirect for {note.Target}",
    };

    private static Phrase Icmp(FrameSummary frame)
    {
        var icmp = frame.Icmp!;
        Phrase what = frame.Source!.Value.IsV6
            ? (Icmpv6Type)icmp.Type switch
            {
                Icmpv6Type.EchoRequest => Say($"ICMP echo request {icmp.Sequence}"),
                Icmpv6Type.EchoReply => $"ICMP echo reply {icmp.Sequence}",
                Icmpv6Type.TimeExceeded => "ICMP no hop left",
                Icmpv6Type.PacketTooBig => $"ICMP packet too big, MTU {icmp.Mtu}",
                Icmpv6Type.DestinationUnreachable => $"ICMP {Unreachable((Icmpv6UnreachableCode)icmp.Code)}",
                _ => $"ICMP type {icmp.Type}",
            }
            : (IcmpType)icmp.Type switch
            {
                IcmpType.Echo => Say($"ICMP echo request {icmp.Sequence}"),
                IcmpType.EchoReply => $"ICMP echo reply {icmp.Sequence}",
                IcmpType.TimeExceeded => "ICMP no hop left",
                IcmpType.DestinationUnreachable when icmp.Mtu is { } mtu => $"ICMP packet too big, MTU {mtu}",
                IcmpType.DestinationUnreachable => $"ICMP {Unreachable((IcmpUnreachableCode)icmp.Code)}",
                _ => $"ICMP type {icmp.Type}",
            };
        return icmp.About is { } about ? $"{what} (about a packet for {about})" : what;
    }

    private static Phrase Unreachable(IcmpUnreachableCode code) => code switch
    {
        IcmpUnreachableCode.Network => "no route to the network",
        IcmpUnreachableCode.Host => "host unreachable",
        IcmpUnreachableCode.Protocol => "protocol unreachable",
        IcmpUnreachableCode.Port => "port unreachable",
        IcmpUnreachableCode.Prohibited => "prohibited",
        _ => $"unreachable, code {(byte)code}",
    };

    private static Phrase Unreachable(Icmpv6UnreachableCode code) => code switch
    {
        Icmpv6UnreachableCode.NoRoute => "no route to the network",
        Icmpv6UnreachableCode.Address => "host unreachable",
        Icmpv6UnreachableCode.Port => "port unreachable",
        Icmpv6UnreachableCode.Prohibited => "prohibited",
        _ => $"unreachable, code {(byte)code}",
    };

    private Phrase Dns(DnsNote dns)
    {
        Phrase question = dns.Name.Length == 0 ? Phrase.Empty : $" {dns.Type} {dns.Name:name}";
        if (!dns.IsResponse) { return $"DNS query{question}"; }
        Phrase what = dns.Code != "NOERROR" ? dns.Code
            : dns.Answers > 0 ? _amounts.Answers(dns.Answers)
            : dns.IsAuthoritative ? "no such record"
            : dns.Authorities > 0 ? "referral"
            : "no answer";
        return $"DNS response{question}: {what}{(dns.IsAuthoritative ? ", aa" : ""):words}";
    }

    private Phrase Tcp(FrameSummary frame)
    {
        var tcp = frame.Tcp!;
        Phrase text = $"{FieldWords.Of(tcp.Flags):words} seq {tcp.Sequence}";
        if (tcp.Flags.HasFlag(TcpFlags.Ack)) { text = $"{text} ack {tcp.Acknowledgment}"; }
        return frame.Content > 0
            ? $"{text} · {_amounts.Bytes(frame.Content)}{FieldWords.OfService(frame.SourcePort, frame.DestinationPort):words}"
            : text;
    }

    private static string Protocol(FrameSummary frame) => FieldWords.OfPort(Math.Min(frame.SourcePort ?? 0, frame.DestinationPort ?? 0));
}
