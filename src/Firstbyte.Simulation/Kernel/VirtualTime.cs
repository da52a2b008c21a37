using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation;

/// <summary>The kernel's clock as the base library wants it: Task.Delay, CancellationTokenSource and PeriodicTimer with this provider wait in virtual time.</summary>
/// <remarks>Task.Delay cuts to whole milliseconds before it asks; what needs nanoseconds uses <see cref="Kernel.Delay"/> or <see cref="KernelTimer"/>.</remarks>
public sealed class VirtualTime : TimeProvider, INanosecondClock
{
    private readonly Kernel _kernel;

    internal VirtualTime(Kernel kernel) => _kernel = kernel;

    /// <inheritdoc/>
    public Instant Now => _kernel.Now;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000_000_000;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Nanoseconds since the world's epoch.</summary>
    public override long GetTimestamp() => _kernel.Now.Nanoseconds - Instant.SimulationEpoch.Nanoseconds;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _kernel.Now.ToDateTimeOffset();

    /// <summary>A timer in virtual time; its callback runs in the pump, outside any task.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _kernel.RequireInside("timer");
        var timer = new VirtualTimer(_kernel, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer : ITimer, IKernelEvent
    {
        private readonly Kernel _kernel;
        private readonly KernelTimer _timer;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private long _period;
        private bool _isDisposed;

        public VirtualTimer(Kernel kernel, TimerCallback callback, object? state)
        {
            _kernel = kernel;
            _callback = callback;
            _state = state;
            _timer = new KernelTimer(kernel, this, 0, firesOutside: true);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed) { return false; }
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
            _period = period > TimeSpan.Zero ? period.Ticks * 100 : 0;
            if (dueTime < TimeSpan.Zero) { _timer.Cancel(); }
            else { _timer.SetAfter(dueTime.Ticks * 100); }
            return true;
        }

        public void Fire(long argument)
        {
            if (_period > 0) { _timer.Set(_kernel.Now.PlusNanoseconds(_period)); }
            _callback(_state);
        }

        public void Dispose()
        {
            if (_isDisposed) { return; }
            _timer.Cancel();
            _isDisposed = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
