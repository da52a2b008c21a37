using System.Buffers;

namespace Firstbyte.Http;

/// <summary>
/// Gathers runs of a body that are too short to be handed on one by one: a server that sends chunks of a byte would else make whoever takes the body
/// work ten thousand times for one receive, during which no time limit is looked at. What is gathered came together; nothing waits for what is to come.
/// </summary>
internal sealed class SmallRuns : IDisposable
{
    /// <summary>From here on a run is handed on from where it stands.</summary>
    private const int Small = 1024;

    private const int Room = 16 * 1024;

    private byte[]? _room;
    private int _length;

    public bool IsEmpty => _length == 0;

    /// <summary>Takes a run in; false where it is to be handed on, behind what is held.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isMoreHere">Whether bytes behind it are here already.</param>
    public bool TryHold(ReadOnlySpan<byte> run, bool isMoreHere)
    {
        if (run.Length > Small || !isMoreHere && _length == 0 || _length + run.Length > Room) { return false; }
        _room ??= ArrayPool<byte>.Shared.Rent(Room);
        run.CopyTo(_room.AsSpan(_length));
        _length += run.Length;
        return true;
    }

    /// <summary>What is held, until the next run is.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var held = _room.AsMemory(0, _length);
        _length = 0;
        return held;
    }

    public void Dispose()
    {
        if (_room is { } room) { ArrayPool<byte>.Shared.Return(room); }
        (_room, _length) = (null, 0);
    }
}
