namespace Firstbyte.Dns;

/// <summary>Counts what is under way and lets one wait until there is room, or until nothing is left.</summary>
internal sealed class InFlight(int limit)
{
    private readonly Lock _lock = new();
    private int _count;
    private TaskCompletionSource? _waiting;
    private int _waitedFor;

    /// <summary>How many are under way.</summary>
    public int Count { get { lock (_lock) { return _count; } } }

    /// <summary>One more.</summary>
    public void Enter()
    {
        lock (_lock) { _count++; }
    }

    /// <summary>One less.</summary>
    public void Leave()
    {
        TaskCompletionSource? waiting = null;
        lock (_lock)
        {
            if (--_count <= _waitedFor) { (waiting, _waiting) = (_waiting, null); }
        }
        waiting?.SetResult();
    }

    /// <summary>Done when there are fewer than the limit. One may wait at a time.</summary>
    public Task RoomAsync() => AtMostAsync(limit - 1);

    /// <summary>Done when nothing is under way. One may wait at a time.</summary>
    public Task EmptyAsync() => AtMostAsync(0);

    private Task AtMostAsync(int count)
    {
        lock (_lock)
        {
            if (_count <= count) { return Task.CompletedTask; }
            (_waiting, _waitedFor) = (new TaskCompletionSource(), count);
            return _waiting.Task;
        }
    }
}
