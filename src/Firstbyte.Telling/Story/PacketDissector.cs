using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Packets;
using Firstbyte.Tcp;
using Firstbyte.Telling.Dissection;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Story;

/// <summary>Takes a frame apart: every layer with its fields at their bits. Any bytes will do; what cannot be read is data.</summary>
/// <remarks>
/// The readers of <c>Firstbyte.Packets</c> and <c>Firstbyte.Dns.Wire</c> decide what a layer is and where it ends; here their fields are only laid
/// out, so what is shown is what the hosts of a lab read.
/// </remarks>
public static class PacketDissector
{
    /// <summary>Lines that are shown of a message (own choice); a learner opens a packet, not a file.</summary>
    public const int MaxLines = 64;

    private const int MaxLineLength = 512;

    // RFC 1035 4.2.1, RFC 9110 4.2.1 and 4.2.2.
    private const ushort DnsPort = 53;
    private const ushort HttpPort = 80;
    private const ushort HttpsPort = 443;

    /// <summary>The layers of an Ethernet frame, from the outermost on.</summary>
    public static IReadOnlyList<PacketLayer> Dissect(ReadOnlySpan<byte> frame)
    {
        var layers = new List<PacketLayer>();
        if (!EthernetView.TryParse(frame, out var ethernet, out _))
        {
            AddData(layers, frame, 0);
            return layers;
        }
        layers.Add(new PacketLayer(LayerKind.Ethernet, 0, EthernetView.HeaderLength,
        [
            Field(FieldName.DestinationStation, 0, 48, Say($"{ethernet.Destination}")),
            Field(FieldName.SourceStation, 48, 48, Say($"{ethernet.Source}")),
            Field(FieldName.EtherType, 96, 16, Hex((ushort)ethernet.Type, 4, Name(ethernet.Type))),
        ]));
        switch (ethernet.Type)
        {
            case EtherType.Arp when ArpView.TryParse(ethernet.Payload, out var arp, out _): AddArp(layers, arp, ethernet.Payload); break;
            case EtherType.Ipv4 when Ipv4View.TryParse(ethernet.Payload, out var packet, out _): AddIpv4(layers, packet); break;
            case EtherType.Ipv6 when Ipv6View.TryParse(ethernet.Payload, out var packet, out _): AddIpv6(layers, packet); break;
            default: AddData(layers, ethernet.Payload, EthernetView.HeaderLength); break;
        }
        return layers;
    }

    private static void AddArp(List<PacketLayer> layers, in ArpView arp, ReadOnlySpan<byte> bytes) =>
        layers.Add(new PacketLayer(LayerKind.Arp, EthernetView.HeaderLength, ArpView.Length,
        [
            Field(FieldName.HardwareType, 0, 16, Number(BinaryPrimitives.ReadUInt16BigEndian(bytes))),
            Field(FieldName.ProtocolType, 16, 16, Hex(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 4, "")),
            Field(FieldName.HardwareLength, 32, 8, Number(bytes[4])),
            Field(FieldName.ProtocolLength, 40, 8, Number(bytes[5])),
            Field(FieldName.Operation, 48, 16, Say($"{(ushort)arp.Operation} {(arp.Operation == ArpOperation.Request ? "request" : "reply")}")),
            Field(FieldName.SenderHardware, 64, 48, Say($"{arp.SenderHardware}")),
            Field(FieldName.SenderAddress, 112, 32, Say($"{arp.Sender}")),
            Field(FieldName.TargetHardware, 144, 48, Say($"{arp.TargetHardware}")),
            Field(FieldName.TargetAddress, 192, 32, Say($"{arp.Target}")),
        ]));

    private static void AddIpv4(List<PacketLayer> layers, in Ipv4View packet)
    {
        var fields = new List<PacketField>
        {
            Field(FieldName.Version, 0, 4, Number(4)),
            Field(FieldName.HeaderLength, 4, 4, Say($"{packet.HeaderLength / 4} × 4 = {packet.HeaderLength}")),
            Field(FieldName.TrafficClass, 8, 8, Hex(packet.TypeOfService, 2, "")),
            Field(FieldName.TotalLength, 16, 16, Number(packet.TotalLength)),
            Field(FieldName.Identification, 32, 16, Hex(packet.Identification, 4, "")),
            Field(
                FieldName.Flags, 48, 3,
                (packet.DontFragment ? "DF" : "") + (packet.MoreFragments ? " MF" : "") is { Length: > 0 } flags ? flags.Trim() : "0"),
            Field(FieldName.FragmentOffset, 51, 13, Number(packet.FragmentOffset)),
            Field(FieldName.TimeToLive, 64, 8, Number(packet.TimeToLive)),
            Field(FieldName.Protocol, 72, 8, Say($"{(byte)packet.Protocol} {Name(packet.Protocol):words}")),
            Field(FieldName.Checksum, 80, 16, Checked(packet.Checksum, packet.IsChecksumValid)),
            Field(FieldName.Source, 96, 32, Say($"{packet.Source}")),
            Field(FieldName.Destination, 128, 32, Say($"{packet.Destination}")),
        };
        if (packet.Options.Length > 0) { fields.Add(Field(FieldName.Options, 160, packet.Options.Length * 8, HexBytes(packet.Options))); }
        layers.Add(new PacketLayer(LayerKind.Ipv4, EthernetView.HeaderLength, packet.HeaderLength, fields));
        var start = EthernetView.HeaderLength + packet.HeaderLength;
        // A later fragment has no header that could be read, and a first one not all of what its header speaks of.
        if (packet.FragmentOffset > 0) { AddData(layers, packet.Payload, start); }
        else { AddTransport(layers, packet.Payload, start, packet.Protocol, packet.PseudoHeaderSum, isV6: false, packet.IsFragment); }
    }

    private static void AddIpv6(List<PacketLayer> layers, in Ipv6View packet)
    {
        var fields = new List<PacketField>
        {
            Field(FieldName.Version, 0, 4, Number(6)),
            Field(FieldName.TrafficClass, 4, 8, Hex(packet.TrafficClass, 2, "")),
            Field(FieldName.FlowLabel, 12, 20, Hex((int)packet.FlowLabel, 5, "")),
            Field(FieldName.PayloadLength, 32, 16, Number(BinaryPrimitives.ReadUInt16BigEndian(packet.Packet[4..]))),
            Field(FieldName.NextHeader, 48, 8, Say($"{(byte)packet.NextHeader} {Name(packet.NextHeader):words}")),
            Field(FieldName.HopLimit, 56, 8, Number(packet.HopLimit)),
            Field(FieldName.Source, 64, 128, Say($"{packet.Source}")),
            Field(FieldName.Destination, 192, 128, Say($"{packet.Destination}")),
        };
        var extensions = packet.PayloadOffset - Ipv6View.HeaderLength;
        if (extensions > 0)
        {
            fields.Add(Field(FieldName.ExtensionHeaders, 320, extensions * 8, HexBytes(packet.Packet.Slice(Ipv6View.HeaderLength, extensions))));
        }
        layers.Add(new PacketLayer(LayerKind.Ipv6, EthernetView.HeaderLength, packet.PayloadOffset, fields));
        var start = EthernetView.HeaderLength + packet.PayloadOffset;
        if (packet.FragmentOffset > 0) { AddData(layers, packet.Payload, start); }
        else
        {
            AddTransport(
                layers, packet.Payload, start, packet.Protocol, packet.PseudoHeaderSum(packet.Protocol, packet.Payload.Length), isV6: true, packet.IsFragment);
        }
    }

    private static void AddTransport(
        List<PacketLayer> layers, ReadOnlySpan<byte> bytes, int start, IpProtocol protocol, ulong pseudoHeader, bool isV6, bool isFragment)
    {
        switch (protocol)
        {
            case IpProtocol.Icmp or IpProtocol.Icmpv6 when (protocol == IpProtocol.Icmpv6) == isV6 && IcmpView.TryParse(bytes, out var icmp, out _):
                layers.Add(new PacketLayer(isV6 ? LayerKind.Icmpv6 : LayerKind.Icmp, start, IcmpView.HeaderLength,
                [
                    Field(FieldName.Type, 0, 8, Say($"{icmp.TypeNumber} {(isV6 ? Enum.GetName(icmp.Type6) : Enum.GetName(icmp.Type)):words}")),
                    Field(FieldName.Code, 8, 8, Number(icmp.Code)),
                    Field(FieldName.Checksum, 16, 16, Checked(icmp.Checksum, isFragment ? null : icmp.IsChecksumValid(isV6 ? pseudoHeader : 0))),
                    Field(FieldName.RestOfHeader, 32, 32, Hex(icmp.Rest, 8, "")),
                ]));
                AddData(layers, icmp.Body, start + IcmpView.HeaderLength);
                break;
            case IpProtocol.Udp when UdpView.TryParse(bytes, out var udp, out _): AddUdp(layers, udp, start, pseudoHeader, isFragment); break;
            case IpProtocol.Tcp when TcpView.TryParse(bytes, out var tcp, out _): AddTcp(layers, tcp, start, pseudoHeader, isFragment); break;
            default: AddData(layers, bytes, start); break;
        }
    }

    private static void AddUdp(List<PacketLayer> layers, in UdpView udp, int start, ulong pseudoHeader, bool isFragment)
    {
        layers.Add(new PacketLayer(LayerKind.Udp, start, UdpView.HeaderLength,
        [
            Field(FieldName.SourcePort, 0, 16, Port(udp.SourcePort)),
            Field(FieldName.DestinationPort, 16, 16, Port(udp.DestinationPort)),
            Field(FieldName.Length, 32, 16, Number(udp.Length)),
            // RFC 768: zero is none.
            Field(FieldName.Checksum, 48, 16, Checked(udp.Checksum, isFragment || udp.Checksum == 0 ? null : udp.IsChecksumValid(pseudoHeader))),
        ]));
        start += UdpView.HeaderLength;
        if ((udp.SourcePort == DnsPort || udp.DestinationPort == DnsPort) && MessageView.TryRead(udp.Payload, out var message, out _))
        {
            AddDns(layers, message, start);
        }
        else { AddData(layers, udp.Payload, start); }
    }

    private static void AddTcp(List<PacketLayer> layers, in TcpView tcp, int start, ulong pseudoHeader, bool isFragment)
    {
        var fields = new List<PacketField>
        {
            Field(FieldName.SourcePort, 0, 16, Port(tcp.SourcePort)),
            Field(FieldName.DestinationPort, 16, 16, Port(tcp.DestinationPort)),
            Field(FieldName.SequenceNumber, 32, 32, Number(tcp.Sequence)),
            Field(FieldName.Acknowledgment, 64, 32, Number(tcp.Acknowledgment)),
            Field(FieldName.DataOffset, 96, 4, Say($"{tcp.HeaderLength / 4} × 4 = {tcp.HeaderLength}")),
            Field(FieldName.Reserved, 100, 4, "0"),
            Field(FieldName.Flags, 104, 8, FieldWords.All((TcpFlags)tcp.Flags)),
            Field(FieldName.Window, 112, 16, Number(tcp.Window)),
            Field(FieldName.Checksum, 128, 16, Checked(tcp.Checksum, isFragment ? null : tcp.IsChecksumValid(pseudoHeader))),
            Field(FieldName.UrgentPointer, 144, 16, Number(tcp.UrgentPointer)),
        };
        if (tcp.Options.Length > 0) { fields.Add(Field(FieldName.Options, 160, tcp.Options.Length * 8, Options(tcp.Options))); }
        layers.Add(new PacketLayer(LayerKind.Tcp, start, tcp.HeaderLength, fields));
        if (tcp.Payload.Length == 0) { return; }
        var kind = tcp.SourcePort == HttpPort || tcp.DestinationPort == HttpPort ? LayerKind.Http
            : tcp.SourcePort == HttpsPort || tcp.DestinationPort == HttpsPort ? LayerKind.Tls : LayerKind.Data;
        AddData(layers, tcp.Payload, start + tcp.HeaderLength, kind);
    }

    private static void AddDns(List<PacketLayer> layers, in MessageView message, int start)
    {
        var header = message.Header;
        var lines = new List<string>();
        foreach (var question in message.Questions) { lines.Add($"? {question.Name.ToName()} {question.Class} {question.Type}"); }
        foreach (var section in (MessageSection[])[MessageSection.Answer, MessageSection.Authority, MessageSection.Additional])
        {
            foreach (var record in message.Records(section))
            {
                if (lines.Count == MaxLines) { break; }
                var sign = section == MessageSection.Answer ? "=" : section == MessageSection.Authority ? "→" : "+";
                // Its class and TTL are no class and no TTL (RFC 6891 6.1.2).
                lines.Add(record.Type == RecordType.OPT
                    ? $"{sign} OPT, UDP payload size {record.Class.Value.ToString(CultureInfo.InvariantCulture)}"
                    : $"{sign} {(record.TryGetRecord(out var one) ? one.ToString() : $"{record.Owner.ToName()} {record.Type}")}");
            }
        }
        layers.Add(new PacketLayer(LayerKind.Dns, start, MessageHeader.Length,
        [
            Field(FieldName.Identification, 0, 16, Number(header.Id)),
            .. DnsFlags((ushort)header.Flags, message),
            Field(FieldName.QuestionCount, 32, 16, Number(header.QuestionCount)),
            Field(FieldName.AnswerCount, 48, 16, Number(header.AnswerCount)),
            Field(FieldName.AuthorityCount, 64, 16, Number(header.AuthorityCount)),
            Field(FieldName.AdditionalCount, 80, 16, Number(header.AdditionalCount)),
        ])
        { Lines = [.. lines.Select(static line => Printable.Text(line))] });
    }

    // RFC 1035 4.1.1, RFC 4035 3.1.6 and 3.2.
    private static List<PacketField> DnsFlags(ushort flags, in MessageView message)
    {
        FieldName?[] names =
        [
            FieldName.Qr, null, null, null, null, FieldName.Aa, FieldName.Tc, FieldName.Rd, FieldName.Ra, FieldName.Z, FieldName.Ad, FieldName.Cd,
        ];
        var fields = new List<PacketField>();
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] is { } name) { fields.Add(Field(name, 16 + i, 1, Number(flags >> 15 - i & 1))); }
            else if (i == 1) { fields.Add(Field(FieldName.Opcode, 17, 4, Number(flags >> 11 & 15))); }
        }
        fields.Add(Field(FieldName.Rcode, 28, 4, Say($"{flags & 15} {message.ResponseCode.ToString():words}")));
        return fields;
    }

    private static void AddData(List<PacketLayer> layers, ReadOnlySpan<byte> bytes, int start, LayerKind kind = LayerKind.Data)
    {
        if (bytes.Length == 0) { return; }
        layers.Add(new PacketLayer(kind, start, bytes.Length, [Field(FieldName.Content, 0, bytes.Length * 8, Number(bytes.Length))])
        {
            Lines = kind switch { LayerKind.Http => TextLines(bytes), LayerKind.Tls => TlsRecords.Lines(bytes), _ => [] },
            IsClear = kind == LayerKind.Http || (kind == LayerKind.Tls && TlsRecords.IsClear(bytes)),
        });
    }

    // HTTP's head is ASCII (RFC 9112 2.2); its content is shown as far as it is UTF-8.
    private static List<string> TextLines(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n').Take(MaxLines))
        {
            var text = line.EndsWith('\r') ? line[..^1] : line;
            lines.Add(Printable.Text(text.Length > MaxLineLength ? text[..MaxLineLength] : text));
        }
        return lines;
    }

    private static Phrase Options(ReadOnlySpan<byte> options)
    {
        var texts = new List<string>();
        var reader = new OptionReader(options);
        while (reader.Read()) { texts.Add(OptionText(reader.Kind, reader.Data)); }
        return texts.Count == 0 ? HexBytes(options) : Phrase.Of(string.Join(", ", texts), Role.Text);
    }

    // RFC 9293 3.2, RFC 7323 2.2 and 3.2, RFC 2018 2 and 3.
    private static string OptionText(byte kind, ReadOnlySpan<byte> data) => kind switch
    {
        0 => "end",
        1 => "nop",
        2 when data.Length >= 2 => $"MSS {BinaryPrimitives.ReadUInt16BigEndian(data).ToString(CultureInfo.InvariantCulture)}",
        3 when data.Length >= 1 => $"window scale {data[0].ToString(CultureInfo.InvariantCulture)}",
        4 => "SACK permitted",
        5 => $"SACK {(data.Length / 8).ToString(CultureInfo.InvariantCulture)}",
        8 when data.Length >= 8 => string.Create(
            CultureInfo.InvariantCulture, $"timestamps {BinaryPrimitives.ReadUInt32BigEndian(data)} {BinaryPrimitives.ReadUInt32BigEndian(data[4..])}"),
        _ => $"option {kind.ToString(CultureInfo.InvariantCulture)}",
    };

    private static PacketField Field(FieldName name, int bit, int bits, Phrase value) => new(name, bit, bits, value);

    private static Phrase Number(long value) => Say($"{value}");

    private static Phrase Port(ushort port) => FieldWords.OfPort(port) is { Length: > 0 } name ? Say($"{port} {name.Trim():words}") : Say($"{port}");

    private static Phrase Hex(long value, int digits, string name) =>
        Phrase.Of(
            $"0x{value.ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)}{(name.Length > 0 ? " " + name : "")}",
            Role.Number);

    private static Phrase Checked(ushort value, bool? isRight) =>
        Hex(value, 4, isRight switch { true => "✓", false => "✗", null => "" });

    private static Phrase HexBytes(ReadOnlySpan<byte> bytes) => Phrase.Of(Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 64)]), Role.Number);

    private static string Name(EtherType type) =>
        !Enum.IsDefined(type) ? "" : type switch { EtherType.Arp => "ARP", EtherType.Ipv4 => "IPv4", EtherType.Ipv6 => "IPv6", _ => type.ToString() };

    private static string Name(IpProtocol protocol) => protocol switch
    {
        IpProtocol.Icmp => "ICMP",
        IpProtocol.Icmpv6 => "ICMPv6",
        IpProtocol.Tcp => "TCP",
        IpProtocol.Udp => "UDP",
        _ => "",
    };
}
