using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Zones;
using Firstbyte.Http;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Starts what a machine of a random world serves: the engine's own servers on the machine's own stack.</summary>
internal static class SwarmServices
{
    public static void Start(SwarmWorld world, Station station)
    {
        switch (station.Plan.Role)
        {
            case MachineRole.NameServer: StartNameServer(world, station); break;
            case MachineRole.Resolver: StartResolver(world, station); break;
            case MachineRole.WebServer: StartWebServer(world, station); break;
            default: break;
        }
    }

    private static void StartNameServer(SwarmWorld world, Station station)
    {
        foreach (var address in station.Plan.Addresses)
        {
            var zones = world.Plan.Zones.ZonesAt(address).ToArray();
            IDnsResponder responder = world.Plan.Zones.Lame.Contains(address) || zones.Length == 0
                ? new LameResponder()
                : new AuthoritativeResponder(new ZoneSet(zones));
            StartDns(world, station, address, new OverheardResponder(responder, world.Answers));
        }
    }

    private static void StartResolver(SwarmWorld world, Station station)
    {
        var resolver = new RecursiveResolver(station.Network, world.ResolverOptions);
        station.AddStop(resolver.Dispose);
        foreach (var address in station.Plan.Addresses)
        {
            StartDns(world, station, address, new CheckedResponder(new RecursiveResponder(resolver), world.Answers, station));
        }
    }

    private static void StartDns(SwarmWorld world, Station station, IpAddress address, IDnsResponder responder)
    {
        var server = new DnsServer(station.Network, responder, span: world.Tracer.Root(station.Network));
        server.Bind(new Endpoint(address, StubResolver.Port));
        station.AddStop(server.Stop);
        world.Kernel.Start(station.Name, $"DNS server at {address}", () => server.RunAsync(), RootKind.Service);
    }

    private static void StartWebServer(SwarmWorld world, Station station)
    {
        var number = world.Plan.Machines.IndexOf(station.Plan);
        var site = new SwarmSite(world, number);
        foreach (var version in station.Plan.Addresses.Select(static address => address.Version).Distinct())
        {
            StartHttp(world, station, version, 80, new HttpServer(station.Network, site));
            if (!world.Plan.SecureMachines.Contains(number)) { continue; }
            StartHttp(world, station, version, 443, new HttpServer(station.Network, site, new HttpServerOptions { Upgrade = Secure(world, station) }));
        }
    }

    private static void StartHttp(SwarmWorld world, Station station, IpVersion version, ushort port, HttpServer server)
    {
        server.Start(new Endpoint(version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, port));
        station.AddStop(server.Dispose);
        world.Kernel.Start(station.Name, $"web server at port {port}", () => server.RunAsync(), RootKind.Service);
    }

    private static Func<ISocket, CancellationToken, ValueTask<IByteStream>> Secure(SwarmWorld world, Station station)
    {
        var provider = new BouncyCastleTlsProvider(station.Network);
        return async (socket, cancellationToken) =>
            await provider.AuthenticateAsServerAsync(
                new SocketByteStream(socket), world.Certificate.Value, default, cancellationToken) switch
        {
            TlsSession session => session.Stream,
            TlsFailure failure => throw new IOException($"the handshake failed: {failure.Reason}"),
            _ => throw new IOException("the handshake gave nothing"),
        };
    }
}

/// <summary>The pages of one web server.</summary>
internal sealed class SwarmSite(SwarmWorld world, int machine) : IHttpHandler
{
    private readonly Dictionary<string, PagePlan> _pages = world.Plan.Pages.Where(page => page.Machine == machine)
        .ToDictionary(static page => page.Path, StringComparer.Ordinal);

    public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken) =>
        new(_pages.TryGetValue(request.Head.TargetText, out var page)
            ? new ServerResponse(new HttpResponse(200), new PageBody(world.Block, page))
            : HttpResponse.Text(404, "there is no such page\n"));
}

/// <summary>The bytes of a page, out of the world's block.</summary>
internal sealed class PageBody(PageBlock block, PagePlan page) : IResponseBody
{
    private int _at;

    public long Length => page.Framing == PageFraming.Chunked ? -1 : page.Length;

    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = block.Read(page, _at, destination.Span);
        _at += count;
        return new ValueTask<int>(count);
    }
}

/// <summary>Random bytes of which all pages of a world are made.</summary>
internal sealed class PageBlock
{
    // A power of two, longer than a window, so that a mistake by a window's length shows.
    private const int Size = 1 << 18;

    private readonly byte[] _bytes = new byte[Size];

    public PageBlock(RandomStream random) => random.Fill(_bytes);

    public int Read(PagePlan page, int at, Span<byte> destination)
    {
        var count = Math.Min(Math.Min(destination.Length, page.Length - at), Size - Place(page, at));
        _bytes.AsSpan(Place(page, at), count).CopyTo(destination);
        return count;
    }

    public bool Holds(PagePlan page, long at, ReadOnlySpan<byte> piece)
    {
        if (at + piece.Length > page.Length) { return false; }
        while (!piece.IsEmpty)
        {
            var place = Place(page, at);
            var count = Math.Min(piece.Length, Size - place);
            if (!piece[..count].SequenceEqual(_bytes.AsSpan(place, count))) { return false; }
            piece = piece[count..];
            at += count;
        }
        return true;
    }

    // An odd step: no two pages begin with the same bytes.
    private static int Place(PagePlan page, long at) => (int)((at + page.Number * 7_919L) & (Size - 1));
}
