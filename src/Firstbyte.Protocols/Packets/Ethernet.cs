using System.Buffers.Binary;

namespace Firstbyte.Packets;

/// <summary>What an Ethernet frame carries (IANA, "EtherType values"). Values below 0x0600 are lengths of IEEE 802.3 frames.</summary>
public enum EtherType : ushort
{
    /// <summary>Internet Protocol, version 4.</summary>
    Ipv4 = 0x0800,

    /// <summary>Address Resolution Protocol.</summary>
    Arp = 0x0806,

    /// <summary>IEEE 802.1Q tag.</summary>
    Vlan = 0x8100,

    /// <summary>Internet Protocol, version 6.</summary>
    Ipv6 = 0x86DD,
}

/// <summary>An Ethernet II frame without its frame check sequence, as captures and TAP devices have it (RFC 894).</summary>
public readonly ref struct EthernetView
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 14;

    private readonly ReadOnlySpan<byte> _frame;

    private EthernetView(ReadOnlySpan<byte> frame) => _frame = frame;

    /// <summary>Where the frame goes.</summary>
    public MacAddress Destination => MacAddress.Read(_frame);

    /// <summary>Who sent it.</summary>
    public MacAddress Source => MacAddress.Read(_frame[6..]);

    /// <summary>What it carries.</summary>
    public EtherType Type => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(_frame[12..]);

    /// <summary>Everything after the header, padding included.</summary>
    public ReadOnlySpan<byte> Payload => _frame[HeaderLength..];

    /// <summary>Reads a frame; the only flaw is <see cref="PacketFlaw.TooShort"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out EthernetView view, out PacketFlaw why)
    {
        var whole = frame.Length >= HeaderLength;
        view = whole ? new EthernetView(frame) : default;
        why = whole ? PacketFlaw.None : PacketFlaw.TooShort;
        return whole;
    }
}

/// <summary>Writes Ethernet headers.</summary>
public static class EthernetWriter
{
    /// <summary>Writes the header into the first 14 bytes.</summary>
    public static void Seal(Span<byte> frame, MacAddress destination, MacAddress source, EtherType type)
    {
        destination.Write(frame);
        source.Write(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], (ushort)type);
    }
}
