using Firstbyte.Dns.Records;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Swarm;

/// <summary>
/// Decides what the clients of a random world do: pages fetched and names looked up, many at the same time, in all about as much traffic
/// as is wanted.
/// </summary>
internal sealed class ErrandPlanner(
    RandomStream random, List<(DnsName Name, MachinePlan Machine)> webNames, List<PagePlan> pages, ZoneTree zones,
        List<MachinePlan> machines, HashSet<int> secure, long heal)
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;
    private const int LeastJourneys = 20;
    private const int MostJourneys = 60;
    private const int SegmentText = 1_400;

    public List<ProgramPlan> Make(MachinePlan[] clients, Func<MachinePlan, MachinePlan, int> hops, int deliveriesPerSegment)
    {
        var programs = new List<ProgramPlan>();
        var wanted = 9_000 + random.NextBelow(6_000);
        long deliveries = 0;
        for (var journeys = 0; journeys < LeastJourneys || (deliveries < wanted && journeys < MostJourneys);)
        {
            var client = clients[random.NextBelow(clients.Length)];
            var errands = new ErrandPlan[1 + random.NextBelow(4)];
            for (var i = 0; i < errands.Length; i++)
            {
                var wantsMore = deliveries * LeastJourneys < wanted * journeys;
                errands[i] = random.Chance(wantsMore ? 150_000 : 450_000) ? RandomLookup() : RandomFetch(wantsMore, true);
                if (errands[i] is FetchPlan fetch)
                {
                    deliveries += (long)(fetch.Page.Length / SegmentText + 8) * deliveriesPerSegment * hops(
                        client, machines[fetch.Page.Machine]);
                }
                journeys++;
            }
            programs.Add(
                new ProgramPlan(
                    machines.IndexOf(client), RandomStart(), random.Chance(700_000), random.Chance(150_000),
                    (40 + random.NextBelow(50)) * Second, errands));
        }
        if (zones.Maze is { } maze)
        {
            programs.Add(new ProgramPlan(machines.IndexOf(clients[^1]), RandomStart(), false, ResolvesItself: true, 40 * Second, [new LookupPlan(maze)]));
        }
        return programs;
    }

    /// <summary>What is done after the healing: each client fetches and looks up a few things, and nothing may fail.</summary>
    public List<ProgramPlan> MakeFresh(MachinePlan[] clients)
    {
        var programs = new List<ProgramPlan>();
        foreach (var client in clients)
        {
            programs.Add(new ProgramPlan(machines.IndexOf(client), random.NextBelow(2 * Second), random.Chance(500_000), random.Chance(200_000), 60 * Second,
                [RandomFetch(false, false), RandomLookup(), RandomFetch(false, false), RandomLookup()]));
        }
        return programs;
    }

    private LookupPlan RandomLookup() => new(zones.Questions[(int)random.NextBelow(zones.Questions.Count)]);

    private FetchPlan RandomFetch(bool wantsMore, bool mayGiveUp)
    {
        var (name, machine) = webNames[(int)random.NextBelow(webNames.Count)];
        var number = machines.IndexOf(machine);
        var own = pages.Where(page => page.Machine == number).ToArray();
        var page = own[wantsMore ? own.Length - 1 - random.NextBelow(2) : random.NextBelow(own.Length - 1)];
        // The certificate is made for the names in the server's zone data: an alias of it is as good.
        var scheme = secure.Contains(number) && page.Length < 20_000 && random.Chance(500_000) ? "https" : "http";
        var isSlowReader = page.Length > 30_000 && random.Chance(250_000);
        return new FetchPlan(
            $"{scheme}://{name.ToString().TrimEnd('.')}{page.Path}", page, random.Chance(200_000),
            isSlowReader ? (1 + random.NextBelow(60)) * Millisecond : 0,
            mayGiveUp && page.Length > 30_000 && random.Chance(200_000) ? (10 + random.NextBelow(400)) * Millisecond : 0);
    }

    // Most things happen while things go wrong, some begin in a rush.
    private long RandomStart() => 100 * Millisecond + (random.Chance(300_000) ? random.NextBelow(Second) : random.NextBelow(heal - 2 * Second));
}
