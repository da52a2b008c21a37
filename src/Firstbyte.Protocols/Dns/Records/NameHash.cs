using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Firstbyte.Dns.Records;

/// <summary>A hash of names that is made label by label from the right, so that one pass gives the hash of a name and of all its ancestors.</summary>
internal static class NameHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>The hash of the root; seeded once a process, so that nobody outside can choose names that meet in one place.</summary>
    public static readonly ulong Seed = (ulong)(uint)HashCode.Combine(3) << 32 | (uint)HashCode.Combine(4);

    /// <summary>The hash of a whole name.</summary>
    public static ulong Of(ReadOnlySpan<byte> name) => name[0] == 0 ? Seed : Extend(Of(name[(1 + name[0])..]), name.Slice(1, name[0]));

    /// <summary>The hash of a label (without its length) in front of a name whose hash is known; case is ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong parent, ReadOnlySpan<byte> label)
    {
        var length = label.Length;
        var hash = parent + (ulong)(uint)length * Multiplier;
        ulong word = 0;
        if (length >= sizeof(ulong))
        {
            for (var i = 0; i < length - sizeof(ulong); i += sizeof(ulong)) { hash = Mix(hash ^ WireName.Fold(MemoryMarshal.Read<ulong>(label[i..]))); }
            word = MemoryMarshal.Read<ulong>(label[^sizeof(ulong)..]);
        }
        else if (length >= sizeof(uint))
        {
            word = MemoryMarshal.Read<uint>(label) | (ulong)MemoryMarshal.Read<uint>(label[^sizeof(uint)..]) << 32;
        }
        else if (length > 0) { word = label[0] | (uint)label[length >> 1] << 8 | (uint)label[^1] << 16; }
        return Mix(hash ^ WireName.Fold(word));
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ low;
    }
}

/// <summary>A name with its labels and the hashes of itself and all its ancestors: what is looked up in zones.</summary>
/// <remarks>Made once a name, from one pass to the right and one to the left.</remarks>
internal readonly ref struct HashedName
{
    private readonly ReadOnlySpan<byte> _starts;
    private readonly ReadOnlySpan<ulong> _hashes;

    /// <summary>Looks at a name in wire form; the buffers hold <see cref="WireName.MaxLabels"/> and one more.</summary>
    public HashedName(ReadOnlySpan<byte> wire, Span<byte> starts, Span<ulong> hashes)
    {
        Wire = wire;
        LabelCount = WireName.FindLabels(wire, starts);
        var hash = NameHash.Seed;
        for (var i = LabelCount - 1; i >= 0; i--)
        {
            int start = starts[i];
            hashes[i] = hash = NameHash.Extend(hash, wire.Slice(start + 1, wire[start]));
        }
        _starts = starts;
        _hashes = hashes;
    }

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Wire { get; }

    /// <summary>The number of labels without the root.</summary>
    public int LabelCount { get; }

    /// <summary>Where the name of so many labels starts in this one.</summary>
    public int StartOf(int labels) => labels == 0 ? Wire.Length - 1 : _starts[LabelCount - labels];

    /// <summary>The hash of the name that the last so many labels make.</summary>
    public ulong HashOf(int labels) => labels == 0 ? NameHash.Seed : _hashes[LabelCount - labels];
}
