using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Firstbyte.Hashing;

/// <summary>The secret of a <see cref="SipHash24"/>: 128 bits.</summary>
public readonly record struct SipKey(ulong Low, ulong High)
{
    /// <summary>Reads 16 bytes, least significant first.</summary>
    /// <exception cref="ArgumentException">Fewer than 16 bytes.</exception>
    public static SipKey FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16) { throw new ArgumentException("a SipHash key has 16 bytes", nameof(bytes)); }
        return new SipKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }
}

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed 64-bit hash that an outsider cannot predict. For sequence numbers, cookies, ports
/// and hash tables over remote input.
/// </summary>
public static class SipHash24
{
    /// <summary>The hash of the bytes under the key.</summary>
    public static ulong Hash(SipKey key, ReadOnlySpan<byte> data)
    {
        var v0 = key.Low ^ 0x736f6d6570736575UL;
        var v1 = key.High ^ 0x646f72616e646f6dUL;
        var v2 = key.Low ^ 0x6c7967656e657261UL;
        var v3 = key.High ^ 0x7465646279746573UL;
        var last = (ulong)data.Length << 56;
        while (data.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
            data = data[8..];
        }
        for (var i = 0; i < data.Length; i++) { last |= (ulong)data[i] << (8 * i); }
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xff;
        for (var i = 0; i < 4; i++) { Round(ref v0, ref v1, ref v2, ref v3); }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
