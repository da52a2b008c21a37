using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Advertising;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Packets;

namespace Firstbyte.Tests.Hosts;

public class ConfigurationTests
{
    [Fact]
    public void A_lease_is_asked_for_used_renewed_and_lost()
    {
        var station = new Station("");
        var client = new DhcpClient(station.Eth);
        station.Stack.Start(client, station.Now);
        var discover = Read(station, DhcpMessageType.Discover, broadcast: true);
        Answer(station, discover, DhcpMessageType.Offer);
        var request = Read(station, DhcpMessageType.Request, broadcast: true);
        Answer(station, request, DhcpMessageType.Ack);
        Assert.Equal(DhcpState.Bound, client.State);
        Assert.Equal("192.0.2.50/24", client.Lease!.Address.ToString());
        Assert.Equal("192.0.2.254", client.Lease.Router.ToString());
        Assert.Equal("192.0.2.53", Assert.Single(client.Lease.NameServers).ToString());
        Assert.True(station.Stack.Owns(IpAddress.Parse("192.0.2.50")));
        Assert.Equal("192.0.2.50", station.Stack.SourceFor(IpAddress.Parse("8.8.8.8")).ToString());

        // Half the lease has passed: the server is asked directly.
        station.Receive(Packet.Arp(ArpOperation.Request, Station.Peer, "192.0.2.254", MacAddress.Broadcast, "192.0.2.50"));
        station.Take();
        station.Pass(TimeSpan.FromSeconds(301));
        Assert.Equal(DhcpState.Renewing, client.State);
        var renewal = Read(station, DhcpMessageType.Request, broadcast: false);
        Answer(station, renewal, DhcpMessageType.Ack);
        Assert.Equal(DhcpState.Bound, client.State);

        // Nobody answers any more: any server is asked, and then the address is gone.
        station.Pass(TimeSpan.FromSeconds(530));
        Assert.Equal(DhcpState.Rebinding, client.State);
        station.Pass(TimeSpan.FromSeconds(80));
        Assert.Equal(DhcpState.Selecting, client.State);
        Assert.Null(client.Lease);
        Assert.Equal(["192.0.2.50/24", "192.0.2.50/24", null], station.Leases.Select(static told => told.Address));
        Assert.False(station.Stack.Owns(IpAddress.Parse("192.0.2.50")));
        Assert.False(station.Stack.Routes.TryMatch(IpAddress.Parse("8.8.8.8"), out _, out _));
    }

    [Fact]
    public void Without_a_server_the_question_is_repeated_at_growing_intervals()
    {
        var station = new Station("");
        station.Stack.Start(new DhcpClient(station.Eth), station.Now);
        var count = 0;
        while (station.Take() is not null) { count++; }
        station.Pass(TimeSpan.FromSeconds(190));
        while (station.Take() is not null) { count++; }
        // 0, 4, 12, 28, 60, 124, 188 seconds, each a second sooner or later.
        Assert.InRange(count, 6, 7);
    }

    [Fact]
    public void A_refusal_begins_the_search_anew_and_a_stranger_s_answer_is_ignored()
    {
        var station = new Station("");
        var client = new DhcpClient(station.Eth);
        station.Stack.Start(client, station.Now);
        var discover = Read(station, DhcpMessageType.Discover, broadcast: true);
        Answer(station, discover + 1, DhcpMessageType.Offer);
        Assert.Equal(DhcpState.Selecting, client.State);
        Answer(station, discover, DhcpMessageType.Offer);
        Answer(station, Read(station, DhcpMessageType.Request, broadcast: true), DhcpMessageType.Nak);
        Assert.Equal(DhcpState.Selecting, client.State);
        Read(station, DhcpMessageType.Discover, broadcast: true);
    }

    [Fact]
    public void A_router_s_advertisement_gives_an_address_and_a_way_out_until_they_expire()
    {
        var net = new Internet();
        var router = net.Add("router", new HostSettings { IsRouter = true });
        var inside = net.Attach(router, "lan", "2001:db8:1::1/64");
        var outside = net.Attach(router, "wan", "2001:db8:2::1/64");
        var host = net.Add("host");
        var eth = net.Attach(host, "lan", "");
        var far = net.Add("far");
        far.AddDefaultRoute(net.Attach(far, "wan", "2001:db8:2::9/64"), IpAddress.Parse("2001:db8:2::1"));
        var advertising = new RouterAdvertising(inside);
        router.Start(advertising, net.Now);
        host.SolicitRouters(eth, net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        var own = Assert.Single(eth.Addresses, address => !address.ToString().StartsWith("fe80", StringComparison.Ordinal));
        Assert.StartsWith("2001:db8:1::ff:fe00:", own.ToString());
        var ping = host.OpenPing(IpVersion.V6);
        Assert.Equal(Errno.None, host.SendEcho(ping, IpAddress.Parse("2001:db8:2::9"), 1, "x"u8, 0, net.Now));
        net.Run(TimeSpan.FromSeconds(5));
        Assert.True(ping.TryTake(out var answer) && answer.IsReply);
        // As long as the router lives it says so again and again; then it is silent.
        net.Run(TimeSpan.FromSeconds(3_600));
        Assert.Equal(Errno.None, host.SendEcho(ping, IpAddress.Parse("2001:db8:2::9"), 3, "x"u8, 0, net.Now));
        router.SetUp(inside, false, net.Now);
        net.Run(TimeSpan.FromSeconds(1_800));
        Assert.Equal(Errno.ENETUNREACH, host.SendEcho(ping, IpAddress.Parse("2001:db8:2::9"), 2, "x"u8, 0, net.Now));
        net.Run(TimeSpan.FromDays(31));
        Assert.Single(eth.Addresses);
        Assert.NotNull(outside);
    }

    [Fact]
    public void A_router_advertises_three_times_soon_and_then_every_200_to_600_seconds()
    {
        var net = new Internet();
        var router = net.Add("router", new HostSettings { IsRouter = true });
        var eth = net.Attach(router, "lan", "2001:db8:1::1/64");
        var sent = Advertisements(net);
        var advertising = new RouterAdvertising(eth);
        router.Start(advertising, net.Now);
        Assert.True(router.IsQuiet);
        net.Run(TimeSpan.FromHours(2));
        var gaps = sent.Zip(sent.Skip(1), static (first, second) => (second.At - first.At).TotalSeconds).ToArray();
        Assert.All(gaps[..2], static gap => Assert.InRange(gap, 0, 16));
        Assert.All(gaps[2..], static gap => Assert.InRange(gap, 200, 600));
        Assert.True(gaps[2..].Distinct().Count() > 5);
        router.Stop(advertising, net.Now);
        Assert.Equal((ushort)0, Last(net, sent).Lifetime);
        var count = sent.Count;
        net.Run(TimeSpan.FromHours(2));
        Assert.Equal(count, sent.Count);
    }

    [Fact]
    public void Whoever_asks_is_answered_within_half_a_second_but_nobody_more_often_than_every_three_seconds()
    {
        var net = new Internet();
        var router = net.Add("router", new HostSettings { IsRouter = true });
        var eth = net.Attach(router, "lan", "2001:db8:1::1/64");
        var host = net.Add("host");
        var own = net.Attach(host, "lan", "");
        var advertising = new RouterAdvertising(eth);
        router.Start(advertising, net.Now);
        net.Run(TimeSpan.FromSeconds(100));
        var sent = Advertisements(net);
        var asked = net.Now;
        host.SolicitRouters(own, net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        Assert.InRange((Assert.Single(sent).At - asked).TotalSeconds, 0, 0.51);
        for (var i = 0; i < 100; i++)
        {
            host.SolicitRouters(own, net.Now);
            net.Run(TimeSpan.FromSeconds(0.1));
        }
        net.Run(TimeSpan.FromSeconds(4));
        Assert.InRange(sent.Count, 4, 5);
        Assert.All(sent.Zip(sent.Skip(1)), static pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void When_the_first_router_takes_itself_back_the_second_is_the_way_out()
    {
        var net = new Internet();
        var routers = new[] { "r1", "r2" }.Select(name => net.Add(name, new HostSettings { IsRouter = true })).ToArray();
        var host = net.Add("host");
        var own = net.Attach(host, "lan", "");
        var advertisers = routers.Select((router, i) => new RouterAdvertising(net.Attach(router, "lan", $"2001:db8:1::{i + 1}/64"))).ToArray();
        for (var i = 0; i < 2; i++) { routers[i].Start(advertisers[i], net.Now); }
        net.Run(TimeSpan.FromSeconds(1));
        IpAddress Gateway() => host.Routes.TryMatch(IpAddress.Parse("2001:db8:9::9"), out _, out var route) ? route.Gateway : default;
        Assert.Equal(routers[0].Interfaces[1].Addresses[0].Address, Gateway());
        routers[0].Stop(advertisers[0], net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(routers[1].Interfaces[1].Addresses[0].Address, Gateway());
        routers[1].Stop(advertisers[1], net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(default, Gateway());
        // The prefix is still on the link, and so is the address.
        Assert.Equal(2, own.Addresses.Count);
    }

    [Fact]
    public void A_lie_about_a_prefix_shortens_an_address_s_life_to_two_hours_at_most()
    {
        var station = new Station("");
        byte[] Advertise(uint valid)
        {
            var message = new byte[NdpWriter.RouterAdvertisementLength];
            var (source, to) = (IpAddress.Parse("fe80::9"), IpAddress.Parse("ff02::1"));
            NdpWriter.SealRouterAdvertisement(message, Station.Peer, 64, 1_800, 1_500, new NdpPrefix(IpAddress.Parse("2001:db8:1::").Bits, 64, true, true, valid, Math.Min(valid, 100)), source.Bits, to.Bits);
            return Packet.V6("fe80::9", "ff02::1", IpProtocol.Icmpv6, message, 255, MacAddress.ForIpv6Multicast(to.Bits));
        }
        station.Receive(Advertise(86_400));
        Assert.Equal(2, station.Eth.Addresses.Count);
        station.Receive(Advertise(0));
        station.Pass(TimeSpan.FromSeconds(7_100));
        Assert.Equal(2, station.Eth.Addresses.Count);
        station.Pass(TimeSpan.FromSeconds(200));
        Assert.Single(station.Eth.Addresses);
    }

    private static List<(Firstbyte.Tracing.Instant At, ushort Lifetime)> Advertisements(Internet net)
    {
        var sent = new List<(Firstbyte.Tracing.Instant, ushort)>();
        net.Tap = (from, frame) =>
        {
            if (Ipv6View.TryParse(frame.Span[14..], out var packet, out _) && packet.Protocol == IpProtocol.Icmpv6 && NdpView.TryParse(packet.Payload, packet.HopLimit, out var ndp, out _) && ndp.Type == Icmpv6Type.RouterAdvertisement)
            {
                sent.Add((net.Now, ndp.RouterLifetime));
            }
        };
        return sent;
    }

    private static (Firstbyte.Tracing.Instant At, ushort Lifetime) Last(Internet net, List<(Firstbyte.Tracing.Instant At, ushort Lifetime)> sent)
    {
        net.Run(TimeSpan.FromSeconds(1));
        return sent[^1];
    }

    private static uint Read(Station station, DhcpMessageType expected, bool broadcast)
    {
        var frame = station.Take();
        Assert.NotNull(frame);
        Assert.True(Ipv4View.TryParse(frame.AsSpan(14), out var packet, out _));
        Assert.Equal(broadcast ? "255.255.255.255" : "192.0.2.254", packet.Destination.ToString());
        Assert.True(UdpView.TryParse(packet.Payload, out var udp, out _));
        Assert.True(DhcpView.TryParse(udp.Payload, out var message, out _));
        Assert.Equal(expected, message.MessageType);
        return message.TransactionId;
    }

    private static void Answer(Station station, uint transaction, DhcpMessageType type)
    {
        var buffer = new byte[400];
        var writer = new DhcpWriter(buffer, false, type, transaction, Station.Own) { YourAddress = IpAddress.Parse("192.0.2.50") };
        writer.Add(DhcpOption.ServerIdentifier, IpAddress.Parse("192.0.2.254"));
        writer.Add(DhcpOption.LeaseTime, 600u);
        writer.Add(DhcpOption.SubnetMask, IpAddress.Parse("255.255.255.0"));
        writer.Add(DhcpOption.Router, IpAddress.Parse("192.0.2.254"));
        writer.Add(DhcpOption.DomainNameServer, IpAddress.Parse("192.0.2.53"));
        writer.Add(DhcpOption.DomainName, "lab.test"u8);
        var length = writer.Seal();
        station.Receive(Packet.V4("192.0.2.254", "255.255.255.255", IpProtocol.Udp, Packet.Udp("192.0.2.254", 67, "255.255.255.255", 68, buffer[..length]), to: MacAddress.Broadcast));
    }
}
