using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Http;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tests.Tls;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>A client and a recursive server's stand-in, which answers for one zone over whatever transports a test gives it.</summary>
internal sealed class UpstreamWorld
{
    public const string Name = "dns.example.test";
    public const string Address = "10.11.13.2";

    private const string Zone = """
        $TTL 600
        @ SOA ns hostmaster 1 60 60 60 60
        @ NS ns
        ns A 10.11.13.2
        * A 192.0.2.1
        """;

    public UpstreamWorld(bool inClear = false)
    {
        World = new ResolverWorld();
        Server = inClear ? World.AddServer("server", Address, ("example.test", "* A 192.0.2.1")) : World.AddHost("server", Address);
        Authority = new LabCertificateAuthority(new CountedRandom(3), NetworkClock.Now(World.Client));
        Responder = new WatchedResponder(World);
    }

    public ResolverWorld World { get; }
    public SimulatedHost Server { get; }
    public LabCertificateAuthority Authority { get; }
    public WatchedResponder Responder { get; }
    public UpstreamCounters Counters { get; } = new();
    public DnsServerCounters Served { get; } = new();

    /// <summary>Serves DNS over TLS; the certificate is for the server's name and address unless it has a flaw or others are given.</summary>
    public void ServeTls(CertificateFlaw flaw = CertificateFlaw.None, TimeSpan? idle = null, params string[] names) => Server.StartService("dns over tls", async () =>
    {
        using var server = new DnsServer(Server, Responder, new DnsServerOptions
        {
            Tls = new DnsServerTls(new BouncyCastleTlsProvider(Server), [Certificate(flaw, names)]),
            IdleTimeout = idle ?? TimeSpan.FromSeconds(30),
            Counters = Served,
        });
        server.Bind(new Endpoint(IpAddress.AnyV4, DnsServerTls.Port));
        await server.RunAsync();
    });

    /// <summary>Serves DNS over TLS as a test says, one connection after the other or side by side; the number of the connection is given.</summary>
    public void ServeTls(Func<IByteStream, int, Task> serve) => Server.StartService("dns over tls by hand", async () =>
    {
        using var listener = Server.CreateSocket(IpVersion.V4, SocketKind.Stream);
        listener.Bind(new Endpoint(IpAddress.AnyV4, DnsServerTls.Port));
        listener.Listen(16);
        for (var number = 1; ; number++)
        {
            var socket = await listener.AcceptAsync();
            _ = ServeAsync(socket, number);
        }
        async Task ServeAsync(ISocket socket, int number)
        {
            var options = new TlsServerOptions([Certificate(CertificateFlaw.None, [])]) { Alpn = ["dot"] };
            var session = await new BouncyCastleTlsProvider(Server).AuthenticateAsServerAsync(new SocketByteStream(socket), options, default);
            if (session is not TlsSession { Stream: var stream }) { return; }
            try { await serve(stream, number); }
            catch (NetworkException) { /* The client has gone. */ }
            stream.Close();
        }
    });

    /// <summary>Serves DNS over HTTPS by a handler.</summary>
    public void ServeHttps(IHttpHandler handler, TimeSpan? idle = null) => Server.StartService("dns over https", async () =>
    {
        var provider = new BouncyCastleTlsProvider(Server);
        var options = new TlsServerOptions([Certificate(CertificateFlaw.None, [])]) { Alpn = ["http/1.1"] };
        using var server = new HttpServer(Server, handler, new HttpServerOptions
        {
            IdleTimeout = idle ?? TimeSpan.FromSeconds(30),
            Upgrade = async (socket, stop) => await provider.AuthenticateAsServerAsync(new SocketByteStream(socket), options, default, stop) is TlsSession session
                ? session.Stream : throw new NetworkException(Firstbyte.Errors.Errno.ECONNRESET, "TLS"),
        });
        server.Start(new Endpoint(IpAddress.AnyV4, 443));
        await server.RunAsync();
    });

    public TlsServerCertificate Certificate(CertificateFlaw flaw, string[] names) => Authority.Issue(names.Length > 0 ? names : [Name, Address], flaw);

    /// <summary>A resolver at the client that hands everything on to one server.</summary>
    public RecursiveResolver Resolver(string server) => new(World.Client, new RecursiveResolverOptions
    {
        Hints = Delegation.To([Read(server)]),
        Transports = Transports,
    });

    public UpstreamTransports Transports => new(new BouncyCastleTlsProvider(World.Client)) { TrustAnchors = [Authority.RootCertificate], Counters = Counters };

    public static UpstreamServer Read(string text)
    {
        Assert.True(UpstreamTransports.TryParse(text, 53, out var server), text);
        return server;
    }

    public Task<ResolutionOutcome> AskAsync(INameResolver resolver, string name) => resolver.ResolveAsync(
        DnsName.Parse(name), RecordType.A, new ResolutionOptions { IsAbsolute = true }, World.Tracer.Root(World.Client)).AsTask();

    public Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), World.Client.Time);

    /// <summary>Reads queries, and answers as the zone has it.</summary>
    public static async Task<byte[]?> ReadQueryAsync(IByteStream stream)
    {
        var head = new byte[2];
        for (var have = 0; have < 2;)
        {
            var count = await stream.ReceiveAsync(head.AsMemory(have));
            if (count == 0) { return null; }
            have += count;
        }
        var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        for (var have = 0; have < query.Length;) { have += await stream.ReceiveAsync(query.AsMemory(have)); }
        return query;
    }

    public async Task AnswerAsync(IByteStream stream, byte[] query)
    {
        var framed = new byte[65_537];
        var length = await Responder.AnswerAsync(query, default, DnsTransport.Tls, framed.AsMemory(2), default, default);
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)length);
        await stream.SendAsync(framed.AsMemory(0, length + 2));
    }

    /// <summary>Answers for the zone, a name that begins with "slow" after two seconds, and remembers what came.</summary>
    internal sealed class WatchedResponder(ResolverWorld world) : IDnsResponder
    {
        private readonly AuthoritativeResponder _zone = new(new ZoneSet(Load()));

        public List<byte[]> Queries { get; } = [];

        public async ValueTask<int> AnswerAsync(
            ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span, CancellationToken cancellationToken)
        {
            Queries.Add(query.ToArray());
            Assert.True(DnsMessage.TryParse(query.Span, out var message, out _));
            if (message.Questions[0].Name.ToHostString().StartsWith("slow", StringComparison.OrdinalIgnoreCase))
            {
                await Task.Delay(TimeSpan.FromSeconds(2), world.Client.Time, CancellationToken.None);
            }
            return await _zone.AnswerAsync(query, client, transport, response, span, cancellationToken);
        }

        private static Zone Load()
        {
            Assert.True(Firstbyte.Dns.Zones.Zone.TryLoad(Zone, "zone", DnsName.Parse("example.test"), out var loaded, out var problems), string.Join("\n", problems));
            return loaded;
        }
    }
}
