using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Firstbyte.Urls.Buffers;

/// <summary>A growing row of values that starts on the caller's stack and moves to pooled memory when it must.</summary>
/// <remarks>Grows by doubling, so that appending is linear in total. <see cref="Dispose"/> returns the pooled memory.</remarks>
internal ref struct SpanBuilder<T>(Span<T> start) where T : unmanaged
{
    private Span<T> _items = start;
    private T[]? _rented;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<T> Written => _items[..Length];

    public readonly ref T this[int index] => ref _items[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(T item)
    {
        var length = Length;
        if ((uint)length >= (uint)_items.Length) { Grow(1); }
        Unsafe.Add(ref MemoryMarshal.GetReference(_items), length) = item;
        Length = length + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(scoped ReadOnlySpan<T> items)
    {
        if (items.Length > _items.Length - Length) { Grow(items.Length); }
        items.CopyTo(_items[Length..]);
        Length += items.Length;
    }

    /// <summary>Room for so many more values, counted as written at once.</summary>
    public Span<T> AppendRoom(int count)
    {
        if (count > _items.Length - Length) { Grow(count); }
        var room = _items.Slice(Length, count);
        Length += count;
        return room;
    }

    /// <summary>What is free, at least so much of it; what is written there counts after <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Free(int least)
    {
        if (least > _items.Length - Length) { Grow(least); }
        return _items[Length..];
    }

    /// <summary>Counts so many values of what was free as written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Forgets what was written from <paramref name="length"/> on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Moves what stands from <paramref name="index"/> on and writes <paramref name="items"/> there.</summary>
    public void Insert(int index, scoped ReadOnlySpan<T> items)
    {
        AppendRoom(items.Length);
        _items[index..(Length - items.Length)].CopyTo(_items[(index + items.Length)..]);
        items.CopyTo(_items[index..]);
    }

    /// <summary>Takes out so many values at <paramref name="index"/>.</summary>
    public void Remove(int index, int count)
    {
        _items[(index + count)..Length].CopyTo(_items[index..]);
        Length -= count;
    }

    public void Dispose()
    {
        if (_rented is not null) { ArrayPool<T>.Shared.Return(_rented); }
        _rented = null;
        _items = default;
        Length = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(checked(Length + more), (int)Math.Min(2L * _items.Length, Array.MaxLength)));
        _items[..Length].CopyTo(larger);
        if (_rented is not null) { ArrayPool<T>.Shared.Return(_rented); }
        _items = _rented = larger;
    }
}
