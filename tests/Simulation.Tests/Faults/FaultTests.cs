using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Faults;

/// <summary>What goes wrong at set times: alice and bob on a switch, a router, www behind it. Every cable takes a millisecond.</summary>
public class FaultTests
{
    private static readonly Endpoint Web = new(IpAddress.Parse("203.0.113.80"), 80);

    private readonly World _world = new(1);

    [Fact]
    public void A_clogged_cable_holds_everything_and_lets_go_in_order_when_it_is_over()
    {
        _world.Echo();
        var wire = _world.Www.Plugs[0].Wire;
        _world.Faults.Add(new ClogFault(wire, wire.B) { From = At(1), Until = At(5) });
        var answered = _world.Run(async socket =>
        {
            await _world.Until(2);
            for (byte i = 0; i < 10; i++)
            {
                await socket.SendAsync(new[] { i });
                await Task.Delay(TimeSpan.FromMilliseconds(10), _world.Alice.Time);
            }
            var received = await ReadExactly(socket, 10);
            return (Bytes: received, At: _world.Seconds);
        });
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => (byte)i), answered.Bytes);
        Assert.InRange(answered.At, 5.0, 5.1);
        Assert.Empty(_world.Told<FrameLost>());
    }

    [Fact]
    public void A_clog_that_never_ends_is_over_when_it_is_taken_away_and_holds_so_much_and_no_more()
    {
        var wire = _world.Alice.Plugs[0].Wire;
        var clog = new ClogFault(wire);
        _world.Faults.Add(clog);
        _world.Kernel.Setup(() =>
        {
            for (var i = 0; i < WireEnd.MaxHeld + 5; i++) { wire.A.Send(_world.Internet.Frames.Rent(60)); }
            return 0;
        });
        _world.Kernel.RunUntil(At(100));
        Assert.Equal((0, 5), (wire.A.Delivered, wire.A.Lost));
        Assert.True(_world.Faults.Remove(clog));
        Assert.Equal(WireEnd.MaxHeld, wire.A.Delivered);
        Assert.False(_world.Faults.Remove(clog));
    }

    [Fact]
    public void A_link_that_is_down_in_one_direction_for_a_while_loses_what_goes_there()
    {
        _world.Echo();
        var wire = _world.Alice.Plugs[0].Wire;
        _world.Faults.Add(new LinkDownFault(wire, wire.A) { From = At(1), Until = At(3) });
        var answered = _world.Run(async socket =>
        {
            await _world.Until(1.5);
            await socket.SendAsync(new byte[1]);
            await ReadExactly(socket, 1);
            return _world.Seconds;
        });
        // Sent at 1.5 s, again about a second later; the try after three seconds gets through.
        Assert.InRange(answered, 4.4, 4.7);
        Assert.All(_world.Told<FrameLost>(), lost => Assert.Equal(("alice-lan", "alice-lan/alice", FrameDropReason.LinkDown), (lost.Link, lost.From, lost.Reason)));
        Assert.NotEmpty(_world.Told<FrameLost>());
    }

    [Fact]
    public void Faults_of_one_cable_overlap_and_leave_it_as_it_was()
    {
        var wire = _world.Www.Plugs[0].Wire;
        var lossy = wire.A.Settings with { LossMillionths = 1_000_000 };
        _world.Faults.Add(new ImpairmentFault(wire, lossy) { From = At(1), Until = At(4) });
        _world.Faults.Add(new LinkDownFault(wire) { From = At(2), Until = At(3) });
        var seen = new List<string>();
        for (var second = 0; second < 5; second++)
        {
            _world.Kernel.RunUntil(At(second));
            _world.Kernel.Setup(() => { wire.A.Send(_world.Internet.Frames.Rent(60)); return 0; });
            _world.Kernel.RunUntil(At(second + 0.5));
            seen.Add(_world.Told<FrameLost>().LastOrDefault() is { } lost && lost.At >= At(second) ? lost.Reason.ToString() : "arrived");
        }
        Assert.Equal(["arrived", "Chance", "LinkDown", "Chance", "arrived"], seen);
        Assert.Equal(
            ["impair www-wan True 1", "cut www-wan True 2", "cut www-wan False 3", "impair www-wan False 4"],
            _world.Told<FaultChanged>().Select(static told => $"{told.Fault} {told.Place} {told.IsActing} {(told.At - Instant.SimulationEpoch).TotalSeconds}"));
    }

    [Fact]
    public void A_host_that_crashes_forgets_its_connections_and_neighbours_and_answers_old_ones_with_a_reset_when_it_is_back()
    {
        var served = new List<Errno>();
        _world.Serve(async socket =>
        {
            try { await ReadExactly(socket, 1_000); }
            catch (NetworkException failure) { served.Add(failure.Error); }
        });
        _world.Faults.Add(new CrashFault(_world.Www) { From = At(1), Until = At(2) });
        var (error, at) = _world.Run(async socket =>
        {
            await socket.SendAsync(new byte[1]);
            await _world.Until(1.5);
            Assert.False(_world.Www.IsUp);
            Assert.Empty(_world.Www.Machine.Stack.Connections);
            Assert.Empty(_world.Www.Machine.Stack.Neighbors);
            await _world.Until(3);
            await socket.SendAsync(new byte[1]);
            try { await socket.ReceiveAsync(new byte[1]); }
            catch (NetworkException failure) { return (failure.Error, _world.Seconds); }
            return (Errno.None, 0);
        });
        Assert.Equal(Errno.ECONNRESET, error);
        Assert.Equal([Errno.ENETDOWN], served);
        Assert.InRange(at, 3.0, 3.1);
        // Its services listen again.
        Assert.True(_world.Run(static _ => Task.FromResult(true)));
    }

    [Fact]
    public void A_program_of_a_crashed_host_reaches_nobody_and_is_told_so()
    {
        _world.Echo();
        _world.Faults.Add(new CrashFault(_world.Alice) { From = At(1), Until = At(2) });
        var errors = _world.Kernel.Run("alice", "try", async () =>
        {
            var seen = new List<Errno>();
            using var open = _world.Alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await open.ConnectAsync(Web);
            try { await open.ReceiveAsync(new byte[1]); }
            catch (NetworkException failure) { seen.Add(failure.Error); }
            using var next = _world.Alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            try { await next.ConnectAsync(Web); }
            catch (NetworkException failure) { seen.Add(failure.Error); }
            await _world.Until(2.5);
            await next.ConnectAsync(Web);
            return seen;
        });
        Assert.Equal([Errno.ENETDOWN, Errno.ENETDOWN], errors);
    }

    [Fact]
    public void A_stream_survives_the_crash_of_a_router_and_a_lease_is_asked_for_again()
    {
        _world.Echo();
        var client = _world.Kernel.Setup(() =>
        {
            var machine = _world.Bob.Machine;
            var client = new DhcpClient(_world.Bob.Plugs[0].Interface);
            machine.Stack.Start(client, machine.Clock.Now);
            machine.Network.Flush();
            return client;
        });
        _world.Faults.Add(new CrashFault(_world.Router) { From = At(1), Until = At(4) });
        _world.Faults.Add(new CrashFault(_world.Bob) { From = At(1), Until = At(100) });
        _world.Run(async socket =>
        {
            await _world.Until(2);
            await socket.SendAsync(new byte[10]);
            return await ReadExactly(socket, 10);
        });
        Assert.Contains(_world.Told<FrameLost>(), static lost => lost is { Link: "r1-lan", Reason: FrameDropReason.HostDown });
        var asked = _world.Bob.Plugs[0].Wire.A.Delivered;
        _world.Kernel.RunUntil(At(99));
        Assert.Equal(asked, _world.Bob.Plugs[0].Wire.A.Delivered);
        _world.Kernel.RunUntil(At(101));
        Assert.Equal((asked + 1, DhcpState.Selecting), (_world.Bob.Plugs[0].Wire.A.Delivered, client.State));
    }

    [Fact]
    public void A_partition_cuts_neighbours_too_and_a_one_sided_one_only_the_one_way()
    {
        var apart = new PartitionFault([_world.Alice], [_world.Bob], OneSided: true);
        _world.Faults.Add(apart);
        Assert.False(_world.Ping(_world.Alice, "10.1.0.3"));
        Assert.Contains(_world.Told<FrameLost>(), static lost => lost is { Link: "bob-lan", From: "bob-lan/lan", Reason: FrameDropReason.Partitioned });
        // What bob asks arrives; the answer does not.
        _world.Events.Clear();
        Assert.False(_world.Ping(_world.Bob, "10.1.0.2"));
        Assert.DoesNotContain(_world.Told<FrameLost>(), static lost => lost.Link == "alice-lan");
        Assert.True(_world.Ping(_world.Alice, "203.0.113.80"));
        _world.Faults.Remove(apart);
        Assert.True(_world.Ping(_world.Alice, "10.1.0.3"));
    }

    [Fact]
    public void A_partition_from_a_router_cuts_everything_that_it_passes_on()
    {
        _world.Faults.Add(new PartitionFault([_world.Alice], [_world.Router]));
        Assert.False(_world.Ping(_world.Alice, "203.0.113.80"));
        Assert.True(_world.Ping(_world.Bob, "203.0.113.80"));
    }

    [Theory]
    [InlineData(50_000)]
    [InlineData(-50_000)]
    [InlineData(37)]
    public void A_skewed_clock_shows_another_time_and_its_timers_run_by_it(int drift)
    {
        _world.Faults.Add(new SkewFault(_world.Alice, TimeSpan.FromHours(-1), drift) { From = At(10), Until = At(30) });
        var (begun, woken, calendar, end) = _world.Kernel.Run("alice", "sleep", async () =>
        {
            await _world.Until(9);
            // A second before the clock goes wrong, a timer for eleven seconds of this clock.
            var sleeping = Task.Delay(TimeSpan.FromSeconds(11), _world.Alice.Time);
            var begun = _world.Alice.Time.GetTimestamp();
            await sleeping;
            var woken = (_world.Alice.Time.GetTimestamp(), _world.Seconds);
            await _world.Until(29);
            var calendar = _world.Alice.Time.GetUtcNow();
            await _world.Until(31);
            return (begun, woken, calendar, _world.Alice.Time.GetUtcNow());
        });
        var rate = 1 + drift / 1e6;
        Assert.Equal(11.0, (woken.Item1 - begun) / 1e9, 6);
        Assert.Equal(10 + 10 / rate, woken.Seconds, 6);
        Assert.Equal(At(10).ToDateTimeOffset() - TimeSpan.FromHours(1) + TimeSpan.FromSeconds(19 * rate), calendar, TimeSpan.FromMicroseconds(1));
        Assert.Equal(At(31).ToDateTimeOffset(), end, TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public void Retransmissions_run_by_the_hosts_own_clock()
    {
        // The second interval: the first try had to wait for the questions for neighbours.
        double Wait(int drift)
        {
            var world = new World(1);
            world.Faults.Add(new SkewFault(world.Alice, TimeSpan.Zero, drift));
            world.Faults.Add(new SilentFault(world.Www));
            Assert.Throws<NetworkException>(() => world.Run(static _ => Task.FromResult(0)));
            var tries = world.Told<FrameLost>().Where(static lost => lost.Reason == FrameDropReason.Silenced).Select(static lost => lost.At).ToArray();
            return (tries[2] - tries[1]).TotalSeconds;
        }
        Assert.Equal(Wait(0) / 1.1, Wait(100_000), 6);
        Assert.Equal(Wait(0) / 0.9, Wait(-100_000), 6);
    }

    [Fact]
    public void A_clock_cannot_run_as_fast_as_one_likes() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _world.Faults.Add(new SkewFault(_world.Alice, default, VirtualTime.MaxDrift + 1)));

    [Fact]
    public void A_world_with_every_kind_of_fault_has_one_trace_a_seed()
    {
        static void Visit(Kernel kernel)
        {
            var world = new World(kernel);
            world.Echo();
            var wire = world.Www.Plugs[0].Wire;
            NetworkFault[] faults =
            [
                new ImpairmentFault(wire, new WireSettings(TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(2), 50_000) { ReorderMillionths = 100_000, ReorderDelay = TimeSpan.FromMilliseconds(9), DuplicateMillionths = 50_000, CorruptMillionths = 20_000 }) { From = At(0.5) },
                new LossFault(world.Alice, null, 50_000),
                new ClogFault(wire) { From = At(1), Until = At(1.5) },
                new LinkDownFault(wire, wire.B) { From = At(2), Until = At(2.1) },
                new PartitionFault([world.Alice], [world.Router], OneSided: true) { From = At(3), Until = At(3.2) },
                new SkewFault(world.Alice, TimeSpan.FromSeconds(5), 1_234) { From = At(0.1), Until = At(4) },
                new CrashFault(world.Router) { From = At(5), Until = At(5.5) },
            ];
            foreach (var fault in faults) { world.Faults.Add(fault); }
            world.Run(async socket =>
            {
                for (var i = 0; i < 200; i++)
                {
                    var data = new byte[1 + i * 10];
                    world.Alice.Random.Fill(data);
                    await socket.SendAsync(data);
                    Assert.Equal(data, await ReadExactly(socket, data.Length));
                }
                return 0;
            });
        }
        Assert.NotEqual(Determinism.Prove(1, Visit), Determinism.Prove(2, Visit));
    }

    private static Instant At(double seconds) => Instant.SimulationEpoch + TimeSpan.FromSeconds(seconds);

    private static async Task<byte[]> ReadExactly(ISocket socket, int length)
    {
        var all = new byte[length];
        for (var read = 0; read < length;)
        {
            var count = await socket.ReceiveAsync(all.AsMemory(read));
            if (count == 0) { throw new EndOfStreamException($"{read} of {length} bytes"); }
            read += count;
        }
        return all;
    }

    private sealed class World : ITraceSink
    {
        public World(ulong seed) : this(new Kernel(seed)) { }

        public World(Kernel kernel)
        {
            Kernel = kernel;
            Internet = new Internet(kernel, this);
            var lan = Internet.AddSubnet("lan", IpPrefix.Parse("10.1.0.0/24"));
            var wan = Internet.AddSubnet("wan", IpPrefix.Parse("203.0.113.0/24"));
            var cable = new WireSettings(TimeSpan.FromMilliseconds(1));
            Router = Internet.AddRouter("r1");
            Router.Attach(lan, [IpAddress.Parse("10.1.0.1")], cable);
            Router.Attach(wan, [IpAddress.Parse("203.0.113.1")], cable);
            Alice = Internet.AddHost("alice");
            Alice.Attach(lan, [IpAddress.Parse("10.1.0.2")], cable);
            Alice.Gateways.Add(IpAddress.Parse("10.1.0.1"));
            Bob = Internet.AddHost("bob");
            Bob.Attach(lan, [IpAddress.Parse("10.1.0.3")], cable);
            Bob.Gateways.Add(IpAddress.Parse("10.1.0.1"));
            Www = Internet.AddHost("www");
            Www.Attach(wan, [Web.Address], cable);
            Www.Gateways.Add(IpAddress.Parse("203.0.113.1"));
        }

        public Kernel Kernel { get; }

        public Internet Internet { get; }

        public FaultTable Faults => Internet.Faults;

        public Router Router { get; }

        public SimulatedHost Alice { get; }

        public SimulatedHost Bob { get; }

        public SimulatedHost Www { get; }

        public List<TraceEvent> Events { get; } = [];

        public bool IsListening => true;

        public double Seconds => (Kernel.Now - Instant.SimulationEpoch).TotalSeconds;

        public void Tell(TraceEvent traceEvent) => Events.Add(traceEvent);

        public IEnumerable<T> Told<T>() where T : TraceEvent => Events.OfType<T>();

        public ValueTask Until(double seconds) => Kernel.Delay(Math.Max(0, At(seconds).Nanoseconds - Kernel.Now.Nanoseconds));

        public void Echo() => Serve(static async socket =>
        {
            var buffer = new byte[1_000];
            for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;)
            {
                for (var sent = 0; sent < count;) { sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent)); }
            }
        });

        public void Serve(Func<ISocket, Task> answer) => Www.StartService("serve", async () =>
        {
            using var listener = Www.CreateSocket(IpVersion.V4, SocketKind.Stream);
            listener.Bind(new Endpoint(IpAddress.AnyV4, Web.Port));
            listener.Listen(16);
            while (true) { _ = Answer(await listener.AcceptAsync()); }

            async Task Answer(ISocket socket)
            {
                using (socket)
                {
                    try { await answer(socket); }
                    catch (Exception failure) when (failure is NetworkException or EndOfStreamException) { /* The test looks at the client's side. */ }
                }
            }
        });

        public T Run<T>(Func<ISocket, Task<T>> visit) => Kernel.Run("alice", "visit", async () =>
        {
            using var socket = Alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            return await visit(socket);
        });

        public bool Ping(SimulatedHost from, string target)
        {
            var ping = Kernel.Setup(() => from.Machine.Network.CreatePing(IpVersion.V4));
            Kernel.Setup(() => { ping.Send(IpAddress.Parse(target), 1, new byte[8]); return 0; });
            return Kernel.Run(from.Name, "ping", async () =>
            {
                using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(10), from.Time);
                try { return (await ping.ReceiveAsync(enough.Token)).IsReply; }
                catch (OperationCanceledException) { return false; }
                finally { ping.Dispose(); }
            });
        }
    }
}
