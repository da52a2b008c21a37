using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>The simulation itself failed (not a program inside it): the proof of a run does not hold.</summary>
public abstract class SimulationException : Exception
{
    private protected SimulationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The world was touched from outside its pump: something left the simulation's thread, so its order is no longer the seed's.</summary>
public sealed class ForeignEntryException : SimulationException
{
    /// <summary>A foreign call of <paramref name="entry"/>.</summary>
    public ForeignEntryException(string entry, int count = 1)
        : base(count == 1
            ? $"The simulation was entered from outside its pump ({entry}): a continuation went to the thread pool, or a call came from another thread."
            : $"The simulation was entered {count} times from outside its pump, first by '{entry}': a continuation went to the thread pool, or a call came from another thread.")
    {
        Entry = entry;
        Count = count;
    }

    /// <summary>The entry that was called: schedule, timer, delay, task, or a socket call.</summary>
    public string Entry { get; }

    /// <summary>How many such calls there were.</summary>
    public int Count { get; }
}

/// <summary>A program that should run as long as its world, such as a server, ended with an exception: a mistake in it.</summary>
public sealed class ServiceFailedException : SimulationException
{
    internal ServiceFailedException(string service, string host, Exception error)
        : base($"The service '{service}' on {host} failed ({error.GetType().Name})", error)
    {
        Service = service;
        Host = host;
    }

    /// <summary>What it is called.</summary>
    public string Service { get; }

    /// <summary>Where it ran.</summary>
    public string Host { get; }
}

/// <summary>Work of the run was done by the thread pool: it left the simulation.</summary>
public sealed class ForeignWorkException : SimulationException
{
    internal ForeignWorkException(long items)
        : base($"The thread pool finished {items} work items during the run: something left the simulation.") => Items = items;

    /// <summary>How many work items the pool finished.</summary>
    public long Items { get; }
}

/// <summary>Nothing is left to happen, but a journey has not ended: it waits for something that nobody will do.</summary>
public sealed class StalledException : SimulationException
{
    internal StalledException(Instant at, IReadOnlyList<SimulationRoot> unfinished, IReadOnlyList<WaitingCall> waits)
        : base(Describe(at, unfinished, waits))
    {
        At = at;
        Unfinished = unfinished;
        Waits = waits;
        // Servers that wait for whoever may come say nothing: the others are in the middle of something.
        OwnWaits = [.. waits.Where(wait => unfinished.Any(root => root.Host == wait.Host))];
        OtherWaits = [.. waits.Where(static wait => wait.HasPeer).Except(OwnWaits)];
    }

    /// <summary>When the world went idle.</summary>
    public Instant At { get; }

    /// <summary>The journeys that have not ended.</summary>
    public IReadOnlyList<SimulationRoot> Unfinished { get; }

    /// <summary>Every socket call that waits, those on the journeys' hosts first.</summary>
    public IReadOnlyList<WaitingCall> Waits { get; }

    /// <summary>Those of them on the journeys' own hosts.</summary>
    public IReadOnlyList<WaitingCall> OwnWaits { get; }

    /// <summary>Those of the other hosts that are in the middle of a conversation.</summary>
    public IReadOnlyList<WaitingCall> OtherWaits { get; }

    private static string Describe(Instant at, IReadOnlyList<SimulationRoot> unfinished, IReadOnlyList<WaitingCall> waits)
    {
        var roots = string.Join(", ", unfinished.Select(static root => $"'{root.Name}' on {root.Host}"));
        var seconds = (at.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1e9;
        return $"The world went idle at {seconds:0.000000} s with {roots} unfinished; calls that wait: {string.Join(", ", waits)}.";
    }
}

/// <summary>Two runs of one seed differ.</summary>
public sealed class DivergedException : SimulationException
{
    internal DivergedException(ulong seed, ulong first, ulong second, long firstEvents, long secondEvents)
        : base($"Two runs of seed {seed} differ: {firstEvents} events with trace {first:x16}, then {secondEvents} events with trace {second:x16}. Something in the world is not made from the seed.")
    {
        First = first;
        Second = second;
    }

    /// <summary>The trace of the first run.</summary>
    public ulong First { get; }

    /// <summary>The trace of the second run.</summary>
    public ulong Second { get; }
}

/// <summary>The proof that a world is made from its seed alone.</summary>
public static class Determinism
{
    /// <summary>Runs a world twice from one seed and compares the traces; returns the trace that both have.</summary>
    /// <param name="seed">The seed of both runs.</param>
    /// <param name="run">Builds its world on the kernel it is given and runs it.</param>
    /// <exception cref="DivergedException">The traces differ.</exception>
    public static ulong Prove(ulong seed, Action<Kernel> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var first = new Kernel(seed);
        run(first);
        var second = new Kernel(seed);
        run(second);
        return first.Trace.Value == second.Trace.Value && first.EventsFired == second.EventsFired
            ? first.Trace.Value
            : throw new DivergedException(seed, first.Trace.Value, second.Trace.Value, first.EventsFired, second.EventsFired);
    }
}
