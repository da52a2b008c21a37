using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

/// <summary>Something of a host that must be looked at by a certain time: a connection, a neighbour, an unfinished packet.</summary>
public abstract class HostTimer
{
    internal int Position { get; set; } = -1;

    /// <summary>When; <see cref="Instant.Never"/> when it waits for nothing.</summary>
    public Instant Deadline { get; internal set; } = Instant.Never;

    /// <summary>It comes again and again, or tidies up: nobody waits for it.</summary>
    internal virtual bool IsHousekeeping => false;

    internal abstract void OnDeadline(HostStack stack);
}

/// <summary>
/// The timers of a host, ordered by time and, at one time, by the order in which they were set. Each knows its own place, so moving one
/// leaves nothing behind.
/// </summary>
internal sealed class DeadlineQueue
{
    private Entry[] _entries = new Entry[16];
    private ulong _sequence;

    public int Count { get; private set; }

    /// <summary>Timers that are more than housekeeping.</summary>
    public int Awaited { get; private set; }

    public Instant Next => Count == 0 ? Instant.Never : new Instant(_entries[0].At);

    public void Set(HostTimer timer, Instant deadline)
    {
        if (timer.Deadline == deadline && timer.Position >= 0) { return; }
        timer.Deadline = deadline;
        if (deadline == Instant.Never)
        {
            if (timer.Position >= 0) { Remove(timer); }
            return;
        }
        var entry = new Entry(deadline.Nanoseconds, ++_sequence, timer);
        if (timer.Position < 0)
        {
            if (Count == _entries.Length) { Array.Resize(ref _entries, Count * 2); }
            if (!timer.IsHousekeeping) { Awaited++; }
            Rise(Count++, entry);
        }
        else if (Precedes(entry, _entries[timer.Position])) { Rise(timer.Position, entry); }
        else { Sink(timer.Position, entry); }
    }

    public bool TryTake(Instant now, out HostTimer timer)
    {
        if (Count == 0 || _entries[0].At > now.Nanoseconds)
        {
            timer = null!;
            return false;
        }
        timer = _entries[0].Timer;
        Remove(timer);
        timer.Deadline = Instant.Never;
        return true;
    }

    private void Remove(HostTimer timer)
    {
        var position = timer.Position;
        timer.Position = -1;
        if (!timer.IsHousekeeping) { Awaited--; }
        var last = _entries[--Count];
        _entries[Count] = default;
        if (position == Count) { return; }
        if (position > 0 && Precedes(last, _entries[(position - 1) / 2])) { Rise(position, last); }
        else { Sink(position, last); }
    }

    private void Rise(int index, in Entry entry)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!Precedes(entry, _entries[parent])) { break; }
            Put(index, _entries[parent]);
            index = parent;
        }
        Put(index, entry);
    }

    private void Sink(int index, in Entry entry)
    {
        while (true)
        {
            var child = 2 * index + 1;
            if (child >= Count) { break; }
            if (child + 1 < Count && Precedes(_entries[child + 1], _entries[child])) { child++; }
            if (!Precedes(_entries[child], entry)) { break; }
            Put(index, _entries[child]);
            index = child;
        }
        Put(index, entry);
    }

    private void Put(int index, in Entry entry)
    {
        _entries[index] = entry;
        entry.Timer.Position = index;
    }

    private static bool Precedes(in Entry left, in Entry right) => left.At != right.At ? left.At < right.At : left.Sequence < right.Sequence;

    private readonly record struct Entry(long At, ulong Sequence, HostTimer Timer);
}
