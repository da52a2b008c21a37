using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Firstbyte.Tests.Curl;

/// <summary>
/// <c>--crlfile</c> and <c>--proxy-crlfile</c>: Debian's curl and ours against the same servers, with lists of an authority that openssl makes for this test.
/// </summary>
public sealed class CurlRevocationTests : IDisposable
{
    private const string Configuration = """
        [ca]
        default_ca = own
        [between]
        default_ca = below
        [own]
        database = index.txt
        rand_serial = yes
        new_certs_dir = .
        certificate = root.pem
        private_key = root.key
        default_md = sha256
        default_days = 10
        default_crl_days = 10
        policy = any
        copy_extensions = copy
        [below]
        database = below.txt
        rand_serial = yes
        new_certs_dir = .
        certificate = between.pem
        private_key = between.key
        default_md = sha384
        default_days = 10
        default_crl_days = 10
        policy = any
        copy_extensions = copy
        [any]
        commonName = supplied
        """;

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    /// <summary>%G is a server whose certificate stands, %B one whose certificate is revoked, %I one whose issuer is not the root; %O a plain server.</summary>
    [Fact]
    public void What_an_issuer_has_taken_back_is_taken_back_for_both()
    {
        if (!File.Exists("/usr/bin/curl") || !File.Exists("/usr/bin/openssl")) { Assert.Skip("curl and openssl are wanted: apt-get install curl openssl"); }
        MakeAuthority();
        using var good = Serve("good");
        using var bad = Serve("bad");
        using var below = Serve("below");
        using var plain = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
        });
        (int Code, string Line)[] lines =
        [
            (0, "--cacert root.pem --crlfile list.pem https://%G/"), (60, "--cacert root.pem --crlfile list.pem https://%B/"), (0, "--cacert root.pem https://%B/"),
            (0, "-k --cacert root.pem --crlfile list.pem https://%B/"), (82, "--cacert root.pem --crlfile nowhere.pem https://%G/"),
            (82, "--cacert root.pem --crlfile rubbish.pem https://%G/"), (82, "--cacert root.pem --crlfile root.pem https://%G/"),
            (82, "-k --crlfile nowhere.pem https://%G/"), (0, "--crlfile nowhere.pem --cacert nowhere.pem -E nowhere.pem http://%O/"),
            (60, "--cacert root.pem --crlfile old.pem https://%G/"), (60, "--cacert root.pem --crlfile stranger.pem https://%G/"),
            (60, "--cacert both.pem --crlfile list.pem https://%I/"), (60, "--cacert both.pem --crlfile below-list.pem https://%I/"),
            (0, "--cacert both.pem --crlfile lists.pem https://%I/"), (60, "--cacert both.pem --crlfile lists-between.pem https://%I/"),
            (0, "-x https://%G --proxy-cacert root.pem --proxy-crlfile list.pem http://%O/"), (60, "-x https://%B --proxy-cacert root.pem --proxy-crlfile list.pem http://%O/"),
            (0, "-x https://%B --proxy-insecure --proxy-crlfile list.pem http://%O/"), (60, "-x https://%B --proxy-cacert root.pem --crlfile list.pem http://%O/"),
            (0, "-x https://%B --proxy-cacert root.pem http://%O/"),
        ];
        // Of a signature that is another's key's curl says what OpenSSL's elliptic curves say (35) instead of what becomes of the certificate.
        foreach (var (code, line) in ((int, string)[])[.. lines, (35, "--cacert root.pem --crlfile forged.pem https://%G/")])
        {
            var words = CurlCaseRunner.Words(line.Replace("%G", good.Authority, StringComparison.Ordinal).Replace("%B", bad.Authority, StringComparison.Ordinal)
                .Replace("%I", below.Authority, StringComparison.Ordinal).Replace("%O", $"127.0.0.1:{plain.Port}", StringComparison.Ordinal)).ToArray();
            var theirs = Run("/usr/bin/curl", ["-q", "-sS", .. words]);
            var ours = Command.RunBytes(_files.Path, [], new Dictionary<string, string> { ["HOME"] = _files.Path }, ["curl", "-q", "-sS", .. words]);
            Assert.True((theirs.Code, ours.ExitCode) == (code, code == 35 ? 60 : code), $"{line}: {theirs.Code} {theirs.Errors} beside {ours.ExitCode}");
            Assert.Equal((line, theirs.Output), (line, Encoding.Latin1.GetString(ours.Output)));
        }
    }

    private TlsPeer Serve(string name)
    {
        using var both = X509Certificate2.CreateFromPemFile(Path.Combine(_files.Path, name + ".pem"), Path.Combine(_files.Path, name + ".key"));
        // With the key in a form that the platform's TLS takes.
        return new TlsPeer(X509CertificateLoader.LoadPkcs12(both.Export(X509ContentType.Pkcs12), null), serve: Answer);
    }

    private static void Answer(SslStream stream)
    {
        TlsPeer.ReadHead(stream);
        stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8);
    }

    private void MakeAuthority()
    {
        Write("ca.cnf", Configuration);
        foreach (var name in (string[])["index.txt", "below.txt"]) { Write(name, ""); }
        Write("rubbish.pem", "nothing of the kind\n");
        MakeRoot("root", "/CN=Root");
        MakeRoot("stranger", "/CN=Stranger");
        MakeRoot("forger", "/CN=Root");
        Request("between", "/CN=Between", "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign");
        Sign("between", "own");
        foreach (var (name, issuer) in (ReadOnlySpan<(string, string)>)[("good", "own"), ("bad", "own"), ("below", "below")])
        {
            Request(name, $"/CN={name}", "subjectAltName=IP:127.0.0.1");
            Sign(name, issuer);
        }
        OpenSsl("ca", "-config", "ca.cnf", "-name", "own", "-revoke", "bad.pem");
        OpenSsl("ca", "-config", "ca.cnf", "-name", "own", "-gencrl", "-out", "list.pem");
        OpenSsl("ca", "-config", "ca.cnf", "-name", "own", "-gencrl", "-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", "20200102000000Z", "-out", "old.pem");
        OpenSsl("ca", "-config", "ca.cnf", "-name", "own", "-gencrl", "-cert", "stranger.pem", "-keyfile", "stranger.key", "-out", "stranger-list.pem");
        File.Move(Path.Combine(_files.Path, "stranger-list.pem"), Path.Combine(_files.Path, "stranger.pem"), overwrite: true);
        OpenSsl("ca", "-config", "ca.cnf", "-name", "own", "-gencrl", "-cert", "forger.pem", "-keyfile", "forger.key", "-out", "forged.pem");
        OpenSsl("ca", "-config", "ca.cnf", "-name", "below", "-gencrl", "-out", "below-list.pem");
        Write("both.pem", Read("root.pem") + Read("between.pem"));
        Write("lists.pem", Read("list.pem") + Read("below-list.pem"));
        OpenSsl("ca", "-config", "ca.cnf", "-name", "own", "-revoke", "between.pem");
        OpenSsl("ca", "-config", "ca.cnf", "-name", "own", "-gencrl", "-out", "list-between.pem");
        Write("lists-between.pem", Read("list-between.pem") + Read("below-list.pem"));
    }

    private void MakeRoot(string name, string subject) => OpenSsl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key", "-out", name + ".pem", "-subj", subject, "-days", "30",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign");

    private void Request(string name, string subject, params string[] extensions) => OpenSsl(
        ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", subject,
            .. extensions.SelectMany(static one => (string[])["-addext", one])]);

    private void Sign(string name, string issuer) =>
        OpenSsl("ca", "-batch", "-notext", "-config", "ca.cnf", "-name", issuer, "-in", name + ".csr", "-out", name + ".pem");

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_files.Path, name), text);

    private string Read(string name) => File.ReadAllText(Path.Combine(_files.Path, name));

    private void OpenSsl(params string[] words)
    {
        var (code, output, errors) = Run("/usr/bin/openssl", words);
        Assert.True(code == 0, $"openssl {string.Join(' ', words)}: {output}{errors}");
    }

    private (int Code, string Output, string Errors) Run(string program, string[] words)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _files.Path };
        foreach (var word in words) { start.ArgumentList.Add(word); }
        foreach (var name in (string[])["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]) { start.Environment.Remove(name); }
        start.Environment["HOME"] = _files.Path;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
