using Firstbyte.Simulation.Swarm;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishSwarm : ISwarmSentences
{
    private readonly EnglishAmounts _amounts = new();
    private readonly EnglishFaults _faults = new();

    public Phrase Progress(int done, ulong all, double perSecond, int broken) =>
        $"{done:#,0} of {all:#,0} worlds, {perSecond:0} a second{(broken > 0 ? Say($", {broken} broken") : "")}";

    public Phrase Shrinking(ulong seed) => $"seed {seed}: shrinking the faults";

    public Phrase World(SwarmResult result) =>
        $"Seed {result.Seed}: {result.Subnets} subnets, {result.Routers} routers, {result.Hosts} hosts, {result.Journeys} journeys, {result.Deliveries:#,0} frame deliveries in {result.Seconds:0.0} s of its own time";

    public Phrase Fault(PlannedFault fault) =>
        $"{What(fault)}, from {_amounts.Duration(fault.FromNanoseconds)} to {_amounts.Duration(fault.UntilNanoseconds)}";

    // As a lab says it; what befalls many places is said of the first.
    private Phrase What(PlannedFault fault)
    {
        if (fault.Places.Count == 0 || fault.Kind.DefinitionAt(fault.Places[0], fault.Amount) is not { } definition)
        {
            return $"{_faults.Kind(fault.Kind.Name):words} at {string.Join(", ", fault.Places):name} ({fault.Amount})";
        }
        if (fault.Places.Count == 1) { return _faults.What(definition); }
        var others = string.Join(", ", fault.Places.Skip(1));
        return $"{_faults.What(definition)} (and so {(fault.Places.Count == 2 ? "is" : "are"):words} {others:name})";
    }

    public Phrase WorldOutcome(SwarmResult result) =>
        $"{(result.Breach is null ? "everything held" : "broken"):words}; {result.FailedJourneys} of the journeys failed while things went wrong; run fingerprint {result.TraceHash:x16} after {result.Events:#,0} events";

    public Phrase Broken(ulong seed, Invariant invariant) => $"BROKEN  seed {seed}: {Invariant(invariant):words}";

    public string FirstSeenLabel => "first seen";

    public string WhatLabel => "what";

    public string FaultsLabel => "faults";

    public string CaptureLabel => "capture";

    public string EventLogLabel => "event log";

    public string AgainLabel => "again by";

    public Phrase FirstSeen(Breach breach) => $"event {breach.EventNumber:#,0}, at {breach.Seconds:0.000000} s, on {breach.Machine:name}";

    public Phrase FaultsNeeded(int planned, int needed) => needed == 0 ? Say($"{planned} planned, none is needed") : $"{planned} planned, {needed} needed:";

    public Phrase BrokenToo(IEnumerable<SwarmResult> broken) =>
        $"broken too: {string.Join(", ", broken.Select(result => $"{result.Seed} ({Invariant(result.Breach!.Invariant)})")):words}";

    public IReadOnlyList<string> SizeHeads => ["worlds", "smallest", "median", "largest"];

    public IReadOnlyList<string> FaultHeads => ["faults", "did something"];

    public IReadOnlyList<string> InvariantHeads => ["invariants", "checked"];

    public string Size(string name) => name;

    public string Invariant(Invariant invariant) => invariant switch
    {
        Simulation.Swarm.Invariant.DeliveredBytes => "delivered bytes",
        Simulation.Swarm.Invariant.OfferedWindow => "offered window",
        Simulation.Swarm.Invariant.Checksum => "checksum",
        Simulation.Swarm.Invariant.HopLimit => "hop limit",
        Simulation.Swarm.Invariant.SequenceSpace => "sequence space",
        Simulation.Swarm.Invariant.SelectiveAcknowledgment => "selective acknowledgment",
        Simulation.Swarm.Invariant.Backoff => "backoff",
        Simulation.Swarm.Invariant.FourTuple => "four tuple",
        Simulation.Swarm.Invariant.NeighborFirst => "neighbor first",
        Simulation.Swarm.Invariant.ZoneData => "zone data",
        Simulation.Swarm.Invariant.TimeToLive => "time to live",
        Simulation.Swarm.Invariant.QueryBudget => "query budget",
        Simulation.Swarm.Invariant.ReleasedSockets => "released sockets",
        Simulation.Swarm.Invariant.OrderlyEnd => "orderly end",
        Simulation.Swarm.Invariant.Bounds => "bounds",
        Simulation.Swarm.Invariant.ReasonedFailure => "reasoned failure",
        Simulation.Swarm.Invariant.Recovery => "recovery",
        Simulation.Swarm.Invariant.NoException => "no exception",
    };

    public Phrase NotCovered(IEnumerable<string> gaps) => $"NOT COVERED: {string.Join(", ", gaps):words}";

    public Phrase Summary(int worlds, int broken, ulong? stoppedOf) =>
        $"{worlds:#,0} {(worlds == 1 ? "world" : "worlds"):words}{(stoppedOf is { } all ? Say($" of {all:#,0}, then stopped") : "")}: {(broken == 0 ? "everything held" : Say($"{broken:#,0} broken"))}";

    public Phrase Elapsed(double seconds) => $"in {seconds:0.0} s";
}
