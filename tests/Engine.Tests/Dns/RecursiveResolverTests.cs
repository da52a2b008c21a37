using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Dns;

public sealed class RecursiveResolverTests
{
    private static readonly DnsName Www = DnsName.Parse("www.lab.glasscom.com");

    [Fact]
    public void The_chapters_name_is_resolved_with_the_built_in_root_hints_in_the_time_of_four_round_trips()
    {
        var world = Chapter();
        var (outcome, elapsed) = world.Run(async () =>
        {
            using var resolver = Resolver(world);
            var outcome = await resolver.ResolveAsync(Www, RecordType.A, span: world.Tracer.Root(world.Client));
            return (outcome, world.Kernel.Now - Tracing.Instant.SimulationEpoch);
        });
        Assert.Equal([IpAddress.Parse("192.0.3.226")], Assert.IsType<ResolvedAnswer>(outcome).Addresses);
        // Each server is 10 ms away; before the first packet for it, the router asks for its hardware address.
        Assert.Equal(TimeSpan.FromMilliseconds(4 * (20 + 20)), elapsed);
        Assert.Equal(["198.41.0.4:53", "192.5.6.30:53", "192.0.2.10:53", "192.0.3.20:53"], world.Told<QuerySent>().Select(told => told.Server.ToString()));
        Assert.All(world.Events, told => Assert.Equal((2, 1), (told.Span, told.Parent)));
    }

    [Fact]
    public void Two_runs_of_one_seed_tell_the_same_events_and_another_seed_sends_other_ids()
    {
        string Run(ulong seed)
        {
            var world = Chapter(seed);
            world.Run(async () =>
            {
                using var resolver = Resolver(world);
                return await resolver.ResolveAsync(Www, RecordType.A, span: world.Tracer.Root(world.Client));
            });
            Assert.Equal(0, world.Kernel.ForeignEntries);
            return string.Join('\n', world.Told<QuerySent>());
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void What_is_in_the_cache_takes_no_time_and_fresh_asks_again()
    {
        var world = Chapter();
        world.Run(async () =>
        {
            using var resolver = Resolver(world);
            var span = world.Tracer.Root(world.Client);
            await resolver.ResolveAsync(Www, RecordType.A, span: span);
            var cached = resolver.ResolveAsync(Www, RecordType.A, span: span);
            Assert.True(cached.IsCompletedSuccessfully);
            Assert.Equal(AnswerSourceKind.Cache, Assert.IsType<ResolvedAnswer>(await cached).Source.Kind);
            var sent = world.Told<QuerySent>().Count();
            var fresh = await resolver.ResolveAsync(Www, RecordType.A, new ResolutionOptions { Fresh = true }, span);
            Assert.Equal(AnswerSourceKind.ResponsibleServer, Assert.IsType<ResolvedAnswer>(fresh).Source.Kind);
            Assert.Equal(sent + 1, world.Told<QuerySent>().Count());
            resolver.Forget();
            await resolver.ResolveAsync(Www, RecordType.A, span: span);
            return 0;
        });
        Assert.Equal(4 + 1 + 4, world.Told<QuerySent>().Count());
    }

    [Fact]
    public void An_answer_too_long_for_a_datagram_comes_over_tcp()
    {
        var world = Chapter();
        var outcome = world.Run(async () =>
        {
            using var resolver = Resolver(world);
            return await resolver.ResolveAsync(DnsName.Parse("big.lab.glasscom.com"), RecordType.TXT, span: world.Tracer.Root(world.Client));
        });
        Assert.Equal(20, Assert.IsType<ResolvedAnswer>(outcome).Records.Length);
        Assert.Equal([DnsTransport.Udp, DnsTransport.Tcp], world.Told<QuerySent>().TakeLast(2).Select(told => told.Transport));
    }

    [Fact]
    public void Questions_asked_at_the_same_time_wait_for_one_resolution()
    {
        var world = Chapter();
        var outcomes = world.Run(async () =>
        {
            using var resolver = Resolver(world);
            var tasks = Enumerable.Range(0, 10).Select(_ => resolver.ResolveAsync(Www, RecordType.A, span: world.Tracer.Root(world.Client)).AsTask()).ToArray();
            return await Task.WhenAll(tasks);
        });
        Assert.All(outcomes, outcome => Assert.IsType<ResolvedAnswer>(outcome));
        Assert.Equal(4, world.Told<QuerySent>().Count());
        Assert.Equal(9, world.Told<ResolutionJoined>().Count());
    }

    [Fact]
    public void Both_kinds_of_address_are_looked_up_together()
    {
        var world = Chapter();
        var lookup = world.Run(async () =>
        {
            using var resolver = Resolver(world);
            return await resolver.ResolveAddressesAsync(DnsName.Parse("dual.lab.glasscom.com"), span: world.Tracer.Root(world.Client));
        });
        Assert.Equal([IpAddress.Parse("192.0.3.226"), IpAddress.Parse("2001:db8::226")], lookup.Addresses);
        Assert.Null(lookup.Failure);
    }

    [Fact]
    public void A_cancelled_question_ends_at_once_and_frees_its_sockets()
    {
        var world = Chapter();
        world.Run(async () =>
        {
            using var resolver = Resolver(world);
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(30), world.Kernel.Time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolver.ResolveAsync(Www, RecordType.A, cancellationToken: source.Token).AsTask());
            Assert.Equal(TimeSpan.FromMilliseconds(30), world.Kernel.Now - Tracing.Instant.SimulationEpoch);
            using var next = world.Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            Assert.Equal(3, next.Descriptor);
            return 0;
        });
    }

    [Fact]
    public void A_resolution_leaves_no_socket_open()
    {
        var world = Chapter();
        world.Run(async () =>
        {
            using var resolver = Resolver(world);
            await resolver.ResolveAsync(DnsName.Parse("big.lab.glasscom.com"), RecordType.TXT);
            using var next = world.Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            Assert.Equal(3, next.Descriptor);
            return 0;
        });
    }

    [Fact]
    public void A_server_whose_host_is_up_without_a_dns_server_is_told_apart_from_silence()
    {
        var world = Chapter();
        world.AddHost("ns.refusing.com", "192.0.5.1");
        var failure = world.Run(async () =>
        {
            using var resolver = Resolver(world);
            return (ResolutionFailure)await resolver.ResolveAsync(DnsName.Parse("www.refusing.com"), RecordType.A, span: world.Tracer.Root(world.Client));
        });
        Assert.Equal(ResolutionFailureReason.NoServerAnswers, failure.Reason);
        Assert.Equal(FaultParty.ZoneOperator, failure.AtFault);
        var evidence = Assert.Single(failure.Evidence);
        Assert.Equal((ServerOutcome.Unreachable, Errno.ECONNREFUSED), (evidence.Outcome, evidence.Error!.Value));
    }

    [Fact]
    public void A_host_without_ipv6_does_not_try_servers_by_their_ipv6_addresses()
    {
        for (var seed = 1UL; seed <= 8; seed++)
        {
            var world = Chapter(seed);
            world.Run(async () =>
            {
                using var resolver = Resolver(world);
                return await resolver.ResolveAsync(Www, RecordType.A, span: world.Tracer.Root(world.Client));
            });
            Assert.All(world.Told<QuerySent>(), told => Assert.True(told.Server.Address.IsV4));
            Assert.Empty(world.Told<QueryFailed>());
        }
    }

    [Fact]
    public void Without_any_route_the_own_network_is_at_fault()
    {
        var world = new ResolverWorld();
        var failure = world.Run(async () =>
        {
            using var resolver = new RecursiveResolver(world.Client);
            return (ResolutionFailure)await resolver.ResolveAsync(Www, RecordType.A, span: world.Tracer.Root(world.Client));
        });
        Assert.Equal((ResolutionFailureReason.NetworkUnreachable, FaultParty.Network), (failure.Reason, failure.AtFault));
        Assert.Equal(13, failure.Evidence.Length);
    }

    [Fact]
    public void Silence_ends_within_the_time_of_a_question()
    {
        var world = Chapter();
        var silent = world.AddHost("ns.refusing.com", "192.0.5.1");
        silent.StartService("silence", async () =>
        {
            using var socket = silent.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            socket.Bind(new Endpoint(IpAddress.AnyV4, 53));
            while (true) { await socket.ReceiveFromAsync(new byte[600]); }
        });
        var failure = world.Run(async () =>
        {
            using var resolver = Resolver(world);
            return (ResolutionFailure)await resolver.ResolveAsync(DnsName.Parse("www.refusing.com"), RecordType.A, span: world.Tracer.Root(world.Client));
        });
        Assert.Equal(ResolutionFailureReason.NoServerAnswers, failure.Reason);
        Assert.Equal((ServerOutcome.Silent, 3), failure.Evidence.Select(one => (one.Outcome, one.Tries)).Single());
        // The last wait is the longest one, as nobody else is left to ask.
        Assert.Equal(376 + 752 + 1900, world.Told<QueryTimedOut>().Sum(told => told.WaitedNanoseconds) / 1_000_000);
    }

    private static RecursiveResolver Resolver(ResolverWorld world) => new(world.Client, new RecursiveResolverOptions
    {
        // The other twelve root servers are not in this world.
        Hints = new Delegation(DnsName.Root, [.. Delegation.Root.Servers.Take(1)], Tracing.Instant.Never),
    });

    private static ResolverWorld Chapter(ulong seed = 1)
    {
        var world = new ResolverWorld(seed);
        world.AddServer("a.root-servers.net", "198.41.0.4", (".", "com. NS a.gtld-servers.net.\na.gtld-servers.net. A 192.5.6.30"));
        world.AddServer("a.gtld-servers.net", "192.5.6.30", ("com.", "glasscom NS ns1.glasscom\nns1.glasscom A 192.0.2.10\nrefusing NS ns.refusing\nns.refusing A 192.0.5.1"));
        world.AddServer("ns1.glasscom.com", "192.0.2.10", ("glasscom.com.", "lab NS ns1.lab\nns1.lab A 192.0.3.20"));
        world.AddServer("ns1.lab.glasscom.com", "192.0.3.20", ("lab.glasscom.com.",
            "www 300 A 192.0.3.226\ndual A 192.0.3.226\ndual AAAA 2001:db8::226\n"
            + string.Concat(Enumerable.Range(0, 20).Select(i => $"big TXT \"{i:d3} {new string('x', 100)}\"\n"))));
        return world;
    }
}
