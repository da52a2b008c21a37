using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Nat;
using Firstbyte.Hosts.Rip;
using Firstbyte.Packets;
using Firstbyte.Routing.Rip;

namespace Firstbyte.Tests.Hosts.Rip;

/// <summary>Routers that learn their routes: r1, r2 and r3 in a triangle, alice at r1, bob at r3.</summary>
public class RipTests
{
    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void Routes_are_learned_and_a_cut_link_is_routed_around_within_the_timers_bound(IpVersion version)
    {
        var world = new Triangle(version);
        world.Net.Run(TimeSpan.FromSeconds(40));
        Assert.Equal("2 by r3", world.Way(0, "bob"));
        Assert.Equal("r1 r3", world.Trace());
        // The line between r1 and r3 loses everything, and nobody is told.
        world.Net.Lost = ["13"];
        world.Net.Run(TimeSpan.FromSeconds(180 + 35 + 10));
        Assert.Equal("3 by r2", world.Way(0, "bob"));
        Assert.Equal("r1 r2 r3", world.Trace());
        world.Net.Lost = [];
        world.Net.Run(TimeSpan.FromSeconds(40));
        Assert.Equal("2 by r3", world.Way(0, "bob"));
        Assert.Equal(0, world.Net.Frames.Outstanding);
    }

    [Fact]
    public void An_interface_that_is_down_is_routed_around_with_the_next_update()
    {
        var world = new Triangle(IpVersion.V4);
        world.Net.Run(TimeSpan.FromSeconds(40));
        world.Routers[0].SetUp(world.Routers[0].Interfaces[3], false, world.Net.Now);
        world.Routers[2].SetUp(world.Routers[2].Interfaces[3], false, world.Net.Now);
        world.Net.Run(TimeSpan.FromSeconds(60));
        Assert.Equal("3 by r2", world.Way(0, "bob"));
        world.Routers[0].SetUp(world.Routers[0].Interfaces[3], true, world.Net.Now);
        world.Routers[2].SetUp(world.Routers[2].Interfaces[3], true, world.Net.Now);
        world.Net.Run(TimeSpan.FromSeconds(60));
        Assert.Equal("2 by r3", world.Way(0, "bob"));
    }

    [Fact]
    public void A_router_that_crashed_is_routed_around_and_learns_everything_again()
    {
        var world = new Triangle(IpVersion.V4);
        world.Net.Run(TimeSpan.FromSeconds(40));
        var r3 = world.Routers[2];
        r3.Crash(world.Net.Now);
        Assert.DoesNotContain(r3.Routes.Rows, static row => row.Value.Origin == RouteOrigin.Rip);
        Assert.Empty(r3.Programs.OfType<RipProgram>().Single().Routes);
        world.Net.Run(TimeSpan.FromSeconds(180 + 35 + 10));
        Assert.False(world.Routers[0].Routes.TryMatch(IpAddress.Parse("10.0.3.9"), out _));
        r3.Restart(world.Net.Now);
        world.Net.Run(TimeSpan.FromSeconds(40));
        Assert.Equal("r1 r3", world.Trace());
        Assert.Contains(r3.Routes.Rows, static row => row.Value.Origin == RouteOrigin.Rip);
    }

    [Fact]
    public void Rows_of_other_origins_are_told_and_never_replaced()
    {
        var world = new Triangle(IpVersion.V4);
        var (r1, r2) = (world.Routers[0], world.Routers[1]);
        var byHand = new Route(r2.Interfaces[1], IpAddress.Parse("10.0.2.99"));
        r2.AddRoute(IpPrefix.Parse("198.51.100.0/24"), byHand);
        var overruled = new Route(r1.Interfaces[1], IpAddress.Parse("10.0.1.99"));
        r1.AddRoute(IpPrefix.Parse("10.0.3.0/24"), overruled);
        world.Net.Run(TimeSpan.FromSeconds(60));
        Assert.True(r1.Routes.TryGet(IpPrefix.Parse("198.51.100.0/24"), out var learned));
        Assert.Equal((RouteOrigin.Rip, 2), (learned.Origin, learned.Metric));
        Assert.True(r1.Routes.TryGet(IpPrefix.Parse("10.0.3.0/24"), out var kept));
        Assert.Equal(overruled, kept);
        // Taken back by hand, they are taken back everywhere, and what others say counts again.
        r2.RemoveRoute(IpPrefix.Parse("198.51.100.0/24"));
        r1.RemoveRoute(IpPrefix.Parse("10.0.3.0/24"));
        world.Net.Run(TimeSpan.FromSeconds(40));
        Assert.False(r1.Routes.TryGet(IpPrefix.Parse("198.51.100.0/24"), out _));
        Assert.Equal("2 by r3", world.Way(0, "bob"));
    }

    [Fact]
    public void Strangers_and_malformed_messages_are_not_believed()
    {
        var station = new Station("192.0.2.1/24", new HostSettings { IsRouter = true });
        station.Stack.Start(new RipProgram(IpVersion.V4, [station.Eth]), station.Now);
        station.Expect("192.0.2.1 > 224.0.0.9 ttl 1 udp 520>520 24");
        var evil = IpPrefix.Parse("10.66.0.0/16");
        bool Believed(string source, ushort port, byte[] message)
        {
            station.Receive(Packet.V4(source, "224.0.0.9", IpProtocol.Udp, Packet.Udp(source, port, "224.0.0.9", 520, message), to: MacAddress.ForIpv4Multicast(0xE0000009)));
            return station.Stack.Routes.TryGet(evil, out _);
        }
        Assert.False(Believed("198.51.100.1", 520, Response(evil)));
        Assert.Equal(FrameDropReason.MartianAddress, station.LastDrop);
        Assert.False(Believed("192.0.2.2", 4_000, Response(evil)));
        Assert.False(Believed("192.0.2.2", 520, Response(evil)[..^1]));
        Assert.Equal(FrameDropReason.Malformed, station.LastDrop);
        Assert.True(Believed("192.0.2.2", 520, Response(evil)));
        // Nor is a host that speaks no RIP listening to the group at all.
        var other = new Station("192.0.2.1/24", new HostSettings { IsRouter = true });
        other.Receive(Packet.V4("192.0.2.2", "224.0.0.9", IpProtocol.Udp, Packet.Udp("192.0.2.2", 520, "224.0.0.9", 520, Response(evil)), to: MacAddress.ForIpv4Multicast(0xE0000009)));
        Assert.Equal(FrameDropReason.NotForThisHost, other.LastDrop);
    }

    [Fact]
    public void Behind_a_translator_nothing_is_told_outside()
    {
        var station = new Station("192.0.2.1/24", new HostSettings { IsRouter = true });
        var inside = station.Stack.AddInterface("eth1", LinkKind.Ethernet, new MacAddress(0x020000000077));
        station.Stack.AddAddress(inside, InterfaceAddress.Parse("192.168.0.1/24"));
        station.Stack.Start(new AddressTranslation(station.Eth), station.Now);
        var rip = new RipProgram(IpVersion.V4, [station.Eth]);
        station.Stack.Start(rip, station.Now);
        Assert.Equal(["192.0.2.0/24"], rip.Routes.Select(static route => route.Prefix.ToString()));
    }

    private static byte[] Response(IpPrefix prefix)
    {
        var buffer = new byte[24];
        var writer = new RipWriter(buffer, false, RipCommand.Response);
        writer.Add(new RipRoute(prefix, 1));
        return buffer;
    }

    private sealed class Triangle
    {
        private readonly IpVersion _version;
        private readonly HostStack _alice;
        private readonly Dictionary<string, string> _owners = [];

        public Triangle(IpVersion version)
        {
            _version = version;
            // r1 eth0: alice's lan, eth1: to r2, eth2: to r3; r2 eth0: its own lan …; r3 eth0: bob's lan, eth1: to r2, eth2: to r1.
            Routers = [Router("r1", "lan1 1.1", "12 12.1", "13 13.1"), Router("r2", "lan2 2.1", "12 12.2", "23 23.2"), Router("r3", "lan3 3.1", "23 23.3", "13 13.3")];
            foreach (var router in Routers) { router.Start(new RipProgram(version, [.. router.Interfaces.Skip(1)]), Net.Now); }
            _alice = Host("alice", "lan1", "1.9", "1.1");
            Host("bob", "lan3", "3.9", "3.1");
        }

        public Internet Net { get; } = new();

        public HostStack[] Routers { get; }

        public string Way(int router, string to)
        {
            Assert.True(Routers[router].Routes.TryMatch(Address(to == "bob" ? "3.9" : "1.9"), out _, out var route));
            Assert.Equal(RouteOrigin.Rip, route.Origin);
            return $"{route.Metric} by {_owners[route.Gateway.ToString()]}";
        }

        public string Trace()
        {
            var ping = _alice.OpenPing(_version);
            var seen = new List<string>();
            for (byte hops = 1; hops < 10; hops++)
            {
                Assert.Equal(Errno.None, _alice.SendEcho(ping, Address("3.9"), hops, default, hops, Net.Now));
                Net.Run(TimeSpan.FromSeconds(4));
                Assert.True(ping.TryTake(out var answer));
                if (answer.IsReply) { return string.Join(" ", seen); }
                seen.Add(_owners[answer.From.ToString()]);
            }
            return "nothing";
        }

        private HostStack Router(string name, params string[] plugs)
        {
            var router = Net.Add(name, new HostSettings { IsRouter = true });
            foreach (var plug in plugs)
            {
                var (hub, address) = (plug.Split(' ')[0], plug.Split(' ')[1]);
                var eth = Net.Attach(router, hub, $"{Address(address)}/{(_version == IpVersion.V4 ? 24 : 64)}");
                foreach (var own in eth.Addresses) { _owners[own.Address.ToString()] = name; }
            }
            return router;
        }

        private HostStack Host(string name, string hub, string address, string gateway)
        {
            var host = Net.Add(name);
            host.AddDefaultRoute(Net.Attach(host, hub, $"{Address(address)}/{(_version == IpVersion.V4 ? 24 : 64)}"), Address(gateway));
            return host;
        }

        private IpAddress Address(string last) => IpAddress.Parse(_version == IpVersion.V4 ? $"10.0.{last}" : $"2001:db8:{last.Replace(".", "::", StringComparison.Ordinal)}");
    }
}
