namespace Firstbyte.Simulation.Swarm;

/// <summary>Finds fewer and shorter faults with which a plan still breaks the same invariant.</summary>
/// <remarks>
/// Faults are dropped in halves, then in quarters, down to one at a time (delta debugging); what is left is then shortened from both
/// sides, by halves.
/// </remarks>
public static class SwarmShrinker
{
    /// <summary>Worlds that are run at most; a list of a dozen faults needs fewer.</summary>
    public const int MaxRuns = 150;

    // A shorter fault than this tells the reader no more.
    private const long ShortestNanoseconds = 50_000_000;

    /// <summary>The shrunk list: never longer than the plan's.</summary>
    /// <param name="plan">A plan that breaks an invariant.</param>
    /// <param name="invariant">Which.</param>
    /// <param name="shouldStop">Asked before each run; null for never.</param>
    public static IReadOnlyList<PlannedFault> Shrink(SwarmPlan plan, Invariant invariant, Func<bool>? shouldStop = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var runs = 0;
        bool StillBreaks(IReadOnlyList<PlannedFault> faults) =>
            runs++ < MaxRuns && shouldStop?.Invoke() != true && SwarmRun.Execute(plan.WithFaults(faults)).Breach?.Invariant == invariant;

        if (StillBreaks([])) { return []; }
        var kept = Drop([.. plan.Faults], StillBreaks);
        for (var i = 0; i < kept.Count; i++) { Shorten(kept, i, StillBreaks); }
        return kept;
    }

    private static List<PlannedFault> Drop(List<PlannedFault> faults, Func<IReadOnlyList<PlannedFault>, bool> stillBreaks)
    {
        for (var size = Math.Max(1, faults.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var dropped = false;
            for (var at = 0; at < faults.Count && faults.Count > 1;)
            {
                var rest = faults.Where((_, i) => i < at || i >= at + size).ToList();
                if (stillBreaks(rest))
                {
                    faults = rest;
                    dropped = true;
                }
                else { at += size; }
            }
            if (size == 1 && !dropped) { return faults; }
        }
    }

    private static void Shorten(List<PlannedFault> faults, int index, Func<IReadOnlyList<PlannedFault>, bool> stillBreaks)
    {
        foreach (var fromEnd in (bool[])[true, false])
        {
            while (faults[index].UntilNanoseconds - faults[index].FromNanoseconds > ShortestNanoseconds)
            {
                var fault = faults[index];
                var middle = fault.FromNanoseconds + (fault.UntilNanoseconds - fault.FromNanoseconds) / 2;
                var shorter = fromEnd ? fault with { UntilNanoseconds = middle } : fault with { FromNanoseconds = middle };
                faults[index] = shorter;
                if (stillBreaks(faults)) { continue; }
                faults[index] = fault;
                break;
            }
        }
    }
}
