using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>A timer in virtual nanoseconds. Setting it again moves it; nothing is left behind, however often.</summary>
public sealed class KernelTimer
{
    private readonly Kernel _kernel;

    internal KernelTimer(Kernel kernel, IKernelEvent target, long argument, bool firesOutside = false)
    {
        _kernel = kernel;
        Target = target;
        Argument = argument;
        FiresOutside = firesOutside;
    }

    /// <summary>Whether it will fire.</summary>
    public bool IsSet => IsPending;

    /// <summary>When it will fire; <see cref="Instant.Never"/> when it is not set.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>Nobody waits for it: a world in which only such timers are left has come to rest. Counts from the next <see cref="Set"/> on.</summary>
    public bool IsHousekeeping { get; set; }

    /// <summary>It was housekeeping when it was set.</summary>
    internal bool IsCountedAsHousekeeping { get; set; }

    internal IKernelEvent Target { get; }

    internal long Argument { get; }

    /// <summary>Whether its target belongs to the base library and therefore has to be fired outside any task.</summary>
    internal bool FiresOutside { get; }

    /// <summary>It stands in the queue, for <see cref="At"/> and <see cref="Sequence"/>.</summary>
    internal bool IsPending { get; set; }

    internal long At { get; set; }

    internal ulong Sequence { get; set; }

    /// <summary>The entry that it has in the queue, not later than what it is set for: its time, and its number; 0 when it has none.</summary>
    internal long EntryAt { get; set; }

    internal ulong EntrySequence { get; set; }

    /// <summary>Sets or moves it. At one instant, timers and events fire in the order in which they were set.</summary>
    public void Set(Instant deadline)
    {
        _kernel.RequireInside("timer");
        Deadline = deadline;
        _kernel.SetTimer(this, deadline.Nanoseconds);
    }

    /// <summary>Sets or moves it relative to now.</summary>
    public void SetAfter(long nanoseconds) => Set(_kernel.Now.PlusNanoseconds(nanoseconds));

    /// <summary>Takes it back; harmless when it is not set.</summary>
    public void Cancel()
    {
        _kernel.RequireInside("timer");
        if (IsSet) { _kernel.CancelTimer(this); }
        Deadline = Instant.Never;
    }

    internal void HasFired() => Deadline = Instant.Never;
}
