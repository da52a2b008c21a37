using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>Answers asked for anew before their time is over, in virtual time.</summary>
public sealed class PrefetchingResolverTests : IDisposable
{
    private readonly ResolverWorld _world = new();
    private readonly RecursiveResolver _resolver;

    public PrefetchingResolverTests()
    {
        _world.AddServer("root", "10.0.0.1", (".", "test NS ns.test.\nns.test. A 10.1.0.1\n"));
        _world.AddServer("test", "10.1.0.1", ("test.", "www 60 A 192.0.2.80\nalias 600 CNAME www\nshort 5 A 192.0.2.81\n"));
        _resolver = new RecursiveResolver(_world.Client, new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns"), [IpAddress.Parse("10.0.0.1")])], Instant.Never),
        });
    }

    public void Dispose() => _resolver.Dispose();

    [Theory]
    [InlineData("www.test", "www.test", true)]
    [InlineData("www.test", "www.test", false)]
    [InlineData("alias.test", "alias.test", true)]
    [InlineData("none.test", "none.test", true)]
    public void What_is_asked_for_in_the_last_tenth_of_its_time_is_there_when_that_is_over(string name, string asked, bool isAtOnce) => _world.Run(async () =>
    {
        var asking = new Asking(_world, _resolver, isChecked: false, isAtOnce);
        await asking.AskAsync(name);
        await PassAsync(53);
        await asking.AskAsync(name);
        await PassAsync(1.5);
        var before = Count(asked);
        // The asker has what is there, without waiting; several who ask cost one question.
        for (var i = 0; i < 3; i++) { Assert.Equal((6u, TimeSpan.Zero), await asking.AskAsync(name)); }
        await PassAsync(1);
        Assert.Equal((before + 1, 1L, 0L), (Count(asked), asking.Prefetching.Begun, asking.Prefetching.Failed));
        await PassAsync(10);
        var (ttl, waited) = await asking.AskAsync(name);
        Assert.Equal((50u, TimeSpan.Zero), (ttl, waited));
        Assert.Equal(before + 1, Count(asked));
        return true;
    });

    [Fact]
    public void What_nobody_asks_for_and_what_lives_for_seconds_ends() => _world.Run(async () =>
    {
        var asking = new Asking(_world, _resolver, isChecked: false);
        await asking.AskAsync("www.test");
        await asking.AskAsync("short.test");
        await PassAsync(4.9);
        await asking.AskAsync("short.test");
        await PassAsync(60);
        Assert.NotEqual(TimeSpan.Zero, (await asking.AskAsync("www.test")).Waited);
        Assert.Equal(0, asking.Prefetching.Begun);
        return true;
    });

    [Theory]
    [InlineData("www.test", 0)]
    [InlineData("none.test", 3)]
    public void When_nobody_answers_everything_stays_as_it_was(string name, int code) => _world.Run(async () =>
    {
        var asking = new Asking(_world, _resolver, isChecked: false);
        await asking.AskAsync(name);
        _world.Servers["test"].Zones = new ZoneSet([]);
        _world.Servers["root"].Zones = new ZoneSet([]);
        await PassAsync(55);
        await asking.AskAsync(name);
        await PassAsync(2);
        Assert.Equal((1L, 1L), (asking.Prefetching.Begun, asking.Prefetching.Failed));
        Assert.Equal((3u, TimeSpan.Zero), await asking.AskAsync(name));
        Assert.Equal(code, asking.Last.ResponseCode.Value);
        Assert.Equal(1, asking.Prefetching.Begun);
        return true;
    });

    [Theory]
    [InlineData("www.signed")]
    [InlineData("x.wild.signed")]
    public void What_is_secure_is_renewed_as_such(string name)
    {
        using var lab = new SignedLab();
        lab.World.Run(async () =>
        {
            var asking = new Asking(lab.World, lab.Resolver, isChecked: true);
            await asking.AskAsync(name);
            await PassAsync(280, lab.World);
            Assert.Equal((20u, TimeSpan.Zero), await asking.AskAsync(name));
            await PassAsync(30, lab.World);
            Assert.Equal((271u, TimeSpan.Zero), await asking.AskAsync(name));
            Assert.Contains("AuthenticData", $"{asking.Last.Flags}", StringComparison.Ordinal);
            Assert.Equal((1L, 0L), (asking.Prefetching.Begun, asking.Prefetching.Failed));
            return true;
        });
    }

    [Fact]
    public void A_denial_that_is_proven_is_renewed_as_such()
    {
        using var lab = new SignedLab();
        lab.World.Run(async () =>
        {
            var asking = new Asking(lab.World, lab.Resolver, isChecked: true);
            await asking.AskAsync("none.signed");
            await PassAsync(55, lab.World);
            await asking.AskAsync("none.signed");
            await PassAsync(10, lab.World);
            Assert.Equal((51u, TimeSpan.Zero), await asking.AskAsync("none.signed"));
            Assert.Contains("AuthenticData", $"{asking.Last.Flags}", StringComparison.Ordinal);
            return true;
        });
    }

    [Theory]
    [InlineData("www.signed", "192.0.2.80", "192.0.2.66")]
    // The same data with signatures that do not hold: their time is nobody's to prolong.
    [InlineData("www.signed", "www.signed. 300 IN RRSIG A 13 2 300 ", "www.signed. 300 IN RRSIG A 13 2 299 ")]
    public void What_does_not_hold_takes_no_place(string name, string what, string forged)
    {
        using var lab = new SignedLab();
        lab.World.Run(async () =>
        {
            var asking = new Asking(lab.World, lab.Resolver, isChecked: true);
            await asking.AskAsync(name);
            var first = asking.Last.Answers[0].Data;
            lab.Forge(text =>
            {
                Assert.Contains(what, text, StringComparison.Ordinal);
                return text.Replace(what, forged, StringComparison.Ordinal);
            });
            await PassAsync(280, lab.World);
            await asking.AskAsync(name);
            await PassAsync(5, lab.World);
            Assert.Equal((1L, 1L), (asking.Prefetching.Begun, asking.Prefetching.Failed));
            Assert.Equal((15u, TimeSpan.Zero), await asking.AskAsync(name));
            Assert.Equal((first, true), (asking.Last.Answers[0].Data, asking.Last.Flags.HasFlag(HeaderFlags.AuthenticData)));
            await PassAsync(16, lab.World);
            await asking.AskAsync(name);
            Assert.Equal(ResponseCode.ServerFailure, asking.Last.ResponseCode);
            return true;
        });
    }

    [Fact]
    public void Only_so_many_are_under_way() => _world.Run(async () =>
    {
        var cache = new DnsCache();
        var start = NetworkClock.Monotonic(_world.Client);
        DnsName[] names = [.. Enumerable.Range(0, ResolutionLimits.RefreshesAtOnce + 5).Select(static i => DnsName.Parse($"n{i}.test"))];
        foreach (var name in names)
        {
            cache.StoreAnswer(
                [new DnsRecord(name, new Ttl(60), new AddressData(IpAddress.LoopbackV4))], TrustRank.AnswerAuthoritative, new AnswerOrigin(null, "", "test"), start);
        }
        await PassAsync(56);
        var silent = new SilentResolver();
        var prefetching = new PrefetchingResolver(silent, cache, _world.Client);
        foreach (var name in names) { prefetching.Refresh(new Question(name, RecordType.A)); }
        Assert.Equal((ResolutionLimits.RefreshesAtOnce, (long)ResolutionLimits.RefreshesAtOnce), (silent.Asked, prefetching.Begun));
        silent.Answer();
        await PassAsync(1);
        foreach (var name in names) { prefetching.Refresh(new Question(name, RecordType.A)); }
        Assert.Equal((names.Length, names.Length), (silent.Asked, (int)prefetching.Failed));
        return true;
    });

    private int Count(string name) => _world.Received.Count(line => line == $"test: {name} A");

    private Task PassAsync(double seconds, ResolverWorld? world = null) => Task.Delay(TimeSpan.FromSeconds(seconds), (world ?? _world).Client.Time);

    /// <summary>A client of a resolver that prefetches.</summary>
    private sealed class Asking
    {
        private readonly ResolverWorld _world;
        private readonly RecursiveResponder _responder;

        public Asking(ResolverWorld world, RecursiveResolver resolver, bool isChecked, bool isAtOnce = true)
        {
            (_world, Prefetching) = (world, new PrefetchingResolver(resolver, resolver.Memory.Cache, world.Client));
            var cached = new CachedAnswers(
                resolver.Memory.Cache, new CachedAnswerRules(isChecked, AnswersSpecialNames: false, MakesAddresses: false) { Prefetches = true });
            _responder = new RecursiveResponder(Prefetching, null, isAtOnce ? cached : null, world.Client, Prefetching);
        }

        public PrefetchingResolver Prefetching { get; }

        public DnsMessage Last { get; private set; } = null!;

        public async Task<(uint Ttl, TimeSpan Waited)> AskAsync(string name)
        {
            var query = DnsMessage.Query(
                7, new Question(DnsName.Parse(name), RecordType.A), HeaderFlags.RecursionDesired, Edns.Default with { DnssecOk = true }).ToArray();
            var response = new byte[4096];
            var before = NetworkClock.Monotonic(_world.Client);
            var length = await _responder.AnswerAsync(query, new Endpoint(IpAddress.Parse("10.0.0.9"), 5353), DnsTransport.Tcp, response, default, default);
            Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
            Last = answer;
            return (answer.Answers.Concat(answer.Authorities).Select(static record => record.Ttl.Seconds).DefaultIfEmpty().Min(), NetworkClock.Monotonic(_world.Client) - before);
        }
    }

    /// <summary>Answers when it is told to, and then that there is none.</summary>
    private sealed class SilentResolver : INameResolver
    {
        private readonly TaskCompletionSource _answering = new();

        public int Asked { get; private set; }

        public void Answer() => _answering.SetResult();

        public async ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
        {
            Asked++;
            await _answering.Task;
            return new ResolutionFailure(new Question(name, type), ResolutionFailureReason.NoServerAnswers, FaultParty.ZoneOperator, name, []);
        }
    }
}
