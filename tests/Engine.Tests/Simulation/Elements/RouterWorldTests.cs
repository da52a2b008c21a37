using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Simulation;
using Firstbyte.Simulation.Elements;
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
        var home = internet.Routers[0].Machine.Stack;
        Assert.NotEqual(0, home.Translator!.Count);
        // Time that is asked for passes all the same.
        (kernel, internet) = Home(null);
        kernel.Run("alice", "ask", () => Ask(kernel, internet));
        home = internet.Routers[0].Machine.Stack;
        Assert.NotEqual(0, home.Translator!.Count);
        kernel.RunUntil(kernel.Now + TimeSpan.FromHours(3));
        Assert.Equal(0, home.Translator.Count);
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
