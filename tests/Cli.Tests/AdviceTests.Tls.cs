namespace Firstbyte.Tests;

// TLS and the lack of it: certificates, versions, ports where one end speaks it and the other does not.
public sealed partial class AdviceTests
{
    [Fact]
    public void A_certificate_of_tomorrow()
    {
        Advice(nameof(A_certificate_of_tomorrow), Run("https://www.test:445/"));
        Cured("-k", "https://www.test:445/");
        // The clock was wrong all the time: then it is cured by being set.
        Add("at 0s skew client by -60000min");
        Advice(nameof(A_certificate_of_tomorrow), Run("https://www.test/"));
        Change("at 0s skew client by -60000min", "");
        Cured("https://www.test/");
    }

    [Fact]
    public void A_certificate_for_another_name()
    {
        var run = Run("https://www.test:444/");
        Advice(nameof(A_certificate_for_another_name), run);
        Cured("-k", "https://www.test:444/");
        var name = CertificateName().Match(run.Output).Groups[1].Value;
        Assert.Equal("other.test", name);
        Change("www 300 IN A 192.0.2.80", "www 300 IN A 192.0.2.80\n  other 300 IN A 192.0.2.80");
        Cured($"https://{name}:444/");
    }

    [Fact]
    public void A_root_that_nobody_here_trusts()
    {
        using var authority = new TestAuthority();
        File.WriteAllText(Path.Combine(_folder.Path, "root.pem"), authority.RootPem);
        using var peer = new TlsPeer(authority.Issue("server"));
        Advice(nameof(A_root_that_nobody_here_trusts), Command.Run(peer.Url));
        Assert.Equal(0, Command.RunIn(_folder.Path, "--cacert", "root.pem", peer.Url).ExitCode);
        Assert.Equal(0, Command.Run("-k", peer.Url).ExitCode);
    }

    [Fact]
    public void A_certificate_of_the_client()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("Stranger");
        using var peer = new OpenSslPeer(_folder.Path, authority, "-tls1_3");
        Advice(nameof(A_certificate_of_the_client), Command.Run("-k", peer.Url));
        Keep("mallory", stranger);
        Advice(nameof(A_certificate_of_the_client), Command.RunIn(_folder.Path, "-k", "--cert", "mallory.pem", "--key", "mallory.key", peer.Url));
        Keep("alice", authority);
        Assert.Equal(0, Command.RunIn(_folder.Path, "-k", "--cert", "alice.pem", "--key", "alice.key", peer.Url).ExitCode);

        void Keep(string name, TestAuthority issuer)
        {
            using var certificate = issuer.Issue(name);
            File.WriteAllText(Path.Combine(_folder.Path, name + ".pem"), certificate.ExportCertificatePem());
            using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
            File.WriteAllText(Path.Combine(_folder.Path, name + ".key"), key.ExportPkcs8PrivateKeyPem());
        }
    }

    [Fact]
    public void A_certificate_of_the_client_with_a_fault()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "vault.lab"), """
            lab "a vault" seed 1 client me
            subnet lan 10.1.0.0/24
            host me    on lan .2
            host vault on lan .80  serves https for 10.1.0.80 certified-clients "inside"
            host desk  on lan .81
              serves http {
                /good.pem    identity "nina"
                /old.pem     identity "nina" expired
                /early.pem   identity "nina" not-yet-valid
                /server.pem  identity "nina" bad-usage
                /forged.pem  identity "nina" bad-signature
              }

            """);
        foreach (var name in (string[])["old", "early", "server", "forged"]) { Advice(nameof(A_certificate_of_the_client_with_a_fault), Enter(name)); }
        Assert.Equal(0, Enter("good").ExitCode);

        CommandRun Enter(string name)
        {
            Assert.Equal(0, Command.RunIn(_folder.Path, "--lab=vault.lab", "-s", "-o", $"{name}.pem", $"http://10.1.0.81/{name}.pem").ExitCode);
            return Command.RunIn(_folder.Path, "--lab=vault.lab", "--cert", $"{name}.pem", "https://10.1.0.80/");
        }
    }

    [Fact]
    public void A_key_that_is_not_pinned()
    {
        var other = "sha256//" + Convert.ToBase64String(new byte[32]);
        var run = Run("--pinnedpubkey", other, "https://www.test/");
        Assert.Equal(90, run.ExitCode);
        var pin = PinInAdvice().Match(Advice(nameof(A_key_that_is_not_pinned), run)).Value;
        Cured("--pinnedpubkey", pin, "https://www.test/");
    }

    [System.Text.RegularExpressions.GeneratedRegex("(?<=--pinnedpubkey ')[^']*", System.Text.RegularExpressions.RegexOptions.None, 1000)]
    private static partial System.Text.RegularExpressions.Regex PinInAdvice();

    [Fact]
    public void A_certificate_that_fails_its_check()
    {
        Advice(nameof(A_certificate_that_fails_its_check), Run("https://www.test:446/"));
        Cured("-k", "https://www.test:446/");
    }

    [Fact]
    public void A_port_without_tls()
    {
        Advice(nameof(A_port_without_tls), Run("https://www.test:80/"));
        Cured("http://www.test:80/");
    }

    [Fact]
    public void A_port_that_waits_for_words_without_tls()
    {
        // A hello of TLS has no end of a line, for which this server waits.
        using var server = new RawServer(static connection =>
        {
            var head = connection.ReadHead();
            if (head.StartsWith("GET ", StringComparison.Ordinal)) { connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nYou are here."); }
        });
        Advice(nameof(A_port_that_waits_for_words_without_tls), Command.Run("-m", "1", server.Url.Replace("http:", "https:", StringComparison.Ordinal)));
        Assert.Equal(0, Command.Run("-m", "30", server.Url).ExitCode);
    }

    /// <summary>Who resets a connection at its first byte speaks something else there, in both directions.</summary>
    [Theory]
    [InlineData("http:", nameof(A_port_with_tls))]
    [InlineData("https:", nameof(A_port_without_tls))]
    public void A_port_that_resets(string scheme, string advice)
    {
        using var server = new RawServer(static connection => connection.Reset());
        Advice(advice, Command.Run(server.Url.Replace("http:", scheme, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_port_with_tls()
    {
        using var server = new RawServer(static connection => connection.ReadHead());
        Advice(nameof(A_port_with_tls), Run(server.Url));
        var other = Run("http://www.test:443/");
        Advice(nameof(A_port_with_tls), other);
        Cured("https://www.test:443/");
    }

    /// <summary>The cure is the server's, and the output says so.</summary>
    [Fact]
    public void A_server_that_speaks_another_tls()
    {
        // An alert record: fatal, protocol_version (RFC 8446 6).
        using var server = new RawServer(static connection =>
        {
            connection.Send([21, 3, 1, 0, 2, 2, 70]);
            connection.AwaitEnd();
        });
        var run = Command.Run(server.Url.Replace("http:", "https:", StringComparison.Ordinal));
        var advice = Advice(nameof(A_server_that_speaks_another_tls), run);
        Assert.StartsWith("the server's settings", advice, StringComparison.Ordinal);
        Assert.Contains("At fault: the server at", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_that_takes_longer_than_its_limit()
    {
        Add("link www-wan latency 250ms");
        Advice(nameof(A_handshake_that_takes_longer_than_its_limit), Run("--connect-timeout", "1.2", "https://www.test/"));
        Cured("--connect-timeout", "30", "https://www.test/");
    }
}
