using System.Net.Sockets;
using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Sockets;

/// <summary>The operating system on loopback: the oracle of the suite.</summary>
public class OsNetworkConformance : NetworkConformance
{
    // No scenario takes a second on an idle machine; the rest is patience with a loaded one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly OsNetwork _network = new();

    protected override INetwork Server => _network;

    protected override INetwork Client => _network;

    protected override IpAddress ServerAddress => IpAddress.LoopbackV4;

    protected override IpAddress ClientAddress => IpAddress.LoopbackV4;

    protected override IpAddress? ServerAddressV6 => Socket.OSSupportsIPv6 ? IpAddress.LoopbackV6 : null;

    protected override void Run(Func<Task> scenario)
    {
        var run = Task.Run(scenario);
        Assert.True(((IAsyncResult)run).AsyncWaitHandle.WaitOne(Patience), $"no end after {Patience}");
        run.GetAwaiter().GetResult();
    }
}
