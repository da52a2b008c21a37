using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>What whoever runs <c>firstbyte serve dns</c> asks of it: TLS, what it says of itself, numbers for Prometheus, few descriptors.</summary>
public class ServeOperationTests
{
    private const string ZoneText = "$TTL 300\n@ SOA ns1 host 1 7200 3600 1209600 60\n@ NS ns1\nns1 A 127.0.0.1\nwww A 192.0.2.226\n";

    [Fact]
    public async Task It_serves_over_tls_and_reads_the_certificate_again_on_hangup()
    {
        var kdig = Programs.Require("kdig");
        using var folder = Folder();
        WriteCertificate(folder);
        using var serving = ServingCommand.Start(folder.Path, "--zone", "example=zone", "--listen-tls", "127.0.0.1:0", "--tls-cert", "cert.pem", "--tls-key", "key.pem");
        var said = serving.WaitFor(", TLS;");
        var address = said.Split('\n').First(static line => line.Contains(", TLS;", StringComparison.Ordinal)).Split(' ')[2].TrimEnd(',');
        string[] question = ["@127.0.0.1", "-p", address.Split(':')[1], "+tls", "+short", "www.example", "A"];
        Assert.Equal("192.0.2.226\n", System.Text.Encoding.UTF8.GetString((await Programs.RunAsync(kdig, question)).Output));
        Assert.Equal("192.0.2.226\n", Command.Run("dig", "@127.0.0.1", "-p", address.Split(':')[1], "+tls", "+short", "www.example").Output);
        File.WriteAllText(Path.Combine(folder.Path, "key.pem"), "no key");
        serving.Signal("HUP");
        serving.WaitFor("'key.pem' holds no private key in PEM form");
        Assert.Equal("192.0.2.226\n", System.Text.Encoding.UTF8.GetString((await Programs.RunAsync(kdig, question)).Output));
    }

    [Theory]
    [InlineData("--listen-tls 127.0.0.1:0", "firstbyte: --listen-tls wants --tls-cert FILE\n")]
    [InlineData("--listen-tls 127.0.0.1:0 --tls-cert cert.pem", "firstbyte: --listen-tls wants --tls-key FILE\n")]
    [InlineData("--tls-key key.pem", "firstbyte: --tls-key wants --listen-tls ADDR:PORT\n")]
    [InlineData("--listen-tls 127.0.0.1:0 --tls-cert zone --tls-key key.pem", "firstbyte: 'zone' holds no certificate in PEM form\n")]
    [InlineData("--rate-limit 0", "firstbyte: --rate-limit wants a number from 1 to 1000000\n")]
    [InlineData("--metrics nowhere", "firstbyte: 'nowhere' is no value of '--metrics'\n")]
    public void What_does_not_go_together_is_said(string line, string complaint)
    {
        using var folder = Folder();
        WriteCertificate(folder);
        var run = Command.RunIn(folder.Path, ["serve", "dns", "--listen", "127.0.0.1:0", "--zone", "example=zone", .. line.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_of_itself_what_it_was_told_to_and_nothing_without()
    {
        using var folder = Folder();
        using (var serving = ServingCommand.Start(folder.Path, "--zone", "example=zone"))
        {
            Assert.Contains("status: REFUSED", Ask(serving, "version.bind CH TXT"), StringComparison.Ordinal);
            Assert.DoesNotContain("NSID", Ask(serving, "+nsid www.example"), StringComparison.Ordinal);
        }
        using (var serving = ServingCommand.Start(folder.Path, "--zone", "example=zone", "--nsid", "ns-7", "--version-string", "who knows"))
        {
            Assert.Contains("TXT\t\"who knows\"", Ask(serving, "version.bind CH TXT"), StringComparison.Ordinal);
            Assert.Contains("TXT\t\"ns-7\"", Ask(serving, "id.server CH TXT"), StringComparison.Ordinal);
            Assert.Contains("; NSID: 6e 73 2d 37 (\"ns-7\")", Ask(serving, "+nsid www.example"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Equal_answers_over_the_limit_are_dropped_or_cut()
    {
        using var folder = Folder();
        using var serving = ServingCommand.Start(folder.Path, "--zone", "example=zone", "--rate-limit", "5", "--rate-slip", "1");
        var cut = Enumerable.Range(0, 30).Count(_ => Ask(serving, "+nocookie +ignore +tries=1 www.example").Contains(" tc", StringComparison.Ordinal));
        Assert.InRange(cut, 5, 29);
    }

    [Fact]
    public void The_schema_of_the_settings_is_with_the_command()
    {
        var run = Command.Run("serve", "dns", "--config-schema");
        Assert.Equal((File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", "serve-dns.schema.json")), "", 0), (run.Output, run.Errors, run.ExitCode));
    }

    [Fact]
    public async Task Prometheus_finds_its_numbers()
    {
        using var folder = Folder();
        using var serving = ServingCommand.Start(folder.Path, "--zone", "example=zone", "--metrics", "127.0.0.1:0");
        var url = serving.WaitFor("/metrics").Split('\n').First(static line => line.Contains("/metrics", StringComparison.Ordinal)).Split(' ')[^1];
        for (var i = 0; i < 7; i++) { Ask(serving, "www.example"); }
        Ask(serving, "nx.example");
        Ask(serving, "+tcp www.example");
        using var client = new HttpClient();
        var page = await client.GetStringAsync(url, TestContext.Current.CancellationToken);
        foreach (var line in (string[])
        [
            "firstbyte_dns_queries_total{transport=\"udp\"} 8", "firstbyte_dns_queries_total{transport=\"tcp\"} 1", "firstbyte_dns_responses_total{transport=\"udp\",rcode=\"NOERROR\"} 7",
            "firstbyte_dns_responses_total{transport=\"udp\",rcode=\"NXDOMAIN\"} 1", "firstbyte_dns_zone_serial{zone=\"example.\"} 1", "firstbyte_dns_connections_accepted_total 1",
            "# TYPE firstbyte_dns_queries_total counter",
        ])
        {
            Assert.Contains(line + "\n", page, StringComparison.Ordinal);
        }
        // The text format: a name, labels, a number, and nothing else on a line that is no comment.
        Assert.All(page.TrimEnd('\n').Split('\n').Where(static line => line[0] != '#'), static line => Assert.Matches("^[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? \\d+$", line));
    }

    /// <summary>
    /// Connections that are open and idle make room.
    /// </summary>
    [Fact]
    public async Task Without_descriptors_it_says_so_once_and_answers_on()
    {
        // The just-in-time runtime ends itself ("Out of memory") where it finds no descriptor for code that it has not needed before.
        if (Command.Published is null) { Assert.Skip("of the published command alone, which FIRSTBYTE_PUBLISHED names: the just-in-time runtime needs descriptors itself"); }
        var prlimit = Programs.Require("prlimit");
        using var folder = Folder();
        using var serving = ServingCommand.StartProcess(folder.Path, "--zone", "example=zone");
        for (var i = 0; i < 3; i++) { Assert.Contains("192.0.2.226", Ask(serving, "+tcp www.example"), StringComparison.Ordinal); }
        var clients = new List<System.Net.Sockets.TcpClient>();
        try
        {
            var open = Directory.GetFileSystemEntries($"/proc/{serving.ProcessId}/fd").Length;
            Assert.Equal(0, (await Programs.RunAsync(prlimit, ["--pid", $"{serving.ProcessId}", $"--nofile={open + 3}:"])).ExitCode);
            for (var i = 0; i < 12; i++)
            {
                var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync(System.Net.IPAddress.Loopback, serving.Port, TestContext.Current.CancellationToken);
                clients.Add(client);
            }
            serving.WaitFor("have to wait");
            for (var i = 0; i < 5; i++) { Assert.Contains("192.0.2.226", Ask(serving, "www.example +tries=1"), StringComparison.Ordinal); }
            // A connection over which nothing has come yet may have to make room itself, where the machine is slow: then one asks again (RFC 7766 section 6.2.4).
            var said = "";
            for (var tries = 0; tries < 10 && !said.Contains("192.0.2.226", StringComparison.Ordinal); tries++) { said = Ask(serving, "+tcp www.example"); }
            Assert.Contains("192.0.2.226", said, StringComparison.Ordinal);
        }
        finally { clients.ForEach(static client => client.Dispose()); }
        Assert.Contains("192.0.2.226", Ask(serving, "+tcp www.example"), StringComparison.Ordinal);
        serving.WaitFor("are accepted again");
        Assert.Single(serving.Said.Split('\n'), static line => line.Contains("have to wait", StringComparison.Ordinal));
    }

    private static string Ask(ServingCommand serving, string line) => Command.Run(["dig", "@127.0.0.1", "-p", $"{serving.Port}", .. line.Split(' ')]).Output;

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "zone"), ZoneText);
        return folder;
    }

    internal static void WriteCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=dns.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(folder.Path, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.Path, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
