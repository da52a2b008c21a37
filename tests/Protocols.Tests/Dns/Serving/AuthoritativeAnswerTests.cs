using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;

namespace Firstbyte.Tests.Dns.Serving;

public class AuthoritativeAnswerTests
{
    private static readonly Endpoint Client = new(IpAddress.Parse("192.0.2.200"), 5353);

    internal static readonly AuthoritativeServer Server = new(new ZoneSet(ZoneTests.Load("example.",
        $"""
        $TTL 300
        @          SOA   ns1 hostmaster 1 7200 900 1209600 60
        @          NS    ns1
        @          NS    ns2.example.net.
        @          MX    10 mail
        ns1        A     192.0.2.53
        ns1        AAAA  2001:db8::53
        mail       A     192.0.2.25
        www        CNAME web
        web        A     192.0.2.80
        out        CNAME www.example.net.
        gone       CNAME missing
        loop       CNAME loop2
        loop2      CNAME loop
        long0      CNAME long1
        {string.Join("\n", Enumerable.Range(1, 20).Select(i => $"long{i} CNAME long{i + 1}"))}
        long21     A     192.0.2.21
        *.wild     A     192.0.2.7
        *.alias    CNAME web
        sub        NS    ns.sub
        sub        NS    ns.other
        ns.sub     A     192.0.2.99
        ns.other   A     192.0.2.98
        into       CNAME deep.sub
        tree       DNAME other
        a.other    TXT   "found by way of tree"
        long       DNAME {new string('x', 60)}.{new string('y', 60)}.{new string('z', 60)}
        empty.non.terminal TXT "deep"
        odd        TYPE65280 \# 3 010203
        {string.Join("\n", Enumerable.Range(0, 40).Select(i => $"big A 192.0.2.{i}"))}
        {string.Join("\n", Enumerable.Range(0, 30).Select(i => $"glued NS ns{i}.glued\nns{i}.glued AAAA 2001:db8::{i}"))}
        {string.Join("\n", Enumerable.Range(0, 10).Select(i => $"text TXT \"{new string((char)('a' + i), 200)}\""))}
        """)));

    [Theory]
    [InlineData("web.example.", "A", "NOERROR aa | web.example. 300 IN A 192.0.2.80")]
    [InlineData("WEB.example.", "A", "NOERROR aa | WEB.example. 300 IN A 192.0.2.80")]
    [InlineData("www.example.", "A", "NOERROR aa | www.example. 300 IN CNAME web.example. | web.example. 300 IN A 192.0.2.80")]
    [InlineData("www.example.", "CNAME", "NOERROR aa | www.example. 300 IN CNAME web.example.")]
    [InlineData("www.example.", "AAAA", "NOERROR aa | www.example. 300 IN CNAME web.example. | authority example. 60 IN SOA ns1.example. hostmaster.example. 1 7200 900 1209600 60")]
    [InlineData("out.example.", "A", "NOERROR aa | out.example. 300 IN CNAME www.example.net.")]
    [InlineData("gone.example.", "A", "NXDOMAIN aa | gone.example. 300 IN CNAME missing.example. | authority example. 60 IN SOA ns1.example. hostmaster.example. 1 7200 900 1209600 60")]
    [InlineData("loop.example.", "A", "NOERROR aa | loop.example. 300 IN CNAME loop2.example. | loop2.example. 300 IN CNAME loop.example.")]
    [InlineData("none.example.", "A", "NXDOMAIN aa | authority example. 60 IN SOA ns1.example. hostmaster.example. 1 7200 900 1209600 60")]
    [InlineData("web.example.", "MX", "NOERROR aa | authority example. 60 IN SOA ns1.example. hostmaster.example. 1 7200 900 1209600 60")]
    [InlineData("non.terminal.example.", "TXT", "NOERROR aa | authority example. 60 IN SOA ns1.example. hostmaster.example. 1 7200 900 1209600 60")]
    [InlineData("a.b.wild.example.", "A", "NOERROR aa | a.b.wild.example. 300 IN A 192.0.2.7")]
    [InlineData("x.alias.example.", "A", "NOERROR aa | x.alias.example. 300 IN CNAME web.example. | web.example. 300 IN A 192.0.2.80")]
    [InlineData("example.", "MX", "NOERROR aa | example. 300 IN MX 10 mail.example. | additional mail.example. 300 IN A 192.0.2.25")]
    [InlineData("example.", "NS", "NOERROR aa | example. 300 IN NS ns1.example. | example. 300 IN NS ns2.example.net. | additional ns1.example. 300 IN A 192.0.2.53 | additional ns1.example. 300 IN AAAA 2001:db8::53")]
    [InlineData("deep.sub.example.", "A", "NOERROR | authority sub.example. 300 IN NS ns.sub.example. | authority sub.example. 300 IN NS ns.other.example. | additional ns.sub.example. 300 IN A 192.0.2.99 | additional ns.other.example. 300 IN A 192.0.2.98")]
    [InlineData("ns.sub.example.", "A", "NOERROR | authority sub.example. 300 IN NS ns.sub.example. | authority sub.example. 300 IN NS ns.other.example. | additional ns.sub.example. 300 IN A 192.0.2.99 | additional ns.other.example. 300 IN A 192.0.2.98")]
    [InlineData("sub.example.", "DS", "NOERROR aa | authority example. 60 IN SOA ns1.example. hostmaster.example. 1 7200 900 1209600 60")]
    [InlineData("into.example.", "A", "NOERROR aa | into.example. 300 IN CNAME deep.sub.example. | authority sub.example. 300 IN NS ns.sub.example. | authority sub.example. 300 IN NS ns.other.example. | additional ns.sub.example. 300 IN A 192.0.2.99 | additional ns.other.example. 300 IN A 192.0.2.98")]
    [InlineData("a.tree.example.", "TXT", "NOERROR aa | tree.example. 300 IN DNAME other.example. | a.tree.example. 300 IN CNAME a.other.example. | a.other.example. 300 IN TXT \"found by way of tree\"")]
    [InlineData("tree.example.", "DNAME", "NOERROR aa | tree.example. 300 IN DNAME other.example.")]
    [InlineData("odd.example.", "TYPE65280", "NOERROR aa | odd.example. 300 IN TYPE65280 \\# 3 010203")]
    [InlineData("ns1.example.", "ANY", "NOERROR aa | ns1.example. 300 IN A 192.0.2.53")]
    [InlineData("www.example.", "ANY", "NOERROR aa | www.example. 300 IN CNAME web.example.")]
    [InlineData("terminal.example.", "ANY", "NOERROR aa | authority example. 60 IN SOA ns1.example. hostmaster.example. 1 7200 900 1209600 60")]
    [InlineData("example.net.", "A", "REFUSED")]
    [InlineData(".", "NS", "REFUSED")]
    [InlineData("example.", "AXFR", "REFUSED")]
    [InlineData("example.", "TSIG", "NOTIMP")]
    public void Questions_have_their_answers(string name, string type, string expected) => Assert.Equal(expected, Tell(Ask(name, type)));

    [Fact]
    public void A_chain_of_aliases_is_followed_only_so_far()
    {
        var answer = Ask("long0.example.", "A");
        Assert.Equal(12, answer.Answers.Count);
        Assert.Equal(ResponseCode.NoError, answer.ResponseCode);
    }

    [Fact]
    public void A_dname_that_makes_a_name_too_long_is_yxdomain()
    {
        var label = new string('q', 63);
        Assert.Equal(ResponseCode.NameExists, Ask($"{label}.long.example.", "A", transport: DnsTransport.Tcp).ResponseCode);
        Assert.Equal(ResponseCode.NameError, Ask($"{label[1..]}.long.example.", "A", transport: DnsTransport.Tcp).ResponseCode);
    }

    [Fact]
    public void The_question_comes_back_with_its_case()
    {
        var answer = Ask("wEB.eXaMpLe.", "A");
        Assert.True(answer.Questions[0].Name.EqualsExactly(DnsName.Parse("wEB.eXaMpLe.")));
        Assert.True(answer.Answers[0].Owner.EqualsExactly(DnsName.Parse("wEB.eXaMpLe.")));
    }

    [Fact]
    public void Recursion_desired_is_copied_and_recursion_available_stays_off()
    {
        var flags = Ask("web.example.", "A", flags: HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled | HeaderFlags.AuthenticData).Flags;
        Assert.Equal(HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer | HeaderFlags.RecursionDesired, flags);
    }

    [Fact]
    public void Over_udp_an_answer_that_does_not_fit_is_cut_and_marked_and_over_tcp_it_is_whole()
    {
        Assert.True(Ask("big.example.", "A") is { IsTruncated: true, Answers.Count: 0, Edns: null });
        Assert.True(Ask("big.example.", "A", edns: Edns.Default) is { IsTruncated: false, Answers.Count: 40, Edns: not null });
        Assert.True(Ask("text.example.", "TXT", edns: Edns.Default with { PayloadSize = 65535 }) is { IsTruncated: true, Answers.Count: 0, Edns: not null });
        Assert.True(Ask("text.example.", "TXT", transport: DnsTransport.Tcp) is { IsTruncated: false, Answers.Count: 10 });
        // Smaller than 512 counts as 512 (RFC 6891 section 6.2.3).
        Assert.True(Ask("web.example.", "A", edns: Edns.Default with { PayloadSize = 1 }) is { IsTruncated: false, Answers.Count: 1 });
    }

    [Fact]
    public void A_referral_without_its_glue_is_truncated()
    {
        Assert.True(Ask("x.glued.example.", "A", edns: Edns.Default).IsTruncated);
        Assert.True(Ask("x.glued.example.", "A", transport: DnsTransport.Tcp) is { IsTruncated: false, Additionals.Count: 30 });
    }

    [Fact]
    public void Edns_is_answered_with_edns_and_an_unknown_version_with_badvers()
    {
        var answer = Ask("web.example.", "A", edns: Edns.Default with { DnssecOk = true });
        Assert.Equal((true, (ushort)1232, (byte)0), (answer.Edns!.DnssecOk, answer.Edns.PayloadSize, answer.Edns.Version));
        answer = Ask("web.example.", "A", edns: Edns.Default with { Version = 1 });
        Assert.Equal((ResponseCode.BadVersion, (byte)0, 0), (answer.ResponseCode, answer.Edns!.Version, answer.Answers.Count));
        Assert.Null(Ask("web.example.", "A").Edns);
    }

    [Fact]
    public void Another_class_is_refused()
    {
        var query = DnsMessage.Query(1, new Question(DnsName.Parse("version.bind."), RecordType.TXT, RecordClass.CH));
        Assert.Equal(ResponseCode.Refused, Ask(query.ToArray()).ResponseCode);
        query = DnsMessage.Query(1, new Question(DnsName.Parse("web.example."), RecordType.A, RecordClass.CH));
        Assert.Equal(ResponseCode.Refused, Ask(query.ToArray()).ResponseCode);
    }

    [Fact]
    public void Other_opcodes_are_not_implemented_and_a_notify_is_refused()
    {
        foreach (var opCode in new[] { OpCode.Status, OpCode.Notify, OpCode.Update, new OpCode(15) })
        {
            var query = new DnsMessage { Id = 9, OpCode = opCode, Questions = [new Question(DnsName.Parse("example."), RecordType.SOA)] };
            var answer = Ask(query.ToArray());
            var code = opCode == OpCode.Notify ? ResponseCode.Refused : ResponseCode.NotImplemented;
            Assert.Equal((code, opCode, (ushort)9), (answer.ResponseCode, answer.OpCode, answer.Id));
        }
    }

    [Fact]
    public void A_query_has_one_question()
    {
        var question = new Question(DnsName.Parse("example."), RecordType.SOA);
        Assert.Equal(ResponseCode.FormatError, Ask(new DnsMessage { Questions = [question, question] }.ToArray()).ResponseCode);
        Assert.Equal(ResponseCode.FormatError, Ask(new DnsMessage().ToArray()).ResponseCode);
    }

    [Fact]
    public void What_cannot_be_read_is_formerr_and_what_is_no_query_has_no_answer()
    {
        var query = DnsMessage.Query(0x1234, new Question(DnsName.Parse("web.example."), RecordType.A), HeaderFlags.RecursionDesired).ToArray();
        var answer = Ask(query[..^1]);
        Assert.Equal((ResponseCode.FormatError, (ushort)0x1234, 0), (answer.ResponseCode, answer.Id, answer.Questions.Count));
        Assert.Equal(ResponseCode.FormatError, Ask([.. query, 0]).ResponseCode);

        var response = new byte[512];
        Assert.Equal(0, Server.Answer(query.AsSpan(0, 11), new QuerySource(Client, DnsTransport.Udp), response));
        Assert.Equal(0, Server.Answer([], new QuerySource(Client, DnsTransport.Udp), response));
        query[2] |= 0x80;
        Assert.Equal(0, Server.Answer(query, new QuerySource(Client, DnsTransport.Udp), response));
    }

    [Fact]
    public void Answers_allocate_nothing()
    {
        var queries = new[] { "web", "www", "none", "x.wild", "deep.sub", "a.tree", "big", "loop", "missing.terminal" }
            .Select(name => DnsMessage.Query(1, new Question(DnsName.Parse(name + ".example."), RecordType.A), edns: Edns.Default).ToArray()).ToArray();
        var response = new byte[1232];
        foreach (var query in queries)
        {
            Assert.Equal(0, Allocations.Of(() => Server.Answer(query, new QuerySource(Client, DnsTransport.Udp), response)));
        }
    }

    [Fact]
    public void Any_bytes_have_a_readable_answer_within_their_limit_or_none() =>
        Gen.Select(Gen.Select(Gen.Int[0, 60], Gen.Byte).Array[0, 6], Gen.Int[0, 60], Gen.Bool).Sample((changes, cut, edns) =>
        {
            var bytes = DnsMessage.Query(1, new Question(DnsName.Parse("www.example."), RecordType.A), edns: edns ? Edns.Default : null).ToArray();
            foreach (var (at, value) in changes)
            {
                if (at < bytes.Length) { bytes[at] = value; }
            }
            bytes = bytes[..Math.Min(bytes.Length, cut)];
            var response = new byte[1232];
            var length = Server.Answer(bytes, new QuerySource(Client, DnsTransport.Udp), response);
            if (length == 0) { Assert.True(bytes.Length < 12 || (bytes[2] & 0x80) != 0); return; }
            Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
            Assert.True(answer.IsResponse);
            Assert.True(length <= (answer.Edns is null ? 512 : 1232));
        }, iter: Depth.Of(3000));

    internal static DnsMessage Ask(string name, string type, HeaderFlags flags = HeaderFlags.None, Edns? edns = null, DnsTransport transport = DnsTransport.Udp)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        return Ask(DnsMessage.Query(1, new Question(DnsName.Parse(name), recordType), flags, edns).ToArray(), transport);
    }

    private static DnsMessage Ask(byte[] query, DnsTransport transport = DnsTransport.Udp)
    {
        var response = new byte[MessageView.MaxLength];
        var length = Server.Answer(query, new QuerySource(Client, transport), response);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), error.ToString());
        return answer;
    }

    private static string Tell(DnsMessage answer) => string.Join(" | ",
        (string[])[answer.IsAuthoritative ? $"{answer.ResponseCode} aa" : $"{answer.ResponseCode}",
            .. answer.Answers.Select(record => record.ToString()),
            .. answer.Authorities.Select(record => $"authority {record}"),
            .. answer.Additionals.Select(record => $"additional {record}")]);
}
