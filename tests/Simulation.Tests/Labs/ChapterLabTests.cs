using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>The lab of the chapter, asked by hand.</summary>
public class ChapterLabTests
{
    private static readonly LabDefinition Lab = LabCatalog.Load("glasscom")!;

    [Fact]
    public void The_client_and_its_DNS_server_are_where_the_chapter_says()
    {
        var world = LabWorld.Build(Lab);
        Assert.Equal(IpAddress.Parse("10.11.12.13"), world.Client.Plugs[0].Addresses[0]);
        Assert.Equal("nameserver 10.11.12.2\n", Encoding.UTF8.GetString(world.Client.Files.Read("/etc/resolv.conf")!));
        Assert.Equal(IpAddress.Parse("192.0.2.226"), world.Internet.FindHost("www")!.Plugs[0].Addresses[0]);
        Assert.Equal(IpAddress.Parse("192.0.2.227"), world.Internet.FindHost("mail")!.Plugs[0].Addresses[0]);
    }

    [Theory]
    [InlineData("/", "200 OK", "The laboratory of glasscom")]
    [InlineData("/dir1/file1.html", "200 OK", "You have arrived")]
    [InlineData("/dir1/", "200 OK", "file2.html")]
    [InlineData("/old.html", "301 ", "/dir1/file1.html")]
    [InlineData("/nowhere", "404 ", "Not Found")]
    public void The_web_server_answers_over_http(string path, string status, string content)
    {
        var world = LabWorld.Build(Lab);
        var response = world.Run("fetch", () => Fetch(world, 80, path, static (_, stream) => Task.FromResult(stream)));
        Assert.StartsWith("HTTP/1.1 " + status, response, StringComparison.Ordinal);
        Assert.Contains(content, response, StringComparison.Ordinal);
        Assert.Equal(0, world.Kernel.ForeignEntries);
    }

    [Fact]
    public void The_web_server_answers_over_https_with_the_same_bytes_for_a_seed()
    {
        (string, ulong) Visit(ulong seed)
        {
            var world = LabWorld.Build(Lab, seed);
            var content = world.Run("fetch", () => Fetch(world, 443, "/", static async (host, stream) =>
                Assert.IsType<TlsSession>(await new BouncyCastleTlsProvider(host).AuthenticateAsClientAsync(stream, new TlsClientOptions("www.lab.glasscom.com"), default)).Stream));
            return (content, world.Kernel.Trace.Value);
        }

        var (response, trace) = Visit(1);
        Assert.Contains("The laboratory of glasscom", response, StringComparison.Ordinal);
        Assert.Equal(trace, Visit(1).Item2);
        Assert.NotEqual(trace, Visit(2).Item2);
    }

    [Theory]
    [InlineData("www.lab.glasscom.com", "A", "192.0.2.226")]
    [InlineData("web.lab.glasscom.com", "A", "192.0.2.226")]
    [InlineData("anna.people.lab.glasscom.com", "A", "192.0.2.226")]
    [InlineData("glasscom.com", "MX", "10 mail.glasscom.com.")]
    [InlineData("mail.glasscom.com", "A", "192.0.2.227")]
    [InlineData("226.2.0.192.in-addr.arpa", "PTR", "www.lab.glasscom.com.")]
    [InlineData("a.root-servers.net", "A", "198.41.0.4")]
    [InlineData("m.gtld-servers.net", "A", "192.55.83.30")]
    public void The_clients_DNS_server_finds_every_record_of_the_chapter(string name, string type, string data)
    {
        var world = LabWorld.Build(Lab);
        var answer = Assert.IsType<ResolvedAnswer>(world.Run("resolve", () => Resolve(world, name, type)));
        Assert.Equal(data, answer.Records[^1].Data.ToString());
        Assert.Equal(0, world.Kernel.ForeignEntries);
    }

    [Fact]
    public void A_name_that_does_not_exist_is_denied_by_the_zone_that_would_have_it_and_then_by_the_cache_until_its_time_is_over()
    {
        var world = LabWorld.Build(Lab);
        var denial = Assert.IsType<ResolvedAnswer>(world.Run("resolve", () => Resolve(world, "nobody.lab.glasscom.com", "A")));
        Assert.Equal(ResponseCode.NameError, denial.Code);
        Assert.Equal("lab.glasscom.com.", denial.Soa!.Owner.ToString());

        // The zone's negative time to live is 60 seconds (RFC 2308): before it, one round trip to the own DNS server; after it, a question to the zone's.
        var cached = Packets(world, "nobody.lab.glasscom.com", 59);
        var again = Packets(world, "nobody.lab.glasscom.com", 2);
        Assert.Equal((2, 4), (cached, again));
    }

    [Fact]
    public void The_relay_asks_root_com_glasscom_and_lab_and_the_second_time_nobody()
    {
        var world = LabWorld.Build(Lab);
        // Client and own server two packets; root, com, glasscom.com and lab.glasscom.com two each.
        Assert.Equal(10, Packets(world, "www.lab.glasscom.com", 0));
        Assert.Equal(2, Packets(world, "www.lab.glasscom.com", 1));
        Assert.Equal(4, Packets(world, "www.lab.glasscom.com", 300));
    }

    [Fact]
    public void The_second_client_gets_what_the_first_ones_question_has_put_into_the_cache()
    {
        var world = LabWorld.Build(Lab);
        var first = Assert.IsType<ResolvedAnswer>(world.Run("resolve", () => Resolve(world, "www.lab.glasscom.com", "A")));
        world.Kernel.RunUntil(world.Kernel.Now + TimeSpan.FromSeconds(100));
        var colleague = world.Internet.FindHost("client2")!;
        var counters = world.Internet.Hosts.SelectMany(static host => host.Plugs).Select(static plug => new PacketCounter(plug)).ToArray();
        var second = Assert.IsType<ResolvedAnswer>(world.Kernel.Run("client2", "resolve", async () => await StubResolver.FromSystem(colleague).ResolveAsync(DnsName.Parse("www.lab.glasscom.com"), RecordType.A)));
        Assert.Equal(2, counters.Sum(static counter => counter.Received));
        Assert.Equal(first.Records[^1].Data, second.Records[^1].Data);
        Assert.InRange(first.Records[^1].Ttl.Seconds - second.Records[^1].Ttl.Seconds, 99u, 101u);
    }

    [Fact]
    public void Every_root_address_answers()
    {
        var world = LabWorld.Build(Lab);
        var answered = world.Run("ask the roots", async () =>
        {
            var count = 0;
            foreach (var hint in Delegation.Root.Servers.SelectMany(static server => server.Addresses).Where(static address => address.IsV4))
            {
                using var mailbox = world.Client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
                await mailbox.ConnectAsync(new Endpoint(hint, 53));
                await mailbox.SendAsync(Question("com"));
                var response = new byte[512];
                var length = await mailbox.ReceiveAsync(response);
                if (MessageView.TryRead(response.AsSpan(0, length), out var view, out _) && view.Header.IsResponse) { count++; }
            }
            return count;
        });
        Assert.Equal(13, answered);
    }

    private static long Packets(LabWorld world, string name, int afterSeconds)
    {
        world.Kernel.RunUntil(world.Kernel.Now.PlusNanoseconds(afterSeconds * 1_000_000_000L));
        var counters = world.Internet.Hosts.SelectMany(static host => host.Plugs).Select(static plug => new PacketCounter(plug)).ToArray();
        world.Run("resolve", () => Resolve(world, name, "A"));
        return counters.Sum(static counter => counter.Received);
    }

    /// <summary>Counts the IP packets that come in at the hosts they are for.</summary>
    private sealed class PacketCounter : IFrameTap
    {
        private readonly Plug _plug;

        public PacketCounter(Plug plug)
        {
            _plug = plug;
            plug.Wire.Tap = this;
        }

        public long Received { get; private set; }

        public void OnSent(WireEnd from, Frame frame) { }

        public void OnReceived(WireEnd at, Frame frame)
        {
            if (at == _plug.Wire.A && EthernetView.TryParse(frame.Span, out var ethernet, out _) && ethernet.Type == EtherType.Ipv4 && ethernet.Destination == _plug.Interface.Hardware) { Received++; }
        }

        public void OnLost(WireEnd from, Frame frame, FrameDropReason reason) { }
    }

    private static async Task<ResolutionOutcome> Resolve(LabWorld world, string name, string type)
    {
        Assert.True(RecordType.TryParse(type, out var wanted));
        // A program that was just started: it has no cache of its own.
        return await StubResolver.FromSystem(world.Client).ResolveAsync(DnsName.Parse(name), wanted);
    }

    private static byte[] Question(string name)
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer);
        writer.TryWriteQuestion(new Question(DnsName.Parse(name), RecordType.NS));
        return buffer[..writer.Finish(4711, HeaderFlags.None, OpCode.Query, ResponseCode.NoError)];
    }

    private static async Task<string> Fetch(LabWorld world, ushort port, string path, Func<INetwork, IByteStream, Task<IByteStream>> secure)
    {
        var socket = world.Client.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), port));
        using var stream = await secure(world.Client, new SocketByteStream(socket));
        await stream.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: www.lab.glasscom.com\r\nConnection: close\r\n\r\n"));
        var all = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await stream.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
