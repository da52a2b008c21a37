using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Byte strings that mean something in DNS messages, and the check that all targets use.</summary>
internal static class DnsFuzzing
{
    public static byte[][] Tokens { get; } =
    [
        // Pointers: to the question, into the header, at themselves, far ahead; the largest label; labels of unknown kinds; the root.
        [0xC0, 12], [0xC0, 0], [0xC0, 14], [0xFF, 0xFF], [63], [64], [128], [0],
        // An OPT record, an A record at the question's name, RDLENGTH beyond the end.
        [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0], [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1], [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0xFF, 0xFF],
    ];

    public static void Require(bool holds, string what)
    {
        if (!holds) { throw new InvalidOperationException(what); }
    }
}

/// <summary>Reads messages in every way there is, and compares the readings with each other and with what is written from them.</summary>
internal static class MessageTarget
{
    public static FuzzTarget Target { get; } = new((bytes, _) => Check(bytes), Corpus(), DnsFuzzing.Tokens);

    private static byte[][] Corpus()
    {
        var (www, ns) = (DnsName.Parse("www.Example.com"), DnsName.Parse("ns1.example.com"));
        DnsRecord Record(RecordData data) => new(www, new Ttl(300), data);
        var rich = new DnsMessage
        {
            Id = 7,
            Flags = HeaderFlags.Response,
            Questions = [new Question(www, RecordType.A)],
            Answers =
            [
                Record(new NameData(RecordType.CNAME, ns)), Record(new AddressData(IpAddress.Parse("192.0.2.1"))), Record(new AddressData(IpAddress.Parse("2001:db8::1"))),
                Record(new MxData(10, ns)), Record(new TxtData(["v=spf1 -all"u8.ToArray(), []])), Record(new SrvData(1, 2, 3, ns)),
            ],
            Authorities = [Record(new NameData(RecordType.NS, ns)), Record(new SoaData(ns, www, 1, 2, 3, 4, 5))],
            Additionals = [Record(new AddressData(IpAddress.Parse("192.0.2.53")))],
            Edns = new Edns(1232, 0, true, [new EdnsOption(EdnsOptionCode.Cookie, [1, 2, 3, 4, 5, 6, 7, 8])]),
        };
        return [rich.ToArray(), DnsMessage.Query(1, new Question(www, RecordType.Any), edns: Edns.Default).ToArray(), new DnsMessage().ToArray()];
    }

    private static void Check(byte[] bytes)
    {
        if (!MessageView.TryRead(bytes, out var view, out var error))
        {
            DnsFuzzing.Require(error.Flaw != MessageFlaw.None && error.Offset <= bytes.Length, $"a refusal without reason: {error}");
            return;
        }
        var room = new byte[MessageView.MaxLength + 1024];
        foreach (var section in (ReadOnlySpan<MessageSection>)[MessageSection.Answer, MessageSection.Authority, MessageSection.Additional])
        {
            foreach (var record in view.Records(section))
            {
                record.TryGetAddress(out _);
                record.TryGetNegativeTtl(out _);
                if (record.TryGetTarget(out var target)) { DnsFuzzing.Require(target.ToName().Length <= WireName.MaxLength, "a name too long"); }
                var expanded = record.TryExpandData(room, out var length);
                if (record.TryGetData(out var data)) { DnsFuzzing.Require(expanded && data.Wire.SequenceEqual(room.AsSpan(0, length)), "two readings of RDATA differ"); }
            }
        }
        if (bytes.Length > MessageView.MaxLength || !DnsMessage.TryParse(bytes, out var message, out _)) { return; }
        var room2 = new byte[MessageView.MaxLength];
        int written;
        // Questions that were compressed against each other may be too many to write at all.
        try { written = message.Write(room2); }
        catch (ArgumentException) when (message.Questions.Count > 1) { return; }
        DnsFuzzing.Require(DnsMessage.TryParse(room2.AsSpan(0, written), out var again, out error), $"what was written cannot be read: {error}");
        DnsFuzzing.Require(again.IsTruncated || again.Answers.SequenceEqual(message.Answers) && again.Authorities.SequenceEqual(message.Authorities)
            && again.Additionals.SequenceEqual(message.Additionals) && again.ResponseCode == message.ResponseCode, "what was written reads differently");
    }
}

/// <summary>Sends queries to the authoritative answer: each has a readable response within its limit, or none.</summary>
internal static class AnswerTarget
{
    private static readonly string[] s_names = ["www", "x.wild", "none", "deep.sub", "a.tree", "loop", "big", "alias", "ent"];
    private static readonly RecordType[] s_types = [RecordType.A, RecordType.NS, RecordType.Any, RecordType.DS];
    private static readonly ZoneSet s_zones = Load();

    public static FuzzTarget Target { get; } = new(Check,
        [.. s_names.SelectMany(name => s_types.Select(type => DnsMessage.Query(7, new Question(DnsName.Parse(name + ".example."), type), edns: type == RecordType.A ? null : Edns.Default).ToArray()))],
        DnsFuzzing.Tokens);

    private static void Check(byte[] query, FuzzRandom random)
    {
        var transport = random.Below(2) == 0 ? DnsTransport.Udp : DnsTransport.Tcp;
        var response = new byte[transport == DnsTransport.Udp ? 1232 : MessageView.MaxLength];
        var length = s_zones.Answer(query, default, transport, response);
        if (length == 0)
        {
            DnsFuzzing.Require(query.Length < 12 || (query[2] & 0x80) != 0, "a query without an answer");
            return;
        }
        DnsFuzzing.Require(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), $"an answer that cannot be read: {error}");
        DnsFuzzing.Require(answer.IsResponse && answer.Id == (query[0] << 8 | query[1]), "an answer to something else");
        DnsFuzzing.Require(transport == DnsTransport.Tcp || length <= (answer.Edns is null ? 512 : 1232), "an answer too long for its client");
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

/// <summary>Reads zone files; a zone that loads and is written out again is the same zone.</summary>
internal static class ZoneFileTarget
{
    private static readonly string[] s_texts =
    [
        "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS x.\n@ MX 10 m\nm A 192.0.2.1\n*.w TXT \"a b\" c\nsub NS ns.sub\nns.sub AAAA 2001:db8::1\n",
        "@ 1h IN SOA a. b. ( 1 ; serial\n 2 3 4 5 )\n NS x.\n$ORIGIN s\nd DNAME e.\n_a._b SRV 1 2 3 t\nt TYPE65280 \\# 2 0102\n$INCLUDE f\n",
    ];

    public static FuzzTarget Target { get; } = new((bytes, _) => Check(Encoding.Latin1.GetString(bytes)), [.. s_texts.Select(Encoding.Latin1.GetBytes)],
        [.. new[] { "@", "*", "$TTL", "$ORIGIN ", "$INCLUDE f", " 1h ", " IN ", " A ", " NS ", " CNAME ", " DNAME ", "(", ")", "\"", ";", "\n", "\n ", "\\", "\\# ", "192.0.2.1", "..", "\u00e9" }.Select(Encoding.Latin1.GetBytes)]);

    private static void Check(string text)
    {
        var origin = DnsName.Parse("example.");
        if (!Zone.TryLoad(text, "fuzz", origin, out var zone, out var problems, _ => "i A 192.0.2.9\n"))
        {
            DnsFuzzing.Require(problems.Any(problem => problem.IsError), "refused without an error");
            return;
        }
        var written = string.Join('\n', zone.Sets.SelectMany(set => set.Records));
        DnsFuzzing.Require(Zone.TryLoad(written, "again", origin, out var again, out problems), $"what a zone writes is no zone: {string.Join(' ', problems)}");
        DnsFuzzing.Require(string.Equals(written, string.Join('\n', again.Sets.SelectMany(set => set.Records)), StringComparison.Ordinal), "what a zone writes is another zone");
        foreach (var set in zone.Sets) { zone.Find(set.Owner, set.Type); }
    }
}
