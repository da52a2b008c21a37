using System.Security.Cryptography;
using System.Text;
using Firstbyte.Addressing;
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
    private OpenSslServer? _server;

    public OpenSslServerTests() => _authority = new LabCertificateAuthority(_network.Random, NetworkClock.Now(_network));

    public void Dispose()
    {
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

    /// <summary>A client that keeps sessions, as FTP's has to, is not told by the platform what was asked: the demand shows all the same.</summary>
    [Theory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    public async Task A_demand_for_a_certificate_shows_where_sessions_are_kept_too(string protocol)
    {
        File.WriteAllBytes(Path.Combine(_folder, "root.pem"), _authority.RootCertificateFile);
        var at = Start(_authority.Issue([Name]), protocol, "-Verify", "2", "-verify_return_error", "-CAfile", Path.Combine(_folder, "root.pem"), "-purpose", "any");
        switch (await Shake(seeded: false, at, resumes: true))
        {
            case TlsFailure failure: Assert.Equal(("-tls1_2", TlsFailureReason.ClientCertificateMissing), (protocol, failure.Reason)); break;
            case TlsSession session:
                Assert.Equal(("-tls1_3", ClientCertificateUse.Unknown), (protocol, session.ClientCertificate));
                await Assert.ThrowsAsync<NetworkException>(async () => await ReadAll(session.Stream));
                Assert.Equal(TlsFailureReason.ClientCertificateMissing, TlsFailureReasons.OfClientCertificate(session.ClientCertificate, session.AlertSince()));
                break;
        }
    }

    private Endpoint Start(TlsServerCertificate certificate, string protocol, params string[] more)
    {
        var chain = Path.Combine(_folder, "chain.pem");
        var key = Path.Combine(_folder, "key.pem");
        File.WriteAllText(chain, string.Join('\n', certificate.Chain.Select(der => PemEncoding.WriteString("CERTIFICATE", der))) + "\n");
        File.WriteAllText(key, PemEncoding.WriteString("PRIVATE KEY", certificate.PrivateKey) + "\n");
        _server = OpenSslServer.Start(_folder, ["-cert", chain, "-key", key, protocol, .. more]);
        return new Endpoint(IpAddress.LoopbackV4, (ushort)_server.Port);
    }

    private async Task<TlsResult> Shake(bool seeded, Endpoint at, TlsClientCertificate? own = null, bool resumes = false)
    {
        var socket = _network.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(at);
        ITlsProvider provider = seeded ? new BouncyCastleTlsProvider(_network) : new SslStreamTlsProvider(_network);
        return await provider.AuthenticateAsClientAsync(new SocketByteStream(socket), new TlsClientOptions(Name) { TrustAnchors = [_authority.RootCertificate], Certificate = own, ResumesSession = resumes }, default);
    }

    private static async Task<string> ReadAll(IByteStream stream)
    {
        var all = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = await stream.ReceiveAsync(buffer)) > 0;) { all.Write(buffer, 0, count); }
        return Encoding.ASCII.GetString(all.ToArray());
    }
}
