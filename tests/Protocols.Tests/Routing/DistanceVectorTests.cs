using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Routing.Rip;
using Firstbyte.Tests.Hosts;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Routing;

public class DistanceVectorTests
{
    /// <summary>The timers' bound for a silent cut: the route's timeout, one more update, and sixteen steps of triggered updates if it has to be counted to infinity; then the garbage time.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(180 + 35 + 16 * 5 + 120 + 5);

    [Fact]
    public void Any_network_converges_to_the_shortest_ways_and_again_after_a_link_was_cut_or_came_back() =>
        Topologies.Sample(static topology =>
        {
            var world = new RipWorld(topology.Routers, topology.Links, topology.Seed);
            world.Run(TimeSpan.FromSeconds(120));
            world.AssertShortest();
            world.Cut(topology.Cut, silently: topology.Seed % 2 == 0);
            world.Run(Bound);
            world.AssertShortest();
            world.Mend(topology.Cut);
            world.Run(TimeSpan.FromSeconds(120));
            world.AssertShortest();
        }, iter: 60);

    [Fact]
    public void Counting_to_infinity_ends()
    {
        // A ring of three with a tail: when the tail is gone, the ring believes itself for a while.
        var world = new RipWorld(4, [[0, 1], [1, 2], [2, 0], [2, 3], [3]], 1);
        world.Run(TimeSpan.FromSeconds(120));
        Assert.Equal(3, world.Metric(0, 4));
        world.Cut(3, silently: false);
        world.Run(TimeSpan.FromSeconds(16 * 5 + 35));
        Assert.Equal(RipView.Infinity, world.Metric(0, 4) ?? RipView.Infinity);
        world.Run(Bound);
        Assert.Null(world.Metric(0, 4));
        world.AssertShortest();
    }

    [Fact]
    public void A_change_is_told_at_once_and_the_next_ones_together_after_a_pause()
    {
        var machine = new DistanceVector(new RipSettings());
        var effects = new List<RipEffect>();
        var now = Instant.SimulationEpoch;
        machine.Handle(new LinkJoined(1), now, uint.MaxValue, effects);
        machine.Handle(new LinkJoined(2), now, 0, effects);
        Assert.Equal([new AskForTables(1), new AskForTables(2)], effects);
        List<string> Learn(string prefix, double second)
        {
            effects.Clear();
            machine.Handle(new ResponseArrived(1, IpAddress.Parse("192.0.2.9"), [new RipRoute(IpPrefix.Parse(prefix), 1)]), now + TimeSpan.FromSeconds(second), 0, effects);
            return Told(effects);
        }
        // What was learned on link 1 is told on link 2 one hop farther, and on link 1 as infinity.
        Assert.Equal(["1: 10.1.0.0/16 16", "2: 10.1.0.0/16 2"], Learn("10.1.0.0/16", 1));
        Assert.Empty(Learn("10.2.0.0/16", 1.2));
        Assert.Empty(Learn("10.3.0.0/16", 1.4));
        Assert.Equal(now + TimeSpan.FromSeconds(2), machine.NextDeadline);
        effects.Clear();
        machine.Handle(new DeadlineReached(), machine.NextDeadline, 0, effects);
        Assert.Equal(["1: 10.2.0.0/16 16, 10.3.0.0/16 16", "2: 10.2.0.0/16 2, 10.3.0.0/16 2"], Told(effects));
        // The regular update tells everything.
        effects.Clear();
        machine.Handle(new DeadlineReached(), machine.NextDeadline, 0, effects);
        Assert.Equal("2: 10.1.0.0/16 2, 10.2.0.0/16 2, 10.3.0.0/16 2", Told(effects)[1]);
    }

    [Fact]
    public void A_route_is_lost_after_180_seconds_told_as_infinity_and_forgotten_after_120_more()
    {
        var machine = new DistanceVector(new RipSettings());
        var effects = new List<RipEffect>();
        var now = Instant.SimulationEpoch;
        machine.Handle(new ResponseArrived(1, IpAddress.Parse("192.0.2.9"), [new RipRoute(IpPrefix.Parse("10.1.0.0/16"), 3)]), now, 0, effects);
        Assert.Equal(new RouteLearned(IpPrefix.Parse("10.1.0.0/16"), 1, IpAddress.Parse("192.0.2.9"), 4), effects[0]);
        Assert.Equal(now + TimeSpan.FromSeconds(180), machine.NextDeadline);
        effects.Clear();
        machine.Handle(new DeadlineReached(), machine.NextDeadline, 0, effects);
        Assert.Equal(new RouteLost(IpPrefix.Parse("10.1.0.0/16")), effects[0]);
        Assert.Equal(16, Assert.Single(machine.Routes).Metric);
        Assert.Equal(now + TimeSpan.FromSeconds(300), machine.NextDeadline);
        machine.Handle(new DeadlineReached(), machine.NextDeadline, 0, effects);
        Assert.Empty(machine.Routes);
    }

    [Fact]
    public void Only_the_speaker_may_take_back_what_he_said_and_own_routes_are_never_overruled()
    {
        var machine = new DistanceVector(new RipSettings());
        var effects = new List<RipEffect>();
        var now = Instant.SimulationEpoch;
        void Hear(string from, string prefix, int metric) => machine.Handle(new ResponseArrived(1, IpAddress.Parse(from), [new RipRoute(IpPrefix.Parse(prefix), metric)]), now, 0, effects);
        machine.Handle(new LocalRouteAdded(IpPrefix.Parse("10.9.0.0/16"), 3), now, 0, effects);
        Hear("192.0.2.9", "10.9.0.0/16", 1);
        Hear("192.0.2.9", "10.1.0.0/16", 3);
        Hear("192.0.2.8", "10.1.0.0/16", 16);
        Hear("192.0.2.8", "10.1.0.0/16", 7);
        Assert.Equal([(4, "192.0.2.9"), (1, "")], machine.Routes.Select(static route => (route.Metric, route.NextHop.Version == IpVersion.None ? "" : route.NextHop.ToString())));
        Hear("192.0.2.9", "10.1.0.0/16", 16);
        Assert.Equal(16, machine.Routes.First().Metric);
        Hear("192.0.2.8", "10.1.0.0/16", 7);
        Assert.Equal(8, machine.Routes.First().Metric);
        Assert.Single(effects.OfType<RouteLost>());
    }

    [Fact]
    public void The_table_keeps_its_limit()
    {
        var machine = new DistanceVector(new RipSettings { MaxRows = 10 });
        var effects = new List<RipEffect>();
        for (uint i = 0; i < 100; i++)
        {
            machine.Handle(new ResponseArrived(1, IpAddress.Parse("192.0.2.9"), [new RipRoute(new IpPrefix(IpAddress.FromV4(0x0A000000 + (i << 8)), 24), 1)]), Instant.SimulationEpoch, 0, effects);
        }
        Assert.Equal(10, machine.Routes.Count());
    }

    [Fact]
    public void A_request_is_answered_with_the_table_or_with_the_rows_it_names()
    {
        var machine = new DistanceVector(new RipSettings());
        var effects = new List<RipEffect>();
        machine.Handle(new LocalRouteAdded(IpPrefix.Parse("10.1.0.0/16"), 3), Instant.SimulationEpoch, 0, effects);
        var from = new Endpoint(IpAddress.Parse("192.0.2.9"), 520);
        machine.Handle(new RequestArrived(1, from, null), Instant.SimulationEpoch, 0, effects);
        machine.Handle(new RequestArrived(3, from, [IpPrefix.Parse("10.1.0.0/16"), IpPrefix.Parse("10.2.0.0/16")]), Instant.SimulationEpoch, 0, effects);
        Assert.Equal(["1: 10.1.0.0/16 1", "3: 10.1.0.0/16 1, 10.2.0.0/16 16"], Told(effects));
    }

    private static List<string> Told(List<RipEffect> effects) =>
        [.. effects.OfType<TellRoutes>().Select(static told => $"{told.Link}: {string.Join(", ", told.Routes.Select(static route => $"{route.Prefix} {route.Metric}"))}")];

    // Routers in a tree, so that all are joined, with some links more; every router has a network of its own.
    private static readonly Gen<(int Routers, int[][] Links, int Cut, uint Seed)> Topologies =
        from routers in Gen.Int[2, 8]
        from parents in Gen.Int[0, 1_000].Array[routers - 1]
        from more in Gen.Select(Gen.Int[0, routers - 1], Gen.Int[0, routers - 1], Gen.Int[0, routers - 1]).Array[0, 4]
        from cut in Gen.Int[0, routers - 2 + more.Length]
        from seed in Gen.UInt
        select (routers, (int[][])[
            .. parents.Select(static (parent, i) => (int[])[parent % (i + 1), i + 1]),
            .. more.Select(static ends => ((int[])[ends.Item1, ends.Item2, ends.Item3]).Distinct().ToArray()),
            .. Enumerable.Range(0, routers).Select(static router => (int[])[router])], cut, seed);
}

/// <summary>Distance-vector routers on links, in a time of their own. Router r on link l is 10.0.l.r+1, the link's network 10.0.l.0/24.</summary>
internal sealed class RipWorld
{
    private readonly DistanceVector[] _routers;
    private readonly int[][] _links;
    private readonly bool[] _isCut;
    private readonly bool[] _isGone;
    private readonly PriorityQueue<(int To, RipInput Input), (Instant At, long Sequence)> _flying = new();
    private readonly SeededShuffle _dice;
    private Instant _now = Instant.SimulationEpoch;
    private long _sequence;

    public RipWorld(int routers, int[][] links, uint seed)
    {
        _routers = [.. Enumerable.Range(0, routers).Select(static _ => new DistanceVector(new RipSettings()))];
        _links = links;
        _isCut = new bool[links.Length];
        _isGone = new bool[links.Length];
        _dice = new SeededShuffle((int)(seed & 0x7FFFFFFF));
        for (var link = 0; link < links.Length; link++)
        {
            foreach (var router in links[link])
            {
                Tell(router, new LocalRouteAdded(Network(link), link));
                Tell(router, new LinkJoined(link));
            }
        }
    }

    public static IpPrefix Network(int link) => new(IpAddress.FromV4(0x0A000000 | ((uint)link << 8)), 24);

    /// <summary>Nothing passes the link any more; unless silently, its routers notice and take its network back.</summary>
    public void Cut(int link, bool silently)
    {
        _isCut[link] = true;
        if (silently) { return; }
        _isGone[link] = true;
        foreach (var router in _links[link])
        {
            Tell(router, new LinkLeft(link));
            Tell(router, new LocalRouteRemoved(Network(link)));
        }
    }

    public void Mend(int link)
    {
        _isCut[link] = false;
        if (!_isGone[link]) { return; }
        _isGone[link] = false;
        foreach (var router in _links[link])
        {
            Tell(router, new LocalRouteAdded(Network(link), link));
            Tell(router, new LinkJoined(link));
        }
    }

    public int? Metric(int router, int link)
    {
        foreach (var route in _routers[router].Routes)
        {
            if (route.Prefix == Network(link)) { return route.Metric; }
        }
        return null;
    }

    public void Run(TimeSpan time)
    {
        var end = _now + time;
        while (true)
        {
            var next = _flying.TryPeek(out _, out var first) ? first.At : Instant.Never;
            var due = -1;
            for (var i = 0; i < _routers.Length; i++)
            {
                if (_routers[i].NextDeadline < next) { (next, due) = (_routers[i].NextDeadline, i); }
            }
            if (next > end) { break; }
            _now = next > _now ? next : _now;
            if (due >= 0) { Tell(due, new DeadlineReached()); }
            else
            {
                var (to, input) = _flying.Dequeue();
                Tell(to, input);
            }
        }
        _now = end;
    }

    /// <summary>Every router knows exactly the networks that can be reached, by the fewest routers in between; and following the next hops gets there.</summary>
    public void AssertShortest()
    {
        for (var router = 0; router < _routers.Length; router++)
        {
            var distance = Distances(router);
            for (var link = 0; link < _links.Length; link++)
            {
                Assert.Equal(distance[link] < RipView.Infinity ? distance[link] : null, Metric(router, link));
                if (distance[link] < RipView.Infinity) { Assert.Equal(distance[link], Follow(router, link)); }
            }
        }
    }

    private int Follow(int router, int link)
    {
        for (var hops = 1; hops < RipView.Infinity; hops++)
        {
            var route = _routers[router].Routes.First(route => route.Prefix == Network(link));
            if (route.NextHop.Version == IpVersion.None) { return hops; }
            router = (int)(route.NextHop.Bits & 0xFF) - 1;
        }
        return RipView.Infinity;
    }

    // Breadth first: the oracle.
    private int[] Distances(int from)
    {
        var distance = Enumerable.Repeat(RipView.Infinity, _links.Length).ToArray();
        var seen = new HashSet<int> { from };
        var edge = new List<int> { from };
        for (var hops = 1; edge.Count > 0; hops++)
        {
            var next = new List<int>();
            foreach (var router in edge)
            {
                for (var link = 0; link < _links.Length; link++)
                {
                    if (!_links[link].Contains(router) || _isGone[link]) { continue; }
                    distance[link] = Math.Min(distance[link], hops);
                    if (_isCut[link]) { continue; }
                    next.AddRange(_links[link].Where(seen.Add));
                }
            }
            edge = next;
        }
        return distance;
    }

    private void Tell(int router, RipInput input)
    {
        var effects = new List<RipEffect>();
        _routers[router].Handle(input, _now, (uint)_dice.Next(), effects);
        foreach (var effect in effects)
        {
            var link = effect switch { TellRoutes told => told.Link, AskForTables asked => asked.Link, _ => -1 };
            if (link < 0 || _isCut[link]) { continue; }
            var own = IpAddress.FromV4(0x0A000000 | ((uint)link << 8) | (uint)(router + 1));
            foreach (var other in _links[link])
            {
                if (other == router) { continue; }
                if (effect is AskForTables) { Fly(other, new RequestArrived(link, new Endpoint(own, 520), null)); }
                else if (effect is TellRoutes told && (told.To is not { } to || (int)(to.Address.Bits & 0xFF) - 1 == other)) { Fly(other, new ResponseArrived(link, own, told.Routes)); }
            }
        }
    }

    private void Fly(int to, RipInput input) => _flying.Enqueue((to, input), (_now + TimeSpan.FromMilliseconds(1), ++_sequence));
}
