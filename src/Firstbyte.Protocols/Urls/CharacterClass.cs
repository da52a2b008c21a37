using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Firstbyte.Urls;

/// <summary>A set of ASCII characters that is asked about one character, about sixteen at once, or about a whole text.</summary>
/// <remarks>
/// Sixteen at once by two table look-ups (Muła and Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions", ACM TWEB 2018): the low
/// four bits of a character choose a row of eight bits, the high four bits the bit in it. A text of short clean runs is copied as fast as it
/// is looked at; where clean runs are long, <see cref="Values"/> finds their end by wider vectors.
/// </remarks>
internal sealed class CharacterClass
{
    /// <summary>How many characters are looked at together.</summary>
    public const int Block = 16;

    private readonly Vector128<byte> _rows;
    private readonly ulong _low;
    private readonly ulong _high;

    private readonly string _characters;
    private readonly string _but;
    private SearchValues<char>? _values;

    /// <param name="characters">ASCII characters.</param>
    /// <param name="but">Those of them that are not in the set.</param>
    public CharacterClass(string characters, string but = "")
    {
        (_characters, _but) = (characters, but);
        Span<byte> rows = stackalloc byte[16];
        rows.Clear();
        foreach (var c in characters)
        {
            if (but.Contains(c, StringComparison.Ordinal)) { continue; }
            rows[c & 15] |= (byte)(1 << (c >> 4));
            if (c < 64) { _low |= 1UL << c; }
            else { _high |= 1UL << (c - 64); }
        }
        _rows = Vector128.Create((ReadOnlySpan<byte>)rows);
    }

    /// <summary>The same set for the base library's searches: prepared when it is first wanted, which costs more than all the rest.</summary>
    public SearchValues<char> Values => _values ??= SearchValues.Create(_characters.Where(c => !_but.Contains(c, StringComparison.Ordinal)).ToArray());

    /// <summary>Whether the character is in the set; none beyond ASCII is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(char c) => c < 128 && ((c < 64 ? _low : _high) >> c & 1) != 0;

    /// <summary>Which of the (at most) sixteen characters from <paramref name="at"/> on are outside the set: bit 0 stands for the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Outside(ReadOnlySpan<char> text, int at)
    {
        if (text.Length < Block) { return OutsideOfFew(text[at..]); }
        // Near the end the last sixteen are looked at, and those before "at" shifted out.
        var from = Math.Min(at, text.Length - Block);
        ref var source = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        // What does not fit a byte becomes 255, which has no bit in any row.
        var bytes = Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref source, (nuint)from), Vector128.LoadUnsafe(ref source, (nuint)from + 8));
        var row = Vector128.ShuffleNative(_rows, bytes & Vector128.Create((byte)15));
        var bit = Vector128.ShuffleNative(Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0), bytes >>> 4);
        return Vector128.Equals(row & bit, Vector128<byte>.Zero).ExtractMostSignificantBits() >> (at - from);
    }

    /// <summary>
    /// Copies a run of at most sixteen characters, as many as fit two vectors where there are so many: <paramref name="room"/> has room
    /// for sixteen.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyRun(ReadOnlySpan<char> text, int at, int length, Span<char> room, int to)
    {
        if (at + Block > text.Length)
        {
            text.Slice(at, length).CopyTo(room[to..]);
            return;
        }
        ref var source = ref Unsafe.Add(ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text)), at);
        ref var target = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(room.Slice(to, Block)));
        Vector128.LoadUnsafe(ref source).StoreUnsafe(ref target);
        Vector128.LoadUnsafe(ref source, 8).StoreUnsafe(ref target, 8);
    }

    private uint OutsideOfFew(ReadOnlySpan<char> text)
    {
        var outside = 0U;
        for (var i = 0; i < text.Length; i++)
        {
            if (!Contains(text[i])) { outside |= 1U << i; }
        }
        return outside;
    }
}
