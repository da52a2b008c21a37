using Firstbyte.Addressing;
using Firstbyte.Cli.Commands;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;

namespace Firstbyte.Bench.Simulation;

/// <summary>The simulation's rows: events, timers, waits, datagrams and stream bytes a CPU second. `rows TEXT` measures those whose names hold the text; `trace SEED` prints a world's trace hash instead.</summary>
internal static class SimulationSuite
{
    private const int Passes = 5;

    private static string s_wanted = "";

    public static int Run(string[] arguments)
    {
        if (arguments is ["labs"]) { return Labs(); }
        if (arguments is ["trace", var seed]) { return PrintTrace(ulong.Parse(seed)); }
        if (arguments is ["rows", var wanted]) { s_wanted = wanted; }
        Console.WriteLine($"{(ThreadClock.IsCpuTime ? "CPU time of the thread" : "elapsed time")}, median of {Passes} passes");
        foreach (var pending in (int[])[100, 1_000, 10_000, 100_000, 1_000_000]) { Row($"events, {pending:N0} pending", () => Events(pending, 3_000_000)); }
        Row("events, 1,000 pending, 1,000,000 timers", () => Events(1_000, 3_000_000, timers: 1_000_000));
        Row("timers moved, 1,000 live", () => MoveTimers(1_000, 1_000, 3_000_000));
        Row("1,000 timers moved, 1,000,000 live", () => MoveTimers(1_000_000, 1_000, 3_000_000));
        Row("1,000,000 timers moved, 1,000,000 live", () => MoveTimers(1_000_000, 1_000_000, 3_000_000));
        foreach (var live in (int[])[0, 1_000, 100_000, 1_000_000]) { Row($"timer set and fired, {live:N0} others live", () => SetAndFire(live, 2_000_000)); }
        Row("waits of 1,000 programs (Delay)", () => Waits(1_000, 1_000));
        Row("datagrams there and back, two hosts", () => Datagrams(200_000));
        Row("stream bytes (in MB), two hosts", () => Stream(200));
        return Labs();
    }

    /// <summary>What a page does when somebody chooses a lab: reads its file, and builds its world.</summary>
    public static int Labs()
    {
        foreach (var name in (string[])["glasscom", "two-subnets"])
        {
            Row($"labs read, {name}", () => Counting(200, () => LabCatalog.Load(name)));
            var lab = LabCatalog.Load(name)!;
            Row($"worlds built, {name}", () => Counting(200, () => LabWorld.Build(lab)));
        }
        return 0;
    }

    private static (double, long, double) Counting(int count, Func<object?> act) => Allocating(() =>
    {
        for (var i = 0; i < count; i++) { GC.KeepAlive(act()); }
        return count;
    });

    private static void Row(string name, Func<(double Count, long Allocated, double Seconds)> measure)
    {
        if (!name.Contains(s_wanted, StringComparison.Ordinal)) { return; }
        var rates = new double[Passes];
        double allocated = 0;
        for (var pass = -1; pass < Passes; pass++)
        {
            // The building of the world is not counted.
            var (count, bytes, seconds) = measure();
            if (pass < 0) { continue; }
            rates[pass] = count / seconds;
            allocated = bytes / count;
        }
        Array.Sort(rates);
        Console.WriteLine($"{name,-40} {rates[Passes / 2],14:N0} a second   {allocated,8:0.00} bytes allocated each");
    }

    private static (double, long, double) Events(int pending, int count, int timers = 0)
    {
        var kernel = new Kernel(1);
        kernel.Setup(() =>
        {
            var random = kernel.Stream("bench");
            var again = new Again(kernel, random);
            for (var i = 0; i < timers; i++) { kernel.CreateTimer(again).SetAfter(3_600_000_000_000 + random.NextBelow(1_000_000_000)); }
            for (var i = 0; i < pending; i++) { kernel.Schedule(kernel.Now.PlusNanoseconds(random.NextBelow(1_000_000)), again); }
            return random;
        });
        return Allocating(() => kernel.RunEvents(count));
    }

    private static (double, long, double) MoveTimers(int live, int moving, int count)
    {
        var kernel = new Kernel(1);
        var (timers, random) = kernel.Setup(() =>
        {
            var random = kernel.Stream("bench");
            var again = new Again(kernel, random);
            var timers = new KernelTimer[live];
            for (var i = 0; i < live; i++)
            {
                timers[i] = kernel.CreateTimer(again);
                timers[i].SetAfter(1_000_000_000 + random.NextBelow(1_000_000_000));
            }
            return (timers, random);
        });
        return Allocating(() => kernel.Setup(() =>
        {
            for (var i = 0; i < count; i++) { timers[random.NextBelow(moving)].SetAfter(1_000_000_000 + random.NextBelow(1_000_000_000)); }
            return (long)count;
        }));
    }

    // What a timer costs from SetAfter to its firing, while so many others wait for their hour.
    private static (double, long, double) SetAndFire(int live, int count)
    {
        var kernel = new Kernel(1);
        var timer = kernel.Setup(() =>
        {
            var random = kernel.Stream("bench");
            var idle = new Again(kernel, random);
            for (var i = 0; i < live; i++) { kernel.CreateTimer(idle).SetAfter(3_600_000_000_000 + random.NextBelow(1_000_000_000)); }
            var again = new AgainByTimer();
            again.Timer = kernel.CreateTimer(again);
            again.Timer.SetAfter(1_000);
            return again.Timer;
        });
        var result = Allocating(() => kernel.RunEvents(count));
        GC.KeepAlive(timer);
        return result;
    }

    private static (double, long, double) Waits(int programs, int loops)
    {
        var kernel = new Kernel(1);
        for (var i = 0; i < programs; i++)
        {
            var random = kernel.Setup(() => kernel.Stream($"program {i}"));
            kernel.Start("bench", "wait", async () => { for (var j = 0; j < loops; j++) { await kernel.Delay(1 + random.NextBelow(1_000_000)); } });
        }
        return Allocating(() => { kernel.Run(); return programs * loops; });
    }

    private static (double, long, double) Datagrams(int count)
    {
        var (kernel, alice, bob) = TwoHosts();
        return Allocating(() =>
        {
            kernel.Run("alice", "ask", async () =>
            {
                using var server = bob.CreateSocket(IpVersion.V4, SocketKind.Datagram);
                server.Bind(new Endpoint(IpAddress.Parse("10.1.0.2"), 53));
                using var client = alice.CreateSocket(IpVersion.V4, SocketKind.Datagram);
                var target = server.LocalEndpoint!.Value;
                byte[] question = new byte[64], there = new byte[64], back = new byte[64];
                for (var i = 0; i < count; i++)
                {
                    await client.SendToAsync(question, target);
                    var asked = await server.ReceiveFromAsync(there);
                    await server.SendToAsync(there.AsMemory(0, asked.Length), asked.Remote);
                    await client.ReceiveFromAsync(back);
                }
            });
            return count;
        });
    }

    private static (double, long, double) Stream(int megabytes)
    {
        var (kernel, alice, bob) = TwoHosts();
        return Allocating(() =>
        {
            kernel.Run("alice", "download", async () =>
            {
                using var listener = bob.CreateSocket(IpVersion.V4, SocketKind.Stream);
                listener.Bind(new Endpoint(IpAddress.Parse("10.1.0.2"), 80));
                listener.Listen(1);
                using var client = alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
                await client.ConnectAsync(listener.LocalEndpoint!.Value);
                using var server = await listener.AcceptAsync();
                var sending = Send(server, megabytes);
                var buffer = new byte[65536];
                for (long left = (long)megabytes << 20; left > 0;) { left -= await client.ReceiveAsync(buffer); }
                await sending;
            });
            return megabytes;
        });

        static async Task Send(ISocket socket, int megabytes)
        {
            var data = new byte[65536];
            for (long left = (long)megabytes << 20; left > 0;) { left -= await socket.SendAsync(data.AsMemory(0, (int)Math.Min(left, data.Length))); }
        }
    }

    private static (Kernel, SimulatedHost, SimulatedHost) TwoHosts()
    {
        var kernel = new Kernel(1);
        var internet = new Internet(kernel);
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.1.0.0/24"));
        var (alice, bob) = (internet.AddHost("alice"), internet.AddHost("bob"));
        alice.Attach(lan, [IpAddress.Parse("10.1.0.1")], new WireSettings(TimeSpan.FromMicroseconds(50)));
        bob.Attach(lan, [IpAddress.Parse("10.1.0.2")], new WireSettings(TimeSpan.FromMicroseconds(50)));
        return (kernel, alice, bob);
    }

    /// <summary>Two hosts talk over a jittery, lossy link: everything in it comes from the seed.</summary>
    private static int PrintTrace(ulong seed)
    {
        var kernel = new Kernel(seed) { OwnsProcess = true };
        var internet = new Internet(kernel);
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.1.0.0/24"));
        var (alice, bob) = (internet.AddHost("alice"), internet.AddHost("bob"));
        alice.Attach(lan, [IpAddress.Parse("10.1.0.1")], new WireSettings(TimeSpan.FromMilliseconds(1), TimeSpan.FromMicroseconds(500), 20_000));
        bob.Attach(lan, [IpAddress.Parse("10.1.0.2")], new WireSettings(TimeSpan.FromMilliseconds(2), TimeSpan.FromMicroseconds(500), 20_000));
        kernel.Run("alice", "talk", async () =>
        {
            using var listener = bob.CreateSocket(IpVersion.V4, SocketKind.Stream);
            listener.Bind(new Endpoint(IpAddress.Parse("10.1.0.2"), 80));
            listener.Listen(1);
            using var client = alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await client.ConnectAsync(listener.LocalEndpoint!.Value);
            using var server = await listener.AcceptAsync();
            var data = new byte[10_000];
            for (var i = 0; i < 20; i++)
            {
                alice.Random.Fill(data);
                await client.SendAsync(data);
                for (var left = data.Length; left > 0;) { left -= await server.ReceiveAsync(data.AsMemory(0, left)); }
            }
        });
        Console.WriteLine($"{kernel.Trace.Value:x16} {kernel.EventsFired} {kernel.Now.Nanoseconds}");
        return 0;
    }

    private static (double, long, double) Allocating(Func<long> run)
    {
        GC.Collect();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = ThreadClock.Now();
        var count = run();
        return (count, GC.GetAllocatedBytesForCurrentThread() - before, (ThreadClock.Now() - began) / 1e9);
    }

    private sealed class Again(Kernel kernel, RandomStream random) : IKernelEvent
    {
        public void Fire(long argument) => kernel.Schedule(kernel.Now.PlusNanoseconds(1 + random.NextBelow(1_000_000)), this);
    }

    private sealed class AgainByTimer : IKernelEvent
    {
        public KernelTimer? Timer { get; set; }

        public void Fire(long argument) => Timer!.SetAfter(1_000);
    }
}
