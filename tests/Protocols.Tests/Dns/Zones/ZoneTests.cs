using CsCheck;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Zones;

public class ZoneTests
{
    /// <summary>The zone of RFC 4592 section 2.2.1.</summary>
    private static readonly Zone Wildcards = Load("example.",
        """
        $TTL 3600
        @                 SOA   ns.example.com. hostmaster.example.com. 1 2 3 4 5
        @                 NS    ns.example.com.
        @                 NS    ns.example.net.
        *                 TXT   "this is a wildcard"
        *                 MX    10 host1.example.
        sub.*             TXT   "this is not a wildcard"
        host1             A     192.0.2.1
        _ssh._tcp.host1   SRV   0 0 22 host1
        _ssh._tcp.host2   SRV   0 0 22 host1
        subdel            NS    ns.example.com.
        subdel            NS    ns.example.net.
        """);

    [Theory]
    // Responses synthesized from one of the wildcards in the zone, as the RFC lists them.
    [InlineData("host3.example.", "MX", ZoneFindingKind.Answer, true)]
    [InlineData("host3.example.", "A", ZoneFindingKind.NoData, true)]
    [InlineData("foo.bar.example.", "TXT", ZoneFindingKind.Answer, true)]
    // Responses that would not be, with the RFC's reasons: it exists; it exists; the closest encloser has no wildcard; a delegation; "*" exists and is one.
    [InlineData("host1.example.", "MX", ZoneFindingKind.NoData, false)]
    [InlineData("sub.*.example.", "MX", ZoneFindingKind.NoData, false)]
    [InlineData("_telnet._tcp.host1.example.", "SRV", ZoneFindingKind.NameError, false)]
    [InlineData("host.subdel.example.", "A", ZoneFindingKind.Referral, false)]
    [InlineData("ghost.*.example.", "MX", ZoneFindingKind.NameError, false)]
    // Empty non-terminals exist (section 2.2.2), so that no wildcard stands in for them.
    [InlineData("_tcp.host1.example.", "TXT", ZoneFindingKind.NoData, false)]
    [InlineData("host2.example.", "MX", ZoneFindingKind.NoData, false)]
    // The wildcard itself can be asked for (section 2.2.1: it is a name like any other).
    [InlineData("*.example.", "TXT", ZoneFindingKind.Answer, false)]
    [InlineData("sub.*.example.", "TXT", ZoneFindingKind.Answer, false)]
    [InlineData("HOST1.EXAMPLE.", "A", ZoneFindingKind.Answer, false)]
    [InlineData("example.", "SOA", ZoneFindingKind.Answer, false)]
    [InlineData("example.", "A", ZoneFindingKind.NoData, false)]
    public void Wildcards_are_those_of_rfc_4592(string name, string type, ZoneFindingKind kind, bool isSynthesized)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        var finding = Wildcards.Find(DnsName.Parse(name), recordType);
        Assert.Equal((kind, isSynthesized), (finding.Kind, finding.IsSynthesized));
    }

    [Fact]
    public void A_negative_answer_lives_as_long_as_the_smaller_of_ttl_and_minimum()
    {
        Assert.Equal(5u, Wildcards.NegativeSoa.Ttl.Seconds);
        Assert.Equal(7u, Load("a.", "@ 7 SOA b. c. 1 2 3 4 99\n@ 7 NS b.").NegativeSoa.Ttl.Seconds);
    }

    [Theory]
    [InlineData("@ NS x.", ZoneFlaw.SoaMissing, "db: expected SoaAtOrigin example., found nothing")]
    [InlineData("@ SOA a. b. 1 2 3 4 5", ZoneFlaw.NsMissing, "db: expected NsAtOrigin example., found nothing")]
    [InlineData(Whole + "@ SOA a. b. 2 2 3 4 5", ZoneFlaw.SoaMisplaced, "db:4:1: expected OneSoa, found 'example. 60 IN SOA a. b. 2 2 3 4 5'")]
    [InlineData(Whole + "x SOA a. b. 2 2 3 4 5", ZoneFlaw.SoaMisplaced, "db:4:1: expected SoaOnlyAtOrigin example., found 'x.example. 60 IN SOA a. b. 2 2 3 4 5'")]
    [InlineData(Whole + "x.net. A 192.0.2.1", ZoneFlaw.OutOfZone, "db:4:1: expected NameBelowOrigin example., found 'x.net. 60 IN A 192.0.2.1'")]
    [InlineData(Whole + "x CH TXT y", ZoneFlaw.ClassDiffers, "db:4:1: expected SameClass IN, found 'x.example. 60 CH TXT \"y\"'")]
    [InlineData(Whole + "x CNAME y\nx A 192.0.2.1", ZoneFlaw.CnameNotAlone, "db:4:1: expected CnameAlone, found 'x.example. 60 IN CNAME y.example.'")]
    [InlineData(Whole + "x CNAME y\nx CNAME z", ZoneFlaw.CnameNotAlone, "db:5:1: expected CnameAlone, found 'x.example. 60 IN CNAME z.example.'")]
    [InlineData(Whole + "d DNAME x.\na.d A 192.0.2.1", ZoneFlaw.DnameNotAlone, "db:5:1: expected NothingBelowDname d.example., found 'a.d.example. 60 IN A 192.0.2.1'")]
    [InlineData(Whole + "d DNAME x.\nd DNAME y.", ZoneFlaw.DnameNotAlone, "db:5:1: expected OneDname, found 'd.example. 60 IN DNAME y.'")]
    [InlineData(Whole + "*.x NS y.", ZoneFlaw.WildcardDelegation, null)]
    [InlineData(Whole + "x TYPE41 \\# 0", ZoneFlaw.MetaType, null)]
    public void What_is_no_zone_is_refused_with_its_reason(string text, ZoneFlaw flaw, string? problem)
    {
        Assert.False(Zone.TryLoad("$TTL 60\n" + text, "db", DnsName.Parse("example."), out _, out var problems));
        var error = problems.First(p => p.IsError);
        Assert.Equal(flaw, error.Flaw);
        if (problem is not null) { Assert.Equal(problem, error.ToString()); }
    }

    private const string Whole = "@ SOA a. b. 1 2 3 4 5\n@ NS x.\n";

    [Theory]
    [InlineData("a A 192.0.2.1\na 61 A 192.0.2.2", ZoneFlaw.TtlsDiffer)]
    [InlineData("a A 192.0.2.1\na A 192.0.2.1", ZoneFlaw.Duplicate)]
    [InlineData("a NS X.y.\na NS x.Y.", ZoneFlaw.Duplicate)]
    [InlineData("sub NS x.\nsub TXT hidden", ZoneFlaw.Hidden)]
    [InlineData("sub NS x.\na.sub MX 1 x.", ZoneFlaw.Hidden)]
    [InlineData("@ NS ns1", ZoneFlaw.GlueMissing)]
    [InlineData("@ NS @", ZoneFlaw.GlueMissing)]
    [InlineData("sub NS ns.sub", ZoneFlaw.GlueMissing)]
    [InlineData("@ NS www\nwww CNAME x.", ZoneFlaw.NsIsAlias)]
    [InlineData("sub NS ns.sub\nns.sub AAAA 2001:db8::1\nsub NS other.sub", ZoneFlaw.GlueMissing)]
    [InlineData("m MX 10 w\nw CNAME x.", ZoneFlaw.MxIsAlias)]
    [InlineData("m\u00e4rz A 192.0.2.1", ZoneFlaw.OwnerNotAscii)]
    [InlineData("t TXT \"over\ntwo lines\"", ZoneFlaw.StringOverLines)]
    [InlineData("a.b DNSKEY 256 3 8 AQID", ZoneFlaw.Misplaced)]
    [InlineData("@ DS 1 8 2 AB", ZoneFlaw.Misplaced)]
    [InlineData("x CDS 0 0 0 00", ZoneFlaw.Misplaced)]
    public void What_is_only_unwise_is_a_warning(string text, ZoneFlaw flaw)
    {
        Assert.True(Zone.TryLoad("$TTL 60\n" + Whole + text, "db", DnsName.Parse("example."), out var zone, out var problems));
        Assert.Equal(flaw, Assert.Single(problems).Flaw);
        Assert.All(zone.Sets, set => Assert.Equal(60u, set.Ttl.Seconds));
    }

    [Fact]
    public void All_errors_of_a_file_are_told()
    {
        Assert.False(Zone.TryLoad("$TTL 60\na A x\nb CNAME c\nb A 192.0.2.1\nsub NS ns.sub\n", "db", DnsName.Parse("example."), out _, out var problems));
        Assert.Equal([ZoneFlaw.DataShape, ZoneFlaw.SoaMissing, ZoneFlaw.NsMissing, ZoneFlaw.CnameNotAlone, ZoneFlaw.GlueMissing], problems.Select(problem => problem.Flaw));
    }

    [Fact]
    public void A_server_whose_address_a_wildcard_gives_needs_no_other() =>
        Load("example.", "$TTL 60\n" + Whole + "@ NS ns1\n* A 192.0.2.1");

    [Fact]
    public void The_deepest_zone_is_responsible_but_for_ds_the_one_above()
    {
        var set = new ZoneSet(Load(".", Whole + "x. A 192.0.2.1"), Load("example.", Whole), Load("sub.example.", Whole));
        Assert.Equal("sub.example.", set.FindZone(DnsName.Parse("a.b.SUB.example.").Wire, RecordType.A)!.Origin.ToString());
        Assert.Equal("sub.example.", set.FindZone(DnsName.Parse("a.sub.example.").Wire, RecordType.DS)!.Origin.ToString());
        Assert.Equal("example.", set.FindZone(DnsName.Parse("sub.example.").Wire, RecordType.DS)!.Origin.ToString());
        Assert.Equal("example.", set.FindZone(DnsName.Parse("other.example.").Wire, RecordType.A)!.Origin.ToString());
        Assert.Equal(".", set.FindZone(DnsName.Parse("net.").Wire, RecordType.A)!.Origin.ToString());
        Assert.Equal(".", set.FindZone(DnsName.Root.Wire, RecordType.DS)!.Origin.ToString());
        Assert.Null(new ZoneSet().FindZone(DnsName.Root.Wire, RecordType.A));
        Assert.Null(new ZoneSet(Load("example.", Whole)).FindZone(DnsName.Parse("net.").Wire, RecordType.A));
    }

    /// <summary>A second, slow reading of RFC 1034 section 4.3.2 and RFC 4592: from the records themselves, label by label from the top.</summary>
    [Fact]
    public void Finding_agrees_with_a_walk_over_the_records() =>
        Gen.Select(SmallName.Array[0, 12], Gen.Int[0, 3].Array[12], SmallName.Array[1, 8]).Sample((owners, kinds, queries) =>
        {
            var origin = DnsName.Parse("z.");
            var records = new List<DnsRecord>
            {
                new(origin, new Ttl(1), new SoaData(DnsName.Root, DnsName.Root, 1, 1, 1, 1, 1)),
                new(origin, new Ttl(1), new NameData(RecordType.NS, DnsName.Parse("x."))),
            };
            foreach (var (owner, kind) in owners.Zip(kinds))
            {
                records.Add(new DnsRecord(owner, new Ttl(1), kind switch
                {
                    0 => new TxtData("x"u8.ToArray()),
                    1 => new NameData(RecordType.NS, DnsName.Parse("x.")),
                    2 => new NameData(RecordType.CNAME, DnsName.Parse("x.")),
                    _ => new MxData(1, DnsName.Parse("x.")),
                }));
            }
            if (!Zone.TryCreate(origin, records, out var zone, out _)) { return; }
            foreach (var query in queries)
            {
                foreach (var type in (RecordType[])[RecordType.TXT, RecordType.DS, RecordType.NS])
                {
                    var finding = zone.Find(query, type);
                    Assert.Equal(Walk(origin, records, query, type), (finding.Kind, finding.Set?.Owner));
                }
            }
        }, iter: Depth.Of(2000));

    private static readonly string[] SmallLabels = ["a", "b", "*"];
    private static readonly Gen<DnsName> SmallName = Gen.Int[0, 2].Array[0, 4]
        .Select(labels => DnsName.Parse(string.Concat(labels.Select(label => SmallLabels[label] + ".")) + "z."));

    private static (ZoneFindingKind Kind, DnsName? Owner) Walk(DnsName origin, List<DnsRecord> records, DnsName name, RecordType type)
    {
        bool Exists(DnsName candidate) => records.Exists(record => record.Owner.IsSubdomainOf(candidate));
        bool Has(DnsName owner, RecordType wanted) => records.Exists(record => record.Owner == owner && record.Type == wanted);
        var encloser = origin;
        for (var labels = origin.LabelCount + 1; labels <= name.LabelCount; labels++)
        {
            var at = name.Suffix(labels);
            if (!Exists(at)) { break; }
            encloser = at;
            if (Has(at, RecordType.NS) && !(at == name && type == RecordType.DS)) { return (ZoneFindingKind.Referral, at); }
        }
        var source = encloser;
        if (encloser != name)
        {
            Assert.True(encloser.TryPrepend("*"u8, out source));
            if (!Exists(source)) { return (ZoneFindingKind.NameError, null); }
        }
        if (Has(source, type)) { return (ZoneFindingKind.Answer, source); }
        return Has(source, RecordType.CNAME) ? (ZoneFindingKind.Alias, source) : (ZoneFindingKind.NoData, null);
    }

    internal static Zone Load(string origin, string text)
    {
        Assert.True(Zone.TryLoad("$TTL 60\n" + text, "db", DnsName.Parse(origin), out var zone, out var problems), string.Join('\n', problems));
        return zone;
    }
}
