using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tls;

/// <summary>Both TLS clients, over real sockets, against OpenSSL's own server with the lab's certificates.</summary>
public sealed class OpenSslServerTests : IDisposable
{
    private const string Name = "www.lab.glasscom.com";

    private readonly OsNetwork _network = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-tls-").FullName;
    private readonly LabCertificateAuthority _authority;
    private Process? _server;

    public OpenSslServerTests() => _authority = new LabCertificateAuthority(_network.Random, NetworkClock.Now(_network));

    public void Dispose()
    {
        if (_server is { HasExited: false }) { _server.Kill(); }
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false, "-tls1_3", TlsVersion.Tls13)]
    [InlineData(false, "-tls1_2", TlsVersion.Tls12)]
    [InlineData(true, "-tls1_3", TlsVersion.Tls13)]
    [InlineData(true, "-tls1_2", TlsVersion.Tls12)]
    public async Task A_page_comes_from_openssl_s_server(bool seeded, string protocol, TlsVersion version)
    {
        var at = Start(_authority.Issue([Name]), protocol);
        var session = Assert.IsType<TlsSession>(await Shake(seeded, at));
        Assert.Equal(version, session.Version);
        Assert.Empty(session.Faults);
        await session.Stream.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        var page = await ReadAll(session.Stream);
        session.Stream.Close();
        Assert.StartsWith("HTTP/1.0 200 ok", page);
        Assert.Contains(session.Suite.Contains("GCM", StringComparison.Ordinal) ? "GCM" : "POLY1305", page);
    }

    [Theory]
    [InlineData(false, CertificateFlaw.Expired, CertificateFaultKind.Expired)]
    [InlineData(true, CertificateFlaw.Expired, CertificateFaultKind.Expired)]
    [InlineData(false, CertificateFlaw.SelfSigned, CertificateFaultKind.SelfSigned)]
    [InlineData(true, CertificateFlaw.SelfSigned, CertificateFaultKind.SelfSigned)]
    public async Task A_fault_is_found_over_real_sockets_too(bool seeded, CertificateFlaw flaw, CertificateFaultKind kind)
    {
        var at = Start(_authority.Issue([Name], flaw), "-tls1_3");
        var failure = Assert.IsType<TlsFailure>(await Shake(seeded, at));
        Assert.Equal(kind, Assert.Single(failure.Faults).Kind);
    }

    /// <summary>In version 1.3 the server's word about the client's certificate comes after the handshake.</summary>
    [Theory]
    [InlineData(false, "-tls1_3")]
    [InlineData(false, "-tls1_2")]
    [InlineData(true, "-tls1_3")]
    [InlineData(true, "-tls1_2")]
    public async Task A_server_that_demands_a_certificate_takes_one_and_misses_none(bool seeded, string protocol)
    {
        File.WriteAllBytes(Path.Combine(_folder, "root.pem"), _authority.RootCertificateFile);
        var at = Start(_authority.Issue([Name]), protocol, "-Verify", "2", "-verify_return_error", "-CAfile", Path.Combine(_folder, "root.pem"), "-purpose", "any");
        var own = _authority.Issue(["alice"]);
        var shown = Assert.IsType<TlsSession>(await Shake(seeded, at, new TlsClientCertificate(own.Chain, own.PrivateKey)));
        Assert.Equal(ClientCertificateUse.Shown, shown.ClientCertificate);
        await shown.Stream.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.0 200 ok", await ReadAll(shown.Stream));
        shown.Stream.Close();
        switch (await Shake(seeded, at))
        {
            case TlsFailure failure: Assert.Equal(("-tls1_2", TlsFailureReason.ClientCertificateMissing), (protocol, failure.Reason)); break;
            case TlsSession session:
                Assert.Equal(("-tls1_3", ClientCertificateUse.Missing), (protocol, session.ClientCertificate));
                await Assert.ThrowsAsync<NetworkException>(async () => await ReadAll(session.Stream));
                Assert.Equal(TlsAlert.CertificateRequired, session.AlertSince());
                break;
        }
    }

    private Endpoint Start(TlsServerCertificate certificate, string protocol, params string[] more)
    {
        Endpoint at;
        using (var probe = _network.CreateSocket(IpVersion.V4, SocketKind.Stream))
        {
            probe.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
            at = probe.LocalEndpoint!.Value;
        }
        var chain = Path.Combine(_folder, "chain.pem");
        var key = Path.Combine(_folder, "key.pem");
        File.WriteAllText(chain, string.Join('\n', certificate.Chain.Select(der => PemEncoding.WriteString("CERTIFICATE", der))) + "\n");
        File.WriteAllText(key, PemEncoding.WriteString("PRIVATE KEY", certificate.PrivateKey) + "\n");
        var start = new ProcessStartInfo("openssl", ["s_server", "-accept", at.ToString(), "-cert", chain, "-key", key, "-www", "-quiet", protocol, .. more])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try { _server = Process.Start(start)!; }
        catch (System.ComponentModel.Win32Exception absent) { Assert.Skip($"no openssl command on this machine: {absent.Message}"); }
        return at;
    }

    private async Task<TlsResult> Shake(bool seeded, Endpoint at, TlsClientCertificate? own = null)
    {
        var socket = await Connect(at);
        ITlsProvider provider = seeded ? new BouncyCastleTlsProvider(_network) : new SslStreamTlsProvider(_network);
        return await provider.AuthenticateAsClientAsync(new SocketByteStream(socket), new TlsClientOptions(Name) { TrustAnchors = [_authority.RootCertificate], Certificate = own }, default);
    }

    /// <summary>The server needs a moment until it listens.</summary>
    private async Task<ISocket> Connect(Endpoint at)
    {
        for (var left = 100; ; left--)
        {
            var socket = _network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            try
            {
                await socket.ConnectAsync(at);
                return socket;
            }
            catch (NetworkException refused) when (refused.Error == Errno.ECONNREFUSED && left > 0)
            {
                socket.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(50), _network.Time);
            }
        }
    }

    private static async Task<string> ReadAll(IByteStream stream)
    {
        var all = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await stream.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
        return Encoding.ASCII.GetString(all.ToArray());
    }
}
