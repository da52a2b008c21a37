using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>
/// The kernel's time as the base library wants it, read from one clock: Task.Delay, CancellationTokenSource and PeriodicTimer with this
/// provider wait in virtual time.
/// </summary>
/// <remarks>
/// Theory of operation. The kernel's own time is the truth; every host of an internet has a clock of its own, which may be wrong. A clock has two
/// readings, as on a real machine: the monotonic one (timestamps, timers, the host's TCP) only runs too fast or too slow; the calendar is
/// the monotonic one plus an offset and is what jumps when the clock is set. A timer is set for a monotonic reading; when the rate
/// changes, every timer that is set moves to the instant at which the clock will now show it. Task.Delay cuts to whole milliseconds
/// before it asks; what needs nanoseconds uses <see cref="Kernel.Delay"/> or <see cref="KernelTimer"/>.
/// </remarks>
public sealed class VirtualTime : TimeProvider, INanosecondClock, IObservedClock
{
    /// <summary>The fastest drift, in parts per million either way (own choice: a tenth; quartz drifts by some tens).</summary>
    public const int MaxDrift = 100_000;

    private const long Million = 1_000_000;

    private readonly Kernel _kernel;
    private readonly List<IClockTimer> _timers = [];
    private long _trueAnchor = Instant.SimulationEpoch.Nanoseconds;
    private long _localAnchor = Instant.SimulationEpoch.Nanoseconds;
    private long _offset;
    private int _drift;

    internal VirtualTime(Kernel kernel) => _kernel = kernel;

    /// <summary>The calendar of this clock.</summary>
    public Instant Now => Monotonic.PlusNanoseconds(_offset);

    /// <summary>The world's own time, whatever this clock shows: the time of whoever looks on.</summary>
    public Instant Observed => _kernel.Now;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000_000_000;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The monotonic reading as an instant; it begins at the world's epoch.</summary>
    internal Instant Monotonic
    {
        get
        {
            var passed = _kernel.Now.Nanoseconds - _trueAnchor;
            return new Instant(_localAnchor + passed + (_drift == 0 ? 0 : (long)((Int128)passed * _drift / Million)));
        }
    }

    /// <summary>Nanoseconds of the monotonic reading since the world's epoch.</summary>
    public override long GetTimestamp() => Monotonic.Nanoseconds - Instant.SimulationEpoch.Nanoseconds;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();

    /// <summary>A timer in virtual time; its callback runs in the pump, outside any task.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _kernel.RequireInside("timer");
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the calendar to the truth plus an offset and lets the clock run too fast by so many parts per million (negative: too slow).</summary>
    internal void Skew(TimeSpan offset, int driftPartsPerMillion)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(driftPartsPerMillion), MaxDrift);
        _localAnchor = Monotonic.Nanoseconds;
        _trueAnchor = _kernel.Now.Nanoseconds;
        _drift = driftPartsPerMillion;
        _offset = _trueAnchor + offset.ToNanoseconds() - _localAnchor;
        foreach (var timer in _timers) { timer.Move(); }
    }

    /// <summary>When the world's time will be that at which the monotonic reading is the given one.</summary>
    internal Instant TrueTimeOf(Instant monotonic)
    {
        if (monotonic == Instant.Never) { return monotonic; }
        var passed = monotonic.Nanoseconds - _localAnchor;
        if (_drift != 0)
        {
            // Rounded up: the clock shows the reading then, and not a nanosecond less.
            var scaled = (Int128)passed * Million;
            var rate = Million + _drift;
            passed = (long)(scaled / rate + (scaled % rate > 0 ? 1 : 0));
        }
        return new Instant(_trueAnchor + passed);
    }

    /// <summary>A timer that is set from now on, until <see cref="Forget"/>.</summary>
    internal void Remember(IClockTimer timer)
    {
        timer.Place = _timers.Count;
        _timers.Add(timer);
    }

    internal void Forget(IClockTimer timer)
    {
        if (timer.Place < 0) { return; }
        var last = _timers[^1];
        _timers[timer.Place] = last;
        last.Place = timer.Place;
        _timers.RemoveAt(_timers.Count - 1);
        timer.Place = -1;
    }

    private sealed class VirtualTimer : ITimer, IKernelEvent, IClockTimer
    {
        private readonly VirtualTime _clock;
        private readonly KernelTimer _timer;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private Instant _due;
        private long _period;
        private bool _isDisposed;

        public VirtualTimer(VirtualTime clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _callback = callback;
            _state = state;
            _timer = new KernelTimer(clock._kernel, this, 0, firesOutside: true);
        }

        public int Place { get; set; } = -1;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed) { return false; }
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
            _period = period > TimeSpan.Zero ? period.ToNanoseconds() : 0;
            if (dueTime < TimeSpan.Zero) { Cancel(); }
            else { Set(_clock.Monotonic.PlusNanoseconds(dueTime.ToNanoseconds())); }
            return true;
        }

        public void Move() => _timer.Set(_clock.TrueTimeOf(_due));

        public void Fire(long argument)
        {
            if (_period > 0) { Set(_due.PlusNanoseconds(_period)); }
            else { _clock.Forget(this); }
            _callback(_state);
        }

        public void Dispose()
        {
            if (_isDisposed) { return; }
            Cancel();
            _isDisposed = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Set(Instant due)
        {
            _due = due;
            if (Place < 0) { _clock.Remember(this); }
            Move();
        }

        private void Cancel()
        {
            _timer.Cancel();
            _clock.Forget(this);
        }
    }
}

/// <summary>A timer that is set for a reading of a clock.</summary>
internal interface IClockTimer
{
    /// <summary>Its place among the clock's timers; -1 while it is not set. The clock's own.</summary>
    int Place { get; set; }

    /// <summary>The clock runs at another rate now: the timer is set anew.</summary>
    void Move();
}
