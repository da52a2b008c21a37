using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>An internet of a seed: a tree of zones on servers that fail and lie, and what of it changes.</summary>
/// <remarks>
/// Every zone has the same few names, so that a question is a name of this list below some zone: www (its address changes with each version), text, alias
/// and far (aliases, the latter into another zone), moved (a DNAME), *.wild, ghost (there in some versions), loop (an alias that leads back), odd0 to
/// odd5 (names about which the servers say something odd for ever, each in its own way), broken (whose address always comes with a byte too many).
/// </remarks>
internal sealed class WorldPlan
{
    public static readonly string[] Names =
        ["www", "text", "alias", "far", "x.moved", "y.wild", "x.wild", "ghost", "loop", "nothing", "a.b.nothing", "deep.in", "in", "", "long", "broken", "broken",
        "odd0", "odd1", "odd2", "odd3", "odd4", "odd5"];

    private readonly WorldRandom _random;
    private readonly List<WorldHost> _strangers = [];
    private int _hosts;
    private WorldZone? _glued;

    public WorldPlan(ulong seed)
    {
        _random = new WorldRandom(seed);
        IsChecked = _random.Below(3) > 0;
        Root = NewZone(DnsName.Root, null, 2);
        var tops = _random.Below(2) + 2;
        for (var i = 0; i < tops; i++)
        {
            var top = NewZone(DnsName.Parse($"t{i}"), Root, _random.Below(2) + 1);
            var below = _random.Below(3) + 1;
            for (var j = 0; j < below; j++)
            {
                var zone = NewZone(DnsName.Parse($"z{j}.t{i}"), top, _random.Below(3) + 1);
                if (_random.OneIn(3)) { NewZone(DnsName.Parse($"sub.z{j}.t{i}"), zone, _random.Below(2) + 1); }
            }
        }
        Evil = NewZone(DnsName.Parse("evil"), Root, 1, isSigned: false);
        Evil.Hosts[0].Lies = true;
        NameServers();
        Glue();
        SharesAndSickness();
        if (_glued is { } giver) { foreach (var host in giver.Hosts) { host.WithholdsGlue = false; } }
        foreach (var host in Hosts) { if (!Root.Hosts.Contains(host) && host != Evil.Hosts[0] && _random.OneIn(3)) { _strangers.Add(host); } }
        foreach (var zone in Zones) { MakeVersion(zone, Instant.SimulationEpoch); }
        var changes = _random.Below(6);
        for (var i = 0; i < changes; i++) { Changes.Add((_random.Of(Zones), _random.Below(LastMs))); }
    }

    /// <summary>When what ails the servers ends.</summary>
    public const int HealMs = 240_000;

    /// <summary>A zone that is delegated to servers who know nothing of it.</summary>
    public static readonly DnsName Stolen = DnsName.Parse("stolen");

    /// <summary>When the questions end that are asked while the servers ail.</summary>
    public const int LastMs = 230_000;

    public bool IsChecked { get; }

    public WorldZone Root { get; }

    public WorldZone Evil { get; }

    public List<WorldZone> Zones { get; } = [];

    public List<WorldHost> Hosts { get; } = [];

    public List<(WorldZone Zone, int AtMs)> Changes { get; } = [];

    /// <summary>Of a thousand questions to servers so many are answered by strangers first.</summary>
    public int Strangers { get; private set; }

    private readonly Dictionary<WorldZone, List<(DnsName Name, WorldHost Host)>> _servers = [];

    /// <summary>Writes the next version of a zone, and gives it to its servers, to some of them late.</summary>
    public IEnumerable<(WorldHost Host, Firstbyte.Dns.Zones.Zone Version, int DelayMs)> Change(WorldZone zone, Instant now)
    {
        var version = MakeText(zone, now);
        var latest = 0;
        var given = new List<(WorldHost, Firstbyte.Dns.Zones.Zone, int)>();
        foreach (var host in zone.Hosts)
        {
            var delay = _random.OneIn(2) ? 0 : _random.Below(20_000);
            latest = Math.Max(latest, delay);
            given.Add((host, version, delay));
        }
        zone.Versions[^2].Until = now + TimeSpan.FromMilliseconds(latest);
        return given;
    }

    /// <summary>The deepest zone that a name lies in; the DS records of a zone lie in its parent.</summary>
    public WorldZone ZoneOf(DnsName name, RecordType type) => Zones
        .Where(zone => name.IsSubdomainOf(zone.Origin) && (type != RecordType.DS || zone.Origin != name || zone.Parent is null))
        .MaxBy(static zone => zone.Origin.LabelCount)!;

    private WorldZone NewZone(DnsName origin, WorldZone? parent, int hosts, bool? isSigned = null)
    {
        var zone = new WorldZone(origin, parent, IsChecked && (parent?.IsSigned ?? true) && (isSigned ?? (parent is null || _random.Below(3) > 0)), _random.OneIn(2));
        for (var i = 0; i < hosts; i++)
        {
            var host = new WorldHost(_hosts++) { LatencyMs = _random.Below(40) + 1 };
            Hosts.Add(host);
            zone.Hosts.Add(host);
        }
        Zones.Add(zone);
        return zone;
    }

    /// <summary>Names of the servers: mostly in the zone itself, at times in another one, so that its address has to be found first.</summary>
    private void NameServers()
    {
        foreach (var zone in Zones)
        {
            // Only zones that come earlier, so that no two wait for each other.
            var earlier = Zones.Where(other => other.Parent is not null && other != Evil && Zones.IndexOf(other) < Zones.IndexOf(zone) && !zone.Origin.IsSubdomainOf(other.Origin)).ToArray();
            _servers[zone] = [];
            for (var i = 0; i < zone.Hosts.Count; i++)
            {
                var home = zone.Parent is not null && zone != Evil && earlier.Length > 0 && _random.OneIn(4) ? _random.Of(earlier) : zone;
                if (home != zone) { zone.NeededZones.Add(home); }
                _servers[zone].Add((DnsName.Parse(zone.Origin.IsRoot ? $"ns{i}.root-servers" : home == zone ? $"ns{i}.{home.Origin}" : $"ns-{Zones.IndexOf(zone)}-{i}.{home.Origin}"), zone.Hosts[i]));
            }
        }
    }

    /// <summary>
    /// A zone whose only server has its name in a zone that is dead: its address is known as glue of the zone above that one alone, further up than the
    /// nearest cut.
    /// </summary>
    private void Glue()
    {
        // One server: two that are silent take most of a question's time.
        if (Zones.Find(static zone => zone.Parent?.Parent is { Parent: not null } && zone.Hosts.Count == 1) is not { Parent: { } above } dead) { return; }
        var glued = new WorldZone(DnsName.Parse("glued"), Root, isSigned: false, isHashed: false);
        var name = DnsName.Parse($"ns-glued.{dead.Origin}");
        glued.Hosts.Add(above.Hosts[0]);
        glued.NeededZones.Add(above);
        Zones.Add(glued);
        _servers[glued] = [(name, above.Hosts[0])];
        _servers[above].Add((name, above.Hosts[0]));
        foreach (var host in dead.Hosts) { host.IsDead = true; }
        _glued = above.Parent;
    }

    private void SharesAndSickness()
    {
        // A zone whose servers belong to another one as well, and one whose owner has delegated it to a stranger's server.
        foreach (var zone in Zones.Where(static zone => zone.Parent is not null).ToArray())
        {
            // A server of two zones refers past the cut between them: then nobody has said what is known of the one zone alone.
            if (zone == Evil || _glued is not null || !_random.OneIn(5)) { continue; }
            var other = _random.Of(Zones);
            if (other == zone || other == Evil) { continue; }
            zone.Hosts.Add(other.Hosts[0]);
            _servers[zone].Add((DnsName.Parse($"shared.{zone.Origin}"), other.Hosts[0]));
        }
        Strangers = _random.OneIn(3) ? 300 : 0;
        string[] lameness = ["refused", "servfail", "empty", "upward", "formerr"];
        foreach (var host in Hosts)
        {
            host.IsSilentAboutOthers = _random.OneIn(2);
            host.Truncates = _random.OneIn(8);
            host.FoldsCase = _random.OneIn(8);
            host.BendsAliases = !Zones.Exists(zone => zone.IsSigned && zone.Hosts.Contains(host)) && _random.OneIn(4);
            host.WithholdsGlue = Zones.FindAll(zone => zone.Hosts.Contains(host)).Count == 1 && _random.OneIn(8);
            host.SaysWholeSoaTime = _random.OneIn(4);
            host.JitterMs = _random.OneIn(3) ? 60 : 0;
            host.Duplicates = _random.OneIn(3) ? 200 : 0;
            host.RejectsEdns = !Zones.Exists(zone => zone.IsSigned && zone.Hosts.Contains(host)) && _random.OneIn(6);
            // Of the root's two servers at most one ails, or nothing else would be seen.
            if (host == Root.Hosts[0] || host == Evil.Hosts[0]) { continue; }
            switch (_random.Below(10))
            {
                case 0: host.IsDead = true; break;
                case 1: host.Loss = 300; break;
                case 2: host.Loss = 50; break;
                case 3: host.Lameness = _random.Of(lameness); break;
            }
        }
    }

    private void MakeVersion(WorldZone zone, Instant now)
    {
        var version = MakeText(zone, now);
        foreach (var host in zone.Hosts) { host.Serve(zone, version); }
    }

    private Firstbyte.Dns.Zones.Zone MakeText(WorldZone zone, Instant now)
    {
        var (number, index) = (zone.Versions.Count + 1, Zones.IndexOf(zone));
        var text = new StringBuilder();
        int[] times = [5, 30, 60, 300];
        var ttl = times[(index + number) % times.Length];
        text.Append($"$TTL {ttl}\n@ SOA m.x. m.x. {number} 60 60 60 {times[index % 3]}\n");
        WriteServers(text, zone, zone.Origin.IsRoot);
        var far = Zones[(index + 1) % Zones.Count];
        text.Append($"""
            www A 198.51.{index}.{number}
            www AAAA 2001:db8::{index:x}:{number:x}
            text TXT "{index} {number}"
            long TXT "{new string('x', 250)}" "{new string('y', 250)}" "{new string('z', 250)}" "{new string('w', 250)}" "{new string('v', 250)}" "{new string('u', 250)}"
            alias CNAME www
            far CNAME {(far == Evil ? "www.evil." : far.Origin.IsRoot ? "www." : $"www.{far.Origin}")}
            moved DNAME wild
            *.wild A 198.51.{index}.{100 + number}
            loop CNAME loop2
            loop2 CNAME loop
            deep.in A 198.51.{index}.200
            {string.Join('\n', Enumerable.Range(0, 6).Select(kind => $"odd{kind} A 198.51.{index}.201"))}
            broken A 198.51.{index}.203

            """);
        if (number % 2 == 1) { text.Append($"ghost A 198.51.{index}.202\n"); }
        foreach (var child in Zones.Where(child => child.Parent == zone))
        {
            WriteServers(text, child, false);
            if (child.IsSecure) { text.Append($"{child.Origin} DS {child.Key.ToDelegationSigner()}\n"); }
        }
        // Whoever owns this zone has it delegated to the servers of others, who know nothing of it.
        if (zone.Origin.IsRoot && _strangers.Count > 0)
        {
            text.Append("stolen. NS ns.stolen.\n");
            foreach (var host in _strangers) { text.Append($"ns.stolen. A {host.Address}\n"); }
        }
        // Servers of others whose names lie here.
        foreach (var (name, host) in Zones.Where(other => other != zone).SelectMany(other => _servers[other]).DistinctBy(static one => one.Name))
        {
            if (ZoneOf(name, RecordType.A) == zone && !text.ToString().Contains($"{name} A ", StringComparison.Ordinal)) { text.Append($"{name} A {host.Address}\n"); }
        }
        return zone.Add(text.ToString(), now);
    }

    /// <summary>The NS records of a zone, with the addresses of the servers whose names lie in it.</summary>
    private void WriteServers(StringBuilder text, WorldZone zone, bool isRoot)
    {
        // What is known of the one zone alone must not end while the dead one is asked.
        var time = _glued is not null && (zone == _glued || zone.Parent == _glued) ? "3600 " : "";
        foreach (var (name, host) in _servers[zone])
        {
            text.Append($"{zone.Origin} {time}NS {name}\n");
            if (isRoot || name.IsSubdomainOf(zone.Origin)) { text.Append($"{name} {time}A {host.Address}\n"); }
        }
    }
}
