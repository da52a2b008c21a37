using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Fuzz.Packets;

/// <summary>Well-formed packets of every kind that a host can meet, between 192.0.2.2 (2001:db8::2), who sends, and 192.0.2.1 (2001:db8::1).</summary>
internal static class Sample
{
    public static readonly MacAddress Own = new(0x020000000001);
    public static readonly MacAddress Peer = new(0x020000000002);
    public static readonly IpAddress PeerV4 = IpAddress.Parse("192.0.2.2");
    public static readonly IpAddress OwnV4 = IpAddress.Parse("192.0.2.1");
    public static readonly IpAddress PeerV6 = IpAddress.Parse("2001:db8::2");
    public static readonly IpAddress OwnV6 = IpAddress.Parse("2001:db8::1");

    /// <summary>Headers' beginnings and values that decide something.</summary>
    public static IReadOnlyList<byte[]> Tokens { get; } =
    [
        [0x08, 0x00, 0x45, 0x00], [0x08, 0x06], [0x86, 0xDD, 0x60, 0x00], [0x20, 0x00], [0x40, 0x00], [0, 1], [0, 0], [0xFF, 0xFF], [1], [6], [17], [44], [58], [0, 43, 60], [2, 4, 5, 0xB4], [1, 1, 8, 10], [5, 10],
        [192, 0, 2, 1], [192, 0, 2, 2], [255, 255, 255, 255], [224, 0, 0, 1], [0x63, 0x82, 0x53, 0x63], [53, 1, 5], [3, 4], [135, 0], [136, 0], [134, 0], [0x50, 0x02], [0x50, 0x10], [0x50, 0x04],
    ];

    public static byte[] Ethernet(EtherType type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = [.. new byte[EthernetView.HeaderLength], .. payload];
        EthernetWriter.Seal(frame, Own, Peer, type);
        return frame;
    }

    public static byte[] V4(IpProtocol protocol, ReadOnlySpan<byte> payload, Func<Ipv4Header, Ipv4Header>? change = null)
    {
        byte[] packet = [.. new byte[Ipv4View.MinHeaderLength], .. payload];
        var header = new Ipv4Header((uint)PeerV4.Bits, (uint)OwnV4.Bits, protocol);
        Ipv4Writer.Seal(packet, change?.Invoke(header) ?? header);
        return packet;
    }

    public static byte[] V6(IpProtocol protocol, ReadOnlySpan<byte> payload, byte hopLimit = 64)
    {
        byte[] packet = [.. new byte[Ipv6View.HeaderLength], .. payload];
        Ipv6Writer.Seal(packet, new Ipv6Header(PeerV6.Bits, OwnV6.Bits, protocol) { HopLimit = hopLimit });
        return packet;
    }

    public static byte[] Udp(IpAddress source, IpAddress target, params ReadOnlySpan<byte> data)
    {
        byte[] datagram = [.. new byte[UdpView.HeaderLength], .. data];
        UdpWriter.Seal(datagram, 9, 53, source.Bits, target.Bits);
        return datagram;
    }

    public static byte[] Tcp(TcpFlags flags, params ReadOnlySpan<byte> data)
    {
        var options = new TcpOptions
        {
            Present = flags.HasFlag(TcpFlags.Syn) ? TcpOptionSet.MaximumSegmentSize | TcpOptionSet.Timestamps | TcpOptionSet.SackPermitted | TcpOptionSet.WindowScale : default,
            MaximumSegmentSize = 1_460,
        };
        var segment = new TcpSegment { Flags = flags, Window = 1_000, Options = options };
        byte[] bytes = [.. new byte[TcpView.MinHeaderLength + options.WireLength], .. data];
        TcpSegmentCodec.Seal(bytes, segment, 9, 80, PeerV4.Bits, OwnV4.Bits);
        return bytes;
    }

    public static byte[] Icmp(IcmpType type, byte code, uint rest, params ReadOnlySpan<byte> body)
    {
        byte[] message = [.. new byte[IcmpView.HeaderLength], .. body];
        IcmpWriter.Seal(message, type, code, rest);
        return message;
    }

    public static byte[] Arp(ArpOperation operation)
    {
        var packet = new byte[ArpView.Length];
        ArpWriter.Seal(packet, operation, Peer, PeerV4, operation == ArpOperation.Reply ? Own : default, OwnV4);
        return packet;
    }

    public static byte[] Solicitation()
    {
        var message = new byte[NdpWriter.NeighborLength];
        NdpWriter.SealSolicitation(message, OwnV6.Bits, Peer, PeerV6.Bits, OwnV6.Bits);
        return message;
    }

    public static byte[] RouterAdvertisement()
    {
        var message = new byte[NdpWriter.RouterAdvertisementLength];
        var prefix = new NdpPrefix(IpAddress.Parse("2001:db8:7::").Bits, 64, true, true, 100, 100);
        NdpWriter.SealRouterAdvertisement(message, Peer, 64, 1_800, 1_500, prefix, IpAddress.Parse("fe80::2").Bits, IpAddress.Parse("ff02::1").Bits);
        return message;
    }

    public static byte[] Dhcp(DhcpMessageType type)
    {
        var buffer = new byte[600];
        var writer = new DhcpWriter(buffer, isRequest: false, type, 7, Own) { YourAddress = OwnV4 };
        writer.Add(DhcpOption.SubnetMask, IpAddress.Parse("255.255.255.0"));
        writer.Add(DhcpOption.ServerIdentifier, PeerV4);
        writer.Add(DhcpOption.LeaseTime, 600);
        return buffer[..writer.Seal()];
    }

    /// <summary>One frame of each kind.</summary>
    public static IEnumerable<byte[]> Frames()
    {
        var quoted = V4(IpProtocol.Udp, Udp(OwnV4, PeerV4, 1)).AsSpan(0, 28).ToArray();
        yield return Ethernet(EtherType.Arp, Arp(ArpOperation.Request));
        yield return Ethernet(EtherType.Arp, Arp(ArpOperation.Reply));
        yield return Ethernet(EtherType.Ipv4, V4(IpProtocol.Icmp, Icmp(IcmpType.Echo, 0, 0x1_0002, 3, 4)));
        yield return Ethernet(EtherType.Ipv4, V4(IpProtocol.Icmp, Icmp(IcmpType.DestinationUnreachable, 4, 500, quoted)));
        yield return Ethernet(EtherType.Ipv4, V4(IpProtocol.Udp, Udp(PeerV4, OwnV4, 1, 2, 3)));
        yield return Ethernet(EtherType.Ipv4, V4(IpProtocol.Udp, new byte[48], static h => h with { Identification = 5, MoreFragments = true }));
        yield return Ethernet(EtherType.Ipv4, V4(IpProtocol.Udp, new byte[40], static h => h with { Identification = 5, FragmentOffset = 48 }));
        yield return Ethernet(EtherType.Ipv4, V4(IpProtocol.Tcp, Tcp(TcpFlags.Syn)));
        yield return Ethernet(EtherType.Ipv4, V4(IpProtocol.Tcp, Tcp(TcpFlags.Ack | TcpFlags.Fin, 1, 2, 3)));
        yield return Ethernet(EtherType.Ipv6, V6(IpProtocol.Icmpv6, Solicitation(), 255));
        yield return Ethernet(EtherType.Ipv6, V6(IpProtocol.Icmpv6, RouterAdvertisement(), 255));
        yield return Ethernet(EtherType.Ipv6, V6(IpProtocol.Udp, Udp(PeerV6, OwnV6, 1, 2, 3)));
        yield return Ethernet(EtherType.Ipv6, V6(IpProtocol.HopByHop, [17, 0, 5, 2, 0, 0, 1, 0, .. Udp(PeerV6, OwnV6, 1, 2, 3)]));
        yield return Ethernet(EtherType.Ipv6, V6(IpProtocol.Fragment, [17, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8]));
    }
}
