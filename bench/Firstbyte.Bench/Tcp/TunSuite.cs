using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tcp;

namespace Firstbyte.Bench.Tcp;

/// <summary>
/// <c>tun</c>: packets a second that the Linux kernel gets through a TUN device, by a bare reader that only counts, and by our stack with a
/// program that reads and one that writes a TCP stream; <c>tun each</c> has the kernel hand over each packet by itself. Needs root; makes a
/// network namespace of its own. The bare reader gets datagrams,
/// one system call each; the kernel makes the segments of a stream many at a time, so that our stack may well come out ahead.
/// </summary>
internal static partial class TunSuite
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET of <sched.h>
    private const int PacketLength = 1_500;
    private const int Port = 8080;
    private static readonly TimeSpan s_pass = TimeSpan.FromSeconds(3);

    public static int Run(string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Console.Error.WriteLine("tun: needs Linux and root (a network namespace and a TUN device are made)");
            return 1;
        }
        if (Unshare(NewNetwork) < 0)
        {
            Console.Error.WriteLine($"tun: unshare: errno {Marshal.GetLastPInvokeError()}");
            return 1;
        }
        using var device = TunDevice.Open("fb0", TunMode.Tun, takesLargePackets: arguments is not ["each"]);
        foreach (var command in new[] { "link set lo up", "address add 192.0.2.1/24 dev fb0", "link set fb0 up" })
        {
            using var ip = Process.Start("ip", command);
            ip.WaitForExit();
            if (ip.ExitCode != 0) { return 1; }
        }
        // What is written within a tenth of a second of the device's making can be lost: it has no carrier yet.
        Thread.Sleep(200);

        var bare = BareReader(device);
        Console.WriteLine($"{"bare reader, 1,500 octets",-34} {bare,12:N0} packets/s {bare * PacketLength * 8 / 1e9,8:F2} Gbit/s of IP");
        var settings = new HostSettings { Tcp = new TcpSettings { SendCapacity = 1 << 20, ReceiveCapacity = 1 << 20 } };
        using var loop = new TunLoop(device, settings);
        loop.Network.Stack.AddAddress(loop.Interface, new InterfaceAddress(IpAddress.Parse("192.0.2.2"), 24));
        foreach (var reads in new[] { true, false })
        {
            Stream(loop, reads, TimeSpan.FromMilliseconds(500));
            var (octets, packets, seconds) = Stream(loop, reads, s_pass);
            Console.WriteLine($"{(reads ? "our stack reads a TCP stream" : "our stack writes a TCP stream"),-34} {packets / seconds,12:N0} packets/s {octets * 8 / seconds / 1e9,8:F2} Gbit/s of text   {packets / seconds / bare:F2} of bare");
        }
        return 0;
    }

    [SupportedOSPlatform("linux")]
    private static double BareReader(TunDevice device)
    {
        var stop = false;
        var sender = new Thread(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 9));
            var datagram = new byte[PacketLength - 28];
            while (!Volatile.Read(ref stop)) { socket.Send(datagram); }
        });
        sender.Start();
        var buffer = new byte[65_600];
        long packets = 0;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_pass)
        {
            while (device.TryRead(buffer, out _)) { packets++; }
            device.Wait(TimeSpan.FromMilliseconds(1));
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Volatile.Write(ref stop, true);
        sender.Join();
        while (device.TryRead(buffer, out _)) { }
        return packets / seconds;
    }

    /// <summary>One stream for so long: text octets, packets in the direction of the text, seconds.</summary>
    [SupportedOSPlatform("linux")]
    private static (long Octets, long Packets, double Seconds) Stream(TunLoop loop, bool reads, TimeSpan time)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), Port));
        listener.Listen(1);
        var kernelProgram = new Thread(() =>
        {
            using var socket = listener.Accept();
            var buffer = new byte[1 << 17];
            var start = Stopwatch.GetTimestamp();
            if (!reads)
            {
                while (socket.Receive(buffer) > 0) { }
                return;
            }
            while (Stopwatch.GetElapsedTime(start) < time) { socket.Send(buffer); }
        });
        kernelProgram.Start();
        long octets = 0;
        var packets = reads ? loop.PacketsReceived : loop.PacketsSent;
        double seconds = 0;
        loop.Run(async () =>
        {
            using var socket = loop.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.1"), Port));
            var buffer = new byte[1 << 17];
            var start = Stopwatch.GetTimestamp();
            if (reads)
            {
                for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { octets += count; }
            }
            else
            {
                while (Stopwatch.GetElapsedTime(start) < time) { octets += await socket.SendAsync(buffer); }
                socket.Shutdown(SocketDirections.Send);
                // The kernel's FIN says that it has read everything.
                while (await socket.ReceiveAsync(buffer) > 0) { }
            }
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        kernelProgram.Join();
        return (octets, (reads ? loop.PacketsReceived : loop.PacketsSent) - packets, seconds);
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
