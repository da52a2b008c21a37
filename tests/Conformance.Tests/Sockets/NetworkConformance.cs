using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

/// <summary>What every network must do, written once against the seam and run on each: the operating system on loopback is the oracle.</summary>
/// <remarks>
/// A scenario is an async method that talks only to the two networks; waiting is done on their clocks. The driver that a subclass gives decides
/// whether it runs in real or in virtual time. Each test gets hosts of its own.
/// </remarks>
public abstract partial class NetworkConformance
{
    /// <summary>An address of documentation (RFC 5737) that no host under test owns.</summary>
    protected static readonly IpAddress Foreign = IpAddress.FromV4(0xC0000263);

    /// <summary>The network of the host that serves.</summary>
    protected abstract INetwork Server { get; }

    /// <summary>The network of the host that asks; it may be the same host.</summary>
    protected abstract INetwork Client { get; }

    /// <summary>The server's own IPv4 address, as the client reaches it.</summary>
    protected abstract IpAddress ServerAddress { get; }

    /// <summary>The client's own IPv4 address, as the server reaches it.</summary>
    protected abstract IpAddress ClientAddress { get; }

    /// <summary>The server's own IPv6 address, or null where the hosts have none.</summary>
    protected abstract IpAddress? ServerAddressV6 { get; }

    /// <summary>Runs a scenario to its end, or fails when it has none.</summary>
    protected abstract void Run(Func<Task> scenario);

    /// <summary>Long enough that every packet of a scenario has arrived, on the slower of the two hosts' ways.</summary>
    protected virtual TimeSpan Settling => TimeSpan.FromMilliseconds(50);

    protected Endpoint AnyServerPort => new(ServerAddress, 0);

    protected Endpoint AnyClientPort => new(ClientAddress, 0);

    protected Task Settle() => Task.Delay(Settling, Client.Time);

    protected ISocket ClientStream() => Client.CreateSocket(IpVersion.V4, SocketKind.Stream);

    protected ISocket ServerStream() => Server.CreateSocket(IpVersion.V4, SocketKind.Stream);

    protected ISocket Listening(int backlog = 16, IpAddress? address = null)
    {
        var at = address ?? ServerAddress;
        var listener = Server.CreateSocket(at.Version, SocketKind.Stream);
        listener.Bind(new Endpoint(at, 0));
        listener.Listen(backlog);
        return listener;
    }

    protected ISocket ServerMailbox(IpAddress? address = null) => Mailbox(Server, address ?? ServerAddress);

    protected ISocket ClientMailbox() => Mailbox(Client, ClientAddress);

    private static ISocket Mailbox(INetwork network, IpAddress address)
    {
        var mailbox = network.CreateSocket(address.Version, SocketKind.Datagram);
        mailbox.Bind(new Endpoint(address, 0));
        return mailbox;
    }

    /// <summary>A port on which nobody listens: it was bound a moment ago and is free again.</summary>
    protected Endpoint ClosedPort(SocketKind kind)
    {
        using var socket = Server.CreateSocket(IpVersion.V4, kind);
        socket.Bind(AnyServerPort);
        return socket.LocalEndpoint!.Value;
    }

    protected async Task<Pipe> Connected(IpAddress? address = null)
    {
        using var listener = Listening(address: address);
        var accepting = listener.AcceptAsync().AsTask();
        var client = Client.CreateSocket(listener.Version, SocketKind.Stream);
        await client.ConnectAsync(listener.LocalEndpoint!.Value);
        return new Pipe(client, await accepting);
    }

    protected static async Task<byte[]> ReadAll(ISocket socket, int pieces = 4096)
    {
        var all = new MemoryStream();
        var buffer = new byte[pieces];
        for (int count; (count = await socket.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
        return all.ToArray();
    }

    protected static async Task<byte[]> ReadExactly(ISocket socket, int length)
    {
        var bytes = new byte[length];
        for (var have = 0; have < length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(have));
            Assert.True(count > 0, $"the stream ended after {have} of {length} bytes");
            have += count;
        }
        return bytes;
    }

    protected static async Task WriteAll(ISocket socket, ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0) { data = data[await socket.SendAsync(data)..]; }
    }

    protected static async Task<NetworkException> Fails(Errno error, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<NetworkException>(call);
        Assert.Equal(error, failure.Error);
        return failure;
    }

    protected static NetworkException Fails(Errno error, Action call)
    {
        var failure = Assert.Throws<NetworkException>(call);
        Assert.Equal(error, failure.Error);
        return failure;
    }

    /// <summary>Bytes that show a loss, a doubling or a swap: each 4 hold their own number.</summary>
    protected static byte[] Numbered(int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at + 4 <= length; at += 4) { BitConverter.TryWriteBytes(bytes.AsSpan(at), at); }
        return bytes;
    }

    /// <summary>Both ends of a connection.</summary>
    protected sealed record Pipe(ISocket Client, ISocket Server) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
