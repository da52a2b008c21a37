using Firstbyte.Addressing;
using Firstbyte.Http;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Http;

/// <summary>A body that the end of the connection delimits, and a server that cannot finish it: the client must be able to tell.</summary>
public sealed class CutOffTests
{
    [Theory]
    [InlineData(Ending.Whole, ExchangeFailureReason.None)]
    [InlineData(Ending.Throws, ExchangeFailureReason.ConnectionFailed)]
    [InlineData(Ending.Stalls, ExchangeFailureReason.ConnectionFailed)]
    public void A_body_until_close_that_is_cut_off_is_no_whole_body(Ending ending, ExchangeFailureReason expected)
    {
        var kernel = new Kernel(1);
        var frames = new FramePool();
        var wire = new Wire(kernel, "cable", new WireSettings { Latency = TimeSpan.FromMilliseconds(5) });
        var (client, server) = (new Machine(kernel, "client", frames), new Machine(kernel, "server", frames));
        kernel.Setup(() => client.Plug(wire.A, new MacAddress(0x020000000001), InterfaceAddress.Parse("10.0.0.1/24")));
        kernel.Setup(() => server.Plug(wire.B, new MacAddress(0x020000000002), InterfaceAddress.Parse("10.0.0.2/24")));
        var site = new HttpServer(server.Network, new Endless(kernel, ending), HttpServerOptions.Default with { StallTimeout = TimeSpan.FromSeconds(5) });
        kernel.Setup(() => site.Start(new Endpoint(IpAddress.AnyV4, 80)));
        kernel.Start("server", "web", () => site.RunAsync(), RootKind.Service);

        var result = kernel.Run("client", "fetch", async () =>
        {
            var socket = client.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(IpAddress.Parse("10.0.0.2"), 80));
            using var connection = new HttpConnection(new SocketByteStream(socket), client.Network);
            return await connection.SendAsync(new HttpRequest("GET", "/", "server") { Version = HttpVersion.Http10 }, DiscardingSink.Instance, default);
        });
        Assert.Equal(expected, result.Failure?.Reason ?? ExchangeFailureReason.None);
        if (ending == Ending.Whole) { Assert.Equal(30_000, result.BodyBytes); }
    }

    public enum Ending
    {
        Whole,
        Throws,
        Stalls,
    }

    private sealed class Endless(Kernel kernel, Ending ending) : IHttpHandler, IResponseBody
    {
        private int _pieces;

        public long Length => -1;

        public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken) => new(new ServerResponse(new HttpResponse(200), this));

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (++_pieces <= 3) { return Math.Min(10_000, destination.Length); }
            if (ending == Ending.Throws) { throw new InvalidOperationException("the source is broken"); }
            if (ending == Ending.Stalls) { await kernel.Delay(60_000_000_000); }
            return 0;
        }
    }
}
