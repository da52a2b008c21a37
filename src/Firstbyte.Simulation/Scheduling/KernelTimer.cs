using System.Runtime.CompilerServices;
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
    public bool IsSet => Position >= 0 || Compartment >= 0;

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

    /// <summary>Its place in the heap, -1 when it is not there.</summary>
    internal int Position { get; set; } = -1;

    /// <summary>Its compartment on the shelf, -1 when it does not lie there.</summary>
    internal int Compartment { get; set; } = -1;

    /// <summary>On the shelf: its time, its number, and its neighbours in the compartment.</summary>
    internal long At { get; set; }

    internal ulong Sequence { get; set; }

    internal KernelTimer? Next { get; set; }

    internal KernelTimer? Previous { get; set; }

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

/// <summary>The timers that are due soon, ordered by (time, sequence): a 4-ary heap in which every timer knows its own place.</summary>
internal sealed class TimerHeap
{
    private Entry[] _entries = new Entry[64];

    public int Count { get; private set; }

    public long NextAt => _entries[0].At;

    public bool Precedes(EventHeap events)
    {
        if (Count == 0) { return false; }
        if (events.Count == 0) { return true; }
        ref readonly var first = ref _entries[0];
        return first.At != events.NextAt ? first.At < events.NextAt : first.Sequence < events.NextSequence;
    }

    public void Set(KernelTimer timer, long at, ulong sequence)
    {
        var entry = new Entry(at, sequence, timer);
        var position = timer.Position;
        if (position < 0)
        {
            if (Count == _entries.Length) { Array.Resize(ref _entries, Count * 2); }
            Rise(Count++, entry);
        }
        else if (Precedes(entry, _entries[position])) { Rise(position, entry); }
        else { Sink(position, entry); }
    }

    public void Remove(KernelTimer timer)
    {
        var position = timer.Position;
        timer.Position = -1;
        var last = _entries[--Count];
        _entries[Count] = default;
        if (position == Count) { return; }
        if (position > 0 && Precedes(last, _entries[(position - 1) >> 2])) { Rise(position, last); }
        else { Sink(position, last); }
    }

    public (KernelTimer Timer, long At, ulong Sequence) Take()
    {
        var first = _entries[0];
        Remove(first.Timer);
        first.Timer.HasFired();
        return (first.Timer, first.At, first.Sequence);
    }

    private void Rise(int index, in Entry entry)
    {
        var entries = _entries;
        while (index > 0)
        {
            var parent = (index - 1) >> 2;
            if (!Precedes(entry, entries[parent])) { break; }
            entries[index] = entries[parent];
            entries[index].Timer.Position = index;
            index = parent;
        }
        entries[index] = entry;
        entry.Timer.Position = index;
    }

    private void Sink(int index, in Entry entry)
    {
        var entries = _entries;
        while (true)
        {
            var child = (index << 2) + 1;
            if (child >= Count) { break; }
            var least = child;
            var end = Math.Min(child + 4, Count);
            for (var i = child + 1; i < end; i++)
            {
                if (Precedes(entries[i], entries[least])) { least = i; }
            }
            if (!Precedes(entries[least], entry)) { break; }
            entries[index] = entries[least];
            entries[index].Timer.Position = index;
            index = least;
        }
        entries[index] = entry;
        entry.Timer.Position = index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Precedes(in Entry left, in Entry right) => left.At != right.At ? left.At < right.At : left.Sequence < right.Sequence;

    private readonly record struct Entry(long At, ulong Sequence, KernelTimer Timer);
}
