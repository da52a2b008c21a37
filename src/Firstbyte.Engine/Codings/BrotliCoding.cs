using System.Buffers;
using System.IO.Compression;

namespace Firstbyte.Codings;

/// <summary>br: Brotli (RFC 7932).</summary>
internal static class BrotliCoding
{
    public static ContentCoding Row { get; } = new("br")
    {
        Decode = static () => new Decoder(),
        Encode = static coded => new BrotliStream(coded, CompressionLevel.Optimal, leaveOpen: true),
    };

    private sealed class Decoder : IContentDecoder
    {
        private BrotliDecoder _decoder;
        private bool _isDone;

        public bool TryDecode(ReadOnlyMemory<byte> coded, Span<byte> decoded, out int consumed, out int written)
        {
            (consumed, written) = (0, 0);
            // One stream and no more (RFC 7932 9.1).
            if (_isDone) { return coded.Length == 0; }
            var status = _decoder.Decompress(coded.Span, decoded, out consumed, out written);
            _isDone = status == OperationStatus.Done;
            return status != OperationStatus.InvalidData;
        }

        public bool IsWhole() => _isDone;

        public void Dispose() => _decoder.Dispose();
    }
}
