using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;

namespace Firstbyte.Tests.Dns.Serving;

/// <summary>The zones of RFC 4035 appendix A and RFC 5155 appendix A, and the answers of their appendices B.</summary>
public class SignedAnswerTests
{
    private const string Records =
        """
        $TTL 3600
        @        SOA   ns1 bugs.x.w 1 3600 300 3600000 300
        @        NS    ns1
        @        NS    ns2
        @        MX    1 xx
        a        NS    ns1.a
        a        NS    ns2.a
        a        DS    58470 5 1 3079F1593EBAD6DC121E202A8B766A6A4837206C
        ns1.a    A     192.0.2.5
        ns2.a    A     192.0.2.6
        ai       A     192.0.2.9
        ai       HINFO "KLH-10" "ITS"
        ns1      A     192.0.2.1
        ns2      A     192.0.2.2
        *.w      MX    1 ai
        x.w      MX    1 xx
        x.y.w    MX    1 xx
        xx       A     192.0.2.10

        """;

    private static readonly AuthoritativeServer Listed = new(new ZoneSet(Sign(Records +
        """
        b        NS    ns1.b
        ns1.b    A     192.0.2.7
        $TTL 300
        @        NSEC  a     NS SOA MX RRSIG NSEC
        a        NSEC  ai    NS DS RRSIG NSEC
        ai       NSEC  b     A HINFO RRSIG NSEC
        b        NSEC  ns1   NS RRSIG NSEC
        ns1      NSEC  ns2   A RRSIG NSEC
        ns2      NSEC  *.w   A RRSIG NSEC
        *.w      NSEC  x.w   MX RRSIG NSEC
        x.w      NSEC  x.y.w MX RRSIG NSEC
        x.y.w    NSEC  xx    MX RRSIG NSEC
        xx       NSEC  @     A RRSIG NSEC
        """)));

    private static readonly AuthoritativeServer Hashed = new(new ZoneSet(Sign(Records +
        """
        c        NS    ns1.c
        ns1.c    A     192.0.2.7
        2t7b4g4vsa5smi47k61mv5bv1a22bojr A 192.0.2.127
        @        NSEC3PARAM 1 0 12 aabbccdd
        $TTL 300
        0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX NS SOA NSEC3PARAM RRSIG
        2t7b4g4vsa5smi47k61mv5bv1a22bojr NSEC3 1 1 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG
        2vptu5timamqttgl4luu9kg21e0aor3s NSEC3 1 1 12 aabbccdd 35mthgpgcu1qg68fab165klnsnk3dpvl MX RRSIG
        35mthgpgcu1qg68fab165klnsnk3dpvl NSEC3 1 1 12 aabbccdd b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG
        b4um86eghhds6nea196smvmlo4ors995 NSEC3 1 1 12 aabbccdd gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG
        gjeqe526plbf1g8mklp59enfd789njgi NSEC3 1 1 12 aabbccdd ji6neoaepv8b5o6k4ev33abha8ht9fgc HINFO A RRSIG
        ji6neoaepv8b5o6k4ev33abha8ht9fgc NSEC3 1 1 12 aabbccdd k8udemvp1j2f7eg6jebps17vp3n8i58h
        k8udemvp1j2f7eg6jebps17vp3n8i58h NSEC3 1 1 12 aabbccdd kohar7mbb8dc2ce8a9qvl8hon4k53uhi
        kohar7mbb8dc2ce8a9qvl8hon4k53uhi NSEC3 1 1 12 aabbccdd q04jkcevqvmu85r014c7dkba38o0ji5r A RRSIG
        q04jkcevqvmu85r014c7dkba38o0ji5r NSEC3 1 1 12 aabbccdd r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG
        r53bq7cc2uvmubfu5ocmm6pers9tk9en NSEC3 1 1 12 aabbccdd t644ebqk9bibcna874givr6joj62mlhv MX RRSIG
        t644ebqk9bibcna874givr6joj62mlhv NSEC3 1 1 12 aabbccdd 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A RRSIG
        """)));

    [Theory]
    [InlineData("x.w.example.", "MX", "NOERROR x.w.example. MX")]
    [InlineData("ml.example.", "A", "NXDOMAIN example. SOA, b.example. NSEC, example. NSEC")]
    [InlineData("ns1.example.", "MX", "NOERROR example. SOA, ns1.example. NSEC")]
    [InlineData("mc.a.example.", "MX", "NOERROR a.example. NS, a.example. DS")]
    [InlineData("mc.b.example.", "MX", "NOERROR b.example. NS, b.example. NSEC")]
    [InlineData("a.z.w.example.", "MX", "NOERROR a.z.w.example. MX, x.y.w.example. NSEC")]
    [InlineData("a.z.w.example.", "AAAA", "NOERROR example. SOA, x.y.w.example. NSEC, *.w.example. NSEC")]
    [InlineData("example.", "DS", "NOERROR example. SOA, example. NSEC")]
    // An empty non-terminal, and the end of the chain.
    [InlineData("y.w.example.", "A", "NOERROR example. SOA, x.w.example. NSEC")]
    [InlineData("zz.example.", "A", "NXDOMAIN example. SOA, xx.example. NSEC, example. NSEC")]
    public void Nsec_proves_what_appendix_b_of_RFC_4035_has(string name, string type, string expected) => Check(Listed, name, type, expected);

    [Theory]
    [InlineData("a.c.x.w.example.", "A", "NXDOMAIN example. SOA, b4um NSEC3, 0p9m NSEC3, 35mt NSEC3")]
    [InlineData("ns1.example.", "MX", "NOERROR example. SOA, 2t7b NSEC3")]
    [InlineData("y.w.example.", "A", "NOERROR example. SOA, ji6n NSEC3")]
    [InlineData("mc.c.example.", "MX", "NOERROR c.example. NS, 0p9m NSEC3, 35mt NSEC3")]
    [InlineData("mc.a.example.", "MX", "NOERROR a.example. NS, a.example. DS")]
    [InlineData("a.z.w.example.", "MX", "NOERROR a.z.w.example. MX, q04j NSEC3")]
    [InlineData("a.z.w.example.", "AAAA", "NOERROR example. SOA, k8ud NSEC3, q04j NSEC3, r53b NSEC3")]
    [InlineData("example.", "DS", "NOERROR example. SOA, 0p9m NSEC3")]
    // RFC 5155 section 7.2.4: a delegation that is not in the chain.
    [InlineData("c.example.", "DS", "NOERROR example. SOA, 0p9m NSEC3, 35mt NSEC3")]
    // A name that is a hash as well as a name, and one that is nothing but a hash (section 7.2.8).
    [InlineData("2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.", "MX", "NOERROR example. SOA, koha NSEC3")]
    [InlineData("35mthgpgcu1qg68fab165klnsnk3dpvl.example.", "NSEC3", "NXDOMAIN example. SOA, *")]
    public void Nsec3_proves_what_appendix_b_of_RFC_5155_has(string name, string type, string expected) => Check(Hashed, name, type, expected);

    [Fact]
    public void Who_does_not_ask_for_signatures_gets_none()
    {
        foreach (var name in new[] { "x.w.example.", "ml.example.", "mc.a.example.", "a.z.w.example." })
        {
            var answer = Ask(Listed, Query(name, "MX", Edns.Default));
            Assert.DoesNotContain(answer.Answers.Concat(answer.Authorities).Concat(answer.Additionals), record => record.Type.Value is 43 or 46 or 47);
        }
    }

    [Fact]
    public void A_question_for_signatures_has_all_of_the_name() =>
        Assert.Equal(["A", "HINFO", "NSEC"], Ask(Listed, Query("ai.example.", "RRSIG", Edns.Default)).Answers.Select(Covered).Order());

    [Fact]
    public void An_answer_without_room_for_its_signatures_is_truncated()
    {
        var query = Query("ml.example.", "A", Edns.Default with { DnssecOk = true });
        var whole = new byte[1232];
        var length = Listed.Answer(query, default, whole);
        var cut = new byte[length - 1];
        Assert.True(DnsMessage.TryParse(cut.AsSpan(0, Listed.Answer(query, default, cut)), out var answer, out _));
        Assert.True(answer.IsTruncated);
    }

    [Fact]
    public void Proofs_allocate_nothing()
    {
        var response = new byte[4096];
        foreach (var name in new[] { "ml.example.", "a.c.x.w.example.", "ns1.example.", "mc.c.example.", "a.z.w.example." })
        {
            var query = Query(name, "AAAA", Edns.Default with { DnssecOk = true });
            Assert.Equal(0, Allocations.Of(() => Listed.Answer(query, default, response)));
            Assert.Equal(0, Allocations.Of(() => Hashed.Answer(query, default, response)));
        }
    }

    [Fact]
    public void A_chain_of_costly_hashes_is_not_shown()
    {
        var server = new AuthoritativeServer(new ZoneSet(Sign(
            "$TTL 60\n@ SOA a b 1 2 3 4 5\n@ NS a\na A 192.0.2.1\n@ NSEC3PARAM 1 0 501 -\n0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NSEC3 1 0 501 - 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom NS SOA")));
        var answer = Ask(server, Query("none.example.", "A", Edns.Default with { DnssecOk = true }));
        Assert.Equal(["SOA", "RRSIG"], answer.Authorities.Select(record => record.Type.ToString()));
    }

    /// <summary>Compares the sets, each of which has its signature next to it, but for what the zone below a delegation signs.</summary>
    private static void Check(AuthoritativeServer server, string name, string type, string expected)
    {
        var answer = Ask(server, Query(name, type, Edns.Default with { DnssecOk = true }));
        var records = answer.Answers.Concat(answer.Authorities).ToArray();
        var sets = records.Where(record => record.Type != RecordType.RRSIG).Select(Tell).Distinct().ToArray();
        var told = $"{answer.ResponseCode} {string.Join(", ", sets)}";
        if (expected.EndsWith('*')) { Assert.StartsWith(expected[..^1], told, StringComparison.Ordinal); }
        else { Assert.Equal(expected, told); }
        foreach (var record in records.Where(record => record.Type != RecordType.RRSIG && !(record.Type == RecordType.NS && !answer.IsAuthoritative)))
        {
            var signature = Assert.Single(records, other => other.Type == RecordType.RRSIG && other.Owner == record.Owner && Covered(other) == record.Type.ToString());
            Assert.Equal(record.Ttl, signature.Ttl);
        }
    }

    private static string Tell(DnsRecord record) => $"{(record.Type == RecordType.NSEC3 ? record.Owner.ToString()[..4] : record.Owner)} {record.Type}";

    private static string Covered(DnsRecord record) => $"{record.Data}".Split(' ')[0];

    private static byte[] Query(string name, string type, Edns edns)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        return DnsMessage.Query(1, new Question(DnsName.Parse(name), recordType), edns: edns).ToArray();
    }

    private static DnsMessage Ask(AuthoritativeServer server, byte[] query)
    {
        var response = new byte[4096];
        var length = server.Answer(query, new QuerySource(default, DnsTransport.Tcp), response);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), error.ToString());
        return answer;
    }

    /// <summary>Adds to every set of the zone's own a signature, whose bytes nobody checks here.</summary>
    private static Zone Sign(string text)
    {
        var zone = ZoneTests.Load("example.", text);
        var cuts = zone.Sets.Where(set => set.Type == RecordType.NS && set.Owner != zone.Origin).Select(set => set.Owner).ToArray();
        var signed = zone.Sets.Where(set => !cuts.Any(cut => set.Owner.IsSubdomainOf(cut) && (set.Owner != cut || set.Type == RecordType.NS)));
        var lines = signed.Select(set =>
            $"{set.Owner} {set.Ttl} RRSIG {set.Type} 13 {set.Owner.LabelCount} {set.Ttl} 20300101000000 20200101000000 1 example. AAAA");
        return ZoneTests.Load("example.", $"{text}\n{string.Join('\n', lines)}");
    }
}
