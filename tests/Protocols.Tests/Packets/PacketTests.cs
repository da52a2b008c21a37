using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Tests.Packets;

public class MacAddressTests
{
    [Fact]
    public void Text_is_read_and_written()
    {
        Assert.True(MacAddress.TryParse("02-00-5E-10-00-ff", out var address));
        Assert.Equal("02:00:5e:10:00:ff", address.ToString());
        Assert.False(MacAddress.TryParse("02:00:5e:10:00", out _));
        Assert.False(MacAddress.TryParse("02:00:5e:10:00:fg", out _));
        Assert.False(MacAddress.TryParse("02005e1000ff00112", out _));
    }

    [Fact]
    public void Group_addresses_follow_rfc_1112_and_rfc_2464()
    {
        Assert.Equal("01:00:5e:01:02:03", MacAddress.ForIpv4Multicast((uint)IpAddress.Parse("239.129.2.3").Bits).ToString());
        Assert.Equal("33:33:ff:00:00:01", MacAddress.ForIpv6Multicast(IpAddress.Parse("ff02::1:ff00:1").Bits).ToString());
        Assert.True(MacAddress.Broadcast.IsGroup);
    }

    // RFC 4291 appendix A: 34-56-78-9A-BC-DE becomes 36-56-78-FF-FE-9A-BC-DE.
    [Fact]
    public void The_interface_identifier_follows_rfc_4291_appendix_a() =>
        Assert.Equal(0x365678FFFE9ABCDEUL, new MacAddress(0x3456789ABCDE).ToInterfaceIdentifier());
}

public class Ipv4Tests
{
    private static readonly uint Source = (uint)IpAddress.Parse("192.0.2.1").Bits;
    private static readonly uint Destination = (uint)IpAddress.Parse("198.51.100.7").Bits;

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Select(Gen.Byte, Gen.UShort, Gen.Byte), Gen.Int[0, 8191], Gen.Bool, Gen.Bool, Gen.Byte.Array[0, 20]).Sample((payload, small, eighths, df, mf, padding) =>
        {
            var packet = new byte[20 + payload.Length];
            payload.CopyTo(packet, 20);
            Ipv4Writer.Seal(packet, new Ipv4Header(Source, Destination, IpProtocol.Udp)
            {
                TypeOfService = small.Item1,
                Identification = small.Item2,
                TimeToLive = small.Item3,
                FragmentOffset = eighths * 8,
                DontFragment = df,
                MoreFragments = mf,
            });
            Assert.True(Ipv4View.TryParse((byte[])[.. packet, .. padding], out var view, out _));
            Assert.True(view.IsChecksumValid);
            Assert.Equal(packet.Length, view.TotalLength);
            Assert.Equal(small, (view.TypeOfService, view.Identification, view.TimeToLive));
            Assert.Equal((eighths * 8, df, mf), (view.FragmentOffset, view.DontFragment, view.MoreFragments));
            Assert.Equal((Source, Destination, IpProtocol.Udp), (view.SourceBits, view.DestinationBits, view.Protocol));
            Assert.True(view.Payload.SequenceEqual(payload));
        });

    [Fact]
    public void Taking_a_hop_off_keeps_the_checksum_right() =>
        Gen.Select(Gen.UShort, Gen.Byte[1, 255]).Sample((identification, hops) =>
        {
            var packet = new byte[28];
            Ipv4Writer.Seal(packet, new Ipv4Header(Source, Destination, IpProtocol.Tcp) { Identification = identification, TimeToLive = hops });
            Ipv4Writer.DecrementTimeToLive(packet);
            Assert.True(Ipv4View.TryParse(packet, out var view, out _));
            Assert.Equal(hops - 1, view.TimeToLive);
            Assert.True(view.IsChecksumValid);
        });

    [Theory]
    [InlineData("4500", PacketFlaw.TooShort)]
    [InlineData("6500001400000000400600000a0000010a000002", PacketFlaw.WrongVersion)]
    [InlineData("4400001400000000400600000a0000010a000002", PacketFlaw.HeaderLengthTooSmall)]
    [InlineData("4600001800000000400600000a0000010a000002", PacketFlaw.HeaderTruncated)]
    [InlineData("4500001300000000400600000a0000010a000002", PacketFlaw.LengthTooSmall)]
    [InlineData("4500001500000000400600000a0000010a000002", PacketFlaw.PayloadTruncated)]
    public void A_flaw_is_named(string hex, PacketFlaw expected)
    {
        Assert.False(Ipv4View.TryParse(Convert.FromHexString(hex), out _, out var why));
        Assert.Equal(expected, why);
    }

    [Fact]
    public void Writers_refuse_what_no_packet_can_say()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Ipv4Writer.Seal(new byte[19], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ipv4Writer.Seal(new byte[65_536], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ipv4Writer.Seal(new byte[20], new Ipv4Header(1, 2, IpProtocol.Udp) { FragmentOffset = 4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TcpWriter.Seal(new byte[30], 2, default, 1, 2));
    }

    [Fact]
    public void Options_are_walked_and_a_wrong_length_is_named()
    {
        var options = new OptionReader([1, 7, 3, 4, 1, 68, 2, 0, 9]);
        Assert.True(options.Read());
        Assert.Equal((7, 1), (options.Kind, options.Data.Length));
        Assert.True(options.Read());
        Assert.Equal((68, 0), (options.Kind, options.Data.Length));
        Assert.False(options.Read());
        Assert.Equal(PacketFlaw.None, options.Flaw);
        foreach (var wrong in (byte[][])[[7], [7, 0], [7, 1], [7, 3]])
        {
            var reader = new OptionReader(wrong);
            Assert.False(reader.Read());
            Assert.Equal(PacketFlaw.WrongOptionLength, reader.Flaw);
        }
    }
}

public class Ipv6Tests
{
    private static readonly UInt128 Source = IpAddress.Parse("2001:db8::1").Bits;
    private static readonly UInt128 Destination = IpAddress.Parse("2001:db8::2").Bits;

    private static byte[] Packet(IpProtocol next, params byte[] payload)
    {
        var packet = new byte[40 + payload.Length];
        payload.CopyTo(packet, 40);
        Ipv6Writer.Seal(packet, new Ipv6Header(Source, Destination, next) { TrafficClass = 0xB8, FlowLabel = 0x12345, HopLimit = 7 });
        return packet;
    }

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.True(Ipv6View.TryParse((byte[])[.. Packet(IpProtocol.Udp, 1, 2, 3), 9, 9], out var view, out _));
        Assert.Equal((0xB8, 0x12345u, 7), ((int)view.TrafficClass, view.FlowLabel, (int)view.HopLimit));
        Assert.Equal((Source, Destination), (view.SourceBits, view.DestinationBits));
        Assert.Equal((IpProtocol.Udp, 40, 6), (view.Protocol, view.PayloadOffset, view.ProtocolPointer));
        Assert.Equal([1, 2, 3], view.Payload.ToArray());
        Assert.False(view.IsFragment);
    }

    [Fact]
    public void Extension_headers_are_walked_to_the_upper_layer()
    {
        byte[] extensions = [(byte)IpProtocol.DestinationOptions, 0, 5, 2, 0, 0, 1, 0, (byte)IpProtocol.Tcp, 0, 1, 4, 0, 0, 0, 0, 42];
        Assert.True(Ipv6View.TryParse(Packet(IpProtocol.HopByHop, extensions), out var view, out _));
        Assert.Equal((IpProtocol.Tcp, 56, 48), (view.Protocol, view.PayloadOffset, view.ProtocolPointer));
        Assert.Equal(0, view.UnrecognizedOptionOffset);
        Assert.Equal([42], view.Payload.ToArray());
    }

    [Fact]
    public void A_fragment_ends_the_walk_and_an_atomic_fragment_does_not()
    {
        var fragment = new byte[16];
        Ipv6Writer.SealFragmentHeader(fragment, IpProtocol.DestinationOptions, 1480, true, 0xCAFE);
        Assert.True(Ipv6View.TryParse(Packet(IpProtocol.Fragment, fragment), out var view, out _));
        Assert.True(view.IsFragment);
        Assert.Equal((IpProtocol.DestinationOptions, 1480, true, 0xCAFEu, 48), (view.Protocol, view.FragmentOffset, view.MoreFragments, view.Identification, view.PayloadOffset));
        Ipv6Writer.SealFragmentHeader(fragment, IpProtocol.Udp, 0, false, 7);
        Assert.True(Ipv6View.TryParse(Packet(IpProtocol.Fragment, fragment), out view, out _));
        Assert.False(view.IsFragment);
        Assert.Equal(IpProtocol.Udp, view.Protocol);
    }

    [Theory]
    [InlineData(0xC1, 3)]
    [InlineData(0x81, 2)]
    [InlineData(0x41, 1)]
    [InlineData(0x21, 0)]
    public void An_unknown_option_says_what_to_do_about_it(byte type, int action)
    {
        Assert.True(Ipv6View.TryParse(Packet(IpProtocol.DestinationOptions, (byte)IpProtocol.Udp, 0, 0, type, 2, 0, 0, 0), out var view, out _));
        Assert.Equal(action, view.UnrecognizedOptionAction);
        Assert.Equal(action == 0 ? 0 : 43, view.UnrecognizedOptionOffset);
    }

    [Fact]
    public void Flaws_of_the_chain_are_named()
    {
        Assert.Equal(PacketFlaw.MisplacedHopByHop, Flaw(Packet(IpProtocol.DestinationOptions, 0, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0)));
        Assert.Equal(PacketFlaw.ExtensionTruncated, Flaw(Packet(IpProtocol.HopByHop, 17, 1, 1, 4, 0, 0, 0, 0)));
        Assert.Equal(PacketFlaw.ExtensionTruncated, Flaw(Packet(IpProtocol.Fragment, 17, 0, 0, 0)));
        Assert.Equal(PacketFlaw.WrongOptionLength, Flaw(Packet(IpProtocol.HopByHop, 17, 0, 1, 9, 0, 0, 0, 0)));
        var chain = new byte[8 * (Ipv6View.MaxExtensionHeaders + 1)];
        for (var i = 0; i < chain.Length; i += 8) { chain[i] = (byte)IpProtocol.DestinationOptions; chain[i + 2] = 1; chain[i + 3] = 4; }
        Assert.Equal(PacketFlaw.TooManyExtensionHeaders, Flaw(Packet(IpProtocol.DestinationOptions, chain)));
        var cut = Packet(IpProtocol.Udp, 1, 2, 3);
        Assert.Equal(PacketFlaw.PayloadTruncated, Flaw(cut[..^1]));
        Assert.Equal(PacketFlaw.TooShort, Flaw(cut[..39]));
    }

    private static PacketFlaw Flaw(byte[] packet)
    {
        Assert.False(Ipv6View.TryParse(packet, out _, out var why));
        return why;
    }
}

public class TransportTests
{
    private static readonly UInt128 Source = IpAddress.Parse("192.0.2.1").Bits;
    private static readonly UInt128 Destination = IpAddress.Parse("192.0.2.2").Bits;

    [Fact]
    public void A_datagram_is_written_and_read_and_a_changed_bit_is_seen() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.UShort, Gen.UShort, Gen.Int[0, 1_000_000]).Sample((payload, from, to, flip) =>
        {
            var datagram = new byte[8 + payload.Length];
            payload.CopyTo(datagram, 8);
            UdpWriter.Seal(datagram, from, to, Source, Destination);
            Assert.True(UdpView.TryParse(datagram, out var view, out _));
            Assert.Equal((from, to), (view.SourcePort, view.DestinationPort));
            Assert.NotEqual(0, view.Checksum);
            var pseudo = Firstbyte.Hashing.InternetChecksum.PseudoHeader(Source, Destination, 17, datagram.Length);
            Assert.True(view.IsChecksumValid(pseudo));
            var at = flip % (datagram.Length * 8);
            datagram[at / 8] ^= (byte)(1 << (at % 8));
            Assert.False(UdpView.TryParse(datagram, out view, out _) && view.Length == datagram.Length && view.IsChecksumValid(pseudo));
        });

    [Fact]
    public void A_segment_is_written_and_read()
    {
        byte[] segment = [.. new byte[20], 2, 4, 5, 0xB4, 4, 2, 1, 1, .. "data"u8];
        TcpWriter.Seal(segment, 8, new TcpHeader(1025, 80, 0x01020304, 0x05060708, 0x12, 65_535, 3), Source, Destination);
        Assert.True(TcpView.TryParse(segment, out var view, out _));
        Assert.Equal((1025, 80, 28), (view.SourcePort, view.DestinationPort, view.HeaderLength));
        Assert.Equal((0x01020304u, 0x05060708u, 0x12, 65_535, 3), (view.Sequence, view.Acknowledgment, (int)view.Flags, (int)view.Window, (int)view.UrgentPointer));
        Assert.True(view.IsChecksumValid(Firstbyte.Hashing.InternetChecksum.PseudoHeader(Source, Destination, 6, segment.Length)));
        Assert.Equal("data"u8.ToArray(), view.Payload.ToArray());
        var options = new OptionReader(view.Options);
        Assert.True(options.Read());
        Assert.Equal([5, 0xB4], options.Data.ToArray());
    }

    [Fact]
    public void Echo_messages_of_both_versions_add_up()
    {
        byte[] message = [.. new byte[8], 1, 2, 3];
        IcmpWriter.Seal(message, IcmpType.Echo, 0, 0x00070001);
        Assert.True(IcmpView.TryParse(message, out var view, out _));
        Assert.True(view.IsChecksumValid());
        Assert.Equal((7, 1), (view.Identifier, view.SequenceNumber));
        IcmpWriter.Seal(message, Icmpv6Type.EchoRequest, 0, 0x00070001, Source, Destination);
        Assert.True(IcmpView.TryParse(message, out view, out _));
        Assert.False(view.IsChecksumValid());
        Assert.True(view.IsChecksumValid(Firstbyte.Hashing.InternetChecksum.PseudoHeader(Source, Destination, 58, message.Length)));
    }

    [Fact]
    public void Arp_is_written_and_read()
    {
        var packet = new byte[28];
        ArpWriter.Seal(packet, ArpOperation.Request, new MacAddress(0x020000000001), IpAddress.Parse("192.0.2.1"), default, IpAddress.Parse("192.0.2.2"));
        Assert.Equal("0001080006040001020000000001c0000201000000000000c0000202", Convert.ToHexStringLower(packet));
        Assert.True(ArpView.TryParse(packet, out var view, out _));
        Assert.Equal((ArpOperation.Request, "192.0.2.1", "192.0.2.2"), (view.Operation, view.Sender.ToString(), view.Target.ToString()));
        packet[1] = 6;
        Assert.False(ArpView.TryParse(packet, out _, out var why));
        Assert.Equal(PacketFlaw.UnknownKind, why);
    }

    [Fact]
    public void Neighbour_discovery_is_written_and_read()
    {
        var message = new byte[64];
        var hardware = new MacAddress(0x020000000001);
        NdpWriter.SealRouterAdvertisement(message, hardware, 64, 1800, 1500, new NdpPrefix(Source, 64, true, true, 86_400, 14_400), Source, Destination);
        Assert.True(NdpView.TryParse(message, 255, out var view, out _));
        Assert.Equal((64, 1800), (view.CurrentHopLimit, view.RouterLifetime));
        var options = view.Options;
        Assert.True(options.Read());
        Assert.Equal(hardware, options.LinkLayerAddress);
        Assert.True(options.Read());
        Assert.Equal(1500u, options.Mtu);
        Assert.True(options.Read());
        Assert.Equal(new NdpPrefix(Source, 64, true, true, 86_400, 14_400), options.Prefix);
        Assert.False(options.Read());
        Assert.False(NdpView.TryParse(message, 254, out _, out var why));
        Assert.Equal(PacketFlaw.NotFromThisLink, why);
        message[17] = 0;
        Assert.False(NdpView.TryParse(message, 255, out _, out why));
        Assert.Equal(PacketFlaw.WrongOptionLength, why);
    }

    [Fact]
    public void Dhcp_is_written_and_read_and_options_are_found_where_overload_says()
    {
        var buffer = new byte[576];
        var writer = new DhcpWriter(buffer, true, DhcpMessageType.Discover, 0xDEADBEEF, new MacAddress(0x020000000001)) { IsBroadcast = true };
        writer.Add(DhcpOption.RequestedAddress, IpAddress.Parse("192.0.2.9"));
        writer.Add(DhcpOption.Overload, [1]);
        var length = writer.Seal();
        Assert.Equal(DhcpWriter.MinLength, length);
        byte[] router = [3, 4, 192, 0, 2, 254, 255];
        router.CopyTo(buffer, 108);
        Assert.True(DhcpView.TryParse(buffer.AsSpan(0, length), out var view, out _));
        Assert.Equal((DhcpMessageType.Discover, 0xDEADBEEFu, true), (view.MessageType, view.TransactionId, view.IsBroadcast));
        Assert.True(view.TryGetAddress(DhcpOption.RequestedAddress, out var requested));
        Assert.Equal("192.0.2.9", requested.ToString());
        Assert.True(view.TryGetAddress(DhcpOption.Router, out var gateway));
        Assert.Equal("192.0.2.254", gateway.ToString());
        buffer[241] = 250;
        Assert.False(DhcpView.TryParse(buffer.AsSpan(0, length), out _, out var why));
        Assert.Equal(PacketFlaw.WrongOptionLength, why);
    }
}

public class FrameTests
{
    [Fact]
    public void A_frame_takes_headers_in_front_and_returns_to_its_pool_when_the_last_holder_lets_go()
    {
        var pool = new FramePool();
        var frame = pool.Rent(3);
        "abc"u8.CopyTo(frame.Span);
        frame.Prepend(2).Fill((byte)'h');
        Assert.Equal("hhabc"u8.ToArray(), frame.Span.ToArray());
        frame.TrimStart(1);
        Assert.Equal(4, frame.Length);
        frame.Retain().Release();
        Assert.Equal(1, pool.Outstanding);
        frame.Release();
        Assert.Equal(0, pool.Outstanding);
        Assert.Same(frame, pool.Rent(9));
    }

    [Fact]
    public void A_mistake_of_the_holder_is_loud()
    {
        var pool = new FramePool();
        var frame = pool.Rent(0);
        Assert.Throws<InvalidOperationException>(() => { frame.Prepend(Frame.Headroom + 1); });
        Assert.Throws<ArgumentOutOfRangeException>(() => frame.TrimStart(1));
        frame.Release();
        Assert.Throws<InvalidOperationException>(frame.Release);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(FramePool.LargeCapacity + 1));
    }
}
