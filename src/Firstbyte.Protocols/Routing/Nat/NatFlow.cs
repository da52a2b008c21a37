using System.Buffers.Binary;
using Firstbyte.Hashing;
using Firstbyte.Packets;

namespace Firstbyte.Routing.Nat;

/// <summary>One end as a table key: an IPv4 address and a port, or the identifier of an echo.</summary>
internal readonly record struct NatEnd(uint Address, ushort Port);

/// <summary>
/// Between whom a packet goes, as far as a translator has to know. Of an echo, the end that asks has the identifier for a port, the other
/// end 0.
/// </summary>
internal readonly record struct NatFlow(IpProtocol Protocol, NatEnd Source, NatEnd Target, bool IsEchoReply = false)
{
    /// <summary>Bytes of a transport header that hold the ports, or an echo's identifier.</summary>
    private const int PortsLength = 4;

    /// <summary>Reads the ends of a whole packet, or of the beginning of one that an ICMP error quotes (8 bytes behind its header by RFC 792).</summary>
    public static bool TryRead(in Ipv4View packet, out NatFlow flow)
    {
        flow = default;
        var transport = packet.Payload;
        if (packet.Protocol is IpProtocol.Tcp or IpProtocol.Udp)
        {
            if (transport.Length < PortsLength) { return false; }
            flow = new NatFlow(
                packet.Protocol, new NatEnd(packet.SourceBits, BinaryPrimitives.ReadUInt16BigEndian(transport)),
                new NatEnd(packet.DestinationBits, BinaryPrimitives.ReadUInt16BigEndian(transport[2..])));
            return true;
        }
        if (packet.Protocol != IpProtocol.Icmp || !IcmpView.TryParse(transport, out var icmp, out _)
            || icmp.Type is not (IcmpType.Echo or IcmpType.EchoReply))
        {
            return false;
        }
        var isRequest = icmp.Type == IcmpType.Echo;
        flow = new NatFlow(
            packet.Protocol, new NatEnd(packet.SourceBits, isRequest ? icmp.Identifier : (ushort)0),
            new NatEnd(packet.DestinationBits, isRequest ? (ushort)0 : icmp.Identifier), !isRequest);
        return true;
    }

    /// <summary>Whether it is an error about another packet: what a translator has to look into (RFC 5508 section 4).</summary>
    public static bool IsError(in Ipv4View packet) =>
        packet.Protocol == IpProtocol.Icmp && !packet.Payload.IsEmpty
            && (IcmpType)packet.Payload[0] is IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem;
}

/// <summary>Puts another end into a packet, with every checksum brought up to date and none computed anew (RFC 1624): a damaged packet stays damaged.</summary>
internal static class NatRewriter
{
    private const int SourceAt = 12;
    private const int TargetAt = 16;
    private const int Ipv4ChecksumAt = 10;
    private const int TcpChecksumAt = 16;
    private const int UdpChecksumAt = 6;
    private const int IcmpChecksumAt = 2;
    private const int EchoIdentifierAt = 4;

    public static void SetSource(Span<byte> packet, IpProtocol protocol, NatEnd end) => Set(packet, protocol, SourceAt, 0, end);

    public static void SetTarget(Span<byte> packet, IpProtocol protocol, NatEnd end) => Set(packet, protocol, TargetAt, 2, end);

    /// <summary>Only the address: of an ICMP error, whose ports are those of the packet it quotes.</summary>
    public static void SetSourceAddress(Span<byte> packet, uint address) => SetAddress(packet, SourceAt, address);

    /// <summary>Only the address of the receiver.</summary>
    public static void SetTargetAddress(Span<byte> packet, uint address) => SetAddress(packet, TargetAt, address);

    /// <summary>Puts an end into the packet that an ICMP error quotes; the message's checksum follows.</summary>
    public static void SetQuoted(Span<byte> message, IpProtocol protocol, bool isSource, NatEnd end)
    {
        var quote = message[IcmpView.HeaderLength..];
        var before = (ushort)InternetChecksum.Sum(quote);
        if (isSource) { SetSource(quote, protocol, end); }
        else { SetTarget(quote, protocol, end); }
        // All that has changed, as if it were one word of the message.
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(message[IcmpChecksumAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[IcmpChecksumAt..], InternetChecksum.Update(checksum, before, (ushort)InternetChecksum.Sum(quote)));
    }

    private static void Set(Span<byte> packet, IpProtocol protocol, int addressAt, int portAt, NatEnd end)
    {
        var before = SetAddress(packet, addressAt, end.Address);
        var transport = packet[((packet[0] & 15) * 4)..];
        var checksumAt = protocol switch { IpProtocol.Tcp => TcpChecksumAt, IpProtocol.Udp => UdpChecksumAt, _ => IcmpChecksumAt };
        if (protocol == IpProtocol.Icmp) { portAt = EchoIdentifierAt; }
        // A quote may end anywhere.
        if (transport.Length < portAt + 2) { return; }
        var port = BinaryPrimitives.ReadUInt16BigEndian(transport[portAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(transport[portAt..], end.Port);
        if (transport.Length < checksumAt + 2) { return; }
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(transport[checksumAt..]);
        // UDP without a checksum stays without (RFC 3022 section 4.1); one that comes out as zero is sent as all ones (RFC 768).
        if (protocol == IpProtocol.Udp && checksum == 0) { return; }
        if (protocol != IpProtocol.Icmp) { checksum = InternetChecksum.Update(checksum, before, end.Address); }
        checksum = InternetChecksum.Update(checksum, port, end.Port);
        if (protocol == IpProtocol.Udp && checksum == 0) { checksum = ushort.MaxValue; }
        BinaryPrimitives.WriteUInt16BigEndian(transport[checksumAt..], checksum);
    }

    private static uint SetAddress(Span<byte> packet, int at, uint address)
    {
        var before = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[at..], address);
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[Ipv4ChecksumAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[Ipv4ChecksumAt..], InternetChecksum.Update(checksum, before, address));
        return before;
    }
}
