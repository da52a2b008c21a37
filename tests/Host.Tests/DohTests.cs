using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Host;

/// <summary>DNS over HTTPS (RFC 8484) of the program, by HttpClient and by the tools of others.</summary>
public sealed class DohTests : IDisposable
{
    private const string Beginning = "$ORIGIN test.\n@ 300 IN SOA ns hostmaster 7 7200 900 1209600 60\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-doh-").FullName;

    public DohTests()
    {
        File.WriteAllText(Zone, Beginning + "www 120 IN A 192.0.2.80\nwww 40 IN TXT \"short\"\nalias 30 IN CNAME www\nbroken 30 IN CNAME nothing\n");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Kept, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    private string Zone => Path.Combine(_folder, "test.zone");

    private string Certificate => Path.Combine(_folder, "cert.pem");

    // What is shown, whatever becomes of the file.
    private string Kept => Path.Combine(_folder, "kept.pem");

    private string Key => Path.Combine(_folder, "key.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("www.test", 1, "max-age=120", 0)]
    [InlineData("www.test", 16, "max-age=40", 0)]
    [InlineData("alias.test", 1, "max-age=30", 0)]
    [InlineData("www.test", 28, "max-age=60", 0)]
    [InlineData("nothing.test", 1, "max-age=60", 3)]
    [InlineData("broken.test", 1, "max-age=30", 3)]
    [InlineData("elsewhere.example", 1, "max-age=0", 5)]
    public async Task A_message_is_answered_and_kept_no_longer_than_its_records(string name, ushort type, string freshness, int code)
    {
        await using var host = await StartAsync();
        using var client = RunningHost.NewClient();
        var query = Query(name, new RecordType(type));
        using var posted = await client.PostAsync(host.Doh, Message(query), TestContext.Current.CancellationToken);
        using var got = await client.GetAsync($"{host.Doh}?dns={Base64Url.EncodeToString(query)}", TestContext.Current.CancellationToken);
        foreach (var response in (HttpResponseMessage[])[posted, got])
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/dns-message", response.Content.Headers.ContentType!.ToString());
            Assert.Equal(freshness, response.Headers.CacheControl!.ToString());
            var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(MessageHeader.TryRead(bytes, out var header));
            Assert.Equal((code, true), ((int)header.ResponseCode.Value, header.IsResponse));
        }
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{host.Doh}?dns={Base64Url.EncodeToString(query)}"), TestContext.Current.CancellationToken);
        Assert.Equal(posted.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task What_is_no_message_gets_the_status_that_says_so()
    {
        await using var host = await StartAsync("--metrics", "127.0.0.1:0");
        using var client = RunningHost.NewClient();
        var query = Query("www.test", RecordType.A);
        var text = Base64Url.EncodeToString(query);
        (HttpRequestMessage Request, HttpStatusCode Status)[] all =
        [
            (Get(host, ""), HttpStatusCode.BadRequest),
            (Get(host, "?dns="), HttpStatusCode.BadRequest),
            (Get(host, "?dns=AAAA"), HttpStatusCode.BadRequest),
            (Get(host, "?dns=!!!!"), HttpStatusCode.BadRequest),
            (Get(host, $"?dns={text}=="), HttpStatusCode.BadRequest),
            (Get(host, $"?dns={text}&dns={text}"), HttpStatusCode.BadRequest),
            (Get(host, $"?name=www.test"), HttpStatusCode.BadRequest),
            // A response is not answered.
            (Get(host, $"?dns={Base64Url.EncodeToString([.. query[..2], 0x80, .. query[3..]])}"), HttpStatusCode.BadRequest),
            (Post(host, query, "application/dns-json"), HttpStatusCode.UnsupportedMediaType),
            (Post(host, query, null), HttpStatusCode.UnsupportedMediaType),
            (Post(host, [], DohType), HttpStatusCode.BadRequest),
            (Post(host, new byte[65_536], DohType), HttpStatusCode.RequestEntityTooLarge),
            (Chunked(host, new byte[65_536]), HttpStatusCode.RequestEntityTooLarge),
            (new HttpRequestMessage(HttpMethod.Put, host.Doh) { Content = Message(query) }, HttpStatusCode.MethodNotAllowed),
            (new HttpRequestMessage(HttpMethod.Get, host.Doh + "x"), HttpStatusCode.NotFound),
            // What has a header and nothing right behind it is a message, whose answer says so.
            (Post(host, new byte[65_535], DohType), HttpStatusCode.OK),
        ];
        foreach (var (request, status) in all)
        {
            using (request)
            {
                using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(status == response.StatusCode, $"{request.Method} {request.RequestUri!.Query} {request.Content?.Headers.ContentType}: {response.StatusCode}, not {status}");
            }
        }
        // Every message is counted, and nothing that was none.
        var metrics = await client.GetStringAsync(host.Metrics, TestContext.Current.CancellationToken);
        Assert.Contains("firstbyte_dns_queries_total{transport=\"https\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("firstbyte_dns_silent_total{transport=\"https\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("firstbyte_dns_zone_serial{zone=\"test.\"} 7\n", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Both_versions_of_http_are_spoken_over_tls(int version)
    {
        await using var host = await StartAsync("--tls-cert", Certificate, "--tls-key", Key);
        Assert.StartsWith("https://", host.Doh, StringComparison.Ordinal);
        using var client = Trusting();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Doh)
        {
            Content = Message(Query("www.test", RecordType.A)),
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version.Major));
    }

    [Theory]
    [InlineData("kdig", "+https", "+short")]
    [InlineData("kdig", "+https-get", "+short")]
    [InlineData("dig", "+https", "+short")]
    [InlineData("dig", "+https-get", "+short")]
    public async Task Other_peoples_clients_are_answered(string tool, string way, string brief)
    {
        RequireTool(tool);
        await using var host = await StartAsync("--tls-cert", Certificate, "--tls-key", Key);
        string[] trust = tool == "kdig" ? ["+tls-ca=" + Certificate, "+tls-hostname=localhost"] : ["+tls-ca=" + Certificate, "+tls-hostname=localhost", "+tries=1"];
        var said = await RunAsync(tool, ["@127.0.0.1", "-p", $"{new Uri(host.Doh).Port}", way, .. trust, brief, "www.test", "A"]);
        Assert.Equal("192.0.2.80", said.Trim());
    }

    [Fact]
    public async Task Curl_finds_a_host_by_it()
    {
        RequireTool("curl");
        using var target = RawServer.Of("", "by name"u8.ToArray());
        File.AppendAllText(Zone, "site 60 IN A 127.0.0.1\n");
        await using var host = await StartAsync("--tls-cert", Certificate, "--tls-key", Key);
        var said = await RunAsync("curl", ["-s", "-4", "--max-time", "10", "--doh-url", host.Doh, "--doh-insecure", $"http://site.test:{target.Port}/"]);
        Assert.Equal("by name", said);
    }

    [Fact]
    public async Task Our_own_resolver_hands_its_questions_on_over_it_by_few_connections()
    {
        await using var host = await StartAsync("--tls-cert", Certificate, "--tls-key", Key);
        var (network, counters) = (new OsNetwork(), new UpstreamCounters());
        Assert.Equal(PemFault.None, PemFile.ReadCertificates(File.ReadAllText(Certificate), out var roots));
        Assert.True(UpstreamTransports.TryParse($"https://127.0.0.1:{new Uri(host.Doh).Port}#localhost", 53, out var server));
        using var resolver = new RecursiveResolver(network, new RecursiveResolverOptions
        {
            Hints = Delegation.To([server]),
            Transports = new UpstreamTransports(new SslStreamTlsProvider(network)) { TrustAnchors = roots, Counters = counters },
        });
        foreach (var (name, type, address) in new[] { ("www.test", RecordType.A, "192.0.2.80"), ("alias.test", RecordType.A, "192.0.2.80"), ("ns.test", RecordType.A, "127.0.0.1") })
        {
            var answer = Assert.IsType<ResolvedAnswer>(await resolver.ResolveAsync(DnsName.Parse(name), type, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(address, $"{Assert.Single(answer.Addresses)}");
        }
        Assert.Equal((3L, 3L, 1L, 0L), (counters.Queries, counters.Answers, counters.Connections, counters.Failures));
        // Its certificate is for "localhost": whoever means another is not answered.
        Assert.True(UpstreamTransports.TryParse($"https://127.0.0.1:{new Uri(host.Doh).Port}#elsewhere.test", 53, out var other));
        using var strict = new RecursiveResolver(network, new RecursiveResolverOptions
        {
            Hints = Delegation.To([other]),
            Transports = new UpstreamTransports(new SslStreamTlsProvider(network)) { TrustAnchors = roots },
        });
        Assert.IsType<ResolutionFailure>(await strict.ResolveAsync(DnsName.Parse("www.test"), RecordType.A, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_resolver_answers_over_it_too()
    {
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        var hints = Path.Combine(_folder, "hints");
        // The server of "test" stands for the root: it refuses what it does not know, and delegates nothing.
        File.WriteAllText(hints, ". 3600 IN NS ns.test.\nns.test. 3600 IN A 127.0.0.1\n");
        await using var host = await RunningHost.StartAsync("--no-page", "--doh", "127.0.0.1:0", "--resolver", "--root-hints", hints, "--port-upstream", $"{names.Endpoint.Port}");
        using var client = RunningHost.NewClient();
        using var response = await client.PostAsync(host.Doh, Message(Query("www.test", RecordType.A, recursive: true)), TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(MessageView.TryRead(bytes, out var message, out _));
        Assert.Equal(ResponseCode.NoError, message.ResponseCode);
        Assert.Equal(1, message.Header.AnswerCount);
        Assert.InRange(response.Headers.CacheControl!.MaxAge!.Value.TotalSeconds, 1, 77);
    }

    [Fact]
    public async Task A_resolver_answers_whom_it_is_told_to_and_no_strangers()
    {
        await using var host = await RunningHost.StartAsync("--no-page", "--doh", "127.0.0.1:0", "--resolver", "--allow", "192.0.2.0/24");
        using var client = RunningHost.NewClient();
        using var response = await client.PostAsync(host.Doh, Message(Query("localhost", RecordType.A, recursive: true)), TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(MessageView.TryRead(bytes, out var message, out _));
        Assert.Equal(ResponseCode.Refused, message.ResponseCode);
    }

    [Fact]
    public async Task Files_are_read_again_and_what_is_faulty_changes_nothing()
    {
        await using var host = await StartAsync("--tls-cert", Certificate, "--tls-key", Key);
        using var client = Trusting();
        File.WriteAllText(Zone, Beginning + "www 120 IN A 192.0.2.99\n");
        host.Reloading.Raise();
        Assert.Equal("192.0.2.99", await AddressAsync(client, host));
        File.WriteAllText(Zone, "no zone at all\n");
        File.WriteAllText(Certificate, "no certificate\n");
        host.Reloading.Raise();
        Assert.Equal("192.0.2.99", await AddressAsync(client, host));
        Assert.Contains(host.Lines, static line => line.Contains("the certificate from before is shown on", StringComparison.Ordinal));
    }

    private static async Task<string> AddressAsync(HttpClient client, RunningHost host)
    {
        using var response = await client.PostAsync(host.Doh, Message(Query("www.test", RecordType.A)));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new IPAddress(bytes[^4..]).ToString();
    }

    private const string DohType = "application/dns-message";

    private Task<RunningHost> StartAsync(params string[] more) => RunningHost.StartAsync(["--no-page", "--doh", "127.0.0.1:0", "--zone", "test=" + Zone, .. more]);

    private static byte[] Query(string name, RecordType type, bool recursive = false)
    {
        var bytes = new byte[512];
        var writer = new MessageWriter(bytes);
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Parse(name), type)));
        return bytes[..writer.Finish(0, recursive ? HeaderFlags.RecursionDesired : HeaderFlags.None, OpCode.Query, ResponseCode.NoError)];
    }

    private static ByteArrayContent Message(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(DohType) } };

    private static HttpRequestMessage Get(RunningHost host, string query) => new(HttpMethod.Get, host.Doh + query);

    private static HttpRequestMessage Post(RunningHost host, byte[] bytes, string? type) => new(HttpMethod.Post, host.Doh)
    {
        Content = new ByteArrayContent(bytes) { Headers = { ContentType = type is null ? null : new MediaTypeHeaderValue(type) } },
    };

    private static HttpRequestMessage Chunked(RunningHost host, byte[] bytes)
    {
        var request = Post(host, bytes, DohType);
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private HttpClient Trusting() => new(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == X509Certificate2.CreateFromPem(File.ReadAllText(Kept)).GetCertHashString() } });

    private static void RequireTool(string tool)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)))) { Assert.Skip($"{tool} is missing"); }
    }

    private static async Task<string> RunAsync(string tool, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Length > 0 ? output : $"{process.ExitCode}: {await errors}";
    }
}
