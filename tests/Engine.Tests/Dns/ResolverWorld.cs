using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>A client and name servers, each on a subnet of its own around one router; 10 ms from the router to each server.</summary>
internal sealed class ResolverWorld
{
    private readonly Internet _internet;
    private readonly Router _router;

    public ResolverWorld(ulong seed = 1)
    {
        Kernel = new Kernel(seed);
        _internet = new Internet(Kernel);
        _router = _internet.AddRouter("router");
        Client = AddHost("client", "10.11.12.13");
        Tracer = new Tracer(new ListSink(Events));
    }

    public Kernel Kernel { get; }
    public SimulatedHost Client { get; }
    public List<TraceEvent> Events { get; } = [];
    public Tracer Tracer { get; }

    /// <summary>Every question that came to a server over UDP, with the server's name before it: what nobody is told of too.</summary>
    public List<string> Received { get; } = [];

    /// <summary>The servers by name: what they serve can be changed.</summary>
    public Dictionary<string, AuthoritativeServer> Servers { get; } = [];

    public SimulatedHost AddHost(string name, string address)
    {
        var own = IpAddress.Parse(address);
        var subnet = _internet.AddSubnet(name, IpPrefix.Parse($"{address[..address.LastIndexOf('.')]}.0/24"));
        var gateway = IpAddress.Parse($"{address[..address.LastIndexOf('.')]}.254");
        _router.Attach(subnet, [gateway], default);
        var host = _internet.AddHost(name);
        host.Attach(subnet, [own], new WireSettings(TimeSpan.FromMilliseconds(name == "client" ? 0 : 10)));
        host.Gateways.Add(gateway);
        return host;
    }

    /// <summary>A host that serves zones, given as (origin, zone file text), over UDP and TCP.</summary>
    public SimulatedHost AddServer(string name, string address, params (string Origin, string Text)[] zones) =>
        AddZones(name, address, [.. zones.Select(zone =>
        {
            Assert.True(Zone.TryLoad($"$TTL 600\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A {address}\n{zone.Text}", name, DnsName.Parse(zone.Origin), out var loaded, out var problems), string.Join("\n", problems));
            return loaded;
        })]);

    /// <summary>A host that serves zones as they are.</summary>
    public SimulatedHost AddZones(string name, string address, params Zone[] zones)
    {
        var host = AddHost(name, address);
        var set = Servers[name] = new AuthoritativeServer(new ZoneSet(zones));
        host.StartService("dns over udp", () => ServeUdpAsync(host, set));
        host.StartService("dns over tcp", () => ServeTcpAsync(host, set));
        return host;
    }

    public T Run<T>(Func<Task<T>> journey) => Kernel.Run("client", "resolve", journey);

    public IEnumerable<T> Told<T>() where T : TraceEvent => Events.OfType<T>();

    private async Task ServeUdpAsync(SimulatedHost host, AuthoritativeServer server)
    {
        using var socket = host.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        socket.Bind(new Endpoint(IpAddress.AnyV4, 53));
        var query = new byte[65_535];
        var response = new byte[65_535];
        while (true)
        {
            var received = await socket.ReceiveFromAsync(query);
            if (DnsMessage.TryParse(query.AsSpan(0, received.Length), out var asked, out _))
            {
                Received.Add($"{host.Name}: {asked.Questions[0].Name.ToLower().ToHostString()} {asked.Questions[0].Type}");
            }
            var length = server.Answer(query.AsSpan(0, received.Length), new QuerySource(received.Remote, DnsTransport.Udp), response);
            if (length > 0) { await socket.SendToAsync(response.AsMemory(0, length), received.Remote); }
        }
    }

    /// <summary>Answers over TCP, a connection with one question after the other.</summary>
    internal static async Task ServeTcpAsync(SimulatedHost host, AuthoritativeServer server)
    {
        using var listener = host.CreateSocket(IpVersion.V4, SocketKind.Stream);
        listener.Bind(new Endpoint(IpAddress.AnyV4, 53));
        listener.Listen(16);
        while (true)
        {
            using var socket = await listener.AcceptAsync();
            var query = new byte[65_535];
            var length = await socket.ReceiveAsync(query);
            if (length < 2) { continue; }
            var response = new byte[65_537];
            var answered = server.Answer(query.AsSpan(2, length - 2), new QuerySource(socket.RemoteEndpoint!.Value, DnsTransport.Tcp), response.AsSpan(2));
            BinaryPrimitives.WriteUInt16BigEndian(response, (ushort)answered);
            // In two pieces: a length may come alone.
            await socket.SendAsync(response.AsMemory(0, 1));
            await socket.SendAsync(response.AsMemory(1, answered + 1));
        }
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}
