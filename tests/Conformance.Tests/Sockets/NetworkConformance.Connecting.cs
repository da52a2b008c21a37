using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

// connect() and accept().
public abstract partial class NetworkConformance
{
    [Fact]
    public void Both_sides_are_told_the_same_two_ends() => Run(async () =>
    {
        using var listener = Listening();
        using var client = ClientStream();
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        using var server = await listener.AcceptAsync();
        Assert.Equal(listener.LocalEndpoint, client.RemoteEndpoint);
        Assert.Equal(ClientAddress, client.LocalEndpoint!.Value.Address);
        Assert.True(client.LocalEndpoint.Value.Port >= 1024);
        Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
        Assert.Equal(client.RemoteEndpoint, server.LocalEndpoint);
        Assert.Equal((listener.Version, SocketKind.Stream), (server.Version, server.Kind));
    });

    [Fact]
    public void A_client_that_is_bound_first_keeps_its_port() => Run(async () =>
    {
        using var listener = Listening();
        using var client = ClientStream();
        client.Bind(AnyClientPort);
        var bound = client.LocalEndpoint;
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        Assert.Equal(bound, client.LocalEndpoint);
        using var server = await listener.AcceptAsync();
        Assert.Equal(bound, server.RemoteEndpoint);
    });

    [Fact]
    public void A_listener_on_the_wildcard_address_accepts_with_the_address_that_was_asked() => Run(async () =>
    {
        using var listener = Listening(address: IpAddress.AnyV4);
        using var client = ClientStream();
        await client.ConnectAsync(new Endpoint(ServerAddress, listener.LocalEndpoint!.Value.Port));
        using var server = await listener.AcceptAsync();
        Assert.Equal(ServerAddress, server.LocalEndpoint!.Value.Address);
    });

    [Fact]
    public void Where_nobody_listens_connecting_gives_ECONNREFUSED() => Run(async () =>
    {
        using var client = ClientStream();
        var nobody = ClosedPort(SocketKind.Stream);
        var failure = await Fails(Errno.ECONNREFUSED, async () => await client.ConnectAsync(nobody));
        Assert.Equal(("connect", nobody), (failure.Call, failure.Endpoint));
        Assert.Null(client.RemoteEndpoint);
    });

    [Fact]
    public void Connecting_again_gives_EISCONN_and_the_connection_lives() => Run(async () =>
    {
        using var pipe = await Connected();
        await Fails(Errno.EISCONN, async () => await pipe.Client.ConnectAsync(pipe.Client.RemoteEndpoint!.Value));
        await WriteAll(pipe.Client, "still here"u8.ToArray());
        Assert.Equal("still here"u8.ToArray(), await ReadExactly(pipe.Server, 10));
    });

    [Fact]
    public void The_stack_connects_and_takes_bytes_before_the_server_accepts() => Run(async () =>
    {
        using var listener = Listening();
        using var client = ClientStream();
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        await WriteAll(client, "early"u8.ToArray());
        client.Shutdown(SocketDirections.Send);
        await Settle();
        using var server = await listener.AcceptAsync();
        Assert.Equal("early"u8.ToArray(), await ReadAll(server));
    });

    [Fact]
    public void Accept_waits_for_a_client() => Run(async () =>
    {
        using var listener = Listening();
        var accepting = listener.AcceptAsync().AsTask();
        await Settle();
        Assert.False(accepting.IsCompleted);
        using var client = ClientStream();
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        using var server = await accepting;
        Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
    });

    [Fact]
    public void Connections_are_accepted_in_the_order_in_which_they_came() => Run(async () =>
    {
        using var listener = Listening();
        var clients = new List<ISocket>();
        for (var count = 0; count < 5; count++)
        {
            var client = ClientStream();
            clients.Add(client);
            await client.ConnectAsync(listener.LocalEndpoint!.Value);
        }
        foreach (var client in clients)
        {
            using var server = await listener.AcceptAsync();
            Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
            client.Dispose();
        }
    });

    [Fact]
    public void Closing_the_listener_ends_a_waiting_accept_with_ECANCELED() => Run(async () =>
    {
        var listener = Listening();
        var accepting = listener.AcceptAsync().AsTask();
        await Settle();
        listener.Close();
        await Fails(Errno.ECANCELED, () => accepting);
    });

    [Fact]
    public void A_cancelled_accept_leaves_the_listener_usable() => Run(async () =>
    {
        using var listener = Listening();
        using var cancel = new CancellationTokenSource();
        var accepting = listener.AcceptAsync(cancel.Token).AsTask();
        await Settle();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        using var client = ClientStream();
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        using var server = await listener.AcceptAsync();
        Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
    });

    [Fact]
    public void When_the_listener_closes_its_accepted_connections_live_and_new_clients_are_refused() => Run(async () =>
    {
        var listener = Listening();
        var address = listener.LocalEndpoint!.Value;
        using var client = ClientStream();
        await client.ConnectAsync(address);
        using var server = await listener.AcceptAsync();
        listener.Close();
        await WriteAll(server, "alive"u8.ToArray());
        Assert.Equal("alive"u8.ToArray(), await ReadExactly(client, 5));
        using var late = ClientStream();
        await Fails(Errno.ECONNREFUSED, async () => await late.ConnectAsync(address));
    });

    [Fact]
    public void When_the_listener_closes_connections_that_nobody_accepted_are_reset() => Run(async () =>
    {
        var listener = Listening();
        using var client = ClientStream();
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        await Settle();
        listener.Close();
        await Fails(Errno.ECONNRESET, async () => await client.ReceiveAsync(new byte[1]));
    });

    [Fact]
    public void A_full_backlog_makes_clients_wait_and_a_waiting_connect_can_be_cancelled() => Run(async () =>
    {
        using var listener = Listening(backlog: 1);
        using var cancel = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 6).Select(_ => ClientStream()).ToArray();
        var connecting = clients.Select(client => client.ConnectAsync(listener.LocalEndpoint!.Value, cancel.Token).AsTask()).ToArray();
        await Settle();
        await Settle();
        Assert.Contains(connecting, call => call.IsCompletedSuccessfully);
        Assert.Contains(connecting, call => !call.IsCompleted);
        cancel.Cancel();
        foreach (var call in connecting.Where(call => !call.IsCompletedSuccessfully))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        foreach (var client in clients) { client.Dispose(); }
    });

    [Fact]
    public void Closing_ends_a_waiting_connect_with_ECANCELED() => Run(async () =>
    {
        using var listener = Listening(backlog: 1);
        var clients = Enumerable.Range(0, 6).Select(_ => ClientStream()).ToArray();
        var connecting = clients.Select(client => client.ConnectAsync(listener.LocalEndpoint!.Value).AsTask()).ToArray();
        await Settle();
        await Settle();
        var waiting = Array.FindIndex(connecting, call => !call.IsCompleted);
        Assert.True(waiting >= 0, "every client was connected beyond the backlog");
        foreach (var client in clients) { client.Close(); }
        await Fails(Errno.ECANCELED, () => connecting[waiting]);
    });

    [Fact]
    public void Version_6_connects_like_version_4_and_shares_no_port_with_it() => Run(async () =>
    {
        if (ServerAddressV6 is not { } address) { Assert.Skip("the hosts have no IPv6 address"); return; }
        using var listener = Listening(address: address);
        using var client = Client.CreateSocket(IpVersion.V6, SocketKind.Stream);
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        using var server = await listener.AcceptAsync();
        Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
        Assert.Equal(address, server.LocalEndpoint!.Value.Address);
        await WriteAll(client, "six"u8.ToArray());
        Assert.Equal("six"u8.ToArray(), await ReadExactly(server, 3));
        using var four = ClientStream();
        await Fails(Errno.ECONNREFUSED, async () => await four.ConnectAsync(new Endpoint(ServerAddress, listener.LocalEndpoint.Value.Port)));
    });
}
