using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;

namespace Firstbyte.Tests.Dns.Serving;

/// <summary>Aliases from zone to zone, what a server says of itself, and the option by which it says why.</summary>
public class AuthoritativeServerTests
{
    private const string Head = "@ SOA ns.test. h.test. 1 2 3 4 5\n@ NS ns.test.\n";

    private static readonly AuthoritativeServer Server = new(
        new ZoneSet(
            ZoneTests.Load("one.test.", Head + "a CNAME b.two.test.\nc CNAME none.two.test.\nd CNAME x.sub.two.test.\ne CNAME x.elsewhere.test.\nt DNAME two.test.\nl DNAME l\nm DNAME a.m\nk CNAME k.two.test."),
            ZoneTests.Load("two.test.", Head + "b A 192.0.2.1\nsub NS ns.sub\nns.sub A 192.0.2.2\nchild NS ns.child\nns.child A 192.0.2.3\nk CNAME k.one.test.\nto CNAME in.child"),
            ZoneTests.Load("child.two.test.", Head + "in A 192.0.2.4")),
        new AuthoritativeServerOptions { Version = "Firstbyte", Identity = "here" });

    /// <summary>Looking ahead promises nothing and breaks nothing, whatever the bytes are: queries, what is left of them when they are cut, and others.</summary>
    [Fact]
    public void Foresight_takes_any_bytes_and_changes_no_answer()
    {
        var random = new Random(7);
        var foresight = default(QueryForesight);
        foresight.Continue();
        Span<byte> response = new byte[1232], again = new byte[1232];
        foreach (var name in (string[])["a.one.test.", "x.l.one.test.", "none.two.test.", "in.child.two.test.", "elsewhere.test.", ".", "test."])
        {
            var query = DnsMessage.Query(7, new Question(DnsName.Parse(name), RecordType.A), edns: Edns.Default).ToArray();
            var length = Server.Answer(query, default, response);
            for (var i = 0; i < 500; i++)
            {
                var bytes = query[..random.Next(query.Length + 1)];
                if (bytes.Length > 0) { bytes[random.Next(bytes.Length)] = (byte)random.Next(256); }
                Server.Foresee(bytes, ref foresight);
                foresight.Continue();
            }
            Server.Foresee(query, ref foresight);
            foresight.Continue();
            Assert.Equal(length, Server.Answer(query, default, again));
            Assert.True(response[..length].SequenceEqual(again[..length]), name);
        }
    }

    [Theory]
    // RFC 1034 section 4.3.2 step 3a: "go back to step 1", which looks for the nearest zone.
    [InlineData("a.one.test.", "A", "NOERROR aa: a.one.test. CNAME b.two.test. | b.two.test. A 192.0.2.1")]
    [InlineData("c.one.test.", "A", "NXDOMAIN aa: c.one.test. CNAME none.two.test. | authority two.test. SOA")]
    [InlineData("d.one.test.", "A", "NOERROR aa: d.one.test. CNAME x.sub.two.test. | authority sub.two.test. NS ns.sub.two.test. | additional ns.sub.two.test. A 192.0.2.2")]
    [InlineData("e.one.test.", "A", "NOERROR aa: e.one.test. CNAME x.elsewhere.test.")]
    [InlineData("to.two.test.", "A", "NOERROR aa: to.two.test. CNAME in.child.two.test. | in.child.two.test. A 192.0.2.4")]
    [InlineData("k.one.test.", "A", "NOERROR aa: k.one.test. CNAME k.two.test. | k.two.test. CNAME k.one.test.")]
    // RFC 6672: into the other zone; a question for a CNAME ends at the one that is made.
    [InlineData("b.t.one.test.", "A", "NOERROR aa: t.one.test. DNAME two.test. | b.t.one.test. CNAME b.two.test. | b.two.test. A 192.0.2.1")]
    [InlineData("b.t.one.test.", "CNAME", "NOERROR aa: t.one.test. DNAME two.test. | b.t.one.test. CNAME b.two.test.")]
    [InlineData("none.t.one.test.", "CNAME", "NOERROR aa: t.one.test. DNAME two.test. | none.t.one.test. CNAME none.two.test.")]
    [InlineData("b.t.one.test.", "ANY", "NOERROR aa: t.one.test. DNAME two.test. | b.t.one.test. CNAME b.two.test.")]
    // A DNAME onto itself or below itself is told once.
    [InlineData("x.l.one.test.", "A", "NOERROR aa: l.one.test. DNAME l.one.test. | x.l.one.test. CNAME x.l.one.test.")]
    [InlineData("x.m.one.test.", "A", "NOERROR aa: m.one.test. DNAME a.m.one.test. | x.m.one.test. CNAME x.a.m.one.test.")]
    // RFC 5936 section 2.2.1.
    [InlineData("elsewhere.test.", "AXFR", "NOTAUTH")]
    [InlineData("a.one.test.", "AXFR", "NOTAUTH")]
    [InlineData("one.test.", "IXFR", "REFUSED")]
    public void Aliases_lead_from_zone_to_zone(string name, string type, string expected)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        Assert.Equal(expected, Tell(Ask(DnsMessage.Query(1, new Question(DnsName.Parse(name), recordType)))));
    }

    [Theory]
    [InlineData("version.bind.", "Firstbyte")]
    [InlineData("VERSION.server.", "Firstbyte")]
    [InlineData("id.server.", "here")]
    [InlineData("hostname.bind.", "here")]
    public void A_server_that_may_says_who_it_is(string name, string text)
    {
        var query = DnsMessage.Query(1, new Question(DnsName.Parse(name), RecordType.TXT, RecordClass.CH));
        Assert.Equal($"{DnsName.Parse(name)} 0 CH TXT \"{text}\"", Assert.Single(Ask(query).Answers).ToString());
        Assert.Equal(ResponseCode.Refused, Ask(query, new AuthoritativeServer(new ZoneSet())).ResponseCode);
    }

    [Fact]
    public void Whoever_asks_with_nsid_is_told_the_identity()
    {
        Edns edns = Edns.Default with { Options = [new EdnsOption(EdnsOptionCode.Nsid, [])] };
        var query = DnsMessage.Query(1, new Question(DnsName.Parse("a.one.test."), RecordType.A), edns: edns);
        Assert.Equal("here"u8.ToArray(), Assert.Single(Ask(query).Edns!.Options).Data);
        Assert.Empty(Ask(DnsMessage.Query(1, query.Questions[0], edns: Edns.Default)).Edns!.Options);
    }

    [Fact]
    public void A_refusal_says_that_the_zone_is_not_held_here()
    {
        var query = DnsMessage.Query(1, new Question(DnsName.Parse("elsewhere.test."), RecordType.A), edns: Edns.Default);
        var option = Assert.Single(Ask(query).Edns!.Options);
        Assert.Equal((EdnsOptionCode.ExtendedError, "0014"), (option.Code, Convert.ToHexString(option.Data)));
    }

    [Fact]
    public void New_zones_take_effect_with_the_next_query()
    {
        var server = new AuthoritativeServer(new ZoneSet());
        var query = DnsMessage.Query(1, new Question(DnsName.Parse("one.test."), RecordType.NS));
        Assert.Equal(ResponseCode.Refused, Ask(query, server).ResponseCode);
        server.Zones = Server.Zones;
        Assert.Equal(ResponseCode.NoError, Ask(query, server).ResponseCode);
    }

    private static DnsMessage Ask(DnsMessage query, AuthoritativeServer? server = null)
    {
        var response = new byte[1232];
        var length = (server ?? Server).Answer(query.ToArray(), default, response);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), error.ToString());
        return answer;
    }

    private static string Tell(DnsMessage answer)
    {
        string[] records =
        [
            .. answer.Answers.Select(Tell), .. answer.Authorities.Select(record => $"authority {(record.Data is SoaData ? $"{record.Owner} SOA" : Tell(record))}"),
            .. answer.Additionals.Select(record => $"additional {Tell(record)}"),
        ];
        return $"{answer.ResponseCode}{(answer.IsAuthoritative ? " aa" : "")}{(records.Length > 0 ? ": " : "")}{string.Join(" | ", records)}";
    }

    private static string Tell(DnsRecord record) => $"{record.Owner} {record.Type} {record.Data}";
}
