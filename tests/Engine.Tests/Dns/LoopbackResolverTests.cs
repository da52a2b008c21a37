using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

public sealed class LoopbackResolverTests
{
    [Fact]
    public void A_stub_asks_a_recursive_server_that_follows_a_hierarchy_of_servers_all_over_real_sockets()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has every address of 127.0.0.0/8 without configuration");
        var events = new List<TraceEvent>();
        OsNetwork.Run(async (network, stopping) =>
        {
            var tracer = new Tracer(new LockedSink(events));
            using var root = Serve(network, new Endpoint(IpAddress.Parse("127.0.0.31"), 0), (".", "test. NS ns.test.\nns.test. A 127.0.0.32"));
            var port = root.Server.LocalEndpoint!.Value.Port;
            using var child = Serve(network, new Endpoint(IpAddress.Parse("127.0.0.32"), port),
                ("test.", "www A 192.0.2.1\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"big TXT \"{i:d3} {new string('x', 100)}\"\n"))));
            using var resolver = new RecursiveResolver(network, new RecursiveResolverOptions
            {
                Hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns."), [IpAddress.Parse("127.0.0.31")])], Instant.Never),
                Policy = new UpstreamPolicy { Port = port, AllowLoopback = true },
            });
            using var recursive = new Running(new DnsServer(network, new RecursiveResponder(resolver), span: tracer.Root(network)), new Endpoint(IpAddress.Parse("127.0.0.33"), 0));
            var stub = StubResolver.FromServer(network, recursive.Server.LocalEndpoint!.Value);

            var www = await stub.ResolveAsync(DnsName.Parse("www.test"), RecordType.A, new ResolutionOptions { IsAbsolute = true }, cancellationToken: stopping);
            Assert.Equal([IpAddress.Parse("192.0.2.1")], Assert.IsType<ResolvedAnswer>(www).Addresses);
            var big = await stub.ResolveAsync(DnsName.Parse("big.test"), RecordType.TXT, new ResolutionOptions { IsAbsolute = true }, cancellationToken: stopping);
            Assert.Equal(20, Assert.IsType<ResolvedAnswer>(big).Records.Length);
            var none = await stub.ResolveAsync(DnsName.Parse("nosuch.test"), RecordType.A, new ResolutionOptions { IsAbsolute = true }, cancellationToken: stopping);
            Assert.Equal(ResponseCode.NameError, Assert.IsType<ResolvedAnswer>(none).Code);
        }, TestContext.Current.CancellationToken);
        // What the recursive server did for a query belongs to the step of that query.
        var query = events.OfType<QueryReceived>().First();
        Assert.All(events.OfType<ResolutionStarted>().Take(1), told => Assert.Equal(query.Span, told.Parent));
    }

    private static Running Serve(INetwork network, Endpoint listen, params (string Origin, string Text)[] zones)
    {
        var set = new ZoneSet(zones.Select(zone =>
        {
            Assert.True(Zone.TryLoad($"$TTL 600\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A {listen.Address}\n{zone.Text}", "zone", DnsName.Parse(zone.Origin), out var loaded, out var problems), string.Join("\n", problems));
            return loaded;
        }));
        return new Running(new DnsServer(network, new AuthoritativeResponder(set)), listen);
    }

    private sealed class Running : IDisposable
    {
        public Running(DnsServer server, Endpoint listen)
        {
            Server = server;
            server.Bind(listen);
            _ = server.RunAsync();
        }

        public DnsServer Server { get; }

        public void Dispose() => Server.Dispose();
    }

    private sealed class LockedSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) { lock (events) { events.Add(traceEvent); } }
    }
}
