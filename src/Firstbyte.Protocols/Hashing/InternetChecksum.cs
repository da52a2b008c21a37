using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Firstbyte.Hashing;

/// <summary>The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words.</summary>
/// <remarks>
/// Theory of operation. One's complement addition does not care about word size or byte order (RFC 1071 section 2): a sum of 32-bit
/// or 64-bit words in the machine's own order, folded to 16 bits and swapped at the end, is the sum of the 16-bit words in network
/// order. Short packets are summed in 64-bit words; long ones in vectors whose 64-bit lanes collect 32-bit words, so that no carry is
/// lost before the end. Partial sums are numbers in network order that may simply be added; <see cref="Finish"/> folds and complements.
/// Every part but the last must have an even length.
/// </remarks>
public static class InternetChecksum
{
    // Below this many bytes the set-up of the vector loop costs more than it saves.
    private const int VectorThreshold = 128;

    /// <summary>The checksum of the data, as it is written into a header whose checksum field was zero.</summary>
    public static ushort Compute(ReadOnlySpan<byte> data) => Finish(Sum(data));

    /// <summary>Whether data that contains its own checksum adds up.</summary>
    public static bool IsValid(ReadOnlySpan<byte> data) => Fold(Sum(data)) == 0xFFFF;

    /// <summary>Whether a partial sum over data and its checksum (and pseudo-header) adds up.</summary>
    public static bool IsValid(ulong sum) => Fold(sum) == 0xFFFF;

    /// <summary>Folds a partial sum and complements it.</summary>
    public static ushort Finish(ulong sum) => (ushort)~Fold(sum);

    /// <summary>The partial sum of the data, in network order (at most 0xFFFF). An odd last byte counts as the high half of a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sum(ReadOnlySpan<byte> data) =>
        data.Length < VectorThreshold ? SumWords(data, 0) : SumVectors(data);

    /// <summary>The partial sum of the pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1) of a transport packet.</summary>
    public static ulong PseudoHeader(UInt128 source, UInt128 destination, byte protocol, int length) =>
        SumBits(source) + SumBits(destination) + protocol + (uint)length;

    /// <summary>The checksum after one 16-bit word of the data has changed (RFC 1624 section 3, equation 3).</summary>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~before + after);

    /// <summary>The checksum after one aligned 32-bit word of the data has changed.</summary>
    public static ushort Update(ushort checksum, uint before, uint after) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (~before >> 16) + (~before & 0xFFFF) + (after >> 16) + (after & 0xFFFF));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fold(ulong sum)
    {
        sum = (sum & 0xFFFFFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + ((sum >> 16) & 0xFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (uint)sum;
    }

    private static ulong SumBits(UInt128 bits)
    {
        var low = (ulong)bits;
        var high = (ulong)(bits >> 64);
        return (low & 0xFFFFFFFF) + (low >> 32) + (high & 0xFFFFFFFF) + (high >> 32);
    }

    // `sum` is a sum of words in the machine's own order, with room for the carries of the rest.
    private static ulong SumWords(ReadOnlySpan<byte> data, ulong sum)
    {
        ref var start = ref MemoryMarshal.GetReference(data);
        nuint at = 0;
        nuint length = (nuint)data.Length;
        while (length - at >= 8)
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
            sum += (word & 0xFFFFFFFF) + (word >> 32);
            at += 8;
        }
        if (length - at >= 4) { sum += Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at)); at += 4; }
        if (length - at >= 2) { sum += Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, at)); at += 2; }
        if (length > at)
        {
            var last = Unsafe.Add(ref start, at);
            sum += BitConverter.IsLittleEndian ? last : (uint)last << 8;
        }
        var folded = (ushort)Fold(sum);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded;
    }

    private static ulong SumVectors(ReadOnlySpan<byte> data)
    {
        ref var start = ref MemoryMarshal.GetReference(data);
        nuint at = 0;
        nuint length = (nuint)data.Length;
        ulong sum;
        if (Vector256.IsHardwareAccelerated)
        {
            var low = Vector256.Create(0xFFFFFFFFUL);
            Vector256<ulong> even = default, odd = default, evenToo = default, oddToo = default;
            for (; length - at >= 64; at += 64)
            {
                var first = Vector256.LoadUnsafe(ref start, at).AsUInt64();
                var second = Vector256.LoadUnsafe(ref start, at + 32).AsUInt64();
                even += first & low;
                odd += first >>> 32;
                evenToo += second & low;
                oddToo += second >>> 32;
            }
            sum = Vector256.Sum(even + evenToo) + Vector256.Sum(odd + oddToo);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            var low = Vector128.Create(0xFFFFFFFFUL);
            Vector128<ulong> even = default, odd = default;
            for (; length - at >= 16; at += 16)
            {
                var first = Vector128.LoadUnsafe(ref start, at).AsUInt64();
                even += first & low;
                odd += first >>> 32;
            }
            sum = Vector128.Sum(even) + Vector128.Sum(odd);
        }
        else { return SumWords(data, 0); }
        return SumWords(data[(int)at..], sum);
    }
}
