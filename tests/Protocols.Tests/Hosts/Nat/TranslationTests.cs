using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Nat;
using Firstbyte.Packets;

namespace Firstbyte.Tests.Hosts.Nat;

/// <summary>A home: alice and bob behind one address, the world with a server on the other side.</summary>
public class TranslationTests
{
    private static readonly Endpoint Www = At("203.0.113.80:80");

    [Fact]
    public void A_connection_from_inside_looks_as_if_the_router_had_made_it()
    {
        var home = new Home();
        var (listener, client) = home.Connect(home.Alice);
        Assert.Equal(Errno.None, listener.Accept(out var served));
        Assert.Equal("203.0.113.7", served.Remote.Address.ToString());
        Assert.Equal(Errno.None, home.Alice.Send(client, "question"u8, out _, home.Net.Now));
        home.Net.Run(TimeSpan.FromSeconds(1));
        var buffer = new byte[100];
        Assert.Equal(Errno.None, home.Server.Receive(served, buffer, out var count, home.Net.Now));
        Assert.Equal("question"u8, buffer.AsSpan(0, count));
        home.Server.Send(served, "answer"u8, out _, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(Errno.None, home.Alice.Receive(client, buffer, out count, home.Net.Now));
        Assert.Equal("answer"u8, buffer.AsSpan(0, count));
        var row = Assert.Single(home.Translation.Rows);
        Assert.Equal((client.Local, served.Remote, Www), (row.Inside, row.Outside, row.Remote));
        // The outside never hears of an inside address.
        Assert.DoesNotContain(home.OutsidePackets, packet => packet.Source.StartsWith("192.168.", StringComparison.Ordinal) || packet.Target.StartsWith("192.168.", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_was_not_asked_meets_silence_and_the_router_itself_answers_a_ping()
    {
        var home = new Home();
        var stranger = home.Server.OpenTcp(IpVersion.V4);
        home.Server.Connect(stranger, At("203.0.113.7:22"), home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(10));
        Assert.False(stranger.WasEstablished);
        Assert.Equal(Errno.None, stranger.TakeFault());
        // Nor by the inside's own address, with the router for a gateway.
        home.Server.AddRoute(IpPrefix.Parse("192.168.0.0/24"), new Route(home.Server.Interfaces[1], IpAddress.Parse("203.0.113.7")));
        var ping = home.Server.OpenPing(IpVersion.V4);
        home.Server.SendEcho(ping, IpAddress.Parse("192.168.0.10"), 1, default, 0, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(3));
        Assert.False(ping.TryTake(out _));
        home.Server.SendEcho(ping, IpAddress.Parse("203.0.113.7"), 2, default, 0, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(3));
        Assert.True(ping.TryTake(out var answer) && answer.IsReply);
    }

    [Fact]
    public void Two_hosts_ping_with_the_same_number_and_each_gets_its_own_answers()
    {
        var home = new Home();
        foreach (var host in (HostStack[])[home.Alice, home.Bob])
        {
            var ping = host.OpenPing(IpVersion.V4);
            host.SendEcho(ping, Www.Address, 9, "data"u8, 0, home.Net.Now);
            home.Net.Run(TimeSpan.FromSeconds(1));
            Assert.True(ping.TryTake(out var answer) && answer is { IsReply: true, Sequence: 9 });
        }
        Assert.Equal(2, home.Translation.Rows.Select(static row => row.Outside).Distinct().Count());
    }

    [Fact]
    public void A_datagram_longer_than_every_link_passes_in_pieces_and_comes_back()
    {
        var home = new Home(outsideMtu: 800);
        var data = Enumerable.Range(0, 5_000).Select(static i => (byte)i).ToArray();
        var server = home.Server.OpenUdp(IpVersion.V4);
        home.Server.Bind(server, Www);
        var client = home.Alice.OpenUdp(IpVersion.V4);
        Assert.Equal(Errno.None, home.Alice.Send(client, data, Www, home.Net.Now));
        home.Net.Run(TimeSpan.FromSeconds(2));
        var buffer = new byte[6_000];
        Assert.Equal(Errno.None, server.Receive(buffer, out var length, out var from));
        Assert.Equal(data, buffer[..length]);
        Assert.Equal("203.0.113.7", from.Address.ToString());
        home.Server.Send(server, data, from, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(Errno.None, client.Receive(buffer, out length, out _));
        Assert.Equal(data, buffer[..length]);
        Assert.Equal(0, home.Net.Frames.Outstanding);
    }

    [Fact]
    public void Errors_of_every_place_on_the_way_reach_the_program_inside()
    {
        var home = new Home();
        var client = home.Alice.OpenUdp(IpVersion.V4);
        client.ReportsErrors = true;
        // A closed port of the server; hops that end at the router; a neighbour outside who is not there; one inside who is not.
        Assert.Equal("203.0.113.80 ECONNREFUSED about 203.0.113.80:9", home.Send(client, "203.0.113.80:9", 0));
        Assert.Equal("192.168.0.1 EHOSTUNREACH about 203.0.113.80:9", home.Send(client, "203.0.113.80:9", 1));
        Assert.Equal("203.0.113.7 EHOSTUNREACH about 203.0.113.99:9", home.Send(client, "203.0.113.99:9", 0));
        Assert.Equal("192.168.0.1 ENETUNREACH about 198.51.100.1:9", home.Send(client, "198.51.100.1:9", 0));
        Assert.Equal(0, home.Net.Frames.Outstanding);
    }

    [Fact]
    public void A_server_learns_that_a_host_inside_is_gone_without_learning_its_address()
    {
        var home = new Home();
        var server = home.Server.OpenUdp(IpVersion.V4);
        server.ReportsErrors = true;
        home.Server.Bind(server, Www);
        var client = home.Alice.OpenUdp(IpVersion.V4);
        home.Alice.Send(client, "x"u8, Www, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(Errno.None, server.Receive(new byte[10], out _, out var from));
        // The port is closed by now: alice's own error is translated.
        home.Alice.Close(client);
        home.Server.Send(server, "y"u8, from, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        Assert.True(server.TryTakeError(out var error));
        Assert.Equal(("203.0.113.7", Errno.ECONNREFUSED, from), (error.From.ToString(), error.Fault, error.About));
        // Her cable is pulled: the router says so, and its error is translated too.
        home.Net.Run(TimeSpan.FromSeconds(60));
        home.Alice.SetUp(home.Alice.Interfaces[1], false, home.Net.Now);
        for (var i = 0; i < 3; i++)
        {
            home.Server.Send(server, "z"u8, from, home.Net.Now);
            home.Net.Run(TimeSpan.FromSeconds(20));
        }
        Assert.True(server.TryTakeError(out error));
        Assert.Equal((Errno.EHOSTUNREACH, from), (error.Fault, error.About));
        Assert.DoesNotContain(home.OutsidePackets, static packet => packet.Source.StartsWith("192.168.", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_hosts_inside_reach_each_other_by_their_outside_ports()
    {
        var home = new Home();
        var (alice, bob) = (home.Alice.OpenUdp(IpVersion.V4), home.Bob.OpenUdp(IpVersion.V4));
        home.Alice.Bind(alice, At("192.168.0.10:5000"));
        home.Bob.Bind(bob, At("192.168.0.11:5002"));
        // Both have told somebody outside who they are, as a rendezvous server is told.
        home.Alice.Send(alice, "x"u8, Www, home.Net.Now);
        home.Bob.Send(bob, "x"u8, Www, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        // The first packet opens the way for the other's; the filter holds inside as it does outside.
        home.Alice.Send(alice, "from alice"u8, At("203.0.113.7:5002"), home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        home.Bob.Send(bob, "from bob"u8, At("203.0.113.7:5000"), home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        var buffer = new byte[100];
        Assert.Equal(Errno.None, alice.Receive(buffer, out var length, out var from));
        Assert.Equal(("from bob", "203.0.113.7:5002"), (System.Text.Encoding.ASCII.GetString(buffer, 0, length), from.ToString()));
        home.Alice.Send(alice, "again"u8, from, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(Errno.None, bob.Receive(buffer, out length, out from));
        Assert.Equal(("again", "203.0.113.7:5000"), (System.Text.Encoding.ASCII.GetString(buffer, 0, length), from.ToString()));
    }

    [Fact]
    public void A_black_hole_is_none_when_the_router_tells_the_outside_about_the_mtu_inside()
    {
        var home = new Home(insideMtu: 600);
        var (listener, client) = home.Connect(home.Alice);
        Assert.Equal(Errno.None, listener.Accept(out var served));
        var data = new byte[20_000];
        home.Server.Send(served, data, out var sent, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(20));
        var received = 0;
        while (home.Alice.Receive(client, data, out var count, home.Net.Now) == Errno.None && count > 0)
        {
            received += count;
            home.Net.Run(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(sent, received);
    }

    [Fact]
    public void Rows_expire_and_a_new_outside_address_begins_with_an_empty_table()
    {
        var home = new Home();
        var client = home.Alice.OpenUdp(IpVersion.V4);
        home.Alice.Send(client, "x"u8, Www, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(299));
        Assert.Equal(1, home.Translation.Count);
        Assert.True(home.Router.IsQuiet);
        home.Net.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(0, home.Translation.Count);
        home.Alice.Send(client, "x"u8, Www, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        var outside = home.Router.Interfaces[2];
        home.Router.RemoveAddress(outside, InterfaceAddress.Parse("203.0.113.7/24"));
        home.Router.AddAddress(outside, InterfaceAddress.Parse("203.0.113.8/24"));
        home.Bob.Send(home.Bob.OpenUdp(IpVersion.V4), "x"u8, Www, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal("203.0.113.8", Assert.Single(home.Translation.Rows).Outside.Address.ToString());
    }

    [Fact]
    public void Translating_costs_no_garbage_once_the_rows_are_there()
    {
        var home = new Home();
        var server = home.Server.OpenUdp(IpVersion.V4);
        home.Server.Bind(server, Www);
        var client = home.Alice.OpenUdp(IpVersion.V4);
        var (data, buffer) = (new byte[500], new byte[600]);
        home.Net.Tap = null;
        var answered = 0;
        void Exchange(int count)
        {
            for (var i = 0; i < count; i++)
            {
                home.Alice.Send(client, data, Www, home.Net.Now);
                home.Net.Run(TimeSpan.FromMilliseconds(5));
                server.Receive(buffer, out _, out var from);
                home.Server.Send(server, data, from, home.Net.Now);
                home.Net.Run(TimeSpan.FromMilliseconds(5));
                if (client.Receive(buffer, out _, out _) == Errno.None) { answered++; }
            }
        }
        home.Alice.Send(client, data, Www, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        server.Receive(buffer, out _, out var first);
        home.Server.Send(server, data, first, home.Net.Now);
        home.Net.Run(TimeSpan.FromSeconds(1));
        client.Receive(buffer, out _, out _);
        Assert.Equal(0, Allocations.Of(() => Exchange(1)));
        Assert.True(answered >= 70);
    }

    private static Endpoint At(string text) => new(IpAddress.Parse(text[..text.IndexOf(':', StringComparison.Ordinal)]), ushort.Parse(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    private sealed class Home
    {
        public Home(int outsideMtu = 1_500, int insideMtu = 1_500)
        {
            Router = Net.Add("home", new HostSettings { IsRouter = true });
            Net.Attach(Router, "lan", "192.168.0.1/24", insideMtu);
            var outside = Net.Attach(Router, "wan", "203.0.113.7/24", outsideMtu);
            Translation = new AddressTranslation(outside);
            Router.Start(Translation, Net.Now);
            Alice = Inside("alice", "192.168.0.10/24");
            Bob = Inside("bob", "192.168.0.11/24");
            Server = Net.Add("www");
            Net.Attach(Server, "wan", "203.0.113.80/24");
            Net.Tap = (from, frame) =>
            {
                if ((from == outside || from == Server.Interfaces[1]) && EthernetView.TryParse(frame.Span, out var ethernet, out _) && Ipv4View.TryParse(ethernet.Payload, out var packet, out _))
                {
                    OutsidePackets.Add((packet.Source.ToString(), packet.Destination.ToString()));
                }
            };
        }

        public Internet Net { get; } = new();

        public HostStack Router { get; }

        public AddressTranslation Translation { get; }

        public HostStack Alice { get; }

        public HostStack Bob { get; }

        public HostStack Server { get; }

        public List<(string Source, string Target)> OutsidePackets { get; } = [];

        public (TcpSocket Listener, TcpSocket Client) Connect(HostStack from)
        {
            var listener = Server.OpenTcp(IpVersion.V4);
            Server.Bind(listener, Www);
            Server.Listen(listener, 5);
            var client = from.OpenTcp(IpVersion.V4);
            Assert.Equal(Errno.None, from.Connect(client, Www, Net.Now));
            Net.Run(TimeSpan.FromSeconds(2));
            Assert.True(client.WasEstablished);
            return (listener, client);
        }

        public string Send(UdpSocket client, string to, byte hops)
        {
            client.HopLimit = hops;
            Alice.Send(client, "probe"u8, At(to), Net.Now);
            Net.Run(TimeSpan.FromSeconds(6));
            return client.TryTakeError(out var error) ? $"{error.From} {error.Fault} about {error.About}" : "nothing";
        }

        private HostStack Inside(string name, string address)
        {
            var host = Net.Add(name);
            host.AddDefaultRoute(Net.Attach(host, "lan", address), IpAddress.Parse("192.168.0.1"));
            return host;
        }
    }
}
