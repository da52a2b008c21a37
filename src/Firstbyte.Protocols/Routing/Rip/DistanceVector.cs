using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Routing.Rip;

/// <summary>How often a RIP router speaks and how long it believes (RFC 2453 section 3.8, RFC 2080 section 2.3).</summary>
public sealed record RipSettings
{
    /// <summary>The whole table is told so often, each time up to five seconds sooner or later.</summary>
    public TimeSpan UpdateInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so much silence about it a route is not reachable.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>For so long that is told before the route is forgotten.</summary>
    public TimeSpan GarbageTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Rows that are kept (own choice; with 25 rows a message a neighbour could fill memory otherwise).</summary>
    public int MaxRows { get; init; } = 1_024;
}

/// <summary>What a distance-vector router is told.</summary>
public abstract record RipInput
{
    private protected RipInput() { }
}

/// <summary>A network is reached without RIP: it is on a link, or an administrator says so.</summary>
/// <param name="Prefix">The network.</param>
/// <param name="Link">The link it is on or behind.</param>
public sealed record LocalRouteAdded(IpPrefix Prefix, int Link) : RipInput;

/// <summary>It is no longer.</summary>
/// <param name="Prefix">The network.</param>
public sealed record LocalRouteRemoved(IpPrefix Prefix) : RipInput;

/// <summary>A link on which RIP is spoken from now on.</summary>
/// <param name="Link">Its number.</param>
public sealed record LinkJoined(int Link) : RipInput;

/// <summary>A link on which nothing is spoken or heard any more.</summary>
/// <param name="Link">Its number.</param>
public sealed record LinkLeft(int Link) : RipInput;

/// <summary>A neighbour has told its table, or a part of it.</summary>
/// <param name="Link">The link it is on.</param>
/// <param name="From">The neighbour, for a next hop.</param>
/// <param name="Routes">What it said.</param>
public sealed record ResponseArrived(int Link, IpAddress From, IReadOnlyList<RipRoute> Routes) : RipInput;

/// <summary>Somebody asks.</summary>
/// <param name="Link">The link he is on.</param>
/// <param name="From">Who gets the answer.</param>
/// <param name="Prefixes">About which networks; null for the whole table.</param>
public sealed record RequestArrived(int Link, Endpoint From, IReadOnlyList<IpPrefix>? Prefixes) : RipInput;

/// <summary>It is as late as <see cref="DistanceVector.NextDeadline"/>.</summary>
public sealed record DeadlineReached : RipInput;

/// <summary>What a distance-vector router wants to be done.</summary>
public abstract record RipEffect
{
    private protected RipEffect() { }
}

/// <summary>Packets for a network go to this neighbour.</summary>
/// <param name="Prefix">The network.</param>
/// <param name="Link">The neighbour's link.</param>
/// <param name="Gateway">The neighbour.</param>
/// <param name="Metric">How far the network is, in hops.</param>
public sealed record RouteLearned(IpPrefix Prefix, int Link, IpAddress Gateway, int Metric) : RipEffect;

/// <summary>Nobody knows a way to a network any more.</summary>
/// <param name="Prefix">The network.</param>
public sealed record RouteLost(IpPrefix Prefix) : RipEffect;

/// <summary>Rows are to be told.</summary>
/// <param name="Link">On which link.</param>
/// <param name="To">To whom; null for all neighbours.</param>
/// <param name="Routes">The rows, in order of their prefixes, as many messages as they need.</param>
public sealed record TellRoutes(int Link, Endpoint? To, IReadOnlyList<RipRoute> Routes) : RipEffect;

/// <summary>The neighbours of a link are to be asked for their tables.</summary>
/// <param name="Link">The link.</param>
public sealed record AskForTables(int Link) : RipEffect;

/// <summary>
/// A distance-vector router: it knows how far its neighbours say networks are, and says so one hop farther (RIPv2, RFC 2453, and RIPng,
/// RFC 2080, which differ only on the wire).
/// </summary>
/// <remarks>
/// Theory of operation. Bellman and Ford's algorithm, spread over the routers: each keeps the best offer for every network and whose it is.
/// Good news is taken from anybody who offers less; bad news only from the one whose offer was taken. A route that is lost is told as 16
/// hops away, infinity, for a while, so that everybody hears of it. What was learned on a link is told there as infinity too (split horizon
/// with poisoned reverse), which ends loops of two routers at once; larger ones count up to 16 and end there. Changes are told at once,
/// and then at most every one to five seconds (triggered updates).
/// The machine knows neither packets nor clocks: it is told what came and what time it is, and a number of chance for its delays.
/// </remarks>
public sealed class DistanceVector
{
    /// <summary>Updates are so much sooner or later, lest all routers speak at once (RFC 2453 section 3.8).</summary>
    private static readonly TimeSpan UpdateJitter = TimeSpan.FromSeconds(5);

    /// <summary>The pause after a triggered update (RFC 2453 section 3.10.1: 1 to 5 seconds).</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly RipSettings _settings;
    private readonly SortedDictionary<IpPrefix, Row> _rows = [];
    private readonly SortedSet<int> _links = [];
    private Instant _nextUpdate = Instant.Never;
    private Instant _pauseUntil;
    private Instant _triggeredAt = Instant.Never;

    /// <summary>A router that knows nothing yet.</summary>
    public DistanceVector(RipSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <summary>When it must be told <see cref="DeadlineReached"/> at the latest.</summary>
    public Instant NextDeadline { get; private set; } = Instant.Never;

    /// <summary>How far the networks are that it has heard of, in order of their prefixes.</summary>
    public IEnumerable<RipRoute> Routes => _rows.Select(static row => new RipRoute(row.Key, row.Value.Metric, row.Value.Gateway, row.Value.Tag));

    /// <summary>Takes an input and adds what is to be done to the effects.</summary>
    /// <param name="input">What has happened.</param>
    /// <param name="now">When.</param>
    /// <param name="chance">A random number, a new one for each call.</param>
    /// <param name="effects">What is to be done, in this order.</param>
    public void Handle(RipInput input, Instant now, uint chance, List<RipEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        switch (input)
        {
            case LocalRouteAdded added: AddLocal(added); break;
            case LocalRouteRemoved removed: RemoveLocal(removed, now, effects); break;
            case LinkJoined joined:
                if (_links.Add(joined.Link)) { effects.Add(new AskForTables(joined.Link)); }
                if (_nextUpdate == Instant.Never) { _nextUpdate = now + Spread(TimeSpan.Zero, UpdateJitter, chance); }
                break;
            case LinkLeft left: Leave(left.Link, now, effects); break;
            case ResponseArrived response: TakeResponse(response, now, effects); break;
            case RequestArrived request: Answer(request, effects); break;
            case DeadlineReached: Expire(now, effects); break;
            default: throw new ArgumentOutOfRangeException(nameof(input), input, "no input of this kind");
        }
        Speak(now, chance, effects);
        NextDeadline = FindDeadline();
    }

    private void AddLocal(LocalRouteAdded added)
    {
        if (!_rows.TryGetValue(added.Prefix, out var row)) { _rows.Add(added.Prefix, row = new Row()); }
        // What the router knows itself is not learned from others.
        (row.IsLocal, row.Metric, row.Link, row.Gateway, row.Speaker) = (true, 1, added.Link, default, default);
        (row.Deadline, row.IsChanged) = (Instant.Never, true);
    }

    private void RemoveLocal(LocalRouteRemoved removed, Instant now, List<RipEffect> effects)
    {
        if (_rows.TryGetValue(removed.Prefix, out var row) && row.IsLocal) { Lose(removed.Prefix, row, now, effects); }
    }

    private void Leave(int link, Instant now, List<RipEffect> effects)
    {
        _links.Remove(link);
        foreach (var (prefix, row) in _rows)
        {
            if (row.Link == link && !row.IsLocal && row.Metric < RipView.Infinity) { Lose(prefix, row, now, effects); }
        }
    }

    // RFC 2453 section 3.9.2.
    private void TakeResponse(ResponseArrived response, Instant now, List<RipEffect> effects)
    {
        foreach (var route in response.Routes)
        {
            var metric = Math.Min(route.Metric + 1, RipView.Infinity);
            var gateway = route.NextHop.Version == IpVersion.None ? response.From : route.NextHop;
            if (!_rows.TryGetValue(route.Prefix, out var row))
            {
                if (metric == RipView.Infinity || _rows.Count >= _settings.MaxRows) { continue; }
                _rows.Add(route.Prefix, row = new Row());
                Adopt(route, row, response, gateway, metric, now, effects);
                continue;
            }
            if (row.IsLocal) { continue; }
            var isFromSpeaker = row.Speaker == response.From && row.Link == response.Link;
            if (isFromSpeaker && metric == RipView.Infinity)
            {
                if (row.Metric != RipView.Infinity) { Lose(route.Prefix, row, now, effects); }
            }
            else if (isFromSpeaker && metric == row.Metric && gateway == row.Gateway) { row.Deadline = now + _settings.Timeout; }
            else if (isFromSpeaker || metric < row.Metric || (metric == row.Metric && metric < RipView.Infinity && IsHalfForgotten(row, now)))
            {
                Adopt(route, row, response, gateway, metric, now, effects);
            }
        }
    }

    // An equal offer replaces one that has not been repeated for half its time (RFC 2453 section 3.9.2's heuristic).
    private bool IsHalfForgotten(Row row, Instant now) => row.Deadline - now <= _settings.Timeout / 2;

    private void Adopt(RipRoute route, Row row, ResponseArrived response, IpAddress gateway, int metric, Instant now, List<RipEffect> effects)
    {
        (row.Metric, row.Link, row.Gateway, row.Speaker, row.Tag) = (metric, response.Link, gateway, response.From, route.Tag);
        (row.Deadline, row.IsChanged) = (now + _settings.Timeout, true);
        effects.Add(new RouteLearned(route.Prefix, response.Link, gateway, metric));
    }

    private void Lose(IpPrefix prefix, Row row, Instant now, List<RipEffect> effects)
    {
        if (!row.IsLocal) { effects.Add(new RouteLost(prefix)); }
        (row.IsLocal, row.Metric, row.Deadline, row.IsChanged) = (false, RipView.Infinity, now + _settings.GarbageTime, true);
    }

    private void Answer(RequestArrived request, List<RipEffect> effects)
    {
        if (request.Prefixes is null)
        {
            effects.Add(new TellRoutes(request.Link, request.From, Table(request.Link, changedOnly: false)));
            return;
        }
        // Somebody is curious about single rows: he gets them without split horizon (RFC 2453 section 3.9.1).
        effects.Add(new TellRoutes(
            request.Link, request.From,
            [.. request.Prefixes.Select(
                prefix => new RipRoute(prefix, _rows.TryGetValue(prefix, out var row) ? row.Metric : RipView.Infinity))]));
    }

    private void Expire(Instant now, List<RipEffect> effects)
    {
        List<IpPrefix>? forgotten = null;
        foreach (var (prefix, row) in _rows)
        {
            if (row.Deadline > now) { continue; }
            if (row.Metric == RipView.Infinity) { (forgotten ??= []).Add(prefix); }
            else { Lose(prefix, row, now, effects); }
        }
        foreach (var prefix in forgotten ?? []) { _rows.Remove(prefix); }
    }

    private void Speak(Instant now, uint chance, List<RipEffect> effects)
    {
        if (now >= _nextUpdate)
        {
            _nextUpdate = now + Spread(_settings.UpdateInterval - UpdateJitter, _settings.UpdateInterval + UpdateJitter, chance);
            Tell(changedOnly: false, effects);
            return;
        }
        if (!_rows.Values.Any(static row => row.IsChanged)) { return; }
        if (now < _pauseUntil)
        {
            // One update for everything that changes in the pause; the regular one may come first.
            _triggeredAt = _pauseUntil;
            return;
        }
        _pauseUntil = now + Spread(ShortestPause, LongestPause, chance);
        Tell(changedOnly: true, effects);
    }

    private void Tell(bool changedOnly, List<RipEffect> effects)
    {
        foreach (var link in _links)
        {
            var table = Table(link, changedOnly);
            if (table.Count > 0) { effects.Add(new TellRoutes(link, null, table)); }
        }
        foreach (var row in _rows.Values) { row.IsChanged = false; }
        _triggeredAt = Instant.Never;
    }

    // Split horizon with poisoned reverse (RFC 2453 section 3.4.3); the link's own network is everybody's there.
    private List<RipRoute> Table(int link, bool changedOnly)
    {
        var table = new List<RipRoute>();
        foreach (var (prefix, row) in _rows)
        {
            if ((changedOnly && !row.IsChanged) || (row.IsLocal && row.Link == link)) { continue; }
            table.Add(new RipRoute(prefix, row.Link == link ? RipView.Infinity : row.Metric, default, row.Tag));
        }
        return table;
    }

    private Instant FindDeadline()
    {
        var next = _nextUpdate < _triggeredAt ? _nextUpdate : _triggeredAt;
        foreach (var row in _rows.Values)
        {
            if (row.Deadline < next) { next = row.Deadline; }
        }
        return next;
    }

    private static TimeSpan Spread(TimeSpan least, TimeSpan most, uint chance) =>
        least + TimeSpan.FromTicks((long)((ulong)(most - least).Ticks * chance >> 32));

    private sealed class Row
    {
        public int Metric { get; set; }

        public int Link { get; set; }

        public IpAddress Gateway { get; set; }

        /// <summary>Who offered it: only he may take it back.</summary>
        public IpAddress Speaker { get; set; }

        public ushort Tag { get; set; }

        public bool IsLocal { get; set; }

        public bool IsChanged { get; set; }

        /// <summary>When it is lost, or, once it is, forgotten.</summary>
        public Instant Deadline { get; set; }
    }
}
