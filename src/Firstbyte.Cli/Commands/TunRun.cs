using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Stack;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tcp;
using Firstbyte.Tls;

namespace Firstbyte.Cli.Commands;

/// <summary>Runs a command on a host of our own at the other end of a TUN or TAP device, so that our TCP talks with real servers.</summary>
internal static class TunRun
{
    /// <summary>CURLE_INTERFACE_FAILED: the device cannot be used.</summary>
    public const int DeviceFailed = 45;

    /// <summary>How long the last FINs may take (own choice: a round trip around the world, twice).</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    public static int Fetch(FetchSettings settings, JourneyRequest[] requests, CancellationToken cancellation)
    {
        var exitCode = ExitCodes.Success;
        Run(settings.Place, async (network, token) =>
        {
            using var outlet = new Outlet(settings);
            exitCode = await Commands.Fetch.RunJourneysAsync(
                settings, requests, network, Commands.Fetch.Resolver(settings.Place, network), new SslStreamTlsProvider(network), Commands.Fetch.Options(settings), outlet, token);
        }, cancellation);
        return exitCode;
    }

    public static int Resolve(PlaceSettings settings, DnsName name, RecordType type, bool isAbsolute, ResolveOutlet outlet, CancellationToken cancellation)
    {
        var exitCode = ExitCodes.Success;
        Run(settings, async (network, token) => exitCode = await ResolveCommand.RunAsync(settings, name, type, isAbsolute, network, outlet, token), cancellation);
        return exitCode;
    }

    private static void Run(PlaceSettings place, Func<StackNetwork, CancellationToken, Task> program, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux()) { throw new UsageException("--tun works on Linux, which lets a program be the other end of a network device", DeviceFailed); }
        try { RunOnLinux(place, program, cancellation); }
        catch (NetworkException e) when (e.Call is "tun" or "read" or "write" or "poll") { throw new UsageException($"{place.Tun!.Device}: {e.Message}", DeviceFailed); }
    }

    [SupportedOSPlatform("linux")]
    private static void RunOnLinux(PlaceSettings place, Func<StackNetwork, CancellationToken, Task> program, CancellationToken cancellation)
    {
        var tun = place.Tun!;
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
        using var device = Attach(tun.Device, takesLargePackets: tun.Faults is null && place.Pcap is null);
        using var loop = new TunLoop(device, new HostSettings { Tcp = new TcpSettings { SendCapacity = 1 << 20, ReceiveCapacity = 1 << 20 } }, link.Mtu, tun.Faults);
        foreach (var address in addresses) { loop.Network.Stack.AddAddress(loop.Interface, address); }
        var gateways = tun.Gateways.Count > 0 ? tun.Gateways : [.. link.GatewaysFor(addresses)];
        foreach (var gateway in gateways)
        {
            if (!addresses.Any(address => address.Prefix.Contains(gateway))) { throw new UsageException($"--tun: the gateway {gateway} is in no subnet of ours ({string.Join(", ", addresses)})"); }
            loop.Network.Stack.AddDefaultRoute(loop.Interface, gateway);
        }
        using var capture = CaptureFile.Open(place.Pcap, output => Capture(loop, output));
        WarnOfUnreachableResolver(place, loop.Network);
        using var ending = new CancellationTokenSource();
        // A signal comes on another thread: the loop's own thread passes it on.
        using var passing = cancellation.Register(() => loop.Post(ending.Cancel));
        loop.Run(async () =>
        {
            await program(loop.Network, ending.Token);
            await loop.DrainAsync(s_farewell);
        });
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
    private static Captures.PacketCapture Capture(TunLoop loop, Stream output)
    {
        var capture = loop.Capture(output, $"firstbyte on {loop.Interface.Name}");
        // The variable with which users of TLS libraries ask for secrets; without it none are written anywhere.
        if (Environment.GetEnvironmentVariable("SSLKEYLOGFILE") is { Length: > 0 } path) { capture.FollowTlsSecrets(path); }
        return capture;
    }

    /// <summary>A resolver on this machine's loopback is behind the kernel's, not behind ours.</summary>
    private static void WarnOfUnreachableResolver(PlaceSettings place, StackNetwork network)
    {
        if (place.Server is not null || place.Iterative) { return; }
        var servers = network.Files.Read(ResolvConf.Path) is { } file ? ResolvConf.Parse(file).Nameservers : [];
        if (servers.Length > 0 && servers.All(static server => System.Net.IPAddress.IsLoopback(server.ToIPAddress())))
        {
            Console.Error.WriteLine($"firstbyte: this machine's resolver {servers[0]} is not reachable from our host on {place.Tun!.Device}: add --server ADDR or --iterative where names are to be resolved");
        }
    }

    private static string HowTo(string device) =>
        $"  ip tuntap add dev {device} mode tun user $SUDO_USER\n  ip address add 10.9.0.1/24 dev {device}\n  ip link set {device} up\n"
        + $"and, to reach what is beyond this machine:\n  sysctl net.ipv4.ip_forward=1\n  iptables -t nat -A POSTROUTING -s 10.9.0.0/24 -j MASQUERADE";
}
