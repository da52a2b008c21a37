using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Zones;

/// <summary>A version that was made out of the one before is, to the byte of every answer, the one that is made anew from all its records.</summary>
public class ZonePatchTests
{
    private static readonly DnsName s_origin = DnsName.Parse("example.");

    private static Zone Load(int names)
    {
        var text = "$TTL 60\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\n@ NS ns2\nns1 A 192.0.2.1\nns2 A 192.0.2.2\n@ MX 1 mail\n@ A 192.0.2.9\nmail A 192.0.2.3\nmail MX 5 h7\n"
            + "sub NS ns.sub\nsub NS ns1\nns.sub A 192.0.2.4\nold DNAME new\n*.wild TXT w\nwww.deep.down A 192.0.2.5\n_s._tcp SRV 1 2 3 h3\nself MX 1 example.\nalias CNAME h1\n";
        for (var i = 0; i < names; i++) { text += $"h{i} A 10.0.{i >> 8}.{i & 255}\n"; }
        return ZoneTests.Load("example.", text);
    }

    private static DnsRecord Record(string owner, RecordType type, string data) => new(
        DnsName.Parse(owner), new Ttl(60), ZoneFileReader.Read($"x 60 {type} {data}\n", "db", s_origin).Lines[0].Record.Data);

    private static DnsRecord Next(Zone zone)
    {
        var soa = zone.Soa;
        return new DnsRecord(zone.Origin, new Ttl(60), new SoaData(soa.Primary, soa.Mailbox, soa.Serial + 1, soa.Refresh, soa.Retry, soa.Expire, soa.Minimum));
    }

    private static Zone Apply(Zone zone, IReadOnlyList<DnsRecord> removed, IReadOnlyList<DnsRecord> added)
    {
        Assert.True(zone.TryApply(new ZoneDifference(zone.SoaRecord, Next(zone), removed, added), out var next, out var problems), string.Join('\n', problems));
        return next;
    }

    private static void AreSame(Zone patched, string why)
    {
        Assert.True(Zone.TryCreate(s_origin, patched.Sets.SelectMany(static set => set.Records), out var anew, out var problems), string.Join('\n', problems));
        Assert.Equal(anew.NameCount, patched.NameCount);
        Assert.Equal(anew.Sets.Select(static set => set.Owner), patched.Sets.Select(static set => set.Owner));
        var (one, other) = (new AuthoritativeServer(new ZoneSet(patched)), new AuthoritativeServer(new ZoneSet(anew)));
        Span<byte> first = new byte[1232], second = new byte[1232];
        // Every name there is, its parent, and names beside and below.
        var names = anew.Sets.Select(static set => set.Owner).Distinct().SelectMany(static name => (string[])[$"{name}", $"nothing.{name}", $"zz{name}"]).Append("down.example.").Append("x.wild.example.");
        foreach (var name in names)
        {
            if (!DnsName.TryParse(name, out var asked)) { continue; }
            foreach (var type in (RecordType[])[RecordType.A, RecordType.NS, RecordType.MX, RecordType.SRV, RecordType.TXT, RecordType.SOA, RecordType.Any])
            {
                var query = DnsMessage.Query(1, new Question(asked, type), edns: Edns.Default).ToArray();
                var length = one.Answer(query, default, first);
                Assert.Equal(length, other.Answer(query, default, second));
                Assert.True(Sorted(first[..length]) == Sorted(second[..length]), $"{why}: {name} {type}");
            }
        }
    }

    /// <summary>Records of a set have no order (RFC 2181 section 5).</summary>
    private static string Sorted(ReadOnlySpan<byte> answer)
    {
        Assert.True(DnsMessage.TryParse(answer, out var message, out var error), $"{error}");
        return $"{message.ResponseCode} {message.Flags} {Lines(message.Answers)} | {Lines(message.Authorities)} | {Lines(message.Additionals)}";
        static string Lines(IEnumerable<DnsRecord> records) => string.Join(", ", records.Select(static record => $"{record}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_small_is_patched_and_what_changes_others_is_made_anew()
    {
        var zone = Load(300);
        bool IsPatched(Zone from, DnsRecord[] removed, DnsRecord[] added) => Apply(from, removed, added).Store.Patches > from.Store.Patches;
        var host = Record("h5.example.", RecordType.A, "10.0.0.5");
        Assert.True(IsPatched(zone, [], [Record("new.example.", RecordType.A, "192.0.2.77")]));
        Assert.True(IsPatched(zone, [host], [Record("h5.example.", RecordType.A, "192.0.2.78")]));
        Assert.True(IsPatched(zone, [host], []));
        Assert.True(IsPatched(zone, [], [Record("a.b.c.example.", RecordType.TXT, "x")]));
        Assert.False(IsPatched(zone, [], [Record("cut.example.", RecordType.NS, "ns1.example.")]));
        Assert.False(IsPatched(zone, [], [Record("h9.example.", RecordType.DNAME, "h8.example.")]));
        Assert.False(IsPatched(zone, [], [Record("*.h9.example.", RecordType.A, "192.0.2.1")]));
        Assert.False(IsPatched(zone, [Record("www.deep.down.example.", RecordType.A, "192.0.2.5")], []));
        Assert.False(IsPatched(Load(10), [], [Record("new.example.", RecordType.A, "192.0.2.77")]));
        // So many one after the other, and then the zone is made anew.
        for (var i = 0; i < 600; i++) { zone = Apply(zone, [], [Record($"many{i}.example.", RecordType.A, "192.0.2.1")]); }
        Assert.InRange(zone.Store.Patches, 1, 599);
    }

    /// <summary>A thousand random changes, one upon the other: hosts whose addresses servers and mail hosts hang on, names that come and go, and come back.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_changes_make_the_zone_that_its_records_make(int seed)
    {
        var (random, zone, patches) = (new Random(seed), Load(280), 0);
        string[] hosts = ["ns1", "ns2", "mail", "h3", "h7", "h1", "ns.sub", "self", "new1", "new2", "a.new1", "x.y.z", "h100", "h200", "alias2", "@"];
        for (var round = 0; round < 150; round++)
        {
            var (removed, added) = (new List<DnsRecord>(), new List<DnsRecord>());
            foreach (var name in random.GetItems(hosts, random.Next(1, 4)).Distinct())
            {
                var owner = name == "@" ? s_origin : DnsName.Parse($"{name}.example.");
                var held = zone.RecordsAt(owner).Where(static record => record.Type != RecordType.NS).ToArray();
                if (random.Next(3) == 0 && name != "@") { removed.AddRange(held); }
                else if (held.Length > 0 && random.Next(2) == 0) { removed.Add(held[random.Next(held.Length)]); }
                var fresh = random.Next(4) switch
                {
                    0 => Record($"{owner}", RecordType.A, $"198.51.100.{random.Next(4)}"),
                    1 => Record($"{owner}", RecordType.MX, $"{random.Next(3)} {random.GetItems(hosts, 1)[0].Replace("@", "example.", StringComparison.Ordinal)}"),
                    2 => Record($"{owner}", RecordType.TXT, $"t{random.Next(3)}"),
                    _ => null,
                };
                if (fresh is not null && !held.Contains(fresh) && !removed.Contains(fresh)) { added.Add(fresh); }
            }
            if (removed.Count + added.Count == 0) { continue; }
            var before = zone.Store.Patches;
            var next = Apply(zone, removed, added);
            if (next.Store.Patches > before) { patches++; }
            // The version before is as it was.
            if (round % 30 == 0)
            {
                AreSame(zone, $"round {round}, before");
                AreSame(next, $"round {round}");
            }
            zone = next;
        }
        AreSame(zone, "at the end");
        Assert.True(patches > 40, $"{patches} patches");
    }
}
