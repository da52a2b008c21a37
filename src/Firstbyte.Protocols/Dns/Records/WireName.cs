using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Firstbyte.Dns.Records;

/// <summary>What can be asked of a domain name in uncompressed wire form (RFC 1035 section 3.1): labels, each after its length, up to the empty one.</summary>
/// <remarks>
/// Theory of operation. A length byte is at most 63 and the capital letters start at 65, so a whole name can be folded to lower case as one
/// run of bytes, eight at a time, without looking for its labels. Comparing and hashing therefore never walk labels; only
/// order and ancestry do. Nothing here allocates. Except for <see cref="IsValid"/>, the input must be a valid name.
/// </remarks>
public static class WireName
{
    /// <summary>RFC 1035 section 2.3.4: a name has at most 255 bytes with its length bytes and the root.</summary>
    public const int MaxLength = 255;

    /// <summary>RFC 1035 section 2.3.4: a label has at most 63 bytes.</summary>
    public const int MaxLabelLength = 63;

    /// <summary>255 bytes hold at most 127 labels of one byte beside the root.</summary>
    public const int MaxLabels = 127;

    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>Seeded once a process, so that nobody outside can choose names that meet in one bucket.</summary>
    private static readonly ulong HashSeed = (ulong)(uint)HashCode.Combine(1) << 32 | (uint)HashCode.Combine(2);

    /// <summary>The letter in lower case; every other byte as it is (RFC 4343 section 3).</summary>
    public static byte Fold(byte value) => (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | 0x20) : value;

    /// <summary>True when the span is exactly one name: labels of at most 63 bytes, at most 255 bytes, ended by the root.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaxLength) { return false; }
        var at = 0;
        while (at < name.Length)
        {
            int length = name[at];
            if (length == 0) { return at == name.Length - 1; }
            if (length > MaxLabelLength) { return false; }
            at += 1 + length;
        }
        return false;
    }

    /// <summary>Equality without regard to ASCII case.</summary>
    public static bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) { return false; }
        var length = left.Length;
        if (length < 8)
        {
            for (var i = 0; i < length; i++)
            {
                if (Fold(left[i]) != Fold(right[i])) { return false; }
            }
            return true;
        }
        for (var i = 0; i <= length - 8; i += 8)
        {
            if (Fold(Word(left, i)) != Fold(Word(right, i))) { return false; }
        }
        return Fold(Word(left, length - 8)) == Fold(Word(right, length - 8));
    }

    /// <summary>A hash without regard to ASCII case; different in every process.</summary>
    public static int Hash(ReadOnlySpan<byte> name)
    {
        var length = name.Length;
        var hash = HashSeed ^ (ulong)length * Multiplier;
        if (length < 8)
        {
            ulong word = 0;
            for (var i = 0; i < length; i++) { word = word << 8 | Fold(name[i]); }
            hash = Mix(hash ^ word);
        }
        else
        {
            for (var i = 0; i <= length - 8; i += 8) { hash = Mix(hash ^ Fold(Word(name, i))); }
            hash = Mix(hash ^ Fold(Word(name, length - 8)));
        }
        return (int)(hash ^ hash >> 32);
    }

    /// <summary>The number of labels without the root: 0 for the root itself.</summary>
    public static int CountLabels(ReadOnlySpan<byte> name)
    {
        var count = 0;
        for (var at = 0; name[at] != 0; at += 1 + name[at]) { count++; }
        return count;
    }

    /// <summary>
    /// Writes where each label starts (leftmost first, without the root) and returns their number; the destination holds
    /// <see cref="MaxLabels"/>.
    /// </summary>
    public static int FindLabels(ReadOnlySpan<byte> name, Span<byte> starts)
    {
        var count = 0;
        for (var at = 0; at < name.Length && name[at] != 0; at += 1 + name[at]) { starts[count++] = (byte)at; }
        return count;
    }

    /// <summary>The name without its leftmost label; the root for the root.</summary>
    public static ReadOnlySpan<byte> Parent(ReadOnlySpan<byte> name) => name[0] == 0 ? name : name[(1 + name[0])..];

    /// <summary>True when <paramref name="name"/> is <paramref name="ancestor"/> or lies below it (RFC 9499 section 7).</summary>
    public static bool IsSubdomainOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> ancestor)
    {
        while (name.Length > ancestor.Length) { name = name[(1 + name[0])..]; }
        return Equals(name, ancestor);
    }

    /// <summary>
    /// Canonical order (RFC 4034 section 6.1): by labels from the right, each as lower-case bytes; a missing label comes first. Both names end with the
    /// root, or neither.
    /// </summary>
    [SkipLocalsInit]
    public static int CompareCanonical(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> leftStarts = stackalloc byte[MaxLabels];
        Span<byte> rightStarts = stackalloc byte[MaxLabels];
        var (leftCount, rightCount) = (FindLabels(left, leftStarts), FindLabels(right, rightStarts));
        for (var i = 1; i <= leftCount && i <= rightCount; i++)
        {
            var order = CompareLabels(Label(left, leftStarts[leftCount - i]), Label(right, rightStarts[rightCount - i]));
            if (order != 0) { return order; }
        }
        return leftCount.CompareTo(rightCount);
    }

    /// <summary>How many labels two names share, counted from the right.</summary>
    [SkipLocalsInit]
    public static int CountCommonLabels(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> leftStarts = stackalloc byte[MaxLabels];
        Span<byte> rightStarts = stackalloc byte[MaxLabels];
        var (leftCount, rightCount) = (FindLabels(left, leftStarts), FindLabels(right, rightStarts));
        var common = 0;
        while (common < leftCount && common < rightCount
            && Equals(Label(left, leftStarts[leftCount - 1 - common]), Label(right, rightStarts[rightCount - 1 - common]))) { common++; }
        return common;
    }

    /// <summary>Eight bytes folded at once: 0x20 is set where a byte is an ASCII capital.</summary>
    internal static ulong Fold(ulong word)
    {
        const ulong Low7 = 0x7F7F7F7F7F7F7F7F, High = 0x8080808080808080;
        var seven = word & Low7;
        var fromA = seven + 0x3F3F3F3F3F3F3F3F;
        var afterZ = seven + 0x2525252525252525;
        return word | ((fromA ^ afterZ) & ~word & High) >> 2;
    }

    private static ulong Word(ReadOnlySpan<byte> name, int at) => MemoryMarshal.Read<ulong>(name[at..]);

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ low;
    }

    private static ReadOnlySpan<byte> Label(ReadOnlySpan<byte> name, int start) => name.Slice(start + 1, name[start]);

    internal static int CompareLabels(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var order = Fold(left[i]) - Fold(right[i]);
            if (order != 0) { return order; }
        }
        return left.Length - right.Length;
    }
}
