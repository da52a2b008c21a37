using System.Buffers.Binary;

namespace Firstbyte.Packets;

/// <summary>Options of neighbour discovery messages (RFC 4861 section 4.6).</summary>
public enum NdpOptionType : byte
{
    /// <summary>The sender's link-layer address.</summary>
    SourceLinkLayer = 1,

    /// <summary>The target's link-layer address.</summary>
    TargetLinkLayer = 2,

    /// <summary>A prefix that is on the link or may be used for addresses.</summary>
    PrefixInformation = 3,

    /// <summary>The packet that a redirect is about.</summary>
    RedirectedHeader = 4,

    /// <summary>The MTU of the link.</summary>
    Mtu = 5,
}

/// <summary>A neighbour discovery message (RFC 4861): solicitations, advertisements, redirects.</summary>
public readonly ref struct NdpView
{
    private readonly ReadOnlySpan<byte> _message;

    private NdpView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Which of the five messages it is.</summary>
    public Icmpv6Type Type => (Icmpv6Type)_message[0];

    /// <summary>Of neighbour messages and redirects: the address it is about.</summary>
    public UInt128 Target => BinaryPrimitives.ReadUInt128BigEndian(_message[8..]);

    /// <summary>Of a redirect: whose packets should take the better way.</summary>
    public UInt128 RedirectDestination => BinaryPrimitives.ReadUInt128BigEndian(_message[24..]);

    /// <summary>Of a neighbour advertisement: R, the sender is a router.</summary>
    public bool IsRouter => (_message[4] & 0x80) != 0;

    /// <summary>Of a neighbour advertisement: S, it answers a solicitation.</summary>
    public bool IsSolicited => (_message[4] & 0x40) != 0;

    /// <summary>Of a neighbour advertisement: O, it replaces what was known.</summary>
    public bool IsOverride => (_message[4] & 0x20) != 0;

    /// <summary>Of a router advertisement: the hop limit to use; 0 says nothing.</summary>
    public byte CurrentHopLimit => _message[4];

    /// <summary>Of a router advertisement: seconds for which it is a default router.</summary>
    public ushort RouterLifetime => BinaryPrimitives.ReadUInt16BigEndian(_message[6..]);

    /// <summary>Of a router advertisement: ReachableTime in milliseconds; 0 says nothing.</summary>
    public uint ReachableTime => BinaryPrimitives.ReadUInt32BigEndian(_message[8..]);

    /// <summary>Of a router advertisement: RetransTimer in milliseconds; 0 says nothing.</summary>
    public uint RetransTimer => BinaryPrimitives.ReadUInt32BigEndian(_message[12..]);

    /// <summary>The options behind the fixed part.</summary>
    public NdpOptionReader Options => new(_message[FixedLength(Type)..]);

    /// <summary>Reads a message that has passed its ICMPv6 checksum, with the checks that every message needs (RFC 4861 sections 6.1 and 7.1).</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, byte hopLimit, out NdpView view, out PacketFlaw why)
    {
        view = default;
        if (message.Length < IcmpView.HeaderLength) { why = PacketFlaw.TooShort; return false; }
        var fixedLength = FixedLength((Icmpv6Type)message[0]);
        if (fixedLength == 0 || message[1] != 0) { why = PacketFlaw.UnknownKind; return false; }
        if (message.Length < fixedLength) { why = PacketFlaw.TooShort; return false; }
        if (hopLimit != 255) { why = PacketFlaw.NotFromThisLink; return false; }
        var options = new NdpOptionReader(message[fixedLength..]);
        while (options.Read()) { }
        if (options.Flaw != PacketFlaw.None) { why = options.Flaw; return false; }
        if ((Icmpv6Type)message[0] is Icmpv6Type.NeighborSolicitation or Icmpv6Type.NeighborAdvertisement && message[8] == 0xFF)
        {
            why = PacketFlaw.ImpossibleAddress;
            return false;
        }
        view = new NdpView(message);
        why = PacketFlaw.None;
        return true;
    }

    private static int FixedLength(Icmpv6Type type) => type switch
    {
        Icmpv6Type.RouterSolicitation => 8,
        Icmpv6Type.RouterAdvertisement => 16,
        Icmpv6Type.NeighborSolicitation or Icmpv6Type.NeighborAdvertisement => 24,
        Icmpv6Type.Redirect => 40,
        _ => 0,
    };
}

/// <summary>Walks over the options of a neighbour discovery message, whose lengths count 8 bytes each.</summary>
public ref struct NdpOptionReader(ReadOnlySpan<byte> options)
{
    private ReadOnlySpan<byte> _rest = options;

    /// <summary>The current option's type.</summary>
    public NdpOptionType Type { get; private set; }

    /// <summary>The current option whole, type and length included.</summary>
    public ReadOnlySpan<byte> Option { get; private set; }

    /// <summary><see cref="PacketFlaw.WrongOptionLength"/> once an option could not be read: the message must be discarded (RFC 4861 section 4.6).</summary>
    public PacketFlaw Flaw { get; private set; }

    /// <summary>The link-layer address of the current option.</summary>
    public readonly MacAddress LinkLayerAddress => MacAddress.Read(Option[2..]);

    /// <summary>The MTU of the current option.</summary>
    public readonly uint Mtu => BinaryPrimitives.ReadUInt32BigEndian(Option[4..]);

    /// <summary>The prefix of the current option.</summary>
    public readonly NdpPrefix Prefix => new(
        BinaryPrimitives.ReadUInt128BigEndian(Option[16..]), Option[2], (Option[3] & 0x80) != 0, (Option[3] & 0x40) != 0,
        BinaryPrimitives.ReadUInt32BigEndian(Option[4..]), BinaryPrimitives.ReadUInt32BigEndian(Option[8..]));

    /// <summary>Moves to the next option that has the length its type needs; false at the end or at a flaw.</summary>
    public bool Read()
    {
        while (!_rest.IsEmpty)
        {
            var length = _rest.Length < 8 ? 0 : _rest[1] * 8;
            if (length == 0 || length > _rest.Length)
            {
                Flaw = PacketFlaw.WrongOptionLength;
                _rest = default;
                return false;
            }
            Type = (NdpOptionType)_rest[0];
            Option = _rest[..length];
            _rest = _rest[length..];
            if (Type != NdpOptionType.PrefixInformation || length == 32) { return true; }
        }
        return false;
    }
}

/// <summary>What a prefix information option says (RFC 4861 section 4.6.2). Lifetimes in seconds; all ones means for ever.</summary>
public readonly record struct NdpPrefix(UInt128 Prefix, byte Length, bool OnLink, bool Autonomous, uint ValidLifetime, uint PreferredLifetime);

/// <summary>Writes neighbour discovery messages whole.</summary>
public static class NdpWriter
{
    /// <summary>Bytes of a solicitation or advertisement with a link-layer address.</summary>
    public const int NeighborLength = 32;

    /// <summary>Bytes of a router solicitation with a link-layer address.</summary>
    public const int RouterSolicitationLength = 16;

    /// <summary>Bytes of a router advertisement with link-layer address, MTU and one prefix.</summary>
    public const int RouterAdvertisementLength = 64;

    /// <summary>
    /// Writes a neighbour solicitation with the sender's link-layer address into 32 bytes; into 24 bytes without it (duplicate address
    /// detection, RFC 4862 section 5.4.2).
    /// </summary>
    public static void SealSolicitation(Span<byte> message, UInt128 target, MacAddress sender, UInt128 source, UInt128 destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(message[8..], target);
        if (message.Length >= NeighborLength) { WriteLinkLayer(message[24..], NdpOptionType.SourceLinkLayer, sender); }
        IcmpWriter.Seal(message, Icmpv6Type.NeighborSolicitation, 0, 0, source, destination);
    }

    /// <summary>Writes a neighbour advertisement into 32 bytes.</summary>
    public static void SealAdvertisement(
        Span<byte> message, UInt128 target, MacAddress hardware, bool isRouter, bool solicited, bool overrides, UInt128 source,
        UInt128 destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(message[8..], target);
        WriteLinkLayer(message[24..], NdpOptionType.TargetLinkLayer, hardware);
        var flags = (isRouter ? 0x8000_0000u : 0) | (solicited ? 0x4000_0000u : 0) | (overrides ? 0x2000_0000u : 0);
        IcmpWriter.Seal(message[..NeighborLength], Icmpv6Type.NeighborAdvertisement, 0, flags, source, destination);
    }

    /// <summary>Writes a router solicitation into 16 bytes.</summary>
    public static void SealRouterSolicitation(Span<byte> message, MacAddress sender, UInt128 source, UInt128 destination)
    {
        WriteLinkLayer(message[8..], NdpOptionType.SourceLinkLayer, sender);
        IcmpWriter.Seal(message[..RouterSolicitationLength], Icmpv6Type.RouterSolicitation, 0, 0, source, destination);
    }

    /// <summary>Writes a router advertisement with one prefix into 64 bytes. Lifetime in seconds.</summary>
    public static void SealRouterAdvertisement(
        Span<byte> message, MacAddress sender, byte hopLimit, ushort routerLifetime, uint mtu, NdpPrefix prefix, UInt128 source,
        UInt128 destination)
    {
        message[8..16].Clear();
        WriteLinkLayer(message[16..], NdpOptionType.SourceLinkLayer, sender);
        var option = message.Slice(24, 8);
        option.Clear();
        option[0] = (byte)NdpOptionType.Mtu;
        option[1] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(option[4..], mtu);
        option = message.Slice(32, 32);
        option.Clear();
        option[0] = (byte)NdpOptionType.PrefixInformation;
        option[1] = 4;
        option[2] = prefix.Length;
        option[3] = (byte)((prefix.OnLink ? 0x80 : 0) | (prefix.Autonomous ? 0x40 : 0));
        BinaryPrimitives.WriteUInt32BigEndian(option[4..], prefix.ValidLifetime);
        BinaryPrimitives.WriteUInt32BigEndian(option[8..], prefix.PreferredLifetime);
        BinaryPrimitives.WriteUInt128BigEndian(option[16..], prefix.Prefix);
        IcmpWriter.Seal(message[..RouterAdvertisementLength], Icmpv6Type.RouterAdvertisement, 0, ((uint)hopLimit << 24) | routerLifetime, source, destination);
    }

    private static void WriteLinkLayer(Span<byte> option, NdpOptionType type, MacAddress address)
    {
        option[0] = (byte)type;
        option[1] = 1;
        address.Write(option[2..]);
    }
}
