using System.Buffers.Binary;

namespace Firstbyte.Dns.Wire;

/// <summary>The EDNS option that makes a message longer (RFC 7830 section 3).</summary>
internal static class ZeroPadding
{
    /// <summary>The code and the length of an option, in bytes.</summary>
    public const int HeadLength = 4;

    /// <summary>Writes the option with so many zeros and returns its bytes.</summary>
    public static int Write(Span<byte> destination, int zeros)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, EdnsOptionCode.Padding.Value);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)zeros);
        destination.Slice(HeadLength, zeros).Clear();
        return HeadLength + zeros;
    }
}
