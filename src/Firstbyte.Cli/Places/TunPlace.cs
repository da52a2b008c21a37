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
    /// <summary>CURLE_INTERFACE_FAILED: the device cannot be used.</summary>
    public const int DeviceFailed = 45;

    /// <summary>How long the last FINs may take (own choice: a round trip around the world, twice).</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    public override int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program)
    {
        if (!OperatingSystem.IsLinux()) { throw new UsageException("--tun works on Linux, which lets a program be the other end of a network device", DeviceFailed); }
        try { return RunOnLinux(program); }
        catch (NetworkException e) when (e.Call is "tun" or "read" or "write" or "poll") { throw new UsageException($"{settings.Tun!.Device}: {e.Error}", DeviceFailed); }
    }

    [SupportedOSPlatform("linux")]
    private int RunOnLinux(Func<PlaceHost, CancellationToken, Task<int>> program)
    {
        var tun = settings.Tun!;
        var link = TunLink.Find(tun.Device) ?? throw new UsageException($"there is no device {tun.Device}. Make one, as root:\n{HowTo(tun.Device)}", DeviceFailed);
        if (!link.IsUp) { throw new UsageException($"{tun.Device} is down. As root: ip link set {tun.Device} up", DeviceFailed); }
        var addresses = tun.Addresses.Count > 0 ? tun.Addresses : [.. link.Addresses.Select(TunLink.Neighbor).OfType<InterfaceAddress>()];
        if (addresses.Count == 0)
        {
            throw new UsageException($"{tun.Device} has no address of the kernel's to be next to. As root: ip address add 10.9.0.1/24 dev {tun.Device}; or say ours: --tun {tun.Device},address=10.9.0.2/24,gateway=10.9.0.1", DeviceFailed);
        }
        foreach (var taken in addresses.Where(address => link.Holds(address.Address)))
        {
            throw new UsageException($"--tun: {taken.Address} is the kernel's own address on {tun.Device}: packets to it would never come to us; take another in {taken.Prefix}");
        }
        // A capture and a bad link are about the packets of the wire: there each comes by itself.
        using var device = Attach(tun.Device, takesLargePackets: tun.Faults is null && settings.Pcap is null);
        using var loop = new TunLoop(device, new HostSettings { Tcp = new TcpSettings { SendCapacity = 1 << 20, ReceiveCapacity = 1 << 20 } }, link.Mtu, tun.Faults);
        foreach (var address in addresses) { loop.Network.Stack.AddAddress(loop.Interface, address); }
        var gateways = tun.Gateways.Count > 0 ? tun.Gateways : [.. link.GatewaysFor(addresses)];
        foreach (var gateway in gateways)
        {
            if (!addresses.Any(address => address.Prefix.Contains(gateway))) { throw new UsageException($"--tun: the gateway {gateway} is in no subnet of ours ({string.Join(", ", addresses)})"); }
            loop.Network.Stack.AddDefaultRoute(loop.Interface, gateway);
        }
        using var capture = CaptureFile.Open(io, settings.Pcap, output => Capture(loop, output));
        WarnOfUnreachableResolver(loop.Network);
        using var ending = new CancellationTokenSource();
        // A signal comes on another thread: the loop's own thread passes it on.
        using var passing = io.Signals.Stopping.Register(() => loop.Post(ending.Cancel));
        var exitCode = 0;
        loop.Run(async () =>
        {
            var host = new PlaceHost(loop.Network, new SslStreamTlsProvider(loop.Network), Resolver(settings, loop.Network), new Tracer(sink)) { Probes = loop.Network };
            exitCode = await program(host, ending.Token);
            await loop.DrainAsync(s_farewell);
        });
        return exitCode;
    }

    [SupportedOSPlatform("linux")]
    private static TunDevice Attach(string name, bool takesLargePackets)
    {
        try { return TunDevice.Attach(name, takesLargePackets); }
        catch (NetworkException e) when (e.Error is Errno.EPERM or Errno.EACCES)
        {
            throw new UsageException($"--tun needs root (CAP_NET_ADMIN) to be the other end of {name}: run it with sudo, or let root make the device for you:\n{HowTo(name)}", DeviceFailed);
        }
        catch (NetworkException e) { throw new UsageException($"{name} cannot be attached to ({e.Error}): is it a TUN or TAP device, and no other program's?", DeviceFailed); }
    }

    [SupportedOSPlatform("linux")]
    private Captures.PacketCapture Capture(TunLoop loop, Stream output)
    {
        var capture = loop.Capture(output, $"firstbyte on {loop.Interface.Name}");
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
            io.Errors.Complain($"this machine's resolver {servers[0]} is not reachable from our host on {settings.Tun!.Device}: add --server ADDR or --iterative where names are to be resolved");
        }
    }

    private static string HowTo(string device) =>
        $"  ip tuntap add dev {device} mode tun user $SUDO_USER\n  ip address add 10.9.0.1/24 dev {device}\n  ip link set {device} up\n"
        + $"and, to reach what is beyond this machine:\n  sysctl net.ipv4.ip_forward=1\n  iptables -t nat -A POSTROUTING -s 10.9.0.0/24 -j MASQUERADE";
}
