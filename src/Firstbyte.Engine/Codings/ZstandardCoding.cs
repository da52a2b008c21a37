using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Firstbyte.Codings;

/// <summary>zstd (RFC 8878), with the window that the web allows (RFC 9659).</summary>
internal static class ZstandardCoding
{
    public static ContentCoding Row { get; } = new("zstd")
    {
        Decode = static () => new Decoder(),
        Encode = static coded => new CompressionStream(coded, leaveOpen: true),
    };

    private sealed class Decoder : IContentDecoder
    {
        private readonly Decompressor _decompressor = new();
        private bool _isBetweenFrames;

        public Decoder() => _decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, CodingLimits.ZstandardWindowLog);

        public bool TryDecode(ReadOnlyMemory<byte> coded, Span<byte> decoded, out int consumed, out int written)
        {
            (consumed, written) = (0, 0);
            if (coded.Length == 0 && _isBetweenFrames) { return true; }
            try
            {
                // Done at a frame's end; another may follow (RFC 8878 3).
                var status = _decompressor.UnwrapStream(coded.Span, decoded, out consumed, out written);
                _isBetweenFrames = status == OperationStatus.Done;
                return status != OperationStatus.InvalidData;
            }
            catch (ZstdException) { return false; }
        }

        public bool IsWhole() => _isBetweenFrames;

        public void Dispose() => _decompressor.Dispose();
    }
}
