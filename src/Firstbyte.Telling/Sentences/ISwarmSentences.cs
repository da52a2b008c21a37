using Firstbyte.Simulation.Swarm;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Random worlds: what was broken in them, what held, what was covered.</summary>
public interface ISwarmSentences
{
    Phrase Progress(int done, ulong all, double perSecond, int broken);

    Phrase Shrinking(ulong seed);

    Phrase World(SwarmResult result);

    Phrase Fault(PlannedFault fault);

    Phrase WorldOutcome(SwarmResult result);

    Phrase Broken(ulong seed, Invariant invariant);

    /// <summary>The labels of a report, in a column.</summary>
    string FirstSeenLabel { get; }

    string WhatLabel { get; }

    string FaultsLabel { get; }

    string CaptureLabel { get; }

    string EventLogLabel { get; }

    string AgainLabel { get; }

    Phrase FirstSeen(Breach breach);

    Phrase FaultsNeeded(int planned, int needed);

    Phrase BrokenToo(IEnumerable<SwarmResult> broken);

    IReadOnlyList<string> SizeHeads { get; }

    IReadOnlyList<string> FaultHeads { get; }

    IReadOnlyList<string> InvariantHeads { get; }

    /// <summary>What was counted of a world, by its name in the coverage.</summary>
    string Size(string name);

    string Invariant(Invariant invariant);

    Phrase NotCovered(IEnumerable<string> gaps);

    Phrase Summary(int worlds, int broken, ulong? stoppedOf);

    Phrase Elapsed(double seconds);
}
