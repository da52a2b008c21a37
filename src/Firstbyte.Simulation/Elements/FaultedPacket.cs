using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Simulation.Elements;

/// <summary>What a fault needs to know of a packet: between whom, and what it opens.</summary>
internal readonly record struct FaultedPacket(Endpoint Source, Endpoint Target, bool IsSegment, bool IsOpening, bool IsError)
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FaultedPacket packet)
    {
        packet = default;
        if (Ipv4View.TryParse(bytes, out var v4, out _))
        {
            packet = Read(v4.Source, v4.Destination, v4.Protocol, v4.FragmentOffset == 0 ? v4.Payload : default);
            return true;
        }
        if (!Ipv6View.TryParse(bytes, out var v6, out _) || IsNeighborDiscovery(v6)) { return false; }
        packet = Read(v6.Source, v6.Destination, v6.Protocol, v6.FragmentOffset == 0 ? v6.Payload : default);
        return true;
    }

    /// <summary>Whether a packet is an ICMP message of either version.</summary>
    public static bool IsIcmp(ReadOnlySpan<byte> bytes) =>
        (Ipv4View.TryParse(bytes, out var v4, out _) && v4.Protocol == IpProtocol.Icmp)
            || (Ipv6View.TryParse(bytes, out var v6, out _) && v6.Protocol == IpProtocol.Icmpv6);

    /// <summary>What a host answers whose port is closed: a reset, or an ICMP error. The frame goes back where the packet came from.</summary>
    public static bool TryRefuse(in EthernetView ethernet, FramePool frames, out Frame refusal)
    {
        refusal = null!;
        if (!Ipv4View.TryParse(ethernet.Payload, out var packet, out _)) { return TryRefuseV6(ethernet, frames, out refusal); }
        if (TcpView.TryParse(packet.Payload, out var tcp, out _) && packet.Protocol == IpProtocol.Tcp)
        {
            if (!TryReset(tcp, packet.DestinationBits, packet.SourceBits, frames, out refusal)) { return false; }
        }
        else
        {
            refusal = Quote(packet.Packet, frames);
            IcmpWriter.Seal(refusal.Span, IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Port, 0);
        }
        var protocol = packet.Protocol == IpProtocol.Tcp ? IpProtocol.Tcp : IpProtocol.Icmp;
        refusal.Prepend(Ipv4View.MinHeaderLength);
        Ipv4Writer.Seal(refusal.Span, new Ipv4Header(packet.DestinationBits, packet.SourceBits, protocol));
        EthernetWriter.Seal(refusal.Prepend(EthernetView.HeaderLength), ethernet.Source, ethernet.Destination, EtherType.Ipv4);
        return true;
    }

    private static bool TryRefuseV6(in EthernetView ethernet, FramePool frames, out Frame refusal)
    {
        refusal = null!;
        if (!Ipv6View.TryParse(ethernet.Payload, out var packet, out _)) { return false; }
        if (packet.Protocol == IpProtocol.Tcp)
        {
            if (!TcpView.TryParse(packet.Payload, out var tcp, out _)
                || !TryReset(tcp, packet.DestinationBits, packet.SourceBits, frames, out refusal))
            {
                return false;
            }
        }
        else
        {
            refusal = Quote(packet.Packet, frames);
            IcmpWriter.Seal(refusal.Span, Icmpv6Type.DestinationUnreachable, (byte)Icmpv6UnreachableCode.Port, 0, packet.DestinationBits, packet.SourceBits);
        }
        refusal.Prepend(Ipv6View.HeaderLength);
        Ipv6Writer.Seal(
            refusal.Span,
            new Ipv6Header(
                packet.DestinationBits, packet.SourceBits, packet.Protocol == IpProtocol.Tcp ? IpProtocol.Tcp : IpProtocol.Icmpv6));
        EthernetWriter.Seal(refusal.Prepend(EthernetView.HeaderLength), ethernet.Source, ethernet.Destination, EtherType.Ipv6);
        return true;
    }

    private static bool TryReset(in TcpView tcp, UInt128 source, UInt128 destination, FramePool frames, out Frame refusal)
    {
        refusal = null!;
        if (Listening.JudgeClosed(TcpSegmentCodec.Read(tcp), out var reset, out _) != SegmentVerdict.Reset) { return false; }
        refusal = frames.Rent(TcpView.MinHeaderLength);
        TcpSegmentCodec.Seal(refusal.Span, reset, tcp.DestinationPort, tcp.SourcePort, source, destination);
        return true;
    }

    // Header and eight bytes are enough for the sender to find the socket (RFC 792).
    private static Frame Quote(ReadOnlySpan<byte> packet, FramePool frames)
    {
        var length = Math.Min(packet.Length, Ipv6View.HeaderLength + UdpView.HeaderLength);
        var frame = frames.Rent(IcmpView.HeaderLength + length);
        packet[..length].CopyTo(frame.Span[IcmpView.HeaderLength..]);
        return frame;
    }

    private static bool IsNeighborDiscovery(in Ipv6View packet) =>
        packet.Protocol == IpProtocol.Icmpv6 && !packet.Payload.IsEmpty
            && (Icmpv6Type)packet.Payload[0] is >= Icmpv6Type.RouterSolicitation and <= Icmpv6Type.Redirect;

    private static FaultedPacket Read(IpAddress source, IpAddress target, IpProtocol protocol, ReadOnlySpan<byte> payload)
    {
        if (protocol == IpProtocol.Tcp && TcpView.TryParse(payload, out var tcp, out _))
        {
            var flags = (TcpFlags)tcp.Flags & (TcpFlags.Syn | TcpFlags.Ack);
            return new FaultedPacket(new Endpoint(source, tcp.SourcePort), new Endpoint(target, tcp.DestinationPort), true, flags == TcpFlags.Syn, false);
        }
        return protocol == IpProtocol.Udp && UdpView.TryParse(payload, out var udp, out _)
            ? new FaultedPacket(new Endpoint(source, udp.SourcePort), new Endpoint(target, udp.DestinationPort), false, true, false)
            : new FaultedPacket(new Endpoint(source, 0), new Endpoint(target, 0), false, false, true);
    }
}
