using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>Resolvers that share a store, in virtual time: what they have of it, and what it cannot do to them.</summary>
public sealed class SharedCacheResolverTests : IDisposable
{
    private static readonly byte[] s_secret = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    private readonly ResolverWorld _world = new();
    private readonly MemoryTier _tier;
    private readonly SharedAnswers _answers = new(s_secret);
    private readonly List<RecursiveResolver> _resolvers = [];

    public SharedCacheResolverTests()
    {
        _world.AddServer("root", "10.0.0.1", (".", "test NS ns.test.\nns.test. A 10.1.0.1\n"));
        _world.AddServer("test", "10.1.0.1", ("test.", $"www 60 A 192.0.2.80\nalias 600 CNAME www\nlong 600 TXT {string.Join(' ', Enumerable.Repeat(new string('x', 250), 70))}\n"));
        _tier = new MemoryTier(_world.Client);
    }

    public void Dispose() => _resolvers.ForEach(static one => one.Dispose());

    [Theory]
    [InlineData("www.test", "A", 60u, 0)]
    [InlineData("alias.test", "A", 60u, 0)]
    [InlineData("www.test", "TXT", 3600u, 0)]
    [InlineData("none.test", "A", 3600u, 3)]
    public void What_one_has_asked_for_another_has_without_asking_and_no_younger(string name, string type, uint ttl, int code) => _world.Run(async () =>
    {
        var (first, second, third) = (New(), New(), New());
        var fresh = await AskAsync(first, name, type);
        await PassAsync(10);
        var before = _world.Received.Count;
        var shared = await AskAsync(second, name, type);
        Assert.Equal(before, _world.Received.Count);
        Assert.Equal((code, fresh.Records.Length), (shared.Code.Value, shared.Records.Length));
        Assert.Equal(AnswerSourceKind.Cache, shared.Source.Kind);
        Assert.Equal(LifeOf(fresh) - 10, LifeOf(shared));
        Assert.InRange(LifeOf(shared), 1u, ttl - 10);
        Assert.Equal((1L, 0L, 1L), (first.Counters.Kept, second.Counters.Kept, second.Counters.Looks(SecondTierLook.Found)));
        // Nobody puts back what was taken: a third one's has the age of the first one's.
        await PassAsync(20);
        Assert.Equal(LifeOf(fresh) - 30, LifeOf(await AskAsync(third, name, type)));
        Assert.Equal(1, _tier.Put);
        return true;
    });

    [Fact]
    public void What_is_known_is_not_looked_for_and_several_look_once() => _world.Run(async () =>
    {
        var (first, second) = (New(), New());
        await AskAsync(first, "www.test", "A");
        await AskAsync(first, "www.test", "A");
        Assert.Equal(1, _tier.Asked);
        _tier.Delay = TimeSpan.FromMilliseconds(20);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AskAsync(second, "www.test", "A")));
        Assert.Equal(2, _tier.Asked);
        return true;
    });

    [Fact]
    public void What_chains_and_delegations_are_made_of_and_what_is_long_is_not_shared() => _world.Run(async () =>
    {
        var first = New();
        foreach (var type in (string[])["NS", "DS", "DNSKEY", "RRSIG"])
        {
            await first.Names.ResolveAsync(DnsName.Parse("test"), Of(type));
        }
        Assert.Equal((0, 0), (_tier.Asked, _tier.Put));
        await AskAsync(first, "long.test", "TXT");
        Assert.Equal(0, _tier.Put);
        // What is asked for with CD comes as it is, and is nobody else's.
        await first.Names.ResolveAsync(DnsName.Parse("www.test"), RecordType.A, new ResolutionOptions { Unchecked = true });
        Assert.Equal(0, _tier.Put);
        return true;
    });

    [Fact]
    public void A_store_that_is_slow_is_waited_for_once_and_then_left_alone_for_longer_and_longer() => _world.Run(async () =>
    {
        var first = New();
        var quick = await WaitedAsync(first, "warm.test");
        _tier.Delay = TimeSpan.FromSeconds(2);
        Assert.InRange(await WaitedAsync(first, "a.test"), SharedCacheResolver.Patience, SharedCacheResolver.Patience + quick);
        Assert.Equal((2, true), (_tier.Asked, first.Shared.IsResting));
        await PassAsync(0.5);
        Assert.True(await WaitedAsync(first, "b.test") < SharedCacheResolver.Patience);
        Assert.Equal((2, 1L, 1L), (_tier.Asked, first.Counters.Looks(SecondTierLook.Failed), first.Counters.Looks(SecondTierLook.Skipped)));
        await PassAsync(0.6);
        // One alone tries; the others do not wait for it.
        await Task.WhenAll(AskAnyAsync(first, "c.test"), AskAnyAsync(first, "d.test"), AskAnyAsync(first, "e.test"));
        Assert.Equal(3, _tier.Asked);
        await PassAsync(1.5);
        await AskAnyAsync(first, "f.test");
        Assert.Equal(3, _tier.Asked);
        _tier.Delay = TimeSpan.Zero;
        await PassAsync(1);
        await AskAnyAsync(first, "g.test");
        Assert.Equal((4, false), (_tier.Asked, first.Shared.IsResting));
        await AskAnyAsync(first, "h.test");
        Assert.Equal(5, _tier.Asked);
        return true;
    });

    [Fact]
    public void A_store_that_is_gone_changes_no_answer() => _world.Run(async () =>
    {
        var (first, second) = (New(), New());
        await AskAsync(first, "www.test", "A");
        _tier.IsGone = true;
        Assert.Equal(60u, LifeOf(await AskAsync(second, "www.test", "A")));
        Assert.Equal((1L, 0L), (second.Counters.Looks(SecondTierLook.Failed), second.Counters.Kept));
        return true;
    });

    [Fact]
    public void Whoever_has_not_the_secret_can_put_nothing_there_that_is_taken() => _world.Run(async () =>
    {
        var first = New();
        await AskAsync(first, "www.test", "A");
        await AskAsync(first, "none.test", "A");
        var (key, other) = (KeyOf("www.test"), KeyOf("none.test"));
        var good = _tier.Values[key];
        var seconds = _world.Client.Time.GetUtcNow().ToUnixTimeSeconds();
        var foreign = new SharedAnswers(new byte[32]).Write(Forged("www.test", 86_400), false, seconds, out _)!;
        foreach (var (bytes, flaw) in new (byte[], SharedAnswerFlaw)[]
        {
            (foreign, SharedAnswerFlaw.WrongSeal),
            // The answer to another question, laid here.
            (_tier.Values[other], SharedAnswerFlaw.WrongSeal),
            ([.. good, 0], SharedAnswerFlaw.WrongSeal),
            (good[..^1], SharedAnswerFlaw.WrongSeal),
            ([], SharedAnswerFlaw.OtherForm),
            (good[..40], SharedAnswerFlaw.OtherForm),
            ([9, .. good[1..]], SharedAnswerFlaw.OtherForm),
            (new byte[SharedAnswers.MaxEntry + 1], SharedAnswerFlaw.TooLong),
        })
        {
            _tier.Values[key] = bytes;
            var second = New();
            Assert.Equal("192.0.2.80", $"{(await AskAsync(second, "www.test", "A")).Addresses[0]}");
            Assert.Equal(1, second.Counters.Refused(flaw));
        }
        // Each bit counts.
        for (var i = 0; i < good.Length * 8; i++)
        {
            var bent = good.ToArray();
            bent[i / 8] ^= (byte)(1 << i % 8);
            Assert.NotEqual(SharedAnswerFlaw.None, Take(first, bent, "www.test", seconds));
        }
        Assert.Equal(SharedAnswerFlaw.None, Take(first, good, "www.test", seconds));
        return true;
    });

    [Fact]
    public void What_is_old_or_of_the_future_is_not_taken() => _world.Run(async () =>
    {
        var first = New();
        await AskAsync(first, "www.test", "A");
        await PassAsync(30);
        var seconds = _world.Client.Time.GetUtcNow().ToUnixTimeSeconds();
        // Laid there again and again: its time goes on all the same.
        foreach (var (answer, at, flaw) in new[]
        {
            (Forged("www.test", 60), seconds - 59, SharedAnswerFlaw.None),
            (Forged("www.test", 60), seconds - 60, SharedAnswerFlaw.Expired),
            (Forged("www.test", 60), seconds + 5, SharedAnswerFlaw.None),
            (Forged("www.test", 60), seconds + 6, SharedAnswerFlaw.FromTheFuture),
            (Forged("www.test", 60), long.MaxValue, SharedAnswerFlaw.FromTheFuture),
            (Forged("www.test", 60), long.MinValue, SharedAnswerFlaw.FromTheFuture),
        })
        {
            Assert.Equal(flaw, Take(New(), _answers.Write(answer, false, at, out _)!, "www.test", seconds));
        }
        return true;
    });

    [Fact]
    public void Of_what_one_who_has_the_secret_puts_there_only_the_chain_from_the_name_counts_and_the_zones_own_servers_count_more() => _world.Run(async () =>
    {
        var seconds = _world.Client.Time.GetUtcNow().ToUnixTimeSeconds();
        var stray = Record("bank.test", "192.0.2.66");
        var forged = Forged("www.test", 86_400) with { Records = [.. Forged("www.test", 86_400).Records, stray] };
        var second = New();
        Assert.Equal(SharedAnswerFlaw.None, Take(second, _answers.Write(forged, false, seconds, out _)!, "www.test", seconds));
        var now = NetworkClock.Monotonic(_world.Client);
        Assert.False(second.Resolver.Memory.Cache.TryGet(DnsName.Parse("bank.test"), RecordType.A, now, out _));
        Assert.True(second.Resolver.Memory.Cache.TryGet(DnsName.Parse("www.test"), RecordType.A, now, out var hit));
        Assert.Equal(TrustRank.AnswerNonAuthoritative, hit.Entry.Rank);
        // Asked for anew, the zone's own word takes its place.
        await second.Names.ResolveAsync(DnsName.Parse("www.test"), RecordType.A, new ResolutionOptions { Fresh = true });
        Assert.Equal("192.0.2.80", $"{(await AskAsync(second, "www.test", "A")).Addresses[0]}");
        // An answer that says nothing of the name is none, and neither is a referral.
        foreach (var answer in new[] { Forged("other.test", 60) with { Question = new Question(DnsName.Parse("www.test"), RecordType.A) }, Forged("www.test", 60) with { Records = [], Sets = [] } })
        {
            Assert.True(_answers.Write(answer, false, seconds, out _) is not { } entry || Take(second, entry, "www.test", seconds) == SharedAnswerFlaw.NoAnswer);
        }
        return true;
    });

    [Fact]
    public void What_leads_into_the_own_network_is_not_taken() => _world.Run(async () =>
    {
        var first = New();
        await AskAsync(first, "www.test", "A");
        var second = New(new PrivateAddresses([IpPrefix.Parse("192.0.2.0/24")], []));
        await AskAnyAsync(second, "www.test");
        Assert.Equal(1, second.Counters.Refused(SharedAnswerFlaw.Withheld));
        return true;
    });

    [Theory]
    [InlineData("www.signed", SecurityStatus.Secure)]
    [InlineData("x.wild.signed", SecurityStatus.Secure)]
    [InlineData("none.signed", SecurityStatus.Secure)]
    [InlineData("out.signed", SecurityStatus.Insecure)]
    public void Signatures_are_checked_again(string name, SecurityStatus status)
    {
        using var lab = new SignedLab();
        using var other = lab.NewResolver();
        var tier = new MemoryTier(lab.World.Client);
        lab.World.Run(async () =>
        {
            var (first, second) = (Sharing(lab.Resolver, tier, lab.World), Sharing(other, tier, lab.World));
            Assert.Equal(status, (await AskAsync(first, name, "A")).Status);
            var before = lab.World.Received.Count;
            Assert.Equal(status, (await AskAsync(second, name, "A")).Status);
            Assert.Equal(1, second.Counters.Looks(SecondTierLook.Found));
            Assert.DoesNotContain(lab.World.Received.Skip(before), line => line.EndsWith($"{name} A", StringComparison.Ordinal));
            return true;
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_does_not_hold_is_asked_of_the_servers(bool isDenied)
    {
        using var lab = new SignedLab();
        lab.World.Run(async () =>
        {
            var (tier, seconds) = (new MemoryTier(lab.World.Client), lab.World.Client.Time.GetUtcNow().ToUnixTimeSeconds());
            var second = Sharing(lab.Resolver, tier, lab.World);
            var question = new Question(DnsName.Parse("www.signed"), RecordType.A);
            var forged = !isDenied ? Forged("www.signed", 300) : Forged("www.signed", 300) with
            {
                Code = ResponseCode.NameError,
                Records = [],
                Sets = [],
                Soa = new DnsRecord(DnsName.Parse("signed"), new Ttl(300), new SoaData(DnsName.Parse("ns.signed"), DnsName.Parse("mail.signed"), 1, 60, 60, 60, 60)),
            };
            tier.Values[_answers.KeyOf(question, true)] = _answers.Write(forged, true, seconds, out _)!;
            var answer = await AskAsync(second, "www.signed", "A");
            Assert.Equal((SecurityStatus.Secure, "192.0.2.80", 1L), (answer.Status, $"{answer.Addresses[0]}", second.Counters.Looks(SecondTierLook.Found)));
            // What came instead is put there.
            Assert.Equal(1, second.Counters.Kept);
            return true;
        });
    }

    private SharedAnswerFlaw Take(Sharer by, byte[] entry, string name, long seconds) => _answers.Take(
        entry, new Question(DnsName.Parse(name), RecordType.A), by.Resolver.Memory, _tier.Server, NetworkClock.Monotonic(_world.Client), seconds);

    private static DnsRecord Record(string name, string address) => new(DnsName.Parse(name), new Ttl(86_400), new AddressData(IpAddress.Parse(address)));

    private static ResolvedAnswer Forged(string name, uint ttl)
    {
        DnsRecord[] records = [Record(name, "192.0.2.66").WithTtl(new Ttl(ttl))];
        return new ResolvedAnswer(
            new Question(DnsName.Parse(name), RecordType.A), ResponseCode.NoError, records, null,
            new AnswerSource(AnswerSourceKind.ResponsibleServer, null, "", "", true, 0, ttl));
    }

    private string KeyOf(string name) => _answers.KeyOf(new Question(DnsName.Parse(name), RecordType.A), false);

    private static RecordType Of(string type)
    {
        Assert.True(RecordType.TryParse(type, out var known));
        return known;
    }

    private static uint LifeOf(ResolvedAnswer answer) =>
        answer.Records.Select(static record => record.Ttl.Seconds).Append(answer.IsDenial ? DnsCache.NegativeTtl(answer.Soa!) : uint.MaxValue).Min();

    private Task PassAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _world.Client.Time);

    private static async Task<ResolvedAnswer> AskAsync(Sharer by, string name, string type) =>
        Assert.IsType<ResolvedAnswer>(await by.Names.ResolveAsync(DnsName.Parse(name), Of(type)));

    private static async Task AskAnyAsync(Sharer by, string name) => await by.Names.ResolveAsync(DnsName.Parse(name), RecordType.A);

    private async Task<TimeSpan> WaitedAsync(Sharer by, string name)
    {
        var before = NetworkClock.Monotonic(_world.Client);
        await AskAnyAsync(by, name);
        return NetworkClock.Monotonic(_world.Client) - before;
    }

    private Sharer New(PrivateAddresses? withheld = null)
    {
        var resolver = new RecursiveResolver(_world.Client, new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns"), [IpAddress.Parse("10.0.0.1")])], Instant.Never),
            PrivateAddresses = withheld ?? PrivateAddresses.None,
        });
        _resolvers.Add(resolver);
        return Sharing(resolver, _tier, _world);
    }

    private Sharer Sharing(RecursiveResolver resolver, MemoryTier tier, ResolverWorld world)
    {
        var shared = new SharedCacheResolver(resolver, resolver.Memory, tier, _answers, world.Client);
        return new Sharer(shared, resolver, shared);
    }

    private sealed record Sharer(INameResolver Names, RecursiveResolver Resolver, SharedCacheResolver Shared)
    {
        public SecondTierCounters Counters => Shared.Counters;
    }
}
