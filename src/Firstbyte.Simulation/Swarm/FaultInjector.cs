using Firstbyte.Dns.Outcomes;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Gives the planned faults to the world's table of faults, and counts how often each kind did something.</summary>
internal sealed class FaultInjector
{
    /// <summary>
    /// For so long after its end a fault may still make something fail: a resolver lets a silent server rest
    /// (<see cref="ResolutionLimits.DeadTime"/>), a stack looks for a neighbour again.
    /// </summary>
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(75);

    private readonly SwarmWorld _world;

    public FaultInjector(SwarmWorld world)
    {
        _world = world;
        Table = new FaultTable(world.Kernel, world.EventSink);
        foreach (var kind in world.Plan.FaultRegistry.Random) { Fired.Add(kind.Name, 0); }
        foreach (var planned in world.Plan.Faults) { Add(planned); }
    }

    /// <summary>The faults themselves, as in every world.</summary>
    public FaultTable Table { get; }

    /// <summary>How often each kind did something: frames lost, doubled, held back, damaged, slowed or unheard; machines crashed.</summary>
    public OrderedDictionary<string, long> Fired { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether something that began at an instant and has failed now may have failed by a fault.</summary>
    public bool Explain(Instant began)
    {
        foreach (var fault in _world.Plan.Faults)
        {
            var from = Instant.SimulationEpoch.PlusNanoseconds(fault.FromNanoseconds);
            var until = Instant.SimulationEpoch.PlusNanoseconds(fault.UntilNanoseconds);
            if (from <= _world.Kernel.Now && began <= until + s_aftermath) { return true; }
        }
        return false;
    }

    private void Add(PlannedFault planned)
    {
        var (from, until) = (
            Instant.SimulationEpoch.PlusNanoseconds(planned.FromNanoseconds),
            Instant.SimulationEpoch.PlusNanoseconds(planned.UntilNanoseconds));
        foreach (var place in planned.Places)
        {
            var wire = _world.Wires.GetValueOrDefault(place);
            var fault = (wire is null ? planned.Kind.OnMachine(_world.Station(place), planned.Amount) : planned.Kind.OnCable(wire, planned.Amount))
                ?? throw new InvalidOperationException($"'{planned.Kind}' does not befall {place}");
            // Set before the fault's own beginning and end, and so counted before it changes anything.
            _world.Kernel.Schedule(from, () => { if (wire is null) { Fired[planned.Kind.Name] += fault.IsState ? 1 : 0; } else { Harvest(place, wire); } });
            _world.Kernel.Schedule(
                until, () =>
                {
                    if (wire is null) { Fired[planned.Kind.Name] += Table.ObjectionsOf(fault); }
                    else { Harvest(place, wire); }
                });
            Table.Add(fault = fault with { From = from, Until = until });
        }
    }

    /// <summary>Counts what the active faults of a wire have done to frames since the last look.</summary>
    private void Harvest(string name, Wire wire)
    {
        var counters = _world.Counters[name];
        var now = WireCounters.Of(wire);
        foreach (var fault in _world.Plan.Faults)
        {
            if (fault.Places.Contains(name) && IsRunning(fault)) { Fired[fault.Kind.Name] += fault.Kind.Fired(now.Since(counters)); }
        }
        _world.Counters[name] = now;
    }

    // At its end a fault is out of the list already, and what it did until now is still its own.
    private bool IsRunning(PlannedFault fault)
    {
        var now = _world.Kernel.Now.Nanoseconds - Instant.SimulationEpoch.Nanoseconds;
        return fault.FromNanoseconds < now && now <= fault.UntilNanoseconds;
    }
}
