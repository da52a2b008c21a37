using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Firstbyte.Addressing;

/// <summary>Reading and writing in place, as generic code of the base library wants it.</summary>
public readonly partial struct IpAddress : ISpanParsable<IpAddress>, IUtf8SpanParsable<IpAddress>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>Characters of the longest text without a zone: six groups and a dotted tail.</summary>
    private const int LongestText = 45;

    /// <inheritdoc/>
    public static IpAddress Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static IpAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => TryParse(s, out var address) ? address : Parse(s.ToString());

    /// <inheritdoc/>
    public static IpAddress Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, provider, out var address) ? address : Parse(Encoding.UTF8.GetString(utf8Text));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out IpAddress result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out IpAddress result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out IpAddress result)
    {
        result = default;
        const int longestWithZone = 256;
        if (utf8Text.Length > longestWithZone) { return false; }
        Span<char> text = stackalloc char[longestWithZone];
        return Encoding.UTF8.TryGetChars(utf8Text, text, out var length) && TryParse(text[..length], out result);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<char> text = stackalloc char[LongestText];
        charsWritten = Version switch
        {
            IpVersion.V4 => FormatV4((uint)_low, text),
            IpVersion.V6 => FormatV6(Bits, text),
            _ => 0,
        };
        var whole = charsWritten + (_zone is null ? 0 : _zone.Length + 1);
        if (destination.Length < whole)
        {
            charsWritten = 0;
            return false;
        }
        text[..charsWritten].CopyTo(destination);
        if (_zone is not null)
        {
            destination[charsWritten] = '%';
            _zone.CopyTo(destination[(charsWritten + 1)..]);
        }
        charsWritten = whole;
        return true;
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        Span<char> text = stackalloc char[LongestText];
        if (_zone is null && TryFormat(text, out var length, default, null))
        {
            return Encoding.UTF8.TryGetBytes(text[..length], utf8Destination, out bytesWritten);
        }
        return Encoding.UTF8.TryGetBytes(ToString(), utf8Destination, out bytesWritten);
    }
}
