using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Puts the names of a draft into canonical order (RFC 4034 section 6.1), eight bytes at a time.</summary>
/// <remarks>
/// A name is turned around into a string of bytes that compares as the name does: its labels from the right, in lower case, each ended by a 0, the
/// bytes 0 and 1 written as "1 1" and "1 2". The first eight bytes, as a number, are sorted; names that have them in common are sorted by
/// the next eight, and so on. A parent's string is the beginning of its children's, so it comes first.
/// </remarks>
internal sealed class CanonicalOrder(ZoneDraft draft)
{
    /// <summary>Every byte of a name may become two, and 8 more are looked at behind the end.</summary>
    private const int MaxString = 2 * WireName.MaxLength + sizeof(ulong);

    /// <summary>The nodes in order.</summary>
    public static int[] Of(ZoneDraft draft)
    {
        var nodes = new int[draft.Nodes.Count];
        for (var i = 0; i < nodes.Length; i++) { nodes[i] = i; }
        new CanonicalOrder(draft).Sort(nodes, new ulong[nodes.Length], 0);
        return nodes;
    }

    /// <summary>Ends, because two names that have all their bytes in common are one, and strings have at most <see cref="MaxString"/> bytes.</summary>
    private void Sort(Span<int> nodes, Span<ulong> keys, int depth)
    {
        for (var i = 0; i < nodes.Length; i++) { keys[i] = Key(draft.NameOf(nodes[i]), depth); }
        keys.Sort(nodes);
        for (var start = 0; start < nodes.Length;)
        {
            var end = start + 1;
            while (end < nodes.Length && keys[end] == keys[start]) { end++; }
            if (end - start > 1) { Sort(nodes[start..end], keys[start..end], depth + sizeof(ulong)); }
            start = end;
        }
    }

    [SkipLocalsInit]
    private static ulong Key(ReadOnlySpan<byte> name, int depth)
    {
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<byte> turned = stackalloc byte[MaxString];
        var labels = 0;
        for (var at = 0; at < name.Length; at += 1 + name[at]) { starts[labels++] = (byte)at; }
        var length = 0;
        while (labels > 0 && length < depth + sizeof(ulong))
        {
            var start = starts[--labels];
            foreach (var value in name.Slice(start + 1, name[start]))
            {
                if (value <= 1) { turned[length++] = 1; }
                turned[length++] = value <= 1 ? (byte)(value + 1) : WireName.Fold(value);
            }
            turned[length++] = 0;
        }
        if (length <= depth) { return 0; }
        turned[length..].Slice(0, Math.Min(sizeof(ulong), MaxString - length)).Clear();
        return BinaryPrimitives.ReadUInt64BigEndian(turned[depth..]);
    }
}
