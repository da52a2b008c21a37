using System.Collections.Concurrent;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>What other threads (a signal's, a screen's) want done inside a world. The pump empties it between two events.</summary>
internal sealed class PostBox
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private volatile bool _hasAny;

    public void Add(Action action)
    {
        _posted.Enqueue(action);
        _hasAny = true;
    }

    /// <summary>Asked before every event: one read of a flag while nobody has posted anything.</summary>
    public bool TryTake(out Action? action)
    {
        action = null;
        if (!_hasAny) { return false; }
        // Before the queue is looked at: what is added meanwhile raises the flag again.
        _hasAny = false;
        if (!_posted.TryDequeue(out action)) { return false; }
        _hasAny = true;
        return true;
    }
}
