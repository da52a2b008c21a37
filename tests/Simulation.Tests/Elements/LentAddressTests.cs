using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Elements;

/// <summary>Two hosts at home that have no address of their own: the router lends them theirs.</summary>
public class LentAddressTests
{
    private readonly Kernel _kernel = new(1);
    private readonly Internet _internet;
    private readonly Router _home;
    private readonly SimulatedHost _alice;
    private readonly SimulatedHost _bob;

    public LentAddressTests()
    {
        _internet = new Internet(_kernel);
        var lan = _internet.AddSubnet("lan", IpPrefix.Parse("192.168.0.0/24"));
        _home = _internet.AddRouter("home", new RouterSettings { Pools = [new AddressPool("lan", IpAddress.Parse("192.168.0.100"), IpAddress.Parse("192.168.0.101")) { DomainName = "home.test" }] });
        _home.Attach(lan, [IpAddress.Parse("192.168.0.1")], new WireSettings(TimeSpan.FromMicroseconds(50)));
        (_alice, _bob) = (Add("alice", lan), Add("bob", lan));
    }

    [Fact]
    public void They_have_addresses_before_the_first_second_is_over_and_reach_each_other()
    {
        Assert.True(_internet.AwaitAddresses(TimeSpan.FromSeconds(10)));
        Assert.True(_kernel.Now < Instant.SimulationEpoch + TimeSpan.FromSeconds(1));
        Assert.Equal("nameserver 192.168.0.1\nsearch home.test\n", Encoding.UTF8.GetString(_alice.Files.Read("/etc/resolv.conf")!));
        var to = Address(_bob);
        Assert.Same(_bob.Plugs[0], _internet.FindPlug(to));
        var heard = _kernel.Run("alice", "greet", async () =>
        {
            using var server = _bob.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            server.Bind(new Endpoint(IpAddress.AnyV4, 9));
            using var client = _alice.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            await client.SendToAsync("hello"u8.ToArray(), new Endpoint(to, 9));
            var buffer = new byte[10];
            return (await server.ReceiveFromAsync(buffer)).Remote.Address;
        });
        Assert.Equal(Address(_alice), heard);
        // A world in which leases are only renewed has come to rest.
        _kernel.RunUntil(_kernel.Now + TimeSpan.FromDays(3));
        Assert.True(_alice.HasAddresses);
    }

    [Fact]
    public void A_third_gets_nothing_until_an_address_is_free()
    {
        var carol = Add("carol", _internet.FindPlug(IpAddress.Parse("192.168.0.1"))!.Subnet);
        Assert.False(_internet.AwaitAddresses(TimeSpan.FromSeconds(10)));
        Assert.False(carol.HasAddresses);
        _kernel.Setup(() => _alice.Machine.Stack.Stop(_alice.Machine.Stack.Programs.OfType<DhcpClient>().Single(), _kernel.Now));
        _kernel.Setup(() => { _alice.Machine.Network.Flush(); return 0; });
        _kernel.RunUntil(_kernel.Now + TimeSpan.FromSeconds(90));
        Assert.True(carol.HasAddresses);
    }

    [Fact]
    public void A_pulled_cable_takes_the_address_and_the_way_out_away_until_it_is_back()
    {
        _internet.AwaitAddresses(TimeSpan.FromSeconds(10));
        var before = Address(_alice);
        _internet.Faults.Add(new LinkDownFault(_alice.Plugs[0].Wire) { From = _kernel.Now + TimeSpan.FromSeconds(1), Until = _kernel.Now + TimeSpan.FromSeconds(5) });
        _kernel.RunUntil(_kernel.Now + TimeSpan.FromSeconds(2));
        Assert.False(_alice.HasAddresses);
        Assert.False(_alice.Plugs[0].Interface.HasCarrier);
        Assert.Null(_internet.FindPlug(before));
        Assert.False(_alice.Machine.Stack.Routes.TryMatch(IpAddress.Parse("8.8.8.8"), out _, out _));
        _kernel.RunUntil(_kernel.Now + TimeSpan.FromSeconds(4));
        Assert.Equal(before, Address(_alice));
    }

    [Fact]
    public void One_direction_alone_may_be_cut_without_a_card_noticing_it()
    {
        var wire = _alice.Plugs[0].Wire;
        wire.A.IsUp = false;
        Assert.True(_alice.Plugs[0].Interface.HasCarrier);
        wire.B.IsUp = false;
        Assert.False(_alice.Plugs[0].Interface.HasCarrier);
        wire.A.IsUp = true;
        Assert.True(_alice.Plugs[0].Interface.HasCarrier);
    }

    [Fact]
    public void After_a_crash_of_everything_everybody_has_the_same_address_again()
    {
        _internet.AwaitAddresses(TimeSpan.FromSeconds(10));
        var before = (Address(_alice), Address(_bob));
        foreach (var node in (NetworkNode[])[_home, _alice, _bob]) { _internet.Faults.Add(new CrashFault(node) { From = _kernel.Now + TimeSpan.FromSeconds(1), Until = _kernel.Now + TimeSpan.FromSeconds(9) }); }
        _kernel.RunUntil(_kernel.Now + TimeSpan.FromSeconds(5));
        Assert.False(_alice.HasAddresses || _bob.HasAddresses);
        _kernel.RunUntil(_kernel.Now + TimeSpan.FromSeconds(20));
        Assert.Equal(before, (Address(_alice), Address(_bob)));
    }

    [Fact]
    public void A_pool_where_the_router_is_not_plugged_in_is_refused()
    {
        var router = _internet.AddRouter("lost", new RouterSettings { Pools = [new AddressPool("nowhere", IpAddress.Parse("10.0.0.1"), IpAddress.Parse("10.0.0.2"))] });
        router.Attach(_internet.AddSubnet("far", IpPrefix.Parse("10.0.0.0/24")), [IpAddress.Parse("10.0.0.254")], new WireSettings(TimeSpan.FromMicroseconds(50)));
        Assert.Contains("nowhere", Assert.Throws<ArgumentException>(_internet.Settle).Message, StringComparison.Ordinal);
    }

    private SimulatedHost Add(string name, Subnet lan)
    {
        var host = _internet.AddHost(name);
        host.UseDhcp(host.Attach(lan, [], new WireSettings(TimeSpan.FromMicroseconds(50))));
        return host;
    }

    private static IpAddress Address(SimulatedHost host) => host.Plugs[0].Interface.Addresses.Single(static own => own.Address.IsV4).Address;
}
