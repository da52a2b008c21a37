using System.IO.Compression;

namespace Firstbyte.Codings;

/// <summary>gzip (RFC 1952): deflate's data between a header and a checksum, member after member.</summary>
internal static class GzipCoding
{
    private static readonly Lazy<byte[]> s_probe = new(static () => Row!.Encoded(InflateDecoder.Marker));

    public static ContentCoding Row { get; } = new("gzip", "x-gzip")
    {
        Decode = static () => new InflateDecoder(static source => new GZipStream(source, CompressionMode.Decompress), s_probe.Value),
        Encode = static coded => new GZipStream(coded, CompressionLevel.Optimal, leaveOpen: true),
    };
}
