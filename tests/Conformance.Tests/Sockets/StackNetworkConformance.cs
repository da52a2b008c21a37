using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Simulation;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

/// <summary>Two of our own stacks, joined by a wire, in virtual time.</summary>
public sealed class StackNetworkConformance : NetworkConformance
{
    private readonly Kernel _kernel = new(20260103);
    private readonly Machine _server;
    private readonly Machine _client;

    public StackNetworkConformance()
    {
        var frames = new FramePool();
        _server = new Machine(_kernel, "server", frames);
        _client = new Machine(_kernel, "client", frames);
        var wire = new Wire(_kernel, "cable", new WireSettings { Latency = TimeSpan.FromMicroseconds(200), BitsPerSecond = 10_000_000_000 });
        _server.Plug(wire.A, new MacAddress(0x020000000001), new InterfaceAddress(ServerAddress, 24), new InterfaceAddress(ServerAddressV6!.Value, 64));
        _client.Plug(wire.B, new MacAddress(0x020000000002), new InterfaceAddress(ClientAddress, 24), InterfaceAddress.Parse("fd00:1::2/64"));
    }

    protected override INetwork Server => _server.Network;

    protected override INetwork Client => _client.Network;

    protected override IpAddress ServerAddress => IpAddress.Parse("10.1.0.1");

    protected override IpAddress ClientAddress => IpAddress.Parse("10.1.0.2");

    protected override IpAddress? ServerAddressV6 => IpAddress.Parse("fd00:1::1");

    protected override void Run(Func<Task> scenario) => _kernel.Run("client", "scenario", scenario);
}

/// <summary>One of our own stacks that speaks with itself.</summary>
public sealed class StackLoopbackConformance : NetworkConformance
{
    private readonly Kernel _kernel = new(20260104);
    private readonly Machine _host;

    public StackLoopbackConformance() => _host = new Machine(_kernel, "host", new FramePool());

    protected override INetwork Server => _host.Network;

    protected override INetwork Client => _host.Network;

    protected override IpAddress ServerAddress => IpAddress.LoopbackV4;

    protected override IpAddress ClientAddress => IpAddress.LoopbackV4;

    protected override IpAddress? ServerAddressV6 => IpAddress.LoopbackV6;

    protected override void Run(Func<Task> scenario) => _kernel.Run("host", "scenario", scenario);
}

/// <summary>Two hosts of a simulated internet that is built of frames, with a router between them.</summary>
public sealed class FrameFabricConformance : NetworkConformance
{
    private readonly Kernel _kernel = new(20260105);
    private readonly SimulatedHost _server;
    private readonly SimulatedHost _client;

    public FrameFabricConformance()
    {
        var internet = new Internet(_kernel);
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.1.0.0/24"), IpPrefix.Parse("fd00:1::/64"));
        var wan = internet.AddSubnet("wan", IpPrefix.Parse("10.2.0.0/24"), IpPrefix.Parse("fd00:2::/64"));
        var router = internet.AddRouter("router");
        var cable = new LinkSettings(200_000);
        router.Attach(lan, [IpAddress.Parse("10.1.0.254"), IpAddress.Parse("fd00:1::fe")], cable);
        router.Attach(wan, [IpAddress.Parse("10.2.0.254"), IpAddress.Parse("fd00:2::fe")], cable);
        _server = internet.AddHost("server");
        _server.Attach(lan, [ServerAddress, ServerAddressV6!.Value], cable);
        _server.Gateways.Add(IpAddress.Parse("10.1.0.254"));
        _server.Gateways.Add(IpAddress.Parse("fd00:1::fe"));
        _client = internet.AddHost("client");
        _client.Attach(wan, [ClientAddress, IpAddress.Parse("fd00:2::2")], cable);
        _client.Gateways.Add(IpAddress.Parse("10.2.0.254"));
        _client.Gateways.Add(IpAddress.Parse("fd00:2::fe"));
        internet.UseFrames(static subnet => subnet.Name == "lan");
    }

    protected override INetwork Server => _server;

    protected override INetwork Client => _client;

    protected override IpAddress ServerAddress => IpAddress.Parse("10.1.0.1");

    protected override IpAddress ClientAddress => IpAddress.Parse("10.2.0.2");

    protected override IpAddress? ServerAddressV6 => IpAddress.Parse("fd00:1::1");

    protected override void Run(Func<Task> scenario) => _kernel.Run("client", "scenario", scenario);
}
