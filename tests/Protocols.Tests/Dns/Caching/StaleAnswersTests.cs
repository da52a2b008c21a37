using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tests.Dns.Resolving;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Caching;

/// <summary>Which of what has expired stands in for an answer (RFC 8767).</summary>
public sealed class StaleAnswersTests
{
    private static readonly AnswerOrigin Origin = new(null, "ns", "test");
    private static readonly Instant Start = Instant.SimulationEpoch;
    private static readonly DnsName Www = DnsName.Parse("www.test");
    private static readonly Question Asked = new(Www, RecordType.A);

    private readonly DnsCache _cache = new() { StaleTime = ResolutionLimits.StaleTime };
    private readonly StaleAnswers _stale;

    public StaleAnswersTests() => _stale = new StaleAnswers(_cache);

    [Fact]
    public void Only_what_has_expired_and_not_too_long_ago_is_found()
    {
        Keep("www.test. 60 A 192.0.2.1", 0);
        Assert.Null(Find(59));
        Assert.Equal(ResolutionLimits.StaleTtl, Find(60)!.Records[0].Ttl.Seconds);
        Assert.NotNull(Find(60 + 86_399));
        Assert.Null(Find(60 + 86_400));
    }

    [Fact]
    public void Of_an_address_and_a_later_denial_of_the_name_the_denial_counts()
    {
        Keep("www.test. 60 A 192.0.2.1", 0);
        _cache.StoreNameError(Www, Soa, TrustRank.AnswerAuthoritative, Origin, At(100));
        Assert.Equal(ResponseCode.NameError, Find(200)!.Code);
    }

    [Fact]
    public void A_name_that_was_seen_again_under_another_type_is_not_denied()
    {
        _cache.StoreNameError(Www, Soa, TrustRank.AnswerAuthoritative, Origin, Start);
        Assert.Equal(ResponseCode.NameError, Find(100)!.Code);
        Keep("www.test. 60 AAAA 2001:db8::1", 100);
        Assert.Null(Find(200));
    }

    [Fact]
    public void A_name_that_was_seen_again_without_a_type_is_not_denied()
    {
        _cache.StoreNameError(Www, Soa, TrustRank.AnswerAuthoritative, Origin, Start);
        _cache.StoreNoData(Www, RecordType.TXT, Soa, TrustRank.AnswerAuthoritative, Origin, At(100));
        Assert.Null(Find(200));
    }

    [Fact]
    public void Of_an_address_and_a_later_alias_the_alias_counts()
    {
        Keep("www.test. 60 A 192.0.2.1", 0);
        Keep("www.test. 60 CNAME web.test.", 100);
        Keep("web.test. 900 A 192.0.2.2", 100);
        Assert.Equal([ResolutionLimits.StaleTtl, 800u], Find(200)!.Records.Select(static record => record.Ttl.Seconds));
    }

    [Theory]
    [InlineData(SecurityStatus.Secure, true)]
    [InlineData(SecurityStatus.Insecure, true)]
    [InlineData(SecurityStatus.Unchecked, false)]
    [InlineData(SecurityStatus.Bogus, false)]
    public void Where_signatures_are_checked_only_what_was_found_to_be_right_answers_and_is_not_called_secure(SecurityStatus status, bool isFound)
    {
        var set = new SignedSet([TestZone.Record("www.test. 60 A 192.0.2.1")], []);
        _cache.StoreAnswer(set, [], null, TrustRank.AnswerAuthoritative, Origin, Start, status);
        Assert.Equal(isFound ? SecurityStatus.Indeterminate : null, Find(100, isChecked: true)?.Status);
    }

    [Fact]
    public void What_is_bogus_now_is_not_covered_by_what_was_secure()
    {
        foreach (var (seconds, status) in new[] { (0, SecurityStatus.Secure), (100, SecurityStatus.Bogus) })
        {
            var set = new SignedSet([TestZone.Record("www.test. 60 A 192.0.2.1")], []);
            _cache.StoreAnswer(set, [], null, TrustRank.AnswerAuthoritative, Origin, At(seconds), status);
        }
        Assert.Null(Find(110, isChecked: true));
        Assert.Null(Find(500, isChecked: true));
        Assert.Null(Find(500));
    }

    [Fact]
    public void Addresses_beside_a_referral_never_answer()
    {
        _cache.StoreAnswer([TestZone.Record("www.test. 60 A 192.0.2.1")], TrustRank.Glue, Origin, Start);
        Assert.Null(Find(100));
    }

    [Fact]
    public void The_old_answer_behind_a_failure_counts_in_the_budget()
    {
        Keep("www.test. 60 A 192.0.2.1", 0);
        var before = _cache.Bytes;
        var failure = new ResolutionFailure(Asked, ResolutionFailureReason.NoServerAnswers, Firstbyte.Errors.FaultParty.ZoneOperator, Www, []);
        _cache.StoreFailure(failure, At(100));
        var once = _cache.Bytes;
        Assert.True(once > before);
        Assert.NotNull(Find(101));
        // Failure after failure holds the one old answer, not a chain of failures.
        _cache.StoreFailure(failure, At(200));
        Assert.Equal((once, 1), (_cache.Bytes, _cache.Count));
        Assert.NotNull(Find(201));
    }

    [Fact]
    public void Aliases_in_a_ring_have_an_end()
    {
        Keep("www.test. 60 CNAME web.test.", 0);
        Keep("web.test. 60 CNAME www.test.", 0);
        Assert.Null(Find(100));
    }

    private static DnsRecord Soa => TestZone.Record("test. 60 SOA ns. mail. 1 1 1 1 60");

    private static Instant At(int seconds) => Start + TimeSpan.FromSeconds(seconds);

    private void Keep(string record, int seconds) => _cache.StoreAnswer([TestZone.Record(record)], TrustRank.AnswerAuthoritative, Origin, At(seconds));

    private ResolvedAnswer? Find(int seconds, bool isChecked = false) => _stale.TryFind(Asked, isChecked, At(seconds), out var answer) ? answer : null;
}
