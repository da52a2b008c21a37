using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Makes the zones of a random world: which there are, who serves them, what stands in them.</summary>
internal sealed class ZoneTreePlanner(RandomStream random, MachinePlan[] nameServers, MachinePlan[] webServers, MachinePlan? mazeServer, bool everybodyHasV4)
{
    // One alias less than a resolver follows (ResolutionLimits.AliasRestarts): the chain of the maze is legal.
    private const int MazeZones = ResolutionLimits.AliasRestarts - 1;

    private static readonly string[] s_syllables = ["ba", "ko", "mi", "ru", "te", "zo", "ni", "fa", "lu", "pe", "do", "sa"];

    private readonly List<Draft> _drafts = [];
    private readonly List<Question> _questions = [];
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<IpAddress> _lame = [];

    /// <summary>The names under which each web server's pages are found.</summary>
    public List<(DnsName Name, MachinePlan Machine)> WebNames { get; } = [];

    public ZoneTree Make()
    {
        var root = Add(DnsName.Root, null, [nameServers[0]]);
        var tops = new List<Draft>();
        for (var i = 0; i < 2 + (int)random.NextBelow(2); i++) { tops.Add(Add(Below(DnsName.Root), root, Servers())); }
        var seconds = new List<Draft>();
        for (var i = 0; i < 3 + (int)random.NextBelow(4); i++) { seconds.Add(Add(Below(Pick(tops).Origin), null, Servers())); }
        foreach (var draft in seconds) { draft.Parent = tops.First(top => draft.Origin.IsBelow(top.Origin)); }
        for (var i = 0; i < (int)random.NextBelow(3); i++)
        {
            var parent = Pick(seconds);
            seconds.Add(Add(Below(parent.Origin), parent, Servers()));
        }
        foreach (var draft in _drafts) { NameServersOf(draft); }
        foreach (var machine in webServers) { Publish(machine, seconds); }
        AddAliases(seconds);
        AddOddNames(seconds);
        var maze = mazeServer is null ? (Question?)null : BuildMaze(root, mazeServer);
        return Build(root, maze);
    }

    private Draft Add(DnsName origin, Draft? parent, MachinePlan[] servers)
    {
        var draft = new Draft(origin, servers) { Parent = parent };
        _drafts.Add(draft);
        return draft;
    }

    private MachinePlan[] Servers()
    {
        var first = Pick(nameServers);
        var second = Pick(nameServers);
        return first == second ? [first] : [first, second];
    }

    /// <summary>Names the servers of a zone: within the zone itself, with glue above it, or in a zone that was made before.</summary>
    private void NameServersOf(Draft draft)
    {
        foreach (var machine in draft.Servers)
        {
            var earlier = _drafts.TakeWhile(other => other != draft).Where(static other => other.HasOwnServers && !other.Origin.IsRoot).ToArray();
            var host = earlier.Length > 0 && random.Chance(300_000) ? Pick(earlier) : draft;
            if (host == draft) { draft.HasOwnServers = true; }
            var name = Child(host.Origin, NewLabel("ns"));
            var ttl = RandomTtl();
            host.Add(name, ttl, [.. machine.Addresses.Select(static address => new AddressData(address))]);
            draft.Add(draft.Origin, draft.NameServerTtl, new NameData(RecordType.NS, name));
            draft.ServerAddresses.AddRange(machine.Addresses);
            if (draft.Parent is { } parent)
            {
                parent.Add(draft.Origin, draft.NameServerTtl, new NameData(RecordType.NS, name));
                if (host == draft)
                {
                    // The parent knows one address of two, and for longer.
                    parent.Add(name, new Ttl(ttl.Seconds + 1_000), new AddressData(machine.FirstV4));
                }
            }
            else if (draft.Origin.IsRoot) { draft.HintName = name; }
            _questions.Add(new Question(name, RecordType.A));
        }
        _questions.Add(new Question(draft.Origin, RecordType.NS));
        _questions.Add(new Question(draft.Origin, RecordType.SOA));
    }

    private void Publish(MachinePlan machine, List<Draft> zones)
    {
        for (var i = 0; i < 1 + (int)random.NextBelow(3); i++)
        {
            var zone = Pick(zones);
            var name = Child(zone.Origin, NewLabel("www"));
            foreach (var address in machine.Addresses)
            {
                // Some hosts are known by one version of the Internet Protocol only; clients at home have IPv4 alone.
                if (machine.Addresses.Count() > 1 && i > 0 && random.Chance(300_000) && !(everybodyHasV4 && address.IsV4)) { continue; }
                zone.Add(name, RandomTtl(), new AddressData(address));
            }
            if (!zone.Has(name)) { zone.Add(name, RandomTtl(), new AddressData(machine.FirstV4)); }
            WebNames.Add((name, machine));
            _questions.Add(new Question(name, RecordType.A));
            _questions.Add(new Question(name, RecordType.AAAA));
        }
    }

    private void AddAliases(List<Draft> zones)
    {
        for (var i = 0; i < 2 + (int)random.NextBelow(5); i++)
        {
            var (target, machine) = Pick(WebNames);
            var zone = Pick(zones);
            var name = Child(zone.Origin, NewLabel("al"));
            zone.Add(name, RandomTtl(), new NameData(RecordType.CNAME, target));
            WebNames.Add((name, machine));
            _questions.Add(new Question(name, RecordType.A));
            _questions.Add(new Question(name, RecordType.TXT));
            _questions.Add(new Question(name, RecordType.CNAME));
        }
    }

    private void AddOddNames(List<Draft> zones)
    {
        foreach (var zone in zones)
        {
            _questions.Add(new Question(Child(zone.Origin, NewLabel("no")), RecordType.A));
            _questions.Add(new Question(zone.Origin, RecordType.A));
            if (random.Chance(400_000))
            {
                zone.Add(Child(Child(zone.Origin, "wild"), "*"), RandomTtl(), new AddressData(Pick(webServers).FirstV4));
                _questions.Add(new Question(Child(Child(zone.Origin, "wild"), NewLabel("any")), RecordType.A));
                _questions.Add(new Question(Child(Child(zone.Origin, "wild"), NewLabel("any")), RecordType.AAAA));
            }
            if (!random.Chance(500_000)) { continue; }
            var text = Child(zone.Origin, NewLabel("txt"));
            var line = new byte[20 + random.NextBelow(200)];
            for (var i = 0; i < line.Length; i++) { line[i] = (byte)('a' + random.NextBelow(26)); }
            zone.Add(text, RandomTtl(), new TxtData([line]));
            _questions.Add(new Question(text, RecordType.TXT));
            _questions.Add(new Question(text, RecordType.MX));
        }
    }

    /// <summary>
    /// A chain of aliases through zones whose servers are all but one lame, and lame in the dearest way: they say over UDP that the answer is
    /// too long, and refuse it over TCP. To go through it costs more messages than a question may cost.
    /// </summary>
    private Question BuildMaze(Draft root, MachinePlan server)
    {
        var top = Add(DnsName.Parse(NewLabel("mz") + "."), root, [Pick(nameServers)]);
        NameServersOf(top);
        var addresses = server.Addresses.Where(static address => address.IsV4).ToArray();
        _lame.UnionWith(addresses.Skip(1));
        var zones = new List<Draft>();
        for (var i = 0; i < MazeZones; i++) { zones.Add(Add(Child(top.Origin, $"m{i}"), top, [])); }
        for (var i = 0; i < zones.Count; i++)
        {
            var zone = zones[i];
            zone.ServerAddresses.Add(addresses[0]);
            for (var j = 0; j < addresses.Length; j++)
            {
                var name = Child(zone.Origin, $"ns{j}");
                zone.Add(zone.Origin, zone.NameServerTtl, new NameData(RecordType.NS, name));
                zone.Add(name, new Ttl(60), new AddressData(addresses[j]));
                top.Add(zone.Origin, zone.NameServerTtl, new NameData(RecordType.NS, name));
                top.Add(name, new Ttl(60), new AddressData(addresses[j]));
            }
            var go = Child(zone.Origin, "go");
            if (i == zones.Count - 1) { zone.Add(go, new Ttl(30), new AddressData(Pick(webServers).FirstV4)); }
            else { zone.Add(go, new Ttl(30), new NameData(RecordType.CNAME, Child(zones[i + 1].Origin, "go"))); }
        }
        return new Question(Child(zones[0].Origin, "go"), RecordType.A);
    }

    private ZoneTree Build(Draft root, Question? maze)
    {
        var zones = _drafts.Select(static draft => new ServedZone(draft.Build(), [.. draft.ServerAddresses.Distinct()])).ToArray();
        var hints = new Delegation(DnsName.Root, [new NameServer(root.HintName, [.. nameServers[0].Addresses])], Instant.Never) { IsHint = true };
        return new ZoneTree(zones, hints, _questions, maze, _lame);
    }

    private Ttl RandomTtl() => new((uint)(3 + random.NextBelow(random.Chance(700_000) ? 20 : 600)));

    private DnsName Below(DnsName origin) => Child(origin, NewLabel(""));

    private static DnsName Child(DnsName origin, string label) => DnsName.Parse(origin.IsRoot ? label + "." : $"{label}.{origin}");

    private string NewLabel(string prefix)
    {
        while (true)
        {
            var label = prefix;
            for (var i = 0; i < 2 + (int)random.NextBelow(3); i++) { label += s_syllables[random.NextBelow(s_syllables.Length)]; }
            if (_labels.Add(label)) { return label; }
        }
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[(int)random.NextBelow(list.Count)];

    private sealed class Draft(DnsName origin, MachinePlan[] servers)
    {
        private readonly List<DnsRecord> _records = [];

        public DnsName Origin { get; } = origin;

        public MachinePlan[] Servers { get; } = servers;

        public Draft? Parent { get; set; }

        public bool HasOwnServers { get; set; }

        public DnsName HintName { get; set; }

        public Ttl NameServerTtl { get; } = new(300);

        public List<IpAddress> ServerAddresses { get; } = [];

        public bool Has(DnsName name) => _records.Exists(record => record.Owner == name);

        public void Add(DnsName owner, Ttl ttl, params RecordData[] data)
        {
            foreach (var one in data)
            {
                // One set, one time to live (RFC 2181 section 5.2).
                var others = _records.Find(record => record.Owner == owner && record.Type == one.Type);
                if (!_records.Exists(record => record.Owner == owner && record.Data.Equals(one)))
                {
                    _records.Add(new DnsRecord(owner, others?.Ttl ?? ttl, one));
                }
            }
        }

        public Zone Build()
        {
            var soa = new SoaData(DnsName.Parse("primary."), DnsName.Parse("hostmaster."), 1, 3_600, 600, 86_400, 15);
            var records = _records.Prepend(new DnsRecord(Origin, new Ttl(60), soa));
            return Zone.TryCreate(Origin, records, out var zone, out var problems)
                ? zone
                : throw new InvalidOperationException($"the random zone {Origin} is none: {string.Join("; ", problems)}");
        }
    }
}
