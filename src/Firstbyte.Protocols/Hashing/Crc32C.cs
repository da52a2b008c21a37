using System.Buffers.Binary;
using System.Numerics;

namespace Firstbyte.Hashing;

/// <summary>
/// CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected; RFC 9260 appendix A, RFC 3720 appendix B.4), by the processor's instruction where
/// it has one.
/// </summary>
public static class Crc32C
{
    /// <summary>The CRC of the data.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The CRC of what had the CRC <paramref name="crc"/>, followed by the data.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        for (; data.Length >= 8; data = data[8..]) { crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data)); }
        foreach (var octet in data) { crc = BitOperations.Crc32C(crc, octet); }
        return ~crc;
    }
}
