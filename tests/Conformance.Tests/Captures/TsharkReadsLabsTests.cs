using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Captures;

/// <summary>The chapter's lab, captured on every link while a journey goes through it, read by somebody else's dissector.</summary>
public class TsharkReadsLabsTests
{
    private const string ClientEnd = "client-office/client";

    private static byte[] Journey(string url, ulong? seed = null, bool complete = true)
    {
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!, seed);
        var output = new MemoryStream();
        var tap = world.Capture(output);
        world.Run("journey", async () =>
        {
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), new JourneyOptions());
            var result = await client.RunAsync(new JourneyRequest(url), DiscardingSink.Instance, new Tracer(SilentSink.Instance), default);
            Assert.Null(result.Failure);
            return 0;
        });
        if (complete) { tap.Dispose(); }
        return output.ToArray();
    }

    [Fact]
    public void The_HTTP_and_DNS_of_the_chapter_are_reassembled_on_the_client_s_link()
    {
        var capture = Journey("http://www.lab.glasscom.com/dir1/file1.html");
        Tshark.AssertClean(capture);
        var atClient = Tshark.OneInterface(capture, ClientEnd);
        var said = Tshark.Dissect(atClient, "-V");
        foreach (var expected in (string[])
            ["GET /dir1/file1.html HTTP/1.1", "HTTP/1.1 200 OK", "You have arrived", "www.lab.glasscom.com: type A, class IN, addr 192.0.2.226", "active open: Closed → SynSent (RFC 9293 3.10.1)"])
        {
            Assert.Contains(expected, said, StringComparison.Ordinal);
        }
        Assert.Equal("", Tshark.Dissect(atClient, "-Y", "tcp.analysis.flags && !tcp.analysis.window_update").Trim());
    }

    [Fact]
    public void Every_router_says_by_which_row_it_forwarded_and_every_machine_has_a_name()
    {
        var capture = Journey("http://www.lab.glasscom.com/");
        var comments = Tshark.Dissect(capture, "-Y", "frame.comment contains \"forwarded it\"", "-T", "fields", "-e", "frame.comment");
        Assert.Contains("home forwarded it from eth0 to eth1: row 192.0.2.0/24 of its table is the longest match, next hop 198.51.100.129 (RFC 1812 5.2.4.3)", comments, StringComparison.Ordinal);
        Assert.Contains("core forwarded it from eth0 to eth2: row 192.0.2.0/24 of its table is the longest match, the destination is on that link (RFC 1812 5.2.4.3)", comments, StringComparison.Ordinal);
        var names = Tshark.Dissect(capture, "-N", "n", "-Y", "http", "-T", "fields", "-e", "ip.src_host", "-e", "ip.dst_host");
        Assert.Contains("client\twww", names, StringComparison.Ordinal);
    }

    [Fact]
    public void The_secrets_in_the_capture_let_the_reader_into_the_encrypted_journey()
    {
        var capture = Journey("https://www.lab.glasscom.com/");
        Tshark.AssertClean(capture);
        // One reading from front to back: every secret stands before the first packet that needs it.
        var said = Tshark.Dissect(Tshark.OneInterface(capture, ClientEnd), "-Y", "tls && http", "-T", "fields", "-e", "http.request.method", "-e", "http.response.code", "-e", "http.host");
        Assert.Equal("GET\t\twww.lab.glasscom.com\n\t200\t", said.Trim('\n'));
        var handshake = Tshark.Dissect(Tshark.OneInterface(capture, ClientEnd), "-Y", "tls.handshake.type == 20", "-T", "fields", "-e", "tls.handshake.type");
        Assert.Equal("Finished messages: 2", $"Finished messages: {handshake.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(static line => line.Split(',').Count(static type => type == "20"))}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_secrets_included_and_another_seed_others()
    {
        const string Url = "https://www.lab.glasscom.com/";
        var first = Journey(Url, 7);
        Assert.True(first.AsSpan().SequenceEqual(Journey(Url, 7)));
        Assert.False(first.AsSpan().SequenceEqual(Journey(Url, 8)));
    }

    [Fact]
    public void A_run_that_is_broken_off_leaves_a_good_capture_without_statistics()
    {
        var (whole, broken) = (Journey("http://www.lab.glasscom.com/"), Journey("http://www.lab.glasscom.com/", complete: false));
        Assert.True(whole.AsSpan().StartsWith(broken));
        Assert.Equal((false, false), (IsBroken(broken, out var without), without > 0));
        Assert.Equal((false, true), (IsBroken(whole, out var with), with > 0));
        Tshark.AssertClean(broken);

        static bool IsBroken(byte[] capture, out int statistics)
        {
            statistics = 0;
            var reader = new PcapngReader(capture);
            while (reader.Read()) { statistics += reader.Type == PcapngBlockType.Statistics ? 1 : 0; }
            return reader.IsBroken;
        }
    }

    [Fact]
    public void What_a_router_drops_is_on_an_interface_of_its_own_with_the_reason()
    {
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!);
        var output = new MemoryStream();
        using (world.Capture(output))
        {
            var stack = world.Client.Machine.Stack;
            world.Run("ping", async () =>
            {
                var ping = stack.OpenPing(IpVersion.V4);
                stack.SendEcho(ping, IpAddress.Parse("192.0.2.226"), 1, new byte[56], hopLimit: 1, world.Kernel.Now);
                world.Client.Machine.Network.Flush();
                await Task.Delay(TimeSpan.FromSeconds(1), world.Kernel.Time);
                return 0;
            });
        }
        var capture = output.ToArray();
        Tshark.AssertClean(capture);
        var dropped = Tshark.Dissect(capture, "-Y", "frame.interface_name contains \":dropped\"", "-T", "fields", "-e", "frame.interface_name", "-e", "ip.ttl", "-e", "frame.comment");
        Assert.Equal("home-office/home:dropped\t1\thome dropped it: no hop is left (RFC 1812 5.3.1)", dropped.Trim());
    }
}
