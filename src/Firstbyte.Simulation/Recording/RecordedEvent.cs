using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Recording;

/// <summary>One thing that happened in a lab: a frame arrived, a timer fired, a command was given. With everything that was told about it.</summary>
/// <param name="Number">Its number in the run, from 1 on.</param>
/// <param name="Step">The kernel's count of events when it happened.</param>
/// <param name="At">When, in virtual time.</param>
/// <param name="Hash">The world's trace at that moment: everything before it, as one number.</param>
public sealed record RecordedEvent(int Number, long Step, Instant At, ulong Hash)
{
    private readonly List<TraceEvent> _changes = [];

    /// <summary>What was told about it, in order: frames, decisions with their table rows, rows that changed.</summary>
    public IReadOnlyList<TraceEvent> Changes => _changes;

    internal void Add(TraceEvent change) => _changes.Add(change);
}

/// <summary>A run has recorded as many events as it may: a new one has to be begun.</summary>
public sealed class RecordingFullException : SimulationException
{
    internal RecordingFullException(int events)
        : base($"The run has recorded {events} events, which is all it may.") => Events = events;

    /// <summary>How many events a run may record.</summary>
    public int Events { get; }
}

/// <summary>A run that was replayed from its seed did not become what had been recorded.</summary>
public sealed class ReplayDivergedException : SimulationException
{
    internal ReplayDivergedException(int number, string what)
        : base($"The replay is not what was recorded: event {number} {what}. Something in the world is not made from its seed, so there is no way back in this run.") => Number = number;

    /// <summary>The first event that differs.</summary>
    public int Number { get; }
}
