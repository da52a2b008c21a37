using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Conformance;

/// <summary>DNS over TLS (RFC 7858) on a loopback port, asked by the platform's TLS and by kdig; who is slow, silent or no client at all keeps nobody out.</summary>
public sealed class DnsOverTlsTests : IAsyncLifetime
{
    private const int MaxConnections = 5;

    private static readonly (string Certificate, string Key) s_pem = TestPem.Make(isSec1: true);

    private readonly DnsServerTls _tls;
    private readonly DnsServer _server;
    private readonly DnsServerCounters _counters = new();
    private readonly int _port;
    private Task _serving = Task.CompletedTask;

    public DnsOverTlsTests()
    {
        Assert.True(PemCertificate.TryRead(s_pem.Certificate, s_pem.Key, out var certificate, out var flaw), $"{flaw}");
        Assert.True(Zone.TryLoad("$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\nx A 192.0.2.1\n", "zone", DnsName.Parse("example."), out var zone, out _));
        var network = new OsNetwork();
        _tls = new DnsServerTls(new SslStreamTlsProvider(network), [certificate]);
        _server = new DnsServer(network, new AuthoritativeResponder(new AuthoritativeServer(new ZoneSet(zone))), new DnsServerOptions
        {
            Tls = _tls,
            MaxConnections = MaxConnections,
            // Whoever is slower on a busy machine than this is one of the silent ones below.
            IdleTimeout = TimeSpan.FromSeconds(3),
            Counters = _counters,
        });
        _port = _server.Bind(new Endpoint(IpAddress.LoopbackV4, 0)).Port;
    }

    public ValueTask InitializeAsync()
    {
        _serving = _server.RunAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _serving;
    }

    [Fact]
    public async Task A_client_asks_as_often_as_it_likes_on_one_connection()
    {
        await using var stream = await ConnectAsync();
        Assert.Equal("dot", stream.NegotiatedApplicationProtocol.ToString());
        for (ushort id = 1; id <= 20; id++) { Assert.Equal("192.0.2.1", await AskAsync(stream, id)); }
        Assert.Equal(20, _counters.Read().Queries(DnsTransport.Tls));
        Assert.Equal(20, _counters.Read().Responses(DnsTransport.Tls, 0));
    }

    [Fact]
    public async Task Kdig_reads_the_answer()
    {
        if (!File.Exists("/usr/bin/kdig")) { Assert.Skip("kdig is not installed (Debian: knot-dnsutils)"); }
        var text = "";
        // This server waits three seconds for who is slow, which a client on a busy machine may be: it asks again, as people do.
        for (var attempt = 0; attempt < 5 && text.Length == 0; attempt++)
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/kdig", ["@127.0.0.1", "-p", $"{_port}", "+tls", "x.example", "A", "+noall", "+answer"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Contains("192.0.2.1", text, StringComparison.Ordinal);
    }

    /// <summary>Silent in the handshake, silent behind it, a byte at a time, or speaking plain DNS: each is cut off, and whoever comes meanwhile is served.</summary>
    [Fact]
    public async Task Who_says_nothing_whole_is_cut_off_and_keeps_nobody_out()
    {
        var strangers = new List<TcpClient>();
        for (var i = 0; i < 4 * MaxConnections; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
            strangers.Add(client);
            // A handshake that begins, and a length that says that a message follows.
            if (i % 3 == 1) { await client.GetStream().WriteAsync(new byte[] { 22, 3, 1 }, TestContext.Current.CancellationToken); }
            if (i % 3 == 2) { await client.GetStream().WriteAsync("\0\x1dplain questions are no TLS"u8.ToArray(), TestContext.Current.CancellationToken); }
        }
        await using (var stream = await ConnectAsync()) { Assert.Equal("192.0.2.1", await AskAsync(stream, 7)); }
        foreach (var client in strangers)
        {
            using (client)
            {
                client.ReceiveTimeout = 10_000;
                Assert.Equal(0, await EndOfAsync(client));
            }
        }
        Assert.True(_counters.AcceptedConnections > 4 * MaxConnections);
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_the_next_client()
    {
        await using (var stream = await ConnectAsync()) { Assert.Equal(Thumbprint(s_pem.Certificate), ((X509Certificate2)stream.RemoteCertificate!).Thumbprint); }
        var (certificate, key) = TestPem.Make(isSec1: true);
        Assert.True(PemCertificate.TryRead(certificate, key, out var renewed, out _));
        _tls.Renew([renewed]);
        await using (var stream = await ConnectAsync()) { Assert.Equal(Thumbprint(certificate), ((X509Certificate2)stream.RemoteCertificate!).Thumbprint); }
    }

    [Fact]
    public void What_is_no_certificate_with_its_key_is_told_apart()
    {
        var (certificate, key) = TestPem.Make(isSec1: true);
        PemFlaw FlawOf(string one, string other) => PemCertificate.TryRead(one, other, out _, out var flaw) ? PemFlaw.None : flaw;
        Assert.Equal(PemFlaw.None, FlawOf(certificate, key));
        Assert.Equal(PemFlaw.None, FlawOf($"{key}\n{certificate}", $"{certificate}\n{key}"));
        Assert.Equal(PemFlaw.NoCertificate, FlawOf(key, key));
        Assert.Equal(PemFlaw.NoCertificate, FlawOf("", key));
        Assert.Equal(PemFlaw.BadCertificate, FlawOf("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key));
        Assert.Equal(PemFlaw.NoKey, FlawOf(certificate, certificate));
        Assert.Equal(PemFlaw.BadKey, FlawOf(certificate, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"));
        Assert.Equal(PemFlaw.OtherKey, FlawOf(certificate, s_pem.Key));
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(PemFlaw.EncryptedKey, FlawOf(certificate, curve.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1))));
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var ofRsa = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(PemFlaw.None, FlawOf(ofRsa.ExportCertificatePem(), rsa.ExportRSAPrivateKeyPem()));
    }

    private static async Task<int> EndOfAsync(TcpClient client)
    {
        var buffer = new byte[512];
        try
        {
            // What TLS says before it ends (an alert) does not count.
            while (await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10)) > 0) { }
        }
        catch (IOException) { return 0; }
        return 0;
    }

    private async Task<SslStream> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "dns.test",
            ApplicationProtocols = [new SslApplicationProtocol("dot")],
#pragma warning disable CA5359 // The certificate is this test's own, and is compared where it matters.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        }, TestContext.Current.CancellationToken);
        return stream;
    }

    private static async Task<string?> AskAsync(SslStream stream, ushort id)
    {
        var query = DnsMessage.Query(id, new Question(DnsName.Parse("x.example."), RecordType.A), edns: Edns.Default).ToArray();
        var framed = new byte[2 + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, TestContext.Current.CancellationToken);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        var bytes = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        Assert.True(DnsMessage.TryParse(bytes, out var answer, out _));
        Assert.Equal(id, answer.Id);
        return answer.Answers[0].Data.ToString();
    }

    private static string Thumbprint(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.Thumbprint;
    }
}
