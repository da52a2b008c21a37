using System.Buffers.Binary;
using Firstbyte.Hashing;

namespace Firstbyte.Packets;

/// <summary>A UDP datagram (RFC 768).</summary>
public readonly ref struct UdpView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _datagram;

    private UdpView(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_datagram);

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_datagram[2..]);

    /// <summary>Header and payload in bytes.</summary>
    public int Length => _datagram.Length;

    /// <summary>The checksum as it came; 0 means that the sender made none, which only IPv4 allows (RFC 8200 section 8.1).</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_datagram[6..]);

    /// <summary>What was sent.</summary>
    public ReadOnlySpan<byte> Payload => _datagram[HeaderLength..];

    /// <summary>Whether the checksum matches; <paramref name="pseudoHeaderSum"/> is that of <see cref="Length"/> bytes.</summary>
    public bool IsChecksumValid(ulong pseudoHeaderSum) => InternetChecksum.IsValid(pseudoHeaderSum + InternetChecksum.Sum(_datagram));

    /// <summary>Reads a datagram; bytes behind its length are cut off.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out UdpView view, out PacketFlaw why)
    {
        view = default;
        if (bytes.Length < HeaderLength) { why = PacketFlaw.TooShort; return false; }
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length < HeaderLength) { why = PacketFlaw.LengthTooSmall; return false; }
        if (length > bytes.Length) { why = PacketFlaw.PayloadTruncated; return false; }
        view = new UdpView(bytes[..length]);
        why = PacketFlaw.None;
        return true;
    }
}

/// <summary>Writes UDP headers.</summary>
public static class UdpWriter
{
    /// <summary>Writes the header of a datagram whose payload already stands behind its 8 bytes, with length and checksum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Shorter than a header or longer than 65,535 bytes.</exception>
    public static void Seal(Span<byte> datagram, ushort sourcePort, ushort destinationPort, UInt128 source, UInt128 destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(datagram.Length, UdpView.HeaderLength, nameof(datagram));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, ushort.MaxValue, nameof(datagram));
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], 0);
        var sum = InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.Udp, datagram.Length) + InternetChecksum.Sum(datagram);
        var checksum = InternetChecksum.Finish(sum);
        // A computed zero is sent as all ones: zero says "no checksum" (RFC 768).
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum == 0 ? (ushort)0xFFFF : checksum);
    }
}
