using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Decides what goes wrong in a random world, and when.</summary>
/// <remarks>
/// Theory of operation. The kinds with which random worlds began are drawn together, from one stream. Every kind behind them in the registry
/// draws from a stream of its own, made of the seed and its name, and its faults are added to the others: so one more kind leaves every
/// seed's world as it was, but for the faults of that kind itself, and the worlds that it spares are the same to the bit.
/// </remarks>
internal sealed class FaultPlanner
{
    private const long Second = 1_000_000_000;

    /// <summary>Kinds of the registry that are drawn together: as many as there were when seeds got their meaning.</summary>
    private const int FirstKinds = 10;

    /// <summary>Kinds that are active in every world, unless fewer are allowed.</summary>
    private const int LeastKinds = 4;

    private const int MaxFaults = 14;

    /// <summary>Faults of one of the later kinds in a world.</summary>
    private const int MaxFaultsOfLaterKind = 4;

    // As often as one of the first kinds is active: 4 to 7 of 10.
    private const int LaterKindMillionths = 550_000;

    private readonly SwarmPlan _plan;
    private readonly FaultDice _dice;

    public FaultPlanner(SwarmPlan plan)
    {
        _plan = plan;
        _dice = new FaultDice(new RandomStream(plan.Seed, "swarm faults"), [.. plan.Machines.Select(SiteOf)]);
    }

    public List<PlannedFault> Make(IReadOnlySet<string>? kinds)
    {
        var all = _plan.FaultRegistry.Random;
        var faults = MakeTogether([.. all.Take(FirstKinds).Where(kind => kinds is null || kinds.Contains(kind.Name))]);
        foreach (var kind in all.Skip(FirstKinds)) { faults.AddRange(MakeAlone(kind, kinds)); }
        return faults;
    }

    private List<PlannedFault> MakeTogether(List<RandomFault> allowed)
    {
        var random = _dice.Random;
        _dice.Shuffle(allowed);
        var chosen = allowed.Take(Math.Min(allowed.Count, LeastKinds + (int)random.NextBelow(4))).ToArray();
        var faults = new List<PlannedFault>();
        foreach (var kind in chosen) { faults.Add(MakeOne(kind, _dice)); }
        while (chosen.Length > 0 && faults.Count < MaxFaults && random.Chance(600_000))
        {
            faults.Add(MakeOne(chosen[random.NextBelow(chosen.Length)], _dice));
        }
        return faults;
    }

    private IEnumerable<PlannedFault> MakeAlone(RandomFault kind, IReadOnlySet<string>? kinds)
    {
        var dice = _dice.With(new RandomStream(_plan.Seed, $"swarm faults {kind.Name}"));
        var isActive = dice.Random.Chance(LaterKindMillionths);
        // Who names it wants to see it.
        if (kinds is null ? !isActive : !kinds.Contains(kind.Name)) { yield break; }
        var count = 0;
        do { yield return MakeOne(kind, dice); } while (++count < MaxFaultsOfLaterKind && dice.Random.Chance(600_000));
    }

    private PlannedFault MakeOne(RandomFault kind, FaultDice dice)
    {
        var (random, heal) = (dice.Random, _plan.HealNanoseconds);
        var from = random.NextBelow(heal * 2 / 3);
        var length = kind.IsLasting ? 5 * Second + random.NextBelow(heal) : Second + random.NextBelow(15 * Second);
        var places = kind.DrawPlaces(dice);
        return new PlannedFault(kind, from, Math.Min(from + length, heal), places, kind.DrawAmount(dice));
    }

    private static FaultSite SiteOf(MachinePlan machine) =>
        new(machine.Name, [.. machine.Cards.Select(static card => card.Wire)], machine.Role == MachineRole.Client, machine.Role == MachineRole.Router);
}
