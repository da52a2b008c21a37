using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Bench.Tcp;

/// <summary>Two ends of the Linux kernel, each in a network namespace with one TUN device.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class KernelPair
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET of <sched.h>
    private const int TcpLevel = 6; // IPPROTO_TCP of <netinet/in.h>
    private const int CongestionName = 13; // TCP_CONGESTION of <netinet/tcp.h>
    private const string ClientAddress = "192.0.2.1";
    private const string ServerAddress = "192.0.2.2";

    /// <summary>What one transfer leaves behind on the way is gone after this.</summary>
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(150);

    private readonly EmulatedWire _wire;
    private readonly System.Collections.Concurrent.BlockingCollection<Action> _clientWork = [];
    private int _port;

    public KernelPair(int number, EmulatedWire wire)
    {
        _wire = wire;
        Number = number;
        Client = MakeEnd($"fbc{number}", ClientAddress, _clientWork);
        Server = MakeEnd($"fbs{number}", ServerAddress, ServerWork);
    }

    public int Number { get; }

    public TunDevice Client { get; }

    public TunDevice Server { get; }

    private System.Collections.Concurrent.BlockingCollection<Action> ServerWork { get; } = [];

    /// <summary>Carries octets from the client to the server over a link; gives the milliseconds from connect to the last octet read.</summary>
    public long Carry(LinkShape shape, int octets, int seed)
    {
        Thread.Sleep(s_calm);
        _wire.Set(Number, shape.Make(seed));
        var port = 10_000 + _port++;
        using var listens = new ManualResetEventSlim();
        using var done = new CountdownEvent(2);
        long began = 0, ended = 0;
        ServerWork.Add(() =>
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            UseCubic(listener);
            listener.Bind(new IPEndPoint(IPAddress.Parse(ServerAddress), port));
            listener.Listen(1);
            listens.Set();
            using var socket = listener.Accept();
            var buffer = new byte[1 << 17];
            try
            {
                for (var left = octets; left > 0;)
                {
                    socket.ReceiveTimeout = Math.Max((int)(LinkShape.Longest - Stopwatch.GetElapsedTime(began)).TotalMilliseconds, 1);
                    left -= socket.Receive(buffer);
                }
                Volatile.Write(ref ended, Stopwatch.GetTimestamp());
            }
            catch (SocketException late) when (late.SocketErrorCode == SocketError.TimedOut)
            {
                Volatile.Write(ref ended, began + (long)(LinkShape.Longest.TotalSeconds * Stopwatch.Frequency));
            }
            socket.LingerState = new LingerOption(true, 0);
            done.Signal();
        });
        listens.Wait();
        _clientWork.Add(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            UseCubic(socket);
            var data = new byte[octets];
            began = Stopwatch.GetTimestamp();
            socket.Connect(new IPEndPoint(IPAddress.Parse(ServerAddress), port));
            socket.Blocking = false;
            for (var sent = 0; sent < octets && Volatile.Read(ref ended) == 0;)
            {
                if (!socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectWrite)) { continue; }
                try { sent += socket.Send(data.AsSpan(sent)); }
                // The server has given up: it took too long.
                catch (SocketException over) when (over.SocketErrorCode == SocketError.ConnectionReset) { break; }
            }
            // The reset at the end takes what waits with it: not before the server has everything.
            while (Volatile.Read(ref ended) == 0) { Thread.Sleep(5); }
            socket.LingerState = new LingerOption(true, 0);
            done.Signal();
        });
        done.Wait();
        return (long)Stopwatch.GetElapsedTime(began, ended).TotalMilliseconds;
    }

    /// <summary>A namespace's own default may not be changed to it where the machine's is another.</summary>
    private static void UseCubic(Socket socket) => socket.SetRawSocketOption(TcpLevel, CongestionName, "cubic"u8);

    /// <summary>A thread in a namespace of its own, which does the work it is given there.</summary>
    private static TunDevice MakeEnd(string name, string address, System.Collections.Concurrent.BlockingCollection<Action> work)
    {
        TunDevice? device = null;
        using var ready = new ManualResetEventSlim();
        new Thread(() =>
        {
            if (Unshare(NewNetwork) < 0) { throw new InvalidOperationException($"unshare: errno {Marshal.GetLastPInvokeError()}"); }
            device = TunDevice.Open(name, TunMode.Tun);
            foreach (var (parameter, value) in new[] { ("ipv6/conf/all/disable_ipv6", "1"), ("ipv4/tcp_no_metrics_save", "1") })
            {
                File.WriteAllText("/proc/sys/net/" + parameter, value);
            }
            foreach (var command in new[] { "link set lo up", $"address add {address}/24 dev {name}", $"link set {name} up" })
            {
                using var ip = Process.Start("ip", command);
                ip.WaitForExit();
                if (ip.ExitCode != 0) { throw new InvalidOperationException("ip " + command); }
            }
            // What is written within a tenth of a second of the device's making can be lost: it has no carrier yet.
            Thread.Sleep(150);
            ready.Set();
            foreach (var action in work.GetConsumingEnumerable()) { action(); }
        })
        { IsBackground = true, Name = name }.Start();
        ready.Wait();
        return device!;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
