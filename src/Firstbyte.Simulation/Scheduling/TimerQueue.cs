using System.Numerics;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>The timers that are set: those of the next moment in a heap, all others on a shelf, so that a timer costs the same beside a million others.</summary>
/// <remarks>
/// Theory of operation. Most timers are moved or taken back long before they are due. Those that are due soon stand in a heap, in their
/// order; the others lie on a shelf, in the compartment of their time and in no order, where putting, moving and taking away is a matter of
/// three references. When the heap is empty and nothing else is to happen before the first compartment that is not, that compartment is
/// poured into the heap. Everything before the shelf's beginning is in the heap, so what fires next, and in which order, does not depend
/// on where a timer was kept.
/// </remarks>
internal sealed class TimerQueue
{
    private readonly TimerHeap _near = new();
    private readonly TimerShelf _far = new();

    public int Count => _near.Count + _far.Count;

    /// <summary>When the first is due; asked only after <see cref="Precedes"/> said that a timer is first.</summary>
    public long NextAt => _near.NextAt;

    /// <summary>Whether a timer is due before the first of the events.</summary>
    public bool Precedes(EventHeap events)
    {
        if (_near.Count == 0)
        {
            if (_far.Count == 0 || (events.Count > 0 && events.NextAt < _far.NotBefore)) { return false; }
            _far.PourFirst(_near);
        }
        return _near.Precedes(events);
    }

    public void Set(KernelTimer timer, long at, ulong sequence)
    {
        if (_far.Takes(at))
        {
            if (timer.Position >= 0) { _near.Remove(timer); }
            _far.Set(timer, at, sequence);
            return;
        }
        if (timer.Compartment >= 0) { _far.Remove(timer); }
        _near.Set(timer, at, sequence);
    }

    public void Remove(KernelTimer timer)
    {
        if (timer.Compartment >= 0) { _far.Remove(timer); }
        else { _near.Remove(timer); }
    }

    public (KernelTimer Timer, long At, ulong Sequence) Take() => _near.Take();
}

/// <summary>Timers that are not due for a while, by the compartment of their time.</summary>
internal sealed class TimerShelf
{
    /// <summary>A compartment is 2^28 ns wide: a quarter of a second, about a retransmission timeout.</summary>
    private const int Shift = 28;

    /// <summary>Compartments: four and a half minutes. What is due later lies beyond, and is sorted in once in that time.</summary>
    private const int Compartments = 1_024;

    private const int Words = Compartments / 64;

    // The last holds what lies beyond.
    private readonly KernelTimer?[] _first = new KernelTimer?[Compartments + 1];
    private readonly ulong[] _occupied = new ulong[Words];
    private long _begin;
    private long _notBefore = long.MaxValue;
    private long _beyondNotBefore = long.MaxValue;
    private int _beyond;

    public int Count { get; private set; }

    /// <summary>No timer on the shelf is due before this.</summary>
    public long NotBefore => _notBefore << Shift;

    public bool Takes(long at) => at >> Shift >= _begin;

    public void Set(KernelTimer timer, long at, ulong sequence)
    {
        var number = at >> Shift;
        var isBeyond = number >= _begin + Compartments;
        var compartment = isBeyond ? Compartments : (int)(number & (Compartments - 1));
        timer.At = at;
        timer.Sequence = sequence;
        if (timer.Compartment >= 0 && timer.Compartment != compartment) { Remove(timer); }
        // What was taken away leaves its bounds behind: they are true, only lower than they need be.
        if (Count == 0) { _notBefore = _beyondNotBefore = long.MaxValue; }
        if (isBeyond) { _beyondNotBefore = Math.Min(_beyondNotBefore, number); }
        _notBefore = Math.Min(_notBefore, number);
        if (timer.Compartment < 0) { Put(timer, compartment); }
    }

    public void Remove(KernelTimer timer)
    {
        var compartment = timer.Compartment;
        timer.Compartment = -1;
        if (timer.Next is { } next) { next.Previous = timer.Previous; }
        if (timer.Previous is { } previous) { previous.Next = timer.Next; }
        else
        {
            _first[compartment] = timer.Next;
            if (timer.Next is null && compartment < Compartments) { _occupied[compartment >> 6] &= ~(1UL << (compartment & 63)); }
        }
        (timer.Next, timer.Previous) = (null, null);
        if (compartment == Compartments) { _beyond--; }
        Count--;
    }

    /// <summary>Pours the first compartment that is not empty into the heap.</summary>
    public void PourFirst(TimerHeap heap)
    {
        var compartment = FirstOccupied();
        if (_beyond > 0 && (compartment < 0 || _beyondNotBefore <= NumberOf(compartment)))
        {
            SortInBeyond(isRestEmpty: compartment < 0);
            compartment = FirstOccupied();
        }
        _begin = NumberOf(compartment) + 1;
        while (_first[compartment] is { } timer)
        {
            Remove(timer);
            heap.Set(timer, timer.At, timer.Sequence);
        }
        if (Count > 0) { _notBefore = _begin; }
    }

    private void Put(KernelTimer timer, int compartment)
    {
        timer.Compartment = compartment;
        timer.Next = _first[compartment];
        if (timer.Next is { } next) { next.Previous = timer; }
        _first[compartment] = timer;
        if (compartment == Compartments) { _beyond++; }
        else { _occupied[compartment >> 6] |= 1UL << (compartment & 63); }
        Count++;
    }

    /// <summary>Puts what lay beyond and is in reach now into its compartments; when nothing else is there the shelf begins at the first of it.</summary>
    private void SortInBeyond(bool isRestEmpty)
    {
        if (isRestEmpty)
        {
            var earliest = long.MaxValue;
            for (var timer = _first[Compartments]; timer is not null; timer = timer.Next) { earliest = Math.Min(earliest, timer.At >> Shift); }
            _begin = earliest;
        }
        _beyondNotBefore = long.MaxValue;
        for (var timer = _first[Compartments]; timer is not null;)
        {
            var next = timer.Next;
            var number = timer.At >> Shift;
            if (number < _begin + Compartments)
            {
                Remove(timer);
                Put(timer, (int)(number & (Compartments - 1)));
            }
            else { _beyondNotBefore = Math.Min(_beyondNotBefore, number); }
            timer = next;
        }
    }

    private long NumberOf(int compartment) => _begin + ((compartment - _begin) & (Compartments - 1));

    private int FirstOccupied()
    {
        var start = (int)(_begin & (Compartments - 1));
        for (var i = 0; i <= Words; i++)
        {
            var word = ((start >> 6) + i) & (Words - 1);
            var bits = _occupied[word];
            // The first word from where the shelf begins on; the same word once more, at the end, for what comes before.
            if (i == 0) { bits &= ulong.MaxValue << (start & 63); }
            if (i == Words) { bits &= ~(ulong.MaxValue << (start & 63)); }
            if (bits != 0) { return (word << 6) + BitOperations.TrailingZeroCount(bits); }
        }
        return -1;
    }
}
