using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Dns;
using Firstbyte.Hosts;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tcp;
using Firstbyte.Tests.Captures;
using Firstbyte.Tests.Http;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Tcp;

/// <summary>
/// Our TCP and HTTP against nginx and curl on the Linux kernel's TCP, over a link that loses one packet of a hundred, doubles one and holds
/// back five. In real time, so only when asked: <c>FIRSTBYTE_KERNEL=1</c> or in continuous integration, as root.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class TunWebTests : IDisposable
{
    private const int Megabytes = 100;
    private const long Octets = Megabytes * 1_000_000L;
    private const string Device = "fb2";
    private const string Kernel = "192.0.2.1";
    private const string Own = "192.0.2.2";
    private static readonly TunFaults s_faults = new(LossPermille: 10, DuplicatePermille: 10, ReorderPermille: 50, Seed: 7);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_hundred_megabytes_from_nginx_are_identical()
    {
        var nginx = Require("nginx");
        var sent = WriteFile("big");
        WithLoop(s_faults, loop => WithNginx(nginx, () =>
        {
            var sink = new HashingSink();
            Journey(loop, new JourneyRequest($"http://{Kernel}/big"), sink);
            Assert.Equal((Octets, sent), (sink.Octets, sink.Hash));
        }));
    }

    [Fact]
    public void A_hundred_megabytes_put_to_nginx_are_identical()
    {
        var nginx = Require("nginx");
        var body = new byte[Octets];
        Fill(body, 0);
        WithLoop(s_faults, loop => WithNginx(nginx, () =>
        {
            var sink = new HashingSink();
            Journey(loop, new JourneyRequest($"http://{Kernel}/put/big") { Method = "PUT", Body = new BytesBody(body) }, sink);
            Assert.Equal(HashOf(body), HashOfFile(Path.Combine(_folder.Path, "pages", "put", "big")));
        }));
    }

    [Fact]
    public void Curl_gets_a_hundred_megabytes_from_our_server_identical()
    {
        var curl = Require("curl");
        var got = Path.Combine(_folder.Path, "got");
        WithServer(new PatternSite(), () => RunCurl(curl, "-o", got, $"http://{Own}/big"));
        Assert.Equal(Octets, new FileInfo(got).Length);
        Assert.Equal(HashOfPattern(), HashOfFile(got));
    }

    [Fact]
    public void Curl_puts_a_hundred_megabytes_to_our_server_identical()
    {
        var curl = Require("curl");
        var sent = WriteFile("big");
        var site = new PatternSite();
        WithServer(site, () => RunCurl(curl, "-H", "Expect:", "-T", Path.Combine(_folder.Path, "pages", "big"), $"http://{Own}/up"));
        Assert.Equal((Octets, sent), (site.Received.Octets, site.Received.Hash));
    }

    [Fact]
    public void A_journey_over_the_device_leaves_a_clean_capture_with_reasons()
    {
        var nginx = Require("nginx");
        WriteFile("small", 200_000);
        var output = new MemoryStream();
        WithLoop(s_faults, loop => WithNginx(nginx, () =>
        {
            using (loop.Capture(output, "a test")) { Journey(loop, new JourneyRequest($"http://{Kernel}/small"), new HashingSink()); }
        }));
        var capture = output.ToArray();
        Tshark.AssertClean(capture);
        var reader = new PcapngReader(capture);
        var (decisions, lost) = (0, 0);
        while (reader.Read())
        {
            if (reader.Type != PcapngBlockType.EnhancedPacket || reader.Comment is not { } comment) { continue; }
            if (comment.Contains("(RFC 9293 ", StringComparison.Ordinal)) { decisions++; }
            if (comment.Contains("lost it by chance", StringComparison.Ordinal)) { lost++; }
        }
        Assert.False(reader.IsBroken);
        Assert.True(decisions > 10 && lost > 0, $"{decisions} decisions, {lost} losses");
    }

    private static string Require(string program)
    {
        NetworkNamespace.RequireRealTime();
        var path = Programs.Find(program);
        if (path is null) { Assert.Skip($"{program} is not installed"); }
        return path!;
    }

    private static void WithLoop(TunFaults faults, Action<TunLoop> use) => NetworkNamespace.Run(() =>
    {
        using var device = TunDevice.Open(Device, TunMode.Tun);
        NetworkNamespace.Parameter("ipv6/conf/all/disable_ipv6", "1");
        NetworkNamespace.Ip($"address add {Kernel}/24 dev {Device}");
        NetworkNamespace.Ip($"link set {Device} up");
        NetworkNamespace.Ip("link set lo up");
        Thread.Sleep(120); // What is written in the first moments of a device is lost.
        using var loop = new TunLoop(device, new HostSettings { Tcp = new TcpSettings { SendCapacity = 1 << 20, ReceiveCapacity = 1 << 20 } }, faults: faults);
        loop.Network.Stack.AddAddress(loop.Interface, InterfaceAddress.Parse(Own + "/24"));
        use(loop);
    });

    private void WithNginx(string nginx, Action use)
    {
        foreach (var name in (string[])["t1", "t2", "t3", "t4", "t5", "pages", "pages/put"])
        {
            var made = Directory.CreateDirectory(Path.Combine(_folder.Path, name));
            made.UnixFileMode = (UnixFileMode)0x1FF; // Its worker is not root.
        }
        new DirectoryInfo(_folder.Path).UnixFileMode = (UnixFileMode)0x1FF;
        var configuration = Path.Combine(_folder.Path, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off; master_process off; pid nginx.pid; error_log error.log;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
              client_max_body_size 200m;
              server { listen {{Kernel}}:80; root pages; location /put/ { dav_methods PUT; } }
            }
            """);
        using var process = Process.Start(new ProcessStartInfo(nginx, ["-p", _folder.Path + "/", "-c", configuration, "-e", Path.Combine(_folder.Path, "error.log")]) { UseShellExecute = false })!;
        try
        {
            for (var tries = 0; tries < 100 && !File.Exists(Path.Combine(_folder.Path, "nginx.pid")); tries++) { Thread.Sleep(20); }
            use();
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static void Journey(TunLoop loop, JourneyRequest request, IBodySink sink) => loop.Run(async () =>
    {
        using var client = new JourneyClient(loop.Network, StubResolver.FromServer(loop.Network, new Endpoint(IpAddress.Parse(Kernel), 53)), new SslStreamTlsProvider(loop.Network), new JourneyOptions { MaximumTime = TimeSpan.FromMinutes(3) });
        var result = await client.RunAsync(request, sink, new Tracer(SilentSink.Instance), default);
        Assert.Null(result.Failure);
        await loop.DrainAsync(TimeSpan.FromSeconds(2));
    });

    /// <summary>Our server on our stack, until the kernel's program has ended.</summary>
    private static void WithServer(IHttpHandler site, Action kernelProgram) => WithLoop(s_faults, loop =>
    {
        Exception? failure = null;
        using var ending = new CancellationTokenSource();
        var thread = new Thread(() =>
        {
            try { kernelProgram(); }
            catch (Exception e) { failure = e; }
            loop.Post(ending.Cancel);
        });
        loop.Run(async () =>
        {
            using var server = new HttpServer(loop.Network, site);
            server.Start(new Endpoint(IpAddress.AnyV4, 80));
            // A thread that is made here is in this thread's namespace, and so are its processes.
            thread.Start();
            try { await server.RunAsync(ending.Token); }
            catch (OperationCanceledException) { return; }
        });
        thread.Join();
        if (failure is not null) { throw new InvalidOperationException("the kernel's program failed", failure); }
    });

    private static void RunCurl(string curl, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(curl, (string[])["-sS", "--fail", "--noproxy", "*", "--max-time", "180", .. arguments]) { UseShellExecute = false, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"curl: exit {process.ExitCode}: {said}");
    }

    private string WriteFile(string name, long octets = Octets)
    {
        var pages = Directory.CreateDirectory(Path.Combine(_folder.Path, "pages")).FullName;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.Create(Path.Combine(pages, name));
        var buffer = new byte[1 << 20];
        for (long at = 0; at < octets;)
        {
            var count = (int)Math.Min(buffer.Length, octets - at);
            Fill(buffer.AsSpan(0, count), at);
            hash.AppendData(buffer, 0, count);
            file.Write(buffer, 0, count);
            at += count;
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string HashOfPattern()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1_000_000];
        for (long at = 0; at < Octets; at += buffer.Length)
        {
            Fill(buffer, at);
            hash.AppendData(buffer);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string HashOf(byte[] octets) => Convert.ToHexString(SHA256.HashData(octets));

    private static string HashOfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    // Octets that differ wherever a segment could be put in the wrong place.
    private static void Fill(Span<byte> octets, long place)
    {
        for (var i = 0; i < octets.Length; i++) { octets[i] = (byte)((place + i) * 31 + ((place + i) >> 8) * 7 + ((place + i) >> 16)); }
    }

    private sealed class HashingSink : IBodySink
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Octets { get; private set; }

        public string Hash => Convert.ToHexString(_hash.GetCurrentHash());

        public void Begin(ContentDescription content) { }

        public void End(bool isWhole) { }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            Add(piece.Span);
            return ValueTask.CompletedTask;
        }

        public void Add(ReadOnlySpan<byte> piece)
        {
            _hash.AppendData(piece);
            Octets += piece.Length;
        }
    }

    /// <summary>Answers with the pattern, piece by piece; takes what is put and keeps its hash.</summary>
    private sealed class PatternSite : IHttpHandler
    {
        public HashingSink Received { get; } = new();

        public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
        {
            if (request.Head.TargetText != "/up") { return new ServerResponse(new HttpResponse(200), new PatternBody()); }
            var buffer = new byte[1 << 16];
            for (int count; (count = await request.ReadBodyAsync(buffer, cancellationToken)) > 0;) { Received.Add(buffer.AsSpan(0, count)); }
            return HttpResponse.Text(201, "");
        }
    }

    private sealed class PatternBody : IResponseBody
    {
        private long _at;

        public long Length => Octets;

        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            var count = (int)Math.Min(destination.Length, Octets - _at);
            Fill(destination.Span[..count], _at);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }
}
