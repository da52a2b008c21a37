using Firstbyte.Simulation.Swarm;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Swarm;

public sealed class SwarmTests
{
    [Fact]
    public void A_seed_becomes_a_plan_of_the_promised_size_and_always_the_same()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var plan = SwarmPlan.Make(seed);
            Assert.True(plan.SubnetCount >= 3 && plan.RouterCount >= 2 && plan.HostCount >= 6 && plan.JourneyCount >= 20, $"seed {seed} is too small");
            Assert.True(plan.Faults.Select(fault => fault.Kind).Distinct().Count() >= 4, $"seed {seed} has too few kinds of fault");
            Assert.Equal(plan.Faults.Select(fault => fault.ToString()), SwarmPlan.Make(seed).Faults.Select(fault => fault.ToString()));
        }
    }

    [Fact]
    public void Fewer_kinds_of_fault_leave_the_world_as_it_is()
    {
        var (all, some) = (SwarmPlan.Make(3), SwarmPlan.Make(3, new HashSet<string> { "loss", "down" }));
        Assert.All(some.Faults, fault => Assert.True(fault.Kind.Name is "loss" or "down"));
        Assert.NotEmpty(some.Faults);
        Assert.Equal((all.SubnetCount, all.RouterCount, all.HostCount, all.JourneyCount), (some.SubnetCount, some.RouterCount, some.HostCount, some.JourneyCount));
    }

    [Fact]
    public void The_first_worlds_hold()
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var result = SwarmRun.Execute(SwarmPlan.Make(seed));
            Assert.True(result.Breach is null, $"seed {seed}: {result.Breach}");
        }
    }

    [Fact]
    public void Who_looks_on_changes_nothing()
    {
        var plan = SwarmPlan.Make(5);
        var alone = SwarmRun.Execute(plan);
        var (sink, capture) = (new CountingSink(), new MemoryStream());
        var watched = SwarmRun.Execute(plan, sink, capture);
        Assert.Equal((alone.TraceHash, alone.Events, alone.Deliveries), (watched.TraceHash, watched.Events, watched.Deliveries));
        Assert.True(sink.Count > 1_000);
        Assert.True(capture.Length > 1_000_000);
        Assert.NotEqual(alone.TraceHash, SwarmRun.Execute(SwarmPlan.Make(6)).TraceHash);
    }

    [Fact]
    public void A_kind_of_fault_that_never_did_anything_is_a_gap()
    {
        var coverage = new SwarmCoverage();
        coverage.Add(SwarmRun.Execute(SwarmPlan.Make(5, new HashSet<string>())));
        Assert.Contains(new CoverageGap("down", null), coverage.Gaps(null));
        Assert.Empty(coverage.Gaps(new HashSet<string>()));
    }

    private sealed class CountingSink : ITraceSink
    {
        public int Count { get; private set; }

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => Count++;
    }
}
