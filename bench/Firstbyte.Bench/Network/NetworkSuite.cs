using System.Diagnostics;
using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Bench.Network;

/// <summary>Packets, checksums, the host stack, and whole worlds of frames: rates a second of processor time (other programs do not count), and the bytes allocated for each.</summary>
internal static class NetworkSuite
{
    private const int Passes = 7;

    /// <summary><c>network</c></summary>
    public static int Run(string[] args)
    {
        Console.WriteLine("| what | rate | B each |");
        Console.WriteLine("|---|---|---|");
        foreach (var size in (int[])[52, 564, 1_500]) { Parse(size); }
        foreach (var size in (int[])[52, 564, 1_500]) { Checksum(size); }
        Host();
        Hub();
        Stream();
        Lab();
        return 0;
    }

    // Headers and options of IPv4 and TCP, with and without both checksums.
    private static void Parse(int size)
    {
        var packet = TcpPacket(size);
        Report($"parse IPv4 and TCP, {size} B", "M/s", 1e-6, 200_000, () => ReadHeaders(packet, verify: false));
        Report($"parse and verify, {size} B", "M/s", 1e-6, 200_000, () => ReadHeaders(packet, verify: true));
    }

    private static int ReadHeaders(byte[] packet, bool verify)
    {
        if (!Ipv4View.TryParse(packet, out var ip, out _) || !TcpView.TryParse(ip.Payload, out var tcp, out _)) { return 0; }
        if (verify && !(ip.IsChecksumValid && tcp.IsChecksumValid(ip.PseudoHeaderSum))) { return 0; }
        return TcpSegmentCodec.Read(tcp).Options.WireLength > 0 ? 1 : 0;
    }

    private static void Checksum(int size)
    {
        var data = new byte[size];
        data.AsSpan().Fill(0xA5);
        Report($"checksum, {size} B", "GB/s", size * 1e-9, 500_000, () => InternetChecksum.Compute(data) == 0 ? 0 : 1);
    }

    // A datagram from the link to a mailbox and the program's answer to the link.
    private static void Host()
    {
        var frames = new FramePool();
        var stack = new HostStack(new HostSettings(), new SipKey(1, 2), frames);
        var own = new MacAddress(0x020000000001);
        var peer = new MacAddress(0x020000000002);
        var eth = stack.AddInterface("eth0", LinkKind.Ethernet, own);
        stack.AddAddress(eth, InterfaceAddress.Parse("192.0.2.1/24"));
        var mailbox = stack.OpenUdp(IpVersion.V4);
        stack.Bind(mailbox, new Endpoint(IpAddress.AnyV4, 53));
        var arp = new byte[42];
        ArpWriter.Seal(arp.AsSpan(14), ArpOperation.Request, peer, IpAddress.Parse("192.0.2.2"), default, IpAddress.Parse("192.0.2.1"));
        EthernetWriter.Seal(arp, own, peer, EtherType.Arp);
        var now = Instant.SimulationEpoch;
        stack.Receive(eth, frames.Copy(arp), now);
        var question = new byte[14 + 20 + 8 + 40];
        UdpWriter.Seal(question.AsSpan(34), 4_000, 53, IpAddress.Parse("192.0.2.2").Bits, IpAddress.Parse("192.0.2.1").Bits);
        Ipv4Writer.Seal(question.AsSpan(14), new Ipv4Header((uint)IpAddress.Parse("192.0.2.2").Bits, (uint)IpAddress.Parse("192.0.2.1").Bits, IpProtocol.Udp));
        EthernetWriter.Seal(question, own, peer, EtherType.Ipv4);
        var buffer = new byte[100];
        Report("host: datagram in, datagram out", "M frames/s", 2e-6, 200_000, () =>
        {
            stack.Receive(eth, frames.Copy(question), now);
            mailbox.Receive(buffer, out var length, out var from);
            stack.Send(mailbox, buffer.AsSpan(0, length), from, now);
            var count = 0;
            while (stack.TryTakeFrame(out _, out var frame))
            {
                count++;
                frame.Release();
            }
            while (stack.TryTakeSignal(out _)) { }
            return count > 0 ? 1 : 0;
        });
    }

    // Eight machines on a hub; one sends, everybody hears, one answers.
    private static void Hub()
    {
        var kernel = new Kernel(1);
        var (machines, wires) = World(kernel, 8);
        var client = machines[0].Network;
        kernel.Start("m1", "echo", async () =>
        {
            using var server = machines[1].Network.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            server.Bind(new Endpoint(IpAddress.AnyV4, 7));
            var buffer = new byte[100];
            while (true)
            {
                var asked = await server.ReceiveFromAsync(buffer);
                await server.SendToAsync(buffer.AsMemory(0, asked.Length), asked.Remote);
            }
        }, RootKind.Service);
        const int Questions = 20_000;
        var best = new Best();
        for (var pass = 0; pass < Passes; pass++)
        {
            var before = wires.Sum(Delivered);
            best.Start();
            kernel.Run("m0", "ask", async () =>
            {
                using var socket = client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
                var buffer = new byte[100];
                for (var i = 0; i < Questions; i++)
                {
                    await socket.SendToAsync(buffer, new Endpoint(IpAddress.Parse("10.0.0.2"), 7));
                    await socket.ReceiveFromAsync(buffer);
                }
            });
            var deliveries = wires.Sum(Delivered) - before;
            best.Stop(deliveries, deliveries);
        }
        best.Print("world: deliveries over a hub with 8 machines", 1e-6, "M/s");
    }

    private static void Stream()
    {
        var kernel = new Kernel(2);
        var (machines, wires) = World(kernel, 2);
        const int Length = 64 << 20;
        var buffer = new byte[65_536];
        ReadOnlyMemory<byte> data = new byte[1 << 20];
        var best = new Best();
        for (var pass = 0; pass < Passes; pass++)
        {
            var port = (ushort)(80 + pass);
            var received = 0L;
            var sink = kernel.Start("m1", "sink", async () =>
            {
                using var listener = machines[1].Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
                listener.Bind(new Endpoint(IpAddress.AnyV4, port));
                listener.Listen(1);
                using var connection = await listener.AcceptAsync();
                for (int count; (count = await connection.ReceiveAsync(buffer)) > 0;) { received += count; }
            }, RootKind.Service);
            var frames = wires.Sum(Delivered);
            best.Start();
            kernel.Run("m0", "send", async () =>
            {
                using var socket = machines[0].Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
                await socket.ConnectAsync(new Endpoint(IpAddress.Parse("10.0.0.2"), port));
                for (var sent = 0; sent < Length;) { sent += await socket.SendAsync(data[..Math.Min(data.Length, Length - sent)]); }
                socket.Shutdown(SocketDirections.Send);
                await socket.ReceiveAsync(new byte[1]);
            });
            frames = wires.Sum(Delivered) - frames;
            best.Stop(Length, frames);
            if (!sink.HasEnded || received != Length) { throw new InvalidOperationException($"{received} of {Length} bytes came"); }
        }
        best.Print("world: TCP payload over one hub", 8e-9, "Gbit/s");
    }

    // The chapter's world built from its definition, one page fetched by its client; no names are asked.
    private static void Lab()
    {
        var definition = LabCatalog.Load("glasscom")!;
        var request = "GET / HTTP/1.1\r\nHost: www.lab.glasscom.com\r\nConnection: close\r\n\r\n"u8.ToArray();
        Report("lab: world built and page fetched", "/s", 1, 100, () =>
        {
            var world = LabWorld.Build(definition);
            return world.Run("fetch", async () =>
            {
                using var socket = world.Client.CreateSocket(IpVersion.V4, SocketKind.Stream);
                await socket.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 80));
                await socket.SendAsync(request);
                var (all, buffer) = (0, new byte[4_096]);
                for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { all += count; }
                return all > 100 ? 1 : 0;
            });
        });
    }

    private static (Machine[] Machines, Wire[] Wires) World(Kernel kernel, int count)
    {
        var frames = new FramePool();
        var hub = new Hub("hub");
        var machines = new Machine[count];
        var wires = new Wire[count];
        for (var i = 0; i < count; i++)
        {
            machines[i] = new Machine(kernel, $"m{i}", frames);
            wires[i] = new Wire(kernel, $"w{i}", new WireSettings { Latency = TimeSpan.FromMicroseconds(10) });
            machines[i].Plug(wires[i].A, new MacAddress(0x020000000001UL + (ulong)i), new InterfaceAddress(IpAddress.FromV4(0x0A000001 + (uint)i), 24));
            hub.Plug(wires[i].B);
        }
        return (machines, wires);
    }

    private static long Delivered(Wire wire) => wire.A.Delivered + wire.B.Delivered;

    private static byte[] TcpPacket(int size)
    {
        var packet = new byte[size];
        byte[] options = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
        options.CopyTo(packet, 40);
        TcpWriter.Seal(packet.AsSpan(20), 12, new TcpHeader(49_152, 80, 1, 2, 0x10, 1_000, 0), 0xC0000201, 0xC0000202);
        Ipv4Writer.Seal(packet, new Ipv4Header(0xC0000201, 0xC0000202, IpProtocol.Tcp));
        return packet;
    }

    private static void Report(string what, string unit, double scale, int count, Func<int> operation)
    {
        var best = double.MaxValue;
        long bytes = 0;
        for (var pass = -2; pass < Passes; pass++)
        {
            var done = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < count; i++) { done += operation(); }
            var elapsed = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (done != count) { throw new InvalidOperationException($"{what}: {done} of {count} were right"); }
            if (pass >= 0) { best = Math.Min(best, elapsed); }
        }
        Row(what, count / best * scale, unit, (double)bytes / count);
    }

    private static void Row(string what, double rate, string unit, double bytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {rate:F2} {unit} | {bytes:F1} |"));

    /// <summary>The best of some passes, by CPU time and by the clock: on a busy machine only the first says what the code costs.</summary>
    private sealed class Best
    {
        private double _byCpu;
        private double _byClock;
        private double _bytes = double.MaxValue;
        private TimeSpan _cpu;
        private long _clock;
        private long _allocated;

        public void Start()
        {
            _allocated = GC.GetAllocatedBytesForCurrentThread();
            _clock = Stopwatch.GetTimestamp();
            _cpu = Environment.CpuUsage.TotalTime;
        }

        /// <summary>A pass is over: so much was done, in so many frames.</summary>
        public void Stop(long amount, long frames)
        {
            _byCpu = Math.Max(_byCpu, amount / (Environment.CpuUsage.TotalTime - _cpu).TotalSeconds);
            _byClock = Math.Max(_byClock, amount / Stopwatch.GetElapsedTime(_clock).TotalSeconds);
            _bytes = Math.Min(_bytes, (double)(GC.GetAllocatedBytesForCurrentThread() - _allocated) / frames);
        }

        public void Print(string what, double scale, string unit) =>
            Row($"{what} (by the clock {(_byClock * scale).ToString("F2", CultureInfo.InvariantCulture)})", _byCpu * scale, unit, _bytes);
    }
}
