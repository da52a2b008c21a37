using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

// send(), receive(), shutdown() and close() of streams.
public abstract partial class NetworkConformance
{
    [Fact]
    public void Bytes_go_both_ways() => Run(async () =>
    {
        using var pipe = await Connected();
        Assert.Equal(4, await pipe.Client.SendAsync("ping"u8.ToArray()));
        Assert.Equal("ping"u8.ToArray(), await ReadExactly(pipe.Server, 4));
        Assert.Equal(6, await pipe.Server.SendAsync("pong!!"u8.ToArray()));
        Assert.Equal("pong!!"u8.ToArray(), await ReadExactly(pipe.Client, 6));
    });

    [Fact]
    public void A_small_buffer_gets_a_part_and_the_rest_stays() => Run(async () =>
    {
        using var pipe = await Connected();
        await WriteAll(pipe.Client, "abcdefgh"u8.ToArray());
        await Settle();
        var buffer = new byte[3];
        Assert.Equal(3, await pipe.Server.ReceiveAsync(buffer));
        Assert.Equal("abc"u8.ToArray(), buffer);
        Assert.Equal(3, await pipe.Server.ReceiveAsync(buffer));
        Assert.Equal("def"u8.ToArray(), buffer);
        Assert.Equal(2, await pipe.Server.ReceiveAsync(buffer));
        Assert.Equal("gh"u8.ToArray(), buffer[..2]);
    });

    [Fact]
    public void A_stream_keeps_no_borders() => Run(async () =>
    {
        using var pipe = await Connected();
        await WriteAll(pipe.Client, "one"u8.ToArray());
        await WriteAll(pipe.Client, "two"u8.ToArray());
        await Settle();
        var buffer = new byte[100];
        Assert.Equal(6, await pipe.Server.ReceiveAsync(buffer));
        Assert.Equal("onetwo"u8.ToArray(), buffer[..6]);
    });

    [Fact]
    public void Receive_waits_for_the_first_byte() => Run(async () =>
    {
        using var pipe = await Connected();
        var buffer = new byte[10];
        var receiving = pipe.Client.ReceiveAsync(buffer).AsTask();
        await Settle();
        Assert.False(receiving.IsCompleted);
        await WriteAll(pipe.Server, "x"u8.ToArray());
        Assert.Equal(1, await receiving);
    });

    [Fact]
    public void When_the_client_ends_its_direction_the_server_reads_the_end_and_can_still_answer() => Run(async () =>
    {
        using var pipe = await Connected();
        await WriteAll(pipe.Client, "request"u8.ToArray());
        pipe.Client.Shutdown(SocketDirections.Send);
        Assert.Equal("request"u8.ToArray(), await ReadAll(pipe.Server));
        Assert.Equal(0, await pipe.Server.ReceiveAsync(new byte[1]));
        await WriteAll(pipe.Server, "response"u8.ToArray());
        pipe.Server.Close();
        Assert.Equal("response"u8.ToArray(), await ReadAll(pipe.Client));
    });

    [Fact]
    public void When_the_server_ends_its_direction_the_client_can_still_send() => Run(async () =>
    {
        using var pipe = await Connected();
        pipe.Server.Shutdown(SocketDirections.Send);
        Assert.Equal(0, await pipe.Client.ReceiveAsync(new byte[1]));
        await WriteAll(pipe.Client, "after your end"u8.ToArray());
        pipe.Client.Shutdown(SocketDirections.Send);
        Assert.Equal("after your end"u8.ToArray(), await ReadAll(pipe.Server));
    });

    [Fact]
    public void Sending_after_the_own_end_gives_EPIPE() => Run(async () =>
    {
        using var pipe = await Connected();
        pipe.Client.Shutdown(SocketDirections.Send);
        await Fails(Errno.EPIPE, async () => await pipe.Client.SendAsync(new byte[1]));
    });

    [Fact]
    public void Receiving_after_the_own_receiving_end_gives_0() => Run(async () =>
    {
        using var pipe = await Connected();
        pipe.Client.Shutdown(SocketDirections.Receive);
        Assert.Equal(0, await pipe.Client.ReceiveAsync(new byte[1]));
        await WriteAll(pipe.Client, "out"u8.ToArray());
        Assert.Equal("out"u8.ToArray(), await ReadExactly(pipe.Server, 3));
    });

    [Fact]
    public void When_the_server_closes_first_the_client_reads_everything_and_then_the_end() => Run(async () =>
    {
        using var pipe = await Connected();
        var data = Numbered(20_000);
        await WriteAll(pipe.Server, data);
        pipe.Server.Close();
        Assert.Equal(data, await ReadAll(pipe.Client));
        Assert.Equal(0, await pipe.Client.ReceiveAsync(new byte[1]));
    });

    [Fact]
    public void When_the_client_closes_first_the_server_reads_everything_and_then_the_end() => Run(async () =>
    {
        using var pipe = await Connected();
        var data = Numbered(20_000);
        await WriteAll(pipe.Client, data);
        pipe.Client.Close();
        Assert.Equal(data, await ReadAll(pipe.Server));
    });

    [Fact]
    public void Both_sides_may_close_at_the_same_time() => Run(async () =>
    {
        using var pipe = await Connected();
        pipe.Client.Shutdown(SocketDirections.Send);
        pipe.Server.Shutdown(SocketDirections.Send);
        Assert.Equal(0, await pipe.Client.ReceiveAsync(new byte[1]));
        Assert.Equal(0, await pipe.Server.ReceiveAsync(new byte[1]));
    });

    [Fact]
    public void Closing_with_linger_0_resets_the_peer() => Run(async () =>
    {
        using var pipe = await Connected();
        pipe.Client.SetOption(SocketOption.LingerSeconds, 0);
        pipe.Client.Close();
        await Fails(Errno.ECONNRESET, async () => await pipe.Server.ReceiveAsync(new byte[1]));
        // The error is told once; after it the stream is at its end, and nothing can be sent (POSIX: EPIPE).
        Assert.Equal(0, await pipe.Server.ReceiveAsync(new byte[1]));
        await Fails(Errno.EPIPE, async () => await pipe.Server.SendAsync(new byte[1]));
    });

    [Fact]
    public void A_reset_ends_a_waiting_receive() => Run(async () =>
    {
        using var pipe = await Connected();
        var receiving = pipe.Client.ReceiveAsync(new byte[1]).AsTask();
        await Settle();
        pipe.Server.SetOption(SocketOption.LingerSeconds, 0);
        pipe.Server.Close();
        await Fails(Errno.ECONNRESET, () => receiving);
    });

    [Fact]
    public void Closing_with_unread_bytes_resets_the_peer() => Run(async () =>
    {
        // RFC 2525 section 2.17: bytes that nobody will read are a lost connection, and the sender shall know.
        using var pipe = await Connected();
        await WriteAll(pipe.Client, "nobody reads this"u8.ToArray());
        await Settle();
        pipe.Server.Close();
        await Fails(Errno.ECONNRESET, async () => await pipe.Client.ReceiveAsync(new byte[1]));
    });

    [Fact]
    public void Sending_to_a_peer_that_has_closed_fails_after_its_reset_has_come() => Run(async () =>
    {
        using var pipe = await Connected();
        pipe.Server.Close();
        Assert.Equal(0, await pipe.Client.ReceiveAsync(new byte[1]));
        Assert.Equal(1, await pipe.Client.SendAsync(new byte[1]));
        await Settle();
        await Fails(Errno.EPIPE, async () => await pipe.Client.SendAsync(new byte[1]));
    });

    [Fact]
    public void A_stream_that_is_not_connected_carries_nothing() => Run(async () =>
    {
        using var stream = ClientStream();
        await Fails(Errno.ENOTCONN, async () => await stream.ReceiveAsync(new byte[1]));
        Fails(Errno.ENOTCONN, () => stream.Shutdown(SocketDirections.Send));
        // POSIX allows both for send(); Linux says EPIPE, the BSDs ENOTCONN.
        var failure = await Assert.ThrowsAsync<NetworkException>(async () => await stream.SendAsync(new byte[1]));
        Assert.Contains(failure.Error, new[] { Errno.EPIPE, Errno.ENOTCONN });
    });

    [Fact]
    public void Closing_ends_a_waiting_receive_with_ECANCELED_and_the_peer_reads_an_end() => Run(async () =>
    {
        using var pipe = await Connected();
        var receiving = pipe.Client.ReceiveAsync(new byte[1]).AsTask();
        await Settle();
        pipe.Client.Close();
        await Fails(Errno.ECANCELED, () => receiving);
        Assert.Equal(0, await pipe.Server.ReceiveAsync(new byte[1]));
    });

    [Fact]
    public void A_cancelled_receive_loses_no_byte() => Run(async () =>
    {
        using var pipe = await Connected();
        using var cancel = new CancellationTokenSource();
        var receiving = pipe.Client.ReceiveAsync(new byte[10], cancel.Token).AsTask();
        await Settle();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        await WriteAll(pipe.Server, "later"u8.ToArray());
        Assert.Equal("later"u8.ToArray(), await ReadExactly(pipe.Client, 5));
    });

    [Fact]
    public void A_token_that_is_cancelled_already_ends_the_call_at_once() => Run(async () =>
    {
        using var pipe = await Connected();
        var cancelled = new CancellationToken(canceled: true);
        await WriteAll(pipe.Server, "there"u8.ToArray());
        await Settle();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pipe.Client.ReceiveAsync(new byte[5], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pipe.Client.SendAsync(new byte[5], cancelled));
        Assert.Equal("there"u8.ToArray(), await ReadExactly(pipe.Client, 5));
    });

    [Fact]
    public void A_peer_that_does_not_read_holds_the_sender_back_and_no_byte_is_lost() => Run(async () =>
    {
        using var pipe = await Connected();
        var data = Numbered(16 << 20);
        var writing = WriteAndEnd(pipe.Client, data);
        await Settle();
        Assert.False(writing.IsCompleted, "the stack took 16 MB that nobody reads");
        var received = await ReadAll(pipe.Server, 100_000);
        await writing;
        Assert.True(data.AsSpan().SequenceEqual(received));
    });

    [Fact]
    public void Both_directions_carry_much_at_once() => Run(async () =>
    {
        using var pipe = await Connected();
        var up = Numbered(3 << 20);
        var down = Numbered(2 << 20);
        var sending = Task.WhenAll(WriteAndEnd(pipe.Client, up), WriteAndEnd(pipe.Server, down));
        var receivingUp = ReadAll(pipe.Server, 30_000);
        var receivingDown = ReadAll(pipe.Client, 50_000);
        await sending;
        var (receivedUp, receivedDown) = (await receivingUp, await receivingDown);
        Assert.True(up.AsSpan().SequenceEqual(receivedUp));
        Assert.True(down.AsSpan().SequenceEqual(receivedDown));
    });

    [Fact]
    public void Closing_ends_a_waiting_send_with_ECANCELED() => Run(async () =>
    {
        using var pipe = await Connected();
        var writing = WriteAll(pipe.Client, Numbered(16 << 20));
        await Settle();
        Assert.False(writing.IsCompleted);
        pipe.Client.Close();
        await Fails(Errno.ECANCELED, () => writing);
    });

    [Fact]
    public void Many_connections_at_once_are_kept_apart() => Run(async () =>
    {
        const int Clients = 64;
        using var listener = Listening(backlog: Clients);
        var serving = ServeReversed(listener, Clients);
        var asking = Enumerable.Range(0, Clients).Select(async number =>
        {
            using var client = ClientStream();
            await client.ConnectAsync(listener.LocalEndpoint!.Value);
            var request = BitConverter.GetBytes(number * 1_000_003);
            await WriteAndEnd(client, request);
            Assert.Equal(request.Reverse().ToArray(), await ReadAll(client));
        }).ToArray();
        await Task.WhenAll(asking);
        await serving;
    });

    private static async Task ServeReversed(ISocket listener, int count)
    {
        var answering = new List<Task>();
        for (; count > 0; count--) { answering.Add(AnswerReversed(await listener.AcceptAsync())); }
        await Task.WhenAll(answering);
    }

    private static async Task AnswerReversed(ISocket server)
    {
        using (server)
        {
            var request = await ReadAll(server);
            await WriteAll(server, request.Reverse().ToArray());
        }
    }

    private static async Task WriteAndEnd(ISocket socket, byte[] data)
    {
        await WriteAll(socket, data);
        socket.Shutdown(SocketDirections.Send);
    }
}
