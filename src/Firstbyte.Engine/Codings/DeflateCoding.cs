using System.IO.Compression;

namespace Firstbyte.Codings;

/// <summary>deflate (RFC 9110 8.4.1.2): deflate's data in zlib's format, and without it from servers that took the name at its word.</summary>
internal static class DeflateCoding
{
    public static ContentCoding Row { get; } = new("deflate")
    {
        Decode = static () => new Decoder(),
        Encode = static coded => new ZLibStream(coded, CompressionLevel.Optimal, leaveOpen: true),
    };

    // CMF and FLG (RFC 1950 2.2): the method is deflate, the window at most 32 KB, and both bytes together are a multiple of 31. Deflate's own data begin so
    // only with a first block that no encoder writes: not the last, of fixed codes, and with a length in it before anything that could be repeated.
    private static bool IsZlib(byte first, byte second) => (first & 0x0F) == 8 && first >> 4 <= 7 && (first * 256 + second) % 31 == 0;

    /// <summary>Waits for two bytes, which say which of both formats it is.</summary>
    private sealed class Decoder : IContentDecoder
    {
        private InflateDecoder? _inner;
        private byte? _first;

        public bool TryDecode(ReadOnlyMemory<byte> coded, Span<byte> decoded, out int consumed, out int written)
        {
            if (_inner is null && coded.Length > 0)
            {
                if (_first is not { } first)
                {
                    (_first, consumed, written) = (coded.Span[0], 1, 0);
                    return true;
                }
                _inner = IsZlib(first, coded.Span[0])
                    ? new InflateDecoder(static source => new ZLibStream(source, CompressionMode.Decompress))
                    : new InflateDecoder(static source => new DeflateStream(source, CompressionMode.Decompress));
                if (!_inner.TryDecode(new[] { first }, decoded, out _, out _))
                {
                    (consumed, written) = (0, 0);
                    return false;
                }
            }
            (consumed, written) = (0, 0);
            return _inner is null || _inner.TryDecode(coded, decoded, out consumed, out written);
        }

        public bool IsWhole() => _inner is not null && _inner.IsWhole();

        public void Dispose() => _inner?.Dispose();
    }
}
