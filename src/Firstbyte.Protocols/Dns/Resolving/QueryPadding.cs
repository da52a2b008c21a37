using System.Buffers.Binary;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Resolving;

/// <summary>How much a query is padded that nobody on the way can read, so that its length does not tell the name (RFC 7830, RFC 8467).</summary>
internal static class QueryPadding
{
    /// <summary>RFC 8467 section 4.1: queries are as long as a multiple of it.</summary>
    public const int Block = 128;

    /// <summary>The most that the option takes, its head included.</summary>
    public const int MaxLength = OptionHead + Block - 1;

    /// <summary>The code and the length of an option.</summary>
    private const int OptionHead = 4;

    /// <summary>Writes the option for a message that has <paramref name="length"/> bytes without it, and returns the option's bytes.</summary>
    public static int Write(Span<byte> destination, int length)
    {
        var whole = length + OptionHead;
        var zeros = (Block - whole % Block) % Block;
        BinaryPrimitives.WriteUInt16BigEndian(destination, EdnsOptionCode.Padding.Value);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)zeros);
        destination.Slice(OptionHead, zeros).Clear();
        return OptionHead + zeros;
    }
}
