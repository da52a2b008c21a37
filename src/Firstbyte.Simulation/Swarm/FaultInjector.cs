using Firstbyte.Dns.Outcomes;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Makes the planned faults happen, counts how often each kind did something, and takes them back.</summary>
internal sealed class FaultInjector
{
    /// <summary>For so long after its end a fault may still make something fail: a resolver lets a silent server rest (<see cref="ResolutionLimits.DeadTime"/>), a stack looks for a neighbour again.</summary>
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(75);

    private readonly SwarmWorld _world;
    private readonly Dictionary<string, WireSettings> _healthy = new(StringComparer.Ordinal);
    private readonly List<PlannedFault> _active = [];

    public FaultInjector(SwarmWorld world)
    {
        _world = world;
        foreach (var kind in world.Plan.FaultRegistry.Random) { Fired.Add(kind.Name, 0); }
        foreach (var (name, wire) in world.Wires) { _healthy.Add(name, wire.A.Settings); }
        foreach (var fault in world.Plan.Faults)
        {
            var (from, until) = (Instant.SimulationEpoch.PlusNanoseconds(fault.FromNanoseconds), Instant.SimulationEpoch.PlusNanoseconds(fault.UntilNanoseconds));
            world.Kernel.Schedule(from, () => Begin(fault));
            world.Kernel.Schedule(until, () => End(fault));
        }
    }

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

    private void Begin(PlannedFault fault)
    {
        _active.Add(fault);
        foreach (var place in fault.Places)
        {
            if (_world.Wires.TryGetValue(place, out var wire)) { Apply(place, wire); }
            else { Fired[fault.Kind.Name] += fault.Kind.Begin(_world.Station(place), fault.Amount); }
        }
    }

    private void End(PlannedFault fault)
    {
        if (!_active.Remove(fault)) { return; }
        foreach (var place in fault.Places)
        {
            if (_world.Wires.TryGetValue(place, out var wire)) { Apply(place, wire); }
            else
            {
                var isLast = !_active.Exists(other => other.Kind == fault.Kind && other.Places.Contains(place));
                Fired[fault.Kind.Name] += fault.Kind.End(_world.Station(place), isLast);
            }
        }
    }

    /// <summary>Puts a wire into the state that all active faults together make.</summary>
    private void Apply(string name, Wire wire)
    {
        Harvest(name, wire);
        var (settings, directions) = (_healthy[name], (Up: true, Down: true));
        foreach (var fault in _active)
        {
            if (!fault.Places.Contains(name)) { continue; }
            settings = fault.Kind.Impair(settings, fault.Amount);
            directions = fault.Kind.Carry(directions, fault.Amount);
        }
        (wire.A.Settings, wire.B.Settings) = (settings, settings);
        (wire.A.IsUp, wire.B.IsUp) = directions;
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
