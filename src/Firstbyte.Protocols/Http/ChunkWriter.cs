namespace Firstbyte.Http;

/// <summary>Puts the chunked coding on a body (RFC 9112 7.1): a size line, the data, CRLF; at the end the last chunk.</summary>
public static class ChunkWriter
{
    /// <summary>The longest size line: 16 hexadecimal digits and CRLF.</summary>
    public const int MaximumSizeLine = 18;

    /// <summary>What follows the data of every chunk.</summary>
    public static ReadOnlySpan<byte> DataEnd => "\r\n"u8;

    /// <summary>The last chunk with an empty trailer section.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>
    /// Writes the size line of a chunk that is not the last one and returns its length; the destination holds
    /// <see cref="MaximumSizeLine"/> bytes.
    /// </summary>
    public static int WriteSize(int dataLength, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dataLength);
        if (!dataLength.TryFormat(destination, out var written, "x") || !DataEnd.TryCopyTo(destination[written..]))
        {
            throw new ArgumentException($"a size line takes up to {MaximumSizeLine} bytes", nameof(destination));
        }
        return written + 2;
    }
}
