using CsCheck;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tests.Dns.Resolving;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Caching;

public sealed class DnsCacheTests
{
    private static readonly AnswerOrigin Origin = new(null, "ns", "test");
    private static readonly Instant Start = Instant.SimulationEpoch;
    private static readonly DnsName Www = DnsName.Parse("www.test");

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var cache = new DnsCache();
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.1")], TrustRank.AnswerAuthoritative, Origin, Start);
        var now = Start + TimeSpan.FromSeconds(10);
        Assert.Equal(0, Allocations.Of(() => Assert.True(cache.TryGet(Www, RecordType.A, now, out var hit) && hit.TtlSeconds == 290)));
    }

    [Theory]
    [InlineData(299_999_999_999, true)]
    [InlineData(300_000_000_000, false)]
    public void An_entry_ends_at_its_instant(long nanoseconds, bool alive)
    {
        var cache = new DnsCache();
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.1"), TestZone.Record("www.test. 900 A 192.0.2.2")], TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.Equal(alive, cache.TryGet(Www, RecordType.A, Start.PlusNanoseconds(nanoseconds), out _));
    }

    [Fact]
    public void A_set_is_kept_for_a_day_at_most_and_a_denial_for_an_hour()
    {
        var cache = new DnsCache();
        cache.StoreAnswer([TestZone.Record("www.test. 2000000 A 192.0.2.1")], TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.True(cache.TryGet(Www, RecordType.A, Start, out var hit));
        Assert.Equal(86_400, hit.TtlSeconds);
        cache.StoreNoData(Www, RecordType.AAAA, TestZone.Record("test. 90000 SOA ns. mail. 1 1 1 1 80000"), TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.True(cache.TryGet(Www, RecordType.AAAA, Start, out hit));
        Assert.Equal((CacheOutcome.NoData, 3_600), (hit.Outcome, hit.TtlSeconds));
    }

    [Fact]
    public void A_denials_time_is_the_smaller_of_the_soa_records_two()
    {
        Assert.Equal(60u, DnsCache.NegativeTtl(TestZone.Record("test. 600 SOA ns. mail. 1 1 1 1 60")));
        Assert.Equal(30u, DnsCache.NegativeTtl(TestZone.Record("test. 30 SOA ns. mail. 1 1 1 1 60")));
    }

    [Fact]
    public void Data_of_a_lower_rank_does_not_replace_what_is_still_valid_and_does_so_afterwards()
    {
        var cache = new DnsCache();
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.1")], TrustRank.AnswerAuthoritative, Origin, Start);
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.66")], TrustRank.AnswerNonAuthoritative, Origin, Start + TimeSpan.FromSeconds(1));
        Assert.True(cache.TryGet(Www, RecordType.A, Start + TimeSpan.FromSeconds(2), out var hit));
        Assert.Equal("192.0.2.1", hit.Entry.Records[0].Data.ToString());
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.66")], TrustRank.AnswerNonAuthoritative, Origin, Start + TimeSpan.FromSeconds(301));
        Assert.True(cache.TryGet(Www, RecordType.A, Start + TimeSpan.FromSeconds(302), out hit));
        Assert.Equal("192.0.2.66", hit.Entry.Records[0].Data.ToString());
    }

    [Theory]
    [InlineData(TrustRank.AdditionalNonAuthoritative)]
    [InlineData(TrustRank.AuthorityNonAuthoritative)]
    [InlineData(TrustRank.AdditionalAuthoritative)]
    [InlineData(TrustRank.AnswerBeyondAuthority)]
    [InlineData(TrustRank.Glue)]
    public void Data_that_is_no_answer_answers_nobody(TrustRank rank)
    {
        var cache = new DnsCache();
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.1")], rank, Origin, Start);
        Assert.False(cache.TryGet(Www, RecordType.A, Start, out _));
    }

    [Fact]
    public void An_alias_is_found_for_every_type_but_its_own()
    {
        var cache = new DnsCache();
        cache.StoreAnswer([TestZone.Record("www.test. 300 CNAME web.test.")], TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.True(cache.TryGet(Www, RecordType.AAAA, Start, out var hit));
        Assert.Equal(CacheOutcome.Alias, hit.Outcome);
        Assert.True(cache.TryGet(Www, RecordType.CNAME, Start, out hit));
        Assert.Equal(CacheOutcome.Answer, hit.Outcome);
    }

    [Fact]
    public void A_name_that_exists_after_all_is_no_longer_denied()
    {
        var cache = new DnsCache();
        cache.StoreNameError(Www, TestZone.Record("test. 600 SOA ns. mail. 1 1 1 1 600"), TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.True(cache.TryGet(Www, RecordType.TXT, Start, out var hit));
        Assert.Equal(CacheOutcome.NameError, hit.Outcome);
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.1")], TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.False(cache.TryGet(Www, RecordType.TXT, Start, out _));
    }

    [Fact]
    public void The_cache_never_holds_more_than_it_may_and_what_is_asked_for_survives_a_flood()
    {
        var cache = new DnsCache(capacity: 100);
        cache.StoreAnswer([TestZone.Record("www.test. 300 A 192.0.2.1")], TrustRank.AnswerAuthoritative, Origin, Start);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(cache.TryGet(Www, RecordType.A, Start, out _));
            cache.StoreAnswer([TestZone.Record($"n{i}.test. 300 A 192.0.2.1")], TrustRank.AnswerAuthoritative, Origin, Start);
            Assert.True(cache.Count <= 100);
        }
    }

    [Fact]
    public void The_cache_never_takes_more_bytes_than_it_may()
    {
        var cache = new DnsCache(capacity: 100_000, maxBytes: 1 << 20);
        var large = new TxtData(Enumerable.Range(0, 200).Select(static _ => new byte[255]).ToArray());
        for (var i = 0; i < 200; i++)
        {
            cache.StoreAnswer([new DnsRecord(DnsName.Parse($"n{i}.test"), new Ttl(300), large)], TrustRank.AnswerAuthoritative, Origin, Start);
            Assert.InRange(cache.Bytes, 51_000, 1 << 20);
            Assert.InRange(cache.Count, 1, 20);
        }
        var before = cache.Bytes;
        cache.StoreAnswer([TestZone.Record("n199.test. 300 TXT short")], TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.InRange(cache.Bytes, 1, before - 50_000);
        cache.Clear();
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void The_table_behaves_as_a_dictionary_that_may_forget() =>
        Gen.Select(Gen.Int[1, 20], Gen.Select(Gen.Int[0, 30], Gen.Int[0, 2]).Array[0, 300]).Sample((capacity, steps) =>
        {
            var table = new SieveTable<int, int>(capacity);
            var model = new Dictionary<int, int>();
            for (var i = 0; i < steps.Length; i++)
            {
                var (key, kind) = steps[i];
                if (kind == 0) { table.Set(key, i); model[key] = i; }
                else if (kind == 1) { Assert.True(!table.Remove(key) || model.ContainsKey(key)); model.Remove(key); }
                else if (table.TryGet(key, out var value)) { Assert.Equal(model[key], value); }
                Assert.True(table.Count <= capacity);
                if (kind == 0) { Assert.True(table.TryGet(key, out var stored) && stored == i); }
            }
        });
}
