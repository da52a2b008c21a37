using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>What stands before a resolver: names that nobody is asked for, made addresses, who may ask, and who has to wait.</summary>
public sealed class ResolverDecoratorTests
{
    private static readonly SoaData s_soa = new(DnsName.Parse("ns.test2"), DnsName.Parse("mail.test2"), 1, 2, 3, 4, 5);

    [Theory]
    [InlineData("localhost", "A", 0, "127.0.0.1")]
    [InlineData("x.localhost", "AAAA", 0, "::1")]
    [InlineData("localhost", "MX", 0, null)]
    [InlineData("facebookcorewwwi.onion", "A", 3, null)]
    [InlineData("www.test", "A", 3, null)]
    [InlineData("no.invalid", "A", 3, null)]
    [InlineData("1.0.0.10.in-addr.arpa", "PTR", 3, null)]
    [InlineData("1.0.20.172.in-addr.arpa", "PTR", 3, null)]
    [InlineData("168.192.in-addr.arpa", "PTR", 0, null)]
    [InlineData("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa", "PTR", 0, null)]
    public async Task Names_of_special_use_are_asked_of_nobody(string name, string type, int code, string? data)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        var answer = Assert.IsType<ResolvedAnswer>(await new SpecialNameResolver(new Nobody()).ResolveAsync(DnsName.Parse(name), recordType));
        Assert.Equal((code, data), (answer.Code.Value, answer.Records.SingleOrDefault()?.Data.ToString()));
        Assert.Equal(AnswerSourceKind.SpecialUseName, answer.Source.Kind);
        Assert.True(data is not null || answer.Soa is not null);
    }

    [Theory]
    [InlineData("www.example")]
    [InlineData("localhost.example")]
    [InlineData("1.0.32.172.in-addr.arpa")]
    [InlineData("1.15.172.in-addr.arpa")]
    [InlineData("11.in-addr.arpa")]
    public async Task Other_names_are_handed_on(string name) =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new SpecialNameResolver(new Nobody()).ResolveAsync(DnsName.Parse(name), RecordType.A));

    [Fact]
    public async Task Addresses_are_made_for_names_that_have_none_of_version_6()
    {
        var names = new Names();
        var resolver = new Dns64Resolver(names, Dns64Resolver.WellKnownPrefix);
        Assert.Equal(["64:ff9b::c000:250"], (await Find(resolver, "v4")).Addresses.Select(static one => one.ToString()));
        Assert.Equal(["2001:db8::1"], (await Find(resolver, "v6")).Addresses.Select(static one => one.ToString()));
        // Who checks signatures himself gets what was signed: that there is none (RFC 6147 section 5.5).
        Assert.True((await Find(resolver, "v4", new ResolutionOptions { Unchecked = true })).IsDenial);
        Assert.Equal(ResponseCode.NameError, (await Find(resolver, "none")).Code);
    }

    [Fact]
    public async Task Only_who_may_ask_is_answered()
    {
        var responder = new RecursiveResponder(new Names(), ClientAccess.OwnNetworks([IpPrefix.Parse("10.1.0.0/16")]));
        Assert.Equal(ResponseCode.NoError, (await Ask(responder, "127.0.0.1")).ResponseCode);
        Assert.Equal(ResponseCode.NoError, (await Ask(responder, "10.1.2.3")).ResponseCode);
        var refused = await Ask(responder, "10.2.0.1");
        Assert.Equal((ResponseCode.Refused, 18), (refused.ResponseCode, refused.Edns!.Options[0].Data[1]));
        Assert.Empty(refused.Answers);
        Assert.Equal(ResponseCode.NoError, (await Ask(new RecursiveResponder(new Names(), ClientAccess.Everybody), "2001:db8::9")).ResponseCode);
    }

    [Fact]
    public async Task When_all_places_are_taken_the_greediest_client_loses_its_oldest_and_what_is_known_needs_no_place()
    {
        var names = new Names();
        var responder = new RecursiveResponder(names);
        var greedy = Enumerable.Range(0, 999).Select(_ => Ask(responder, "10.0.0.1", "slow", mayBeDropped: true)).ToArray();
        var modest = Ask(responder, "10.0.0.2", "slow");
        Assert.All(greedy, static waiting => Assert.False(waiting.IsCompleted));
        Assert.Equal(ResponseCode.NoError, (await Ask(responder, "10.0.0.3", "v4")).ResponseCode);
        var late = Ask(responder, "10.0.0.4", "slow");
        Assert.Null(await greedy[0]);
        Assert.False(greedy[1].IsCompleted || greedy[^1].IsCompleted || modest.IsCompleted || late.IsCompleted);
        names.Release();
        Assert.Equal(ResponseCode.NoError, (await modest).ResponseCode);
        Assert.Equal(ResponseCode.NoError, (await late).ResponseCode);
        Assert.NotNull(await greedy[^1]);
    }

    private static async Task<ResolvedAnswer> Find(Dns64Resolver resolver, string name, ResolutionOptions? options = null) =>
        Assert.IsType<ResolvedAnswer>(await resolver.ResolveAsync(DnsName.Parse(name), RecordType.AAAA, options));

    private static async Task<DnsMessage> Ask(RecursiveResponder responder, string client, string name = "v4", bool mayBeDropped = false)
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse(name), RecordType.A), HeaderFlags.RecursionDesired, Edns.Default).ToArray();
        var response = new byte[4096];
        var length = await responder.AnswerAsync(query, new Endpoint(IpAddress.Parse(client), 5353), DnsTransport.Udp, response, default, default);
        if (length == 0)
        {
            Assert.True(mayBeDropped);
            return null!;
        }
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        return answer;
    }

    private sealed class Nobody : INameResolver
    {
        public ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException($"{name} was asked for");
    }

    private sealed class Names : INameResolver
    {
        private readonly TaskCompletionSource _slow = new();

        public void Release() => _slow.SetResult();

        public async ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
        {
            if (name == DnsName.Parse("slow"))
            {
                var dropped = new TaskCompletionSource();
                using var registration = cancellationToken.Register(dropped.SetResult);
                await Task.WhenAny(_slow.Task, dropped.Task);
                cancellationToken.ThrowIfCancellationRequested();
            }
            var address = name == DnsName.Parse("v6") ? "2001:db8::1" : "192.0.2.80";
            var data = new AddressData(IpAddress.Parse(address));
            var source = new AnswerSource(AnswerSourceKind.ResponsibleServer, null, "", "", true, 0, 60);
            var question = new Question(name, type);
            var soa = new DnsRecord(DnsName.Parse("test2"), new Ttl(60), s_soa);
            return name == DnsName.Parse("none") ? new ResolvedAnswer(question, ResponseCode.NameError, [], soa, source)
                : data.Type == type ? new ResolvedAnswer(question, ResponseCode.NoError, [new DnsRecord(name, new Ttl(60), data)], null, source)
                : new ResolvedAnswer(question, ResponseCode.NoError, [], soa, source);
        }
    }
}
