using System.Runtime.Versioning;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Os;

/// <summary>The system's clock, with timers that fire on the loop's own thread.</summary>
[SupportedOSPlatform("linux")]
internal sealed class OsLoopTime(Action wake) : TimeProvider
{
    private readonly PriorityQueue<(OsTimer Timer, long Version), (long Due, long Order)> _queue = new();
    private long _order;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new OsTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires what is due and returns the nanoseconds until the next timer; negative when there is none.</summary>
    public long FireDue()
    {
        while (true)
        {
            OsTimer timer;
            lock (_queue)
            {
                if (!_queue.TryPeek(out var next, out var priority)) { return -1; }
                var isCurrent = next.Timer.Version == next.Version;
                var left = priority.Due - Now;
                if (isCurrent && left > 0) { return left; }
                _queue.Dequeue();
                if (!isCurrent) { continue; }
                timer = next.Timer;
                timer.Version++;
                if (timer.Period > 0) { Enqueue(timer, timer.Period); }
            }
            timer.Fire();
        }
    }

    /// <summary>Nanoseconds on the monotonic clock, by which timers are due.</summary>
    private long Now => NetworkClock.Nanoseconds(this, GetTimestamp());

    private void Enqueue(OsTimer timer, long delay) => _queue.Enqueue((timer, timer.Version), (Now + delay, _order++));

    internal sealed class OsTimer(OsLoopTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public long Version { get; set; }

        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._queue)
            {
                if (_disposed) { return false; }
                Version++;
                // An infinite time span is -1 ms; a period of zero means once, as in the system's own timer.
                Period = period > TimeSpan.Zero ? period.ToNanoseconds() : 0;
                if (dueTime >= TimeSpan.Zero) { time.Enqueue(this, dueTime.ToNanoseconds()); }
            }
            time.Wake();
            return true;
        }

        public void Dispose()
        {
            lock (time._queue)
            {
                _disposed = true;
                Version++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private void Wake() => wake();
}
