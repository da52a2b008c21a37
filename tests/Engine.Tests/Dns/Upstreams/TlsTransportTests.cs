using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Dns;

/// <summary>DNS over TLS to a server that was named (RFC 7858), in virtual time.</summary>
public sealed class TlsTransportTests
{
    private const string ByName = $"tls://{UpstreamWorld.Address}#{UpstreamWorld.Name}";

    [Fact]
    public void Many_questions_at_a_time_go_over_one_connection_and_none_in_clear()
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.ServeTls();
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => lab.AskAsync(resolver, $"n{i}.example.test")));
            Assert.All(outcomes, outcome => Assert.Equal([IpAddress.Parse("192.0.2.1")], Assert.IsType<ResolvedAnswer>(outcome).Addresses));
            return 0;
        });
        Assert.Equal((100, 100, 1, 0), (lab.Counters.Queries, lab.Counters.Answers, lab.Counters.Connections, lab.Counters.Failures));
        Assert.Equal(100, lab.Served.Read().Queries(DnsTransport.Tls));
        Assert.Empty(lab.World.Received);
        // The length of the name is not to be seen (RFC 8467).
        Assert.All(lab.Responder.Queries, query => Assert.Equal(128, query.Length));
        Assert.Single(lab.World.Told<TlsHandshakeCompleted>());
    }

    [Fact]
    public void Answers_come_in_whatever_order()
    {
        var lab = new UpstreamWorld();
        lab.ServeTls();
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            var slow = lab.AskAsync(resolver, "slow.example.test");
            var fast = await lab.AskAsync(resolver, "fast.example.test");
            Assert.IsType<ResolvedAnswer>(fast);
            Assert.False(slow.IsCompleted);
            Assert.IsType<ResolvedAnswer>(await slow);
            return 0;
        });
        Assert.Equal(1, lab.Counters.Connections);
    }

    [Theory]
    [InlineData(CertificateFlaw.Expired)]
    [InlineData(CertificateFlaw.UnknownIssuer)]
    [InlineData(CertificateFlaw.None, "other.example.test")]
    public void A_certificate_that_is_refused_ends_it_and_nothing_is_asked_in_clear(CertificateFlaw flaw, params string[] names)
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.ServeTls(flaw, null, names);
        var failure = (ResolutionFailure)lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            return await lab.AskAsync(resolver, "www.example.test");
        });
        var evidence = Assert.Single(failure.Evidence);
        Assert.Equal((ServerOutcome.Unreachable, UpstreamFault.CertificateRefused), (evidence.Outcome, evidence.Fault));
        Assert.Equal(ResolutionFailureReason.NoServerAnswers, failure.Reason);
        Assert.Empty(lab.Responder.Queries);
        Assert.Empty(lab.World.Received);
        Assert.Equal(UpstreamFault.CertificateRefused, Assert.Single(lab.World.Told<QueryFailed>()).Fault);
    }

    [Fact]
    public void Without_a_name_the_certificate_has_to_be_for_the_address()
    {
        var lab = new UpstreamWorld();
        lab.ServeTls();
        Assert.IsType<ResolvedAnswer>(lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver($"tls://{UpstreamWorld.Address}");
            return await lab.AskAsync(resolver, "www.example.test");
        }));
        var other = new UpstreamWorld();
        other.ServeTls(CertificateFlaw.None, null, UpstreamWorld.Name);
        var failure = Assert.IsType<ResolutionFailure>(other.World.Run(async () =>
        {
            using var resolver = other.Resolver($"tls://{UpstreamWorld.Address}");
            return await other.AskAsync(resolver, "www.example.test");
        }));
        Assert.Equal(UpstreamFault.CertificateRefused, Assert.Single(failure.Evidence).Fault);
    }

    [Fact]
    public void A_pinned_key_is_enough_and_another_key_is_not()
    {
        foreach (var isRight in (bool[])[true, false])
        {
            var lab = new UpstreamWorld(inClear: true);
            var certificate = lab.Certificate(CertificateFlaw.SelfSigned, []);
            var pin = PinnedKey.Text(PinnedKey.Of((isRight ? certificate : lab.Certificate(CertificateFlaw.None, [])).Chain[0]));
            lab.Server.StartService("dns over tls", async () =>
            {
                using var server = new DnsServer(lab.Server, lab.Responder, new DnsServerOptions
                {
                    Tls = new DnsServerTls(new BouncyCastleTlsProvider(lab.Server), [certificate]),
                });
                server.Bind(new Endpoint(IpAddress.AnyV4, DnsServerTls.Port));
                await server.RunAsync();
            });
            var outcome = lab.World.Run(async () =>
            {
                using var resolver = lab.Resolver($"tls://{UpstreamWorld.Address}#{pin}");
                return await lab.AskAsync(resolver, "www.example.test");
            });
            if (isRight) { Assert.IsType<ResolvedAnswer>(outcome); }
            else { Assert.Equal(UpstreamFault.KeyNotPinned, Assert.Single(Assert.IsType<ResolutionFailure>(outcome).Evidence).Fault); }
            Assert.Empty(lab.World.Received);
        }
    }

    [Fact]
    public void An_opportunistic_client_takes_any_certificate()
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.ServeTls(CertificateFlaw.Expired);
        Assert.IsType<ResolvedAnswer>(lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver($"tls-opportunistic://{UpstreamWorld.Address}");
            return await lab.AskAsync(resolver, "www.example.test");
        }));
        Assert.Single(lab.Responder.Queries);
        Assert.Empty(lab.World.Received);
    }

    [Fact]
    public void An_opportunistic_client_asks_in_clear_where_there_is_no_TLS_and_tries_that_seldom()
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver($"tls-opportunistic://{UpstreamWorld.Address}");
            for (var i = 0; i < 100; i++)
            {
                Assert.IsType<ResolvedAnswer>(await lab.AskAsync(resolver, $"n{i}.example.test"));
                await lab.WaitAsync(1);
            }
            return 0;
        });
        Assert.Equal(100, lab.World.Received.Count);
        // After 1, 2, 4, 8, 16, 32 and 64 seconds.
        Assert.Equal(7, lab.Counters.Failures);
    }

    [Fact]
    public void A_server_that_cannot_be_reached_rests_and_is_asked_again_soon_after_it_is_back()
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            for (var i = 0; i < 120; i++)
            {
                Assert.IsType<ResolutionFailure>(await lab.AskAsync(resolver, $"n{i}.example.test"));
                await lab.WaitAsync(1);
            }
            Assert.InRange(lab.Counters.Failures, 6, 10);
            lab.ServeTls();
            for (var i = 0; i <= 31; i++)
            {
                if (await lab.AskAsync(resolver, $"m{i}.example.test") is ResolvedAnswer) { return 0; }
                await lab.WaitAsync(1);
            }
            Assert.Fail("it rests for ever");
            return 0;
        });
        Assert.Empty(lab.World.Received);
    }

    [Fact]
    public void A_connection_that_nobody_uses_is_closed_and_made_anew()
    {
        var lab = new UpstreamWorld();
        lab.ServeTls();
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            await lab.AskAsync(resolver, "a.example.test");
            await lab.WaitAsync(9);
            await lab.AskAsync(resolver, "b.example.test");
            Assert.Equal(1, lab.Counters.Connections);
            await lab.WaitAsync(11);
            Assert.Equal(0, lab.Served.OpenConnections);
            Assert.IsType<ResolvedAnswer>(await lab.AskAsync(resolver, "c.example.test"));
            return 0;
        });
        Assert.Equal((2, 0), (lab.Counters.Connections, lab.Counters.Repeated));
    }

    [Fact]
    public void What_a_server_has_not_answered_when_it_ends_a_connection_is_asked_again_over_the_next()
    {
        var lab = new UpstreamWorld();
        lab.ServeTls(async (stream, _) =>
        {
            if (await UpstreamWorld.ReadQueryAsync(stream) is { } query) { await lab.AnswerAsync(stream, query); }
        });
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => lab.AskAsync(resolver, $"n{i}.example.test")));
            Assert.All(outcomes, static outcome => Assert.IsType<ResolvedAnswer>(outcome));
            return 0;
        });
        Assert.Equal((6, 6), (lab.Counters.Connections, lab.Counters.Answers));
        Assert.Equal(5 + 4 + 3 + 2 + 1, lab.Counters.Repeated);
    }

    [Fact]
    public void A_server_that_takes_connections_and_never_answers_is_no_server()
    {
        var lab = new UpstreamWorld();
        lab.ServeTls(static async (stream, _) => await UpstreamWorld.ReadQueryAsync(stream));
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            var failure = Assert.IsType<ResolutionFailure>(await lab.AskAsync(resolver, "www.example.test"));
            Assert.Equal(ServerOutcome.Unreachable, Assert.Single(failure.Evidence).Outcome);
            return 0;
        });
        Assert.Equal((1, 0), (lab.Counters.Connections, lab.Counters.Repeated));
    }

    [Fact]
    public void A_connection_over_which_nothing_comes_any_more_is_given_up()
    {
        var lab = new UpstreamWorld();
        lab.ServeTls(async (stream, number) =>
        {
            for (var i = 0; await UpstreamWorld.ReadQueryAsync(stream) is { } query; i++)
            {
                if (number > 1 || i == 0) { await lab.AnswerAsync(stream, query); }
            }
        });
        lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            Assert.IsType<ResolvedAnswer>(await lab.AskAsync(resolver, "a.example.test"));
            // Five seconds of silence, and then the next connection.
            Assert.IsType<ResolvedAnswer>(await lab.AskAsync(resolver, "b.example.test"));
            return 0;
        });
        Assert.Equal(2, lab.Counters.Connections);
        Assert.Equal(5_000_000_000, Assert.Single(lab.World.Told<QueryTimedOut>()).WaitedNanoseconds);
    }

    [Fact]
    public void A_message_with_another_id_or_another_question_is_no_answer()
    {
        var lab = new UpstreamWorld();
        lab.ServeTls(async (stream, _) =>
        {
            while (await UpstreamWorld.ReadQueryAsync(stream) is { } query)
            {
                var stranger = (byte[])query.Clone();
                stranger[0] ^= 0x55;
                await lab.AnswerAsync(stream, stranger);
                await lab.AnswerAsync(stream, query);
            }
        });
        Assert.IsType<ResolvedAnswer>(lab.World.Run(async () =>
        {
            using var resolver = lab.Resolver(ByName);
            return await lab.AskAsync(resolver, "www.example.test");
        }));
    }

    [Fact]
    public void A_stub_asks_over_TLS_too()
    {
        var lab = new UpstreamWorld(inClear: true);
        lab.ServeTls();
        var outcome = lab.World.Run(() => lab.AskAsync(
            StubResolver.FromServer(lab.World.Client, UpstreamWorld.Read(ByName), lab.Transports), "www.example.test"));
        Assert.IsType<ResolvedAnswer>(outcome);
        Assert.Equal(DnsTransport.Tls, Assert.Single(lab.World.Told<QuerySent>()).Transport);
        Assert.Empty(lab.World.Received);
    }

    [Fact]
    public void Without_anything_to_secure_connections_it_is_said_so()
    {
        var lab = new UpstreamWorld(inClear: true);
        var failure = Assert.IsType<ResolutionFailure>(lab.World.Run(async () =>
        {
            using var resolver = new RecursiveResolver(lab.World.Client, new RecursiveResolverOptions
            {
                Hints = Firstbyte.Dns.Caching.Delegation.To([UpstreamWorld.Read(ByName)]),
            });
            return await lab.AskAsync(resolver, "www.example.test");
        }));
        Assert.Equal(UpstreamFault.NoTls, Assert.Single(failure.Evidence).Fault);
        Assert.Empty(lab.World.Received);
    }
}
