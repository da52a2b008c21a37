using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Hashing;

namespace Firstbyte.Packets;

/// <summary>An IPv6 packet with its extension headers walked (RFC 8200).</summary>
/// <remarks>
/// The walk stops at the upper layer, at a header that cannot be read on (ESP, an unknown number), or at the fragment header of a packet
/// that is really divided: what follows there belongs to the reassembled packet. A fragment header that says "offset 0, no more" is
/// walked over (atomic fragments, RFC 6946).
/// </remarks>
public readonly ref struct Ipv6View
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int HeaderLength = 40;

    /// <summary>
    /// Extension headers that are read; each kind occurs once but destination options, which may occur twice (RFC 8200 section 4.1),
    /// doubled for headroom.
    /// </summary>
    public const int MaxExtensionHeaders = 12;

    private readonly ReadOnlySpan<byte> _packet;

    private Ipv6View(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>The packet without what follows it in the frame.</summary>
    public ReadOnlySpan<byte> Packet => _packet;

    /// <summary>DSCP and ECN.</summary>
    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt16BigEndian(_packet) >> 4);

    /// <summary>20 bits that name a flow.</summary>
    public uint FlowLabel => BinaryPrimitives.ReadUInt32BigEndian(_packet) & 0xFFFFF;

    /// <summary>The first next-header value.</summary>
    public IpProtocol NextHeader => (IpProtocol)_packet[6];

    /// <summary>Hops that are left.</summary>
    public byte HopLimit => _packet[7];

    /// <summary>The sender as a number.</summary>
    public UInt128 SourceBits => BinaryPrimitives.ReadUInt128BigEndian(_packet[8..]);

    /// <summary>The receiver as a number.</summary>
    public UInt128 DestinationBits => BinaryPrimitives.ReadUInt128BigEndian(_packet[24..]);

    /// <summary>The sender.</summary>
    public IpAddress Source => IpAddress.FromV6(SourceBits);

    /// <summary>The receiver.</summary>
    public IpAddress Destination => IpAddress.FromV6(DestinationBits);

    /// <summary>What <see cref="Payload"/> is: the upper layer or, in a fragment, the first header of the divided part.</summary>
    public IpProtocol Protocol { get; private init; }

    /// <summary>Where <see cref="Payload"/> begins in the packet.</summary>
    public int PayloadOffset { get; private init; }

    /// <summary>What follows the headers that were walked.</summary>
    public ReadOnlySpan<byte> Payload => _packet[PayloadOffset..];

    /// <summary>Where the next-header field that names <see cref="Protocol"/> stands in the packet: what an ICMP parameter problem points at.</summary>
    public int ProtocolPointer { get; private init; }

    /// <summary>Where the fragment header stands; 0 when there is none.</summary>
    public int FragmentHeaderOffset { get; private init; }

    /// <summary>Whether this is not the whole packet.</summary>
    public bool IsFragment => FragmentHeaderOffset != 0 && (BinaryPrimitives.ReadUInt16BigEndian(_packet[(FragmentHeaderOffset + 2)..]) & 0xFFF9) != 0;

    /// <summary>Where this fragment's payload belongs, in bytes.</summary>
    public int FragmentOffset => FragmentHeaderOffset == 0 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_packet[(FragmentHeaderOffset + 2)..]) & 0xFFF8;

    /// <summary>Whether other fragments follow.</summary>
    public bool MoreFragments => FragmentHeaderOffset != 0 && (_packet[FragmentHeaderOffset + 3] & 1) != 0;

    /// <summary>The number that the fragments of a packet share; 0 without a fragment header.</summary>
    public uint Identification => FragmentHeaderOffset == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(_packet[(FragmentHeaderOffset + 4)..]);

    /// <summary>Where a routing header stands that still has segments left; 0 when there is none.</summary>
    public int RoutingHeaderOffset { get; private init; }

    /// <summary>Where the first option stands that is not recognised and must not be skipped; 0 when there is none.</summary>
    public int UnrecognizedOptionOffset { get; private init; }

    /// <summary>
    /// What the sender wants done about it: the two highest bits of the option's type, 1 discard, 2 discard and tell, 3 discard and tell
    /// unless multicast (RFC 8200 section 4.2).
    /// </summary>
    public int UnrecognizedOptionAction => UnrecognizedOptionOffset == 0 ? 0 : _packet[UnrecognizedOptionOffset] >> 6;

    /// <summary>The pseudo-header's partial sum for the checksum of a payload of the given length.</summary>
    public ulong PseudoHeaderSum(IpProtocol protocol, int length) => InternetChecksum.PseudoHeader(SourceBits, DestinationBits, (byte)protocol, length);

    /// <summary>Reads a packet and walks its extension headers.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Ipv6View view, out PacketFlaw why)
    {
        view = default;
        if (bytes.Length < HeaderLength) { why = PacketFlaw.TooShort; return false; }
        if (bytes[0] >> 4 != 6) { why = PacketFlaw.WrongVersion; return false; }
        var end = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (end > bytes.Length) { why = PacketFlaw.PayloadTruncated; return false; }
        return TryWalk(bytes[..end], out view, out why);
    }

    /// <summary>Reads what an ICMP error quotes: the packet may be cut anywhere behind the upper layer's beginning (RFC 4443 section 3).</summary>
    public static bool TryParseQuote(ReadOnlySpan<byte> bytes, out Ipv6View view)
    {
        view = default;
        return bytes.Length >= HeaderLength && bytes[0] >> 4 == 6 && TryWalk(bytes, out view, out _);
    }

    private static bool TryWalk(ReadOnlySpan<byte> packet, out Ipv6View view, out PacketFlaw why)
    {
        view = default;
        var protocol = (IpProtocol)packet[6];
        var pointer = 6;
        var at = HeaderLength;
        int fragment = 0, routing = 0, unrecognized = 0;
        for (var count = 0; IsWalked(protocol); count++)
        {
            if (count == MaxExtensionHeaders) { why = PacketFlaw.TooManyExtensionHeaders; return false; }
            if (protocol == IpProtocol.HopByHop && at != HeaderLength) { why = PacketFlaw.MisplacedHopByHop; return false; }
            if (packet.Length - at < 8) { why = PacketFlaw.ExtensionTruncated; return false; }
            var length = protocol == IpProtocol.Fragment ? 8 : (packet[at + 1] + 1) * 8;
            if (packet.Length - at < length) { why = PacketFlaw.ExtensionTruncated; return false; }
            if (protocol is IpProtocol.HopByHop or IpProtocol.DestinationOptions && unrecognized == 0)
            {
                why = FindUnrecognized(packet, at + 2, at + length, out unrecognized);
                if (why != PacketFlaw.None) { return false; }
            }
            if (protocol == IpProtocol.Routing && packet[at + 3] != 0 && routing == 0) { routing = at; }
            var divided = false;
            if (protocol == IpProtocol.Fragment)
            {
                fragment = at;
                divided = (BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) & 0xFFF9) != 0;
            }
            protocol = (IpProtocol)packet[at];
            pointer = at;
            at += length;
            if (divided) { break; }
        }
        view = new Ipv6View(packet)
        {
            Protocol = protocol,
            PayloadOffset = at,
            ProtocolPointer = pointer,
            FragmentHeaderOffset = fragment,
            RoutingHeaderOffset = routing,
            UnrecognizedOptionOffset = unrecognized,
        };
        why = PacketFlaw.None;
        return true;
    }

    private static bool IsWalked(IpProtocol protocol) =>
        protocol is IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.DestinationOptions;

    // Pad1 (0), PadN (1) and Router Alert (5) are recognised; an unknown type whose two highest bits are zero is skipped (RFC 8200 section 4.2).
    private static PacketFlaw FindUnrecognized(ReadOnlySpan<byte> packet, int at, int end, out int unrecognized)
    {
        unrecognized = 0;
        while (at < end)
        {
            var type = packet[at];
            if (type == 0) { at++; continue; }
            if (end - at < 2 || end - at < 2 + packet[at + 1]) { return PacketFlaw.WrongOptionLength; }
            if (type >> 6 != 0) { unrecognized = at; return PacketFlaw.None; }
            at += 2 + packet[at + 1];
        }
        return PacketFlaw.None;
    }
}

/// <summary>The meaning of an IPv6 header, as a sender states it.</summary>
public readonly record struct Ipv6Header(UInt128 Source, UInt128 Destination, IpProtocol NextHeader)
{
    /// <summary>DSCP and ECN.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>20 bits that name a flow.</summary>
    public uint FlowLabel { get; init; }

    /// <summary>Hops; 64 as RFC 1700 recommends, 255 for neighbour discovery.</summary>
    public byte HopLimit { get; init; } = 64;
}

/// <summary>Writes IPv6 headers and changes them in place.</summary>
public static class Ipv6Writer
{
    /// <summary>Bytes of a fragment header.</summary>
    public const int FragmentHeaderLength = 8;

    /// <summary>Writes the header of a packet whose payload already stands behind its 40 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The packet is shorter than a header or its payload longer than 65,535 bytes.</exception>
    public static void Seal(Span<byte> packet, in Ipv6Header header)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, Ipv6View.HeaderLength, nameof(packet));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, Ipv6View.HeaderLength + ushort.MaxValue, nameof(packet));
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x6000_0000 | ((uint)header.TrafficClass << 20) | (header.FlowLabel & 0xFFFFF));
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - Ipv6View.HeaderLength));
        packet[6] = (byte)header.NextHeader;
        packet[7] = header.HopLimit;
        BinaryPrimitives.WriteUInt128BigEndian(packet[8..], header.Source);
        BinaryPrimitives.WriteUInt128BigEndian(packet[24..], header.Destination);
    }

    /// <summary>Writes a fragment header into 8 bytes (RFC 8200 section 4.5).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is no multiple of 8 in range.</exception>
    public static void SealFragmentHeader(Span<byte> header, IpProtocol nextHeader, int offset, bool moreFragments, uint identification)
    {
        if ((offset & ~0xFFF8) != 0) { throw new ArgumentOutOfRangeException(nameof(offset), offset, "a fragment offset is a multiple of 8 below 65,536"); }
        header[0] = (byte)nextHeader;
        header[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(offset | (moreFragments ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], identification);
    }

    /// <summary>Takes one hop off a packet that was read before and has a hop left.</summary>
    public static void DecrementHopLimit(Span<byte> packet) => packet[7]--;
}
