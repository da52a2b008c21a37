using Firstbyte.Addressing;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

/// <summary>Two simulated hosts on one subnet, in virtual time.</summary>
public sealed class SimulatedNetworkConformance : NetworkConformance
{
    private readonly Kernel _kernel = new(20260101);
    private readonly SimulatedHost _server;
    private readonly SimulatedHost _client;

    public SimulatedNetworkConformance()
    {
        var internet = new Internet(_kernel);
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.1.0.0/24"), IpPrefix.Parse("fd00:1::/64"));
        _server = internet.AddHost("server");
        _server.Attach(lan, [ServerAddress, ServerAddressV6!.Value], new WireSettings(TimeSpan.FromMicroseconds(300)));
        _client = internet.AddHost("client");
        _client.Attach(lan, [ClientAddress, IpAddress.Parse("fd00:1::2")], new WireSettings(TimeSpan.FromMicroseconds(200)));
    }

    protected override INetwork Server => _server;

    protected override INetwork Client => _client;

    protected override IpAddress ServerAddress => IpAddress.Parse("10.1.0.1");

    protected override IpAddress ClientAddress => IpAddress.Parse("10.1.0.2");

    protected override IpAddress? ServerAddressV6 => IpAddress.Parse("fd00:1::1");

    protected override void Run(Func<Task> scenario) => _kernel.Run("client", "scenario", scenario);
}

/// <summary>One simulated host that speaks with itself.</summary>
public sealed class SimulatedLoopbackConformance : NetworkConformance
{
    private readonly Kernel _kernel = new(20260102);
    private readonly SimulatedHost _host;

    public SimulatedLoopbackConformance() => _host = new Internet(_kernel).AddHost("host");

    protected override INetwork Server => _host;

    protected override INetwork Client => _host;

    protected override IpAddress ServerAddress => IpAddress.LoopbackV4;

    protected override IpAddress ClientAddress => IpAddress.LoopbackV4;

    protected override IpAddress? ServerAddressV6 => IpAddress.LoopbackV6;

    protected override void Run(Func<Task> scenario) => _kernel.Run("host", "scenario", scenario);
}

/// <summary>Two simulated hosts with a router between them, one of them on a hub.</summary>
public sealed class RoutedNetworkConformance : NetworkConformance
{
    private readonly Kernel _kernel = new(20260105);
    private readonly SimulatedHost _server;
    private readonly SimulatedHost _client;

    public RoutedNetworkConformance()
    {
        var internet = new Internet(_kernel);
        var lan = internet.AddSubnet("lan", new Hub("lan"), IpPrefix.Parse("10.1.0.0/24"), IpPrefix.Parse("fd00:1::/64"));
        var wan = internet.AddSubnet("wan", IpPrefix.Parse("10.2.0.0/24"), IpPrefix.Parse("fd00:2::/64"));
        var router = internet.AddRouter("router");
        var cable = new WireSettings(TimeSpan.FromMicroseconds(200));
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
    }

    protected override INetwork Server => _server;

    protected override INetwork Client => _client;

    protected override IpAddress ServerAddress => IpAddress.Parse("10.1.0.1");

    protected override IpAddress ClientAddress => IpAddress.Parse("10.2.0.2");

    protected override IpAddress? ServerAddressV6 => IpAddress.Parse("fd00:1::1");

    protected override void Run(Func<Task> scenario) => _kernel.Run("client", "scenario", scenario);
}
