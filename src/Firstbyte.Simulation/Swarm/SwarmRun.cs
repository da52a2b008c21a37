using Firstbyte.Simulation.Elements;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>What came of one world.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Breach">What was broken first; null when everything held.</param>
/// <param name="TraceHash">Everything that happened in it, as one number.</param>
/// <param name="Events">Events and timers that fired.</param>
/// <param name="Deliveries">Frames that came out of wires.</param>
/// <param name="Seconds">How long it lived in its own time.</param>
/// <param name="Subnets">Its networks.</param>
/// <param name="Routers">Its routers.</param>
/// <param name="Hosts">Its hosts.</param>
/// <param name="Journeys">Pages fetched and names looked up.</param>
/// <param name="FailedJourneys">Those of them that failed, with a reason, while things went wrong.</param>
/// <param name="FaultKinds">Kinds of fault that were active.</param>
/// <param name="Fired">How often each kind of fault did something.</param>
/// <param name="Checked">How often each invariant was checked.</param>
public sealed record SwarmResult(
    ulong Seed, Breach? Breach, ulong TraceHash, long Events, long Deliveries, double Seconds, int Subnets, int Routers, int Hosts,
        int Journeys, int FailedJourneys, int FaultKinds,
    IReadOnlyDictionary<string, long> Fired, IReadOnlyList<long> Checked);

/// <summary>Runs the world of a plan through its phases: things go wrong, everything is healed, and then all has to be well.</summary>
/// <remarks>
/// Theory of operation. In the first phase clients work while faults come and go; whatever happens, the invariants hold at every event. At
/// an instant of the plan everything is healed. What is under way ends, in success or with a reason. The world then rests, until no stack
/// and no resolver remembers the faults any more; a fresh set of journeys has to succeed, and what they used has to be given back.
/// Between the events a census is taken every two seconds of the world's time.
/// </remarks>
public static class SwarmRun
{
    private static readonly TimeSpan s_censusInterval = TimeSpan.FromSeconds(2);

    /// <summary>The longest errand's patience is 90 s, and a program has four.</summary>
    private static readonly TimeSpan s_longestProgram = TimeSpan.FromSeconds(4 * 90 + 30);

    /// <summary>
    /// Stale neighbours are asked for again after 30 s and 5 s, a dead name server rests for 60 s, connections to nobody are given up after at most
    /// 150 s and their servers wait 75 s for a request.
    /// </summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(240);

    /// <summary>A neighbour that does not answer is doubted for 5 s and asked three times (RFC 4861 section 10); then it is looked for anew.</summary>
    private static readonly TimeSpan s_neighborDoubt = TimeSpan.FromSeconds(20);

    /// <summary>What a program of four errands may take when all is well.</summary>
    private static readonly TimeSpan s_recoveryBound = TimeSpan.FromSeconds(60);

    /// <summary>TIME-WAIT lasts at most 30 s in these worlds, and idle connections of name servers 10 s.</summary>
    private static readonly TimeSpan s_lastRest = TimeSpan.FromSeconds(100);

    /// <summary>Runs a plan to its end or to the first breach.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sink">Who is told what happens; null for nobody. The world is the same with and without.</param>
    /// <param name="capture">Where a pcapng capture of all machines goes; null for none.</param>
    public static SwarmResult Execute(SwarmPlan plan, ITraceSink? sink = null, Stream? capture = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var world = SwarmWorld.Build(plan, sink ?? SilentSink.Instance);
        var tap = capture is null ? null : Capture(world, capture);
        try { RunPhases(world); }
        // The book has asked the kernel to stop.
        catch (OperationCanceledException) when (world.Book.First is not null) { }
        // Whatever a world throws is a finding: a foreign entry, a stall, a service that died, a fault of the program.
#pragma warning disable CA1031
        catch (Exception error)
#pragma warning restore CA1031
        {
            world.Book.Break(Invariant.NoException, "world", error.ToString());
        }
        tap?.Dispose();
        return Sum(world);
    }

    private static void RunPhases(SwarmWorld world)
    {
        var census = new Census(world);
        world.Book.Note(Invariant.NoException);
        world.Start(world.Plan.Programs, mustSucceed: false);
        var healed = Instant.SimulationEpoch.PlusNanoseconds(world.Plan.HealNanoseconds + 1);
        RunUntil(world, healed, census, isHealthy: false);
        var bound = healed + s_longestProgram;
        while (world.Kernel.Now < bound && world.Ended < world.Plan.JourneyCount && world.Book.First is null)
        {
            RunUntil(world, world.Kernel.Now + s_censusInterval, census, isHealthy: false);
        }
        CheckEnded(world, world.Plan.JourneyCount, "after the healing");

        RunUntil(world, world.Kernel.Now + s_rest, census, isHealthy: false);
        if (world.Plan.Faults.Any(static fault => fault.Kind.DamagesFrames))
        {
            // ARP has no checksum: a bit turned over in an answer names a station that is not there, and only who sends to it finds that out.
            for (var round = 0; round < 2; round++)
            {
                world.Greet();
                RunUntil(world, world.Kernel.Now + s_neighborDoubt, census, isHealthy: false);
            }
        }
        var fresh = world.Plan.JourneyCount + world.Plan.FreshPrograms.Sum(static program => program.Errands.Length);
        world.Start(world.Plan.FreshPrograms, mustSucceed: true);
        bound = world.Kernel.Now + s_recoveryBound;
        while (world.Kernel.Now < bound && world.Ended < fresh && world.Book.First is null)
        {
            RunUntil(world, world.Kernel.Now + s_censusInterval, census, isHealthy: true);
        }
        CheckEnded(world, fresh, "although nothing goes wrong any more");
        RunUntil(world, world.Kernel.Now + s_lastRest, census, isHealthy: true);
        if (world.Book.First is null) { census.TakeLast(); }
    }

    private static void RunUntil(SwarmWorld world, Instant until, Census census, bool isHealthy)
    {
        while (world.Kernel.Now < until && world.Book.First is null)
        {
            var next = world.Kernel.Now + s_censusInterval;
            world.Kernel.RunUntil(next < until ? next : until);
            census.Take(isHealthy);
        }
    }

    private static void CheckEnded(SwarmWorld world, int journeys, string when)
    {
        world.Book.Note(Invariant.Recovery);
        if (world.Ended < journeys) { world.Book.Break(Invariant.Recovery, "world", $"{journeys - world.Ended} journey(s) have not ended {when}"); }
    }

    private static CaptureTap Capture(SwarmWorld world, Stream output)
    {
        var tap = new CaptureTap(world.Kernel, output, $"firstbyte sim --seed {world.Plan.Seed}");
        foreach (var station in world.Stations)
        {
            foreach (var address in station.Plan.Addresses) { tap.AddName(address, station.Name); }
        }
        foreach (var wire in world.Wires.Values) { tap.Watch(wire.A); }
        return tap;
    }

    private static SwarmResult Sum(SwarmWorld world)
    {
        var plan = world.Plan;
        return new SwarmResult(
            plan.Seed, world.Book.First, world.Kernel.Trace.Value, world.Kernel.EventsFired, world.Deliveries,
                (world.Kernel.Now - Instant.SimulationEpoch).TotalSeconds,
            plan.SubnetCount, plan.RouterCount, plan.HostCount, plan.JourneyCount, world.Failed,
                plan.Faults.Select(static fault => fault.Kind).Distinct().Count(),
            world.Faults.Fired, world.Book.Checked);
    }
}
