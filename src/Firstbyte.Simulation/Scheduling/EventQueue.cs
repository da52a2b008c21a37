namespace Firstbyte.Simulation.Scheduling;

/// <summary>Everything that is to happen in a world, first come first: events and timers in one total order of (time, sequence number).</summary>
/// <remarks>
/// Theory of operation. What is due next stands in a small heap; everything else lies in a <see cref="TimeWheel"/>, in the slot of its time and in
/// no order. Whatever is due before the <em>horizon</em> is in the heap, so the order does not depend on where a thing was kept.
/// <code>
///        now          horizon
///         │ heap, sorted │ wheel: slots of one time span each, unsorted                │
///   ──────┴──────────────┴────────┬────────┬────────┬────────────────┬─────────────────▶ time
///                     ◄── the first slot is poured into the heap when that is empty
/// </code>
/// The heap stays small: one that overflows gives its later half to the wheel, and a slot that holds too many is dealt out to finer slots first. So a
/// thing is moved a handful of times whatever their number, and always in runs of memory: what a million pending events cost is a cache miss or two.
/// <para>
/// A timer has at most one entry that counts. Moved to a later time it keeps it, and is put back when that one comes up; moved to an
/// earlier time, or taken back, it leaves an entry behind that no longer counts. Those are thrown away as they come up, and swept out when
/// they are more than what counts.
/// </para>
/// </remarks>
internal sealed class EventQueue
{
    /// <summary>Things that the heap holds before it gives half of them away: three to four levels.</summary>
    private const int MaxNear = 128;

    /// <summary>Fewer left-behind entries than this are not worth a walk over everything.</summary>
    private const int MinSweep = 4_096;

    private readonly EventHeap _near = new();
    private readonly TimeWheel _far = new();
    private int _spillAt = MaxNear;
    private long _horizon = long.MaxValue;

    /// <summary>What is still to happen.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an event, which cannot be taken back.</summary>
    public void Add(long at, ulong sequence, object target, long argument)
    {
        Count++;
        Put(new EventEntry(at, sequence, target, argument));
    }

    /// <summary>Sets or moves a timer.</summary>
    public void Set(KernelTimer timer, long at, ulong sequence)
    {
        if (!timer.IsPending) { Count++; }
        (timer.IsPending, timer.At, timer.Sequence) = (true, at, sequence);
        // The entry it has comes up in time, and then it is put where it belongs.
        if (timer.EntrySequence != 0 && timer.EntryAt <= at) { return; }
        PutEntry(timer);
        if (_near.Count + _far.Count - Count is var left && left > MinSweep && left > Count) { Sweep(); }
    }

    /// <summary>Takes a timer back.</summary>
    public void Remove(KernelTimer timer)
    {
        timer.IsPending = false;
        Count--;
    }

    /// <summary>Looks for the first thing to happen; false when there is none up to and including <paramref name="until"/>.</summary>
    public bool TryPeek(long until)
    {
        while (_near.Count > 0 || TryPour(until))
        {
            if (_near.FirstAt > until) { return false; }
            if (_near.FirstTarget is not KernelTimer timer || (timer.IsPending && timer.Sequence == _near.FirstSequence)) { return true; }
            // An entry that no longer counts, or the one of a timer that was moved.
            var isOwn = timer.EntrySequence == _near.FirstSequence;
            _near.Take();
            if (!isOwn) { continue; }
            timer.EntrySequence = 0;
            if (timer.IsPending) { PutEntry(timer); }
        }
        return false;
    }

    /// <summary>Takes what <see cref="TryPeek"/> has found.</summary>
    public EventEntry Take()
    {
        Count--;
        var first = _near.Take();
        if (first.Target is KernelTimer timer) { (timer.IsPending, timer.EntrySequence) = (false, 0); }
        return first;
    }

    private static bool Counts(in EventEntry entry) => entry.Target is not KernelTimer timer || (timer.IsPending && timer.EntrySequence == entry.Sequence);

    private void PutEntry(KernelTimer timer)
    {
        (timer.EntryAt, timer.EntrySequence) = (timer.At, timer.Sequence);
        Put(new EventEntry(timer.At, timer.Sequence, timer, 0));
    }

    private void Put(in EventEntry entry)
    {
        if (entry.At < _horizon && _near.Count >= _spillAt) { Spill(); }
        if (entry.At < _horizon) { _near.Add(entry); }
        else { _far.Add(entry); }
    }

    // The later half goes to the wheel. Things of one instant stay together: nothing but their numbers tells them apart.
    private void Spill()
    {
        _near.Join();
        Span<long> times = stackalloc long[MaxNear];
        for (var i = 0; i < MaxNear; i++) { times[i] = _near.AtOf(i); }
        times.Sort();
        if (_far.Count == 0) { _far.Begin = times[0]; }
        _horizon = Math.Max(times[MaxNear / 2], _far.Begin);
        for (var i = _near.Count - 1; i >= 0; i--)
        {
            if (_near.AtOf(i) >= _horizon) { _far.Add(_near.TakeAt(i)); }
        }
        _near.Order();
        // Nearly all of one instant: another try is worth it when there are twice as many.
        _spillAt = Math.Max(MaxNear, _near.Count * 2);
    }

    private bool TryPour(long until)
    {
        var isFound = _far.TryTakeFirst(until, MaxNear / 2, out var slot);
        // Also when there is none: the search may have brought the wheel's beginning forward.
        _horizon = _far.NotBefore;
        if (!isFound) { return false; }
        _spillAt = Math.Max(MaxNear, slot.Count * 2);
        while (slot.TryTake(out var entry)) { _near.Append(entry); }
        _near.Order();
        return true;
    }

    private void Sweep()
    {
        _near.Join();
        for (var i = _near.Count - 1; i >= 0; i--)
        {
            var entry = _near[i];
            if (Counts(entry)) { continue; }
            _near.TakeAt(i);
            Forget(entry);
        }
        _near.Order();
        _far.Sweep(Counts, Forget);
    }

    private static void Forget(EventEntry entry)
    {
        if (entry.Target is KernelTimer timer && timer.EntrySequence == entry.Sequence) { timer.EntrySequence = 0; }
    }
}

/// <summary>Something that is to happen: when, its place among what happens at that instant, whose it is and what that is given.</summary>
/// <remarks>The target is an <see cref="IKernelEvent"/>, an <see cref="Action"/> or a <see cref="KernelTimer"/>.</remarks>
internal readonly record struct EventEntry(long At, ulong Sequence, object Target, long Argument);
