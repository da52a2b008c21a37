using System.Buffers.Binary;
using Firstbyte.Hashing;

namespace Firstbyte.Packets;

/// <summary>ICMP message types for IPv4 (RFC 792).</summary>
public enum IcmpType : byte
{
    /// <summary>The answer to an echo.</summary>
    EchoReply = 0,

    /// <summary>The packet could not be delivered; the code says why.</summary>
    DestinationUnreachable = 3,

    /// <summary>There is a better first hop.</summary>
    Redirect = 5,

    /// <summary>Send this back.</summary>
    Echo = 8,

    /// <summary>The hops are used up (code 0) or a fragment was missing (code 1).</summary>
    TimeExceeded = 11,

    /// <summary>A header field is wrong.</summary>
    ParameterProblem = 12,
}

/// <summary>Codes of <see cref="IcmpType.DestinationUnreachable"/> (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1).</summary>
public enum IcmpUnreachableCode : byte
{
    /// <summary>No route.</summary>
    Network = 0,

    /// <summary>The last router did not find the host.</summary>
    Host = 1,

    /// <summary>The host does not speak the protocol.</summary>
    Protocol = 2,

    /// <summary>Nobody listens at the port.</summary>
    Port = 3,

    /// <summary>Too long for the next link, and must not be divided.</summary>
    FragmentationNeeded = 4,

    /// <summary>A source route could not be followed.</summary>
    SourceRouteFailed = 5,

    /// <summary>Forbidden by the administrator.</summary>
    Prohibited = 13,
}

/// <summary>ICMP message types for IPv6 (RFC 4443, RFC 4861).</summary>
public enum Icmpv6Type : byte
{
    /// <summary>The packet could not be delivered; the code says why.</summary>
    DestinationUnreachable = 1,

    /// <summary>Too long for the next link.</summary>
    PacketTooBig = 2,

    /// <summary>The hops are used up (code 0) or a fragment was missing (code 1).</summary>
    TimeExceeded = 3,

    /// <summary>A header field is wrong (0), a next header (1) or an option (2) is not recognised.</summary>
    ParameterProblem = 4,

    /// <summary>Send this back.</summary>
    EchoRequest = 128,

    /// <summary>The answer to an echo.</summary>
    EchoReply = 129,

    /// <summary>Is there a router?</summary>
    RouterSolicitation = 133,

    /// <summary>I am a router.</summary>
    RouterAdvertisement = 134,

    /// <summary>Who has this address?</summary>
    NeighborSolicitation = 135,

    /// <summary>I have it.</summary>
    NeighborAdvertisement = 136,

    /// <summary>There is a better first hop.</summary>
    Redirect = 137,
}

/// <summary>Codes of <see cref="Icmpv6Type.DestinationUnreachable"/> (RFC 4443 section 3.1).</summary>
public enum Icmpv6UnreachableCode : byte
{
    /// <summary>No route.</summary>
    NoRoute = 0,

    /// <summary>Forbidden by the administrator.</summary>
    Prohibited = 1,

    /// <summary>The source address reaches less far than the packet must.</summary>
    BeyondScope = 2,

    /// <summary>The last router did not find the host.</summary>
    Address = 3,

    /// <summary>Nobody listens at the port.</summary>
    Port = 4,
}

/// <summary>An ICMP message of either version: type, code, checksum, four bytes whose meaning the type gives, and a body.</summary>
public readonly ref struct IcmpView
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _message;

    private IcmpView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Message => _message;

    /// <summary>The type by its number.</summary>
    public byte TypeNumber => _message[0];

    /// <summary>The type, read as IPv4's.</summary>
    public IcmpType Type => (IcmpType)_message[0];

    /// <summary>The type, read as IPv6's.</summary>
    public Icmpv6Type Type6 => (Icmpv6Type)_message[0];

    /// <summary>The code; its meaning depends on the type.</summary>
    public byte Code => _message[1];

    /// <summary>The checksum as it came.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_message[2..]);

    /// <summary>The four bytes behind the checksum.</summary>
    public uint Rest => BinaryPrimitives.ReadUInt32BigEndian(_message[4..]);

    /// <summary>Of an echo: whose it is.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_message[4..]);

    /// <summary>Of an echo: which it is.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_message[6..]);

    /// <summary>The next link's MTU: the low half in IPv4's "fragmentation needed" (RFC 1191), all in IPv6's "packet too big".</summary>
    public uint NextHopMtu(bool ipv6) => ipv6 ? Rest : Rest & 0xFFFF;

    /// <summary>Echo data, or the packet an error is about.</summary>
    public ReadOnlySpan<byte> Body => _message[HeaderLength..];

    /// <summary>Whether the checksum matches; IPv6 adds the pseudo-header's sum (RFC 4443 section 2.3), IPv4 adds 0.</summary>
    public bool IsChecksumValid(ulong pseudoHeaderSum = 0) => InternetChecksum.IsValid(pseudoHeaderSum + InternetChecksum.Sum(_message));

    /// <summary>Reads a message; the only flaw is <see cref="PacketFlaw.TooShort"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IcmpView view, out PacketFlaw why)
    {
        var whole = bytes.Length >= HeaderLength;
        view = whole ? new IcmpView(bytes) : default;
        why = whole ? PacketFlaw.None : PacketFlaw.TooShort;
        return whole;
    }
}

/// <summary>Writes ICMP headers.</summary>
public static class IcmpWriter
{
    /// <summary>Writes the header of an IPv4 message whose body already stands behind its 8 bytes.</summary>
    public static void Seal(Span<byte> message, IcmpType type, byte code, uint rest) => Seal(message, (byte)type, code, rest, 0);

    /// <summary>Writes the header of an IPv6 message whose body already stands behind its 8 bytes.</summary>
    public static void Seal(Span<byte> message, Icmpv6Type type, byte code, uint rest, UInt128 source, UInt128 destination) =>
        Seal(message, (byte)type, code, rest, InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.Icmpv6, message.Length));

    private static void Seal(Span<byte> message, byte type, byte code, uint rest, ulong pseudoHeaderSum)
    {
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], rest);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Finish(pseudoHeaderSum + InternetChecksum.Sum(message)));
    }
}
