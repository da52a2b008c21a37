using Firstbyte.Addressing;
using Firstbyte.Dns.Wire;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Frames;

/// <summary>Reads what a frame carries. Any bytes will do: what cannot be read is <see cref="FrameProtocol.Unknown"/>, or the last layer that could.</summary>
public static class FrameReader
{
    // RFC 1035 4.2.1.
    private const ushort DnsPort = 53;

    /// <summary>Summarises an Ethernet frame.</summary>
    public static FrameSummary Read(ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet, out _)) { return new FrameSummary(default, default, frame.Length, FrameProtocol.Unknown); }
        var summary = new FrameSummary(ethernet.Source, ethernet.Destination, frame.Length, FrameProtocol.Unknown);
        return ethernet.Type switch
        {
            EtherType.Arp when ArpView.TryParse(ethernet.Payload, out var arp, out _) => ReadArp(summary, arp),
            EtherType.Ipv4 when Ipv4View.TryParse(ethernet.Payload, out var packet, out _) => ReadIpv4(summary, packet),
            EtherType.Ipv6 when Ipv6View.TryParse(ethernet.Payload, out var packet, out _) => ReadIpv6(summary, packet),
            _ => summary,
        };
    }

    private static FrameSummary ReadArp(FrameSummary summary, in ArpView arp) => summary with
    {
        Protocol = FrameProtocol.Arp,
        Neighbor = new NeighborNote(
            arp.Operation == ArpOperation.Reply ? NeighborMessage.Answer : NeighborMessage.Question,
            arp.Operation == ArpOperation.Reply ? arp.Sender : arp.Target, arp.Sender, arp.SenderHardware),
    };

    // What differs between the versions is read here; the rest is one reader's.
    private static FrameSummary ReadIpv4(FrameSummary summary, in Ipv4View packet) =>
        ReadIp(summary, packet.Source, packet.Destination, packet.TimeToLive, packet.IsFragment ? packet.FragmentOffset : null,
            packet.Protocol, packet.Payload);

    private static FrameSummary ReadIpv6(FrameSummary summary, in Ipv6View packet) =>
        ReadIp(summary, packet.Source, packet.Destination, packet.HopLimit, packet.IsFragment ? packet.FragmentOffset : null, packet.Protocol, packet.Payload);

    private static FrameSummary ReadIp(
        FrameSummary summary, IpAddress source, IpAddress destination, byte hopLimit, int? fragmentOffset, IpProtocol protocol,
        ReadOnlySpan<byte> payload)
    {
        summary = summary with
        {
            Protocol = FrameProtocol.Ip,
            Source = source,
            Destination = destination,
            HopLimit = hopLimit,
            FragmentOffset = fragmentOffset,
            Content = payload.Length
        };
        // A later fragment has no header that could be read.
        if (fragmentOffset > 0) { return summary; }
        return protocol switch
        {
            IpProtocol.Icmpv6 when source.IsV6 && NdpView.TryParse(payload, hopLimit, out var ndp, out _) => ReadNdp(summary, ndp),
            IpProtocol.Icmp or IpProtocol.Icmpv6 when (protocol == IpProtocol.Icmpv6) == source.IsV6
                && IcmpView.TryParse(payload, out var icmp, out _) => ReadIcmp(summary, icmp),
            IpProtocol.Udp => ReadUdp(summary, payload),
            IpProtocol.Tcp => ReadTcp(summary, payload),
            _ => summary,
        };
    }

    private static FrameSummary ReadNdp(FrameSummary summary, in NdpView ndp)
    {
        var kind = ndp.Type switch
        {
            Icmpv6Type.NeighborSolicitation => NeighborMessage.Question,
            Icmpv6Type.NeighborAdvertisement => NeighborMessage.Answer,
            Icmpv6Type.RouterSolicitation => NeighborMessage.RouterQuestion,
            Icmpv6Type.RouterAdvertisement => NeighborMessage.RouterAnswer,
            _ => NeighborMessage.Redirect,
        };
        var hasTarget = kind is NeighborMessage.Question or NeighborMessage.Answer or NeighborMessage.Redirect;
        MacAddress? hardware = null;
        var options = ndp.Options;
        while (hardware is null && options.Read())
        {
            if (options.Type is NdpOptionType.SourceLinkLayer or NdpOptionType.TargetLinkLayer) { hardware = options.LinkLayerAddress; }
        }
        return summary with
        {
            Protocol = FrameProtocol.Ndp,
            Neighbor = new NeighborNote(kind, hasTarget ? IpAddress.FromV6(ndp.Target) : null, summary.Source, hardware),
        };
    }

    private static FrameSummary ReadIcmp(FrameSummary summary, in IcmpView icmp)
    {
        var isV6 = summary.Source!.Value.IsV6;
        var isEcho = isV6 ? icmp.Type6 is Icmpv6Type.EchoRequest or Icmpv6Type.EchoReply : icmp.Type is IcmpType.Echo or IcmpType.EchoReply;
        var isTooBig = isV6
            ? icmp.Type6 == Icmpv6Type.PacketTooBig
            : icmp.Type == IcmpType.DestinationUnreachable && icmp.Code == (byte)IcmpUnreachableCode.FragmentationNeeded;
        var isError = isV6
            ? icmp.TypeNumber < 128
            : icmp.Type is IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem or IcmpType.Redirect;
        return summary with
        {
            Protocol = FrameProtocol.Icmp,
            Content = icmp.Body.Length,
            Icmp = new IcmpNote(
                icmp.TypeNumber, icmp.Code, isEcho ? icmp.SequenceNumber : null, isTooBig ? (int)Math.Min(icmp.NextHopMtu(isV6), int.MaxValue) : null,
                isError ? ReadAbout(icmp.Body, isV6) : null),
        };
    }

    private static IpAddress? ReadAbout(ReadOnlySpan<byte> quote, bool isV6)
    {
        if (isV6) { return Ipv6View.TryParseQuote(quote, out var v6) ? v6.Destination : null; }
        return Ipv4View.TryParseQuote(quote, out var v4) ? v4.Destination : null;
    }

    private static FrameSummary ReadUdp(FrameSummary summary, ReadOnlySpan<byte> payload)
    {
        if (!UdpView.TryParse(payload, out var udp, out _)) { return summary; }
        summary = summary with
        {
            Protocol = FrameProtocol.Udp,
            SourcePort = udp.SourcePort,
            DestinationPort = udp.DestinationPort,
            Content = udp.Payload.Length
        };
        return (udp.SourcePort == DnsPort || udp.DestinationPort == DnsPort) && MessageView.TryRead(udp.Payload, out var message, out _)
            ? summary with { Protocol = FrameProtocol.Dns, Dns = ReadDns(message) }
            : summary;
    }

    private static DnsNote ReadDns(in MessageView message)
    {
        var header = message.Header;
        var (name, type) = ("", "");
        if (message.TryGetQuestion(out var question)) { (name, type) = (question.Name.ToName().ToString(), question.Type.ToString()); }
        return new DnsNote(
            header.Id, header.IsResponse, name, type, message.ResponseCode.ToString(), header.IsAuthoritative, header.AnswerCount,
            header.AuthorityCount);
    }

    private static FrameSummary ReadTcp(FrameSummary summary, ReadOnlySpan<byte> payload)
    {
        if (!TcpView.TryParse(payload, out var tcp, out _)) { return summary; }
        return summary with
        {
            Protocol = FrameProtocol.Tcp,
            SourcePort = tcp.SourcePort,
            DestinationPort = tcp.DestinationPort,
            Content = tcp.Payload.Length,
            Tcp = new TcpNote((TcpFlags)tcp.Flags, tcp.Sequence, tcp.Acknowledgment, tcp.Window),
        };
    }
}
