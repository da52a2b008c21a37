namespace Firstbyte.Packets;

/// <summary>A buffer with one frame or packet in it, drawn from a <see cref="FramePool"/>, shared by counting, with room in front for headers.</summary>
/// <remarks>
/// Theory of operation. Whoever makes a frame writes its payload behind <see cref="Headroom"/> bytes and every layer below prepends its own
/// header without a copy. Once sent it is read-only: a hub hands the same frame to all its ports, each of which retains it and releases it
/// after use. Who must change bytes (a router) copies first. The last release returns the buffer to the pool. Frames belong to the one
/// thread of their world.
/// </remarks>
public sealed class Frame
{
    /// <summary>Bytes kept free in front of the payload: Ethernet 14, IPv6 40 with a fragment header 8, TCP 60 make 122.</summary>
    public const int Headroom = 128;

    private readonly FramePool _pool;
    private readonly byte[] _buffer;
    private int _offset;
    private int _references;

    internal Frame(FramePool pool, int capacity)
    {
        _pool = pool;
        _buffer = GC.AllocateUninitializedArray<byte>(Headroom + capacity);
    }

    /// <summary>Bytes in the frame.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that fit behind the headroom.</summary>
    public int Capacity => _buffer.Length - Headroom;

    /// <summary>The frame's bytes. Only its maker may write to them, and only until it is sent.</summary>
    public Span<byte> Span => _buffer.AsSpan(_offset, Length);

    /// <summary>The frame's bytes, for those that keep them over a wait.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_offset, Length);

    /// <summary>Holders of the frame.</summary>
    public int References => _references;

    /// <summary>Puts a header in front and returns the bytes of it.</summary>
    /// <exception cref="InvalidOperationException">The headroom is used up: a layer took more than it declared.</exception>
    public Span<byte> Prepend(int length)
    {
        if (length > _offset) { throw new InvalidOperationException("a frame's headroom is used up"); }
        _offset -= length;
        Length += length;
        return _buffer.AsSpan(_offset, length);
    }

    /// <summary>Cuts bytes off the front: a header that has been read.</summary>
    public void TrimStart(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        _offset += length;
        Length -= length;
    }

    /// <summary>Sets the length of the frame: bytes are cut off the end, or follow with whatever was in the buffer.</summary>
    public void SetLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(_buffer.Length - _offset), nameof(length));
        Length = length;
    }

    /// <summary>A frame of the same pool with the same bytes and one holder.</summary>
    public Frame Copy() => _pool.Copy(Span);

    /// <summary>One more holder.</summary>
    public Frame Retain()
    {
        _references++;
        return this;
    }

    /// <summary>One holder less; the last gives the buffer back.</summary>
    /// <exception cref="InvalidOperationException">Released more often than it was held.</exception>
    public void Release()
    {
        if (--_references == 0) { _pool.Return(this); }
        else if (_references < 0) { throw new InvalidOperationException("a frame was released more often than it was held"); }
    }

    internal void Rent(int length)
    {
        _offset = Headroom;
        Length = length;
        _references = 1;
    }
}

/// <summary>Gives out frames and takes them back. For one thread.</summary>
public sealed class FramePool
{
    /// <summary>Payload of a small frame: an Ethernet frame of 1,518 bytes with room for tags.</summary>
    public const int SmallCapacity = 1_600;

    /// <summary>Payload of a large frame: the longest IP packet with its link header.</summary>
    public const int LargeCapacity = 65_600;

    // More than this many idle frames of a size are left to the garbage collector (own choice: 16,384 small frames are 28 MB).
    private const int MaxIdle = 16_384;

    private readonly Stack<Frame> _small = new();
    private readonly Stack<Frame> _large = new();

    /// <summary>Frames given out and not yet returned: 0 when a world has ended in order.</summary>
    public int Outstanding { get; private set; }

    /// <summary>A frame of the given length with one holder and undefined contents.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Longer than <see cref="LargeCapacity"/>.</exception>
    public Frame Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)LargeCapacity, nameof(length));
        var small = length <= SmallCapacity;
        if (!(small ? _small : _large).TryPop(out var frame)) { frame = new Frame(this, small ? SmallCapacity : LargeCapacity); }
        frame.Rent(length);
        Outstanding++;
        return frame;
    }

    /// <summary>A frame with a copy of the bytes.</summary>
    public Frame Copy(ReadOnlySpan<byte> bytes)
    {
        var frame = Rent(bytes.Length);
        bytes.CopyTo(frame.Span);
        return frame;
    }

    internal void Return(Frame frame)
    {
        Outstanding--;
        var idle = frame.Capacity == SmallCapacity ? _small : _large;
        if (idle.Count < MaxIdle) { idle.Push(frame); }
    }
}
