using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Elements;

/// <summary>What every element says about a packet on its way: the row that matched, the port, the station.</summary>
public class ForwardingDecisionTests
{
    [Fact]
    public void Every_element_on_the_way_names_the_row_that_decided()
    {
        var events = new List<TraceEvent>();
        var world = new TwoRouters(events);
        var answer = world.Ping("10.1.0.9", 0);
        Assert.True(answer.IsReply);
        Assert.Equal("10.1.0.9", answer.From.ToString());

        var sent = events.OfType<FrameSent>().First(static told => told.Host == "alice");
        Assert.Equal(("0.0.0.0/0", RouteOrigin.Static, "10.0.0.1"), (sent.Row, sent.Origin, sent.Gateway.ToString()));
        Assert.Null(sent.Neighbor);
        var hops = events.OfType<FrameForwarded>().Where(static told => told.Destination.ToString() == "10.1.0.9").ToArray();
        Assert.Equal(["r1 10.1.0.0/24 Static 192.0.2.2", "r2 10.1.0.0/24 Connected "], hops.Select(static told => $"{told.Host} {told.Row} {told.Origin} {(told.Gateway.Version == IpVersion.None ? "" : told.Gateway)}"));
        // On the way back the neighbours are known.
        var back = events.OfType<FrameForwarded>().Where(static told => told.Destination.ToString() == "10.0.0.9").ToArray();
        Assert.All(back, static told => Assert.NotNull(told.Neighbor));
        Assert.Contains(events, static told => told is FrameDelivered { Host: "bob" });
        Assert.Contains(events, static told => told is FrameDelivered { Host: "alice" });
        Assert.Contains(events, static told => told is RouteChanged { Host: "r1", Row: "10.1.0.0/24", Origin: RouteOrigin.Static, Change: RowChange.Added });
        Assert.Contains(events, static told => told is NeighborLearned { Host: "r1" });

        // The hub repeats at every other port; the switch learns, floods what it does not know and forwards what it knows.
        Assert.All(events.OfType<FrameRepeated>(), static told => Assert.Equal(("wan", 1), (told.Hub, told.Copies)));
        Assert.Contains(events, static told => told is FrameRepeated);
        Assert.Contains(events, static told => told is StationLearned { Switch: "lan" });
        Assert.Contains(events, static told => told is FrameSwitched { Switch: "lan", Decision: SwitchDecision.Flooded, Outbound: null });
        var switched = events.OfType<FrameSwitched>().First(static told => told is { Switch: "lan", Decision: SwitchDecision.Forwarded });
        Assert.Contains(events.OfType<StationLearned>(), learned => learned.Station == switched.Destination && learned.Port == switched.Outbound);
    }

    [Fact]
    public void A_row_written_by_hand_makes_the_way_there_another_than_the_way_back()
    {
        var events = new List<TraceEvent>();
        var world = new TwoRouters(events, byHand: true);
        Assert.True(world.Ping("10.1.0.9", 0).IsReply);
        var hops = events.OfType<FrameForwarded>().Select(static told => $"{told.Host} to {told.Destination}").ToArray();
        Assert.Equal(["r3 to 10.1.0.9", "r2 to 10.0.0.9", "r1 to 10.0.0.9"], hops);
        Assert.Equal("10.1.0.0/24", events.OfType<FrameSent>().First(static told => told.Host == "alice").Row);
    }

    [Fact]
    public void A_row_by_hand_over_a_stranger_is_refused()
    {
        var internet = new Internet(new Kernel(1));
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.0.0.0/24"));
        var host = internet.AddHost("host");
        host.Attach(lan, [IpAddress.Parse("10.0.0.9")], default);
        host.Routes.Add(new StaticRoute(IpPrefix.Parse("10.9.0.0/16"), IpAddress.Parse("192.0.2.1")));
        Assert.Throws<ArgumentException>(() => internet.Settle());
    }

    [Fact]
    public void Ping_and_traceroute_hear_from_the_routers_on_the_way()
    {
        var world = new TwoRouters([]);
        Assert.Equal("10.0.0.1", world.Ping("10.1.0.9", 1).From.ToString());
        Assert.Equal("192.0.2.2", world.Ping("10.1.0.9", 2).From.ToString());
        var path = world.Kernel.Run("alice", "traceroute", async () =>
        {
            using var socket = world.Alice.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            var errors = Assert.IsAssignableFrom<IErrorQueue>(socket);
            var seen = new List<string>();
            for (var hops = 1; hops < 10; hops++)
            {
                socket.SetOption(SocketOption.TimeToLive, hops);
                await socket.SendToAsync("probe"u8.ToArray(), new Endpoint(IpAddress.Parse("10.1.0.9"), (ushort)(33_433 + hops)));
                var error = await errors.ReceiveErrorAsync();
                Assert.Equal(33_433 + hops, error.About.Port);
                seen.Add($"{error.From} {error.Fault}");
                if (error.Fault == Errno.ECONNREFUSED) { break; }
            }
            return seen;
        });
        Assert.Equal(["10.0.0.1 EHOSTUNREACH", "192.0.2.2 EHOSTUNREACH", "10.1.0.9 ECONNREFUSED"], path);
    }

    [Fact]
    public void A_request_that_must_not_be_divided_is_answered_with_the_mtu()
    {
        var world = new TwoRouters([]);
        world.Internet.Routers[0].Machine.Stack.Interfaces[2].Mtu = 600;
        var answer = world.Ping("10.1.0.9", 0, 1_000, dontFragment: true);
        Assert.Equal(("10.0.0.1", 600, (byte)IcmpUnreachableCode.FragmentationNeeded), (answer.From.ToString(), answer.NextHopMtu, answer.Code));
        Assert.True(world.Ping("10.1.0.9", 0, 1_000).IsReply);
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }

    /// <summary>alice - lan (switch) - r1 - wan (hub) - r2 - far (switch) - bob; by hand, alice goes over r3, which bob does not know.</summary>
    private sealed class TwoRouters
    {
        public TwoRouters(List<TraceEvent> events, bool byHand = false)
        {
            Kernel = new Kernel(5);
            Internet = new Internet(Kernel, new ListSink(events));
            var lan = Internet.AddSubnet("lan", IpPrefix.Parse("10.0.0.0/24"));
            var wan = Internet.AddSubnet("wan", Internet.NewHub("wan"), IpPrefix.Parse("192.0.2.0/24"));
            var far = Internet.AddSubnet("far", IpPrefix.Parse("10.1.0.0/24"));
            var link = new WireSettings(TimeSpan.FromMilliseconds(1));
            var r1 = Internet.AddRouter("r1");
            r1.Attach(lan, [IpAddress.Parse("10.0.0.1")], link);
            r1.Attach(wan, [IpAddress.Parse("192.0.2.1")], link);
            var r2 = Internet.AddRouter("r2", new RouterSettings());
            r2.Attach(wan, [IpAddress.Parse("192.0.2.2")], link);
            r2.Attach(far, [IpAddress.Parse("10.1.0.1")], link);
            if (byHand)
            {
                var r3 = Internet.AddRouter("r3");
                r3.Attach(lan, [IpAddress.Parse("10.0.0.3")], link);
                r3.Attach(far, [IpAddress.Parse("10.1.0.3")], link);
                r2.Routes.Add(new StaticRoute(IpPrefix.Parse("10.0.0.0/24"), IpAddress.Parse("192.0.2.1")));
            }
            Alice = Internet.AddHost("alice");
            Alice.Attach(lan, [IpAddress.Parse("10.0.0.9")], link);
            Alice.Gateways.Add(IpAddress.Parse("10.0.0.1"));
            if (byHand) { Alice.Routes.Add(new StaticRoute(IpPrefix.Parse("10.1.0.0/24"), IpAddress.Parse("10.0.0.3"))); }
            var bob = Internet.AddHost("bob");
            bob.Attach(far, [IpAddress.Parse("10.1.0.9")], link);
            bob.Gateways.Add(IpAddress.Parse("10.1.0.1"));
        }

        public Kernel Kernel { get; }

        public Internet Internet { get; }

        public SimulatedHost Alice { get; }

        public EchoAnswer Ping(string target, byte hops, int length = 8, bool dontFragment = false) => Kernel.Run("alice", "ping", async () =>
        {
            using var ping = Alice.Machine.Network.CreatePing(IpVersion.V4);
            ping.DontFragment = dontFragment;
            ping.Send(IpAddress.Parse(target), 1, new byte[length], hops);
            return await ping.ReceiveAsync();
        });
    }
}
