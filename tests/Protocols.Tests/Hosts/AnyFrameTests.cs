using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Advertising;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Hosts.Nat;
using Firstbyte.Hosts.Rip;
using Firstbyte.Packets;
using Firstbyte.Routing.Rip;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Hosts;

/// <summary>Whatever comes from the link: no exception, no frame lost from the pool, no memory without a limit.</summary>
public class AnyFrameTests
{
    [Fact]
    public void Every_byte_string_may_be_a_frame() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 4]).Array[1, 40].Sample(frames =>
        {
            var station = Busy();
            foreach (var (bytes, shape) in frames) { station.Receive(Shape(bytes, shape)); }
            Settle(station);
        }, iter: 1_000);

    [Fact]
    public void Every_mutation_of_good_frames_may_come()
    {
        var good = GoodFrames();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[14, 1_000], Gen.Byte, Gen.Int[14, 1_000], Gen.Byte, Gen.Bool).Array[1, 40].Sample(changes =>
        {
            var station = Busy();
            foreach (var (which, first, a, second, b, repair) in changes)
            {
                var frame = (byte[])good[which].Clone();
                frame[first % frame.Length] = a;
                frame[second % frame.Length] = b;
                if (repair) { Repair(frame); }
                station.Receive(frame);
                station.Pass(TimeSpan.FromMilliseconds(10));
            }
            Settle(station);
        }, iter: 1_500);
    }

    [Fact]
    public void A_router_survives_the_same()
    {
        var good = GoodFrames();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[14, 1_000], Gen.Byte, Gen.Int[14, 1_000], Gen.Byte).Array[1, 40].Sample(changes =>
        {
            var station = Busy(router: true);
            foreach (var (which, first, a, second, b) in changes)
            {
                var frame = (byte[])good[which].Clone();
                frame[first % frame.Length] = a;
                frame[second % frame.Length] = b;
                Repair(frame);
                station.Receive(frame);
            }
            Settle(station);
        }, iter: 800);
    }

    [Fact]
    public void A_home_router_that_translates_advertises_and_speaks_rip_survives_the_same_from_both_sides()
    {
        var rip = new byte[44];
        var writer = new RipWriter(rip, false, RipCommand.Response);
        writer.Add(new RipRoute(IpPrefix.Parse("10.1.0.0/16"), 3));
        writer.Add(new RipRoute(IpPrefix.Parse("0.0.0.0/0"), 1));
        byte[][] good =
        [
            .. GoodFrames(),
            Packet.V4("192.0.2.2", "224.0.0.9", IpProtocol.Udp, Packet.Udp("192.0.2.2", 520, "224.0.0.9", 520, rip), to: MacAddress.ForIpv4Multicast(0xE0000009)),
            Packet.V4("203.0.113.9", "203.0.113.7", IpProtocol.Udp, Packet.Udp("203.0.113.9", 53, "203.0.113.7", 9, [1, 2, 3])),
            Packet.V4("203.0.113.9", "203.0.113.7", IpProtocol.Icmp, Packet.Error(IcmpType.TimeExceeded, 0, 0, Packet.V4("203.0.113.7", "203.0.113.9", IpProtocol.Udp, Packet.Udp("203.0.113.7", 9, "203.0.113.9", 53, [1, 2, 3])).AsSpan(14))),
            Packet.V4("192.0.2.2", "203.0.113.7", IpProtocol.Udp, Packet.Udp("192.0.2.2", 9, "203.0.113.7", 9, [1, 2, 3])),
            Packet.V4("192.0.2.2", "203.0.113.9", IpProtocol.Udp, new byte[48], static h => h with { Identification = 5, MoreFragments = true }),
        ];
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[14, 1_000], Gen.Byte, Gen.Int[0, 3], Gen.Bool).Array[1, 40].Sample(changes =>
        {
            var station = Busy(router: true);
            var outside = station.Stack.AddInterface("eth1", LinkKind.Ethernet, new MacAddress(0x020000000009));
            station.Stack.AddAddress(outside, InterfaceAddress.Parse("203.0.113.7/24"));
            var translation = new AddressTranslation(outside);
            station.Stack.Start(translation, station.Now);
            station.Stack.Start(new RipProgram(IpVersion.V4, [station.Eth, outside]), station.Now);
            station.Stack.Start(new RipProgram(IpVersion.V6, [station.Eth, outside]), station.Now);
            station.Stack.Start(new RouterAdvertising(station.Eth), station.Now);
            foreach (var (which, at, value, kind, isOutside) in changes)
            {
                var frame = (byte[])good[which].Clone();
                if (kind > 0) { frame[at % frame.Length] = value; }
                Repair(frame);
                if (isOutside && (frame[0] & 1) == 0) { outside.Hardware.Write(frame); }
                station.Stack.Receive(isOutside ? outside : station.Eth, station.Frames.Copy(frame), station.Now);
                station.Pass(TimeSpan.FromMilliseconds(50));
            }
            Settle(station);
            Assert.InRange(translation.Count, 0, 40);
            Assert.InRange(station.Stack.Routes.Count, 0, 200);
        }, iter: 800);
    }

    private static Station Busy(bool router = false)
    {
        var station = new Station("192.0.2.1/24", new HostSettings { IsRouter = router });
        station.Stack.AddAddress(station.Eth, InterfaceAddress.Parse("2001:db8::1/64"));
        station.Stack.AddDefaultRoute(station.Eth, IpAddress.Parse("192.0.2.254"));
        var listener = station.Stack.OpenTcp(IpVersion.V4);
        station.Stack.Bind(listener, new Endpoint(IpAddress.AnyV4, 80));
        station.Stack.Listen(listener, 4);
        var mailbox = station.Stack.OpenUdp(IpVersion.V4);
        station.Stack.Bind(mailbox, new Endpoint(IpAddress.AnyV4, 53));
        station.Stack.Start(new DhcpClient(station.Eth), station.Now);
        return station;
    }

    private static void Settle(Station station)
    {
        for (var i = 0; i < 20; i++)
        {
            station.Pass(TimeSpan.FromSeconds(10));
            while (station.Take() is not null) { }
        }
        // What is still held waits in the one mailbox, whose buffer has a limit.
        Assert.InRange(station.Frames.Outstanding, 0, 900);
        Assert.InRange(station.Stack.Connections.Count(), 0, 6);
    }

    private static byte[] Shape(byte[] bytes, int shape)
    {
        byte[] frame = [.. new byte[14], .. bytes];
        EthernetWriter.Seal(frame, shape == 4 ? MacAddress.Broadcast : Station.Own, Station.Peer, shape switch { 1 => EtherType.Arp, 2 => EtherType.Ipv6, _ => EtherType.Ipv4 });
        if (bytes.Length > 20 && shape is 0 or 3)
        {
            frame[14] = 0x45;
            frame[16] = 0;
            frame[17] = (byte)bytes.Length;
            Repair(frame);
        }
        if (bytes.Length > 45 && shape == 2)
        {
            frame[14] = 0x60;
            frame[18] = 0;
            frame[19] = (byte)(bytes.Length - 40);
        }
        return shape == 3 && bytes.Length % 7 == 0 ? bytes : frame;
    }

    private static void Repair(byte[] frame)
    {
        var headerLength = (frame[14] & 15) * 4;
        if (frame[12] != 8 || frame[13] != 0 || frame.Length < 14 + headerLength || headerLength < 20) { return; }
        frame[24] = frame[25] = 0;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), Firstbyte.Hashing.InternetChecksum.Compute(frame.AsSpan(14, headerLength)));
    }

    private static byte[][] GoodFrames()
    {
        var syn = new TcpSegment { Flags = TcpFlags.Syn, Window = 1_000, Options = new TcpOptions { Present = TcpOptionSet.MaximumSegmentSize | TcpOptionSet.Timestamps | TcpOptionSet.SackPermitted | TcpOptionSet.WindowScale, MaximumSegmentSize = 1_460 } };
        var quoted = Packet.V4("192.0.2.1", "192.0.2.2", IpProtocol.Udp, Packet.Udp("192.0.2.1", 53, "192.0.2.2", 9, [1])).AsSpan(14);
        var neighbour = new byte[32];
        NdpWriter.SealSolicitation(neighbour, IpAddress.Parse("2001:db8::1").Bits, Station.Peer, IpAddress.Parse("2001:db8::2").Bits, IpAddress.Parse("2001:db8::1").Bits);
        var advertisement = new byte[64];
        NdpWriter.SealRouterAdvertisement(advertisement, Station.Peer, 64, 1_800, 1_500, new NdpPrefix(IpAddress.Parse("2001:db8:7::").Bits, 64, true, true, 100, 100), IpAddress.Parse("fe80::2").Bits, IpAddress.Parse("ff02::1").Bits);
        return
        [
            Packet.Arp(ArpOperation.Request, Station.Peer, "192.0.2.2", MacAddress.Broadcast, "192.0.2.1"),
            Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Icmp, Packet.Echo(1, 2, 3, 4)),
            Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Udp, Packet.Udp("192.0.2.2", 9, "192.0.2.1", 53, [1, 2, 3])),
            Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Tcp, Packet.Tcp("192.0.2.2", 9, "192.0.2.1", 80, syn)),
            Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Tcp, Packet.Tcp("192.0.2.2", 9, "192.0.2.1", 80, new TcpSegment { Flags = TcpFlags.Ack | TcpFlags.Fin }, [1, 2, 3])),
            Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Icmp, Packet.Error(IcmpType.DestinationUnreachable, 4, 500, quoted)),
            Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Udp, new byte[48], h => h with { Identification = 5, MoreFragments = true }),
            Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Udp, new byte[40], h => h with { Identification = 5, FragmentOffset = 48 }),
            Packet.V4("192.0.2.2", "203.0.113.9", IpProtocol.Udp, Packet.Udp("192.0.2.2", 9, "203.0.113.9", 53, [1, 2, 3])),
            Packet.V6("2001:db8::2", "2001:db8::1", IpProtocol.Icmpv6, neighbour, 255),
            Packet.V6("fe80::2", "ff02::1", IpProtocol.Icmpv6, advertisement, 255, MacAddress.ForIpv6Multicast(IpAddress.Parse("ff02::1").Bits)),
            Packet.V6("2001:db8::2", "2001:db8::1", IpProtocol.Udp, Packet.Udp("2001:db8::2", 9, "2001:db8::1", 53, [1, 2, 3])),
            Packet.V6("2001:db8::2", "2001:db8::1", IpProtocol.HopByHop, [17, 0, 5, 2, 0, 0, 1, 0, .. Packet.Udp("2001:db8::2", 9, "2001:db8::1", 53, [1, 2, 3])]),
            Packet.V6("2001:db8::2", "2001:db8::1", IpProtocol.Fragment, [17, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8]),
        ];
    }
}
