using System.Buffers.Binary;
using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tcp;
using Firstbyte.Tests.Hosts;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Routing;

/// <summary>The requirements of RFC 4787 (UDP), RFC 5382 (TCP) and RFC 5508 (ICMP), each by its number.</summary>
public class AddressTranslatorTests
{
    private const string Outside = "203.0.113.7";
    private const string Alice = "192.168.0.10";
    private const string Www = "198.51.100.80";

    private static readonly Instant Start = Instant.SimulationEpoch;

    [Fact]
    public void Rfc4787_req_1_an_end_inside_has_one_port_outside_whomever_it_talks_with()
    {
        var nat = Make();
        var first = Out(nat, Udp(Alice, 5_000, Www, 53));
        var second = Out(nat, Udp(Alice, 5_000, "198.51.100.99", 9_999));
        Assert.Equal(first.Outside, second.Outside);
        Assert.Equal(Outside, first.Outside.Address.ToString());
        Assert.Equal(2, nat.Count);
        Assert.NotEqual(first.Outside, Out(nat, Udp(Alice, 5_001, Www, 53)).Outside);
    }

    [Fact]
    public void Rfc4787_req_3_and_4_no_port_is_shared_and_a_port_keeps_its_side_of_1024_and_its_parity()
    {
        var nat = Make();
        var given = new HashSet<ushort>();
        for (var host = 1; host < 100; host++)
        {
            foreach (var port in (ushort[])[123, 500, 5_000, 5_001])
            {
                var row = Out(nat, Udp($"192.168.0.{host}", port, Www, 53));
                Assert.True(given.Add(row.Outside.Port));
                Assert.Equal(port & 1, row.Outside.Port & 1);
                Assert.Equal(port < 1_024, row.Outside.Port < 1_024);
            }
        }
    }

    [Fact]
    public void Rfc4787_req_8_only_the_answer_of_somebody_who_was_asked_comes_in()
    {
        var nat = Make();
        var row = Out(nat, Udp(Alice, 5_000, Www, 53));
        Assert.Equal(NatVerdict.Translated, In(nat, Udp(Www, 53, Outside, row.Outside.Port)));
        Assert.Equal(NatVerdict.NoRow, In(nat, Udp(Www, 54, Outside, row.Outside.Port)));
        Assert.Equal(NatVerdict.NoRow, In(nat, Udp("198.51.100.81", 53, Outside, row.Outside.Port)));
        Assert.Equal(NatVerdict.NoRow, In(nat, Udp(Www, 53, Outside, (ushort)(row.Outside.Port + 1))));
        Assert.Equal(NatVerdict.NoRow, In(nat, Tcp(Www, 53, Outside, row.Outside.Port, TcpFlags.Syn)));
    }

    [Fact]
    public void Rfc4787_req_5_and_6_a_udp_row_lives_five_minutes_after_the_last_packet_from_inside()
    {
        var nat = Make();
        var row = Out(nat, Udp(Alice, 5_000, Www, 53));
        Out(nat, Udp(Alice, 5_000, Www, 53), Start + TimeSpan.FromMinutes(4));
        // What comes from outside keeps nothing alive.
        Assert.Equal(NatVerdict.Translated, In(nat, Udp(Www, 53, Outside, row.Outside.Port), Start + TimeSpan.FromMinutes(8)));
        Assert.Equal(Start + TimeSpan.FromMinutes(9), nat.NextExpiry);
        Assert.False(nat.TryExpire(Start + TimeSpan.FromMinutes(9) - TimeSpan.FromTicks(1), out _));
        Assert.True(nat.TryExpire(Start + TimeSpan.FromMinutes(9), out var gone));
        Assert.Equal(row, gone);
        Assert.Equal((0, Instant.Never), (nat.Count, nat.NextExpiry));
        Assert.False(nat.UsesPort(IpProtocol.Udp, row.Outside.Port));
    }

    [Fact]
    public void Rfc5382_req_5_a_connection_may_be_silent_for_two_hours_and_four_minutes_an_opening_or_closing_one_for_four_minutes()
    {
        var nat = Make();
        var port = Out(nat, Tcp(Alice, 5_000, Www, 80, TcpFlags.Syn)).Outside.Port;
        Assert.Equal(Start + TimeSpan.FromMinutes(4), nat.NextExpiry);
        In(nat, Tcp(Www, 80, Outside, port, TcpFlags.Syn | TcpFlags.Ack));
        Out(nat, Tcp(Alice, 5_000, Www, 80, TcpFlags.Ack));
        Assert.Equal(Start + TimeSpan.FromMinutes(124), nat.NextExpiry);
        // A packet of either side keeps it alive; one FIN does not end it, two do.
        In(nat, Tcp(Www, 80, Outside, port, TcpFlags.Fin | TcpFlags.Ack), Start + TimeSpan.FromMinutes(10));
        Assert.Equal(Start + TimeSpan.FromMinutes(134), nat.NextExpiry);
        Out(nat, Tcp(Alice, 5_000, Www, 80, TcpFlags.Fin | TcpFlags.Ack), Start + TimeSpan.FromMinutes(20));
        Assert.Equal(Start + TimeSpan.FromMinutes(24), nat.NextExpiry);
        // A new connection on the same ends begins again.
        Out(nat, Tcp(Alice, 5_000, Www, 80, TcpFlags.Syn), Start + TimeSpan.FromMinutes(21));
        In(nat, Tcp(Www, 80, Outside, port, TcpFlags.Syn | TcpFlags.Ack), Start + TimeSpan.FromMinutes(21));
        Out(nat, Tcp(Alice, 5_000, Www, 80, TcpFlags.Ack), Start + TimeSpan.FromMinutes(21));
        Assert.Equal(Start + TimeSpan.FromMinutes(145), nat.NextExpiry);
        In(nat, Tcp(Www, 80, Outside, port, TcpFlags.Rst | TcpFlags.Ack), Start + TimeSpan.FromMinutes(22));
        Assert.Equal(Start + TimeSpan.FromMinutes(26), nat.NextExpiry);
    }

    [Fact]
    public void Rfc5382_req_2_a_simultaneous_open_passes()
    {
        var nat = Make();
        var port = Out(nat, Tcp(Alice, 5_000, Www, 80, TcpFlags.Syn)).Outside.Port;
        Assert.Equal(NatVerdict.Translated, In(nat, Tcp(Www, 80, Outside, port, TcpFlags.Syn)));
        Out(nat, Tcp(Alice, 5_000, Www, 80, TcpFlags.Syn | TcpFlags.Ack));
        Assert.Equal(NatVerdict.Translated, In(nat, Tcp(Www, 80, Outside, port, TcpFlags.Syn | TcpFlags.Ack)));
        Assert.Equal(Start + TimeSpan.FromMinutes(124), nat.NextExpiry);
    }

    [Fact]
    public void Rfc5508_req_1_and_2_echoes_of_the_same_number_are_kept_apart_for_a_minute()
    {
        var nat = Make();
        var first = Out(nat, Ip(Alice, Www, IpProtocol.Icmp, Packet.Echo(7, 1)));
        var second = Out(nat, Ip("192.168.0.11", Www, IpProtocol.Icmp, Packet.Echo(7, 1)));
        Assert.NotEqual(first.Outside.Port, second.Outside.Port);
        Assert.Equal(Start + TimeSpan.FromSeconds(60), nat.NextExpiry);
        var reply = Ip(Www, Outside, IpProtocol.Icmp, Reply(second.Outside.Port, 1));
        Assert.Equal(NatVerdict.Translated, nat.TranslateIn(reply, Start, out var row));
        Assert.Equal(second, row);
        AssertSums(reply);
        Assert.Equal("192.168.0.11", Read(reply).Destination.ToString());
        Assert.Equal(7, BinaryPrimitives.ReadUInt16BigEndian(reply.AsSpan(24)));
        // A request from outside is for the router itself, an answer from inside for nobody.
        Assert.Equal(NatVerdict.NoRow, In(nat, Ip(Www, Outside, IpProtocol.Icmp, Packet.Echo(second.Outside.Port, 1))));
        Assert.Equal(NatVerdict.NoRow, nat.TranslateOut(Ip(Alice, Www, IpProtocol.Icmp, Reply(7, 1)), Start, out _, out _));
    }

    [Fact]
    public void Rfc5508_req_4_an_error_about_a_packet_that_went_out_reaches_its_sender_with_the_packet_as_he_sent_it()
    {
        var nat = Make();
        var sent = Udp(Alice, 5_000, Www, 33_434);
        var translated = sent.ToArray();
        Assert.Equal(NatVerdict.Translated, nat.TranslateOut(translated, Start, out var row, out var isNew));
        Assert.True(isNew);
        var error = Ip("198.51.100.1", Outside, IpProtocol.Icmp, Packet.Error(IcmpType.TimeExceeded, 0, 0, translated));
        Assert.Equal(NatVerdict.Translated, nat.TranslateIn(error, Start + TimeSpan.FromMinutes(1), out var used));
        Assert.Equal(row, used);
        AssertSums(error);
        Assert.Equal(("198.51.100.1", Alice), (Read(error).Source.ToString(), Read(error).Destination.ToString()));
        Assert.Equal(sent, error.AsSpan(28).ToArray());
        // Errors keep no row alive.
        Assert.Equal(Start + TimeSpan.FromMinutes(5), nat.NextExpiry);
        // About a packet that nobody sent.
        var other = Ip("198.51.100.1", Outside, IpProtocol.Icmp, Packet.Error(IcmpType.TimeExceeded, 0, 0, Udp(Outside, (ushort)(row.Outside.Port + 2), Www, 33_434)));
        Assert.Equal(NatVerdict.NoRow, In(nat, other));
    }

    [Fact]
    public void Rfc5508_req_3_a_damaged_error_goes_nowhere()
    {
        var nat = Make();
        var translated = Udp(Alice, 5_000, Www, 33_434);
        nat.TranslateOut(translated, Start, out _, out _);
        var error = Ip("198.51.100.1", Outside, IpProtocol.Icmp, Packet.Error(IcmpType.TimeExceeded, 0, 0, translated));
        error[40] ^= 1;
        Assert.Equal(NatVerdict.Malformed, In(nat, error));
        translated[8] ^= 1;
        Assert.Equal(NatVerdict.Malformed, In(nat, Ip("198.51.100.1", Outside, IpProtocol.Icmp, Packet.Error(IcmpType.TimeExceeded, 0, 0, translated))));
    }

    [Fact]
    public void Rfc5508_req_5_an_error_of_somebody_inside_names_only_the_outside_address()
    {
        var nat = Make();
        var row = Out(nat, Udp(Alice, 5_000, Www, 53));
        var answer = Udp(Www, 53, Outside, row.Outside.Port);
        var arrived = answer.ToArray();
        Assert.Equal(NatVerdict.Translated, nat.TranslateIn(arrived, Start, out _));
        var error = Ip("192.168.0.254", Www, IpProtocol.Icmp, Packet.Error(IcmpType.DestinationUnreachable, 3, 0, arrived));
        Assert.Equal(NatVerdict.Translated, nat.TranslateOut(error, Start, out var used, out var isNew));
        Assert.Equal((row, false), (used, isNew));
        AssertSums(error);
        Assert.Equal(Outside, Read(error).Source.ToString());
        Assert.Equal(answer, error.AsSpan(28).ToArray());
    }

    [Fact]
    public void A_datagram_without_a_checksum_stays_without()
    {
        var nat = Make();
        var packet = Udp(Alice, 5_000, Www, 53);
        packet[26] = packet[27] = 0;
        Assert.Equal(NatVerdict.Translated, nat.TranslateOut(packet, Start, out _, out _));
        Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(26)));
        Assert.True(Read(packet).IsChecksumValid);
    }

    [Fact]
    public void A_full_table_gives_no_new_row_and_takes_none_away()
    {
        var nat = Make(new NatSettings { MaxRows = 3 });
        for (ushort i = 0; i < 3; i++) { Out(nat, Udp(Alice, (ushort)(5_000 + i), Www, 53)); }
        var packet = Udp(Alice, 6_000, Www, 53);
        Assert.Equal(NatVerdict.Full, nat.TranslateOut(packet, Start, out _, out _));
        Assert.Equal(Udp(Alice, 6_000, Www, 53), packet);
        Out(nat, Udp(Alice, 5_001, Www, 53));
        Assert.True(nat.TryExpire(Start + TimeSpan.FromMinutes(5), out _));
        Out(nat, Udp(Alice, 6_000, Www, 53));
    }

    [Fact]
    public void The_router_s_own_ports_are_not_given_away()
    {
        var nat = new AddressTranslator(new NatSettings(), new SipKey(1, 2)) { Outside = IpAddress.Parse(Outside), IsReserved = static (protocol, port) => protocol == IpProtocol.Udp && port == 5_000 };
        Assert.NotEqual(5_000, Out(nat, Udp(Alice, 5_000, Www, 53)).Outside.Port);
        Assert.Equal(5_000, Out(nat, Tcp(Alice, 5_000, Www, 53, TcpFlags.Syn)).Outside.Port);
    }

    [Fact]
    public void Other_protocols_fragments_and_stumps_are_left_as_they_are()
    {
        var nat = Make();
        Assert.Equal(NatVerdict.NotTranslatable, nat.TranslateOut(Ip(Alice, Www, (IpProtocol)47, new byte[20]), Start, out _, out _));
        Assert.Equal(NatVerdict.NotTranslatable, nat.TranslateOut(Ip(Alice, Www, IpProtocol.Udp, new byte[7]), Start, out _, out _));
        Assert.Equal(NatVerdict.NotTranslatable, nat.TranslateOut(Ip(Alice, Www, IpProtocol.Tcp, new byte[19]), Start, out _, out _));
        Assert.Equal(NatVerdict.NotTranslatable, nat.TranslateOut(Packet.V4(Alice, Www, IpProtocol.Udp, new byte[16], static header => header with { MoreFragments = true }).AsSpan(14).ToArray(), Start, out _, out _));
        Assert.Equal(NatVerdict.NotTranslatable, nat.TranslateOut(default, Start, out _, out _));
        Assert.Equal(0, nat.Count);
    }

    /// <summary>Out, turned round by the peer, and in again: the answer to the packet as it was sent; and every checksum is right on the way.</summary>
    [Fact]
    public void What_went_out_and_is_answered_comes_in_as_the_answer_to_the_original() =>
        Gen.Select(Gen.UInt, Gen.UShort[1, 65_535], Gen.UInt[0x0B000000, 0x7E000000], Gen.UShort[1, 65_535], Gen.Byte.Array[0, 60], Gen.Int[0, 2], Gen.Bool).Sample((host, sourcePort, remote, targetPort, data, kind, withoutSum) =>
        {
            var source = IpAddress.FromV4(0xC0A80000 | (host & 0xFFFF)).ToString();
            var target = IpAddress.FromV4(remote).ToString();
            var nat = Make();
            // Somebody has the port already, now and then.
            if (data.Length % 2 == 0) { Out(nat, Udp("192.168.200.200", sourcePort, target, targetPort)); }
            var original = kind switch
            {
                0 => Ip(source, target, IpProtocol.Udp, Packet.Udp(source, sourcePort, target, targetPort, data)),
                1 => Ip(source, target, IpProtocol.Tcp, Packet.Tcp(source, sourcePort, target, targetPort, new TcpSegment { Flags = TcpFlags.Ack, PayloadLength = data.Length }, data)),
                _ => Ip(source, target, IpProtocol.Icmp, Packet.Echo(sourcePort, targetPort, data)),
            };
            if (kind == 0 && withoutSum) { original[26] = original[27] = 0; }
            var packet = original.ToArray();
            Assert.Equal(NatVerdict.Translated, nat.TranslateOut(packet, Start, out _, out _));
            AssertSums(packet);
            Assert.Equal(Outside, Read(packet).Source.ToString());
            var answer = TurnRound(packet);
            AssertSums(answer);
            Assert.Equal(NatVerdict.Translated, nat.TranslateIn(answer, Start, out _));
            AssertSums(answer);
            Assert.Equal(Normal(TurnRound(original)), Normal(answer));
        }, iter: Depth.Of(2_000));

    private static AddressTranslator Make(NatSettings? settings = null) => new(settings ?? new NatSettings(), new SipKey(1, 2)) { Outside = IpAddress.Parse(Outside) };

    private static NatRow Out(AddressTranslator nat, byte[] packet, Instant? now = null)
    {
        Assert.Equal(NatVerdict.Translated, nat.TranslateOut(packet, now ?? Start, out var row, out _));
        AssertSums(packet);
        return row;
    }

    private static NatVerdict In(AddressTranslator nat, byte[] packet, Instant? now = null) => nat.TranslateIn(packet, now ?? Start, out _);

    private static byte[] Ip(string source, string target, IpProtocol protocol, byte[] payload) => Packet.V4(source, target, protocol, payload)[14..];

    private static byte[] Udp(string source, ushort sourcePort, string target, ushort targetPort) => Ip(source, target, IpProtocol.Udp, Packet.Udp(source, sourcePort, target, targetPort, "data"u8.ToArray()));

    private static byte[] Tcp(string source, ushort sourcePort, string target, ushort targetPort, TcpFlags flags) =>
        Ip(source, target, IpProtocol.Tcp, Packet.Tcp(source, sourcePort, target, targetPort, new TcpSegment { Flags = flags }));

    private static byte[] Reply(ushort identifier, ushort sequence)
    {
        var message = Packet.Echo(identifier, sequence);
        IcmpWriter.Seal(message, IcmpType.EchoReply, 0, ((uint)identifier << 16) | sequence);
        return message;
    }

    private static Ipv4View Read(byte[] packet)
    {
        Assert.True(Ipv4View.TryParse(packet, out var view, out _));
        return view;
    }

    // Ends exchanged: the sums do not notice. An echo becomes its reply.
    private static byte[] TurnRound(byte[] packet)
    {
        byte[] turned = [.. packet[..12], .. packet[16..20], .. packet[12..16], .. packet[20..]];
        if (packet[9] == (byte)IpProtocol.Icmp)
        {
            turned[20] = (byte)IcmpType.EchoReply;
            turned[22] = turned[23] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(turned.AsSpan(22), InternetChecksum.Compute(turned.AsSpan(20)));
            return turned;
        }
        (turned[20], turned[21], turned[22], turned[23]) = (packet[22], packet[23], packet[20], packet[21]);
        return turned;
    }

    // Both zeros of one's complement are the same sum: a UDP checksum of all ones is written as the other one by nobody, but others may differ.
    private static byte[] Normal(byte[] packet)
    {
        var normal = packet.ToArray();
        foreach (var at in (int[])[10, packet[9] switch { (byte)IpProtocol.Tcp => 36, (byte)IpProtocol.Udp => 26, _ => 22 }])
        {
            if (normal[at] == 0xFF && normal[at + 1] == 0xFF) { normal[at] = normal[at + 1] = 0; }
        }
        return normal;
    }

    private static void AssertSums(byte[] packet)
    {
        var view = Read(packet);
        Assert.True(view.IsChecksumValid);
        if (view.Protocol == IpProtocol.Icmp) { Assert.True(InternetChecksum.IsValid(view.Payload)); }
        else if (view.Protocol != IpProtocol.Udp || BinaryPrimitives.ReadUInt16BigEndian(view.Payload[6..]) != 0) { Assert.True(InternetChecksum.IsValid(view.PseudoHeaderSum + InternetChecksum.Sum(view.Payload))); }
    }
}
