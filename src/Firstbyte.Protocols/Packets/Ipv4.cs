using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Hashing;

namespace Firstbyte.Packets;

/// <summary>What an IP packet carries (IANA, "Protocol Numbers"); in IPv6 also the extension headers.</summary>
public enum IpProtocol : byte
{
    /// <summary>IPv6 hop-by-hop options.</summary>
    HopByHop = 0,

    /// <summary>Internet Control Message Protocol.</summary>
    Icmp = 1,

    /// <summary>Transmission Control Protocol.</summary>
    Tcp = 6,

    /// <summary>User Datagram Protocol.</summary>
    Udp = 17,

    /// <summary>IPv6 routing header.</summary>
    Routing = 43,

    /// <summary>IPv6 fragment header.</summary>
    Fragment = 44,

    /// <summary>ICMP for IPv6.</summary>
    Icmpv6 = 58,

    /// <summary>IPv6: nothing follows.</summary>
    NoNextHeader = 59,

    /// <summary>IPv6 destination options.</summary>
    DestinationOptions = 60,
}

/// <summary>An IPv4 packet (RFC 791). All lengths are checked at the door; padding behind the total length is cut off.</summary>
public readonly ref struct Ipv4View
{
    /// <summary>Bytes of a header without options.</summary>
    public const int MinHeaderLength = 20;

    /// <summary>Bytes of the longest header.</summary>
    public const int MaxHeaderLength = 60;

    private readonly ReadOnlySpan<byte> _packet;

    private Ipv4View(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>The packet without what follows it in the frame.</summary>
    public ReadOnlySpan<byte> Packet => _packet;

    /// <summary>IHL, in bytes.</summary>
    public int HeaderLength => (_packet[0] & 15) * 4;

    /// <summary>DSCP and ECN, once "type of service".</summary>
    public byte TypeOfService => _packet[1];

    /// <summary>Header and payload in bytes.</summary>
    public int TotalLength => _packet.Length;

    /// <summary>The number that the fragments of a packet share.</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_packet[4..]);

    /// <summary>DF</summary>
    public bool DontFragment => (_packet[6] & 0x40) != 0;

    /// <summary>MF</summary>
    public bool MoreFragments => (_packet[6] & 0x20) != 0;

    /// <summary>Where this fragment's payload belongs, in bytes.</summary>
    public int FragmentOffset => (BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]) & 0x1FFF) * 8;

    /// <summary>Whether this is not the whole packet.</summary>
    public bool IsFragment => (BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]) & 0x3FFF) != 0;

    /// <summary>Hops that are left.</summary>
    public byte TimeToLive => _packet[8];

    /// <summary>What the payload is.</summary>
    public IpProtocol Protocol => (IpProtocol)_packet[9];

    /// <summary>The header checksum as it came.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_packet[10..]);

    /// <summary>Whether the header adds up.</summary>
    public bool IsChecksumValid => InternetChecksum.IsValid(_packet[..HeaderLength]);

    /// <summary>The sender as a number.</summary>
    public uint SourceBits => BinaryPrimitives.ReadUInt32BigEndian(_packet[12..]);

    /// <summary>The receiver as a number.</summary>
    public uint DestinationBits => BinaryPrimitives.ReadUInt32BigEndian(_packet[16..]);

    /// <summary>The sender.</summary>
    public IpAddress Source => IpAddress.FromV4(SourceBits);

    /// <summary>The receiver.</summary>
    public IpAddress Destination => IpAddress.FromV4(DestinationBits);

    /// <summary>The bytes of the options, for an <see cref="OptionReader"/>.</summary>
    public ReadOnlySpan<byte> Options => _packet[MinHeaderLength..HeaderLength];

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Payload => _packet[HeaderLength..];

    /// <summary>The pseudo-header's partial sum for the payload's checksum.</summary>
    public ulong PseudoHeaderSum => InternetChecksum.PseudoHeader(SourceBits, DestinationBits, _packet[9], _packet.Length - HeaderLength);

    /// <summary>Reads a packet. The checksum is not judged here (<see cref="IsChecksumValid"/>).</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Ipv4View view, out PacketFlaw why)
    {
        view = default;
        if (bytes.Length < MinHeaderLength) { why = PacketFlaw.TooShort; return false; }
        if (bytes[0] >> 4 != 4) { why = PacketFlaw.WrongVersion; return false; }
        var headerLength = (bytes[0] & 15) * 4;
        if (headerLength < MinHeaderLength) { why = PacketFlaw.HeaderLengthTooSmall; return false; }
        if (headerLength > bytes.Length) { why = PacketFlaw.HeaderTruncated; return false; }
        var total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (total < headerLength) { why = PacketFlaw.LengthTooSmall; return false; }
        if (total > bytes.Length) { why = PacketFlaw.PayloadTruncated; return false; }
        view = new Ipv4View(bytes[..total]);
        why = PacketFlaw.None;
        return true;
    }

    /// <summary>Reads what an ICMP error quotes: a header and the beginning of a payload, whatever the length field says (RFC 792).</summary>
    public static bool TryParseQuote(ReadOnlySpan<byte> bytes, out Ipv4View view)
    {
        view = default;
        if (bytes.Length < MinHeaderLength || bytes[0] >> 4 != 4) { return false; }
        var headerLength = (bytes[0] & 15) * 4;
        if (headerLength < MinHeaderLength || headerLength > bytes.Length) { return false; }
        view = new Ipv4View(bytes);
        return true;
    }
}

/// <summary>The meaning of an IPv4 header without options, as a sender states it.</summary>
public readonly record struct Ipv4Header(uint Source, uint Destination, IpProtocol Protocol)
{
    /// <summary>DSCP and ECN.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>The number that the fragments of a packet share.</summary>
    public ushort Identification { get; init; }

    /// <summary>Routers must not divide it.</summary>
    public bool DontFragment { get; init; }

    /// <summary>Other fragments follow.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>Where the payload belongs, in bytes; a multiple of 8.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>Hops; 64 as RFC 1700 recommends.</summary>
    public byte TimeToLive { get; init; } = 64;
}

/// <summary>Writes IPv4 headers and changes them in place.</summary>
public static class Ipv4Writer
{
    /// <summary>Writes the header of a packet whose payload already stands behind its 20 bytes, with total length and checksum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The packet is shorter than a header or longer than 65,535 bytes, or the fragment
    /// offset is no multiple of 8 in range.</exception>
    public static void Seal(Span<byte> packet, in Ipv4Header header)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, Ipv4View.MinHeaderLength, nameof(packet));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, ushort.MaxValue, nameof(packet));
        if ((header.FragmentOffset & ~0xFFF8) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(header), header.FragmentOffset, "a fragment offset is a multiple of 8 below 65,536");
        }
        packet[0] = 0x45;
        packet[1] = header.TypeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], header.Identification);
        var flags = (header.DontFragment ? 0x4000 : 0) | (header.MoreFragments ? 0x2000 : 0) | (header.FragmentOffset >> 3);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], (ushort)flags);
        packet[8] = header.TimeToLive;
        packet[9] = (byte)header.Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], header.Source);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], header.Destination);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Compute(packet[..Ipv4View.MinHeaderLength]));
    }

    /// <summary>Takes one hop off a packet that was read before, with the incremental checksum (RFC 1624). The packet must have a hop left.</summary>
    public static void DecrementTimeToLive(Span<byte> packet)
    {
        var before = BinaryPrimitives.ReadUInt16BigEndian(packet[8..]);
        packet[8]--;
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Update(checksum, before, (ushort)(before - 0x100)));
    }
}

/// <summary>Walks over options of the shape kind, length, data, with the one-byte kinds 0 (end) and 1 (no operation): those of IPv4 and TCP.</summary>
public ref struct OptionReader(ReadOnlySpan<byte> options)
{
    private ReadOnlySpan<byte> _rest = options;

    /// <summary>The kind of the current option.</summary>
    public byte Kind { get; private set; }

    /// <summary>The current option's data, without kind and length.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary><see cref="PacketFlaw.WrongOptionLength"/> once an option could not be read.</summary>
    public PacketFlaw Flaw { get; private set; }

    /// <summary>Moves to the next option; false at the end or at a flaw.</summary>
    public bool Read()
    {
        while (!_rest.IsEmpty)
        {
            Kind = _rest[0];
            if (Kind == 0) { return false; }
            if (Kind == 1) { _rest = _rest[1..]; continue; }
            if (_rest.Length < 2 || _rest[1] < 2 || _rest[1] > _rest.Length)
            {
                Flaw = PacketFlaw.WrongOptionLength;
                _rest = default;
                return false;
            }
            Data = _rest[2.._rest[1]];
            _rest = _rest[_rest[1]..];
            return true;
        }
        return false;
    }
}
