using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Firstbyte.Sockets.Os;

/// <summary>Reads struct tcp_info (linux/tcp.h), of which older kernels know only the beginning.</summary>
internal static class LinuxTransportFigures
{
    private const int LevelTcp = 6, OptionInfo = 11; // IPPROTO_TCP, TCP_INFO

    // sizeof(struct tcp_info) of Linux 6.1; a newer kernel gives no more than it is asked for.
    private const int Size = 232;

    // Offsets of the members, as the kernel's header lays them out.
    private const int AppLimited = 7, SegmentSize = 16, Rtt = 68, RttVariation = 72, Window = 80, TotalRetransmits = 100, SegmentsOut = 136, SegmentsIn = 140,
        LeastRtt = 148, DeliveryRate = 160;

    // Up to here every kernel since 2.6.
    private const int LeastLength = TotalRetransmits + sizeof(uint);

    private const long Microsecond = 1_000;

    /// <summary>The figures of a connection; null where the kernel gives none.</summary>
    public static TransportFigures? Read(int descriptor)
    {
        Span<int> room = stackalloc int[Size / sizeof(int)];
        var length = (uint)Size;
        return Libc.GetOption(descriptor, LevelTcp, OptionInfo, ref room[0], ref length) == 0
            ? Of(MemoryMarshal.AsBytes(room)[..(int)Math.Min(length, Size)], BitConverter.IsLittleEndian)
            : null;
    }

    /// <summary>What the structure says, as far as it goes.</summary>
    internal static TransportFigures? Of(ReadOnlySpan<byte> info, bool isLittleEndian)
    {
        if (info.Length < LeastLength) { return null; }
        return new TransportFigures(
            Number(info, Rtt) * Microsecond, Number(info, RttVariation) * Microsecond,
            // Before anything was measured the kernel holds the largest number there.
            Number(info, LeastRtt) is var least && least < uint.MaxValue ? least * Microsecond : 0,
            Number(info, TotalRetransmits), Number(info, SegmentsOut), Number(info, SegmentsIn), Number(info, Window), Number(info, SegmentSize),
            (long)Math.Min(Long(info, DeliveryRate), long.MaxValue), (info[AppLimited] & (isLittleEndian ? 1 : 0x80)) != 0);

        long Number(ReadOnlySpan<byte> bytes, int at) => bytes.Length < at + sizeof(uint) ? 0
            : isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

        ulong Long(ReadOnlySpan<byte> bytes, int at) => bytes.Length < at + sizeof(ulong) ? 0
            : isLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]);
    }
}
