using System.Buffers.Binary;
using Firstbyte.Addressing;

namespace Firstbyte.Packets;

/// <summary>What an ARP packet does.</summary>
public enum ArpOperation : ushort
{
    /// <summary>Who has this address?</summary>
    Request = 1,

    /// <summary>I have it.</summary>
    Reply = 2,
}

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826).</summary>
public readonly ref struct ArpView
{
    /// <summary>Bytes of the packet.</summary>
    public const int Length = 28;

    private readonly ReadOnlySpan<byte> _packet;

    private ArpView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>Request, reply, or something else.</summary>
    public ArpOperation Operation => (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]);

    /// <summary>ar$sha, the hardware address of the sender.</summary>
    public MacAddress SenderHardware => MacAddress.Read(_packet[8..]);

    /// <summary>ar$spa, the protocol address of the sender; 0.0.0.0 in a probe (RFC 5227).</summary>
    public IpAddress Sender => IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_packet[14..]));

    /// <summary>ar$tha, the hardware address of the target; nothing in a request.</summary>
    public MacAddress TargetHardware => MacAddress.Read(_packet[18..]);

    /// <summary>ar$tpa, the protocol address of the target.</summary>
    public IpAddress Target => IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_packet[24..]));

    /// <summary>Reads a packet; other hardware and protocols than Ethernet and IPv4 are <see cref="PacketFlaw.UnknownKind"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out ArpView view, out PacketFlaw why)
    {
        view = default;
        if (packet.Length < Length) { why = PacketFlaw.TooShort; return false; }
        var spoken = BinaryPrimitives.ReadUInt16BigEndian(packet) == 1 && BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) == (ushort)EtherType.Ipv4
            && packet[4] == MacAddress.Length && packet[5] == 4;
        if (!spoken) { why = PacketFlaw.UnknownKind; return false; }
        view = new ArpView(packet[..Length]);
        why = PacketFlaw.None;
        return true;
    }
}

/// <summary>Writes ARP packets.</summary>
public static class ArpWriter
{
    /// <summary>Writes all 28 bytes.</summary>
    public static void Seal(Span<byte> packet, ArpOperation operation, MacAddress senderHardware, IpAddress sender, MacAddress targetHardware, IpAddress target)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet, 1);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)EtherType.Ipv4);
        packet[4] = MacAddress.Length;
        packet[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], (ushort)operation);
        senderHardware.Write(packet[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[14..], (uint)sender.Bits);
        targetHardware.Write(packet[18..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], (uint)target.Bits);
    }
}
