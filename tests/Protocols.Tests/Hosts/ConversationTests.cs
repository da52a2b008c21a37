using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Hosts;

/// <summary>Stacks that talk with each other over hubs and routers.</summary>
public class ConversationTests
{
    private static readonly Endpoint Www = Endpoint.TryParse("10.0.2.80:80", out var www) ? www : default;

    /// <summary>alice — lan — r1 — mid — r2 — wan — www</summary>
    private static (Internet Net, HostStack Alice, HostStack Www, HostStack First, HostStack Second) Routed(int seed = 1, int midMtu = 1_500)
    {
        var net = new Internet(seed);
        var (alice, www) = (net.Add("alice"), net.Add("www"));
        var (first, second) = (net.Add("r1", new HostSettings { IsRouter = true }), net.Add("r2", new HostSettings { IsRouter = true }));
        alice.AddDefaultRoute(net.Attach(alice, "lan", "10.0.0.2/24"), IpAddress.Parse("10.0.0.1"));
        net.Attach(first, "lan", "10.0.0.1/24");
        first.AddDefaultRoute(net.Attach(first, "mid", "10.0.1.1/24", midMtu), IpAddress.Parse("10.0.1.2"));
        second.AddDefaultRoute(net.Attach(second, "mid", "10.0.1.2/24", midMtu), IpAddress.Parse("10.0.1.1"));
        net.Attach(second, "wan", "10.0.2.1/24");
        www.AddDefaultRoute(net.Attach(www, "wan", "10.0.2.80/24"), IpAddress.Parse("10.0.2.1"));
        return (net, alice, www, first, second);
    }

    private static TcpSocket Listen(HostStack host, int backlog = 8, ushort port = 80)
    {
        var listener = host.OpenTcp(IpVersion.V4);
        Assert.Equal(Errno.None, host.Bind(listener, new Endpoint(IpAddress.AnyV4, port)));
        Assert.Equal(Errno.None, host.Listen(listener, backlog));
        return listener;
    }

    private static (TcpSocket Client, TcpSocket Server) Connect(Internet net, HostStack from, HostStack to)
    {
        var listener = Listen(to);
        var client = from.OpenTcp(IpVersion.V4);
        Assert.Equal(Errno.None, from.Connect(client, Www, net.Now));
        // Where frames are lost the third segment may be so again and again: what repeats it doubles its patience each time.
        net.Run(TimeSpan.FromMinutes(3), () => listener.IsAcceptable);
        Assert.True(client.WasEstablished);
        Assert.Equal(Errno.None, listener.Accept(out var server));
        to.Close(listener, byReset: false, net.Now);
        return (client, server);
    }

    private static byte[] Transfer(Internet net, HostStack from, TcpSocket source, HostStack to, TcpSocket sink, byte[] data, TimeSpan limit)
    {
        var received = new MemoryStream();
        var buffer = new byte[50_000];
        var sent = 0;
        var ended = false;
        net.Run(limit, () =>
        {
            while (sent < data.Length && from.Send(source, data.AsSpan(sent), out var count, net.Now) == Errno.None) { sent += count; }
            if (sent == data.Length) { from.Shutdown(source, receive: false, send: true, net.Now); }
            while (to.Receive(sink, buffer, out var count, net.Now) == Errno.None)
            {
                if (count == 0) { ended = true; break; }
                received.Write(buffer, 0, count);
            }
            return ended;
        });
        Assert.True(ended, $"{received.Length} of {data.Length} bytes came");
        return received.ToArray();
    }

    private static byte[] Numbered(int length)
    {
        var data = new byte[length];
        for (var i = 0; i + 4 <= length; i += 4) { BitConverter.TryWriteBytes(data.AsSpan(i), i); }
        return data;
    }

    [Fact]
    public void A_connection_over_two_routers_carries_a_megabyte_and_ends_in_order()
    {
        var (net, alice, www, _, _) = Routed();
        var (client, server) = Connect(net, alice, www);
        var data = Numbered(1 << 20);
        Assert.True(data.AsSpan().SequenceEqual(Transfer(net, alice, client, www, server, data, TimeSpan.FromMinutes(5))));
        www.Close(server, byReset: false, net.Now);
        alice.Close(client, byReset: false, net.Now);
        net.Run(TimeSpan.FromMinutes(5));
        Assert.Empty(alice.Connections);
        Assert.Empty(www.Connections);
        Assert.Equal(0, net.Frames.Outstanding);
    }

    [Fact]
    public void Loss_and_repetition_change_no_byte() =>
        Gen.Int[1, 1_000_000].Sample(seed =>
        {
            var (net, alice, www, _, _) = Routed(seed);
            net.LossOneIn = 30;
            net.TwiceOneIn = 20;
            var (client, server) = Connect(net, alice, www);
            var data = Numbered(60_000);
            Assert.True(data.AsSpan().SequenceEqual(Transfer(net, alice, client, www, server, data, TimeSpan.FromMinutes(20))));
        }, iter: 15);

    [Fact]
    public void A_link_with_a_smaller_mtu_is_discovered()
    {
        var (net, alice, www, _, _) = Routed(midMtu: 1_000);
        var (client, server) = Connect(net, alice, www);
        var data = Numbered(200_000);
        Assert.True(data.AsSpan().SequenceEqual(Transfer(net, alice, client, www, server, data, TimeSpan.FromMinutes(2))));
        Assert.True(client.Tcb.SegmentSize <= 960, $"segments of {client.Tcb.SegmentSize}");
    }

    [Fact]
    public void What_one_connection_learns_of_a_path_the_others_learn_too()
    {
        var (net, alice, www, _, _) = Routed(midMtu: 1_000);
        var (listener, first, second) = (Listen(www), alice.OpenTcp(IpVersion.V4), alice.OpenTcp(IpVersion.V4));
        alice.Connect(first, Www, net.Now);
        net.Run(TimeSpan.FromSeconds(30), () => listener.IsAcceptable);
        listener.Accept(out var firstServer);
        alice.Connect(second, Www, net.Now);
        net.Run(TimeSpan.FromSeconds(30), () => listener.IsAcceptable);
        listener.Accept(out var secondServer);
        var data = Numbered(50_000);
        // Both were opened for the longest packets; the first is told by a router, whom packets of the second never reach.
        Assert.True(data.AsSpan().SequenceEqual(Transfer(net, alice, first, www, firstServer, data, TimeSpan.FromMinutes(2))));
        var began = net.Now;
        Assert.True(data.AsSpan().SequenceEqual(Transfer(net, alice, second, www, secondServer, data, TimeSpan.FromMinutes(2))));
        Assert.True(net.Now - began < TimeSpan.FromSeconds(10));
        Assert.True(second.Tcb.SegmentSize <= 960, $"segments of {second.Tcb.SegmentSize}");
    }

    [Fact]
    public void A_router_divides_what_may_be_divided()
    {
        var (net, alice, www, _, _) = Routed(midMtu: 600);
        var mailbox = www.OpenUdp(IpVersion.V4);
        www.Bind(mailbox, new Endpoint(IpAddress.AnyV4, 53));
        var data = Numbered(5_000);
        alice.Send(alice.OpenUdp(IpVersion.V4), data, Www with { Port = 53 }, net.Now);
        net.Run(TimeSpan.FromSeconds(5));
        var buffer = new byte[6_000];
        Assert.Equal(Errno.None, mailbox.Receive(buffer, out var length, out _));
        Assert.True(data.AsSpan().SequenceEqual(buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Growing_hop_limits_name_the_routers_of_the_path()
    {
        var (net, alice, _, _, _) = Routed();
        var ping = alice.OpenPing(IpVersion.V4);
        var path = new List<string>();
        for (byte hops = 1; hops <= 3; hops++)
        {
            alice.SendEcho(ping, Www.Address, hops, "trace"u8, hops, net.Now);
            net.Run(TimeSpan.FromSeconds(4));
            Assert.True(ping.TryTake(out var answer));
            Assert.Equal(hops, answer.Sequence);
            path.Add($"{answer.From}{(answer.IsReply ? " replied" : "")}");
        }
        Assert.Equal(["10.0.0.1", "10.0.1.2", "10.0.2.80 replied"], path);
    }

    [Fact]
    public void Every_forwarding_names_the_row_that_matched()
    {
        var (net, alice, www, first, _) = Routed();
        var heard = new ListeningRouter();
        first.Listener = heard;
        var ping = alice.OpenPing(IpVersion.V4);
        alice.SendEcho(ping, Www.Address, 1, default, 0, net.Now);
        net.Run(TimeSpan.FromSeconds(4));
        Assert.Equal(["eth0>eth1 row 0.0.0.0/0 by 10.0.1.2 hops 63", "eth1>eth0 row 10.0.0.0/24 by  hops 62"], heard.Lines);
        Assert.NotNull(www);
    }

    [Fact]
    public void A_host_that_is_not_there_is_reported_by_the_last_router_and_connect_fails()
    {
        var (net, alice, _, _, _) = Routed();
        var client = alice.OpenTcp(IpVersion.V4);
        alice.Connect(client, new Endpoint(IpAddress.Parse("10.0.2.99"), 80), net.Now);
        // One round of questions without an answer may be bad luck: the SYN is repeated until it has happened again and again.
        net.Run(TimeSpan.FromSeconds(6.5));
        Assert.True(client.HasConnection);
        net.Run(TimeSpan.FromSeconds(8));
        Assert.Equal(Errno.EHOSTUNREACH, client.TakeFault());
        Assert.False(client.HasConnection);
    }

    [Fact]
    public void Where_nobody_listens_connect_is_refused_and_the_socket_may_try_again()
    {
        var (net, alice, www, _, _) = Routed();
        var client = alice.OpenTcp(IpVersion.V4);
        alice.Connect(client, Www, net.Now);
        net.Run(TimeSpan.FromSeconds(5), () => client.PendingFaultIs(Errno.ECONNREFUSED));
        Assert.Equal(Errno.ECONNREFUSED, client.TakeFault());
        var listener = Listen(www);
        Assert.Equal(Errno.None, alice.Connect(client, Www, net.Now));
        net.Run(TimeSpan.FromSeconds(5), () => listener.IsAcceptable);
        Assert.True(client.WasEstablished);
    }

    [Fact]
    public void A_full_backlog_drops_syns_and_a_flood_is_answered_with_cookies_that_open_connections()
    {
        var (net, alice, www, _, _) = Routed();
        var listener = Listen(www, backlog: 4);
        var heard = new ListeningRouter();
        www.Listener = heard;
        void Flood(int count, ushort from)
        {
            // Sources that do not exist behind the first router: their SYN,ACKs go nowhere.
            for (var i = 0; i < count; i++)
            {
                var source = $"10.0.0.{100 + i % 100}";
                var frame = Packet.V4(source, "10.0.2.80", IpProtocol.Tcp, Packet.Tcp(source, (ushort)(from + i), "10.0.2.80", 80, new TcpSegment { Flags = TcpFlags.Syn, Sequence = new SequenceNumber((uint)i) }), to: www.Interfaces[1].Hardware);
                www.Receive(www.Interfaces[1], net.Frames.Copy(frame), net.Now);
            }
        }
        Flood(50, 1_000);
        Assert.Equal(5, www.Connections.Count());
        Assert.Equal(45, heard.Drops.Count(reason => reason == FrameDropReason.BacklogFull));
        net.Run(TimeSpan.FromSeconds(1.5));
        Flood(1_000, 2_000);
        Assert.Equal(5, www.Connections.Count());
        var client = alice.OpenTcp(IpVersion.V4);
        alice.Connect(client, Www, net.Now);
        net.Run(TimeSpan.FromSeconds(1), () => listener.IsAcceptable);
        Assert.True(client.WasEstablished);
        Assert.Equal(Errno.None, listener.Accept(out var server));
        var data = Numbered(100_000);
        Assert.True(data.AsSpan().SequenceEqual(Transfer(net, alice, client, www, server, data, TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public void What_was_not_read_when_the_connection_ended_can_still_be_read()
    {
        var (net, alice, www, _, _) = Routed();
        var (client, server) = Connect(net, alice, www);
        alice.Send(client, "last words"u8, out _, net.Now);
        alice.Shutdown(client, receive: false, send: true, net.Now);
        net.Run(TimeSpan.FromSeconds(2));
        www.Shutdown(server, receive: false, send: true, net.Now);
        net.Run(TimeSpan.FromMinutes(10));
        Assert.Empty(www.Connections);
        var buffer = new byte[20];
        Assert.Equal(Errno.None, www.Receive(server, buffer, out var count, net.Now));
        Assert.Equal("last words"u8.ToArray(), buffer[..count]);
        Assert.Equal(Errno.None, www.Receive(server, buffer, out count, net.Now));
        Assert.Equal(0, count);
    }

    [Fact]
    public void Ports_of_ended_connections_come_free_and_bound_ones_are_kept()
    {
        var (net, alice, www, _, _) = Routed();
        var (client, server) = Connect(net, alice, www);
        var second = www.OpenTcp(IpVersion.V4);
        Assert.Equal(Errno.EADDRINUSE, www.Bind(second, new Endpoint(IpAddress.AnyV4, 80)));
        second.ReuseAddress = true;
        Assert.Equal(Errno.None, www.Bind(second, new Endpoint(IpAddress.AnyV4, 80)));
        www.Close(second, byReset: false, net.Now);
        alice.Close(client, byReset: true, net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(Errno.ECONNRESET, www.Receive(server, new byte[1], out _, net.Now));
        www.Close(server, byReset: false, net.Now);
        var third = www.OpenTcp(IpVersion.V4);
        Assert.Equal(Errno.None, www.Bind(third, new Endpoint(IpAddress.AnyV4, 80)));
    }

    [Fact]
    public void Ephemeral_ports_differ_from_connection_to_connection_and_stay_in_their_range()
    {
        var (net, alice, www, _, _) = Routed();
        Listen(www, backlog: 100);
        var ports = new HashSet<ushort>();
        for (var i = 0; i < 50; i++)
        {
            var client = alice.OpenTcp(IpVersion.V4);
            Assert.Equal(Errno.None, alice.Connect(client, Www, net.Now));
            Assert.True(client.Local.Port >= 49_152);
            Assert.True(ports.Add(client.Local.Port));
        }
    }

    [Fact]
    public void The_same_calls_give_the_same_frames()
    {
        static string Run()
        {
            var (net, alice, www, _, _) = Routed();
            net.LossOneIn = 20;
            var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
            net.Tap = (_, frame) => hash.AppendData(frame.Span);
            var (client, server) = Connect(net, alice, www);
            Transfer(net, alice, client, www, server, Numbered(50_000), TimeSpan.FromMinutes(20));
            return Convert.ToHexString(hash.GetHashAndReset());
        }
        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void In_steady_state_a_router_and_two_hosts_allocate_nothing_for_a_datagram()
    {
        var (net, alice, www, _, _) = Routed();
        var server = www.OpenUdp(IpVersion.V4);
        www.Bind(server, new Endpoint(IpAddress.AnyV4, 53));
        var client = alice.OpenUdp(IpVersion.V4);
        var (data, buffer) = (new byte[500], new byte[500]);
        var exchanged = 0;
        void Exchange(int times)
        {
            for (var i = 0; i < times; i++)
            {
                alice.Send(client, data, Www with { Port = 53 }, net.Now);
                net.Run(TimeSpan.FromMilliseconds(4));
                if (server.Receive(buffer, out var length, out var from) != Errno.None) { continue; }
                www.Send(server, buffer.AsSpan(0, length), from, net.Now);
                net.Run(TimeSpan.FromMilliseconds(4));
                if (client.Receive(buffer, out _, out _) == Errno.None) { exchanged++; }
            }
        }
        net.Run(TimeSpan.FromSeconds(1));
        alice.Send(client, data, Www with { Port = 53 }, net.Now);
        net.Run(TimeSpan.FromSeconds(1));
        server.Receive(buffer, out _, out _);
        Exchange(300);
        exchanged = 0;
        // The runtime may allocate for itself once (a method compiled anew): the best of a few rounds is what the code needs.
        var least = long.MaxValue;
        for (var round = 0; round < 5 && least > 0; round++)
        {
            var (before, deliveries) = (GC.GetAllocatedBytesForCurrentThread(), net.Deliveries);
            Exchange(100);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(net.Deliveries - deliveries >= 600);
            Assert.Equal(100 * (round + 1), exchanged);
        }
        Assert.Equal(0, least);
    }

    private sealed class ListeningRouter : IHostListener
    {
        public List<string> Lines { get; } = [];

        public List<FrameDropReason> Drops { get; } = [];

        public void OnFrame(in FrameDecision decision, ReadOnlySpan<byte> packet)
        {
            if (decision.Verdict == FrameVerdict.Dropped) { Drops.Add(decision.Reason); return; }
            if (decision.Verdict != FrameVerdict.Forwarded) { return; }
            var told = Assert.IsType<FrameForwarded>(decision.ToEvent("r1", packet));
            Lines.Add($"{told.Inbound}>{told.Outbound} row {told.Row} by {told.Gateway} hops {told.HopsLeft}");
        }

        public void OnNeighbor(Neighbor neighbor, RowChange change) { }

        public void OnRoute(IpPrefix prefix, in Route route, RowChange change) { }

        public void OnTranslation(in NatRow row, RowChange change) { }

        public void OnProgram(HostProgramEvent told) { }

        public void OnSegment(TcpSocket socket, ReadOnlySpan<TcpTraceEntry> clauses) { }
    }
}

internal static class SocketExpectations
{
    public static bool PendingFaultIs(this HostSocket socket, Errno fault) => socket.PendingFault == fault;
}
