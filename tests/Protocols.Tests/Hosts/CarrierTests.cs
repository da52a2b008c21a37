using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Advertising;
using Firstbyte.Hosts.Rip;
using Firstbyte.Packets;

namespace Firstbyte.Tests.Hosts;

/// <summary>A card that hears its link no longer, and what uses it.</summary>
public class CarrierTests
{
    [Fact]
    public void A_host_keeps_its_addresses_and_routes_and_hears_that_nobody_is_there()
    {
        var (net, host, eth) = Neighbors();
        var tcp = host.OpenTcp(IpVersion.V4);
        host.Connect(tcp, new Endpoint(IpAddress.Parse("192.0.2.2"), 80), net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        Assert.True(tcp.WasEstablished);
        Assert.Contains(host.Neighbors, static row => row.Address.IsV4);
        host.SetCarrier(eth, false, net.Now);
        Assert.True(eth is { IsUp: true, HasCarrier: false, IsRunning: false });
        Assert.Empty(host.Neighbors);
        Assert.True(host.Owns(IpAddress.Parse("192.0.2.1")));
        // As on Linux: asked for three times, a second apart, then EHOSTUNREACH; what is connected only waits.
        var late = host.OpenTcp(IpVersion.V4);
        host.Connect(late, new Endpoint(IpAddress.Parse("192.0.2.2"), 80), net.Now);
        net.Run(TimeSpan.FromSeconds(2.9));
        Assert.Equal(Errno.None, late.TakeFault());
        net.Run(TimeSpan.FromSeconds(0.2));
        Assert.Equal(Errno.EHOSTUNREACH, late.TakeFault());
        Assert.Equal(Errno.None, host.Send(tcp, "still here"u8, out _, net.Now));
        net.Run(TimeSpan.FromSeconds(1));
        host.SetCarrier(eth, true, net.Now);
        net.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(0, tcp.Tcb.Flight);
        Assert.Equal(Errno.None, tcp.TakeFault());
    }

    [Fact]
    public void A_router_takes_the_rows_of_the_link_off_its_table_and_puts_them_back()
    {
        var net = new Internet();
        var router = net.Add("router", new HostSettings { IsRouter = true });
        var (left, right) = (net.Attach(router, "left", "10.0.1.1/24"), net.Attach(router, "right", "10.0.2.1/24"));
        router.AddRoute(IpPrefix.Parse("10.9.0.0/16"), new Route(right, IpAddress.Parse("10.0.2.9")));
        var host = net.Add("host");
        host.AddDefaultRoute(net.Attach(host, "left", "10.0.1.5/24"), IpAddress.Parse("10.0.1.1"));
        var before = Rows(router);
        router.SetCarrier(right, false, net.Now);
        Assert.Equal(["10.0.1.0/24"], Rows(router).Where(static row => row.StartsWith("10.", StringComparison.Ordinal)));
        // Whoever sends there is told at once.
        var ping = host.OpenPing(IpVersion.V4);
        host.SendEcho(ping, IpAddress.Parse("10.9.0.1"), 1, default, 0, net.Now);
        net.Run(TimeSpan.FromMilliseconds(100));
        Assert.True(ping.TryTake(out var answer) && answer is { IsReply: false, Type: (byte)IcmpType.DestinationUnreachable });
        // What is written meanwhile counts when the link is back, and what is taken back does not come back.
        router.AddRoute(IpPrefix.Parse("10.8.0.0/16"), new Route(right, IpAddress.Parse("10.0.2.8")));
        Assert.True(router.RemoveRoute(IpPrefix.Parse("10.9.0.0/16")));
        Assert.False(router.Routes.TryGet(IpPrefix.Parse("10.8.0.0/16"), out _));
        router.SetCarrier(right, true, net.Now);
        Assert.Equal(before.Select(static row => row.Replace("10.9.0.0/16", "10.8.0.0/16", StringComparison.Ordinal)).Order(StringComparer.Ordinal), Rows(router).Order(StringComparer.Ordinal));
        Assert.True(left.IsRunning);
    }

    [Fact]
    public void Neighbours_that_speak_rip_hear_of_it_at_once_and_not_with_the_next_update()
    {
        var net = new Internet();
        var near = net.Add("near", new HostSettings { IsRouter = true });
        var far = net.Add("far", new HostSettings { IsRouter = true });
        net.Attach(near, "between", "10.0.1.1/24");
        net.Attach(far, "between", "10.0.1.2/24");
        var stub = net.Attach(far, "stub", "10.0.7.1/24");
        foreach (var router in (HostStack[])[near, far]) { router.Start(new RipProgram(IpVersion.V4, [.. router.Interfaces.Skip(1)]), net.Now); }
        net.Run(TimeSpan.FromSeconds(40));
        bool Knows() => near.Routes.TryGet(IpPrefix.Parse("10.0.7.0/24"), out _);
        Assert.True(Knows());
        far.SetCarrier(stub, false, net.Now);
        net.Run(TimeSpan.FromSeconds(6));
        Assert.False(Knows());
        far.SetCarrier(stub, true, net.Now);
        net.Run(TimeSpan.FromSeconds(6));
        Assert.True(Knows());
    }

    [Fact]
    public void A_host_that_is_plugged_in_again_asks_for_its_routers()
    {
        var net = new Internet();
        var router = net.Add("router", new HostSettings { IsRouter = true });
        router.Start(new RouterAdvertising(net.Attach(router, "lan", "2001:db8:1::1/64")), net.Now);
        var host = net.Add("host");
        var eth = net.Attach(host, "lan", "");
        net.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(2, eth.Addresses.Count);
        var asked = 0;
        net.Tap = (from, frame) =>
        {
            if (from == eth && Ipv6View.TryParse(frame.Span[14..], out var packet, out _) && NdpView.TryParse(packet.Payload, packet.HopLimit, out var ndp, out _) && ndp.Type == Icmpv6Type.RouterSolicitation) { asked++; }
        };
        host.SetCarrier(eth, false, net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        host.SetCarrier(eth, true, net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(1, asked);
    }

    private static (Internet Net, HostStack Host, NetworkInterface Eth) Neighbors()
    {
        var net = new Internet();
        var host = net.Add("host");
        var eth = net.Attach(host, "lan", "192.0.2.1/24");
        var server = net.Add("server");
        net.Attach(server, "lan", "192.0.2.2/24");
        var listener = server.OpenTcp(IpVersion.V4);
        server.Bind(listener, new Endpoint(IpAddress.AnyV4, 80));
        server.Listen(listener, 4);
        return (net, host, eth);
    }

    private static string[] Rows(HostStack stack) => [.. stack.Routes.Rows.Select(static row => $"{row.Key}")];
}
