using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Decides what goes wrong in a random world, and when.</summary>
internal sealed class FaultPlanner(RandomStream random, SwarmPlan plan)
{
    private const long Second = 1_000_000_000;

    /// <summary>Kinds that are active in every world, unless fewer are allowed.</summary>
    private const int LeastKinds = 4;

    private const int MaxFaults = 14;

    private readonly FaultDice _dice = new(random, [.. plan.Machines.Select(SiteOf)]);

    public List<PlannedFault> Make(IReadOnlySet<string>? kinds)
    {
        var allowed = plan.FaultRegistry.Random.Where(kind => kinds is null || kinds.Contains(kind.Name)).ToList();
        // Every kind is drawn for in every world, so that a shorter list of kinds leaves the others' luck alone.
        _dice.Shuffle(allowed);
        var chosen = allowed.Take(Math.Min(allowed.Count, LeastKinds + (int)random.NextBelow(4))).ToArray();
        var faults = new List<PlannedFault>();
        foreach (var kind in chosen) { faults.Add(MakeOne(kind)); }
        while (chosen.Length > 0 && faults.Count < MaxFaults && random.Chance(600_000)) { faults.Add(MakeOne(chosen[random.NextBelow(chosen.Length)])); }
        return faults;
    }

    private PlannedFault MakeOne(RandomFault kind)
    {
        var from = random.NextBelow(plan.HealNanoseconds * 2 / 3);
        var length = kind.IsLasting ? 5 * Second + random.NextBelow(plan.HealNanoseconds) : Second + random.NextBelow(15 * Second);
        var places = kind.DrawPlaces(_dice);
        return new PlannedFault(kind, from, Math.Min(from + length, plan.HealNanoseconds), places, kind.DrawAmount(_dice));
    }

    private static FaultSite SiteOf(MachinePlan machine) =>
        new(machine.Name, [.. machine.Cards.Select(static card => card.Wire)], machine.Role == MachineRole.Client, machine.Role == MachineRole.Router);
}
