using Firstbyte.Simulation.Swarm;

namespace Firstbyte.Tests.PlantedBugs;

/// <summary>Bugs planted into copies of the sources: random worlds must find each within 500 seeds, by an invariant that is about it.</summary>
/// <remarks>One bug at a time is in force, in the whole process: all tests are in this class, whose tests run one after the other.</remarks>
public sealed partial class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong MostSeeds = 500;

    // Without a bug as many worlds hold as the slowest of the bugs needs; `.ci/run` runs 500.
    private const ulong CleanSeeds = 100;

    /// <summary>From here on bugs are the resolver's.</summary>
    private const int FirstOfResolver = 101;

    public static TheoryData<int, string, string, int> Bugs => Listed(static number => number < FirstOfResolver);

    // The seed that found the bug before finds it at once, unless something else has changed what its world does: then all are tried.
    private static IEnumerable<ulong> Seeds(int first)
    {
        yield return (ulong)first;
        for (ulong seed = 1; seed <= MostSeeds; seed++) { yield return seed; }
    }

    private static TheoryData<int, string, string, int> Listed(Predicate<int> isWanted)
    {
        var bugs = new TheoryData<int, string, string, int>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "planted-bugs.txt")))
        {
            if (!line.StartsWith("== ", StringComparison.Ordinal)) { continue; }
            var parts = line[3..].Split('|', StringSplitOptions.TrimEntries);
            var head = parts[0].Split(' ');
            if (isWanted(int.Parse(head[0]))) { bugs.Add(int.Parse(head[0]), head[1], parts[1], parts.Length > 2 ? int.Parse(parts[2]) : 1); }
        }
        return bugs;
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_found(int number, string name, string invariants, int first)
    {
        var allowed = invariants.Split(',').Select(text => Enum.Parse<Invariant>(text.Trim())).ToHashSet();
        Planted.Choose(number);
        try
        {
            foreach (var seed in Seeds(first))
            {
                if (SwarmRun.Execute(SwarmPlan.Make(seed)).Breach is not { } breach) { continue; }
                output.WriteLine($"{name}: {breach.Invariant} with seed {seed}, at {breach.Seconds:0.000} s on {breach.Machine}: {breach.Detail}");
                Assert.True(allowed.Contains(breach.Invariant), $"{name} was found by {breach.Invariant}, which is not about it: {breach.Detail}");
                return;
            }
            Assert.Fail($"{name} was not found within {MostSeeds} seeds");
        }
        finally { Planted.Choose(0); }
    }

    [Fact]
    public void Without_a_bug_the_same_worlds_hold_and_cover_every_fault_and_every_invariant()
    {
        var coverage = new SwarmCoverage();
        for (ulong seed = 1; seed <= CleanSeeds; seed++)
        {
            var result = SwarmRun.Execute(SwarmPlan.Make(seed));
            Assert.True(result.Breach is null, $"seed {seed}: {result.Breach}");
            coverage.Add(result);
        }
        Assert.Empty(coverage.Gaps(null));
        Assert.True(coverage.Sizes.Single(row => row.Name == "frame deliveries").Median >= 20_000);
    }
}
