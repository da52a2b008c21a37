using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Extensions;
using Firstbyte.Sockets.Os;
using Firstbyte.Testing;
using Firstbyte.Tracing;
using Microsoft.Extensions.DependencyInjection;

namespace Firstbyte.Tests.Extensions;

/// <summary>The resolver that a program registers.</summary>
public sealed class ResolverTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_of_a_program_share_it_from_the_root_down()
    {
        // The lab first, for its network, where the root's servers have their own addresses and nothing is signed.
        INameResolver? registered = null;
        var lab = TestLab.Named("glasscom", options: new FirstbyteHandlerOptions { Resolver = _ => new Late(() => registered!) });
        var services = new ServiceCollection();
        services.AddFirstbyteResolver(new RecursiveServiceOptions { Anchors = TrustAnchors.None }, lab.World.Client);
        await using (var provider = services.BuildServiceProvider())
        {
            registered = provider.GetRequiredService<INameResolver>();
            var resolver = Assert.IsType<FirstbyteResolver>(registered);
            using (var client = lab.CreateClient()) { await client.GetStringAsync("http://www.lab.glasscom.com/", Stop); }
            // The root, com and glasscom.com have been asked, by nobody else; a second client's name lies in the one cache.
            var sent = Sent(resolver);
            Assert.InRange(sent, 3, 20);
            using (var other = lab.CreateClient()) { await other.GetStringAsync("http://www.lab.glasscom.com/", Stop); }
            Assert.Equal(sent, Sent(resolver));
            Assert.True(resolver.Cache.Count > 0);
            using var failing = lab.CreateClient();
            var failed = await Assert.ThrowsAsync<FirstbyteRequestException>(() => failing.GetStringAsync("http://nobody.lab.glasscom.com/"));
            Assert.Equal(HttpRequestError.NameResolutionError, failed.HttpRequestError);
        }
        // The services have ended it.
        Assert.IsType<ResolutionFailure>(lab.World.Run("after", async () => await registered.ResolveAsync(DnsName.Parse("ftp.lab.glasscom.com"), RecordType.A)));
    }

    [Fact]
    public async Task Clients_take_it_when_it_is_registered_and_their_own_when_they_name_one()
    {
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        });
        var port = new Uri(server.Url).Port;
        await using var names = new Names("page 300 IN A 127.0.0.1\n");
        var services = new ServiceCollection();
        services.AddFirstbyteResolver(new RecursiveServiceOptions { Forwarders = [new UpstreamServer(names.Endpoint)], Anchors = TrustAnchors.None });
        services.AddHttpClient("page").UseFirstbyte();
        var own = new Counting();
        services.AddHttpClient("own").UseFirstbyte(new FirstbyteHandlerOptions { Resolver = _ => own });
        await using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();
        using (var client = clients.CreateClient("page")) { Assert.Equal("ok", await client.GetStringAsync($"http://page.firstbyte.example:{port}/", Stop)); }
        var resolver = (FirstbyteResolver)provider.GetRequiredService<INameResolver>();
        Assert.True(Sent(resolver) > 0);
        // The host's own names are nobody's business.
        var sent = Sent(resolver);
        using (var client = clients.CreateClient("page")) { Assert.Equal("ok", await client.GetStringAsync($"http://localhost:{port}/", Stop)); }
        Assert.Equal(sent, Sent(resolver));
        using (var client = clients.CreateClient("own"))
        {
            await Assert.ThrowsAsync<FirstbyteRequestException>(() => client.GetStringAsync($"http://page.firstbyte.example:{port}/", Stop));
        }
        Assert.Equal((sent, true), (Sent(resolver), own.Asked > 0));
    }

    [Fact]
    public void What_would_be_left_out_in_silence_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new FirstbyteResolver(new RecursiveServiceOptions { Policy = new PolicyInForce() }));
    }

    private static long Sent(FirstbyteResolver resolver) => resolver.Counters.Sent(DnsTransport.Udp) + resolver.Counters.Sent(DnsTransport.Tcp);

    private sealed class Late(Func<INameResolver> find) : INameResolver
    {
        public ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default) =>
            find().ResolveAsync(name, type, options, span, cancellationToken);
    }

    private sealed class Counting : INameResolver
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _asked);
            return new(new ResolutionFailure(new Question(name, type), ResolutionFailureReason.OutOfTime, Errors.FaultParty.User, name, []));
        }
    }

    /// <summary>A server of names on loopback.</summary>
    private sealed class Names : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly DnsServer _server;
        private readonly Task _running;

        public Names(string records)
        {
            const string beginning = "@ 300 IN SOA ns hostmaster 1 7200 900 1209600 60\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n";
            Assert.True(Zone.TryLoad(beginning + records, "zone", DnsName.Parse("firstbyte.example"), out var zone, out var problems), string.Join(' ', problems));
            _server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)));
            Endpoint = _server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
            _running = _server.RunAsync(_stopping.Token);
        }

        public Endpoint Endpoint { get; }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _running;
            _server.Dispose();
            _stopping.Dispose();
        }
    }
}
