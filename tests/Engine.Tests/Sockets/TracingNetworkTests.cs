using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Sockets.Os;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Sockets;

public class TracingNetworkTests
{
    [Fact]
    public async Task The_life_of_a_socket_is_told_in_order()
    {
        var sink = new ListSink();
        var network = new OsNetwork();
        using var listener = network.CreateSocket(IpVersion.V4, SocketKind.Stream);
        listener.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        listener.Listen(1);
        var traced = new TracingNetwork(network, new Tracer(sink).Root(network), tellBytes: true);
        using (var client = traced.CreateSocket(IpVersion.V4, SocketKind.Stream))
        {
            await client.ConnectAsync(listener.LocalEndpoint!.Value);
            using var server = await listener.AcceptAsync();
            await client.SendAsync("ping"u8.ToArray());
            var buffer = new byte[16];
            Assert.Equal(4, await server.ReceiveAsync(buffer));
            await server.SendAsync("pong!"u8.ToArray());
            server.Close();
            Assert.Equal(5, await client.ReceiveAsync(buffer));
            Assert.Equal(0, await client.ReceiveAsync(buffer));
        }
        Assert.Equal(
            ["SocketCreated", "ConnectStarted", "ConnectCompleted", "BytesSent", "BytesReceived", "StreamEnded", "SocketClosed"],
            sink.Events.Select(e => e.GetType().Name));
        Assert.Equal("pong!"u8.ToArray(), sink.Events.OfType<BytesReceived>().Single().Data);
        Assert.All(sink.Events, e => Assert.Equal(1, e.Span));
        Assert.Equal(sink.Events.Select(e => e.At).Order(), sink.Events.Select(e => e.At));
    }

    [Fact]
    public async Task A_refused_connection_is_told_with_its_errno()
    {
        var sink = new ListSink();
        var network = new OsNetwork();
        Endpoint closed;
        using (var bound = network.CreateSocket(IpVersion.V4, SocketKind.Stream))
        {
            bound.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
            closed = bound.LocalEndpoint!.Value;
        }
        using var client = new TracingNetwork(network, new Tracer(sink).Root(network)).CreateSocket(IpVersion.V4, SocketKind.Stream);
        await Assert.ThrowsAsync<NetworkException>(async () => await client.ConnectAsync(closed));
        Assert.Equal(Errno.ECONNREFUSED, sink.Events.OfType<ConnectFailed>().Single().Error);
    }

    [Fact]
    public void Without_a_listener_the_sockets_are_the_networks_own()
    {
        var network = new OsNetwork();
        using var socket = new TracingNetwork(network, Tracer.Silent.Root(network)).CreateSocket(IpVersion.V4, SocketKind.Stream);
        Assert.Equal("OsSocket", socket.GetType().Name);
    }

    private sealed class ListSink : ITraceSink
    {
        public List<TraceEvent> Events { get; } = [];

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => Events.Add(traceEvent);
    }
}
