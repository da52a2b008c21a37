using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Conformance;

/// <summary>A resolver that hands everything on over TLS (RFC 7858), to Unbound and BIND on loopback ports; kdig asks the same server beside it.</summary>
public sealed class TlsUpstreamTests
{
    private const int Names = 500;

    private static readonly string s_zone = "$TTL 60\n$ORIGIN example.\n@ SOA ns hostmaster 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\n"
        + string.Concat(Enumerable.Range(0, Names).Select(static i => $"n{i} A 192.0.2.{i % 250 + 1}\n"));

    [Theory]
    [InlineData("unbound")]
    [InlineData("bind")]
    public async Task Hundreds_of_questions_at_a_time_are_answered_by_another_server_over_TLS(string name)
    {
        var pem = TestPem.Make();
        using var peer = PeerServer.StartTls(name, s_zone, pem);
        if (peer is null) { Assert.Skip($"{name} is not installed"); }
        AssertKdigAgrees(peer.TlsPort);
        var (network, counters) = (new OsNetwork(), new UpstreamCounters());
        using var resolver = Resolver(network, $"tls://127.0.0.1:{peer.TlsPort}#dns.test", counters, pem.Certificate);
        var clock = Stopwatch.StartNew();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Names).Select(i =>
            resolver.ResolveAsync(DnsName.Parse($"n{i}.example"), RecordType.A, cancellationToken: TestContext.Current.CancellationToken).AsTask()));
        Assert.Equal(
            Enumerable.Range(0, Names).Select(static i => $"192.0.2.{i % 250 + 1}"),
            outcomes.Select(static outcome => Assert.IsType<ResolvedAnswer>(outcome).Addresses[0].ToString()));
        Assert.Equal((Names, 0), (counters.Answers, counters.Failures));
        // A server may end a connection whenever it likes; none of those asked here does that often.
        Assert.InRange(counters.Connections, 1, 10);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {Names} answers over {counters.Connections} connections in {clock.ElapsedMilliseconds} ms, {counters.Repeated} asked again");
    }

    [Theory]
    [InlineData("unbound")]
    [InlineData("bind")]
    public async Task Another_servers_certificate_is_refused_and_so_is_no_certificate_at_all(string name)
    {
        var pem = TestPem.Make();
        using var peer = PeerServer.StartTls(name, s_zone, pem);
        if (peer is null) { Assert.Skip($"{name} is not installed"); }
        // Another name, another root, another key, and a port where no TLS is spoken.
        Assert.Equal(UpstreamFault.CertificateRefused, await FaultAsync($"tls://127.0.0.1:{peer.TlsPort}#other.test", pem.Certificate));
        Assert.Equal(UpstreamFault.CertificateRefused, await FaultAsync($"tls://127.0.0.1:{peer.TlsPort}", pem.Certificate));
        Assert.Equal(UpstreamFault.CertificateRefused, await FaultAsync($"tls://127.0.0.1:{peer.TlsPort}#dns.test", TestPem.Make().Certificate));
        Assert.Equal(UpstreamFault.KeyNotPinned, await FaultAsync($"tls://127.0.0.1:{peer.TlsPort}#{PinOf(TestPem.Make().Certificate)}", pem.Certificate));
        Assert.Equal(UpstreamFault.None, await FaultAsync($"tls://127.0.0.1:{peer.TlsPort}#{PinOf(pem.Certificate)}", TestPem.Make().Certificate));
        Assert.Equal(UpstreamFault.HandshakeFailed, await FaultAsync($"tls://127.0.0.1:{peer.Port}#dns.test", pem.Certificate));
    }

    /// <summary>How asking for a name ends: no fault where it is answered.</summary>
    private static async Task<UpstreamFault> FaultAsync(string server, string root)
    {
        using var resolver = Resolver(new OsNetwork(), server, new UpstreamCounters(), root);
        var outcome = await resolver.ResolveAsync(DnsName.Parse("n7.example"), RecordType.A, cancellationToken: TestContext.Current.CancellationToken);
        return outcome is ResolutionFailure failure ? Assert.Single(failure.Evidence).Fault : UpstreamFault.None;
    }

    private static RecursiveResolver Resolver(OsNetwork network, string server, UpstreamCounters counters, string root)
    {
        Assert.True(UpstreamTransports.TryParse(server, 53, out var named), server);
        Assert.Equal(PemFault.None, PemFile.ReadCertificates(root, out var roots));
        return new RecursiveResolver(network, new RecursiveResolverOptions
        {
            Hints = Delegation.To([named]),
            Transports = new UpstreamTransports(new SslStreamTlsProvider(network)) { TrustAnchors = roots, Counters = counters },
        });
    }

    private static string PinOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return PinnedKey.Text(PinnedKey.Of(certificate.RawData));
    }

    private static void AssertKdigAgrees(int port)
    {
        if (!File.Exists("/usr/bin/kdig")) { return; }
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/kdig", ["@127.0.0.1", "-p", $"{port}", "+tls", "n7.example", "A", "+short"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        Assert.Equal("192.0.2.8", process.StandardOutput.ReadToEnd().Trim());
        process.WaitForExit();
    }
}
