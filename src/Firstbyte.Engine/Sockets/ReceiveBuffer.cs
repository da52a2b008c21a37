using System.Buffers;
using Firstbyte.Lines;

namespace Firstbyte.Sockets;

/// <summary>How much room a <see cref="ReceiveBuffer"/> makes.</summary>
/// <param name="First">Bytes at first: what most messages fit in.</param>
/// <param name="Bulk">Bytes once a receive has filled all the room and everything was consumed: a stream that delivers that much is read
/// in longer pieces. The same as
/// <paramref name="First"/> where long bodies are rare.</param>
/// <param name="Most">Bytes that may stand unconsumed. The reader above refuses a longer line or message before: this is only what makes
/// the growth end.</param>
public readonly record struct ReceiveRoom(int First, int Bulk, int Most);

/// <summary>What a stream has brought and nobody has consumed yet: one growing buffer out of the pool, under every protocol over a stream.</summary>
/// <remarks>
/// Theory of operation. A connection receives into the room behind the unconsumed bytes, shows those to its reader, and consumes what the reader is done with.
/// <code>
///      0        start            end              length
///      │ consumed │   unconsumed   │     room       │
///                 ╰─ Unconsumed ───╯╰─ Room, Add ───╯
/// </code>
/// Nothing is copied but the few bytes of a line or message that has only half arrived, when the end of the buffer is reached. Spans and
/// memory that were handed out are valid until the next <see cref="Room"/>. One receive at a time, as with the stream itself.
/// </remarks>
public sealed class ReceiveBuffer(ReceiveRoom room) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(room.First);
    private int _start;
    private int _end;
    private bool _wasFilled;
    private bool _isLent;
    private bool _isDisposed;
    private LineScanner _lines;

    /// <summary>Bytes received and not consumed yet.</summary>
    public int Length => _end - _start;

    /// <summary>The bytes received and not consumed yet.</summary>
    public ReadOnlyMemory<byte> Unconsumed => _bytes.AsMemory(_start, _end - _start);

    /// <summary>The same for who looks at them now.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, _end - _start);

    /// <summary>No more bytes will come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Is done with the first of the unconsumed bytes.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Length, nameof(count));
        _start += count;
    }

    /// <summary>Receives what a stream has, behind what is not consumed yet; 0 when the peer has ended.</summary>
    public async ValueTask<int> ReceiveAsync(IByteStream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var received = await stream.ReceiveAsync(Room(), cancellationToken);
        Add(received);
        return received;
    }

    /// <summary>Room for more bytes, never empty. It is lent until <see cref="Add"/> says how many have come.</summary>
    /// <exception cref="InvalidOperationException">As many bytes as may stand here are unconsumed: their reader has no limit of its own.</exception>
    public Memory<byte> Room()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            if (_wasFilled && _bytes.Length < room.Bulk) { Exchange(room.Bulk); }
        }
        else if (_end == _bytes.Length && _start > 0)
        {
            Span.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _bytes.Length)
        {
            if (_bytes.Length >= room.Most) { throw new InvalidOperationException($"{_end} bytes are unconsumed, and no more may be"); }
            Exchange(Math.Min(_bytes.Length * 2, room.Most));
        }
        _isLent = true;
        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes have come into the room; none when the peer has ended.</summary>
    public void Add(int received)
    {
        _isLent = false;
        _end += received;
        _wasFilled = _end == _bytes.Length;
        HasEnded = received == 0;
    }

    /// <summary>What came since has gone elsewhere: nobody needs longer room here for it.</summary>
    public void Bypass() => _wasFilled = false;

    /// <summary>Consumes the next line, if it is whole; the line is valid until the next <see cref="Room"/>. A line that is too long is not consumed.</summary>
    /// <param name="limit">The longest line that is taken, its end not counted.</param>
    /// <param name="line">The line without CRLF or LF.</param>
    /// <param name="isBare">It ends in LF without CR.</param>
    public LineStatus ReadLine(int limit, out ReadOnlySpan<byte> line, out bool isBare)
    {
        var status = _lines.Next(Span, limit, out var length, out var wireLength);
        line = status == LineStatus.Line ? Span[..length] : default;
        isBare = wireLength - length == 1;
        if (status == LineStatus.Line) { _start += wireLength; }
        return status;
    }

    /// <summary>
    /// Gives the memory back; twice is harmless. While a receive has not ended it may still write, and then the collector takes the memory
    /// instead of the pool.
    /// </summary>
    public void Dispose()
    {
        if (_isDisposed) { return; }
        _isDisposed = true;
        if (!_isLent) { ArrayPool<byte>.Shared.Return(_bytes); }
        (_bytes, _start, _end) = ([], 0, 0);
    }

    private void Exchange(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length);
        Span.CopyTo(larger.AsSpan(_start));
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
