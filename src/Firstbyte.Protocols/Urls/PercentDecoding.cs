using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>Percent-decoding, for whoever needs the bytes that a part of a URL stands for (WHATWG URL 1.3).</summary>
public static class PercentDecoding
{
    /// <summary>The bytes: "%41" is one byte, every other character its UTF-8; a '%' without two hexadecimal digits stays.</summary>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        var output = new SpanBuilder<byte>(stackalloc byte[128]);
        PercentEncoding.Decode(text, ref output);
        var bytes = output.Written.ToArray();
        output.Dispose();
        return bytes;
    }
}
