using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Firstbyte.Tests;

/// <summary>A certificate authority of a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public TestAuthority(string name = "Test Root")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string RootPem => _root.ExportCertificatePem();

    public X509Certificate2 Root => _root;

    /// <summary>A certificate for 127.0.0.1, or for a client of that name.</summary>
    public X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        using var bare = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}

/// <summary>A server on loopback that speaks TLS with the platform's library; what is said over it a test says.</summary>
internal sealed class TlsPeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private volatile bool _isClosed;
    private readonly X509Certificate2 _certificate;
    private readonly SslProtocols _protocols;
    private readonly X509Certificate2? _clientRoot;
    private readonly Action<SslStream> _serve;

    /// <param name="certificate">What it shows.</param>
    /// <param name="protocols">What it speaks.</param>
    /// <param name="clientRoot">Who has to vouch for its clients; null where it demands nothing of them.</param>
    /// <param name="serve">What it says; a page without it.</param>
    public TlsPeer(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.None, X509Certificate2? clientRoot = null, Action<SslStream>? serve = null)
    {
        (_certificate, _protocols, _clientRoot, _serve) = (certificate, protocols, clientRoot, serve ?? Page);
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Url => $"https://{_listener.LocalEndpoint}/";

    public string Authority => $"{_listener.LocalEndpoint}";

    /// <summary>Its key as --pinnedpubkey names it.</summary>
    public string Pin => "sha256//" + Convert.ToBase64String(SHA256.HashData(_certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>Whom it has seen.</summary>
    public List<string?> Clients { get; } = [];

    public void Dispose()
    {
        _isClosed = true;
        _listener.Stop();
        _certificate.Dispose();
    }

    public static string ReadHead(Stream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (stream.ReadByte() is var letter && letter < 0) { throw new IOException("the client has gone"); }
            head.Append((char)letter);
        }
        return head.ToString();
    }

    private static void Page(SslStream stream)
    {
        ReadHead(stream);
        stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\nYou are here."u8);
    }

    private void Accept()
    {
        while (true)
        {
            TcpClient client;
            try { client = _listener.AcceptTcpClient(); }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) { return; }
            new Thread(() => Serve(client)) { IsBackground = true }.Start();
        }
    }

    private void Serve(TcpClient client)
    {
        using (client)
        using (var stream = new SslStream(client.GetStream()))
        {
            // The client may leave in the middle, which is what some tests are about; and one that came last may meet a server without its certificate.
            try
            {
                stream.AuthenticateAsServer(new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    EnabledSslProtocols = _protocols,
                    ClientCertificateRequired = _clientRoot is not null,
                    CertificateChainPolicy = _clientRoot is { } root
                        ? new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck }
                        : null,
                    RemoteCertificateValidationCallback = (_, shown, _, errors) => _clientRoot is null || (shown is not null && errors == SslPolicyErrors.None),
                });
                lock (Clients) { Clients.Add(stream.RemoteCertificate?.Subject); }
                _serve(stream);
            }
            catch (Exception e) when (_isClosed || e is IOException or AuthenticationException or ObjectDisposedException) { return; }
        }
    }
}

/// <summary>OpenSSL's own server on loopback, which demands a certificate of its clients and says by an alert what it thinks of it.</summary>
internal sealed class OpenSslPeer : IDisposable
{
    private readonly OpenSslServer _server;

    /// <param name="folder">Where its files go.</param>
    /// <param name="authority">Who vouches for it, and for its clients.</param>
    /// <param name="version">"-tls1_2" or "-tls1_3".</param>
    public OpenSslPeer(string folder, TestAuthority authority, string version)
    {
        using var certificate = authority.Issue("openssl");
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(Path.Combine(folder, "openssl.pem"), certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "openssl-root.pem"), authority.RootPem);
        _server = OpenSslServer.Start(folder, "-cert", "openssl.pem", "-CAfile", "openssl-root.pem", "-Verify", "1", "-verify_return_error", version);
    }

    public string Url => $"https://127.0.0.1:{_server.Port}/";

    public void Dispose() => _server.Dispose();
}
