using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Packets;

namespace Firstbyte.Tests.Hosts.Dhcp;

/// <summary>A server and its clients on one hub: the messages on the wire, and what becomes of the hosts' tables.</summary>
public class DhcpTests
{
    [Fact]
    public void A_host_without_an_address_gets_everything_that_it_needs()
    {
        var lan = new Lan();
        lan.Net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(["DISCOVER *", "OFFER 192.168.0.100 *", "REQUEST *", "ACK 192.168.0.100 *"], lan.Messages);
        Assert.Equal(DhcpState.Bound, lan.Client.State);
        Assert.Equal("192.168.0.100/24", lan.Eth.Addresses.Single(static own => own.Address.IsV4).ToString());
        Assert.Equal("192.168.0.1", lan.Gateway());
        Assert.Equal(("192.168.0.1", "lan.test"), (lan.Client.Lease!.NameServers.Single().ToString(), lan.Client.Lease.DomainName));
        Assert.True(lan.Pings());
        // Nobody waits for the renewal.
        Assert.True(lan.Host.IsQuiet);
    }

    [Fact]
    public void A_lease_is_renewed_by_unicast_for_as_long_as_the_host_lives()
    {
        var lan = new Lan();
        lan.Net.Run(TimeSpan.FromHours(5));
        Assert.Equal("ACK 192.168.0.100 *", lan.Messages[3]);
        Assert.Equal("REQUEST 192.168.0.100 192.168.0.1", lan.Messages[4]);
        Assert.Equal("ACK 192.168.0.100 192.168.0.100", lan.Messages[5]);
        // An hour's lease, renewed every half hour.
        Assert.InRange(lan.Messages.Count, 4 + 2 * 9, 4 + 2 * 10);
        Assert.Single(lan.Client.Lease!.Address.ToString(), static letter => letter == '/');
    }

    [Fact]
    public void Without_its_server_a_host_asks_everybody_and_then_has_nothing()
    {
        var lan = new Lan();
        lan.Net.Run(TimeSpan.FromSeconds(1));
        lan.Router.Stop(lan.Served, lan.Net.Now);
        lan.Net.Run(TimeSpan.FromMinutes(54));
        Assert.Equal(DhcpState.Rebinding, lan.Client.State);
        Assert.Equal("REQUEST 192.168.0.100 *", lan.Messages[^1]);
        lan.Net.Run(TimeSpan.FromMinutes(10));
        Assert.Null(lan.Client.Lease);
        Assert.DoesNotContain(lan.Eth.Addresses, static own => own.Address.IsV4);
        Assert.Equal("none", lan.Gateway());
        lan.Router.Start(lan.Served, lan.Net.Now);
        lan.Net.Run(TimeSpan.FromMinutes(2));
        Assert.Equal("192.168.0.100/24", lan.Client.Lease!.Address.ToString());
    }

    [Fact]
    public void A_crash_of_the_server_loses_no_lease()
    {
        var lan = new Lan();
        lan.Net.Run(TimeSpan.FromSeconds(1));
        lan.Router.Crash(lan.Net.Now);
        lan.Net.Run(TimeSpan.FromMinutes(10));
        lan.Router.Restart(lan.Net.Now);
        lan.Net.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(DhcpState.Bound, lan.Client.State);
        Assert.Equal("REQUEST 192.168.0.100 192.168.0.1", lan.Messages[4]);
        Assert.Equal(DhcpBindingState.Leased, lan.Served.Server.Bindings.Single().State);
    }

    [Fact]
    public void A_host_that_ends_in_good_order_gives_its_address_back()
    {
        var lan = new Lan();
        lan.Net.Run(TimeSpan.FromSeconds(1));
        lan.Host.Stop(lan.Client, lan.Net.Now);
        Assert.DoesNotContain(lan.Eth.Addresses, static own => own.Address.IsV4);
        lan.Net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(DhcpBindingState.Free, lan.Served.Server.Bindings.Single().State);
    }

    [Fact]
    public void A_pulled_cable_takes_the_lease_away_and_plugged_in_again_the_host_asks_for_the_same_address()
    {
        var lan = new Lan();
        lan.Net.Run(TimeSpan.FromSeconds(1));
        lan.Host.SetCarrier(lan.Eth, false, lan.Net.Now);
        Assert.Null(lan.Client.Lease);
        Assert.Equal("none", lan.Gateway());
        lan.Net.Run(TimeSpan.FromHours(3));
        lan.Host.SetCarrier(lan.Eth, true, lan.Net.Now);
        lan.Net.Run(TimeSpan.FromSeconds(1));
        // Its lease is over, and the server still knows whose it was.
        Assert.Equal(["REQUEST *", "ACK 192.168.0.100 *"], lan.Messages[4..]);
        Assert.True(lan.Pings());
    }

    [Fact]
    public void Plugged_in_elsewhere_it_is_refused_and_gets_an_address_of_the_other_network()
    {
        var lan = new Lan();
        lan.Net.Run(TimeSpan.FromSeconds(1));
        lan.Host.SetCarrier(lan.Eth, false, lan.Net.Now);
        lan.Router.Stop(lan.Served, lan.Net.Now);
        var settings = new DhcpServerSettings(IpPrefix.Parse("10.7.0.0/16"), IpAddress.Parse("10.7.0.5"), IpAddress.Parse("10.7.0.9"));
        lan.Router.AddAddress(lan.Inside, InterfaceAddress.Parse("10.7.0.1/16"));
        lan.Router.Start(new DhcpServerProgram(lan.Inside, new DhcpServer(settings, IpAddress.Parse("10.7.0.1"))), lan.Net.Now);
        lan.Host.SetCarrier(lan.Eth, true, lan.Net.Now);
        lan.Net.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(["REQUEST *", "NAK *", "DISCOVER *", "OFFER 10.7.0.5 *", "REQUEST *", "ACK 10.7.0.5 *"], lan.Messages[4..]);
    }

    [Fact]
    public void Answers_that_no_host_could_use_and_bytes_that_are_none_change_nothing()
    {
        var station = new Station("192.168.0.1/24", new HostSettings { IsRouter = true });
        var served = new DhcpServerProgram(station.Eth, new DhcpServer(Lan.Settings, IpAddress.Parse("192.168.0.1")));
        station.Stack.Start(served, station.Now);
        void Tell(byte[] message) => station.Receive(Packet.V4("0.0.0.0", "255.255.255.255", IpProtocol.Udp, Packet.Udp("0.0.0.0", 68, "255.255.255.255", 67, message), to: MacAddress.Broadcast));
        byte[] Discover(MacAddress hardware)
        {
            var buffer = new byte[DhcpWriter.MinLength];
            var writer = new DhcpWriter(buffer, true, DhcpMessageType.Discover, 5, hardware);
            writer.Seal();
            return buffer;
        }
        Tell(Discover(Station.Peer)[..200]);
        Assert.Equal(FrameDropReason.Malformed, station.LastDrop);
        Tell(Discover(MacAddress.Broadcast));
        Assert.Equal(FrameDropReason.NoListener, station.LastDrop);
        var relayed = Discover(Station.Peer);
        relayed[27] = 9;
        Tell(relayed);
        var answer = Discover(Station.Peer);
        answer[0] = 2;
        Tell(answer);
        station.ExpectNothing();
        Assert.Empty(served.Server.Bindings);
        Tell(Discover(Station.Peer));
        // To the client's hardware address, though it cannot answer for the IP address yet.
        station.Expect("192.168.0.1 > 192.168.0.100 ttl 64 udp 67>68 300");
        Assert.Equal("192.168.0.100", served.Server.Bindings.Single().Address.ToString());
    }

    private sealed class Lan
    {
        public static readonly DhcpServerSettings Settings = new(IpPrefix.Parse("192.168.0.0/24"), IpAddress.Parse("192.168.0.100"), IpAddress.Parse("192.168.0.199"))
        {
            Routers = [IpAddress.Parse("192.168.0.1")],
            NameServers = [IpAddress.Parse("192.168.0.1")],
            DomainName = "lan.test",
            LeaseTime = TimeSpan.FromHours(1),
        };

        public Lan()
        {
            Router = Net.Add("home", new HostSettings { IsRouter = true });
            Inside = Net.Attach(Router, "lan", "192.168.0.1/24");
            Served = new DhcpServerProgram(Inside, new DhcpServer(Settings, IpAddress.Parse("192.168.0.1")));
            Router.Start(Served, Net.Now);
            Host = Net.Add("alice");
            Eth = Net.Attach(Host, "lan", "");
            Client = new DhcpClient(Eth);
            Host.Start(Client, Net.Now);
            Net.Tap = (_, frame) => Note(frame.Span[14..]);
        }

        public Internet Net { get; } = new();

        public HostStack Router { get; }

        public NetworkInterface Inside { get; }

        public DhcpServerProgram Served { get; }

        public HostStack Host { get; }

        public NetworkInterface Eth { get; }

        public DhcpClient Client { get; }

        /// <summary>What was said, from where where the sender has an address, and to whom: * is everybody.</summary>
        public List<string> Messages { get; } = [];

        public string Gateway() => Host.Routes.TryMatch(IpAddress.Parse("8.8.8.8"), out _, out var route) ? route.Gateway.ToString() : "none";

        public bool Pings()
        {
            var ping = Host.OpenPing(IpVersion.V4);
            Host.SendEcho(ping, IpAddress.Parse("192.168.0.1"), 1, default, 0, Net.Now);
            Net.Run(TimeSpan.FromSeconds(1));
            return ping.TryTake(out var answer) && answer.IsReply;
        }

        private void Note(ReadOnlySpan<byte> packet)
        {
            if (!Ipv4View.TryParse(packet, out var view, out _) || view.Protocol != IpProtocol.Udp || !UdpView.TryParse(view.Payload, out var udp, out _) || !DhcpView.TryParse(udp.Payload, out var message, out _)) { return; }
            var to = view.Destination == IpAddress.FromV4(uint.MaxValue) ? "*" : view.Destination.ToString();
            var about = message.IsRequest ? message.ClientAddress : message.YourAddress;
            Messages.Add($"{message.MessageType.ToString().ToUpperInvariant()} {(about == IpAddress.AnyV4 ? "" : about + " ")}{to}");
        }
    }
}
