using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Telling;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Hosts;

/// <summary>Two subnets joined by a router: alice on the one, www on the other.</summary>
public class SimulatedInternetTests
{
    private const long Millisecond = 1_000_000;

    private static readonly Endpoint Web = new(IpAddress.Parse("203.0.113.80"), 80);

    private readonly Kernel _kernel = new(1);
    private readonly List<TraceEvent> _events = [];
    private readonly Internet _internet;
    private readonly SimulatedHost _alice;
    private readonly SimulatedHost _www;

    public SimulatedInternetTests()
    {
        _internet = new Internet(_kernel, new ListSink(_events));
        (_alice, _www) = Build(_internet);
    }

    [Fact]
    public void A_round_trip_takes_the_sum_of_the_links_there_and_back_and_the_first_one_the_questions_for_neighbours_too()
    {
        Serve(_www, 80, async socket => { var count = await socket.ReceiveAsync(new byte[100]); await socket.SendAsync(new byte[count]); });
        var times = _kernel.Run("alice", "ask", async () =>
        {
            using var socket = _alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            var connected = _kernel.Time.GetTimestamp();
            await socket.SendAsync("ping"u8.ToArray());
            await socket.ReceiveAsync(new byte[100]);
            return (connected, _kernel.Time.GetTimestamp());
        });
        // Links: alice 1 ms, router 0 and 0, www 3 ms, each way. Before the first packet, alice asks for the router (2 ms) and the router for www (6 ms) by ARP.
        Assert.Equal((16 * Millisecond, 24 * Millisecond), times);
    }

    [Fact]
    public void Descriptors_count_from_3_and_ports_are_drawn_from_the_seed()
    {
        static (int, int, ushort) Draw(ulong seed)
        {
            var kernel = new Kernel(seed);
            var (alice, _) = Build(new Internet(kernel));
            return kernel.Run("alice", "make sockets", () =>
            {
                var first = alice.CreateSocket(IpVersion.V4, SocketKind.Datagram);
                var second = alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
                first.Close();
                var third = alice.CreateSocket(IpVersion.V4, SocketKind.Datagram);
                third.Bind(new Endpoint(IpAddress.AnyV4, 0));
                return Task.FromResult((second.Descriptor, third.Descriptor, third.LocalEndpoint!.Value.Port));
            });
        }

        var (second, third, port) = Draw(1);
        Assert.Equal((4, 3), (second, third));
        Assert.InRange(port, 49152, 65535);
        Assert.Equal(port, Draw(1).Item3);
        Assert.NotEqual(port, Draw(2).Item3);
    }

    [Fact]
    public void A_host_has_so_many_descriptors_and_no_more()
    {
        var error = Assert.Throws<NetworkException>(() => _kernel.Run("alice", "hoard", () =>
        {
            for (var i = 3; i <= 1024; i++) { Assert.Equal(i, _alice.CreateSocket(IpVersion.V4, SocketKind.Datagram).Descriptor); }
            return Task.CompletedTask;
        }));
        Assert.Equal(Errno.EMFILE, error.Error);
    }

    [Fact]
    public void Where_nobody_listens_a_connection_is_refused_after_one_round_trip_and_the_questions_for_neighbours()
    {
        Assert.Equal((Errno.ECONNREFUSED, 16 * Millisecond), Connect(Web with { Port = 81 }));
    }

    [Fact]
    public void An_address_that_nobody_has_is_unreachable_when_the_router_has_asked_for_it()
    {
        var (error, at) = Connect(new Endpoint(IpAddress.Parse("203.0.113.99"), 80));
        Assert.Equal(Errno.EHOSTUNREACH, error);
        // Three questions of the router, a second each, for the SYNs sent at 0, 3 and 7 s: then it is believed.
        Assert.InRange(at, 10_000 * Millisecond, 10_010 * Millisecond);
        Assert.Contains(_events, told => told is FrameDropped { Host: "r1", Reason: FrameDropReason.NeighborUnreachable });
    }

    [Fact]
    public void A_network_that_no_router_knows_is_unreachable()
    {
        Assert.Equal((Errno.ENETUNREACH, 4 * Millisecond), Connect(new Endpoint(IpAddress.Parse("198.18.0.1"), 80)));
    }

    [Fact]
    public void Without_a_gateway_the_own_stack_says_so_at_once()
    {
        _alice.Gateways.Clear();
        Assert.Equal((Errno.ENETUNREACH, 0), Connect(Web));
    }

    [Fact]
    public void A_silent_server_ends_connect_with_ETIMEDOUT_after_three_minutes()
    {
        _internet.Faults.Add(new SilentFault(_www));
        // RFC 9293 section 3.8.3: R2 of a SYN is at least three minutes. Tries after 0, 1, 3, 7, 15, 31, 63 and 127 seconds.
        Assert.Equal((Errno.ETIMEDOUT, 180_000 * Millisecond), Connect(Web));
        Assert.Equal(8, _events.OfType<FrameLost>().Count(lost => lost.Reason == FrameDropReason.Silenced));
    }

    [Fact]
    public void A_host_that_is_switched_off_is_silent_and_back_again_answers()
    {
        Serve(_www, 80, _ => Task.CompletedTask);
        _internet.Faults.Add(new CrashFault(_www) { Until = _kernel.Now + TimeSpan.FromSeconds(2) });
        // The router asks for it three times, a second apart; the question that goes out at 2.003 s is answered, and what waited for it is sent on.
        Assert.InRange(Connect(Web) is (Errno.None, var at) ? at : 0, 2_008 * Millisecond, 2_020 * Millisecond);
    }

    [Fact]
    public void A_refusing_service_refuses_streams_and_datagrams()
    {
        Serve(_www, 80, _ => Task.CompletedTask);
        _internet.Faults.Add(new RefuseFault(_www, 80));
        Assert.Equal((Errno.ECONNREFUSED, 16 * Millisecond), Connect(Web));
        var error = Assert.Throws<NetworkException>(() => _kernel.Run("alice", "ask", async () =>
        {
            using var mailbox = _alice.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            await mailbox.ConnectAsync(Web);
            await mailbox.SendAsync(new byte[1]);
            await mailbox.ReceiveAsync(new byte[1]);
        }));
        Assert.Equal(Errno.ECONNREFUSED, error.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_service_that_breaks_in_the_middle_gives_its_first_bytes_and_then_a_reset_or_an_end(bool byReset)
    {
        _internet.Faults.Add(new BreakFault(_www, 80, 5_000, byReset));
        Serve(_www, 80, async socket => { for (ReadOnlyMemory<byte> left = new byte[20_000]; left.Length > 0;) { left = left[await socket.SendAsync(left)..]; } });
        var (received, error) = _kernel.Run("alice", "read", async () =>
        {
            using var socket = _alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            var sum = 0;
            try
            {
                for (int count; (count = await socket.ReceiveAsync(new byte[1000])) > 0;) { sum += count; }
                return (sum, Errno.None);
            }
            catch (NetworkException failure) { return (sum, failure.Error); }
        });
        Assert.Equal((5_000, byReset ? Errno.ECONNRESET : Errno.None), (received, error));
    }

    [Fact]
    public void A_stream_over_a_lossy_link_loses_nothing_and_a_mailbox_does()
    {
        foreach (var host in new[] { _alice, _www }) { host.Plugs[0].Wire.A.Settings = host.Plugs[0].Wire.A.Settings with { LossMillionths = 100_000, Jitter = TimeSpan.FromMilliseconds(1) }; }
        var data = new byte[200_000];
        new RandomStream(3, "data").Fill(data);
        Serve(_www, 80, async socket => { for (ReadOnlyMemory<byte> left = data; left.Length > 0;) { left = left[await socket.SendAsync(left)..]; } });
        var received = _kernel.Run("alice", "read", async () =>
        {
            using var socket = _alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            var all = new MemoryStream();
            var buffer = new byte[3000];
            for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
            return all.ToArray();
        });
        Assert.True(data.AsSpan().SequenceEqual(received));
        Assert.Contains(_events, told => told is FrameLost { Link: "alice-lan", From: "alice-lan/alice", Reason: FrameDropReason.Chance });

        var arrived = _kernel.Run("alice", "send", async () =>
        {
            using var mailbox = _www.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            mailbox.Bind(new Endpoint(Web.Address, 53));
            mailbox.SetOption(SocketOption.ReceiveBuffer, 1 << 20);
            using var sender = _alice.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            for (var i = 0; i < 1000; i++) { await sender.SendToAsync(new byte[1], new Endpoint(Web.Address, 53)); }
            await _kernel.Delay(100 * Millisecond);
            var count = 0;
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1), _kernel.Time);
            try { while (true) { await mailbox.ReceiveFromAsync(new byte[1], enough.Token); count++; } }
            catch (OperationCanceledException) { return count; }
        });
        Assert.InRange(arrived, 860, 940);
    }

    [Fact]
    public void A_partition_lasts_as_long_as_it_says_and_streams_survive_it()
    {
        Serve(_www, 80, async socket => { await socket.ReceiveAsync(new byte[1]); await socket.SendAsync(new byte[1]); });
        _internet.Faults.Add(new PartitionFault([_alice], [_www]) { From = _kernel.Now.PlusNanoseconds(500 * Millisecond), Until = _kernel.Now.PlusNanoseconds(3_000 * Millisecond) });
        var end = _kernel.Run("alice", "ask", async () =>
        {
            using var socket = _alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            await _kernel.Delay(1_000 * Millisecond);
            await socket.SendAsync(new byte[1]);
            await socket.ReceiveAsync(new byte[1]);
            return _kernel.Time.GetTimestamp();
        });
        // Sent at 1.016 s, repeated at 2.016 (lost) and 4.016, answered 8 ms later.
        Assert.Equal(4_024 * Millisecond, end);
    }

    [Fact]
    public void Connections_and_descriptors_are_gone_when_both_sides_have_closed()
    {
        Serve(_www, 80, async socket => { await socket.ReceiveAsync(new byte[1]); });
        for (var i = 0; i < 50; i++) { Assert.Equal(Errno.None, Connect(Web).Error); }
        _kernel.RunUntil(_kernel.Now + TimeSpan.FromMinutes(5));
        Assert.Equal((0, 0), (_alice.Machine.Stack.Connections.Count(), _alice.Machine.Network.Sockets.Count()));
        Assert.Equal((0, 1), (_www.Machine.Stack.Connections.Count(), _www.Machine.Network.Sockets.Count()));
        Assert.Equal(0, _internet.Frames.Outstanding);
    }

    [Fact]
    public void A_program_that_waits_for_bytes_that_nobody_sends_is_a_stall_with_the_call()
    {
        Serve(_www, 80, async socket => await new TaskCompletionSource().Task);
        var error = Assert.Throws<StalledException>(() => _kernel.Run("alice", "read the page", async () =>
        {
            using var socket = _alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            await socket.ReceiveAsync(new byte[1]);
        }));
        Assert.Equal(
            "nothing more will happen in it, and 'read the page' on alice has not ended: it waits in alice: receive(3) 203.0.113.80:80, and nobody else is in the middle of a call",
            Languages.English.Labs.SimulationFailure(error).ToString());
        Assert.Equal(["alice", "www"], error.Waits.Select(static wait => wait.Host));
    }

    [Fact]
    public void Both_sides_that_wait_for_each_other_are_named()
    {
        Serve(_www, 80, async socket => await socket.ReceiveAsync(new byte[1]));
        var error = Assert.Throws<StalledException>(() => _kernel.Run("alice", "read the page", async () =>
        {
            using var socket = _alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            await socket.ReceiveAsync(new byte[1]);
        }));
        Assert.Contains(
            "it waits in alice: receive(3) 203.0.113.80:80, while others wait in www: receive(", Languages.English.Labs.SimulationFailure(error).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_call_from_outside_the_pump_is_caught()
    {
        Assert.Throws<ForeignEntryException>(() => _alice.CreateSocket(IpVersion.V4, SocketKind.Datagram));
        Assert.Equal(1, _kernel.ForeignEntries);
    }

    [Fact]
    public void An_internet_with_loss_and_jitter_gives_one_trace_a_seed()
    {
        static void World(Kernel kernel)
        {
            var (alice, www) = Build(new Internet(kernel));
            alice.Plugs[0].Wire.A.Settings = new WireSettings(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), 50_000);
            Serve(www, 80, async socket => { for (int count; (count = await socket.ReceiveAsync(new byte[500])) > 0;) { await socket.SendAsync(new byte[count]); } });
            kernel.Run("alice", "talk", async () =>
            {
                using var socket = alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
                await socket.ConnectAsync(Web);
                for (var i = 1; i < 100; i++)
                {
                    var data = new byte[i * 10];
                    alice.Random.Fill(data);
                    for (var sent = 0; sent < data.Length;) { sent += await socket.SendAsync(data.AsMemory(sent)); }
                    for (var back = 0; back < data.Length;) { back += await socket.ReceiveAsync(data.AsMemory(back)); }
                }
            });
        }

        Assert.NotEqual(Determinism.Prove(11, World), Determinism.Prove(12, World));
    }

    [Fact]
    public void Two_hosts_cannot_have_one_address()
    {
        var other = _internet.AddHost("other");
        Assert.Throws<ArgumentException>(() => other.Attach(_internet.Subnets[0], [IpAddress.Parse("10.1.0.2")], default));
    }

    [Fact]
    public void A_host_hears_addresses_that_its_subnet_does_not_contain_when_they_are_announced()
    {
        var root = _internet.AddHost("root");
        var address = IpAddress.Parse("198.41.0.4");
        root.Attach(_internet.Subnets[1], [IpAddress.Parse("203.0.113.53"), address], new WireSettings(TimeSpan.FromMilliseconds(1)));
        root.Gateways.Add(IpAddress.Parse("203.0.113.1"));
        Serve(root, 80, _ => Task.CompletedTask);
        Assert.Equal((Errno.None, 8 * Millisecond), Connect(new Endpoint(address, 80)));
    }

    private static (SimulatedHost Alice, SimulatedHost Www) Build(Internet internet)
    {
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.1.0.0/24"));
        var wan = internet.AddSubnet("wan", IpPrefix.Parse("203.0.113.0/24"));
        var router = internet.AddRouter("r1");
        router.Attach(lan, [IpAddress.Parse("10.1.0.1")], default);
        router.Attach(wan, [IpAddress.Parse("203.0.113.1")], default);
        var alice = internet.AddHost("alice");
        alice.Attach(lan, [IpAddress.Parse("10.1.0.2")], new WireSettings(TimeSpan.FromMilliseconds(1)));
        alice.Gateways.Add(IpAddress.Parse("10.1.0.1"));
        var www = internet.AddHost("www");
        www.Attach(wan, [Web.Address], new WireSettings(TimeSpan.FromMilliseconds(3)));
        www.Gateways.Add(IpAddress.Parse("203.0.113.1"));
        return (alice, www);
    }

    private static void Serve(SimulatedHost host, ushort port, Func<ISocket, Task> answer) => host.StartService($"serve {port}", async () =>
    {
        using var listener = host.CreateSocket(IpVersion.V4, SocketKind.Stream);
        listener.Bind(new Endpoint(IpAddress.AnyV4, port));
        listener.Listen(16);
        while (true) { _ = Answer(await listener.AcceptAsync()); }

        async Task Answer(ISocket socket)
        {
            using (socket)
            {
                try { await answer(socket); }
                catch (NetworkException) { /* The test looks at the client's side. */ }
            }
        }
    });

    private (Errno Error, long At) Connect(Endpoint remote) => _kernel.Run("alice", "connect", async () =>
    {
        using var socket = _alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
        try { await socket.ConnectAsync(remote); }
        catch (NetworkException failure) { return (failure.Error, _kernel.Time.GetTimestamp()); }
        return (Errno.None, _kernel.Time.GetTimestamp());
    });

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}
