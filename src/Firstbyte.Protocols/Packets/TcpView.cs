using System.Buffers.Binary;
using Firstbyte.Hashing;

namespace Firstbyte.Packets;

/// <summary>A TCP segment as bytes (RFC 9293 section 3.1). Its meaning is <c>Firstbyte.Tcp.TcpSegment</c>.</summary>
public readonly ref struct TcpView
{
    /// <summary>Bytes of a header without options.</summary>
    public const int MinHeaderLength = 20;

    /// <summary>Bytes of the longest header.</summary>
    public const int MaxHeaderLength = 60;

    private readonly ReadOnlySpan<byte> _segment;

    private TcpView(ReadOnlySpan<byte> segment) => _segment = segment;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_segment);

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_segment[2..]);

    /// <summary>SEG.SEQ</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_segment[4..]);

    /// <summary>SEG.ACK</summary>
    public uint Acknowledgment => BinaryPrimitives.ReadUInt32BigEndian(_segment[8..]);

    /// <summary>Data offset, in bytes.</summary>
    public int HeaderLength => (_segment[12] >> 4) * 4;

    /// <summary>The eight control bits from CWR down to FIN.</summary>
    public byte Flags => _segment[13];

    /// <summary>SEG.WND, unscaled.</summary>
    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_segment[14..]);

    /// <summary>The checksum as it came.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_segment[16..]);

    /// <summary>SEG.UP</summary>
    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(_segment[18..]);

    /// <summary>The bytes of the options, for an <see cref="OptionReader"/>.</summary>
    public ReadOnlySpan<byte> Options => _segment[MinHeaderLength..HeaderLength];

    /// <summary>What is carried.</summary>
    public ReadOnlySpan<byte> Payload => _segment[HeaderLength..];

    /// <summary>Header and payload in bytes.</summary>
    public int Length => _segment.Length;

    /// <summary>Whether the checksum matches; <paramref name="pseudoHeaderSum"/> is that of <see cref="Length"/> bytes.</summary>
    public bool IsChecksumValid(ulong pseudoHeaderSum) => InternetChecksum.IsValid(pseudoHeaderSum + InternetChecksum.Sum(_segment));

    /// <summary>Reads a segment: the whole payload of an IP packet.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out TcpView view, out PacketFlaw why)
    {
        view = default;
        if (bytes.Length < MinHeaderLength) { why = PacketFlaw.TooShort; return false; }
        var headerLength = (bytes[12] >> 4) * 4;
        if (headerLength < MinHeaderLength) { why = PacketFlaw.HeaderLengthTooSmall; return false; }
        if (headerLength > bytes.Length) { why = PacketFlaw.HeaderTruncated; return false; }
        view = new TcpView(bytes);
        why = PacketFlaw.None;
        return true;
    }
}

/// <summary>Writes TCP headers.</summary>
public static class TcpWriter
{
    /// <summary>Writes the fixed header of a segment whose options and payload already stand behind its 20 bytes, with data offset and checksum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options longer than 40 bytes or no multiple of 4, or a segment shorter than its header.</exception>
    public static void Seal(Span<byte> segment, int optionsLength, in TcpHeader header, UInt128 source, UInt128 destination)
    {
        if (optionsLength is < 0 or > TcpView.MaxHeaderLength - TcpView.MinHeaderLength || (optionsLength & 3) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(optionsLength));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(segment.Length, TcpView.MinHeaderLength + optionsLength, nameof(segment));
        BinaryPrimitives.WriteUInt16BigEndian(segment, header.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], header.DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], header.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment[8..], header.Acknowledgment);
        segment[12] = (byte)((TcpView.MinHeaderLength + optionsLength) << 2);
        segment[13] = header.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], header.Window);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(segment[18..], header.UrgentPointer);
        var sum = InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.Tcp, segment.Length) + InternetChecksum.Sum(segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], InternetChecksum.Finish(sum));
    }
}

/// <summary>The fields of a fixed TCP header that a sender states.</summary>
public readonly record struct TcpHeader(
    ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgment, byte Flags, ushort Window, ushort UrgentPointer);
