using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Conformance;

/// <summary>More than a thousand questions to a nasty zone, asked of us and of NSD and BIND: every difference has its clause.</summary>
/// <remarks>Compared are the response code, AA, the answer section and the authority section; what goes along as additional data is each server's own choice.</remarks>
public class DnsPeersTests
{
    internal const string Origin = "example.test.";

    /// <summary>RFC 4592's zone and what else is easily got wrong.</summary>
    internal const string ZoneText =
        """
        $ORIGIN example.test.
        $TTL 3600
        @                 SOA   ns hostmaster 1 7200 900 1209600 300
        @                 NS    ns
        @                 NS    ns.elsewhere.test.
        @                 MX    10 host1
        @                 TXT   "apex"
        ns                A     192.0.2.53
        *                 TXT   "this is a wildcard"
        *                 MX    10 host1
        sub.*             TXT   "this is not a wildcard"
        host1             A     192.0.2.1
        host1             AAAA  2001:db8::1
        _ssh._tcp.host1   SRV   0 0 22 host1
        _ssh._tcp.host2   SRV   0 0 22 host1
        subdel            NS    ns.elsewhere.test.
        subdel            NS    ns.elsewhere2.test.
        glued             NS    ns.glued
        glued             NS    ns2.glued
        ns.glued          A     192.0.2.60
        ns2.glued         AAAA  2001:db8::60
        sibling           NS    ns.glued
        deep.cut.ent      NS    ns
        signed            NS    ns
        signed            DS    1 8 2 0000000000000000000000000000000000000000000000000000000000000000
        a.b.c.ent         A     192.0.2.2
        cname             CNAME host1
        chain1            CNAME chain2
        chain2            CNAME chain3
        chain3            CNAME host1
        loop1             CNAME loop2
        loop2             CNAME loop1
        self              CNAME self
        gone              CNAME nothing.host1
        tocut             CNAME x.glued
        tocut2            CNAME subdel
        outside           CNAME www.elsewhere.test.
        towild            CNAME any.thing
        *.wc              CNAME host1
        *.wcl             CNAME x.wcl
        *.wd              A     192.0.2.3
        ent.wd            NS    ns
        dname             DNAME target
        x.target          TXT   "by way of a DNAME"
        *.target          A     192.0.2.4
        dself             DNAME dself
        dout              DNAME elsewhere.test.
        dcname            DNAME aliases
        a.aliases         CNAME x.dname
        esc\.aped         TXT   "a dot in a label"
        \000              TXT   "a zero"
        UPPER             A     192.0.2.5
        big               TXT   "0123456789012345678901234567890123456789012345678901234567890123456789"
        svc               SVCB  1 . alpn=h2
        hinfo             HINFO "a" "b"

        """;

    private static readonly RecordType[] Types =
        [RecordType.A, RecordType.AAAA, RecordType.NS, RecordType.CNAME, RecordType.SOA, RecordType.MX, RecordType.TXT, RecordType.DS, RecordType.DNAME, RecordType.SRV];

    private static readonly DnsName[] s_circles = [.. ((string[])["loop1", "loop2", "self", "wcl", "dself"]).Select(static name => DnsName.Parse($"{name}.{Origin}"))];

    /// <summary>What is left: whose answer differs, where, and what is to be said of it.</summary>
    private static readonly (string Peer, Func<DnsName, string, bool> Is, string Clause)[] Differences =
    [
        // "CNAME loops should be signalled as an error" (RFC 1034 section 3.6.2) by whoever follows them for a client. BIND follows a circle until it has
        // gone around too often and says SERVFAIL; NSD and we say what the zone holds, once.
        ("bind", static (name, theirs) => theirs.StartsWith("SERVFAIL", StringComparison.Ordinal) && IsInCircle(name), "RFC 1034 section 3.6.2"),
        // What a DNAME onto itself makes Knot says several times over.
        ("knot", static (name, theirs) => IsRepeated(name, theirs), "RFC 6672 section 3.2"),
    ];

    /// <summary>True when the record that a DNAME makes for a name stands in an answer more than once.</summary>
    internal static bool IsRepeated(DnsName name, string answer) =>
        IsInCircle(name) && answer.Split($"{name} 3600 cname ", StringSplitOptions.None).Length > 2;

    internal static bool IsInCircle(DnsName name) => s_circles.Any(name.IsSubdomainOf);

    [Theory]
    [InlineData("nsd")]
    [InlineData("bind")]
    [InlineData("knot")]
    public void Every_question_has_the_same_answer(string name)
    {
        using var peer = PeerServer.Start(name, Origin, ZoneText);
        if (peer is null) { Assert.Skip($"{name} is not installed"); }
        Assert.True(Zone.TryLoad(ZoneText, "zone", DnsName.Parse(Origin), out var zone, out var problems), string.Join('\n', problems));
        var server = new AuthoritativeServer(new ZoneSet(zone));
        var response = new byte[MessageView.MaxLength];
        var (asked, wrong) = (0, new List<string>());
        foreach (var question in Questions(zone))
        {
            asked++;
            var query = DnsMessage.Query((ushort)asked, question, edns: asked % 2 == 0 ? Edns.Default with { DnssecOk = true } : Edns.Default);
            var length = server.Answer(query.ToArray(), default, response);
            Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var own, out var error), error.ToString());
            var (ours, theirs) = (Tell(own), Tell(peer.Ask(query)));
            if (ours != theirs && !Differences.Any(known => known.Peer == name && known.Is(question.Name, theirs))) { wrong.Add($"{question}\n  we   {ours}\n  {name,-4} {theirs}"); }
        }
        Assert.InRange(asked, 1_000, 10_000);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {asked}\n{string.Join('\n', wrong.Take(60))}");
    }

    /// <summary>Each owner, a child and a sibling of it, and every type of them.</summary>
    internal static IEnumerable<Question> Questions(Zone zone)
    {
        var names = new SortedSet<DnsName>();
        foreach (var owner in zone.Sets.Select(set => set.Owner))
        {
            names.Add(owner);
            names.Add(DnsName.Parse($"q.{owner}"));
            if (owner != zone.Origin) { names.Add(DnsName.Parse($"zz.{owner.Parent}")); }
        }
        return names.SelectMany(name => Types.Select(type => new Question(name, type)));
    }

    internal static string Tell(DnsMessage answer) =>
        $"{answer.ResponseCode}{(answer.IsAuthoritative ? " aa" : "")}{(answer.IsTruncated ? " tc" : "")} {Tell(answer.Answers)} / {Tell(answer.Authorities)}";

    private static string Tell(IEnumerable<DnsRecord> records) =>
        string.Join(", ", records.Select(record => $"{record.Owner} {record.Ttl} {record.Type} {record.Data}".ToLowerInvariant()).Order(StringComparer.Ordinal));
}
