using System.Security.Cryptography;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tests.Captures;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Elements;

/// <summary>Wires, hubs, switches and machines with our own stack.</summary>
public class FrameWorldTests
{
    private static readonly Endpoint Web = new(IpAddress.Parse("10.2.0.80"), 80);

    private readonly FramePool _frames = new();

    [Fact]
    public void A_wire_takes_its_latency_and_the_time_of_sending()
    {
        var kernel = new Kernel(1);
        var wire = new Wire(kernel, "w", new WireSettings { Latency = TimeSpan.FromMilliseconds(5), BitsPerSecond = 8_000_000 });
        var port = new Listening(kernel);
        wire.B.Port = port;
        Send(kernel, wire.A, 1_000, 500);
        // 1,000 bytes take a millisecond at 1 MB/s; the second frame waits for the first.
        Assert.Equal([(6_000_000L, 1_000), (6_500_000L, 500)], port.Arrivals);
        Assert.Equal(0, _frames.Outstanding);
    }

    [Fact]
    public void A_full_queue_drops_the_tail()
    {
        var kernel = new Kernel(1);
        var wire = new Wire(kernel, "w", new WireSettings { BitsPerSecond = 8_000_000, QueueBytes = 2_500 });
        var tap = new CountingTap();
        wire.Tap = tap;
        var port = new Listening(kernel);
        wire.B.Port = port;
        Send(kernel, wire.A, 1_000, 1_000, 1_000, 1_000);
        Assert.Equal(2, port.Arrivals.Count);
        Assert.Equal([FrameDropReason.QueueFull, FrameDropReason.QueueFull], tap.Losses);
        Assert.Equal(0, _frames.Outstanding);
    }

    [Fact]
    public void What_is_too_long_or_has_no_way_is_lost_with_the_reason()
    {
        var kernel = new Kernel(1);
        var wire = new Wire(kernel, "w", new WireSettings { Latency = TimeSpan.FromSeconds(1) });
        var tap = new CountingTap();
        wire.Tap = tap;
        Send(kernel, wire.A, 10);
        wire.B.Port = new Listening(kernel);
        Send(kernel, wire.A, 1_515);
        wire.IsUp = false;
        Send(kernel, wire.A, 10);
        wire.IsUp = true;
        kernel.Setup(() => { wire.A.Send(_frames.Rent(10)); return 0; });
        wire.A.IsUp = false;
        kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(2));
        Assert.Equal([FrameDropReason.Unplugged, FrameDropReason.TooBig, FrameDropReason.LinkDown, FrameDropReason.LinkDown], tap.Losses);
        Assert.Equal(0, _frames.Outstanding);
    }

    [Fact]
    public void Chance_loses_doubles_delays_and_damages_about_as_often_as_it_is_told()
    {
        var kernel = new Kernel(7);
        var wire = new Wire(kernel, "w", new WireSettings
        {
            Latency = TimeSpan.FromMilliseconds(1),
            LossMillionths = 100_000,
            DuplicateMillionths = 50_000,
            ReorderMillionths = 50_000,
            ReorderDelay = TimeSpan.FromMicroseconds(10),
            CorruptMillionths = 20_000,
        });
        var port = new Listening(kernel);
        wire.B.Port = port;
        const int Sent = 20_000;
        for (var i = 0; i < Sent; i++)
        {
            kernel.Setup(() =>
            {
                var frame = _frames.Rent(60);
                frame.Span.Clear();
                BitConverter.TryWriteBytes(frame.Span, i);
                BitConverter.TryWriteBytes(frame.Span[4..], i);
                wire.A.Send(frame);
                return 0;
            });
            kernel.RunUntil(kernel.Now + TimeSpan.FromMicroseconds(1));
        }
        kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(1));
        Assert.InRange(wire.A.Lost, Sent * 0.09, Sent * 0.11);
        Assert.InRange(port.Arrivals.Count, Sent * 0.9 * 1.04, Sent * 0.9 * 1.06);
        Assert.InRange(port.Overtaken, Sent * 0.9 * 0.04, Sent * 0.9 * 0.08);
        Assert.InRange(port.Damaged, Sent * 0.9 * 0.015, Sent * 0.9 * 0.025);
        Assert.Equal(0, _frames.Outstanding);
    }

    [Fact]
    public void A_hub_repeats_to_everybody_and_a_switch_only_to_whom_it_concerns()
    {
        var kernel = new Kernel(1);
        var events = new List<TraceEvent>();
        var (hub, bridge) = (new Hub("hub"), new Switch(kernel, "switch"));
        var machines = new Machine[6];
        for (var i = 0; i < 6; i++)
        {
            machines[i] = new Machine(kernel, $"m{i}", _frames, sink: new ListSink(events));
            var wire = new Wire(kernel, $"w{i}", new WireSettings { Latency = TimeSpan.FromMicroseconds(10) });
            machines[i].Plug(wire.A, new MacAddress(0x020000000010UL + (ulong)i), new InterfaceAddress(IpAddress.FromV4(0x0A000001 + (uint)i), 24));
            if (i < 3) { hub.Plug(wire.B); } else { bridge.Plug(wire.B); }
        }
        Ping(kernel, machines[0], "10.0.0.2");
        var overheard = Assert.IsType<FrameDropped>(Assert.Single(events, told => told is FrameDropped { Host: "m2", Reason: FrameDropReason.NotForThisStation, Source.IsV4: true, Length: > 42 } dropped && dropped.Source.ToString() == "10.0.0.1"));
        Assert.Equal("10.0.0.2", overheard.Destination.ToString());
        events.Clear();
        Ping(kernel, machines[3], "10.0.0.5");
        Assert.DoesNotContain(events, told => told is FrameDropped { Host: "m5" });
        Assert.Equal((1L, 0), (bridge.Flooded, bridge.PortOf(new MacAddress(0x020000000013))));
        Assert.True(bridge.Forwarded >= 3);
        // The machines confirm their neighbours once more, some seconds later; then there is silence.
        kernel.RunUntil(kernel.Now + Switch.Ageing + TimeSpan.FromSeconds(10));
        Assert.Equal(-1, bridge.PortOf(new MacAddress(0x020000000013)));
    }

    [Fact]
    public void A_download_over_a_bad_link_arrives_whole()
    {
        var (received, _) = Download(seed: 5, new WireSettings
        {
            Latency = TimeSpan.FromMilliseconds(3),
            Jitter = TimeSpan.FromMilliseconds(1),
            LossMillionths = 10_000,
            ReorderMillionths = 50_000,
            ReorderDelay = TimeSpan.FromMilliseconds(4),
            DuplicateMillionths = 10_000,
            CorruptMillionths = 5_000,
        }, 2 << 20);
        Assert.True(Numbered(2 << 20).AsSpan().SequenceEqual(received));
    }

    // Where four frames of a hundred are lost on each of four links, two are damaged, and neither ARP nor the handshake is spared. 93, 149 and
    // 276 lose three ARP requests in a row; in the others an acknowledgment of a repetition was once taken for a round trip of minutes.
    [Theory]
    [InlineData(1, 12)]
    [InlineData(59, 1)]
    [InlineData(90, 10)]
    [InlineData(122, 1)]
    [InlineData(149, 1)]
    [InlineData(184, 3)]
    [InlineData(188, 4)]
    [InlineData(276, 1)]
    public void A_download_over_a_terrible_link_ends_in_reasonable_time(ulong firstSeed, int seeds)
    {
        for (var seed = firstSeed; seed < firstSeed + (ulong)seeds; seed++)
        {
            var (received, took) = TerribleDownload(seed);
            Assert.True(Numbered(100_000).AsSpan().SequenceEqual(received), $"seed {seed}");
            Assert.True(took < TimeSpan.FromMinutes(3), $"seed {seed}: {took}");
        }
    }

    // Where a repetition has four chances of ten to fail and each waits twice as long as the one before, a few take minutes by chance alone.
    [Fact]
    public void Of_many_downloads_over_a_terrible_link_most_take_seconds_and_very_few_minutes()
    {
        var took = Enumerable.Range(1, 200).Select(static seed => TerribleDownload((ulong)seed).Took).Order().ToArray();
        Assert.InRange(took[took.Length / 2], TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(3));
        Assert.InRange(took[took.Length * 9 / 10], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15));
        Assert.InRange(took.Count(static one => one > TimeSpan.FromMinutes(3)), 0, 3);
    }

    // Whole by its length: of some thousand damaged frames one gets past a checksum of 16 bits (seed 144).
    private static (byte[] Received, TimeSpan Took) TerribleDownload(ulong seed)
    {
        var took = TimeSpan.Zero;
        var (received, _) = Download(seed, new WireSettings
        {
            Latency = TimeSpan.FromMilliseconds(3),
            Jitter = TimeSpan.FromMilliseconds(1),
            LossMillionths = 40_000,
            ReorderMillionths = 50_000,
            ReorderDelay = TimeSpan.FromMilliseconds(4),
            DuplicateMillionths = 40_000,
            CorruptMillionths = 20_000,
        }, 100_000, at => took = at);
        Assert.Equal(100_000, received.Length);
        return (received, took);
    }

    [Fact]
    public void The_same_seed_gives_the_same_capture_and_another_seed_another()
    {
        var settings = new WireSettings { Latency = TimeSpan.FromMilliseconds(3), LossMillionths = 20_000 };
        var first = SHA256.HashData(Download(1, settings, 50_000).Capture);
        Assert.Equal(first, SHA256.HashData(Download(1, settings, 50_000).Capture));
        Assert.NotEqual(first, SHA256.HashData(Download(2, settings, 50_000).Capture));
    }

    [Fact]
    public void A_world_that_waits_for_ever_names_the_socket_call()
    {
        var kernel = new Kernel(1);
        var machine = new Machine(kernel, "alice", _frames);
        var stalled = Assert.Throws<StalledException>(() => kernel.Run("alice", "wait", async () =>
        {
            using var mailbox = machine.Network.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            await mailbox.ReceiveFromAsync(new byte[1]);
        }));
        Assert.Contains("alice: receive(3)", stalled.Message, StringComparison.Ordinal);
    }

    /// <summary>alice — hub — router — switch — www; www sends, alice reads.</summary>
    internal static (byte[] Received, byte[] Capture) Download(ulong seed, WireSettings settings, int length, Action<TimeSpan>? ended = null)
    {
        var kernel = new Kernel(seed);
        var frames = new FramePool();
        var output = new MemoryStream();
        var tap = new CaptureTap(kernel, output, $"seed {seed}");
        var (hub, bridge) = (new Hub("lan"), new Switch(kernel, "wan"));
        var router = new Machine(kernel, "r1", frames, new HostSettings { IsRouter = true });
        var alice = new Machine(kernel, "alice", frames);
        var www = new Machine(kernel, "www", frames);
        Wire Cable(string name)
        {
            var wire = new Wire(kernel, name, settings);
            tap.Watch(wire);
            return wire;
        }
        var cables = (ReadOnlySpan<Wire>)[Cable("alice-lan"), Cable("r1-lan"), Cable("r1-wan"), Cable("www-wan")];
        alice.Stack.AddDefaultRoute(alice.Plug(cables[0].A, new MacAddress(0x020000000001), InterfaceAddress.Parse("10.1.0.2/24")), IpAddress.Parse("10.1.0.1"));
        hub.Plug(cables[0].B);
        router.Plug(cables[1].A, new MacAddress(0x020000000002), InterfaceAddress.Parse("10.1.0.1/24"));
        hub.Plug(cables[1].B);
        router.Plug(cables[2].A, new MacAddress(0x020000000003), InterfaceAddress.Parse("10.2.0.1/24"));
        bridge.Plug(cables[2].B);
        www.Stack.AddDefaultRoute(www.Plug(cables[3].A, new MacAddress(0x020000000004), InterfaceAddress.Parse("10.2.0.80/24")), IpAddress.Parse("10.2.0.1"));
        bridge.Plug(cables[3].B);
        kernel.Start("www", "serve", async () =>
        {
            using var listener = www.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            listener.Bind(Web);
            listener.Listen(4);
            using var connection = await listener.AcceptAsync();
            for (ReadOnlyMemory<byte> rest = Numbered(length); rest.Length > 0;) { rest = rest[await connection.SendAsync(rest)..]; }
        }, RootKind.Service);
        var received = kernel.Run("alice", "download", async () =>
        {
            using var socket = alice.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            var all = new MemoryStream();
            var buffer = new byte[30_000];
            for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
            return all.ToArray();
        });
        ended?.Invoke(kernel.Now - Instant.SimulationEpoch);
        kernel.RunUntil(kernel.Now + TimeSpan.FromMinutes(30));
        tap.Dispose();
        Assert.Equal(0, frames.Outstanding);
        // What the wire damaged must look damaged; nothing else may.
        if (settings.CorruptMillionths == 0 && length < 1 << 20) { Tshark.AssertClean(output.ToArray()); }
        return (received, output.ToArray());
    }

    private static void Ping(Kernel kernel, Machine from, string to)
    {
        var ping = from.Stack.OpenPing(IpVersion.V4);
        kernel.Setup(() =>
        {
            Assert.Equal(Errno.None, from.Stack.SendEcho(ping, IpAddress.Parse(to), 1, new byte[56], 0, kernel.Now));
            from.Network.Flush();
            return 0;
        });
        kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(1));
        Assert.True(ping.TryTake(out var answer) && answer.IsReply);
    }

    private static byte[] Numbered(int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at + 4 <= length; at += 4) { BitConverter.TryWriteBytes(bytes.AsSpan(at), at); }
        return bytes;
    }

    private void Send(Kernel kernel, WireEnd end, params int[] lengths)
    {
        kernel.Setup(() =>
        {
            foreach (var length in lengths) { end.Send(_frames.Rent(length)); }
            return 0;
        });
        kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(10));
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }

    private sealed class Listening(Kernel kernel) : IFramePort
    {
        private int _last = -1;

        public List<(long At, int Length)> Arrivals { get; } = [];

        public int Overtaken { get; private set; }

        public int Damaged { get; private set; }

        public void Receive(Frame frame)
        {
            Arrivals.Add((kernel.Now.Nanoseconds - Instant.SimulationEpoch.Nanoseconds, frame.Length));
            if (frame.Length < 8) { frame.Release(); return; }
            var number = BitConverter.ToInt32(frame.Span);
            if (frame.Span[8..].ContainsAnyExcept((byte)0) || number != BitConverter.ToInt32(frame.Span[4..])) { Damaged++; }
            else
            {
                if (number < _last) { Overtaken++; }
                _last = Math.Max(_last, number);
            }
            frame.Release();
        }
    }

    private sealed class CountingTap : IFrameTap
    {
        public List<FrameDropReason> Losses { get; } = [];

        public void OnSent(WireEnd from, Frame frame) { }

        public void OnReceived(WireEnd at, Frame frame) { }

        public void OnLost(WireEnd from, Frame frame, FrameDropReason reason) => Losses.Add(reason);
    }
}
