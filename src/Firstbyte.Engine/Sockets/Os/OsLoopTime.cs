using System.Runtime.Versioning;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Os;

/// <summary>The system's clock, with timers that fire on the loop's own thread.</summary>
/// <remarks>
/// A connection moves its timer to a later time twice a request, and hardly one ever fires: a timer has one entry in the queue, which stays where it is until
/// its time, and goes in again then for what is left. Only a timer that is moved to an earlier time than its entry's gets another one.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class OsLoopTime(Action wake) : TimeProvider
{
    private const long Never = long.MaxValue;

    private readonly PriorityQueue<(OsTimer Timer, long Entry), (long Due, long Order)> _queue = new();
    private long _order;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new OsTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires what is due and returns the nanoseconds until the next timer, or until it is looked at again; negative when there is none.</summary>
    public long FireDue()
    {
        while (true)
        {
            OsTimer timer;
            lock (_queue)
            {
                if (!_queue.TryPeek(out var next, out var priority)) { return -1; }
                timer = next.Timer;
                if (next.Entry == timer.Entry)
                {
                    var now = Now;
                    if (priority.Due > now) { return priority.Due - now; }
                    _queue.Dequeue();
                    timer.EntryDue = Never;
                    // It was moved meanwhile, or is not wanted any more.
                    if (timer.Due > now)
                    {
                        if (timer.Due != Never) { Enqueue(timer); }
                        continue;
                    }
                    timer.Due = timer.Period > 0 ? now + timer.Period : Never;
                    if (timer.Period > 0) { Enqueue(timer); }
                }
                else
                {
                    _queue.Dequeue();
                    continue;
                }
            }
            timer.Fire();
        }
    }

    /// <summary>Entries in the queue, those of timers that are not wanted any more among them.</summary>
    internal int Entries
    {
        get { lock (_queue) { return _queue.Count; } }
    }

    /// <summary>Nanoseconds on the monotonic clock, by which timers are due.</summary>
    private long Now => NetworkClock.Nanoseconds(this, GetTimestamp());

    private void Enqueue(OsTimer timer)
    {
        timer.EntryDue = timer.Due;
        _queue.Enqueue((timer, ++timer.Entry), (timer.Due, _order++));
    }

    internal sealed class OsTimer(OsLoopTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        /// <summary>The number of its entry in the queue that counts.</summary>
        public long Entry { get; set; }

        /// <summary>When that entry is due; <see cref="long.MaxValue"/> where there is none.</summary>
        public long EntryDue { get; set; } = Never;

        /// <summary>When it fires; <see cref="long.MaxValue"/> for never.</summary>
        public long Due { get; set; } = Never;

        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isEarlier = false;
            lock (time._queue)
            {
                if (_disposed) { return false; }
                // An infinite time span is -1 ms; a period of zero means once, as in the system's own timer.
                Period = period > TimeSpan.Zero ? period.ToNanoseconds() : 0;
                Due = dueTime >= TimeSpan.Zero ? time.Now + dueTime.ToNanoseconds() : Never;
                isEarlier = Due < EntryDue;
                if (isEarlier) { time.Enqueue(this); }
            }
            if (isEarlier) { time.Wake(); }
            return true;
        }

        public void Dispose()
        {
            lock (time._queue)
            {
                _disposed = true;
                // Whoever is remembered by it is not held any longer than needed.
                (Due, EntryDue) = (Never, Never);
                Entry++;
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
