using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Elements;

/// <summary>Internets built of frames: the labs as they are, hop by hop.</summary>
public class InternetOfFramesTests
{
    private static readonly Endpoint Web = new(IpAddress.Parse("203.0.113.80"), 80);

    private static LabDefinition Chapter => LabCatalog.Load("glasscom")!;

    [Fact]
    public void The_chapter_s_page_comes_over_http_hop_by_hop()
    {
        var world = LabWorld.Build(Chapter);
        var response = world.Run("fetch", () => Fetch(world.Client, new Endpoint(IpAddress.Parse("192.0.2.226"), 80), "/dir1/file1.html"));
        Assert.Contains("You have arrived", response, StringComparison.Ordinal);
        Assert.Equal(0, world.Kernel.ForeignEntries);
        Assert.True(world.Internet.FramesDelivered > 50);
    }

    [Fact]
    public void Https_and_the_fingerprint_of_a_world_of_frames_are_the_same_for_a_seed()
    {
        static (string, ulong) Visit(ulong seed)
        {
            var world = LabWorld.Build(Chapter, seed);
            var response = world.Run("fetch", async () =>
            {
                var socket = world.Client.CreateSocket(IpVersion.V4, SocketKind.Stream);
                await socket.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 443));
                var session = Assert.IsType<TlsSession>(await new BouncyCastleTlsProvider(world.Client).AuthenticateAsClientAsync(new SocketByteStream(socket), new TlsClientOptions("www.lab.glasscom.com"), default));
                using var stream = session.Stream;
                return await Talk(stream, "/");
            });
            return (response, world.Kernel.Trace.Value);
        }
        var (response, trace) = Visit(1);
        Assert.Contains("The laboratory of glasscom", response, StringComparison.Ordinal);
        Assert.Equal(trace, Visit(1).Item2);
        Assert.NotEqual(trace, Visit(2).Item2);
    }

    [Fact]
    public void Traceroute_in_the_chapter_s_lab_shows_routers_of_the_topology()
    {
        var world = LabWorld.Build(Chapter);
        var machine = world.Client.Machine;
        var ping = machine.Stack.OpenPing(IpVersion.V4);
        var path = new List<string>();
        for (byte hops = 1; hops < 30; hops++)
        {
            world.Kernel.Setup(() =>
            {
                Assert.Equal(Errno.None, machine.Stack.SendEcho(ping, IpAddress.Parse("192.0.2.226"), hops, default, hops, world.Kernel.Now));
                machine.Network.Flush();
                return 0;
            });
            world.Kernel.RunUntil(world.Kernel.Now + TimeSpan.FromSeconds(5));
            Assert.True(ping.TryTake(out var answer));
            if (answer.IsReply) { break; }
            path.Add(world.Internet.FindPlug(answer.From)!.Node.Name);
        }
        Assert.NotEmpty(path);
        Assert.All(path, name => Assert.Contains(world.Internet.Routers, router => router.Name == name));
        Assert.Equal(path.Distinct().Count(), path.Count);
    }

    [Fact]
    public void Every_router_tells_which_row_sent_a_packet_on()
    {
        var events = new List<TraceEvent>();
        var world = LabWorld.Build(Chapter, sink: new ListSink(events));
        world.Run("fetch", () => Fetch(world.Client, new Endpoint(IpAddress.Parse("192.0.2.226"), 80), "/"));
        var forwarded = events.OfType<FrameForwarded>().ToArray();
        Assert.NotEmpty(forwarded);
        Assert.All(forwarded, told => Assert.True(IpPrefix.Parse(told.Row).Contains(told.Destination)));
        Assert.DoesNotContain(events, told => told is FrameDropped { Reason: not FrameDropReason.NotForThisStation });
    }

    [Fact]
    public void Cut_slow_and_lossy_cables_are_followed()
    {
        var (kernel, alice, www) = Build();
        Serve(kernel, www, 1_000);
        alice.Plugs[0].Wire.A.Settings = new WireSettings(TimeSpan.FromMilliseconds(200));
        var before = kernel.Now;
        kernel.Run("alice", "fetch", () => Download(alice));
        Assert.True(kernel.Now - before > TimeSpan.FromMilliseconds(600));
        alice.Plugs[0].Wire.B.IsUp = false;
        Fails(Errno.EHOSTUNREACH, kernel, alice);
    }

    [Fact]
    public void A_host_that_is_off_and_one_that_is_silent_do_not_answer()
    {
        var (kernel, alice, www) = Build();
        Serve(kernel, www, 10);
        kernel.Run("alice", "fetch", () => Download(alice));
        var fault = new SilentFault(www, 80);
        www.Internet.Faults.Add(fault);
        Fails(Errno.ETIMEDOUT, kernel, alice);
        www.Internet.Faults.Remove(fault);
        Assert.Equal(10, kernel.Run("alice", "fetch", () => Download(alice)));
        www.Internet.Faults.Add(new CrashFault(www));
        Fails(Errno.EHOSTUNREACH, kernel, alice);
    }

    [Fact]
    public void A_refusing_service_and_a_partition_are_what_they_say()
    {
        var (kernel, alice, www) = Build();
        Serve(kernel, www, 10);
        var refusal = new RefuseFault(www, 80);
        www.Internet.Faults.Add(refusal);
        Fails(Errno.ECONNREFUSED, kernel, alice);
        www.Internet.Faults.Remove(refusal);
        www.Internet.Faults.Add(new PartitionFault([alice], [www]) { Until = kernel.Now + TimeSpan.FromSeconds(20) });
        var before = kernel.Now;
        Assert.Equal(10, kernel.Run("alice", "fetch", () => Download(alice)));
        Assert.True(kernel.Now - before >= TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_service_that_breaks_after_some_bytes_ends_as_the_fault_says(bool byReset)
    {
        var (kernel, alice, www) = Build();
        www.Internet.Faults.Add(new BreakFault(www, 80, 5_000, byReset));
        Serve(kernel, www, 100_000);
        var (count, error) = kernel.Run("alice", "fetch", async () =>
        {
            using var socket = alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(Web);
            var buffer = new byte[2_000];
            var all = 0;
            try
            {
                for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;) { all += read; }
                return (all, Errno.None);
            }
            catch (NetworkException failure) { return (all, failure.Error); }
        });
        Assert.Equal((5_000, byReset ? Errno.ECONNRESET : Errno.None), (count, error));
    }

    private static void Fails(Errno expected, Kernel kernel, SimulatedHost alice)
    {
        var failure = Assert.Throws<NetworkException>(() => kernel.Run("alice", "fetch", () => Download(alice)));
        Assert.Equal((expected, "connect"), (failure.Error, failure.Call));
    }

    private static (Kernel Kernel, SimulatedHost Alice, SimulatedHost Www) Build()
    {
        var kernel = new Kernel(3);
        var internet = new Internet(kernel);
        var lan = internet.AddSubnet("lan", new Hub("lan"), IpPrefix.Parse("10.1.0.0/24"));
        var mid = internet.AddSubnet("mid", IpPrefix.Parse("10.9.0.0/24"));
        var wan = internet.AddSubnet("wan", IpPrefix.Parse("203.0.113.0/24"));
        var (first, second) = (internet.AddRouter("r1"), internet.AddRouter("r2"));
        var (alice, www) = (internet.AddHost("alice"), internet.AddHost("www"));
        var cable = new WireSettings(TimeSpan.FromMilliseconds(1));
        alice.Attach(lan, [IpAddress.Parse("10.1.0.2")], cable);
        alice.Gateways.Add(IpAddress.Parse("10.1.0.1"));
        first.Attach(lan, [IpAddress.Parse("10.1.0.1")], cable);
        first.Attach(mid, [IpAddress.Parse("10.9.0.1")], cable);
        second.Attach(mid, [IpAddress.Parse("10.9.0.2")], cable);
        second.Attach(wan, [IpAddress.Parse("203.0.113.1")], cable);
        www.Attach(wan, [Web.Address], cable);
        www.Gateways.Add(IpAddress.Parse("203.0.113.1"));
        return (kernel, alice, www);
    }

    private static void Serve(Kernel kernel, SimulatedHost www, int length) => kernel.Setup(() => www.StartService("serve", async () =>
    {
        using var listener = www.CreateSocket(IpVersion.V4, SocketKind.Stream);
        listener.Bind(Web);
        listener.Listen(8);
        while (true)
        {
            using var connection = await listener.AcceptAsync();
            try
            {
                for (ReadOnlyMemory<byte> rest = new byte[length]; rest.Length > 0;) { rest = rest[await connection.SendAsync(rest)..]; }
            }
            catch (NetworkException broken) when (broken.Error is Errno.ECONNRESET or Errno.EPIPE) { continue; }
        }
    }));

    private static async Task<int> Download(SimulatedHost alice)
    {
        using var socket = alice.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(Web);
        var buffer = new byte[10_000];
        var all = 0;
        for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { all += count; }
        return all;
    }

    private static async Task<string> Fetch(SimulatedHost client, Endpoint server, string path)
    {
        var socket = client.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(server);
        using var stream = new SocketByteStream(socket);
        return await Talk(stream, path);
    }

    private static async Task<string> Talk(IByteStream stream, string path)
    {
        await stream.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: www.lab.glasscom.com\r\nConnection: close\r\n\r\n"));
        var all = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await stream.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
        return Encoding.UTF8.GetString(all.ToArray());
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}
