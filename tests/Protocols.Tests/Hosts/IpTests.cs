using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Hosts;

public class IpTests
{
    [Fact]
    public void An_echo_is_answered()
    {
        var station = new Station();
        station.Introduce();
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Icmp, Packet.Echo(7, 3, 1, 2)));
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 icmp EchoReply 0 70003");
        station.ExpectNothing();
    }

    [Fact]
    public void An_echo_to_everybody_is_not_answered()
    {
        var station = new Station();
        station.Introduce();
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.255", IpProtocol.Icmp, Packet.Echo(7, 3), to: MacAddress.Broadcast));
        station.ExpectNothing();
    }

    [Fact]
    public void A_frame_for_another_station_is_dropped_with_the_reason()
    {
        var station = new Station();
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.3", IpProtocol.Icmp, Packet.Echo(1, 1), to: new MacAddress(0x020000000099)));
        Assert.Equal(FrameDropReason.NotForThisStation, station.LastDrop);
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.3", IpProtocol.Icmp, Packet.Echo(1, 1)));
        Assert.Equal(FrameDropReason.NotForThisHost, station.LastDrop);
    }

    /// <summary>What the table of special-purpose addresses keeps on the link stays there, whatever the packet's hops and the router's routes say (RFC 1812 4.2.2.11, RFC 4291 2.7).</summary>
    [Theory]
    [InlineData("224.0.0.1")]
    [InlineData("224.0.0.251")]
    [InlineData("239.255.0.1")]
    [InlineData("ff01::1")]
    [InlineData("ff02::1")]
    [InlineData("ff02::fb")]
    [InlineData("ff05::2")]
    public void A_router_forwards_no_packet_to_many(string destination)
    {
        var isV4 = !destination.Contains(':', StringComparison.Ordinal);
        Assert.NotEqual(MulticastScope.None, SpecialPurpose.ScopeOf(IpAddress.Parse(destination)));
        foreach (var address in (string[])[destination, isV4 ? "203.0.113.9" : "2001:db8:9::9"])
        {
            var station = new Station(isV4 ? "192.0.2.1/24" : "2001:db8::1/64", new HostSettings { IsRouter = true });
            var other = station.Stack.AddInterface("eth1", LinkKind.Ethernet, new MacAddress(0x020000000009));
            station.Stack.AddAddress(other, InterfaceAddress.Parse(isV4 ? "198.51.100.1/24" : "2001:db8:1::1/64"));
            station.Stack.AddDefaultRoute(other, IpAddress.Parse(isV4 ? "198.51.100.2" : "2001:db8:1::2"));
            station.Receive(isV4
                ? Packet.V4("192.0.2.2", address, IpProtocol.Udp, Packet.Udp("192.0.2.2", 1, address, 2, [1]))
                : Packet.V6("2001:db8::2", address, IpProtocol.Udp, Packet.Udp("2001:db8::2", 1, address, 2, [1])));
            // The same router forwards the same packet to one.
            Assert.Equal(address != destination, station.Decisions.Exists(static decision => decision.Verdict == FrameVerdict.Forwarded));
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("127.0.0.1", "192.0.2.1")]
    [InlineData("192.0.2.2", "127.0.0.1")]
    [InlineData("224.0.0.9", "192.0.2.1")]
    [InlineData("255.255.255.255", "192.0.2.1")]
    [InlineData("192.0.2.255", "192.0.2.1")]
    public void Land_and_other_impossible_addresses_are_dropped(string source, string destination)
    {
        var station = new Station();
        var listener = station.Stack.OpenTcp(IpVersion.V4);
        station.Stack.Bind(listener, new Endpoint(IpAddress.AnyV4, 139));
        station.Stack.Listen(listener, 5);
        station.Receive(Packet.V4(source, destination, IpProtocol.Tcp, Packet.Tcp(source, 139, destination, 139, new TcpSegment { Flags = TcpFlags.Syn })));
        station.ExpectNothing();
        Assert.Equal(FrameDropReason.MartianAddress, station.LastDrop);
        Assert.Empty(station.Stack.Connections);
    }

    [Fact]
    public void A_source_route_is_refused()
    {
        var station = new Station();
        station.Introduce();
        byte[] frame = [.. new byte[14 + 28], 1, 2, 3, 4];
        byte[] options = [131, 7, 4, 10, 0, 0, 1, 0];
        options.CopyTo(frame, 34);
        Ipv4Writer.Seal(frame.AsSpan(14), new Ipv4Header(0xC0000202, 0xC0000201, IpProtocol.Udp));
        frame[14] = 0x47;
        frame[24] = frame[25] = 0;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), Firstbyte.Hashing.InternetChecksum.Compute(frame.AsSpan(14, 28)));
        EthernetWriter.Seal(frame, Station.Own, Station.Peer, EtherType.Ipv4);
        station.Receive(frame);
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 icmp DestinationUnreachable 5 0");
        Assert.Equal(FrameDropReason.SourceRoute, station.LastDrop);
    }

    [Fact]
    public void A_wrong_checksum_is_named()
    {
        var station = new Station();
        var frame = Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Icmp, Packet.Echo(7, 3));
        frame[22] ^= 1;
        station.Receive(frame);
        Assert.Equal((FrameDropReason.Malformed, PacketFlaw.WrongChecksum), (station.LastDrop, station.Decisions[^1].Flaw));
    }

    [Fact]
    public void A_port_without_a_listener_and_a_protocol_without_a_reader_are_told()
    {
        var station = new Station();
        station.Introduce();
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Udp, Packet.Udp("192.0.2.2", 1, "192.0.2.1", 2, [1])));
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 icmp DestinationUnreachable 3 0");
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.1", (IpProtocol)132, [1, 2, 3, 4]));
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 icmp DestinationUnreachable 2 0");
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Tcp, Packet.Tcp("192.0.2.2", 1, "192.0.2.1", 2, new TcpSegment { Flags = TcpFlags.Syn })));
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 tcp 2>1 Rst, Ack 0");
    }

    [Fact]
    public void No_error_answers_an_error_or_a_later_fragment_or_a_broadcast()
    {
        var station = new Station();
        station.Introduce();
        var quoted = Packet.V4("192.0.2.1", "192.0.2.9", (IpProtocol)132, [1, 2, 3, 4]).AsSpan(14);
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Icmp, Packet.Error(IcmpType.DestinationUnreachable, 2, 0, quoted)));
        station.Receive(Packet.V4("192.0.2.2", "192.0.2.255", IpProtocol.Udp, Packet.Udp("192.0.2.2", 1, "192.0.2.255", 2, [1]), to: MacAddress.Broadcast));
        station.ExpectNothing();
    }

    [Fact]
    public void Errors_are_limited_in_number()
    {
        var station = new Station(settings: new HostSettings { IcmpErrorsPerSecond = 10, IcmpErrorBurst = 5 });
        station.Introduce();
        int Provoke()
        {
            for (var i = 0; i < 100; i++) { station.Receive(Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Udp, Packet.Udp("192.0.2.2", 1, "192.0.2.1", 2, [1]))); }
            var count = 0;
            while (station.Take() is not null) { count++; }
            return count;
        }
        Assert.Equal(5, Provoke());
        station.Pass(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, Provoke());
    }

    [Fact]
    public void Fragments_in_any_order_give_the_datagram() =>
        Gen.Select(Gen.Int[0, 5_000], Gen.Int[1, 60], Gen.Int[0, 1_000_000], Gen.Bool).Sample((length, eighths, seed, twice) =>
        {
            var station = new Station();
            var socket = station.Stack.OpenUdp(IpVersion.V4);
            station.Stack.Bind(socket, new Endpoint(IpAddress.AnyV4, 53));
            var data = new byte[length];
            for (var i = 0; i < length; i++) { data[i] = (byte)(i * 7); }
            var datagram = Packet.Udp("192.0.2.2", 1, "192.0.2.1", 53, data);
            var size = Math.Max(eighths * 8, (datagram.Length / 100 + 8) & ~7);
            var frames = Cut(datagram, size);
            new SeededShuffle(seed).Shuffle(frames);
            foreach (var frame in frames)
            {
                station.Receive(frame);
                if (twice && frame != frames[^1]) { station.Receive(frame); }
            }
            var buffer = new byte[6_000];
            Assert.Equal(Errno.None, socket.Receive(buffer, out var received, out var from));
            Assert.Equal((length, 1), (received, from.Port));
            Assert.True(data.AsSpan().SequenceEqual(buffer.AsSpan(0, received)));
            Assert.Equal(Errno.EAGAIN, socket.Receive(buffer, out _, out _));
            Assert.Equal(0, station.Frames.Outstanding);
        }, iter: 200);

    [Theory]
    [InlineData(0, 32, true, 24, 16, false)]
    [InlineData(0, 32, true, 8, 8, true)]
    [InlineData(0, 32, true, 0, 40, true)]
    [InlineData(16, 16, false, 0, 24, true)]
    public void Teardrop_and_every_other_overlap_gives_up_the_whole_packet(int firstAt, int firstLength, bool firstMore, int secondAt, int secondLength, bool secondMore)
    {
        var station = new Station();
        station.Receive(Piece(new byte[firstLength], firstAt, firstMore));
        station.Receive(Piece(new byte[secondLength], secondAt, secondMore));
        Assert.Equal(FrameDropReason.FragmentsOverlap, station.LastDrop);
        Assert.Equal(0, station.Frames.Outstanding);
    }

    [Fact]
    public void Fragments_past_the_longest_packet_and_of_odd_length_are_malformed()
    {
        var station = new Station();
        station.Receive(Piece(new byte[24], 65_528, false));
        Assert.Equal(PacketFlaw.FragmentPastEnd, station.Decisions[^1].Flaw);
        station.Receive(Piece(new byte[9], 0, true));
        Assert.Equal(PacketFlaw.FragmentLengthUnaligned, station.Decisions[^1].Flaw);
        Assert.Equal(0, station.Frames.Outstanding);
    }

    [Fact]
    public void Unfinished_packets_are_limited_and_given_up_after_a_minute_with_an_error_to_the_sender()
    {
        var station = new Station();
        station.Introduce();
        for (ushort i = 0; i < 200; i++) { station.Receive(Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Udp, new byte[64], h => h with { Identification = i, MoreFragments = true })); }
        Assert.Equal(FrameDropReason.ReassemblyLimit, station.LastDrop);
        Assert.Equal(64, station.Frames.Outstanding);
        station.Pass(TimeSpan.FromSeconds(59));
        station.ExpectNothing();
        station.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(FrameDropReason.ReassemblyTimedOut, station.LastDrop);
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 icmp TimeExceeded 1 0");
        while (station.Take() is not null) { }
        Assert.Equal(0, station.Frames.Outstanding);
    }

    [Fact]
    public void A_packet_longer_than_the_link_leaves_in_fragments_that_fit()
    {
        var station = new Station();
        station.Introduce();
        var socket = station.Stack.OpenUdp(IpVersion.V4);
        station.Stack.Send(socket, new byte[4_000], new Endpoint(IpAddress.Parse("192.0.2.2"), 9), station.Now);
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 fragment 0+1480 more");
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 fragment 1480+1480 more");
        station.Expect("192.0.2.1 > 192.0.2.2 ttl 64 fragment 2960+1048");
        station.ExpectNothing();
    }

    [Fact]
    public void A_datagram_to_the_own_address_comes_back_without_touching_the_link()
    {
        var station = new Station();
        var server = station.Stack.OpenUdp(IpVersion.V4);
        station.Stack.Bind(server, new Endpoint(IpAddress.AnyV4, 53));
        var client = station.Stack.OpenUdp(IpVersion.V4);
        foreach (var address in (string[])["127.0.0.1", "192.0.2.1"])
        {
            Assert.Equal(Errno.None, station.Stack.Send(client, "hello"u8, new Endpoint(IpAddress.Parse(address), 53), station.Now));
            Assert.Equal(Errno.None, server.Receive(new byte[9], out var length, out var remote));
            Assert.Equal((5, address), (length, remote.Address.ToString()));
        }
        station.ExpectNothing();
        Assert.Equal(0, station.Frames.Outstanding);
    }

    [Fact]
    public void Without_a_route_the_network_is_unreachable()
    {
        var station = new Station();
        var socket = station.Stack.OpenUdp(IpVersion.V4);
        Assert.Equal(Errno.ENETUNREACH, station.Stack.Send(socket, "x"u8, new Endpoint(IpAddress.Parse("203.0.113.1"), 9), station.Now));
        Assert.Equal(Errno.ENETUNREACH, station.Stack.Connect(station.Stack.OpenTcp(IpVersion.V4), new Endpoint(IpAddress.Parse("203.0.113.1"), 9), station.Now));
    }

    private static byte[] Piece(byte[] payload, int offset, bool more) =>
        Packet.V4("192.0.2.2", "192.0.2.1", IpProtocol.Udp, payload, h => h with { Identification = 9, FragmentOffset = offset, MoreFragments = more });

    private static byte[][] Cut(byte[] datagram, int size)
    {
        var pieces = new List<byte[]>();
        for (var at = 0; at < datagram.Length; at += size)
        {
            var length = Math.Min(size, datagram.Length - at);
            pieces.Add(Piece(datagram[at..(at + length)], at, at + length < datagram.Length));
        }
        return [.. pieces];
    }
}

/// <summary>A shuffle that a seed repeats.</summary>
internal sealed class SeededShuffle(int seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15 + 1;

    public uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (uint)(_state >> 32);
    }

    public void Shuffle<T>(T[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)(Next() % (uint)(i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
