using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
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
