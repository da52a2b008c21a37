using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Captures;

/// <summary>What our stacks say to each other, read by somebody else's dissector.</summary>
public class TsharkReadsWorldsTests
{
    private static readonly byte[] Page = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => i.ToString("x6", CultureInfo.InvariantCulture))));

    [Fact]
    public void A_journey_over_a_router_is_clean_and_its_stream_is_reassembled()
    {
        var capture = World(new WireSettings { Latency = TimeSpan.FromMilliseconds(2) }, everywhere: false);
        Tshark.AssertClean(capture);
        var said = Tshark.Dissect(capture, "-V");
        Assert.Contains("Address Resolution Protocol (reply)", said, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 OK", said, StringComparison.Ordinal);
        Assert.Contains("TCP Option - SACK permitted", said, StringComparison.Ordinal);
        // On a perfect link tshark's own analysis of TCP finds nothing to remark but what belongs to every connection.
        var remarks = Tshark.Dissect(capture, "-Y", "tcp.analysis.retransmission || tcp.analysis.duplicate_ack || tcp.analysis.lost_segment || tcp.analysis.out_of_order || tcp.analysis.zero_window");
        Assert.Equal("", remarks.Trim());
        var lengths = Tshark.Dissect(capture, "-Y", "http.response", "-T", "fields", "-e", "http.file_data");
        var body = lengths.Trim();
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Page)), Convert.ToHexString(SHA256.HashData(Body(body))));
    }

    [Fact]
    public void A_lossy_journey_is_clean_too_and_its_losses_are_in_the_capture_with_their_reason()
    {
        var capture = World(new WireSettings { Latency = TimeSpan.FromMilliseconds(2), LossMillionths = 30_000 }, everywhere: true);
        // The same segment is captured on every link: streams are not put together here.
        Tshark.AssertClean(capture);
        var said = Tshark.Dissect(capture, "-V", "-o", "tcp.desegment_tcp_streams:FALSE");
        Assert.Contains(":dropped", said, StringComparison.Ordinal);
        Assert.Contains("lost it by chance: it loses 3 % of the frames", said, StringComparison.Ordinal);
    }

    // tshark 4 prints the body as text, some versions as hexadecimal.
    private static byte[] Body(string printed) =>
        printed.Length == Page.Length * 2 ? Convert.FromHexString(printed) : Encoding.ASCII.GetBytes(printed);

    private static byte[] World(WireSettings settings, bool everywhere)
    {
        var kernel = new Kernel(3);
        var frames = new FramePool();
        var output = new MemoryStream();
        var tap = new CaptureTap(kernel, output, "a journey over a router");
        var hub = new Hub("lan");
        var router = new Machine(kernel, "r1", frames, new HostSettings { IsRouter = true });
        var (alice, www) = (new Machine(kernel, "alice", frames), new Machine(kernel, "www", frames));
        Wire Cable(string name)
        {
            var wire = new Wire(kernel, name, settings);
            if (everywhere) { tap.Watch(wire); }
            else if (name == "alice-lan") { tap.Watch(wire.A); }
            return wire;
        }
        var (first, second, third) = (Cable("alice-lan"), Cable("r1-lan"), Cable("r1-www"));
        alice.Stack.AddDefaultRoute(alice.Plug(first.A, new MacAddress(0x020000000001), InterfaceAddress.Parse("10.1.0.2/24")), IpAddress.Parse("10.1.0.1"));
        hub.Plug(first.B);
        router.Plug(second.A, new MacAddress(0x020000000002), InterfaceAddress.Parse("10.1.0.1/24"));
        hub.Plug(second.B);
        router.Plug(third.A, new MacAddress(0x020000000003), InterfaceAddress.Parse("10.2.0.1/24"));
        www.Stack.AddDefaultRoute(www.Plug(third.B, new MacAddress(0x020000000004), InterfaceAddress.Parse("10.2.0.80/24")), IpAddress.Parse("10.2.0.1"));
        kernel.Start("www", "serve", async () =>
        {
            using var listener = www.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            listener.Bind(new Endpoint(IpAddress.AnyV4, 80));
            listener.Listen(4);
            using var connection = await listener.AcceptAsync();
            await connection.ReceiveAsync(new byte[1_000]);
            byte[] response = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Page.Length}\r\n\r\n"), .. Page];
            for (ReadOnlyMemory<byte> rest = response; rest.Length > 0;) { rest = rest[await connection.SendAsync(rest)..]; }
        }, RootKind.Service);
        kernel.Run("alice", "get", async () =>
        {
            using var socket = alice.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(IpAddress.Parse("10.2.0.80"), 80));
            await socket.SendAsync("GET /page HTTP/1.1\r\nHost: www.example.test\r\n\r\n"u8.ToArray());
            var buffer = new byte[60_000];
            while (await socket.ReceiveAsync(buffer) > 0) { }
        });
        kernel.RunUntil(kernel.Now + TimeSpan.FromMinutes(5));
        tap.Dispose();
        return output.ToArray();
    }
}
