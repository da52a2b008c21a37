using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Probing;
using Firstbyte.Simulation.Recording;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Frames;

/// <summary>What a look at a frame tells.</summary>
public class FrameReaderTests
{
    [Fact]
    public void Any_bytes_are_read_without_a_complaint() => Gen.Byte.Array[0, 200].Sample(static bytes =>
    {
        var summary = FrameReader.Read(bytes);
        Assert.Equal(bytes.Length, summary.Length);
        // With the front of an Ethernet frame the layers behind it get the rest.
        if (bytes.Length < 14) { return; }
        foreach (var type in (ushort[])[0x0800, 0x0806, 0x86DD])
        {
            (bytes[12], bytes[13]) = ((byte)(type >> 8), (byte)type);
            Assert.Equal(bytes.Length, FrameReader.Read(bytes).Length);
        }
    }, iter: Depth.Of(2_000));

    /// <summary>Every frame of a ping is recognised, and tells who asks whom.</summary>
    [Fact]
    public void The_frames_of_a_ping_are_questions_for_neighbours_and_echoes()
    {
        var seen = new List<FrameSeen>();
        var watch = new FrameWatch(new SeenSink(seen), everyFrame: true);
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!, sink: watch);
        var elements = new LabElements(world);
        watch.Watch(elements);
        world.Run("ping", () => Ping.RunAsync(world.Client.Machine.Network, new PingOptions(IpAddress.Parse("10.11.12.2"), "dns") { Count = 1 }, elements.NameOf, world.Tracer.Root(world.Client)));
        Assert.Equal(["Arp Question", "Arp Answer", "Icmp 8", "Icmp 0"], seen.Where(static one => one.Element is "client" or "dns" && one.IsOwn)
            .Select(static one => $"{one.Frame.Protocol} {(one.Frame.Neighbor is { } neighbor ? neighbor.Kind.ToString() : one.Frame.Icmp!.Type.ToString(System.Globalization.CultureInfo.InvariantCulture))}"));
        Assert.All(seen.Where(static one => one.Frame.Icmp is not null), static one => Assert.Equal((ushort)1, one.Frame.Icmp!.Sequence));
        Assert.Contains(seen, static one => one is { Element: "office", Kind: ElementKind.Hub, Direction: FrameDirection.Out, IsOwn: false });
    }

    [Fact]
    public void Queries_answers_and_segments_are_read_to_their_innermost_header()
    {
        var seen = new List<FrameSeen>();
        var watch = new FrameWatch(new SeenSink(seen), everyFrame: true);
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!, sink: watch);
        watch.Watch(new LabElements(world));
        world.Run("fetch", async () =>
        {
            var client = world.Client;
            var resolver = Firstbyte.Dns.StubResolver.FromSystem(client);
            await resolver.ResolveAsync(Firstbyte.Dns.Records.DnsName.Parse("www.lab.glasscom.com"), Firstbyte.Dns.Records.RecordType.A);
            using var socket = client.CreateSocket(IpVersion.V4, Firstbyte.Sockets.SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 80));
            return 0;
        });
        var dns = seen.Where(static one => one.IsOwn && one.Frame.Dns is not null).Select(static one => one.Frame.Dns!).ToArray();
        Assert.Contains(dns, static note => note is { IsResponse: false, Name: "www.lab.glasscom.com.", Type: "A" });
        Assert.Contains(dns, static note => note is { IsResponse: true, IsAuthoritative: true, Answers: 1 });
        Assert.Contains(dns, static note => note is { IsResponse: true, Answers: 0, Authorities: > 0 });
        var tcp = seen.Where(static one => one.IsOwn && one.Frame.Tcp is not null).ToArray();
        Assert.Equal([TcpFlags.Syn, TcpFlags.Syn | TcpFlags.Ack, TcpFlags.Ack], tcp.Where(static one => one.Kind == ElementKind.Host).Select(static one => one.Frame.Tcp!.Flags).Take(3));
        // The home router sends them on with its own address.
        Assert.All(tcp.Where(static one => one.Kind != ElementKind.Host), static one => Assert.Equal("home", one.Element));
    }

    private sealed class SeenSink(List<FrameSeen> seen) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent)
        {
            if (traceEvent is FrameSeen one) { seen.Add(one); }
        }
    }
}
