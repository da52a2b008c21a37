using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Simulation.Swarm;

/// <summary>A zone of a random world and the addresses at which it is served.</summary>
internal sealed record ServedZone(Zone Zone, IpAddress[] Servers);

/// <summary>What the zones of a world say about a question: the oracle that answers are compared with.</summary>
internal sealed record ZoneTruth(ResponseCode Code, IReadOnlyList<DnsRecord> Records, DnsRecord? Soa)
{
    /// <summary>Whether records are those that the zones hold, whatever is left of their time to live.</summary>
    public bool Holds(IReadOnlyCollection<DnsRecord> answer) => answer.Count == Records.Count && answer.All(Contains);

    public bool Contains(DnsRecord record) => Find(record) is not null;

    public DnsRecord? Find(DnsRecord record) =>
        Records.FirstOrDefault(one => one.Owner == record.Owner && one.Type == record.Type && one.Data.Equals(record.Data));
}

/// <summary>The name space of a random world: zones from the root down, with delegations, aliases, wildcards and names that do not exist.</summary>
/// <remarks>
/// The parent's glue is on purpose not what the zone itself says: it has another time to live, and knows only one of a server's two
/// addresses. A resolver that gives glue to a client is found out by it.
/// </remarks>
internal sealed class ZoneTree
{
    // A chain of aliases that is longer than any in these zones would be a ring.
    private const int MaxAliases = 16;

    private readonly Dictionary<DnsName, ServedZone> _zones;

    public ZoneTree(IEnumerable<ServedZone> zones, Delegation hints, IReadOnlyList<Question> questions, Question? maze, IReadOnlySet<IpAddress> lame)
    {
        _zones = zones.ToDictionary(static zone => zone.Zone.Origin, DnsNameComparer.Instance);
        (Hints, Questions, Maze, Lame) = (hints, questions, maze, lame);
    }

    /// <summary>Where resolvers begin.</summary>
    public Delegation Hints { get; }

    /// <summary>Questions that are worth asking: names of every kind, and some that do not exist.</summary>
    public IReadOnlyList<Question> Questions { get; }

    /// <summary>A question whose answer costs more than any budget allows; null in worlds without one.</summary>
    public Question? Maze { get; }

    /// <summary>Addresses that are named as servers and serve nothing.</summary>
    public IReadOnlySet<IpAddress> Lame { get; }

    public IEnumerable<Zone> ZonesAt(IpAddress address) => _zones.Values.Where(zone => zone.Servers.Contains(address)).Select(static zone => zone.Zone);

    /// <summary>Whether a name lies where answers are too dear to be found.</summary>
    public bool IsInMaze(DnsName name) => Maze is { } maze && name.IsSubdomainOf(maze.Name.Suffix(2)) && maze.Name.LabelCount >= 2;

    /// <summary>What the zones say.</summary>
    public ZoneTruth Find(DnsName name, RecordType type)
    {
        var records = new List<DnsRecord>();
        for (var aliases = 0; aliases < MaxAliases; aliases++)
        {
            var zone = Deepest(name, type);
            var finding = zone.Find(name, type);
            switch (finding.Kind)
            {
                case ZoneFindingKind.Answer:
                    records.AddRange(finding.Set!.Records.Select(record => record.WithOwner(name)));
                    return new ZoneTruth(ResponseCode.NoError, records, null);
                case ZoneFindingKind.Alias:
                    var alias = finding.Set!.Records.First().WithOwner(name);
                    records.Add(alias);
                    name = ((NameData)alias.Data).Target;
                    break;
                case ZoneFindingKind.NoData or ZoneFindingKind.NameError:
                    return new ZoneTruth(
                        finding.Kind == ZoneFindingKind.NoData ? ResponseCode.NoError : ResponseCode.NameError, records,
                        zone.NegativeSoa.Records.First());
                default:
                    throw new InvalidOperationException($"the zone {zone.Origin} delegates {name} to a zone that nobody serves");
            }
        }
        throw new InvalidOperationException($"the aliases of {name} do not end");
    }

    private Zone Deepest(DnsName name, RecordType type)
    {
        for (var above = name; ; above = above.Parent)
        {
            if (_zones.TryGetValue(above, out var zone) && !(type == RecordType.DS && above == name && !above.IsRoot)) { return zone.Zone; }
        }
    }
}
