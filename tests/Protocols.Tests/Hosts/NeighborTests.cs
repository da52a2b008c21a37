using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Packets;

namespace Firstbyte.Tests.Hosts;

public class NeighborTests
{
    private static readonly Endpoint Target = new(IpAddress.Parse("192.0.2.2"), 9);

    [Fact]
    public void The_first_packet_asks_and_waits_and_the_answer_lets_it_go()
    {
        var station = new Station();
        var socket = station.Stack.OpenUdp(IpVersion.V4);
        Assert.Equal(Errno.None, station.Stack.Send(socket, "x"u8, Target, station.Now));
        station.Expect("arp request 192.0.2.1 02:00:00:00:00:01 asks 192.0.2.2 to ff:ff:ff:ff:ff:ff");
        station.ExpectNothing();
        station.Receive(Packet.Arp(ArpOperation.Reply, Station.Peer, "192.0.2.2", Station.Own, "192.0.2.1"));
        station.Expect($"192.0.2.1 > 192.0.2.2 ttl 64 udp {socket.Local.Port}>9 1");
        station.ExpectNothing();
        Assert.Equal(NeighborState.Reachable, Assert.Single(station.Stack.Neighbors).State);
    }

    [Fact]
    public void Nobody_answers_after_three_questions_and_the_fixed_peer_is_unreachable()
    {
        var station = new Station();
        var socket = station.Stack.OpenUdp(IpVersion.V4);
        station.Stack.Connect(socket, Target);
        station.Stack.Send(socket, "x"u8, null, station.Now);
        for (var i = 0; i < 3; i++)
        {
            station.Expect("arp request 192.0.2.1 02:00:00:00:00:01 asks 192.0.2.2 to ff:ff:ff:ff:ff:ff");
            station.ExpectNothing();
            station.Pass(TimeSpan.FromSeconds(1));
        }
        station.ExpectNothing();
        Assert.Equal(FrameDropReason.NeighborUnreachable, station.LastDrop);
        Assert.Equal(Errno.EHOSTUNREACH, socket.Receive(new byte[1], out _, out _));
        Assert.Empty(station.Stack.Neighbors);
        Assert.Equal(0, station.Frames.Outstanding);
    }

    [Fact]
    public void A_question_for_us_is_answered_and_its_sender_is_remembered()
    {
        var station = new Station();
        station.Receive(Packet.Arp(ArpOperation.Request, Station.Peer, "192.0.2.2", MacAddress.Broadcast, "192.0.2.1"));
        station.Expect("arp reply 192.0.2.1 02:00:00:00:00:01 asks 192.0.2.2 to 02:00:00:00:00:02");
        Assert.Equal((Station.Peer, NeighborState.Stale), (Assert.Single(station.Stack.Neighbors).Hardware, station.Stack.Neighbors.First().State));
    }

    [Fact]
    public void A_question_for_somebody_else_is_neither_answered_nor_remembered()
    {
        var station = new Station();
        station.Receive(Packet.Arp(ArpOperation.Request, Station.Peer, "192.0.2.2", MacAddress.Broadcast, "192.0.2.77"));
        station.ExpectNothing();
        Assert.Empty(station.Stack.Neighbors);
    }

    [Fact]
    public void An_answer_that_nobody_asked_for_makes_no_row()
    {
        var station = new Station();
        station.Receive(Packet.Arp(ArpOperation.Reply, Station.Peer, "192.0.2.99", MacAddress.Broadcast, "192.0.2.99"));
        Assert.Empty(station.Stack.Neighbors);
    }

    [Fact]
    public void A_claim_to_our_own_address_is_dropped()
    {
        var station = new Station();
        station.Receive(Packet.Arp(ArpOperation.Request, Station.Peer, "192.0.2.1", MacAddress.Broadcast, "192.0.2.1"));
        Assert.Equal(FrameDropReason.MartianAddress, station.LastDrop);
    }

    [Fact]
    public void A_stale_row_is_used_at_once_and_asked_again_after_five_seconds()
    {
        var station = new Station();
        station.Introduce();
        var socket = station.Stack.OpenUdp(IpVersion.V4);
        station.Stack.Send(socket, "x"u8, Target, station.Now);
        station.Expect($"192.0.2.1 > 192.0.2.2 ttl 64 udp {socket.Local.Port}>9 1");
        Assert.Equal(NeighborState.Delay, Assert.Single(station.Stack.Neighbors).State);
        station.Pass(TimeSpan.FromSeconds(5));
        station.Expect("arp request 192.0.2.1 02:00:00:00:00:01 asks 192.0.2.2 to 02:00:00:00:00:02");
        station.Receive(Packet.Arp(ArpOperation.Reply, Station.Peer, "192.0.2.2", Station.Own, "192.0.2.1"));
        Assert.Equal(NeighborState.Reachable, Assert.Single(station.Stack.Neighbors).State);
        Assert.Equal(Firstbyte.Tracing.Instant.Never, station.Stack.NextDeadline);
    }

    [Fact]
    public void Packets_that_wait_for_one_neighbour_are_limited_and_the_oldest_goes()
    {
        var station = new Station();
        var socket = station.Stack.OpenUdp(IpVersion.V4);
        for (var i = 0; i <= Neighbor.MaxPending; i++) { station.Stack.Send(socket, new byte[i], Target, station.Now); }
        Assert.Equal(FrameDropReason.NeighborQueueFull, station.LastDrop);
        station.Take();
        station.Receive(Packet.Arp(ArpOperation.Reply, Station.Peer, "192.0.2.2", Station.Own, "192.0.2.1"));
        station.Expect($"192.0.2.1 > 192.0.2.2 ttl 64 udp {socket.Local.Port}>9 1");
    }

    [Fact]
    public void The_cache_does_not_grow_without_end()
    {
        var station = new Station("10.0.0.1/8");
        for (uint i = 0; i < 3_000; i++)
        {
            station.Receive(Packet.Arp(ArpOperation.Request, Station.Peer, IpAddress.FromV4(0x0A010000 + i).ToString(), MacAddress.Broadcast, "10.0.0.1"));
            station.Take();
        }
        Assert.Equal(1_024, station.Stack.Neighbors.Count());
    }

    [Fact]
    public void Neighbour_discovery_asks_the_solicited_node_group_and_answers_for_its_own()
    {
        var station = new Station("2001:db8::1/64");
        var socket = station.Stack.OpenUdp(IpVersion.V6);
        station.Stack.Send(socket, "x"u8, new Endpoint(IpAddress.Parse("2001:db8::2"), 9), station.Now);
        station.Expect("2001:db8::1 > ff02::1:ff00:2 hops 255 icmpv6 NeighborSolicitation 0 0");
        var message = new byte[32];
        var (peer, own) = (IpAddress.Parse("2001:db8::2"), IpAddress.Parse("2001:db8::1"));
        NdpWriter.SealAdvertisement(message, peer.Bits, Station.Peer, false, true, true, peer.Bits, own.Bits);
        station.Receive(Packet.V6("2001:db8::2", "2001:db8::1", IpProtocol.Icmpv6, message, 255));
        station.Expect($"2001:db8::1 > 2001:db8::2 hops 64 udp {socket.Local.Port}>9 1");
        NdpWriter.SealSolicitation(message, own.Bits, Station.Peer, peer.Bits, AddressRulesOf(own));
        station.Receive(Packet.V6("2001:db8::2", "ff02::1:ff00:1", IpProtocol.Icmpv6, message, 255, MacAddress.ForIpv6Multicast(AddressRulesOf(own))));
        station.Expect("2001:db8::1 > 2001:db8::2 hops 255 icmpv6 NeighborAdvertisement 0 60000000");
    }

    [Fact]
    public void Neighbour_discovery_from_beyond_the_link_is_dropped()
    {
        var station = new Station("2001:db8::1/64");
        var message = new byte[32];
        var (peer, own) = (IpAddress.Parse("2001:db8::2"), IpAddress.Parse("2001:db8::1"));
        NdpWriter.SealSolicitation(message, own.Bits, Station.Peer, peer.Bits, own.Bits);
        station.Receive(Packet.V6("2001:db8::2", "2001:db8::1", IpProtocol.Icmpv6, message, 254));
        station.ExpectNothing();
        Assert.Equal(PacketFlaw.NotFromThisLink, station.Decisions[^1].Flaw);
    }

    private static UInt128 AddressRulesOf(IpAddress address) => IpAddress.Parse("ff02::1:ff00:0").Bits | (address.Bits & 0xFF_FFFF);
}
