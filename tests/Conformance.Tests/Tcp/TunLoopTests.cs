using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp;

/// <summary>
/// Our stack on a TUN or TAP device against the Linux kernel's, each with the other's octets. In real time, so only when asked:
/// <c>FIRSTBYTE_KERNEL=1</c> or in continuous integration, as root.
/// </summary>
[SupportedOSPlatform("linux")]
public class TunLoopTests
{
    private const string Device = "fb1";
    private const int Chunk = 1 << 16;
    private static readonly Endpoint s_kernel = new(IpAddress.Parse("192.0.2.1"), 8080);
    private static readonly IpAddress s_own = IpAddress.Parse("192.0.2.2");

    private static void WithLoop(TunMode mode, TunFaults? faults, Action<TunLoop> use) => NetworkNamespace.Run(() =>
    {
        using var device = TunDevice.Open(Device, mode, takesLargePackets: mode == TunMode.Tun && faults is null);
        NetworkNamespace.Parameter("ipv6/conf/all/disable_ipv6", "1");
        NetworkNamespace.Ip($"address add 192.0.2.1/24 dev {Device}");
        NetworkNamespace.Ip($"link set {Device} up");
        Thread.Sleep(120); // What is written in the first moments of a device is lost.
        var settings = new HostSettings { Tcp = new TcpSettings { SendCapacity = 1 << 20, ReceiveCapacity = 1 << 20 } };
        using var loop = new TunLoop(device, settings, faults: faults);
        loop.Network.Stack.AddAddress(loop.Interface, new InterfaceAddress(s_own, 24));
        use(loop);
    });

    [Theory]
    [InlineData(TunMode.Tun, 0, 0, 0, 100)]
    [InlineData(TunMode.Tap, 0, 0, 0, 20)]
    [InlineData(TunMode.Tun, 10, 10, 50, 100)]
    public void Octets_to_and_from_the_kernel_are_identical(TunMode mode, int loss, int duplicate, int reorder, int megabytes)
    {
        NetworkNamespace.RequireRealTime();
        var octets = megabytes * 1_000_000L;
        var faults = loss + duplicate + reorder > 0 ? new TunFaults(loss, duplicate, reorder, Seed: 7) : null;
        WithLoop(mode, faults, loop =>
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 8080));
            listener.Listen(1);
            long wrong = -1;
            // The kernel's program: reads and checks everything, then sends as much of its own. Its sockets belong to the namespace already.
            var kernelProgram = new Thread(() => wrong = Serve(listener, octets));
            kernelProgram.Start();

            var start = Stopwatch.GetTimestamp();
            TimeSpan up = default, down = default;
            loop.Run(async () =>
            {
                using var socket = loop.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
                await socket.ConnectAsync(s_kernel);
                var buffer = new byte[Chunk];
                for (long sent = 0; sent < octets;)
                {
                    var count = (int)Math.Min(buffer.Length, octets - sent);
                    Fill(buffer.AsSpan(0, count), sent, salt: 1);
                    for (var at = 0; at < count;) { at += await socket.SendAsync(buffer.AsMemory(at, count - at)); }
                    sent += count;
                }
                socket.Shutdown(SocketDirections.Send);
                long received = 0;
                for (; ; )
                {
                    var count = await socket.ReceiveAsync(buffer);
                    if (received == 0)
                    {
                        up = Stopwatch.GetElapsedTime(start);
                        start = Stopwatch.GetTimestamp();
                    }
                    if (count == 0) { break; }
                    Assert.Equal(-1, FirstWrong(buffer.AsSpan(0, count), received, salt: 2));
                    received += count;
                }
                down = Stopwatch.GetElapsedTime(start);
                Assert.Equal(octets, received);
            });
            kernelProgram.Join();
            Assert.Equal(0, wrong);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{mode}, loss {loss} ‰, duplication {duplicate} ‰, reordering {reorder} ‰: {megabytes} MB up {octets * 8 / up.TotalSeconds / 1e6:F0} Mbit/s, down {octets * 8 / down.TotalSeconds / 1e6:F0} Mbit/s; {loop.PacketsSent} packets sent, {loop.PacketsReceived} received, {loop.PacketsDropped} dropped");
        });
    }

    [Fact]
    public void A_port_of_the_kernel_where_nobody_listens_refuses()
    {
        NetworkNamespace.RequireRealTime();
        WithLoop(TunMode.Tun, null, loop => loop.Run(async () =>
        {
            using var socket = loop.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            var refused = await Assert.ThrowsAsync<NetworkException>(async () => await socket.ConnectAsync(s_kernel with { Port = 9 }));
            Assert.Equal(Errno.ECONNREFUSED, refused.Error);
        }));
    }

    [Fact]
    public void The_kernel_connects_to_a_listener_of_ours()
    {
        NetworkNamespace.RequireRealTime();
        WithLoop(TunMode.Tun, null, loop =>
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var said = Array.Empty<byte>();
            var kernelProgram = new Thread(() =>
            {
                client.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 7));
                client.Send("hello"u8);
                client.Shutdown(SocketShutdown.Send);
                var buffer = new byte[100];
                var at = 0;
                for (int count; (count = client.Receive(buffer, at, buffer.Length - at, SocketFlags.None)) > 0;) { at += count; }
                said = buffer[..at];
            });
            loop.Run(async () =>
            {
                using var listener = loop.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
                listener.Bind(new Endpoint(s_own, 7));
                listener.Listen(4);
                kernelProgram.Start();
                using var socket = await listener.AcceptAsync();
                var buffer = new byte[100];
                for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { await socket.SendAsync(buffer.AsMemory(0, count)); }
                socket.Shutdown(SocketDirections.Send);
                await Task.Delay(TimeSpan.FromMilliseconds(50), loop.Time);
            });
            kernelProgram.Join();
            Assert.Equal("hello"u8.ToArray(), said);
        });
    }

    [Fact]
    public void The_kernel_pings_us()
    {
        NetworkNamespace.RequireRealTime();
        WithLoop(TunMode.Tun, null, loop =>
        {
            using var ping = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp) { ReceiveTimeout = 2_000 };
            var answer = new byte[100];
            var length = 0;
            var kernelProgram = new Thread(() =>
            {
                // Echo request, identifier 1, sequence 2, four octets; its checksum by hand.
                ping.SendTo([8, 0, 0x66, 0x2F, 0, 1, 0, 2, 0x41, 0x42, 0x50, 0x8B], new IPEndPoint(IPAddress.Parse("192.0.2.2"), 0));
                length = ping.Receive(answer);
                loop.Post(() => { });
            });
            loop.Run(async () =>
            {
                kernelProgram.Start();
                while (kernelProgram.IsAlive) { await Task.Delay(TimeSpan.FromMilliseconds(10), loop.Time); }
            });
            kernelProgram.Join();
            Assert.Equal(20 + 12, length);
            Assert.Equal(0, answer[20]); // echo reply
            Assert.Equal([0, 1, 0, 2, 0x41, 0x42, 0x50, 0x8B], answer[24..32]);
        });
    }

    /// <summary>Takes one connection, checks what comes, sends as much; gives the number of wrong octets.</summary>
    private static long Serve(Socket listener, long octets)
    {
        using var socket = listener.Accept();
        var buffer = new byte[Chunk];
        long received = 0;
        for (int count; (count = socket.Receive(buffer)) > 0; received += count)
        {
            if (FirstWrong(buffer.AsSpan(0, count), received, salt: 1) >= 0) { return 1; }
        }
        if (received != octets) { return octets - received; }
        for (long sent = 0; sent < octets;)
        {
            var count = (int)Math.Min(buffer.Length, octets - sent);
            Fill(buffer.AsSpan(0, count), sent, salt: 2);
            socket.Send(buffer.AsSpan(0, count));
            sent += count;
        }
        socket.Shutdown(SocketShutdown.Send);
        return 0;
    }

    private static byte Pattern(long place, byte salt) => (byte)(place * 31 + (place >> 8) * 7 + (place >> 16) + salt);

    private static void Fill(Span<byte> octets, long place, byte salt)
    {
        for (var i = 0; i < octets.Length; i++) { octets[i] = Pattern(place + i, salt); }
    }

    private static int FirstWrong(ReadOnlySpan<byte> octets, long place, byte salt)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] != Pattern(place + i, salt)) { return i; }
        }
        return -1;
    }
}
