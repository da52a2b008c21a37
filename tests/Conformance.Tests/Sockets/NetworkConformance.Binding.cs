using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

// Descriptors, bind() and listen().
public abstract partial class NetworkConformance
{
    [Fact]
    public void Every_open_socket_has_a_descriptor_of_its_own_from_3_on() => Run(() =>
    {
        using var first = ClientStream();
        using var second = ClientStream();
        using var third = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        int[] descriptors = [first.Descriptor, second.Descriptor, third.Descriptor];
        Assert.All(descriptors, descriptor => Assert.True(descriptor >= 3));
        Assert.Equal(3, descriptors.Distinct().Count());
        return Task.CompletedTask;
    });

    [Fact]
    public void A_new_socket_knows_what_it_is_and_has_no_ends() => Run(() =>
    {
        using var socket = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        Assert.Equal((IpVersion.V4, SocketKind.Datagram), (socket.Version, socket.Kind));
        Assert.Null(socket.LocalEndpoint);
        Assert.Null(socket.RemoteEndpoint);
        return Task.CompletedTask;
    });

    [Fact]
    public void An_accepted_socket_has_another_descriptor_than_its_listener() => Run(async () =>
    {
        using var listener = Listening();
        using var client = ClientStream();
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        using var accepted = await listener.AcceptAsync();
        Assert.NotEqual(listener.Descriptor, accepted.Descriptor);
    });

    [Fact]
    public void Closing_twice_is_harmless_and_later_calls_give_EBADF() => Run(async () =>
    {
        var stream = ClientStream();
        stream.Close();
        stream.Close();
        stream.Dispose();
        Fails(Errno.EBADF, () => stream.Bind(AnyClientPort));
        Fails(Errno.EBADF, () => stream.Listen(1));
        Fails(Errno.EBADF, () => stream.Shutdown(SocketDirections.Both));
        Fails(Errno.EBADF, () => stream.SetOption(SocketOption.NoDelay, 1));
        await Fails(Errno.EBADF, async () => await stream.ConnectAsync(new Endpoint(ServerAddress, 9)));
        await Fails(Errno.EBADF, async () => await stream.AcceptAsync());
        await Fails(Errno.EBADF, async () => await stream.SendAsync(new byte[1]));
        await Fails(Errno.EBADF, async () => await stream.ReceiveAsync(new byte[1]));
        var mailbox = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        mailbox.Close();
        await Fails(Errno.EBADF, async () => await mailbox.SendToAsync(new byte[1], new Endpoint(ServerAddress, 9)));
        await Fails(Errno.EBADF, async () => await mailbox.ReceiveFromAsync(new byte[1]));
    });

    [Fact]
    public void Binding_to_port_0_lets_the_stack_choose_different_ports() => Run(() =>
    {
        using var first = ServerMailbox();
        using var second = ServerMailbox();
        Assert.Equal(ServerAddress, first.LocalEndpoint!.Value.Address);
        Assert.NotEqual(0, first.LocalEndpoint.Value.Port);
        Assert.NotEqual(first.LocalEndpoint, second.LocalEndpoint);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_datagram_port_that_is_taken_gives_EADDRINUSE() => Run(() =>
    {
        using var first = ServerMailbox();
        using var second = Server.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        var taken = first.LocalEndpoint!.Value;
        var failure = Fails(Errno.EADDRINUSE, () => second.Bind(taken));
        Assert.Equal(("bind", taken), (failure.Call, failure.Endpoint));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_port_on_which_another_listens_gives_EADDRINUSE() => Run(() =>
    {
        using var listener = Listening();
        using var second = ServerStream();
        Fails(Errno.EADDRINUSE, () => second.Bind(listener.LocalEndpoint!.Value));
        return Task.CompletedTask;
    });

    [Fact]
    public void The_wildcard_address_covers_a_port_that_is_bound_on_one_address() => Run(() =>
    {
        using var mailbox = ServerMailbox();
        using var wildcard = Server.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        Fails(Errno.EADDRINUSE, () => wildcard.Bind(new Endpoint(IpAddress.AnyV4, mailbox.LocalEndpoint!.Value.Port)));
        return Task.CompletedTask;
    });

    [Fact]
    public void Streams_and_datagrams_have_ports_of_their_own() => Run(() =>
    {
        // Another program may own the second port at this moment: a few tries find a free pair.
        for (var left = 5; ; left--)
        {
            using var listener = Listening();
            using var mailbox = Server.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            try { mailbox.Bind(listener.LocalEndpoint!.Value); }
            catch (NetworkException taken) when (taken.Error == Errno.EADDRINUSE && left > 0) { continue; }
            Assert.Equal(listener.LocalEndpoint, mailbox.LocalEndpoint);
            return Task.CompletedTask;
        }
    });

    [Fact]
    public void A_closed_socket_gives_its_port_back() => Run(() =>
    {
        var first = ServerMailbox();
        var port = first.LocalEndpoint!.Value;
        first.Close();
        using var second = Server.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        second.Bind(port);
        Assert.Equal(port, second.LocalEndpoint);
        return Task.CompletedTask;
    });

    [Fact]
    public void An_address_that_the_host_does_not_have_gives_EADDRNOTAVAIL() => Run(() =>
    {
        using var socket = ServerStream();
        Fails(Errno.EADDRNOTAVAIL, () => socket.Bind(new Endpoint(Foreign, 0)));
        using var mailbox = Server.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        Fails(Errno.EADDRNOTAVAIL, () => mailbox.Bind(new Endpoint(Foreign, 0)));
        return Task.CompletedTask;
    });

    [Fact]
    public void Binding_twice_gives_EINVAL() => Run(() =>
    {
        using var mailbox = ServerMailbox();
        Fails(Errno.EINVAL, () => mailbox.Bind(AnyServerPort));
        return Task.CompletedTask;
    });

    [Fact]
    public void An_address_of_the_other_version_gives_EAFNOSUPPORT() => Run(async () =>
    {
        using var socket = ClientStream();
        Fails(Errno.EAFNOSUPPORT, () => socket.Bind(new Endpoint(IpAddress.LoopbackV6, 0)));
        await Fails(Errno.EAFNOSUPPORT, async () => await socket.ConnectAsync(new Endpoint(IpAddress.LoopbackV6, 80)));
        using var mailbox = Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await Fails(Errno.EAFNOSUPPORT, async () => await mailbox.SendToAsync(new byte[1], new Endpoint(IpAddress.LoopbackV6, 80)));
    });

    [Fact]
    public void A_listener_that_was_never_bound_gets_a_port() => Run(async () =>
    {
        using var listener = ServerStream();
        listener.Listen(4);
        Assert.Equal(IpAddress.AnyV4, listener.LocalEndpoint!.Value.Address);
        using var client = ClientStream();
        await client.ConnectAsync(new Endpoint(ServerAddress, listener.LocalEndpoint.Value.Port));
        using var accepted = await listener.AcceptAsync();
        Assert.Equal(client.LocalEndpoint, accepted.RemoteEndpoint);
    });

    [Fact]
    public void A_mailbox_cannot_listen() => Run(() =>
    {
        using var mailbox = ServerMailbox();
        Fails(Errno.EOPNOTSUPP, () => mailbox.Listen(1));
        return Task.CompletedTask;
    });

    [Fact]
    public void Accepting_on_a_stream_that_does_not_listen_gives_EINVAL() => Run(async () =>
    {
        using var stream = ServerStream();
        stream.Bind(AnyServerPort);
        await Fails(Errno.EINVAL, async () => await stream.AcceptAsync());
    });

    [Fact]
    public void Switches_are_read_back_as_they_were_set() => Run(() =>
    {
        using var socket = ClientStream();
        foreach (var option in new[] { SocketOption.ReuseAddress, SocketOption.NoDelay, SocketOption.KeepAlive })
        {
            socket.SetOption(option, 1);
            Assert.Equal((option, 1), (option, socket.GetOption(option)));
            socket.SetOption(option, 0);
            Assert.Equal((option, 0), (option, socket.GetOption(option)));
        }
        return Task.CompletedTask;
    });

    [Fact]
    public void Linger_is_off_at_first_and_read_back_as_it_was_set() => Run(() =>
    {
        using var socket = ClientStream();
        Assert.Equal(-1, socket.GetOption(SocketOption.LingerSeconds));
        socket.SetOption(SocketOption.LingerSeconds, 0);
        Assert.Equal(0, socket.GetOption(SocketOption.LingerSeconds));
        socket.SetOption(SocketOption.LingerSeconds, 7);
        Assert.Equal(7, socket.GetOption(SocketOption.LingerSeconds));
        socket.SetOption(SocketOption.LingerSeconds, -1);
        Assert.Equal(-1, socket.GetOption(SocketOption.LingerSeconds));
        return Task.CompletedTask;
    });

    [Fact]
    public void Buffers_are_at_least_as_large_as_asked_and_the_hop_limit_is_kept() => Run(() =>
    {
        using var socket = ClientStream();
        socket.SetOption(SocketOption.ReceiveBuffer, 40_000);
        Assert.True(socket.GetOption(SocketOption.ReceiveBuffer) >= 40_000);
        socket.SetOption(SocketOption.SendBuffer, 50_000);
        Assert.True(socket.GetOption(SocketOption.SendBuffer) >= 50_000);
        Assert.Equal(64, socket.GetOption(SocketOption.TimeToLive));
        socket.SetOption(SocketOption.TimeToLive, 17);
        Assert.Equal(17, socket.GetOption(SocketOption.TimeToLive));
        return Task.CompletedTask;
    });

    [Fact]
    public void The_clock_goes_forward_while_one_waits() => Run(async () =>
    {
        var (calendar, monotonic) = (Client.Time.GetUtcNow(), Client.Time.GetTimestamp());
        await Task.Delay(TimeSpan.FromMilliseconds(20), Client.Time);
        Assert.True(Client.Time.GetElapsedTime(monotonic) >= TimeSpan.FromMilliseconds(15));
        Assert.True(Client.Time.GetUtcNow() > calendar);
    });
}
