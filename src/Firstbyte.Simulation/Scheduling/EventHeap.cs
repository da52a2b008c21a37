using System.Runtime.CompilerServices;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>What is to happen and cannot be taken back, first come first: a 4-ary heap ordered by (time, sequence).</summary>
/// <remarks>The base library's priority queue does not keep the order of equals; the sequence number makes every key different, so the order is total.</remarks>
internal sealed class EventHeap
{
    private Entry[] _entries = new Entry[256];

    public int Count { get; private set; }

    public long NextAt => _entries[0].At;

    public ulong NextSequence => _entries[0].Sequence;

    public void Add(long at, ulong sequence, object target, long argument)
    {
        if (Count == _entries.Length) { Array.Resize(ref _entries, Count * 2); }
        var added = new Entry(at, sequence, target, argument);
        var entries = _entries;
        var index = Count++;
        while (index > 0)
        {
            var parent = (index - 1) >> 2;
            if (!Precedes(added, entries[parent])) { break; }
            entries[index] = entries[parent];
            index = parent;
        }
        entries[index] = added;
    }

    public Entry Take()
    {
        var entries = _entries;
        var first = entries[0];
        var last = entries[--Count];
        entries[Count] = default;
        if (Count == 0) { return first; }
        var index = 0;
        while (true)
        {
            var child = (index << 2) + 1;
            if (child >= Count) { break; }
            var least = child;
            var end = Math.Min(child + 4, Count);
            for (var i = child + 1; i < end; i++)
            {
                if (Precedes(entries[i], entries[least])) { least = i; }
            }
            if (!Precedes(entries[least], last)) { break; }
            entries[index] = entries[least];
            index = least;
        }
        entries[index] = last;
        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Precedes(in Entry left, in Entry right) => left.At != right.At ? left.At < right.At : left.Sequence < right.Sequence;

    public readonly record struct Entry(long At, ulong Sequence, object Target, long Argument);
}
