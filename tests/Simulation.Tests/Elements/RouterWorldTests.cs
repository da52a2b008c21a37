using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Nat;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Elements;

/// <summary>Worlds whose routers do more than their tables say: translate addresses, learn routes, advertise prefixes.</summary>
public class RouterWorldTests
{
    private static readonly WireSettings Cable = new(TimeSpan.FromMilliseconds(1));

    [Fact]
    public void A_home_router_hides_its_hosts_and_the_events_name_the_row()
    {
        var events = new List<TraceEvent>();
        var (kernel, internet) = Home(new ListSink(events));
        var peer = kernel.Run("alice", "ask", () => Ask(kernel, internet));
        Assert.Equal("203.0.113.7", peer);
        var out1 = events.OfType<FrameForwarded>().First(static told => told.Host == "home");
        Assert.Equal(("192.168.0.10", "203.0.113.7", "203.0.113.80"), (out1.Translation!.Value.Inside.Address.ToString(), out1.Source.ToString(), out1.Destination.ToString()));
        Assert.Contains(events, told => told is TranslationChanged { Host: "home", Change: RowChange.Added } added && added.Row == out1.Translation);
        // The provider's router has no row for what is inside.
        var isp = internet.Routers[1].Machine.Stack;
        Assert.False(isp.Routes.TryMatch(IpAddress.Parse("192.168.0.10"), out _));
        Assert.True(isp.Routes.TryMatch(IpAddress.Parse("2001:db8:1::10"), out _));
    }

    [Fact]
    public void A_world_whose_routers_only_tidy_up_has_come_to_rest()
    {
        var (kernel, internet) = Home(null);
        kernel.Run("alice", "ask", () => Ask(kernel, internet));
        // Rows of the translator are still to expire, and nobody waits for that: who waits for ever has stalled.
        var stalled = Assert.Throws<StalledException>(() => kernel.Run("alice", "wait", async () =>
        {
            using var socket = internet.FindHost("alice")!.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            await socket.SendToAsync("?"u8.ToArray(), new Endpoint(IpAddress.Parse("203.0.113.80"), 80));
            await socket.ReceiveFromAsync(new byte[10]);
        }));
        Assert.True(stalled.At - Instant.SimulationEpoch < TimeSpan.FromMinutes(4), $"{stalled.At}");
        var translation = internet.Routers[0].Machine.Stack.Programs.OfType<AddressTranslation>().Single();
        Assert.NotEqual(0, translation.Count);
        // Time that is asked for passes all the same.
        (kernel, internet) = Home(null);
        kernel.Run("alice", "ask", () => Ask(kernel, internet));
        translation = internet.Routers[0].Machine.Stack.Programs.OfType<AddressTranslation>().Single();
        Assert.NotEqual(0, translation.Count);
        kernel.RunUntil(kernel.Now + TimeSpan.FromHours(3));
        Assert.Equal(0, translation.Count);
    }

    [Fact]
    public void An_outside_where_the_router_is_not_plugged_in_is_refused()
    {
        var internet = new Internet(new Kernel(1));
        internet.AddRouter("home", new RouterSettings { NatOutside = "isp" });
        var home = internet.Routers[0];
        home.Attach(internet.AddSubnet("lan", IpPrefix.Parse("192.168.0.0/24")), [IpAddress.Parse("192.168.0.1")], Cable);
        Assert.Throws<ArgumentException>(internet.Settle);
    }

    [Fact]
    public void Routers_that_speak_rip_find_the_way_and_another_one_when_a_cable_is_cut()
    {
        var events = new List<TraceEvent>();
        var (kernel, internet) = Ring(new ListSink(events), new RouterSettings { Rip = true });
        internet.Settle();
        kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(40));
        Assert.Equal("r1 r3 bob", Trace(kernel, internet));
        var learned = events.OfType<RouteChanged>().First(static told => told is { Host: "r1", Row: "10.3.0.0/24" });
        Assert.Equal((RowChange.Added, RouteOrigin.Rip, 2), (learned.Change, learned.Origin, learned.Metric));
        Assert.Contains(events, static told => told is FrameForwarded { Host: "r1", Row: "10.3.0.0/24", Origin: RouteOrigin.Rip });
        internet.FindWire("r3-right")!.IsUp = false;
        kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(180 + 35 + 10));
        Assert.Equal("r1 r2 r3 bob", Trace(kernel, internet));
    }

    [Fact]
    public void A_world_with_periodic_messages_still_knows_that_it_has_stalled()
    {
        var (kernel, internet) = Ring(null, new RouterSettings { Rip = true, Advertises = true });
        Assert.Throws<StalledException>(() => kernel.Run("alice", "wait", async () =>
        {
            using var socket = internet.FindHost("alice")!.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            socket.Bind(new Endpoint(IpAddress.AnyV4, 7));
            await socket.ReceiveFromAsync(new byte[10]);
        }));
    }

    [Fact]
    public void The_same_seed_makes_the_same_bytes_with_every_periodic_message()
    {
        static ulong Run(bool isOther)
        {
            var (kernel, internet) = Ring(null, new RouterSettings { Rip = true, Advertises = true }, isOther ? 4UL : 3);
            internet.Settle();
            kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(900));
            return kernel.Trace.Value;
        }
        Assert.Equal(Run(false), Run(false));
        Assert.NotEqual(Run(false), Run(true));
    }

    [Fact]
    public void Hosts_get_their_ipv6_address_and_the_way_out_from_routers_that_advertise()
    {
        var (kernel, internet) = Ring(null, new RouterSettings { Rip = true, Advertises = true });
        internet.Settle();
        kernel.RunUntil(kernel.Now + TimeSpan.FromSeconds(40));
        var alice = internet.FindHost("alice")!.Machine;
        var bob = internet.FindHost("bob")!.Machine.Stack.Interfaces[1].Addresses.First(static own => own.Address.IsV6 && !own.ToString().StartsWith("fe80", StringComparison.Ordinal)).Address;
        var answer = kernel.Run("alice", "ping", async () =>
        {
            using var ping = alice.Network.CreatePing(IpVersion.V6);
            ping.Send(bob, 1, new byte[10]);
            return await ping.ReceiveAsync();
        });
        Assert.True(answer.IsReply && answer.From == bob);
        Assert.Contains(alice.Stack.Routes.Rows, static row => row.Value.Origin == RouteOrigin.RouterAdvertisement && row.Key.Length == 0);
    }

    private static string Trace(Kernel kernel, Internet internet) => kernel.Run("alice", "traceroute", async () =>
    {
        using var ping = internet.FindHost("alice")!.Machine.Network.CreatePing(IpVersion.V4);
        var path = new List<string>();
        for (byte hops = 1; hops < 10; hops++)
        {
            ping.Send(IpAddress.Parse("10.3.0.9"), hops, default, hops);
            var answer = await ping.ReceiveAsync();
            path.Add(internet.FindPlug(answer.From)!.Node.Name);
            if (answer.IsReply) { break; }
        }
        return string.Join(' ', path);
    });

    /// <summary>alice - lan1 - r1, r1 - left - r2 - middle - r3, r1 - right - r3 - lan3 - bob.</summary>
    private static (Kernel, Internet) Ring(ITraceSink? sink, RouterSettings settings, ulong seed = 3)
    {
        var kernel = new Kernel(seed);
        var internet = new Internet(kernel, sink);
        var lan1 = internet.AddSubnet("lan1", IpPrefix.Parse("10.1.0.0/24"), IpPrefix.Parse("2001:db8:1::/64"));
        var lan3 = internet.AddSubnet("lan3", IpPrefix.Parse("10.3.0.0/24"), IpPrefix.Parse("2001:db8:3::/64"));
        var left = internet.AddSubnet("left", IpPrefix.Parse("10.12.0.0/24"));
        var middle = internet.AddSubnet("middle", IpPrefix.Parse("10.23.0.0/24"));
        var right = internet.AddSubnet("right", IpPrefix.Parse("10.13.0.0/24"), IpPrefix.Parse("2001:db8:13::/64"));
        var (r1, r2, r3) = (internet.AddRouter("r1", settings), internet.AddRouter("r2", settings), internet.AddRouter("r3", settings));
        r1.Attach(lan1, [IpAddress.Parse("10.1.0.1"), IpAddress.Parse("2001:db8:1::1")], Cable);
        r1.Attach(left, [IpAddress.Parse("10.12.0.1")], Cable);
        r1.Attach(right, [IpAddress.Parse("10.13.0.1"), IpAddress.Parse("2001:db8:13::1")], Cable);
        r2.Attach(left, [IpAddress.Parse("10.12.0.2")], Cable);
        r2.Attach(middle, [IpAddress.Parse("10.23.0.2")], Cable);
        r3.Attach(lan3, [IpAddress.Parse("10.3.0.1"), IpAddress.Parse("2001:db8:3::1")], Cable);
        r3.Attach(middle, [IpAddress.Parse("10.23.0.3")], Cable);
        r3.Attach(right, [IpAddress.Parse("10.13.0.3"), IpAddress.Parse("2001:db8:13::3")], Cable);
        AddHost(internet, "alice", lan1, "10.1.0.9", "10.1.0.1");
        AddHost(internet, "bob", lan3, "10.3.0.9", "10.3.0.1");
        return (kernel, internet);
    }

    private static async Task<string> Ask(Kernel kernel, Internet internet)
    {
        var www = internet.FindHost("www")!;
        var seen = "";
        kernel.Start("www", "serve", async () =>
        {
            using var listener = www.CreateSocket(IpVersion.V4, SocketKind.Stream);
            listener.Bind(new Endpoint(IpAddress.AnyV4, 80));
            listener.Listen(5);
            using var served = await listener.AcceptAsync();
            seen = served.RemoteEndpoint!.Value.Address.ToString();
            await served.SendAsync("hello"u8.ToArray());
        }, RootKind.Service);
        using var socket = internet.FindHost("alice")!.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(new Endpoint(IpAddress.Parse("203.0.113.80"), 80));
        var buffer = new byte[10];
        Assert.Equal(5, await socket.ReceiveAsync(buffer));
        return seen;
    }

    /// <summary>alice - lan (hub) - home - isp - provider - web - www.</summary>
    private static (Kernel, Internet) Home(ITraceSink? sink)
    {
        var kernel = new Kernel(3);
        var internet = new Internet(kernel, sink);
        var lan = internet.AddSubnet("lan", internet.NewHub("lan"), IpPrefix.Parse("192.168.0.0/24"), IpPrefix.Parse("2001:db8:1::/64"));
        var isp = internet.AddSubnet("isp", IpPrefix.Parse("203.0.113.0/26"), IpPrefix.Parse("2001:db8:2::/64"));
        var web = internet.AddSubnet("web", IpPrefix.Parse("203.0.113.64/26"));
        var home = internet.AddRouter("home", new RouterSettings { NatOutside = "isp" });
        home.Attach(lan, [IpAddress.Parse("192.168.0.1"), IpAddress.Parse("2001:db8:1::1")], Cable);
        home.Attach(isp, [IpAddress.Parse("203.0.113.7"), IpAddress.Parse("2001:db8:2::7")], Cable);
        var provider = internet.AddRouter("provider");
        provider.Attach(isp, [IpAddress.Parse("203.0.113.1"), IpAddress.Parse("2001:db8:2::1")], Cable);
        provider.Attach(web, [IpAddress.Parse("203.0.113.65")], Cable);
        AddHost(internet, "alice", lan, "192.168.0.10", "192.168.0.1");
        AddHost(internet, "www", web, "203.0.113.80", "203.0.113.65");
        return (kernel, internet);
    }

    private static void AddHost(Internet internet, string name, Subnet subnet, string address, string gateway)
    {
        var host = internet.AddHost(name);
        host.Attach(subnet, [IpAddress.Parse(address)], Cable);
        host.Gateways.Add(IpAddress.Parse(gateway));
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}
