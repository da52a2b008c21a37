using System.Globalization;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for frames and for what elements decide about them.</summary>
internal static class FrameWords
{
    /// <summary>What a frame carries, in a learner's words.</summary>
    public static string Of(FrameSummary frame) => frame.Protocol switch
    {
        FrameProtocol.Arp => OfArp(frame.Neighbor!),
        FrameProtocol.Ndp => OfNdp(frame.Neighbor!),
        FrameProtocol.Icmp => $"{OfIcmp(frame)} {frame.Source} → {frame.Destination}",
        FrameProtocol.Dns => $"{OfDns(frame.Dns!)} {frame.Source} → {frame.Destination}",
        FrameProtocol.Udp => $"UDP {Amounts.Bytes(frame.Content)} {frame.Source}:{frame.SourcePort} → {frame.Destination}:{frame.DestinationPort}{OfPort(frame)}",
        FrameProtocol.Tcp => $"TCP {OfTcp(frame)} {frame.Source}:{frame.SourcePort} → {frame.Destination}:{frame.DestinationPort}",
        FrameProtocol.Ip when frame.FragmentOffset is > 0 => $"IP fragment at byte {frame.FragmentOffset} {frame.Source} → {frame.Destination}",
        FrameProtocol.Ip => $"IP packet {frame.Source} → {frame.Destination}",
        _ => $"{Amounts.Bytes(frame.Length)} that nobody here reads, for {OfStation(frame.To)}",
    };

    /// <summary>A router's decision, with the rows that made it.</summary>
    public static string Of(FrameForwarded e) =>
        $"{(e.Translation is { } row ? OfTranslation(row) + "; " : "")}{OfRoute(e.Row, e.Gateway, e.Outbound)}{(e.Neighbor is null ? ", asks for its hardware address" : "")}, {Amounts.Count(e.HopsLeft, "hop")} left";

    /// <summary>By which row a host sends a packet of its own.</summary>
    public static string? Of(FrameSent e) => e.Row is null ? null : OfRoute(e.Row, e.Gateway, e.Outbound);

    public static string Of(FrameSwitched e) => e.Decision switch
    {
        SwitchDecision.Forwarded => $"switch: {e.Destination} is behind {OfPort(e.Outbound)}",
        SwitchDecision.Filtered => "switch: the station is where the frame came from, it goes nowhere",
        _ when e.Destination.IsBroadcast => "switch: for everybody, out of every other port",
        _ when e.Destination.IsGroup => "switch: for a group, out of every other port",
        _ => $"switch: no row for {e.Destination}, out of every other port",
    };

    public static string Of(FrameRepeated e) => $"hub: out of {(e.Copies == 1 ? "the other port" : $"all {e.Copies} other ports")}";

    public static string Of(StationLearned e) => $"learns that {e.Station} is behind {OfPort(e.Port)}";

    public static string Of(RouteChanged e) =>
        $"{(e.Change == RowChange.Removed ? "loses" : e.Change == RowChange.Changed ? "changes" : "learns")} {OfRoute(e.Row, e.Gateway, e.Outbound)}{(e.Metric > 0 ? $", {Amounts.Count(e.Metric, "hop")} away" : "")} ({e.Origin})";

    public static string Of(TranslationChanged e) => $"{(e.Change == RowChange.Removed ? "forgets" : "adds the row")} {OfTranslation(e.Row)}";

    private static string OfRoute(string row, Addressing.IpAddress gateway, string outbound) =>
        $"route {row} {(gateway.Version == Addressing.IpVersion.None ? "on the link" : "via " + gateway)} dev {outbound}";

    private static string OfTranslation(NatRow row) => $"NAT {row.Inside} → {row.Outside}";

    // The end of a wire at a switch is called "link/switch": the link says who is there.
    private static string OfPort(string? port) => port is null ? "no port" : "port " + Printable.Text(port[..(port.LastIndexOf('/') is > 0 and var slash ? slash : port.Length)]);

    public static string Of(FrameDropReason reason) => reason switch
    {
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
        FrameDropReason.LinkDown => "the cable is pulled",
        FrameDropReason.Chance => "the cable loses a share of the frames, and this was one",
        FrameDropReason.QueueFull => "more waits to be sent than the queue holds",
        FrameDropReason.Unplugged => "nothing is plugged in at the other end",
        FrameDropReason.HostDown => "the machine is switched off",
        FrameDropReason.Silenced => "a fault of the lab: the service is silent",
        FrameDropReason.Refused => "a fault of the lab: the service refuses",
        FrameDropReason.Partitioned => "a fault of the lab: a partition lies between",
        FrameDropReason.Swallowed => "a fault of the lab: a share is lost, and this was one",
        FrameDropReason.Broken => "a fault of the lab: the connection is broken",
        FrameDropReason.NoTranslation => "dropped: the address translator has no row for it: nobody inside has asked",
        FrameDropReason.TranslationLimit => "dropped: the address translator's table is full",
        FrameDropReason.NeighborQueueFull => "dropped: too many packets wait for the same neighbour",
        _ => "dropped: " + reason,
    };

    /// <summary>A time of a simulated world in seconds, to the microsecond.</summary>
    public static string Clock(Instant at) => string.Create(CultureInfo.InvariantCulture, $"{(at.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1e9:0.000000}");

    /// <summary>TCP's states by the names of RFC 9293 section 3.3.2.</summary>
    public static string Of(TcpState state) => state switch
    {
        TcpState.SynSent => "SYN-SENT",
        TcpState.SynReceived => "SYN-RECEIVED",
        TcpState.Established => "ESTABLISHED",
        TcpState.FinWait1 => "FIN-WAIT-1",
        TcpState.FinWait2 => "FIN-WAIT-2",
        TcpState.CloseWait => "CLOSE-WAIT",
        TcpState.Closing => "CLOSING",
        TcpState.LastAck => "LAST-ACK",
        TcpState.TimeWait => "TIME-WAIT",
        _ => "CLOSED",
    };

    private static string OfArp(NeighborNote note) => note switch
    {
        { Kind: NeighborMessage.Answer } => $"ARP {note.Target} is at {note.Hardware}",
        { Sender: { } sender } when sender == note.Target => $"ARP announces {note.Target} at {note.Hardware}",
        _ => $"ARP who has {note.Target}? asks {note.Sender}",
    };

    private static string OfNdp(NeighborNote note) => note.Kind switch
    {
        NeighborMessage.Question => $"NDP who has {note.Target}? asks {note.Sender}",
        NeighborMessage.Answer => $"NDP {note.Target} is at {note.Hardware}",
        NeighborMessage.RouterQuestion => $"NDP is there a router? asks {note.Sender}",
        NeighborMessage.RouterAnswer => $"NDP router {note.Sender} announces itself",
        _ => $"NDP redirect for {note.Target}",
    };

    private static string OfIcmp(FrameSummary frame)
    {
        var icmp = frame.Icmp!;
        return frame.Source!.Value.IsV6
            ? (Icmpv6Type)icmp.Type switch
            {
                Icmpv6Type.EchoRequest => $"ICMP echo request {icmp.Sequence}",
                Icmpv6Type.EchoReply => $"ICMP echo reply {icmp.Sequence}",
                Icmpv6Type.TimeExceeded => "ICMP no hop left",
                Icmpv6Type.PacketTooBig => $"ICMP packet too big, MTU {icmp.Mtu}",
                Icmpv6Type.DestinationUnreachable => $"ICMP {OfUnreachable((Icmpv6UnreachableCode)icmp.Code)}",
                _ => $"ICMP type {icmp.Type}",
            } + OfAbout(icmp)
            : (IcmpType)icmp.Type switch
            {
                IcmpType.Echo => $"ICMP echo request {icmp.Sequence}",
                IcmpType.EchoReply => $"ICMP echo reply {icmp.Sequence}",
                IcmpType.TimeExceeded => "ICMP no hop left",
                IcmpType.DestinationUnreachable when icmp.Mtu is { } mtu => $"ICMP packet too big, MTU {mtu}",
                IcmpType.DestinationUnreachable => $"ICMP {OfUnreachable((IcmpUnreachableCode)icmp.Code)}",
                _ => $"ICMP type {icmp.Type}",
            } + OfAbout(icmp);
    }

    private static string OfAbout(IcmpNote icmp) => icmp.About is { } about ? $" (about a packet for {about})" : "";

    private static string OfUnreachable(IcmpUnreachableCode code) => code switch
    {
        IcmpUnreachableCode.Network => "no route to the network",
        IcmpUnreachableCode.Host => "host unreachable",
        IcmpUnreachableCode.Protocol => "protocol unreachable",
        IcmpUnreachableCode.Port => "port unreachable",
        IcmpUnreachableCode.Prohibited => "prohibited",
        _ => $"unreachable, code {(byte)code}",
    };

    private static string OfUnreachable(Icmpv6UnreachableCode code) => code switch
    {
        Icmpv6UnreachableCode.NoRoute => "no route to the network",
        Icmpv6UnreachableCode.Address => "host unreachable",
        Icmpv6UnreachableCode.Port => "port unreachable",
        Icmpv6UnreachableCode.Prohibited => "prohibited",
        _ => $"unreachable, code {(byte)code}",
    };

    private static string OfDns(DnsNote dns)
    {
        var question = dns.Name.Length == 0 ? "" : $" {Printable.Text(dns.Type)} {Printable.Text(dns.Name)}";
        if (!dns.IsResponse) { return "DNS query" + question; }
        var what = dns.Code != "NOERROR" ? dns.Code
            : dns.Answers > 0 ? Amounts.Count(dns.Answers, "answer")
            : dns.IsAuthoritative ? "no such record"
            : dns.Authorities > 0 ? "referral"
            : "no answer";
        return $"DNS response{question}: {what}{(dns.IsAuthoritative ? ", aa" : "")}";
    }

    private static string OfTcp(FrameSummary frame)
    {
        var tcp = frame.Tcp!;
        var flags = new List<string>(4);
        if (tcp.Flags.HasFlag(TcpFlags.Syn)) { flags.Add("SYN"); }
        if (tcp.Flags.HasFlag(TcpFlags.Fin)) { flags.Add("FIN"); }
        if (tcp.Flags.HasFlag(TcpFlags.Rst)) { flags.Add("RST"); }
        if (tcp.Flags.HasFlag(TcpFlags.Ack)) { flags.Add("ACK"); }
        var text = string.Join(',', flags) + $" seq {tcp.Sequence}";
        if (tcp.Flags.HasFlag(TcpFlags.Ack)) { text += $" ack {tcp.Acknowledgment}"; }
        return frame.Content > 0 ? $"{text} · {Amounts.Bytes(frame.Content)}" : text;
    }

    // The ports of protocols that speak by themselves in a lab (RFC 2132, RFC 2453, RFC 2080).
    private static string OfPort(FrameSummary frame) => Math.Min(frame.SourcePort ?? 0, frame.DestinationPort ?? 0) switch
    {
        67 or 68 => " (DHCP)",
        520 => " (RIP)",
        521 => " (RIPng)",
        _ => "",
    };

    private static string OfStation(MacAddress station) => station.IsBroadcast ? "everybody" : station.ToString();
}
