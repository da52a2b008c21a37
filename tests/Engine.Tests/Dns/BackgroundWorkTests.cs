using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>What breaks beside the questions of clients is counted and told, and takes nothing else along.</summary>
public sealed class BackgroundWorkTests
{
    private readonly ResolverWorld _world = new();

    private readonly RecursiveResolverOptions _options = new()
    {
        Hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns"), [IpAddress.Parse("10.0.0.1")])], Instant.Never),
    };

    public BackgroundWorkTests() => _world.AddServer("root", "10.0.0.1", (".", "www.test 60 A 192.0.2.80\n"));

    [Fact]
    public void Asking_anew() => _world.Run(async () =>
    {
        var (cache, counters, broken) = (new DnsCache(), new ResolverCounters(), new BrokenResolver());
        var prefetching = new PrefetchingResolver(broken, cache, _world.Client) { Counters = counters, Troubles = _world.Tracer.Root(_world.Client) };
        var names = Enumerable.Range(0, 2 * ResolutionLimits.RefreshesAtOnce).Select(static i => DnsName.Parse($"n{i}.test")).ToArray();
        foreach (var name in names)
        {
            cache.StoreAnswer(
                [new DnsRecord(name, new Ttl(60), new AddressData(IpAddress.LoopbackV4))], TrustRank.AnswerAuthoritative, new AnswerOrigin(null, "", "test"),
                NetworkClock.Monotonic(_world.Client));
        }
        await Task.Delay(TimeSpan.FromSeconds(56), _world.Client.Time);
        // Each ends at once and makes room for the next one.
        foreach (var name in names) { prefetching.Refresh(new Question(name, RecordType.A)); }
        Assert.Equal((names.Length, (long)names.Length, (long)names.Length), (broken.Asked, prefetching.Failed, counters.Broken(BackgroundTask.Prefetch)));
        var told = _world.Told<BackgroundWorkFailed>().ToArray();
        Assert.Equal(names.Length, told.Length);
        Assert.Equal(
            (BackgroundTask.Prefetch, "n0.test", "A", nameof(InvalidOperationException)),
            (told[0].Task, told[0].Name, told[0].Type, told[0].Exception));
        return true;
    });

    [Fact]
    public void A_store_that_throws_is_one_that_has_failed() => _world.Run(async () =>
    {
        using var resolver = new RecursiveResolver(_world.Client, _options);
        var tier = new MemoryTier(_world.Client) { IsBroken = true };
        using var shared = new SharedCacheResolver(resolver, resolver.Memory, tier, new SharedAnswers(new byte[32]), _world.Client)
        {
            Broken = resolver.Counters,
            Troubles = _world.Tracer.Root(_world.Client),
        };
        Assert.IsType<ResolvedAnswer>(await shared.ResolveAsync(DnsName.Parse("www.test"), RecordType.A));
        Assert.Equal((1L, 1L, true), (resolver.Counters.Broken(BackgroundTask.SharedLook), shared.Counters.Looks(SecondTierLook.Failed), shared.IsResting));
        // A long time later one alone tries it again, as often as it takes.
        for (var i = 0; i < 200; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(31), _world.Client.Time);
            Assert.IsType<ResolvedAnswer>(await shared.ResolveAsync(DnsName.Parse($"none{i}"), RecordType.A));
        }
        Assert.Equal((201, 201L, 0), (tier.Asked, resolver.Counters.Broken(BackgroundTask.SharedLook), tier.Put));
        tier.IsBroken = false;
        await Task.Delay(TimeSpan.FromSeconds(31), _world.Client.Time);
        await shared.ResolveAsync(DnsName.Parse("found"), RecordType.A);
        Assert.Equal((1L, 1), (shared.Counters.Kept, tier.Put));
        tier.IsBroken = true;
        resolver.Memory.Cache.Clear();
        // The look rests after its failure, and so does what would be put there.
        await shared.ResolveAsync(DnsName.Parse("found"), RecordType.A, new ResolutionOptions { Fresh = true });
        Assert.Equal((1L, 1L), (resolver.Counters.Broken(BackgroundTask.SharedStore), shared.Counters.KeptFailed));
        Assert.Equal(BackgroundTask.SharedStore, _world.Told<BackgroundWorkFailed>().Last().Task);
        return true;
    });

    [Fact]
    public void Asking_the_root_for_its_servers() => _world.Run(async () =>
    {
        using var resolver = new RecursiveResolver(
            _world.Client, _options with { Primes = true, Transports = new BrokenTransports(), Troubles = _world.Tracer.Root(_world.Client) });
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await resolver.ResolveAsync(DnsName.Parse("www.test"), RecordType.A));
        Assert.Equal(1, resolver.Counters.Broken(BackgroundTask.Priming));
        Assert.Equal((BackgroundTask.Priming, "NS"), (_world.Told<BackgroundWorkFailed>().Single().Task, _world.Told<BackgroundWorkFailed>().Single().Type));
        return true;
    });

    [Fact]
    public void It_is_among_what_a_service_has_counted()
    {
        using var service = RecursiveService.Open(_world.Client, new RecursiveServiceOptions(), []);
        Assert.Contains("firstbyte_dns_background_failures_total{task=\"shared_look\"} 0\n", DnsMetricsText.Of(new DnsServerCounters(), [DnsTransport.Udp], service), StringComparison.Ordinal);
    }

    private sealed class BrokenResolver : INameResolver
    {
        public int Asked { get; private set; }

        public ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
        {
            Asked++;
            throw new InvalidOperationException("broken");
        }
    }

    private sealed class BrokenTransports : IUpstreamTransports
    {
        public IUpstreamTransport? Open(DnsTransport transport, INetwork network) => throw new InvalidOperationException("broken");
    }
}
