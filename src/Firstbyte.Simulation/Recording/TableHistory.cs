using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Recording;

/// <summary>All tables of a machine at one moment.</summary>
/// <param name="Routes">Its routing table.</param>
/// <param name="Neighbors">Its neighbour cache.</param>
/// <param name="Sockets">Its sockets.</param>
/// <param name="Connections">Its TCP connections with what TCP counts.</param>
/// <param name="Cache">The cache of its resolver; null when none runs there.</param>
/// <param name="Translations">Its address translation table; null when it translates nothing.</param>
public sealed record MachineTables(
    IReadOnlyList<RouteRow> Routes, IReadOnlyList<NeighborRow> Neighbors, IReadOnlyList<SocketRow> Sockets, IReadOnlyList<ConnectionRow> Connections,
    IReadOnlyList<CacheRow>? Cache, IReadOnlyList<TranslationRow>? Translations)
{
    /// <summary>These tables, each as the other's object where both say the same.</summary>
    internal MachineTables Like(MachineTables other)
    {
        var same = new MachineTables(
            Same(Routes, other.Routes), Same(Neighbors, other.Neighbors), Same(Sockets, other.Sockets), Same(Connections, other.Connections),
            Cache is null || other.Cache is null ? Cache : Same(Cache, other.Cache),
            Translations is null || other.Translations is null ? Translations : Same(Translations, other.Translations));
        return same.Equals(other) ? other : same;

        static IReadOnlyList<T> Same<T>(IReadOnlyList<T> here, IReadOnlyList<T> there) => here.SequenceEqual(there) ? there : here;
    }
}

/// <summary>The tables of a recorded run at each of its events, for whoever goes back faster than a world is made again.</summary>
/// <remarks>
/// Theory of operation. A machine's tables change when a frame reaches it, when it sends one, or when its program does something, which the
/// client's programs do: so after each event the tables of the machines that it names are kept, and of each machine those of the last event before
/// a position are the tables at that position. Only lifetimes run on by themselves; they are counted on.
/// </remarks>
public sealed class TableHistory
{
    private readonly Dictionary<string, List<(int Number, Instant At, MachineTables Tables)>> _kept = new(StringComparer.Ordinal);

    /// <summary>Keeps the tables of the position: of every machine at the beginning, later of those that the last event names.</summary>
    public void Take(LabTimeline timeline)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        var (elements, number) = (timeline.Elements, timeline.Position);
        if (_kept.Count == 0)
        {
            foreach (var machine in elements.Machines) { Keep(timeline, machine, number); }
            return;
        }
        Keep(timeline, elements.World.Client, number);
        if (number == 0) { return; }
        var named = timeline.Events[number - 1].Changes.OfType<FrameSeen>().Where(static seen => seen.Kind is ElementKind.Host or ElementKind.Router)
            .Select(static seen => seen.Element)
            // A machine that loses its power forgets, and starts again, without a frame.
            .Concat(timeline.Events[number - 1].Changes.OfType<FaultChanged>().Select(static fault => fault.Place))
            .Where(name => name != elements.World.Client.Name).Distinct(StringComparer.Ordinal);
        foreach (var name in named)
        {
            if (elements.FindMachine(name) is { } machine) { Keep(timeline, machine, number); }
        }
    }

    /// <summary>The tables of a machine at a position; null for a machine that there is none of.</summary>
    /// <param name="machine">Its name.</param>
    /// <param name="number">The event after which they are looked at; 0 is the beginning.</param>
    /// <param name="at">When that is: lifetimes have run on since they were kept.</param>
    public MachineTables? At(string machine, int number, Instant at)
    {
        if (!_kept.TryGetValue(machine, out var list)) { return null; }
        var (low, high) = (0, list.Count);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (list[middle].Number <= number) { low = middle; }
            else { high = middle; }
        }
        var (_, kept, tables) = list[low];
        if (tables.Cache is null || at <= kept) { return tables; }
        var passed = at.Nanoseconds - kept.Nanoseconds;
        return tables with
        {
            Cache = [.. tables.Cache.Where(row => row.LeftNanoseconds > passed)
                .Select(row => row with { LeftNanoseconds = row.LeftNanoseconds - passed, TtlSeconds = (row.LeftNanoseconds - passed) / 1_000_000_000 })],
        };
    }

    /// <summary>Forgets what was kept behind an event: the run goes on differently from there.</summary>
    public void ForgetAfter(int number)
    {
        foreach (var list in _kept.Values) { list.RemoveAll(one => one.Number > number); }
    }

    private void Keep(LabTimeline timeline, NetworkNode machine, int number)
    {
        var tables = new MachineTables(
            LabTables.Routes(machine), LabTables.Neighbors(timeline.Elements, machine), LabTables.Sockets(machine), LabTables.Connections(machine),
            LabTables.Cache(timeline.Elements, machine), LabTables.Translations(machine));
        if (!_kept.TryGetValue(machine.Name, out var list)) { _kept.Add(machine.Name, list = []); }
        // What has not changed is the same object: whoever draws it has nothing to draw, and it is kept once.
        if (list.Count > 0) { tables = tables.Like(list[^1].Tables); }
        if (list.Count > 0 && list[^1].Number == number) { list.RemoveAt(list.Count - 1); }
        list.Add((number, timeline.Now, tables));
    }
}
