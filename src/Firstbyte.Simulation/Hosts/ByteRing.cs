namespace Firstbyte.Simulation;

/// <summary>A buffer of bytes, first in first out, that grows up to its capacity.</summary>
internal sealed class ByteRing(int capacity)
{
    private const int FirstSize = 4096;

    private byte[] _bytes = [];
    private int _head;

    public int Count { get; private set; }

    /// <summary>The most it may hold; may be raised.</summary>
    public int Capacity { get; set; } = capacity;

    public int Free => Math.Max(0, Capacity - Count);

    /// <summary>Takes as many bytes as there is room for and returns their number.</summary>
    public int Write(ReadOnlySpan<byte> data)
    {
        var count = Math.Min(data.Length, Free);
        if (count == 0) { return 0; }
        if (Count + count > _bytes.Length) { Grow(Count + count); }
        var tail = (_head + Count) & (_bytes.Length - 1);
        var first = Math.Min(count, _bytes.Length - tail);
        data[..first].CopyTo(_bytes.AsSpan(tail));
        data[first..count].CopyTo(_bytes);
        Count += count;
        return count;
    }

    /// <summary>Copies bytes from an offset on without taking them.</summary>
    public void Peek(int offset, Span<byte> destination)
    {
        var at = (_head + offset) & (_bytes.Length - 1);
        var first = Math.Min(destination.Length, _bytes.Length - at);
        _bytes.AsSpan(at, first).CopyTo(destination);
        _bytes.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    /// <summary>Takes as many bytes as there are, up to the destination's length, and returns their number.</summary>
    public int Read(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, Count);
        if (count == 0) { return 0; }
        Peek(0, destination[..count]);
        Discard(count);
        return count;
    }

    /// <summary>Drops the first bytes.</summary>
    public void Discard(int count)
    {
        Count -= count;
        _head = Count == 0 ? 0 : (_head + count) & (_bytes.Length - 1);
    }

    private void Grow(int needed)
    {
        var size = Math.Max(FirstSize, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed));
        var grown = new byte[size];
        if (Count > 0) { Peek(0, grown.AsSpan(0, Count)); }
        _bytes = grown;
        _head = 0;
    }
}
