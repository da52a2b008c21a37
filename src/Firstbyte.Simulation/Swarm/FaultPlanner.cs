using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Decides what goes wrong in a random world, and when.</summary>
internal sealed class FaultPlanner(RandomStream random, SwarmPlan plan)
{
    private const long Second = 1_000_000_000;

    /// <summary>Kinds that are active in every world, unless fewer are allowed.</summary>
    private const int LeastKinds = 4;

    private const int MaxFaults = 14;

    // Parts per million: a hundred times what a bad quartz does.
    private const int MaxDrift = 20_000;

    private string? _damagedWire;

    public List<PlannedFault> Make(IReadOnlySet<FaultKind>? kinds)
    {
        var allowed = Enum.GetValues<FaultKind>().Where(kind => kinds is null || kinds.Contains(kind)).ToList();
        // Every kind is drawn for in every world, so that a shorter list of kinds leaves the others' luck alone.
        Shuffle(allowed);
        var chosen = allowed.Take(Math.Min(allowed.Count, LeastKinds + (int)random.NextBelow(4))).ToArray();
        var faults = new List<PlannedFault>();
        foreach (var kind in chosen) { faults.Add(MakeOne(kind)); }
        while (chosen.Length > 0 && faults.Count < MaxFaults && random.Chance(600_000)) { faults.Add(MakeOne(chosen[random.NextBelow(chosen.Length)])); }
        return faults;
    }

    private PlannedFault MakeOne(FaultKind kind)
    {
        var from = random.NextBelow(plan.HealNanoseconds * 2 / 3);
        var length = kind switch
        {
            FaultKind.Loss or FaultKind.Duplication or FaultKind.Reordering or FaultKind.Corruption or FaultKind.Skew => 5 * Second + random.NextBelow(plan.HealNanoseconds),
            _ => Second + random.NextBelow(15 * Second),
        };
        return new PlannedFault(kind, from, Math.Min(from + length, plan.HealNanoseconds), Places(kind), Amount(kind));
    }

    private long Amount(FaultKind kind) => kind switch
    {
        FaultKind.Loss => 2_000L << (int)random.NextBelow(7),
        FaultKind.Duplication or FaultKind.Reordering => 5_000L << (int)random.NextBelow(6),
        FaultKind.Corruption => 4_000L << (int)random.NextBelow(6),
        FaultKind.Clog => 64_000L << (int)random.NextBelow(4),
        FaultKind.Partition => random.NextBelow(2),
        FaultKind.Skew => (1_000 + random.NextBelow(MaxDrift)) * (random.Chance(500_000) ? 1 : -1),
        _ => 0,
    };

    private string[] Places(FaultKind kind)
    {
        var wires = plan.Machines.SelectMany(static machine => machine.Cards).Select(static card => card.Wire).ToList();
        switch (kind)
        {
            case FaultKind.Corruption: return [_damagedWire ??= RandomHostWire()];
            case FaultKind.Loss or FaultKind.Duplication or FaultKind.Reordering:
                Shuffle(wires);
                return [.. wires.Take(1 + (int)random.NextBelow(wires.Count))];
            case FaultKind.Clog or FaultKind.LinkDown: return [wires[(int)random.NextBelow(wires.Count)]];
            case FaultKind.Partition:
                var cut = plan.Machines.Where(static machine => machine.Cards.Length == 1).ToList();
                Shuffle(cut);
                return [.. cut.Take(1 + (int)random.NextBelow(cut.Count / 2)).Select(static machine => machine.Cards[0].Wire)];
            case FaultKind.Skew: return [plan.Machines[(int)random.NextBelow(plan.Machines.Count)].Name];
            case FaultKind.Crash:
                var mortal = plan.Machines.Where(static machine => machine.Role != MachineRole.Client).ToArray();
                return [mortal[random.NextBelow(mortal.Length)].Name];
            default:
                var servers = plan.Machines.Where(static machine => machine.Role is not (MachineRole.Client or MachineRole.Router)).ToArray();
                return [servers[random.NextBelow(servers.Length)].Name];
        }
    }

    /// <summary>
    /// Only one wire of a world damages frames, and one that no packet crosses twice: two bits turned over in the same column of two words leave
    /// the Internet checksum as it was, and here is no frame check sequence that would notice the first.
    /// </summary>
    private string RandomHostWire()
    {
        var hosts = plan.Machines.Where(static machine => machine.Cards.Length == 1).ToArray();
        return hosts[random.NextBelow(hosts.Length)].Cards[0].Wire;
    }

    private void Shuffle<T>(List<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = (int)random.NextBelow(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
