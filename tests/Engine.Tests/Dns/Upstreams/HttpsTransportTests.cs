using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Wire;
using Firstbyte.Http;

namespace Firstbyte.Tests.Dns;

/// <summary>DNS over HTTPS to a server that was named (RFC 8484), in virtual time.</summary>
public sealed class HttpsTransportTests
{
    private const string ByName = $"https://{UpstreamWorld.Address}#{UpstreamWorld.Name}";

    [Fact]
    public void Questions_go_over_a_few_connections_one_at_a_time_on_each()
    {
        var lab = new UpstreamWorld(inClear: true);
        var handler = new Handler(lab);
        lab.ServeHttps(handler);
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => lab.AskAsync(resolver, $"n{i}.example.test")));
            Assert.All(outcomes, outcome => Assert.Equal([IpAddress.Parse("192.0.2.1")], Assert.IsType<ResolvedAnswer>(outcome).Addresses));
            Assert.IsType<ResolvedAnswer>(await lab.AskAsync(resolver, "later.example.test"));
            return 0;
        });
        Assert.Equal((61, 61, 6, 0), (lab.Counters.Queries, lab.Counters.Answers, lab.Counters.Connections, lab.Counters.Failures));
        Assert.Empty(lab.World.Received);
        Assert.All(handler.Requests, static one => Assert.Equal(
            "POST /dns-query dns.example.test application/dns-message application/dns-message", one));
        // The same question is the same message for whoever keeps it (RFC 8484 section 4.1), and its length does not tell the name.
        Assert.All(lab.Responder.Queries, static query => Assert.Equal((0, 0, 128), (query[0], query[1], query.Length)));
    }

    [Theory]
    [InlineData(404, "application/dns-message", UpstreamFault.HttpRefused)]
    [InlineData(302, "application/dns-message", UpstreamFault.HttpRefused)]
    [InlineData(200, "text/html", UpstreamFault.NoMessage)]
    [InlineData(200, "", UpstreamFault.NoMessage)]
    public void What_is_no_answer_is_told_as_such(int status, string type, UpstreamFault fault)
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.ServeHttps(new Handler(lab) { Status = status, Type = type });
        var failure = Assert.IsType<ResolutionFailure>(lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            return await lab.AskAsync(resolver, "www.example.test");
        }));
        Assert.Equal((ServerOutcome.Unreachable, fault), (Assert.Single(failure.Evidence).Outcome, failure.Evidence[0].Fault));
        Assert.Empty(lab.World.Received);
    }

    [Fact]
    public void A_longer_message_than_there_is_ends_the_exchange()
    {
        var lab = new UpstreamWorld();
        lab.ServeHttps(new Handler(lab) { Extra = 70_000 });
        var failure = Assert.IsType<ResolutionFailure>(lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            return await lab.AskAsync(resolver, "www.example.test");
        }));
        Assert.Equal(UpstreamFault.NoMessage, Assert.Single(failure.Evidence).Fault);
    }

    [Fact]
    public void A_connection_that_the_server_has_ended_meanwhile_is_no_failure()
    {
        var lab = new UpstreamWorld();
        lab.ServeHttps(new Handler(lab), idle: TimeSpan.FromSeconds(5));
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            for (var i = 0; i < 3; i++)
            {
                Assert.IsType<ResolvedAnswer>(await lab.AskAsync(resolver, $"n{i}.example.test"));
                await lab.WaitAsync(6);
            }
            return 0;
        });
        Assert.Equal((3, 0), (lab.Counters.Connections, lab.Counters.Failures));
    }

    [Fact]
    public void What_has_lain_in_a_cache_on_the_way_is_kept_for_so_much_less()
    {
        var lab = new UpstreamWorld();
        lab.ServeHttps(new Handler(lab) { Age = "400" });
        var answer = Assert.IsType<ResolvedAnswer>(lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            return await lab.AskAsync(resolver, "www.example.test");
        }));
        Assert.Equal(200u, answer.Records[0].Ttl.Seconds);
    }

    [Fact]
    public void A_certificate_that_is_refused_ends_it_and_the_server_rests()
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.ServeHttps(new Handler(lab));
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver($"https://{UpstreamWorld.Address}/dns-query#other.example.test");
            for (var i = 0; i < 5; i++)
            {
                var failure = Assert.IsType<ResolutionFailure>(await lab.AskAsync(resolver, $"n{i}.example.test"));
                Assert.Equal(UpstreamFault.CertificateRefused, Assert.Single(failure.Evidence).Fault);
            }
            return 0;
        });
        Assert.Equal(1, lab.Counters.Failures);
        Assert.Empty(lab.Responder.Queries);
        Assert.Empty(lab.World.Received);
    }

    private sealed class Handler(UpstreamWorld lab) : IHttpHandler
    {
        public List<string> Requests { get; } = [];
        public int Status { get; init; } = 200;
        public string Type { get; init; } = "application/dns-message";
        public string? Age { get; init; }
        public int Extra { get; init; }

        public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
        {
            string Field(string name) => request.Head.Fields.Find(System.Text.Encoding.ASCII.GetBytes(name)) ?? "";
            Requests.Add($"{request.Head.MethodText} {request.Head.TargetText} {Field("Host")} {Field("Content-Type")} {Field("Accept")}");
            var (query, length) = (new byte[65_535], 0);
            while (await request.ReadBodyAsync(query.AsMemory(length), cancellationToken) is > 0 and var count) { length += count; }
            var response = new byte[65_535];
            var answered = await lab.Responder.AnswerAsync(query.AsMemory(0, length), default, DnsTransport.Https, response, default, cancellationToken);
            var fields = new List<HttpField>();
            if (Type.Length > 0) { fields.Add(new HttpField("Content-Type", Type)); }
            if (Age is not null) { fields.Add(new HttpField("Age", Age)); }
            return new HttpResponse(Status) { Fields = fields, Body = (byte[])[.. response[..answered], .. new byte[Extra]] };
        }
    }
}
