using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Stack;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tcp;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>A host of our own at the other end of a TUN or TAP device, so that our TCP talks with real servers.</summary>
internal sealed class TunPlace(PlaceSettings settings, CommandIo io, ITraceSink sink) : Place
{
    /// <summary>How long the last FINs may take (own choice: a round trip around the world, twice).</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    public override int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program)
    {
        if (!OperatingSystem.IsLinux()) { throw new UsageException(io.Language.Places.TunNeedsLinux, Exit.DeviceFailed); }
        try { return RunOnLinux(program); }
        catch (NetworkException e) when (e.Call is "tun" or "read" or "write" or "poll")
        {
            throw new UsageException(io.Language.Places.TunFailed(settings.Tun!.Device, e.Error), Exit.DeviceFailed);
        }
    }

    [SupportedOSPlatform("linux")]
    private int RunOnLinux(Func<PlaceHost, CancellationToken, Task<int>> program)
    {
        var tun = settings.Tun!;
        var link = TunLink.Find(tun.Device) ?? throw new UsageException(io.Language.Places.NoDevice(tun.Device), Exit.DeviceFailed);
        if (!link.IsUp) { throw new UsageException(io.Language.Places.DeviceIsDown(tun.Device), Exit.DeviceFailed); }
        var addresses = tun.Addresses.Count > 0 ? tun.Addresses : [.. link.Addresses.Select(TunLink.Neighbor).OfType<InterfaceAddress>()];
        if (addresses.Count == 0)
        {
            throw new UsageException(io.Language.Places.DeviceWithoutAddress(tun.Device), Exit.DeviceFailed);
        }
        foreach (var taken in addresses.Where(address => link.Holds(address.Address)))
        {
            throw new UsageException(io.Language.Places.AddressIsTaken(taken.Address, tun.Device, taken.Prefix));
        }
        // A capture and a bad link are about the packets of the wire: there each comes by itself.
        using var device = Attach(tun.Device, takesLargePackets: tun.Faults is null && settings.Pcap is null);
        using var loop = new TunLoop(
            device, new HostSettings { Tcp = new TcpSettings { SendCapacity = 1 << 20, ReceiveCapacity = 1 << 20 } }, link.Mtu, tun.Faults);
        foreach (var address in addresses) { loop.Network.Stack.AddAddress(loop.Interface, address); }
        var gateways = tun.Gateways.Count > 0 ? tun.Gateways : [.. link.GatewaysFor(addresses)];
        foreach (var gateway in gateways)
        {
            if (!addresses.Any(address => address.Prefix.Contains(gateway)))
            {
                throw new UsageException(io.Language.Places.GatewayElsewhere(gateway, string.Join(", ", addresses)));
            }
            loop.Network.Stack.AddDefaultRoute(loop.Interface, gateway);
        }
        using var capture = CaptureFile.Open(io, settings, output => Capture(loop, output));
        WarnOfUnreachableResolver(loop.Network);
        using var ending = new CancellationTokenSource();
        // A signal comes on another thread: the loop's own thread passes it on.
        using var passing = io.Signals.Stopping.Register(() => loop.Post(ending.Cancel));
        var exitCode = 0;
        loop.Run(async () =>
        {
            var host = new PlaceHost(loop.Network, new SslStreamTlsProvider(loop.Network), null, new Tracer(sink)) { Probes = loop.Network };
            exitCode = await program(
                WithResolver(settings.Calls is not null, host, bare => Resolver(settings, bare, host)), ending.Token);
            await loop.DrainAsync(s_farewell);
        });
        return exitCode;
    }

    [SupportedOSPlatform("linux")]
    private TunDevice Attach(string name, bool takesLargePackets)
    {
        try { return TunDevice.Attach(name, takesLargePackets); }
        catch (NetworkException e) when (e.Error is Errno.EPERM or Errno.EACCES)
        {
            throw new UsageException(io.Language.Places.TunNeedsRoot(name), Exit.DeviceFailed);
        }
        catch (NetworkException e) { throw new UsageException(io.Language.Places.CannotAttach(name, e.Error), Exit.DeviceFailed); }
    }

    [SupportedOSPlatform("linux")]
    private Captures.PacketCapture Capture(TunLoop loop, Stream output)
    {
        var capture = loop.Capture(output, $"firstbyte on {loop.Interface.Name}", settings.PcapSecrets);
        // The variable with which users of TLS libraries ask for secrets; without it none are written anywhere.
        if (io.Variables("SSLKEYLOGFILE") is { Length: > 0 } path) { capture.FollowTlsSecrets(io.PathOf(path)); }
        return capture;
    }

    /// <summary>A resolver on this machine's loopback is behind the kernel's, not behind ours.</summary>
    private void WarnOfUnreachableResolver(StackNetwork network)
    {
        if (settings.Server is not null || settings.Iterative) { return; }
        var servers = network.Files.Read(ResolvConf.Path) is { } file ? ResolvConf.Parse(file).Nameservers : [];
        if (servers.Length > 0 && servers.All(static server => System.Net.IPAddress.IsLoopback(server.ToIPAddress())))
        {
            io.Errors.Complain(io.Language.Places.ResolverOutOfReach(servers[0], settings.Tun!.Device));
        }
    }
}
