using CsCheck;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Zones;

public class ZoneStoreTests
{
    private static readonly DnsName Origin = DnsName.Parse("Zone.test.");

    private static readonly string[] Labels = ["a", "B", "*", "ab", "\\000", "\\001", "\\000a", "\\255", "long-label-of-many-bytes", "long-label-of-many-bytes2", "zone"];

    private static readonly string[] Ends = ["Zone.test.", "zone.test.", "test.", "other.example."];

    /// <summary>Names below the origin and beside it, some of them with other letters for the same name.</summary>
    private static readonly Gen<DnsName> Name = Gen.Select(Gen.Int[0, Labels.Length - 1].Array[0, 4], Gen.Int[0, Ends.Length - 1])
        .Select((labels, end) => DnsName.Parse(string.Concat(labels.Select(label => Labels[label] + ".")) + Ends[end]));

    private static readonly Gen<RecordData> Data = Gen.OneOf<RecordData>(
        Name.Select(name => (RecordData)new NameData(RecordType.NS, name)), Name.Select(name => (RecordData)new NameData(RecordType.PTR, name)),
        Gen.Select(Gen.UShort[0, 2], Name).Select((preference, name) => (RecordData)new MxData(preference, name)),
        Name.Select(name => (RecordData)new SrvData(1, 2, 3, name)),
        Gen.Byte.Select(value => (RecordData)new TxtData([value])),
        Gen.Select(Name, Name).Select((one, other) => RecordData.TryRead(new RecordType(14), [.. one.Wire, .. other.Wire], out var data) ? data : throw new InvalidOperationException()));

    private static readonly Gen<DnsRecord[]> Records = Gen.Select(Name.Where(name => name.IsSubdomainOf(Origin)), Data)
        .Select((owner, data) => new DnsRecord(owner, new Ttl(60), data)).Array[0, 30];

    private static bool TryMake(DnsRecord[] records, out Zone zone) => Zone.TryCreate(Origin,
        [new(Origin, new Ttl(60), new SoaData(Origin, DnsName.Parse("host.zone.TEST."), 1, 2, 3, 4, 5)), new(Origin, new Ttl(60), new NameData(RecordType.NS, DnsName.Parse("ns.zone.test."))), .. records], out zone, out _);

    [Fact]
    public void Records_come_back_byte_for_byte_and_in_canonical_order() => Records.Sample(records =>
    {
        if (!TryMake(records, out var zone)) { return; }
        var sets = zone.Sets.ToArray();
        Assert.Equal(sets.Select(set => (set.Owner, set.Type)).OrderBy(set => set.Owner).ThenBy(set => set.Type), sets.Select(set => (set.Owner, set.Type)));
        foreach (var group in records.GroupBy(record => (record.Owner, record.Type)))
        {
            // The first of equal records is the one that stays, and its bytes with it.
            var expected = group.Select(record => record.Data).Distinct().Select(data => Convert.ToHexString(data.Wire)).ToArray();
            var set = Assert.Single(sets, set => set.Owner == group.Key.Owner && set.Type == group.Key.Type);
            if (group.Key.Owner != Origin) { Assert.Equal(expected, set.Data.Select(data => Convert.ToHexString(data.Wire))); }
        }
        Assert.Equal(sets.Select(set => set.Owner).Distinct().Count(), zone.NameCount - EmptyNames(zone));
    }, iter: Depth.Of(3000));

    private static int EmptyNames(Zone zone)
    {
        var owners = zone.Sets.Select(set => set.Owner).ToHashSet();
        var above = owners.SelectMany(owner => Enumerable.Range(Origin.LabelCount, owner.LabelCount - Origin.LabelCount).Select(owner.Suffix)).ToHashSet();
        return above.Except(owners).Count();
    }

    [Fact]
    public void What_is_answered_is_what_the_zone_holds() => Gen.Select(Records, Name).Sample((records, other) =>
    {
        if (!TryMake(records, out var zone)) { return; }
        var server = new AuthoritativeServer(new ZoneSet(zone));
        var response = new byte[MessageView.MaxLength];
        foreach (var name in zone.Sets.Select(set => set.Owner).Append(other).Where(name => name.IsSubdomainOf(Origin)))
        {
            foreach (var type in (RecordType[])[RecordType.NS, RecordType.MX, RecordType.PTR, new RecordType(14), RecordType.SOA])
            {
                var finding = zone.Find(name, type);
                var query = DnsMessage.Query(1, new Question(name, type)).ToArray();
                var length = server.Answer(query, new QuerySource(default, DnsTransport.Tcp), response);
                Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), error.ToString());
                var expected = finding.Kind is ZoneFindingKind.NoData or ZoneFindingKind.NameError ? zone.NegativeSoa : finding.Set!;
                var section = finding.Kind is ZoneFindingKind.Answer ? answer.Answers : answer.Authorities;
                Assert.Equal(expected.Records.Select(record => finding.IsSynthesized && finding.Kind == ZoneFindingKind.Answer ? record.WithOwner(name) : record), section);
            }
        }
    }, iter: Depth.Of(2000));

    [Fact]
    public void A_name_with_one_address_takes_few_bytes()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"host{i:00000} A 192.0.2.1\n"));
        var zone = ZoneTests.Load("example.com.", "@ SOA a. b. 1 2 3 4 5\n@ NS a.\n" + text);
        Assert.InRange(zone.StoredBytes / (double)zone.NameCount, 40, 90);
    }

    [Fact]
    public void The_root_zone_answers_for_the_root()
    {
        var zone = ZoneTests.Load(".", "@ SOA a.root-servers.net. nstld. 1 2 3 4 5\n@ NS a.root-servers.net.\n@ NS b.root-servers.net.\na.root-servers.net. A 192.0.2.1\nb.root-servers.net. AAAA 2001:db8::1");
        var response = new byte[512];
        var length = new AuthoritativeServer(new ZoneSet(zone)).Answer(DnsMessage.Query(1, new Question(DnsName.Root, RecordType.NS)).ToArray(), default, response);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        Assert.Equal([". 60 IN NS a.root-servers.net.", ". 60 IN NS b.root-servers.net."], answer.Answers.Select(record => record.ToString()));
        Assert.Equal(["a.root-servers.net. 60 IN A 192.0.2.1", "b.root-servers.net. 60 IN AAAA 2001:db8::1"], answer.Additionals.Select(record => record.ToString()));
        // The root is one zero byte, and the second server's name points into the first's.
        Assert.Equal(12 + 5 + (11 + 20) + (11 + 4) + (2 + 14) + (2 + 26), length);
    }
}
