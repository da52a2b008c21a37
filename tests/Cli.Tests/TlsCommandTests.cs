using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firstbyte.Tests;

/// <summary>How TLS is spoken, and with whom: trust, the own certificate, pinned keys, versions, suites.</summary>
public sealed class TlsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public TlsCommandTests() => Write("root.pem", _authority.RootPem);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>curl has a code for each of these files, whatever is wrong with it.</summary>
    [Theory]
    [InlineData("--cacert", 77)]
    [InlineData("--cert", 58)]
    public void A_file_that_is_not_there_has_the_code_of_its_option(string option, int exitCode)
    {
        var run = Command.Run(option, "/nonexist", "https://127.0.0.1:1/");
        Assert.Equal((exitCode, "firstbyte: '/nonexist' cannot be read: there is no such file\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void A_root_of_ones_own_is_trusted_when_it_is_named()
    {
        using var peer = new TlsPeer(_authority.Issue("server"));
        Assert.Equal(60, Run(peer.Url).ExitCode);
        Assert.Equal((0, "You are here."), Body("--cacert", "root.pem", peer.Url));
        using var stranger = new TestAuthority("Stranger");
        Write("other.pem", stranger.RootPem);
        Assert.Equal(60, Run("--cacert", "other.pem", peer.Url).ExitCode);
        Write("both.pem", stranger.RootPem + "\n" + _authority.RootPem);
        Assert.Equal(0, Run("--cacert", "both.pem", peer.Url).ExitCode);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void A_server_that_demands_a_certificate_is_shown_one_or_says_so(SslProtocols version)
    {
        using var peer = new TlsPeer(_authority.Issue("server"), version, _authority.Root);
        var none = Run("--cacert", "root.pem", peer.Url);
        Assert.Equal(98, none.ExitCode);
        Assert.Contains("the server demands a certificate of its client, and there is none here", none.Output, StringComparison.Ordinal);

        WriteCertificate("client", _authority.Issue("alice"));
        var shown = Run("--cacert", "root.pem", "--cert", "client.pem", "--key", "client.key", peer.Url);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("the server asks for a certificate, and is shown that of --cert", shown.Output, StringComparison.Ordinal);
        Assert.Contains("CN=alice", peer.Clients);

        // Both in one file.
        Write("one.pem", Read("client.pem") + "\n" + Read("client.key"));
        Assert.Equal(0, Run("--cacert", "root.pem", "-E", "one.pem", peer.Url).ExitCode);

        // Locked, by either kind of key.
        var how = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);
        using var curve = ECDsa.Create();
        curve.ImportFromPem(Read("client.key"));
        Write("opened.key", curve.ExportEncryptedPkcs8PrivateKeyPem("open sesame", how));
        Assert.Equal(0, Run("--cacert", "root.pem", "--cert", "client.pem", "--key", "opened.key", "--pass", "open sesame", peer.Url).ExitCode);
        Assert.Equal(58, Run("--cacert", "root.pem", "--cert", "client.pem", "--key", "opened.key", peer.Url).ExitCode);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void A_server_says_what_it_thinks_of_a_certificate(string version)
    {
        using var peer = new OpenSslPeer(_folder.Path, _authority, version);
        using var stranger = new TestAuthority("Stranger");
        WriteCertificate("client", _authority.Issue("alice"));
        WriteCertificate("other", stranger.Issue("mallory"));
        Assert.Equal(0, Run("--cacert", "root.pem", "--cert", "client.pem", "--key", "client.key", peer.Url).ExitCode);
        Assert.Equal(98, Run("--cacert", "root.pem", peer.Url).ExitCode);
        var refused = Run("--cacert", "root.pem", "--cert", "other.pem", "--key", "other.key", peer.Url);
        Assert.Equal(35, refused.ExitCode);
        Assert.Contains("the server does not take the certificate that it was shown (unknown_ca)", Flat(refused.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_ask_is_shown_nothing()
    {
        using var peer = new TlsPeer(_authority.Issue("server"));
        WriteCertificate("client", _authority.Issue("alice"));
        var run = Run("--cacert", "root.pem", "--cert", "client.pem", "--key", "client.key", peer.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("asks for a certificate", run.Output, StringComparison.Ordinal);
        Assert.Equal([null], peer.Clients);
    }

    [Fact]
    public void A_server_has_one_of_the_pinned_keys_or_is_left()
    {
        var certificate = _authority.Issue("server");
        var key = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var pin = "sha256//" + Convert.ToBase64String(SHA256.HashData(key));
        var other = "sha256//" + Convert.ToBase64String(new byte[32]);
        Write("key.pem", PemEncoding.WriteString("PUBLIC KEY", key));
        File.WriteAllBytes(Path.Combine(_folder.Path, "key.der"), key);
        using var peer = new TlsPeer(certificate);
        foreach (var pins in (string[])[pin, $"{other};{pin}", "key.pem", "key.der"])
        {
            Assert.Equal((0, "You are here."), Body("--cacert", "root.pem", "--pinnedpubkey", pins, peer.Url));
        }
        var run = Run("--cacert", "root.pem", "--pinnedpubkey", other, peer.Url);
        Assert.Equal(90, run.ExitCode);
        Assert.Contains("the server's key is none of those that are pinned", run.Output, StringComparison.Ordinal);
        Assert.Contains(pin, run.Output, StringComparison.Ordinal);
        // What a pin is for, -k does not lift.
        Assert.Equal(90, Run("-k", "--pinnedpubkey", other, peer.Url).ExitCode);
        Assert.Equal(0, Run("-k", "--pinnedpubkey", pin, peer.Url).ExitCode);
    }

    [Fact]
    public void Versions_are_those_that_are_wanted()
    {
        using var old = new TlsPeer(_authority.Issue("server"), SslProtocols.Tls12);
        using var both = new TlsPeer(_authority.Issue("server"), SslProtocols.Tls12 | SslProtocols.Tls13);
        Assert.Contains("TLS 1.3 ·", Run("--cacert", "root.pem", both.Url).Output, StringComparison.Ordinal);
        Assert.Contains("TLS 1.2 ·", Run("--cacert", "root.pem", "--tls-max", "1.2", both.Url).Output, StringComparison.Ordinal);
        Assert.Contains("TLS 1.2 ·", Run("--cacert", "root.pem", "--tlsv1.2", old.Url).Output, StringComparison.Ordinal);
        Assert.Equal(35, Run("--cacert", "root.pem", "--tlsv1.3", old.Url).ExitCode);
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384", "1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")]
    [InlineData("TLS_AES_256_GCM_SHA384", "1.3", "TLS_AES_256_GCM_SHA384")]
    [InlineData("tls_aes_128_gcm_sha256:ECDHE-RSA-AES128-GCM-SHA256", "1.3", "TLS_AES_128_GCM_SHA256")]
    public void Suites_are_those_that_are_wanted(string list, string version, string suite)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("the platform chooses its suites by itself"); }
        using var peer = new TlsPeer(_authority.Issue("server"));
        Assert.Contains($" · {suite}", Run("--cacert", "root.pem", "--tls-max", version, "--ciphers", list, peer.Url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Suites_that_the_server_does_not_have_end_the_handshake()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("the platform chooses its suites by itself"); }
        // The certificate's key is on a curve, and these suites are for RSA's.
        using var peer = new TlsPeer(_authority.Issue("server"));
        Assert.Equal(35, Run("--cacert", "root.pem", "--tls-max", "1.2", "--ciphers", "ECDHE-RSA-AES128-GCM-SHA256", peer.Url).ExitCode);
    }

    [Theory]
    [InlineData("--cacert empty", 77, "--cacert empty: there is no certificate in it")]
    [InlineData("--cacert absent", 77, "absent")]
    [InlineData("--cert empty", 58, "--cert empty: there is no certificate in it")]
    [InlineData("--cert root.pem", 58, "--cert root.pem: there is no private key in it")]
    [InlineData("--cert root.pem --key client.key", 58, "--key client.key: the private key is not that of the certificate")]
    [InlineData("--cert client.pem --key locked.key", 58, "--key locked.key: the private key has a password")]
    [InlineData("--cert client.pem --key locked.key --pass wrong", 58, "--key locked.key: the password of --pass does not open the private key")]
    [InlineData("--key client.key", 2, "--key is for the certificate of --cert, and there is none")]
    [InlineData("--pinnedpubkey sha256//short", 2, "--pinnedpubkey 'sha256//short': sha256//BASE64 is wanted")]
    [InlineData("--pinnedpubkey empty", 2, "--pinnedpubkey 'empty': sha256//BASE64 is wanted")]
    [InlineData("--tls-max 1.1", 2, "--tls-max 1.1: TLS before 1.2 is forbidden (RFC 8996)")]
    [InlineData("--tls-max 1.4", 2, "--tls-max '1.4': one of 1.2, 1.3, default is wanted")]
    [InlineData("--tlsv1.3 --tls-max 1.2", 2, "--tls-max '1.2': one of 1.2, 1.3, default is wanted")]
    [InlineData("--ciphers RC4-SHA", 59, "--ciphers: there is no suite 'RC4-SHA'")]
    public void What_is_no_certificate_or_version_is_refused_before_anybody_is_asked(string line, int exitCode, string words)
    {
        Write("empty", "");
        WriteCertificate("client", _authority.Issue("alice"));
        using (var key = ECDsa.Create())
        {
            Write("locked.key", key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)));
        }
        var run = Command.RunIn(_folder.Path, [.. line.Split(' '), "https://127.0.0.1:1/"]);
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
    }

    /// <summary>TLS in TLS: the proxy is spoken to by its own certificate, and sees neither the request nor the client's certificate.</summary>
    [Fact]
    public void A_proxy_over_tls_leads_to_a_server_over_tls()
    {
        using var server = new TlsPeer(_authority.Issue("server"), clientRoot: _authority.Root);
        var heads = new List<string>();
        using var proxy = new TlsPeer(_authority.Issue("proxy"), serve: stream =>
        {
            var head = TlsPeer.ReadHead(stream);
            lock (heads) { heads.Add(head); }
            var at = head.Split(' ')[1].Split(':');
            using var beyond = new TcpClient(at[0], int.Parse(at[1], System.Globalization.CultureInfo.InvariantCulture));
            stream.Write("HTTP/1.1 200 OK\r\n\r\n"u8);
            var back = Task.Run(() => Pass(beyond.GetStream(), stream));
            Pass(stream, beyond.GetStream());
            back.Wait(TimeSpan.FromSeconds(10));
        });
        WriteCertificate("client", _authority.Issue("alice"));
        var run = Run("--cacert", "root.pem", "--cert", "client.pem", "--key", "client.key", "-x", $"https://{proxy.Authority}", server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("You are here.", run.Output, StringComparison.Ordinal);
        Assert.Equal([$"CONNECT {server.Authority} HTTP/1.1"], heads.Select(static head => head.Split("\r\n")[0]));
        Assert.Equal((null, "CN=alice"), (proxy.Clients.Single(), server.Clients.Single()));
        // Whoever does not trust it asks it nothing.
        Assert.Equal(60, Run("-x", $"https://{proxy.Authority}", server.Url).ExitCode);
        Assert.Single(heads);
    }

    [Fact]
    public async Task Secrets_of_sessions_go_where_SSLKEYLOGFILE_says()
    {
        using var peer = new TlsPeer(_authority.Issue("server"));
        var log = Path.Combine(_folder.Path, "keys");
        var start = new System.Diagnostics.ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "firstbyte.dll"), "--cacert", Path.Combine(_folder.Path, "root.pem"), "--body", peer.Url])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["SSLKEYLOGFILE"] = log },
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        Assert.Equal("You are here.", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("CLIENT_TRAFFIC_SECRET_0 ", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
    }

    // As one line, wherever it was wrapped.
    private static string Flat(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static void Pass(Stream from, Stream to)
    {
        var piece = new byte[4096];
        try
        {
            while (from.Read(piece) is > 0 and var count) { to.Write(piece, 0, count); }
            if (to is NetworkStream socket) { socket.Socket.Shutdown(SocketShutdown.Send); }
        }
        catch (IOException)
        {
            // One end has left: the tunnel ends.
        }
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder.Path, name));

    private void WriteCertificate(string name, X509Certificate2 certificate)
    {
        using (certificate)
        {
            Write(name + ".pem", certificate.ExportCertificatePem());
            using var key = certificate.GetECDsaPrivateKey()!;
            Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
        }
    }

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, arguments);

    private (int ExitCode, string Output) Body(params string[] arguments)
    {
        var run = Run(["--body", .. arguments]);
        return (run.ExitCode, run.Output);
    }
}
