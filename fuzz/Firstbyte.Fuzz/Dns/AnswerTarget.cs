using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Fuzz.Running;
using Firstbyte.Hashing;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Sends queries to the authoritative answer: each has a readable response within its limit, or none.</summary>
internal sealed class AnswerTarget : FuzzTarget
{
    private static readonly string[] s_names = ["www", "x.wild", "none", "deep.sub", "a.tree", "loop", "big", "alias", "ent"];
    private static readonly RecordType[] s_types = [RecordType.A, RecordType.NS, RecordType.Any, RecordType.DS];
    private static readonly AuthoritativeServer s_server = new(
        Load(), new AuthoritativeServerOptions { Version = "0", Identity = "fuzz", CookieSecret = new SipKey(1, 2) });

    private static readonly Edns s_options = new(
        Edns.DefaultPayloadSize, 0, DnssecOk: true, [new EdnsOption(EdnsOptionCode.Cookie, new byte[24]), new EdnsOption(EdnsOptionCode.Nsid, [])]);

    public override string Name => "dns-answer";

    public override string Holds => "every query to an authoritative server has a readable response of its own id within its limit, or none";

    public override int MaximumLength => 2048;

    public override IReadOnlyList<byte[]> Tokens => DnsTokens.All;

    public override IEnumerable<byte[]> Seeds() => s_names.SelectMany(static name => s_types.Select(type => FuzzChoices.Before(
        DnsMessage.Query(7, new Question(DnsName.Parse(name + ".example."), type), edns: type == RecordType.A ? null : s_options).ToArray(), type.Value)));

    public override void Check(byte[] input)
    {
        var random = FuzzChoices.Take(input, out var query);
        var transport = random.Below(2) == 0 ? DnsTransport.Udp : DnsTransport.Tcp;
        var response = new byte[transport == DnsTransport.Udp ? 1232 : MessageView.MaxLength];
        var foresight = default(QueryForesight);
        s_server.Foresee(query, ref foresight);
        foresight.Continue();
        var length = s_server.Answer(query, new QuerySource(default, transport), response);
        if (length == 0)
        {
            Require(query.Length < 12 || (query[2] & 0x80) != 0, "a query without an answer");
            return;
        }
        Require(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), $"an answer that cannot be read: {error}");
        Require(answer.IsResponse && answer.Id == (query[0] << 8 | query[1]), "an answer to something else");
        Require(transport == DnsTransport.Tcp || length <= (answer.Edns is null ? 512 : 1232), "an answer too long for its client");
    }

    private static ZoneSet Load()
    {
        const string Text =
            """
            $TTL 60
            @ SOA ns h 1 2 3 4 5
            @ NS ns
            ns A 192.0.2.1
            www A 192.0.2.2
            *.wild A 192.0.2.3
            sub NS ns.sub
            ns.sub A 192.0.2.4
            tree DNAME wild
            loop CNAME loop
            alias CNAME www
            a.ent TXT x

            """;
        var many = string.Concat(Enumerable.Range(0, 90).Select(i => $"big A 192.0.2.{i}\n"));
        return Zone.TryLoad(Text + many, "fuzz", DnsName.Parse("example."), out var zone, out var problems)
            ? new ZoneSet(zone)
            : throw new InvalidOperationException(string.Join('\n', problems));
    }
}
