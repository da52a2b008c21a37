using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Firstbyte.Addressing;

/// <summary>Finds the longest prefix that contains an address (RFC 1812 5.2.4.3), in tables from two rows to millions.</summary>
/// <remarks>
/// Theory of operation. Prefixes either nest or are apart, so a table cuts the number line into disjoint ranges, each belonging to the
/// longest prefix over it. Looking up is finding the range that an address falls in: an index over the address's first bits gives a short
/// run of range starts, and a branch-free binary search in it gives the range. Adding and removing only marks what is in order as outdated: the next look-up
/// sorts the rows and builds the ranges anew in one sweep over them, which suits tables that are read far more often than written.
/// Not safe for writing and reading at the same time.
/// </remarks>
public sealed class RouteTable<T>
{
    private readonly Dictionary<IpPrefix, T> _rows = [];
    private RangeIndex<uint>? _v4;
    private RangeIndex<UInt128>? _v6;

    /// <summary>The rows in order; outdated where <see cref="_isSorted"/> is false.</summary>
    private IpPrefix[] _prefixes = [];
    private T[] _values = [];
    private bool _isSorted;

    /// <summary>Number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>The rows in order of network, then length.</summary>
    /// <remarks>A change while they are enumerated does not show in what is enumerated.</remarks>
    public IEnumerable<KeyValuePair<IpPrefix, T>> Rows
    {
        get
        {
            Sort();
            var (prefixes, values) = (_prefixes, _values);
            for (var i = 0; i < prefixes.Length; i++) { yield return new(prefixes[i], values[i]); }
        }
    }

    /// <summary>Adds a row or replaces the value of the row with the same prefix.</summary>
    public void Set(IpPrefix prefix, T value)
    {
        _rows[prefix] = value;
        Outdate();
    }

    /// <summary>Removes the row of exactly this prefix; false when there is none.</summary>
    public bool Remove(IpPrefix prefix)
    {
        if (!_rows.Remove(prefix)) { return false; }
        Outdate();
        return true;
    }

    /// <summary>The row of exactly this prefix.</summary>
    public bool TryGet(IpPrefix prefix, [MaybeNullWhen(false)] out T value) => _rows.TryGetValue(prefix, out value);

    /// <summary>The row with the longest prefix that contains the address.</summary>
    public bool TryMatch(IpAddress address, out IpPrefix prefix, [MaybeNullWhen(false)] out T value)
    {
        var row = FindRow(address);
        if (row < 0)
        {
            prefix = default;
            value = default;
            return false;
        }
        prefix = _prefixes[row];
        value = _values[row];
        return true;
    }

    /// <summary>The value of the longest prefix that contains the address: one memory access less than with the prefix itself.</summary>
    public bool TryMatch(IpAddress address, [MaybeNullWhen(false)] out T value)
    {
        var row = FindRow(address);
        value = row < 0 ? default : _values[row];
        return row >= 0;
    }

    private int FindRow(IpAddress address)
    {
        if (_v4 is null) { Build(); }
        return address.Version switch
        {
            IpVersion.V4 => _v4.Find((uint)address.Bits),
            IpVersion.V6 => _v6!.Find(address.Bits),
            _ => -1,
        };
    }

    private void Outdate() => (_v4, _isSorted) = (null, false);

    // New arrays each time: whoever enumerates the old ones goes on with them.
    private void Sort()
    {
        if (_isSorted) { return; }
        (_prefixes, _values) = (new IpPrefix[_rows.Count], new T[_rows.Count]);
        _rows.Keys.CopyTo(_prefixes, 0);
        _rows.Values.CopyTo(_values, 0);
        Array.Sort(_prefixes, _values);
        _isSorted = true;
    }

    [MemberNotNull(nameof(_v4), nameof(_v6))]
    private void Build()
    {
        Sort();
        var (v4, v6) = (new RangeBuilder<uint>(32), new RangeBuilder<UInt128>(128));
        for (var i = 0; i < _prefixes.Length; i++)
        {
            var (first, last) = (_prefixes[i].Network, _prefixes[i].Last);
            if (first.IsV4) { v4.Add((uint)first.Bits, (uint)last.Bits, i); }
            else { v6.Add(first.Bits, last.Bits, i); }
        }
        _v4 = v4.Build();
        _v6 = v6.Build();
    }
}

/// <summary>Takes nested blocks in order of start (the larger first) and cuts them into disjoint ranges.</summary>
internal sealed class RangeBuilder<TKey>(int keyBits) where TKey : unmanaged, IBinaryInteger<TKey>
{
    private readonly List<TKey> _starts = [];
    private readonly List<int> _owners = [];
    private readonly Stack<(TKey Last, int Owner)> _open = new();

    public void Add(TKey first, TKey last, int owner)
    {
        CloseBefore(first);
        Cut(first, owner);
        _open.Push((last, owner));
    }

    public RangeIndex<TKey> Build()
    {
        while (_open.TryPop(out var block)) { Reopen(block.Last); }
        return new RangeIndex<TKey>(_starts, _owners, keyBits);
    }

    private void CloseBefore(TKey first)
    {
        while (_open.TryPeek(out var block) && block.Last < first)
        {
            _open.Pop();
            Reopen(block.Last);
        }
    }

    /// <summary>Behind a block's end the block around it goes on, or nothing.</summary>
    private void Reopen(TKey last)
    {
        var next = last + TKey.One;
        if (next != TKey.Zero) { Cut(next, _open.TryPeek(out var around) ? around.Owner : -1); }
    }

    private void Cut(TKey start, int owner)
    {
        if (_starts.Count > 0 && _starts[^1] == start)
        {
            _owners[^1] = owner;
            return;
        }
        _starts.Add(start);
        _owners.Add(owner);
    }
}

/// <summary>Disjoint ranges, found by an index over the key's first bits and a binary search in what the index leaves.</summary>
internal sealed class RangeIndex<TKey> where TKey : unmanaged, IBinaryInteger<TKey>
{
    /// <summary>An index of 2^20 numbers (4 MB) leaves about two ranges a slot for a million prefixes; more would only cost memory.</summary>
    private const int MaximumIndexBits = 20;

    // Start and owner side by side: the search's last step has fetched both.
    private readonly (TKey Start, int Owner)[] _ranges;
    private readonly int[] _first;
    private readonly int _shift;

    public RangeIndex(List<TKey> starts, List<int> owners, int keyBits)
    {
        // A first range from 0 on, owned by nobody, makes every search end inside the table.
        if (starts.Count == 0 || starts[0] != TKey.Zero)
        {
            starts.Insert(0, TKey.Zero);
            owners.Insert(0, -1);
        }
        _ranges = new (TKey, int)[starts.Count];
        for (var i = 0; i < _ranges.Length; i++) { _ranges[i] = (starts[i], owners[i]); }
        var indexBits = Math.Clamp(BitOperations.Log2((uint)_ranges.Length) + 1, 1, MaximumIndexBits);
        _shift = keyBits - indexBits;
        _first = new int[(1 << indexBits) + 1];
        var slot = 0;
        for (var i = 0; i < _ranges.Length; i++)
        {
            var place = int.CreateTruncating(_ranges[i].Start >> _shift);
            // A slot's search begins at the last range that starts at or before the slot's first key.
            while (slot <= place)
            {
                var startsExactly = _ranges[i].Start == TKey.CreateTruncating(slot) << _shift;
                _first[slot++] = startsExactly ? i : i - 1;
            }
        }
        while (slot < _first.Length) { _first[slot++] = _ranges.Length - 1; }
    }

    /// <summary>The owner of the range that the key is in, or -1.</summary>
    public int Find(TKey key)
    {
        var slot = int.CreateTruncating(key >> _shift);
        ref var first = ref MemoryMarshal.GetArrayDataReference(_first);
        var low = System.Runtime.CompilerServices.Unsafe.Add(ref first, slot);
        var count = System.Runtime.CompilerServices.Unsafe.Add(ref first, slot + 1) - low + 1;
        ref var ranges = ref MemoryMarshal.GetArrayDataReference(_ranges);
        while (count > 1)
        {
            var half = count >> 1;
            low = System.Runtime.CompilerServices.Unsafe.Add(ref ranges, low + half).Start <= key ? low + half : low;
            count -= half;
        }
        return System.Runtime.CompilerServices.Unsafe.Add(ref ranges, low).Owner;
    }
}
