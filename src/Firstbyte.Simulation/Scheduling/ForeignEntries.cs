namespace Firstbyte.Simulation.Scheduling;

/// <summary>Entries into a world from outside its pump, perhaps from several threads at once: counted, and the first of them named.</summary>
internal sealed class ForeignEntries
{
    private int _count;
    private string? _first;

    public int Count => Volatile.Read(ref _count);

    public void Add(string entry)
    {
        if (Interlocked.Increment(ref _count) == 1) { Volatile.Write(ref _first, entry); }
    }

    /// <exception cref="ForeignEntryException">There were some.</exception>
    public void ThrowIfAny()
    {
        if (Count != 0) { throw new ForeignEntryException(Volatile.Read(ref _first) ?? "entry", Count); }
    }
}
