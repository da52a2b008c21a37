using System.Buffers;
using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Captures;

/// <summary>Every kind of packet that the writers make, read by somebody else's dissector.</summary>
public class TsharkReadsPacketsTests
{
    private static readonly MacAddress AliceHardware = new(0x020000000001);
    private static readonly MacAddress RouterHardware = new(0x0200000000FE);
    private static readonly IpAddress Alice = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress Www = IpAddress.Parse("198.51.100.80");
    private static readonly IpAddress Alice6 = IpAddress.Parse("2001:db8::1");
    private static readonly IpAddress Www6 = IpAddress.Parse("2001:db8:1::80");
    private static readonly IpAddress Link6 = IpAddress.Parse("fe80::1");
    private static readonly IpAddress AllNodes = IpAddress.Parse("ff02::1");

    private delegate void Seal(Span<byte> payload);

    private static byte[] V4(IpProtocol protocol, int length, Seal seal)
    {
        var frame = new byte[14 + 20 + length];
        seal(frame.AsSpan(34));
        Ipv4Writer.Seal(frame.AsSpan(14), new Ipv4Header((uint)Alice.Bits, (uint)Www.Bits, protocol) { Identification = 7 });
        EthernetWriter.Seal(frame, RouterHardware, AliceHardware, EtherType.Ipv4);
        return frame;
    }

    private static byte[] V6(IpAddress source, IpAddress destination, IpProtocol protocol, int length, byte hopLimit, Seal seal)
    {
        var frame = new byte[14 + 40 + length];
        seal(frame.AsSpan(54));
        Ipv6Writer.Seal(frame.AsSpan(14), new Ipv6Header(source.Bits, destination.Bits, protocol) { HopLimit = hopLimit });
        EthernetWriter.Seal(frame, destination.Bits >> 120 == 0xFF ? MacAddress.ForIpv6Multicast(destination.Bits) : RouterHardware, AliceHardware, EtherType.Ipv6);
        return frame;
    }

    private static byte[][] Frames()
    {
        var arp = new byte[14 + 28];
        ArpWriter.Seal(arp.AsSpan(14), ArpOperation.Request, AliceHardware, Alice, default, IpAddress.Parse("192.0.2.254"));
        EthernetWriter.Seal(arp, MacAddress.Broadcast, AliceHardware, EtherType.Arp);
        var prefix = new NdpPrefix(IpAddress.Parse("2001:db8::").Bits, 64, true, true, 86_400, 14_400);
        return
        [
            arp,
            V4(IpProtocol.Udp, 8 + 11, static p => { "hello, UDP!"u8.CopyTo(p[8..]); UdpWriter.Seal(p, 40_000, 9, Alice.Bits, Www.Bits); }),
            V4(IpProtocol.Icmp, 8 + 32, static p => IcmpWriter.Seal(p, IcmpType.Echo, 0, 0x00010001)),
            V4(IpProtocol.Tcp, 20 + 20, static p =>
            {
                byte[] options = [2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7];
                options.CopyTo(p[20..]);
                TcpWriter.Seal(p, 20, new TcpHeader(49_152, 80, 100, 0, 0x02, 64_240, 0), Alice.Bits, Www.Bits);
            }),
            V4(IpProtocol.Udp, 8 + 300, static p =>
            {
                var dhcp = new DhcpWriter(p[8..], true, DhcpMessageType.Discover, 0x12345678, AliceHardware) { IsBroadcast = true };
                dhcp.Add(DhcpOption.ParameterRequestList, [1, 3, 6]);
                dhcp.Seal();
                UdpWriter.Seal(p, DhcpView.ClientPort, DhcpView.ServerPort, Alice.Bits, Www.Bits);
            }),
            V6(Alice6, Www6, IpProtocol.Udp, 8 + 5, 64, static p => { "seven"u8.CopyTo(p[8..]); UdpWriter.Seal(p, 40_000, 9, Alice6.Bits, Www6.Bits); }),
            V6(Alice6, Www6, IpProtocol.Icmpv6, 8 + 32, 64, static p => IcmpWriter.Seal(p, Icmpv6Type.EchoRequest, 0, 0x00010001, Alice6.Bits, Www6.Bits)),
            V6(Link6, AllNodes, IpProtocol.Icmpv6, 32, 255, static p => NdpWriter.SealSolicitation(p, Alice6.Bits, AliceHardware, Link6.Bits, AllNodes.Bits)),
            V6(Link6, AllNodes, IpProtocol.Icmpv6, 32, 255, static p => NdpWriter.SealAdvertisement(p, Alice6.Bits, AliceHardware, true, false, true, Link6.Bits, AllNodes.Bits)),
            V6(Link6, AllNodes, IpProtocol.Icmpv6, 16, 255, static p => NdpWriter.SealRouterSolicitation(p, AliceHardware, Link6.Bits, AllNodes.Bits)),
            V6(Link6, AllNodes, IpProtocol.Icmpv6, 64, 255, p => NdpWriter.SealRouterAdvertisement(p, AliceHardware, 64, 1800, 1500, prefix, Link6.Bits, AllNodes.Bits)),
            V6(Alice6, Www6, IpProtocol.Fragment, 8 + 16, 64, static p => Ipv6Writer.SealFragmentHeader(p, IpProtocol.Udp, 1232, true, 0xCAFE)),
        ];
    }

    private static byte[] Capture(params byte[][] frames)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output, "firstbyte", "every kind of packet");
        var end = writer.AddInterface("alice-lan", description: "alice's end of the hub", bitsPerSecond: 100_000_000);
        writer.AddName(Www, "www.example.test");
        writer.AddTlsSecrets("CLIENT_RANDOM 0000000000000000000000000000000000000000000000000000000000000000 00\n"u8);
        var at = Instant.SimulationEpoch;
        foreach (var frame in frames) { writer.WritePacket(end, at = at.PlusNanoseconds(1_000_001), frame, CaptureDirection.Outbound, "because of a test"); }
        writer.WriteDropped(end, at, frames[0], "the queue was full");
        writer.Complete(at);
        return output.WrittenSpan.ToArray();
    }

    [Fact]
    public void Every_packet_is_well_formed_and_every_checksum_right()
    {
        var capture = Capture(Frames());
        Tshark.AssertClean(capture);
        var said = Tshark.Dissect(capture, "-V");
        foreach (var expected in (string[])
            ["Address Resolution Protocol (request)", "Echo (ping) request", "TCP Option - Window scale: 7", "DHCP Message Type (Discover)", "Neighbor Solicitation",
             "Neighbor Advertisement", "Router Solicitation", "Router Advertisement", "Prefix information", "Fragment Header for IPv6", "because of a test",
             "the queue was full", "alice-lan:dropped", "Interface description: alice's end of the hub", "Jan  1, 2026"])
        {
            Assert.Contains(expected, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wrong_checksum_would_be_seen()
    {
        var frame = Frames()[1];
        frame[^1] ^= 1;
        Assert.Contains("1", Tshark.Dissect(Capture(Frames()), "-c", "1"), StringComparison.Ordinal);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Tshark.AssertClean(Capture(frame)));
    }
}
