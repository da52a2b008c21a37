using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>The percent-encode sets (WHATWG URL section 1.3), each as the set of what is <i>not</i> encoded, and encoding itself.</summary>
/// <remarks>Everything beyond U+007E is in every set, so the complement is a set of ASCII characters.</remarks>
internal static class PercentEncoding
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // U+0020 SPACE to U+007E (~): all that the C0 control percent-encode set leaves alone.
    private const string Printable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    public static readonly CharacterClass C0Control = new(Printable);
    public static readonly CharacterClass Fragment = new(Printable, " \"<>`");
    public static readonly CharacterClass Query = new(Printable, " \"#<>");
    public static readonly CharacterClass SpecialQuery = new(Printable, " \"#<>'");
    public static readonly CharacterClass Path = new(Printable, " \"#<>?^`{}");
    public static readonly CharacterClass Userinfo = new(Printable, " \"#<>?^`{}/:;=@[\\]|");
    public static readonly CharacterClass Form = new(Alphanumeric + "*-._");

    /// <summary>What a path holds between two slashes and stays as it is; in special URLs "\" is a slash too.</summary>
    public static readonly CharacterClass Segment = new(Printable, " \"#<>?^`{}/");
    public static readonly CharacterClass SpecialSegment = new(Printable, " \"#<>?^`{}/\\");

    /// <summary>
    /// Room for a block of characters, each encoded (three bytes for a unit of UTF-16, three characters each), and a copy that writes too
    /// much.
    /// </summary>
    public const int BlockRoom = CharacterClass.Block * (9 + 1);

    // "%41" and a character that is overwritten by what follows, in one number: one store an encoded byte.
    private static readonly ulong[] s_encoded = Encoded();

    /// <summary>
    /// Appends text, each character outside <paramref name="plain"/> as the percent-encoded bytes of its UTF-8; a lone surrogate counts as
    /// U+FFFD.
    /// </summary>
    public static void Append(scoped ReadOnlySpan<char> text, CharacterClass plain, ref SpanBuilder<char> output)
    {
        var at = text.IndexOfAnyExcept(plain.Values);
        output.Append(at < 0 ? text : text[..at]);
        if (at < 0) { return; }
        // Where the text is long, room for all of it at once: growing by steps would copy it several times.
        output.Free(text.Length - at + BlockRoom);
        while (at < text.Length)
        {
            var room = output.Free(BlockRoom);
            var outside = plain.Outside(text, at);
            output.Advance(at + 2 * CharacterClass.Block <= text.Length
                ? EncodeBlock(text, at, outside, room, out var done)
                : EncodeEnd(text, at, outside, room, out done));
            at += done;
        }
    }

    // The next sixteen characters of at least twice as many: runs are copied sixteen characters at a time, whatever their length, and
    // overwritten by what follows.
    private static int EncodeBlock(ReadOnlySpan<char> text, int at, uint outside, Span<char> room, out int done)
    {
        ref var source = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at);
        ref var start = ref MemoryMarshal.GetReference(room[..BlockRoom]);
        ref var target = ref start;
        done = 0;
        for (; outside != 0; outside &= outside - 1)
        {
            var stop = BitOperations.TrailingZeroCount(outside);
            // The second half of a surrogate pair has been encoded with the first.
            if (stop < done) { continue; }
            CopyBlock(ref Unsafe.Add(ref source, done), ref target);
            target = ref Unsafe.Add(ref target, stop - done);
            int c = Unsafe.Add(ref source, stop);
            done = stop + 1;
            if (c < 0x80)
            {
                WriteByte(c, ref target);
                target = ref Unsafe.Add(ref target, 3);
            }
            else if (c < 0x800)
            {
                WriteByte(c >> 6 | 0xC0, ref target);
                WriteByte(c & 0x3F | 0x80, ref Unsafe.Add(ref target, 3));
                target = ref Unsafe.Add(ref target, 6);
            }
            else
            {
                var written = (int)(Unsafe.ByteOffset(ref start, ref target) / sizeof(char));
                target = ref Unsafe.Add(ref target, EncodeRune(text[(at + stop)..], room[written..], out var used));
                done = stop + used;
            }
        }
        if (done < CharacterClass.Block)
        {
            CopyBlock(ref Unsafe.Add(ref source, done), ref target);
            target = ref Unsafe.Add(ref target, CharacterClass.Block - done);
            done = CharacterClass.Block;
        }
        return (int)(Unsafe.ByteOffset(ref start, ref target) / sizeof(char));
    }

    private static int EncodeEnd(ReadOnlySpan<char> text, int at, uint outside, Span<char> room, out int done)
    {
        var (length, count) = (0, Math.Min(CharacterClass.Block, text.Length - at));
        done = 0;
        for (; ; outside &= outside - 1)
        {
            var stop = outside == 0 ? count : BitOperations.TrailingZeroCount(outside);
            if (stop > done)
            {
                CharacterClass.CopyRun(text, at + done, stop - done, room, length);
                length += stop - done;
                done = stop;
            }
            if (outside == 0) { return length; }
            if (stop < done) { continue; }
            length += Encode(text[(at + stop)..], room[length..], out var used);
            done += used;
        }
    }

    /// <summary>Encodes the first character of a text, whatever it is; how long the encoding is. One character more may be overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Encode(scoped ReadOnlySpan<char> text, Span<char> room, out int used)
    {
        var c = text[0];
        used = 1;
        if (c < 0x80)
        {
            WriteByte(c, ref MemoryMarshal.GetReference(room[..4]));
            return 3;
        }
        if (c < 0x800)
        {
            WriteByte(c >> 6 | 0xC0, ref MemoryMarshal.GetReference(room[..7]));
            WriteByte(c & 0x3F | 0x80, ref room[3]);
            return 6;
        }
        return EncodeRune(text, room, out used);
    }

    private static int EncodeRune(scoped ReadOnlySpan<char> text, Span<char> room, out int used)
    {
        Rune.DecodeFromUtf16(text, out var rune, out used);
        Span<byte> utf8 = stackalloc byte[4];
        var length = rune.EncodeToUtf8(utf8);
        for (var i = 0; i < length; i++) { WriteByte(utf8[i], ref MemoryMarshal.GetReference(room.Slice(3 * i, 4))); }
        return 3 * length;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteByte(int value, ref char room) =>
        Unsafe.WriteUnaligned(ref Unsafe.As<char, byte>(ref room), Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(s_encoded), value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock(ref char source, ref char target)
    {
        ref var from = ref Unsafe.As<char, ushort>(ref source);
        ref var to = ref Unsafe.As<char, ushort>(ref target);
        Vector128.LoadUnsafe(ref from).StoreUnsafe(ref to);
        Vector128.LoadUnsafe(ref from, 8).StoreUnsafe(ref to, 8);
    }

    private static char Digit(int value) => "0123456789ABCDEF"[value];

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static ulong[] Encoded()
    {
        var encoded = new ulong[256];
        for (var value = 0; value < encoded.Length; value++) { encoded[value] = '%' | (ulong)Digit(value >> 4) << 16 | (ulong)Digit(value & 15) << 32; }
        return encoded;
    }
}
