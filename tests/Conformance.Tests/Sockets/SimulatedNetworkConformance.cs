using Firstbyte.Addressing;
using Firstbyte.Simulation;
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
        _server.Attach(lan, [ServerAddress, ServerAddressV6!.Value], new LinkSettings(300_000));
        _client = internet.AddHost("client");
        _client.Attach(lan, [ClientAddress, IpAddress.Parse("fd00:1::2")], new LinkSettings(200_000));
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
