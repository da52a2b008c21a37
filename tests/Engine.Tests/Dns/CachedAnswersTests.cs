using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>The short way to an answer that is known, compared with the long one.</summary>
public sealed class CachedAnswersTests
{
    private static readonly Endpoint s_client = new(IpAddress.Parse("10.11.12.13"), 5353);
    private static readonly AnswerOrigin s_origin = new(null, "ns", "test");

    [Fact]
    public void Of_random_caches_both_ways_give_the_same_bytes()
    {
        var (compared, cut, aliases, denials) = (0, 0, 0, 0);
        for (var seed = 1; seed <= Depth.Of(400); seed++)
        {
            var random = new Random(seed);
            var world = new ResolverWorld((ulong)seed);
            using var resolver = new RecursiveResolver(world.Client, new RecursiveResolverOptions { Hints = Nobody, MaxTtl = random.Next(2) == 0 ? 86_400u : 100 });
            var responder = new RecursiveResponder(resolver);
            var cached = new CachedAnswers(resolver.Memory.Cache, new CachedAnswerRules(Checks: false, AnswersSpecialNames: false, MakesAddresses: false));
            Fill(resolver.Memory.Cache, random, NetworkClock.Monotonic(world.Client));
            for (var i = 0; i < 40; i++)
            {
                if (random.Next(4) == 0) { Pass(world, random.Next(1, 90_000)); }
                var (query, transport) = Question(random);
                if (Compare(world, responder, cached, query, transport) is not { } answer) { continue; }
                compared++;
                cut += answer.IsTruncated ? 1 : 0;
                aliases += answer.Answers.Any(static record => record.Type == RecordType.CNAME) ? 1 : 0;
                denials += answer.Authorities.Count > 0 ? 1 : 0;
            }
        }
        var least = Depth.Of(400);
        Assert.True(compared > 4 * least && cut > least / 40 && aliases > least && denials > least, $"{compared} compared, {cut} cut, {aliases} aliases, {denials} denials");
    }

    [Fact]
    public void Of_a_checking_resolver_both_ways_give_the_same_bytes()
    {
        string[] names =
        [
            "www.signed", "WWW.signed", "mail.signed", "alias.signed", "far.signed", "out.signed", "lost.signed", "x.wild.signed", "y.wild.signed", "nothing.signed", "a.nothing.signed",
            "cut.signed", "x.cut.signed", "text.signed", "www.plain", "nothing.plain", "alias.plain", "nothing", "signed",
        ];
        RecordType[] types = [RecordType.A, RecordType.A, RecordType.A, RecordType.AAAA, RecordType.TXT, RecordType.CNAME, RecordType.DS, RecordType.SOA];
        using var lab = new SignedLab(more: $"""
            far CNAME far2
            far2 CNAME alias
            lost CNAME nothing-there
            cut DNAME wild
            text TXT {string.Join(' ', Enumerable.Repeat($"\"{new string('x', 200)}\"", 7))}
            """);
        var cached = new CachedAnswers(lab.Resolver.Memory.Cache, new CachedAnswerRules(Checks: true, AnswersSpecialNames: false, MakesAddresses: false));
        var random = new Random(1);
        var (compared, secure, away) = (0, 0, 0);
        var rounds = Depth.Of(4_000);
        for (var i = 0; i < rounds; i++)
        {
            if (random.Next(30) == 0) { Pass(lab.World, random.Next(1, 100_000)); }
            var edns = random.Next(3) switch { 0 => null, 1 => Edns.Default with { DnssecOk = true, PayloadSize = random.Next(4) == 0 ? (ushort)600 : (ushort)1232 }, _ => Edns.Default };
            var flags = HeaderFlags.RecursionDesired | (random.Next(5) == 0 ? HeaderFlags.CheckingDisabled : HeaderFlags.None) | (random.Next(4) == 0 ? HeaderFlags.AuthenticData : HeaderFlags.None);
            var query = DnsMessage.Query((ushort)i, new Question(DnsName.Parse(names[random.Next(names.Length)]), types[random.Next(types.Length)]), flags, edns).ToArray();
            if (Compare(lab.World, lab.Responder, cached, query, random.Next(5) == 0 ? DnsTransport.Tcp : DnsTransport.Udp) is not { } answer)
            {
                away++;
                continue;
            }
            compared++;
            secure += answer.Flags.HasFlag(HeaderFlags.AuthenticData) ? 1 : 0;
        }
        Assert.True(compared > rounds / 3 && secure > rounds / 10, $"{compared} compared, {secure} secure, {away} not here");
    }

    [Fact]
    public void An_answer_allocates_nothing()
    {
        var cache = new DnsCache();
        var now = Instant.SimulationEpoch;
        var www = DnsName.Parse("www.example.test");
        cache.StoreAnswer([new DnsRecord(www, new Ttl(300), new NameData(RecordType.CNAME, DnsName.Parse("host.example.test")))], TrustRank.AnswerAuthoritative, s_origin, now);
        cache.StoreAnswer([new DnsRecord(DnsName.Parse("host.example.test"), new Ttl(300), new AddressData(IpAddress.Parse("192.0.2.1")))], TrustRank.AnswerAuthoritative, s_origin, now);
        var cached = new CachedAnswers(cache, default);
        var query = DnsMessage.Query(1, new Question(www, RecordType.A), HeaderFlags.RecursionDesired, Edns.Default).ToArray();
        var response = new byte[1232];
        Assert.Equal(0, Allocations.Of(() => Assert.True(cached.Answer(query, DnsTransport.Udp, now, response) > 0)));
    }

    [Fact]
    public void What_others_answer_is_not_here()
    {
        var cache = new DnsCache();
        var now = Instant.SimulationEpoch;
        foreach (var name in (string[])["localhost", "www.onion", "1.0.0.127.in-addr.arpa", "www.example"])
        {
            cache.StoreAnswer([new DnsRecord(DnsName.Parse(name), new Ttl(300), new AddressData(IpAddress.LoopbackV6))], TrustRank.AnswerAuthoritative, s_origin, now);
        }
        int Ask(CachedAnswerRules rules, string name, RecordType type) => new CachedAnswers(cache, rules)
            .Answer(DnsMessage.Query(1, new Question(DnsName.Parse(name), type), HeaderFlags.RecursionDesired).ToArray(), DnsTransport.Udp, now, new byte[512]);
        foreach (var name in (string[])["localhost", "www.onion", "1.0.0.127.in-addr.arpa"])
        {
            Assert.Equal(CachedAnswers.NotHere, Ask(new CachedAnswerRules(false, AnswersSpecialNames: true, false), name, RecordType.AAAA));
            Assert.NotEqual(CachedAnswers.NotHere, Ask(default, name, RecordType.AAAA));
        }
        Assert.NotEqual(CachedAnswers.NotHere, Ask(new CachedAnswerRules(false, AnswersSpecialNames: true, false), "www.example", RecordType.AAAA));
        Assert.Equal(CachedAnswers.NotHere, Ask(new CachedAnswerRules(false, false, MakesAddresses: true), "www.example", RecordType.AAAA));
        // Nobody has checked it.
        Assert.Equal(CachedAnswers.NotHere, Ask(new CachedAnswerRules(Checks: true, false, false), "www.example", RecordType.AAAA));
        Assert.Equal(CachedAnswers.NotHere, Ask(default, "www.example", new RecordType(0)));
    }

    private static Delegation Nobody => new(DnsName.Root, [], Instant.Never);

    private static DnsMessage? Compare(ResolverWorld world, RecursiveResponder responder, CachedAnswers cached, byte[] query, DnsTransport transport)
    {
        var (quick, slow) = (new byte[1232], new byte[1232]);
        if (transport != DnsTransport.Udp) { (quick, slow) = (new byte[65_535], new byte[65_535]); }
        var now = NetworkClock.Monotonic(world.Client);
        var length = cached.Answer(query, transport, now, quick);
        var other = world.Run(async () => await responder.AnswerAsync(query, s_client, transport, slow, default, default));
        if (length == CachedAnswers.NotHere) { return null; }
        Assert.True(DnsMessage.TryParse(quick.AsSpan(0, length), out var answer, out var error), error.ToString());
        Assert.True(DnsMessage.TryParse(slow.AsSpan(0, other), out var told, out _));
        Assert.True(quick.AsSpan(0, length).SequenceEqual(slow.AsSpan(0, other)), $"{answer}\n\ninstead of\n\n{told}");
        // Nobody was asked: that takes time.
        Assert.Equal(now, NetworkClock.Monotonic(world.Client));
        return answer;
    }

    private static void Pass(ResolverWorld world, int milliseconds) => world.Run(async () =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), world.Client.Time);
        return 0;
    });

    /// <summary>A few names, so that aliases meet, loop and end in the dark.</summary>
    private static DnsName Name(Random random)
    {
        var name = DnsName.Parse(random.Next(8) switch { 0 => "test", 1 => "a.test", 2 => "b.a.test", 3 => "c.b.a.test", 4 => "x.example", 5 => "y.example", 6 => "www.a-rather-long-label.example", _ => "." });
        var wire = name.Wire.ToArray();
        for (var i = 0; i < wire.Length; i++) { if (char.IsAsciiLetter((char)wire[i]) && random.Next(8) == 0) { wire[i] ^= 0x20; } }
        Assert.True(DnsName.TryFromWire(wire, out name));
        return name;
    }

    private static readonly RecordType[] s_types = [RecordType.A, RecordType.AAAA, RecordType.TXT, RecordType.MX, RecordType.NS, RecordType.CNAME, RecordType.SOA, RecordType.SRV, new(65280)];

    private static void Fill(DnsCache cache, Random random, Instant now)
    {
        TrustRank[] ranks = [TrustRank.AnswerAuthoritative, TrustRank.AnswerNonAuthoritative, TrustRank.Glue, TrustRank.Validated, TrustRank.AdditionalAuthoritative];
        for (var i = 0; i < 25; i++)
        {
            var (name, type, rank) = (Name(random), s_types[random.Next(s_types.Length)], random.Next(3) > 0 ? TrustRank.AnswerAuthoritative : ranks[random.Next(ranks.Length)]);
            var ttl = new Ttl((uint)random.Next(0, 4_000));
            var soa = new DnsRecord(Name(random), ttl, new SoaData(Name(random), Name(random), 1, 2, 3, 4, (uint)random.Next(600)));
            switch (random.Next(8))
            {
                case 0: cache.StoreNameError(name, soa, rank, s_origin, now); break;
                case 1: cache.StoreNoData(name, type, soa, rank, s_origin, now); break;
                case 2 or 3:
                    cache.StoreAnswer([new DnsRecord(name, ttl, new NameData(RecordType.CNAME, Name(random)))], rank, s_origin, now);
                    break;
                default:
                    var count = type == RecordType.CNAME || type == RecordType.SOA ? 1 : random.Next(1, 5);
                    cache.StoreAnswer([.. Enumerable.Range(0, count).Select(_ => new DnsRecord(name, ttl, Data(random, type)))], rank, s_origin, now);
                    break;
            }
        }
    }

    private static RecordData Data(Random random, RecordType type) => type.Value switch
    {
        1 => new AddressData(IpAddress.Parse($"192.0.2.{random.Next(256)}")),
        28 => new AddressData(IpAddress.Parse($"2001:db8::{random.Next(256):x}")),
        16 => new TxtData([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new byte[random.Next(256)])]),
        15 => new MxData((ushort)random.Next(100), Name(random)),
        2 or 5 => new NameData(type, Name(random)),
        6 => new SoaData(Name(random), Name(random), 1, 2, 3, 4, 5),
        _ => RecordData.TryRead(type, type == RecordType.SRV ? [0, 1, 0, 2, 0, 3, .. Name(random).Wire] : new byte[random.Next(50)], out var data) ? data : throw new InvalidOperationException("no data"),
    };

    private static (byte[] Query, DnsTransport Transport) Question(Random random)
    {
        var flags = HeaderFlags.None;
        foreach (var flag in (ReadOnlySpan<HeaderFlags>)[HeaderFlags.RecursionDesired, HeaderFlags.CheckingDisabled, HeaderFlags.AuthenticData]) { if (random.Next(2) == 0) { flags |= flag; } }
        var edns = random.Next(2) == 0 ? null : new Edns((ushort)random.Next(4_096), 0, random.Next(2) == 0, []);
        var query = DnsMessage.Query((ushort)random.Next(65_536), new Question(Name(random), s_types[random.Next(s_types.Length)]), flags, edns);
        return (query.ToArray(), random.Next(4) == 0 ? DnsTransport.Tcp : DnsTransport.Udp);
    }
}
