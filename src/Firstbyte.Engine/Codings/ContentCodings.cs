using System.Globalization;

namespace Firstbyte.Codings;

/// <summary>The content codings that are spoken here (RFC 9110 8.4.1). One is added by a row and a file of its own.</summary>
internal static class ContentCodings
{
    // In curl's order, which says nothing of preference: servers choose.
    private static readonly ContentCoding[] s_rows = [DeflateCoding.Row, GzipCoding.Row, BrotliCoding.Row, ZstandardCoding.Row];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ContentCoding> All => s_rows;

    /// <summary>The value of Accept-Encoding that asks for all of them (RFC 9110 12.5.3).</summary>
    public static string Accepted { get; } = string.Join(", ", s_rows.Select(static row => row.Name));

    /// <summary>
    /// The coding that a server puts on for a client that accepts these (RFC 9110 12.5.3): the one with the greatest weight, of equals the
    /// first; null for none.
    /// </summary>
    public static ContentCoding? Choose(string? accepted)
    {
        var (best, weight) = ((ContentCoding?)null, 0.0);
        foreach (var member in (accepted ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = member.Split(';', StringSplitOptions.TrimEntries);
            var quality = parts.Length > 1 && parts[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                ? double.TryParse(parts[1].AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : 0
                : 1;
            if (quality > weight && Find(parts[0]) is { } row) { (best, weight) = (row, quality); }
        }
        return best;
    }

    /// <summary>The coding of this name, in any case; null where it is not spoken here.</summary>
    public static ContentCoding? Find(ReadOnlySpan<char> name)
    {
        foreach (var row in s_rows)
        {
            if (name.Equals(row.Name, StringComparison.OrdinalIgnoreCase) || (row.OldName is { } old && name.Equals(old, StringComparison.OrdinalIgnoreCase)))
            {
                return row;
            }
        }
        return null;
    }
}

/// <summary>One content coding.</summary>
/// <param name="Name">IANA's name for it.</param>
/// <param name="OldName">A name that a recipient takes for the same (RFC 9110 8.4.1.3); null where there is none.</param>
internal sealed record ContentCoding(string Name, string? OldName = null)
{
    /// <summary>Takes the coding off, piece by piece.</summary>
    public required Func<IContentDecoder> Decode { get; init; }

    /// <summary>Puts the coding on, all at once.</summary>
    public required Func<Stream, Stream> Encode { get; init; }

    /// <summary>The content with the coding put on.</summary>
    public byte[] Encoded(ReadOnlySpan<byte> content)
    {
        using var coded = new MemoryStream();
        using (var encoder = Encode(coded)) { encoder.Write(content); }
        return coded.ToArray();
    }
}

/// <summary>Takes one coding off a body whose bytes come in pieces.</summary>
internal interface IContentDecoder : IDisposable
{
    /// <summary>Decodes what can be decoded. It is called until all bytes are consumed, and again while it fills the destination.</summary>
    /// <param name="coded">Bytes with the coding; none where only what is left inside is wanted.</param>
    /// <param name="decoded">Where those without it go.</param>
    /// <param name="consumed">Bytes that are done with.</param>
    /// <param name="written">Bytes that were decoded.</param>
    /// <returns>False where the bytes are none of this coding.</returns>
    bool TryDecode(ReadOnlyMemory<byte> coded, Span<byte> decoded, out int consumed, out int written);

    /// <summary>No more bytes will come: whether what came was whole. Asked once, and only where something came.</summary>
    bool IsWhole();
}

/// <summary>How much may come out of a coding before it is taken for an attack (a decompression bomb).</summary>
public static class CodingLimits
{
    /// <summary>
    /// Decoded bytes for each coded one: what Apache's mod_deflate lets in (DeflateInflateRatioLimit, 200). Pages are packed 3 to 20 times, and logs 50.
    /// </summary>
    public const int Ratio = 200;

    /// <summary>
    /// Decoded bytes that harm nobody whatever their ratio, so that a blank page of a megabyte is no attack; zlib's own tests unpack that
    /// much.
    /// </summary>
    public const long HarmlessBytes = 10 * 1024 * 1024;

    /// <summary>Codings one over the other (curl: MAX_ENCODE_STACK, 5).</summary>
    public const int Layers = 5;

    /// <summary>The base-2 logarithm of the longest window of zstd: 8 MB (RFC 9659 3).</summary>
    public const int ZstandardWindowLog = 23;
}

/// <summary>Why content cannot be decoded.</summary>
public enum CodingFault : byte
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>A coding that nobody here speaks.</summary>
    Unknown,

    /// <summary>More codings than <see cref="CodingLimits.Layers"/>.</summary>
    TooManyLayers,

    /// <summary>The bytes are none of that coding.</summary>
    Malformed,

    /// <summary>The body is complete, and the coding's data do not end where it does.</summary>
    EndsAmiss,

    /// <summary>More came out than <see cref="CodingLimits"/> allow.</summary>
    Bomb,
}
