using Firstbyte.Dns.Outcomes;
using Firstbyte.Simulation.Elements;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Makes the planned faults happen, counts how often each kind did something, and takes them back.</summary>
internal sealed class FaultInjector
{
    /// <summary>For so long after its end a fault may still make something fail: a resolver lets a silent server rest (<see cref="ResolutionLimits.DeadTime"/>), a stack looks for a neighbour again.</summary>
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(75);

    /// <summary>A clock that runs 1,000 parts per million too fast is also 10 s ahead.</summary>
    private const int CalendarPerDrift = 10;

    private readonly SwarmWorld _world;
    private readonly Dictionary<string, WireSettings> _healthy = new(StringComparer.Ordinal);
    private readonly List<PlannedFault> _active = [];

    public FaultInjector(SwarmWorld world)
    {
        _world = world;
        foreach (var (name, wire) in world.Wires) { _healthy.Add(name, wire.A.Settings); }
        foreach (var fault in world.Plan.Faults)
        {
            var (from, until) = (Instant.SimulationEpoch.PlusNanoseconds(fault.FromNanoseconds), Instant.SimulationEpoch.PlusNanoseconds(fault.UntilNanoseconds));
            world.Kernel.Schedule(from, () => Begin(fault));
            world.Kernel.Schedule(until, () => End(fault));
        }
    }

    /// <summary>How often each kind did something: frames lost, doubled, held back, damaged, slowed or unheard; machines crashed.</summary>
    public long[] Fired { get; } = new long[Enum.GetValues<FaultKind>().Length];

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
        if (fault.Kind == FaultKind.Crash)
        {
            Fired[(int)fault.Kind]++;
            _world.Station(fault.Places[0]).Crash();
        }
        if (fault.Kind == FaultKind.Skew)
        {
            Fired[(int)fault.Kind]++;
            _world.Station(fault.Places[0]).Machine.Clock.Skew(TimeSpan.FromMilliseconds(fault.Amount * CalendarPerDrift), (int)fault.Amount);
        }
        Apply(fault);
    }

    private void End(PlannedFault fault)
    {
        if (!_active.Remove(fault)) { return; }
        if (fault.Kind == FaultKind.Crash && !_active.Exists(other => other.Kind == FaultKind.Crash && other.Places[0] == fault.Places[0]))
        {
            _world.Station(fault.Places[0]).Boot();
        }
        if (fault.Kind == FaultKind.Skew && !_active.Exists(other => other.Kind == FaultKind.Skew && other.Places[0] == fault.Places[0]))
        {
            _world.Station(fault.Places[0]).Machine.Clock.Skew(TimeSpan.Zero, 0);
        }
        Apply(fault);
    }

    /// <summary>Puts the places of a fault into the state that all active faults together make.</summary>
    private void Apply(PlannedFault fault)
    {
        foreach (var place in fault.Places)
        {
            if (fault.Kind == FaultKind.Silence)
            {
                var station = _world.Station(place);
                Fired[(int)FaultKind.Silence] += station.Unheard;
                station.Unheard = 0;
                station.IsSilent = _active.Exists(other => other.Kind == FaultKind.Silence && other.Places.Contains(place));
            }
            else if (_world.Wires.TryGetValue(place, out var wire)) { Apply(place, wire); }
        }
    }

    private void Apply(string name, Wire wire)
    {
        Harvest(name, wire);
        var settings = _healthy[name];
        var (up, down) = (true, true);
        foreach (var fault in _active)
        {
            if (!fault.Places.Contains(name)) { continue; }
            switch (fault.Kind)
            {
                case FaultKind.Loss: settings = settings with { LossMillionths = (int)fault.Amount }; break;
                case FaultKind.Duplication: settings = settings with { DuplicateMillionths = (int)fault.Amount }; break;
                case FaultKind.Reordering: settings = settings with { ReorderMillionths = (int)fault.Amount, ReorderDelay = settings.Latency * 2 + TimeSpan.FromMilliseconds(3) }; break;
                case FaultKind.Corruption: settings = settings with { CorruptMillionths = (int)fault.Amount }; break;
                case FaultKind.Clog: settings = settings with { BitsPerSecond = fault.Amount, QueueBytes = 32_768 }; break;
                case FaultKind.LinkDown: (up, down) = (false, false); break;
                case FaultKind.Partition: (up, down) = (false, fault.Amount != 0 && down); break;
                default: break;
            }
        }
        (wire.A.Settings, wire.B.Settings) = (settings, settings);
        (wire.A.IsUp, wire.B.IsUp) = (up, down);
    }

    /// <summary>Counts what the active faults of a wire have done to frames since the last look.</summary>
    private void Harvest(string name, Wire wire)
    {
        var counters = _world.Counters[name];
        var now = WireCounters.Of(wire);
        foreach (var fault in _world.Plan.Faults)
        {
            if (fault.Places.Contains(name) && IsRunning(fault)) { Fired[(int)fault.Kind] += now.Since(counters, fault.Kind); }
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

/// <summary>What a wire has done to frames so far, both directions together.</summary>
internal readonly record struct WireCounters(long Delivered, long Lost, long Doubled, long HeldBack, long Damaged)
{
    public static WireCounters Of(Wire wire) => new(
        wire.A.Delivered + wire.B.Delivered, wire.A.Lost + wire.B.Lost, wire.A.Doubled + wire.B.Doubled, wire.A.HeldBack + wire.B.HeldBack, wire.A.Damaged + wire.B.Damaged);

    public long Since(WireCounters before, FaultKind kind) => kind switch
    {
        FaultKind.Loss or FaultKind.LinkDown or FaultKind.Partition => Lost - before.Lost,
        FaultKind.Duplication => Doubled - before.Doubled,
        FaultKind.Reordering => HeldBack - before.HeldBack,
        FaultKind.Corruption => Damaged - before.Damaged,
        FaultKind.Clog => Delivered - before.Delivered + Lost - before.Lost,
        _ => 0,
    };
}
