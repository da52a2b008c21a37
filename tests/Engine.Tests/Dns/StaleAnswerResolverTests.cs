using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>Old answers in place of none (RFC 8767), in virtual time.</summary>
public sealed class StaleAnswerResolverTests : IDisposable
{
    private readonly ResolverWorld _world = new();
    private readonly SwitchedResolver _switched;
    private readonly RecursiveResolver _resolver;
    private readonly StaleAnswerResolver _stale;
    private readonly RecursiveResponder _responder;

    public StaleAnswerResolverTests()
    {
        _world.AddServer("root", "10.0.0.1", (".", "test NS ns.test.\nns.test. A 10.1.0.1\n"));
        _world.AddServer("test", "10.1.0.1", ("test.", "www 60 A 192.0.2.80\nalias 600 CNAME www\n"));
        _resolver = new RecursiveResolver(_world.Client, new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns"), [IpAddress.Parse("10.0.0.1")])], Instant.Never),
            KeepsStale = true,
        });
        _switched = new SwitchedResolver(_resolver, _world.Client);
        _stale = new StaleAnswerResolver(_switched, _resolver.Memory.Cache, _world.Client, checks: false);
        _responder = new RecursiveResponder(_stale);
    }

    public void Dispose() => _resolver.Dispose();

    [Theory]
    [InlineData("www.test", 0, 3)]
    [InlineData("alias.test", 0, 3)]
    [InlineData("none.test", 3, 19)]
    public void When_nobody_answers_in_time_the_old_answer_does_for_a_short_while(string name, int code, int error) => _world.Run(async () =>
    {
        var fresh = await AskAsync(name);
        Assert.Equal((code, 0), (fresh.ResponseCode.Value, fresh.Edns!.Options.Count));
        await PassAsync(TimeSpan.FromSeconds(700));
        _switched.IsSilent = true;
        var before = NetworkClock.Monotonic(_world.Client);
        var old = await AskAsync(name);
        Assert.Equal(ResolutionLimits.StaleClientTime, NetworkClock.Monotonic(_world.Client) - before);
        Assert.Equal((code, error), (old.ResponseCode.Value, old.Edns!.Options.Single().Data[1]));
        Assert.All(old.Answers.Concat(old.Authorities), static record => Assert.Equal(ResolutionLimits.StaleTtl, record.Ttl.Seconds));
        Assert.Equal(fresh.Answers.Select(static record => record.Data), old.Answers.Select(static record => record.Data));
        Assert.Equal(1, _stale.Given);
        return true;
    });

    [Fact]
    public void After_a_failure_nobody_is_asked_for_half_a_minute_and_then_the_new_answer_is_found() => _world.Run(async () =>
    {
        await AskAsync("www.test");
        await PassAsync(TimeSpan.FromSeconds(61));
        _switched.Fails = true;
        Assert.Equal(3, (await AskAsync("www.test")).Edns!.Options.Single().Data[1]);
        _switched.Fails = false;
        var asked = _switched.Asked;
        Assert.Single((await AskAsync("www.test")).Edns!.Options);
        Assert.Equal(asked, _switched.Asked);
        await PassAsync(ResolutionLimits.StaleRecheckTime);
        var fresh = await AskAsync("www.test");
        Assert.Equal((60u, 0), (fresh.Answers[0].Ttl.Seconds, fresh.Edns!.Options.Count));
        return true;
    });

    [Fact]
    public void What_comes_too_late_for_one_client_is_there_for_the_next() => _world.Run(async () =>
    {
        await AskAsync("www.test");
        await PassAsync(TimeSpan.FromSeconds(61));
        _switched.Delay = TimeSpan.FromSeconds(3);
        Assert.Single((await AskAsync("www.test")).Edns!.Options);
        await PassAsync(TimeSpan.FromSeconds(2));
        _switched.Delay = TimeSpan.Zero;
        Assert.Empty((await AskAsync("www.test")).Edns!.Options);
        return true;
    });

    [Fact]
    public void What_is_too_old_or_was_never_known_is_no_answer() => _world.Run(async () =>
    {
        await AskAsync("www.test");
        await PassAsync(TimeSpan.FromSeconds(61) + ResolutionLimits.StaleTime);
        _switched.Fails = true;
        Assert.Equal(ResponseCode.ServerFailure, (await AskAsync("www.test")).ResponseCode);
        Assert.Equal(ResponseCode.ServerFailure, (await AskAsync("other.test")).ResponseCode);
        Assert.Equal(0, _stale.Given);
        return true;
    });

    [Fact]
    public void A_failure_that_is_remembered_does_not_take_the_old_answers_place() => _world.Run(async () =>
    {
        await AskAsync("www.test");
        await PassAsync(TimeSpan.FromSeconds(61));
        var now = NetworkClock.Monotonic(_world.Client);
        var question = new Question(DnsName.Parse("www.test"), RecordType.A);
        for (var i = 0; i < 2; i++)
        {
            _resolver.Memory.Cache.StoreFailure(
                new ResolutionFailure(question, ResolutionFailureReason.NoServerAnswers, FaultParty.ZoneOperator, question.Name, []), now);
        }
        Assert.Single((await AskAsync("www.test")).Answers);
        return true;
    });

    [Fact]
    public void Who_asks_while_a_newer_answer_is_looked_for_adds_no_question() => _world.Run(async () =>
    {
        await AskAsync("www.test");
        await PassAsync(TimeSpan.FromSeconds(61));
        var asked = _switched.Asked;
        _switched.Delay = TimeSpan.FromSeconds(1);
        var answers = await Task.WhenAll(AskAsync("www.test"), AskAsync("www.test"), AskAsync("www.test"));
        Assert.All(answers, static answer => Assert.Equal((60u, 0), (answer.Answers[0].Ttl.Seconds, answer.Edns!.Options.Count)));
        Assert.Equal((asked + 1, 0), (_switched.Asked, _stale.Given));
        return true;
    });

    [Fact]
    public void That_there_is_no_room_is_no_reason_not_to_ask() => _world.Run(async () =>
    {
        await AskAsync("www.test");
        await PassAsync(TimeSpan.FromSeconds(61));
        (_switched.Fails, _switched.Reason) = (true, ResolutionFailureReason.TooManyWaiters);
        Assert.Single((await AskAsync("www.test")).Edns!.Options);
        _switched.Fails = false;
        Assert.Empty((await AskAsync("www.test")).Edns!.Options);
        return true;
    });

    [Theory]
    [InlineData(ResolutionFailureReason.Bogus)]
    [InlineData(ResolutionFailureReason.AliasLoop)]
    public void What_is_known_to_be_wrong_is_not_covered_by_what_was_right(ResolutionFailureReason reason) => _world.Run(async () =>
    {
        await AskAsync("www.test");
        await PassAsync(TimeSpan.FromSeconds(61));
        (_switched.Fails, _switched.Reason) = (true, reason);
        Assert.Equal(ResponseCode.ServerFailure, (await AskAsync("www.test")).ResponseCode);
        Assert.Equal(0, _stale.Given);
        return true;
    });

    private async Task<DnsMessage> AskAsync(string name)
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse(name), RecordType.A), HeaderFlags.RecursionDesired, Edns.Default).ToArray();
        var response = new byte[4096];
        var length = await _responder.AnswerAsync(query, new Endpoint(IpAddress.Parse("10.0.0.9"), 5353), DnsTransport.Udp, response, default, default);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        return answer;
    }

    private Task PassAsync(TimeSpan time) => Task.Delay(time, _world.Client.Time);

    /// <summary>The resolver, which can be made to fail, to be slow or to say nothing within any client's patience.</summary>
    private sealed class SwitchedResolver(INameResolver inner, INetwork network) : INameResolver
    {
        public bool Fails { get; set; }

        public ResolutionFailureReason Reason { get; set; } = ResolutionFailureReason.NoServerAnswers;

        public bool IsSilent { get; set; }

        public TimeSpan Delay { get; set; }

        public int Asked { get; private set; }

        public async ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
        {
            Asked++;
            var failure = new ResolutionFailure(new Question(name, type), Reason, FaultParty.ZoneOperator, name, []);
            if (Fails) { return failure; }
            if (IsSilent)
            {
                await Task.Delay(ResolutionLimits.ClientQueryTime, network.Time, cancellationToken);
                return failure;
            }
            if (Delay > TimeSpan.Zero) { await Task.Delay(Delay, network.Time, cancellationToken); }
            return await inner.ResolveAsync(name, type, options, span, cancellationToken);
        }
    }
}
