using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

// Mailboxes.
public abstract partial class NetworkConformance
{
    [Fact]
    public void Datagrams_keep_their_borders_and_tell_their_sender() => Run(async () =>
    {
        using var server = ServerMailbox();
        using var client = ClientMailbox();
        Assert.Equal(3, await client.SendToAsync("one"u8.ToArray(), server.LocalEndpoint!.Value));
        Assert.Equal(5, await client.SendToAsync("three"u8.ToArray(), server.LocalEndpoint.Value));
        var buffer = new byte[100];
        Assert.Equal(new ReceivedDatagram(3, client.LocalEndpoint!.Value, false), await server.ReceiveFromAsync(buffer));
        Assert.Equal("one"u8.ToArray(), buffer[..3]);
        Assert.Equal(new ReceivedDatagram(5, client.LocalEndpoint.Value, false), await server.ReceiveFromAsync(buffer));
        Assert.Equal("three"u8.ToArray(), buffer[..5]);
    });

    [Fact]
    public void The_first_datagram_of_an_unbound_mailbox_binds_it_and_the_answer_comes_back() => Run(async () =>
    {
        using var server = ServerMailbox();
        using var client = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await client.SendToAsync("?"u8.ToArray(), server.LocalEndpoint!.Value);
        Assert.NotEqual(0, client.LocalEndpoint!.Value.Port);
        var asked = await server.ReceiveFromAsync(new byte[10]);
        Assert.Equal(new Endpoint(ClientAddress, client.LocalEndpoint.Value.Port), asked.Remote);
        await server.SendToAsync("!"u8.ToArray(), asked.Remote);
        var answer = await client.ReceiveFromAsync(new byte[10]);
        Assert.Equal((1, server.LocalEndpoint.Value), (answer.Length, answer.Remote));
    });

    [Fact]
    public void A_datagram_longer_than_the_buffer_is_cut_and_marked_and_its_rest_is_gone() => Run(async () =>
    {
        using var server = ServerMailbox();
        using var client = ClientMailbox();
        await client.SendToAsync("0123456789"u8.ToArray(), server.LocalEndpoint!.Value);
        await client.SendToAsync("next"u8.ToArray(), server.LocalEndpoint.Value);
        var buffer = new byte[4];
        var cut = await server.ReceiveFromAsync(buffer);
        Assert.Equal((4, true), (cut.Length, cut.Truncated));
        Assert.Equal("0123"u8.ToArray(), buffer);
        var whole = await server.ReceiveFromAsync(buffer);
        Assert.Equal((4, false), (whole.Length, whole.Truncated));
        Assert.Equal("next"u8.ToArray(), buffer);
    });

    [Fact]
    public void An_empty_datagram_arrives_as_one() => Run(async () =>
    {
        using var server = ServerMailbox();
        using var client = ClientMailbox();
        Assert.Equal(0, await client.SendToAsync(ReadOnlyMemory<byte>.Empty, server.LocalEndpoint!.Value));
        await client.SendToAsync("x"u8.ToArray(), server.LocalEndpoint.Value);
        Assert.Equal(new ReceivedDatagram(0, client.LocalEndpoint!.Value, false), await server.ReceiveFromAsync(new byte[10]));
        Assert.Equal(1, (await server.ReceiveFromAsync(new byte[10])).Length);
    });

    [Fact]
    public void A_connected_mailbox_sends_to_its_peer_and_hears_only_its_peer() => Run(async () =>
    {
        using var peer = ServerMailbox();
        using var stranger = ServerMailbox();
        using var client = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await client.ConnectAsync(peer.LocalEndpoint!.Value);
        Assert.Equal(peer.LocalEndpoint, client.RemoteEndpoint);
        Assert.Equal(ClientAddress, client.LocalEndpoint!.Value.Address);
        await client.SendAsync("to my peer"u8.ToArray());
        Assert.Equal(client.LocalEndpoint.Value, (await peer.ReceiveFromAsync(new byte[20])).Remote);
        await stranger.SendToAsync("from a stranger"u8.ToArray(), client.LocalEndpoint.Value);
        await Settle();
        await peer.SendToAsync("from the peer"u8.ToArray(), client.LocalEndpoint.Value);
        var buffer = new byte[50];
        var count = await client.ReceiveAsync(buffer);
        Assert.Equal("from the peer"u8.ToArray(), buffer[..count]);
    });

    [Fact]
    public void A_connected_mailbox_learns_by_ECONNREFUSED_that_nobody_has_the_port() => Run(async () =>
    {
        using var client = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await client.ConnectAsync(ClosedPort(SocketKind.Datagram));
        await client.SendAsync("anybody?"u8.ToArray());
        await Fails(Errno.ECONNREFUSED, async () => await client.ReceiveAsync(new byte[10]));
    });

    [Fact]
    public void A_mailbox_without_a_peer_is_not_told_that_nobody_has_the_port() => Run(async () =>
    {
        using var server = ServerMailbox();
        using var client = ClientMailbox();
        await client.SendToAsync("anybody?"u8.ToArray(), ClosedPort(SocketKind.Datagram));
        await Settle();
        await client.SendToAsync("you?"u8.ToArray(), server.LocalEndpoint!.Value);
        await server.SendToAsync("yes"u8.ToArray(), (await server.ReceiveFromAsync(new byte[10])).Remote);
        Assert.Equal(3, (await client.ReceiveFromAsync(new byte[10])).Length);
    });

    [Fact]
    public void A_connected_mailbox_may_change_its_peer() => Run(async () =>
    {
        using var first = ServerMailbox();
        using var second = ServerMailbox();
        using var client = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await client.ConnectAsync(first.LocalEndpoint!.Value);
        await client.ConnectAsync(second.LocalEndpoint!.Value);
        Assert.Equal(second.LocalEndpoint, client.RemoteEndpoint);
        await client.SendAsync("hello"u8.ToArray());
        Assert.Equal(5, (await second.ReceiveFromAsync(new byte[10])).Length);
    });

    [Fact]
    public void A_connected_mailbox_is_told_the_sender_by_receive_from_too() => Run(async () =>
    {
        using var peer = ServerMailbox();
        using var client = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await client.ConnectAsync(peer.LocalEndpoint!.Value);
        await peer.SendToAsync("a"u8.ToArray(), client.LocalEndpoint!.Value);
        Assert.Equal(new ReceivedDatagram(1, peer.LocalEndpoint.Value, false), await client.ReceiveFromAsync(new byte[10]));
    });

    [Fact]
    public void Sending_without_an_address_gives_EDESTADDRREQ() => Run(async () =>
    {
        using var client = ClientMailbox();
        await Fails(Errno.EDESTADDRREQ, async () => await client.SendAsync(new byte[1]));
    });

    [Fact]
    public void A_datagram_longer_than_IPv4_can_carry_gives_EMSGSIZE_and_the_longest_arrives() => Run(async () =>
    {
        using var server = ServerMailbox();
        using var client = ClientMailbox();
        // 65,535 bytes of packet less 20 of IPv4 header and 8 of UDP header (RFC 768, RFC 791).
        const int Longest = 65_507;
        await Fails(Errno.EMSGSIZE, async () => await client.SendToAsync(new byte[Longest + 1], server.LocalEndpoint!.Value));
        var data = Numbered(Longest);
        await client.SendToAsync(data, server.LocalEndpoint!.Value);
        var buffer = new byte[65_535];
        var received = await server.ReceiveFromAsync(buffer);
        Assert.Equal((Longest, false), (received.Length, received.Truncated));
        Assert.True(data.AsSpan().SequenceEqual(buffer.AsSpan(0, Longest)));
    });

    [Fact]
    public void A_mailbox_on_the_wildcard_address_hears_every_own_address() => Run(async () =>
    {
        using var server = ServerMailbox(IpAddress.AnyV4);
        using var client = ClientMailbox();
        await client.SendToAsync("x"u8.ToArray(), new Endpoint(ServerAddress, server.LocalEndpoint!.Value.Port));
        Assert.Equal(client.LocalEndpoint!.Value, (await server.ReceiveFromAsync(new byte[10])).Remote);
    });

    [Fact]
    public void Closing_ends_a_waiting_receive_from_with_ECANCELED() => Run(async () =>
    {
        var server = ServerMailbox();
        var receiving = server.ReceiveFromAsync(new byte[10]).AsTask();
        await Settle();
        server.Close();
        await Fails(Errno.ECANCELED, () => receiving);
    });

    [Fact]
    public void A_cancelled_receive_from_loses_no_datagram() => Run(async () =>
    {
        using var server = ServerMailbox();
        using var client = ClientMailbox();
        using var cancel = new CancellationTokenSource();
        var receiving = server.ReceiveFromAsync(new byte[10], cancel.Token).AsTask();
        await Settle();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        await client.SendToAsync("later"u8.ToArray(), server.LocalEndpoint!.Value);
        Assert.Equal(5, (await server.ReceiveFromAsync(new byte[10])).Length);
    });

    [Fact]
    public void Many_mailboxes_at_once_are_kept_apart() => Run(async () =>
    {
        using var server = ServerMailbox();
        var clients = Enumerable.Range(0, 32).Select(_ => ClientMailbox()).ToArray();
        var echoing = EchoDatagrams(server, clients.Length);
        var asking = clients.Select(async (client, number) =>
        {
            var question = BitConverter.GetBytes(number * 7_919);
            await client.SendToAsync(question, server.LocalEndpoint!.Value);
            var answer = new byte[8];
            Assert.Equal(4, (await client.ReceiveFromAsync(answer)).Length);
            Assert.Equal(question, answer[..4]);
        }).ToArray();
        await Task.WhenAll(asking);
        await echoing;
        foreach (var client in clients) { client.Dispose(); }
    });

    [Fact]
    public void Version_6_datagrams_tell_their_sender() => Run(async () =>
    {
        if (ServerAddressV6 is not { } address) { Assert.Skip("the hosts have no IPv6 address"); return; }
        using var server = ServerMailbox(address);
        using var client = Client.CreateSocket(IpVersion.V6, SocketKind.Datagram);
        await client.ConnectAsync(server.LocalEndpoint!.Value);
        await client.SendAsync("six"u8.ToArray());
        var buffer = new byte[2];
        Assert.Equal(new ReceivedDatagram(2, client.LocalEndpoint!.Value, true), await server.ReceiveFromAsync(buffer));
    });

    private static async Task EchoDatagrams(ISocket server, int count)
    {
        var buffer = new byte[100];
        for (; count > 0; count--)
        {
            var received = await server.ReceiveFromAsync(buffer);
            await server.SendToAsync(buffer.AsMemory(0, received.Length), received.Remote);
        }
    }
}
