using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>The percent-encode sets (WHATWG URL section 1.3), each as the set of what is <i>not</i> encoded, and encoding itself.</summary>
/// <remarks>Everything beyond U+007E is in every set, so the complement is a set of ASCII characters, which a vector scan passes over.</remarks>
internal static class PercentEncoding
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // U+0020 SPACE to U+007E (~): all that the C0 control percent-encode set leaves alone.
    private const string Printable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    public static readonly SearchValues<char> C0Control = SearchValues.Create(Printable);
    public static readonly SearchValues<char> Fragment = Without(Printable, " \"<>`");
    public static readonly SearchValues<char> Query = Without(Printable, " \"#<>");
    public static readonly SearchValues<char> SpecialQuery = Without(Printable, " \"#<>'");
    public static readonly SearchValues<char> Path = Without(Printable, " \"#<>?^`{}");
    public static readonly SearchValues<char> Userinfo = Without(Printable, " \"#<>?^`{}/:;=@[\\]|");
    public static readonly SearchValues<char> Form = SearchValues.Create(Alphanumeric + "*-._");

    /// <summary>Appends text, each character outside <paramref name="plain"/> as the percent-encoded bytes of its UTF-8; a lone surrogate counts as U+FFFD.</summary>
    public static void Append(scoped ReadOnlySpan<char> text, SearchValues<char> plain, ref SpanBuilder<char> output)
    {
        while (true)
        {
            var run = text.IndexOfAnyExcept(plain);
            if (run < 0) { output.Append(text); return; }
            output.Append(text[..run]);
            text = text[run..];
            var encoded = 0;
            do
            {
                var c = text[encoded];
                if (c < 0x80) { AppendByte((byte)c, output.AppendRoom(3)); encoded++; }
                else if (c < 0x800)
                {
                    var room = output.AppendRoom(6);
                    AppendByte((byte)(c & 0x3F | 0x80), room[3..]);
                    AppendByte((byte)(c >> 6 | 0xC0), room);
                    encoded++;
                }
                else if (!char.IsSurrogate(c))
                {
                    var room = output.AppendRoom(9);
                    AppendByte((byte)(c & 0x3F | 0x80), room[6..]);
                    AppendByte((byte)(c >> 6 & 0x3F | 0x80), room[3..]);
                    AppendByte((byte)(c >> 12 | 0xE0), room);
                    encoded++;
                }
                else
                {
                    Rune.DecodeFromUtf16(text[encoded..], out var rune, out var used);
                    AppendRune(rune, ref output);
                    encoded += used;
                }
            }
            while (encoded < text.Length && (text[encoded] >= 0x80 || !plain.Contains(text[encoded])));
            text = text[encoded..];
            if (text.IsEmpty) { return; }
        }
    }

    /// <summary>Reads text as bytes: "%41" is one byte, every other character the bytes of its UTF-8 (WHATWG URL, "percent-decode").</summary>
    public static void Decode(scoped ReadOnlySpan<char> text, ref SpanBuilder<byte> output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '%' && IsPercentEncoded(text[i..]))
            {
                output.Append((byte)(HexValue(text[i + 1]) << 4 | HexValue(text[i + 2])));
                i += 3;
                continue;
            }
            if (text[i] < 0x80) { output.Append((byte)text[i++]); continue; }
            Rune.DecodeFromUtf16(text[i..], out var rune, out var used);
            output.Append(utf8[..rune.EncodeToUtf8(utf8)]);
            i += used;
        }
    }

    /// <summary>True when the text begins with '%' and two hexadecimal digits.</summary>
    public static bool IsPercentEncoded(ReadOnlySpan<char> text) =>
        text.Length >= 3 && text[0] == '%' && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);

    private static void AppendRune(Rune rune, ref SpanBuilder<char> output)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var length = rune.EncodeToUtf8(utf8);
        var room = output.AppendRoom(length * 3);
        for (var i = 0; i < length; i++) { AppendByte(utf8[i], room.Slice(3 * i, 3)); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AppendByte(byte value, Span<char> room)
    {
        var digits = "0123456789ABCDEF"u8;
        room[2] = (char)digits[value & 15];
        room[1] = (char)digits[value >> 4];
        room[0] = '%';
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static SearchValues<char> Without(string characters, string encoded) =>
        SearchValues.Create(new string([.. characters.Where(c => !encoded.Contains(c))]));
}
