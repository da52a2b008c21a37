namespace Firstbyte.Tcp;

/// <summary>Octets addressed by their sequence number: the send buffer or the receive buffer of a connection.</summary>
/// <remarks>
/// The capacity is a power of two, so the place of an octet is its sequence number modulo the capacity, wraps included. The ring
/// therefore keeps no positions: which octets are there is known to the <see cref="Tcb"/> alone. Octets that came out of order lie
/// at once where they will be read. A ring may begin small and grow: then whoever writes says first how far the octets that are there
/// and those that will come reach.
/// </remarks>
public sealed class SequenceRing
{
    private byte[] _octets;

    /// <summary>Makes a ring for a power of two of octets.</summary>
    /// <param name="capacity">Octets it can hold at most.</param>
    /// <param name="initial">Octets for which it has memory at first, a power of two too; <see cref="EnsureRoom"/> gets more. All of them
    /// when it is not given.</param>
    public SequenceRing(int capacity, int initial = int.MaxValue)
    {
        if (capacity <= 0 || !System.Numerics.BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity must be a power of two.");
        }
        if (initial <= 0 || (initial < capacity && !System.Numerics.BitOperations.IsPow2(initial)))
        {
            throw new ArgumentOutOfRangeException(nameof(initial), initial, "The initial room must be a power of two.");
        }
        Capacity = capacity;
        _octets = new byte[Math.Min(initial, capacity)];
    }

    /// <summary>Octets it can hold at most.</summary>
    public int Capacity { get; }

    /// <summary>
    /// Gets memory for the octets from <paramref name="first"/>, the oldest that is needed, up to <paramref name="end"/>; at most the
    /// capacity.
    /// </summary>
    public void EnsureRoom(SequenceNumber first, SequenceNumber end)
    {
        var needed = (int)Math.Min((uint)(end - first), (uint)Capacity);
        if (needed <= _octets.Length) { return; }
        Slices(first, _octets.Length, out var one, out var two);
        var grown = new SequenceRing(Capacity, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed));
        grown.Write(first, one);
        grown.Write(first + one.Length, two);
        _octets = grown._octets;
    }

    /// <summary>Puts octets at a sequence number.</summary>
    public void Write(SequenceNumber at, ReadOnlySpan<byte> octets)
    {
        Slices(at, octets.Length, out var first, out var second);
        octets[..first.Length].CopyTo(first);
        octets[first.Length..].CopyTo(second);
    }

    /// <summary>Takes a copy of the octets from a sequence number on; fills <paramref name="destination"/>.</summary>
    public void Read(SequenceNumber at, Span<byte> destination)
    {
        Slices(at, destination.Length, out var first, out var second);
        first.CopyTo(destination);
        second.CopyTo(destination[first.Length..]);
    }

    /// <summary>The octets from a sequence number on, in place: <paramref name="second"/> is empty unless they run over the end of the array.</summary>
    public void Slices(SequenceNumber at, int length, out Span<byte> first, out Span<byte> second)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_octets.Length, nameof(length));
        var start = (int)(at.Value & (uint)(_octets.Length - 1));
        var untilEnd = Math.Min(length, _octets.Length - start);
        first = _octets.AsSpan(start, untilEnd);
        second = _octets.AsSpan(0, length - untilEnd);
    }
}
