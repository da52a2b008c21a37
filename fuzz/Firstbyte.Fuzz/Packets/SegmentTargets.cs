using Firstbyte.Fuzz.Running;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Fuzz.Packets;

/// <summary>TCP headers and their options.</summary>
internal sealed class TcpHeaderTarget : FuzzTarget
{
    public override string Name => "tcp-header";

    public override string Holds => "no exception; every refusal has its flaw; a segment that is read, written and read again is the same, with a right checksum";

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() =>
    [
        Sample.Tcp(TcpFlags.Syn), Sample.Tcp(TcpFlags.Ack, 1, 2, 3),
        [0, 9, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0xC0, 0x10, 4, 0, 0, 0, 0, 0, 1, 1, 5, 18, 0, 0, 0, 9, 0, 0, 0, 12, 0, 0, 0, 20, 0, 0, 0, 30, 8, 10, 0, 0],
    ];

    public override void Check(byte[] input)
    {
        if (!TcpView.TryParse(input, out var view, out var why))
        {
            Require(why != PacketFlaw.None, "a refusal without its flaw");
            return;
        }
        Require(view.HeaderLength + view.Payload.Length == view.Length, "the parts do not make the segment");
        var segment = TcpSegmentCodec.Read(view);
        Require(segment.PayloadLength == view.Payload.Length, "the length of the payload is another");
        // Who packs options without padding can send more of them than fit into the padded layout in which we write; we pass on nobody's.
        if (segment.Options.WireLength > TcpView.MaxHeaderLength - TcpView.MinHeaderLength) { return; }
        byte[] again = [.. new byte[TcpView.MinHeaderLength + segment.Options.WireLength], .. view.Payload];
        TcpSegmentCodec.Seal(again, segment, view.SourcePort, view.DestinationPort, 1, 2);
        Require(TcpView.TryParse(again, out var second, out _) && second.IsChecksumValid(Hashing.InternetChecksum.PseudoHeader((UInt128)1, (UInt128)2, (byte)IpProtocol.Tcp, again.Length)), "written with a wrong checksum");
        var read = TcpSegmentCodec.Read(second);
        Require(read.Sequence == segment.Sequence && read.Acknowledgment == segment.Acknowledgment && read.Flags == segment.Flags && read.Window == segment.Window
            && read.Options.Present == segment.Options.Present && read.PayloadLength == segment.PayloadLength, "read again it is another segment");
    }
}

/// <summary>ICMP and ICMPv6 messages.</summary>
internal sealed class IcmpTarget : FuzzTarget
{
    public override string Name => "icmp";

    public override string Holds => "no exception; every refusal has its flaw; a sealed message has a right checksum; what it quotes is read or refused";

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() =>
    [
        Sample.Icmp(IcmpType.Echo, 0, 0x1_0002, 3, 4), Sample.Icmp(IcmpType.DestinationUnreachable, 4, 500, Sample.V4(IpProtocol.Udp, Sample.Udp(Sample.OwnV4, Sample.PeerV4, 1))),
        [2, 0, 0, 0, 0, 0, 5, 0, .. Sample.V6(IpProtocol.Udp, Sample.Udp(Sample.OwnV6, Sample.PeerV6, 1))],
    ];

    public override void Check(byte[] input)
    {
        if (!IcmpView.TryParse(input, out var view, out var why))
        {
            Require(why != PacketFlaw.None, "a refusal without its flaw");
            return;
        }
        Require(view.Body.Length + IcmpView.HeaderLength == input.Length, "the parts do not make the message");
        _ = (view.Identifier, view.SequenceNumber, view.NextHopMtu(true), view.NextHopMtu(false), view.Checksum);
        if (Ipv4View.TryParseQuote(view.Body, out var v4)) { Require(v4.Payload.Length <= view.Body.Length, "a quotation longer than the message"); }
        if (Ipv6View.TryParseQuote(view.Body, out var v6)) { Require(v6.Payload.Length <= view.Body.Length, "a quotation longer than the message"); }
        var sealedAgain = view.Message.ToArray();
        IcmpWriter.Seal(sealedAgain, view.Type, view.Code, view.Rest);
        Require(IcmpView.TryParse(sealedAgain, out var second, out _) && second.IsChecksumValid() && second.Rest == view.Rest && second.TypeNumber == view.TypeNumber, "sealed with a wrong checksum");
    }
}

/// <summary>ARP packets.</summary>
internal sealed class ArpTarget : FuzzTarget
{
    public override string Name => "arp";

    public override string Holds => "no exception; every refusal has its flaw; what is read, written and read again is the same";

    public override int MaximumLength => 64;

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() => [Sample.Arp(ArpOperation.Request), Sample.Arp(ArpOperation.Reply), [.. Sample.Arp(ArpOperation.Reply), .. new byte[18]]];

    public override void Check(byte[] input)
    {
        if (!ArpView.TryParse(input, out var view, out var why))
        {
            Require(why != PacketFlaw.None, "a refusal without its flaw");
            return;
        }
        var again = new byte[ArpView.Length];
        ArpWriter.Seal(again, view.Operation, view.SenderHardware, view.Sender, view.TargetHardware, view.Target);
        Require(again.AsSpan().SequenceEqual(input.AsSpan(0, ArpView.Length)), "written again it is another packet");
    }
}

/// <summary>Neighbour discovery messages: the first byte is the hop limit they came with.</summary>
internal sealed class NdpTarget : FuzzTarget
{
    public override string Name => "ndp";

    public override string Holds => "no exception; every refusal has its flaw; options end, and lie in the message; a hop limit below 255 is refused";

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() => [[255, .. Sample.Solicitation()], [255, .. Sample.RouterAdvertisement()], [64, .. Sample.Solicitation()], [255, 137, 0, 0, 0, .. new byte[36], 4, 1, 0, 0, 0, 0, 0, 0]];

    public override void Check(byte[] input)
    {
        if (input.Length == 0) { return; }
        if (!NdpView.TryParse(input.AsSpan(1), input[0], out var view, out var why))
        {
            Require(why != PacketFlaw.None, "a refusal without its flaw");
            return;
        }
        Require(input[0] == 255, "taken from beyond the link");
        if (view.Type is not (Icmpv6Type.RouterSolicitation or Icmpv6Type.RouterAdvertisement)) { _ = view.Target; }
        if (view.Type == Icmpv6Type.Redirect) { _ = view.RedirectDestination; }
        if (view.Type == Icmpv6Type.RouterAdvertisement) { _ = (view.ReachableTime, view.RetransTimer, view.RouterLifetime, view.CurrentHopLimit); }
        var options = view.Options;
        var length = 0;
        while (options.Read())
        {
            length += options.Option.Length;
            switch (options.Type)
            {
                case NdpOptionType.SourceLinkLayer or NdpOptionType.TargetLinkLayer: _ = options.LinkLayerAddress; break;
                case NdpOptionType.Mtu: _ = options.Mtu; break;
                case NdpOptionType.PrefixInformation: _ = options.Prefix; break;
            }
        }
        Require(length < input.Length, "options longer than the message");
    }
}

/// <summary>DHCP messages.</summary>
internal sealed class DhcpTarget : FuzzTarget
{
    public override string Name => "dhcp";

    public override string Holds => "no exception; every refusal has its flaw; an option's data lies in the message or its overloaded fields";

    // Every option is looked for: what is longer than the least that everybody must take (RFC 2131 section 2) only makes it slow.
    public override int MaximumLength => 576;

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() => [Sample.Dhcp(DhcpMessageType.Offer), Sample.Dhcp(DhcpMessageType.Ack)];

    public override void Check(byte[] input)
    {
        if (!DhcpView.TryParse(input, out var view, out var why))
        {
            Require(why != PacketFlaw.None, "a refusal without its flaw");
            return;
        }
        _ = (view.MessageType, view.ClientAddress, view.YourAddress, view.NextServer, view.Relay, view.ClientHardware, view.TransactionId);
        for (var code = 1; code < 255; code++)
        {
            if (!view.TryGetOption((DhcpOption)code, out var data)) { continue; }
            Require(data.Length <= input.Length, "an option from elsewhere");
            view.TryGetAddress((DhcpOption)code, out _);
            view.TryGetSeconds((DhcpOption)code, out _);
        }
    }
}
