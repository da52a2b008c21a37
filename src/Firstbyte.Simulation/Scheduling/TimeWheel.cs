using System.Numerics;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>What is due later, by its time and in no order: eight wheels of 256 slots, each slot as wide as the whole wheel below it.</summary>
/// <remarks>
/// Theory of operation. A time is a number of eight bytes, as the hands of a clock with eight dials. A thing lies on the dial of the first
/// byte in which its time differs
/// from <see cref="Begin"/>, in the slot of that byte. So the lowest dial that is not empty has the first things, in its first slot, and
/// all dials above only later ones. When a
/// slot's turn comes its things are taken out, or, when they are too many, dealt out to the dials below.
/// Slots are chains of blocks that are used again: nothing is copied when one grows, and nothing is allocated once warm.
/// </remarks>
internal sealed class TimeWheel
{
    private const int Bits = 8;
    private const int Slots = 1 << Bits;
    private const int Dials = 64 / Bits;

    private readonly Block?[] _slots = new Block?[Dials * Slots];
    private readonly ulong[] _occupied = new ulong[Dials * Slots / 64];
    private Block? _free;

    /// <summary>Things on the wheel, those that no longer count included.</summary>
    public int Count { get; private set; }

    /// <summary>No thing on the wheel is due before. May be set while the wheel is empty.</summary>
    public long Begin { get; set; }

    /// <summary>No thing on the wheel is due before: where the first slot begins.</summary>
    public long NotBefore => TryFindFirst(out var slot) ? StartOf(slot) : long.MaxValue;

    /// <summary>Adds a thing that is not due before <see cref="Begin"/>.</summary>
    public void Add(in EventEntry entry)
    {
        Count++;
        var difference = (ulong)(entry.At ^ Begin);
        var dial = (63 - BitOperations.LeadingZeroCount(difference | 1)) >> 3;
        var slot = (dial << Bits) | (int)((entry.At >> (dial * Bits)) & (Slots - 1));
        var block = _slots[slot];
        if (block is null || block.Count == Block.Size)
        {
            block = Rent(block);
            _slots[slot] = block;
            _occupied[slot >> 6] |= 1UL << (slot & 63);
        }
        block.Entries[block.Count++] = entry;
    }

    /// <summary>
    /// Takes the first slot out, dealt out until it holds no more than <paramref name="most"/> things or those of one instant; false when
    /// it begins after <paramref name="until"/>.
    /// </summary>
    public bool TryTakeFirst(long until, int most, out Slot taken)
    {
        while (TryFindFirst(out var slot))
        {
            var start = StartOf(slot);
            if (start > until) { break; }
            var block = _slots[slot]!;
            _slots[slot] = null;
            _occupied[slot >> 6] &= ~(1UL << (slot & 63));
            Begin = Math.Max(Begin, start);
            var count = CountOf(block);
            Count -= count;
            if (count <= most || slot < Slots)
            {
                taken = new Slot(this, block, count);
                return true;
            }
            DealOut(block);
        }
        taken = default;
        return false;
    }

    /// <summary>Throws away what does not count, and tells of it.</summary>
    public void Sweep(Predicate counts, Action<EventEntry> forget)
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is not { } chain) { continue; }
            _slots[slot] = null;
            _occupied[slot >> 6] &= ~(1UL << (slot & 63));
            Count -= CountOf(chain);
            for (var block = chain; block is not null;)
            {
                for (var i = 0; i < block.Count; i++)
                {
                    if (counts(block.Entries[i])) { Add(block.Entries[i]); }
                    else { forget(block.Entries[i]); }
                }
                block = Return(block);
            }
        }
    }

    // Everything above the dial is the same as the beginning's, everything below is zero.
    private long StartOf(int slot)
    {
        var shift = (slot >> Bits) * Bits;
        return (Begin & ~(((long)Slots << shift) - 1)) | ((long)(slot & (Slots - 1)) << shift);
    }

    private void DealOut(Block? block)
    {
        while (block is not null)
        {
            for (var i = 0; i < block.Count; i++) { Add(block.Entries[i]); }
            block = Return(block);
        }
    }

    private bool TryFindFirst(out int slot)
    {
        if (Count > 0)
        {
            for (var word = 0; word < _occupied.Length; word++)
            {
                if (_occupied[word] == 0) { continue; }
                slot = (word << 6) | BitOperations.TrailingZeroCount(_occupied[word]);
                return true;
            }
        }
        slot = -1;
        return false;
    }

    private static int CountOf(Block? block)
    {
        var count = 0;
        for (; block is not null; block = block.Next) { count += block.Count; }
        return count;
    }

    private Block Rent(Block? next)
    {
        var block = _free ?? new Block();
        _free = block.Next;
        block.Next = next;
        return block;
    }

    private Block? Return(Block block)
    {
        var next = block.Next;
        Array.Clear(block.Entries, 0, block.Count);
        block.Count = 0;
        block.Next = _free;
        _free = block;
        return next;
    }

    /// <summary>Says whether an entry counts.</summary>
    public delegate bool Predicate(in EventEntry entry);

    /// <summary>A slot that has been taken out, to be emptied.</summary>
    public ref struct Slot(TimeWheel wheel, Block? block, int count)
    {
        private Block? _block = block;
        private int _next;

        /// <summary>Things that were in it.</summary>
        public readonly int Count => count;

        public bool TryTake(out EventEntry entry)
        {
            if (_block is null)
            {
                entry = default;
                return false;
            }
            entry = _block.Entries[_next++];
            if (_next == _block.Count) { (_block, _next) = (wheel.Return(_block), 0); }
            return true;
        }
    }

    internal sealed class Block
    {
        /// <summary>Entries of a block: 2 KB, half a page.</summary>
        public const int Size = 64;

        public readonly EventEntry[] Entries = new EventEntry[Size];
        public int Count;
        public Block? Next;
    }
}
