using System.Globalization;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>vsftpd on a loopback port (Debian: vsftpd): files down and up, in the clear and over TLS, by the plain command and by curl's command line.</summary>
public sealed class VsftpdTests : IDisposable
{
    private const string Program = "/usr/sbin/vsftpd";

    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-vsftpd-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_come_and_go()
    {
        using var server = Start();
        var file = Command.Run("--body", UrlOf(server) + "file.txt");
        Assert.Equal((0, "0123456789\n", ""), (file.ExitCode, file.Output, file.Errors));
        var list = Command.Run("--body", UrlOf(server));
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("file.txt", list.Output, StringComparison.Ordinal);
        var up = Command.Run("-s", "-T", Path.Combine(_folder, "root", "file.txt"), UrlOf(server) + "in/up.txt");
        Assert.Equal((0, ""), (up.ExitCode, up.Errors));
        Assert.Equal("0123456789\n", File.ReadAllText(Path.Combine(_folder, "root", "in", "up.txt")));
        Assert.Equal((0, "789\n"), Of(Command.Run("curl", "-s", "-C", "7", UrlOf(server) + "file.txt")));
        // Active: the server connects to us.
        Assert.Equal((0, "0123456789\n"), Of(Command.Run("curl", "-s", "-P", "-", UrlOf(server) + "file.txt")));
        Assert.Equal((0, "0123456789\n"), Of(Command.Run("curl", "-s", "-P", "-", "--disable-eprt", UrlOf(server) + "file.txt")));
        Assert.Equal((0, "0123456789\n"), Of(Command.Run("curl", "-s", "--disable-epsv", UrlOf(server) + "file.txt")));
        Assert.Equal(78, Command.Run("curl", "-s", UrlOf(server) + "nothing").ExitCode);
        Assert.Equal(9, Command.Run("curl", "-s", UrlOf(server) + "nowhere/file.txt").ExitCode);
        Assert.Equal(67, Command.Run("curl", "-s", "-u", "nobody-here:x", UrlOf(server) + "file.txt").ExitCode);
        // No directory above the one that is served.
        Assert.NotEqual(0, Command.Run("curl", "-s", UrlOf(server) + "../../etc/passwd").ExitCode);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void Over_TLS_the_data_connection_goes_on_with_the_session_of_the_other(string version)
    {
        using var server = Start();
        string[] secure = ["curl", "-sS", "--ssl-reqd", "--cacert", Path.Combine(_folder, "cert.pem"), "--tls-max", version,
            "--resolve", $"ftp.test:{server.Port}:127.0.0.1"];
        var url = UrlOf(server).Replace("127.0.0.1", "ftp.test", StringComparison.Ordinal);
        var down = Command.Run([.. secure, url + "file.txt"]);
        Assert.Equal((0, "0123456789\n", ""), (down.ExitCode, down.Output, down.Errors));
        // Whose certificate nobody vouches for is not talked to.
        Assert.Equal(60, Command.Run("curl", "-sS", "--ssl-reqd", "--resolve", $"ftp.test:{server.Port}:127.0.0.1", url + "file.txt").ExitCode);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void Over_TLS_a_file_is_stored(string version)
    {
        using var server = Start();
        string[] secure = ["curl", "-sS", "--ssl-reqd", "--cacert", Path.Combine(_folder, "cert.pem"), "--tls-max", version,
            "--resolve", $"ftp.test:{server.Port}:127.0.0.1"];
        var url = UrlOf(server).Replace("127.0.0.1", "ftp.test", StringComparison.Ordinal);
        var up = Command.Run([.. secure, "-T", Path.Combine(_folder, "root", "file.txt"), url + "in/secret.txt"]);
        Assert.Equal((0, ""), (up.ExitCode, up.Errors));
        Assert.Equal("0123456789\n", File.ReadAllText(Path.Combine(_folder, "root", "in", "secret.txt")));
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void The_plain_command_goes_on_over_TLS_alone_where_that_is_wanted(string version)
    {
        // The certificate is for another name than the address, and the platform keeps no session of such a server.
        using var server = Start("require_ssl_reuse=NO", "force_anon_logins_ssl=YES", "force_anon_data_ssl=YES");
        string[] secure = ["-s", "-k", "--ssl-reqd", "--tls-max", version];
        var down = Command.Run([.. secure, UrlOf(server) + "file.txt"]);
        Assert.Equal((0, "0123456789\n", ""), (down.ExitCode, down.Output, down.Errors));
        var up = Command.Run([.. secure, "-T", Path.Combine(_folder, "root", "file.txt"), UrlOf(server) + "in/plain.txt"]);
        Assert.Equal((0, ""), (up.ExitCode, up.Errors));
        Assert.Equal("0123456789\n", File.ReadAllText(Path.Combine(_folder, "root", "in", "plain.txt")));
        Assert.NotEqual(0, Command.Run("-s", UrlOf(server) + "file.txt").ExitCode);
    }

    /// <summary>By its name the session goes on whatever the certificate is worth; by its address there is none, and what to do is told.</summary>
    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void A_server_that_wants_its_session_again_is_to_be_named(string version)
    {
        using var server = Start();
        string[] secure = ["-k", "--ssl-reqd", "--tls-max", version];
        var named = UrlOf(server).Replace("127.0.0.1", "ftp.test", StringComparison.Ordinal) + "file.txt";
        var down = Command.Run(["-s", .. secure, "--resolve", $"ftp.test:{server.Port}:127.0.0.1", named]);
        Assert.Equal((0, "0123456789\n", ""), (down.ExitCode, down.Output, down.Errors));
        var refused = Command.Run([.. secure, UrlOf(server) + "file.txt"]);
        Assert.Equal(18, refused.ExitCode);
        Assert.Contains("522 SSL connection failed: session reuse required", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Try: the server's name instead of its address: here a session", refused.Output, StringComparison.Ordinal);
    }

    /// <summary>Nobody's name or password is said in the clear to a server that knows no TLS.</summary>
    [Theory]
    [InlineData]
    [InlineData("curl", "-sS")]
    public void Where_TLS_is_wanted_a_server_without_it_is_left(params string[] command)
    {
        using var server = Start("ssl_enable=NO");
        var url = UrlOf(server).Replace("ftp://", "ftp://ada:sesame@", StringComparison.Ordinal) + "file.txt";
        Assert.Equal(64, Command.Run([.. command, "--ssl-reqd", url]).ExitCode);
        Assert.Equal(64, Command.Run([.. command, "--ssl-reqd", "-T", Path.Combine(_folder, "root", "file.txt"), UrlOf(server) + "in/up.txt"]).ExitCode);
        Assert.False(File.Exists(Path.Combine(_folder, "root", "in", "up.txt")));
    }

    [Fact]
    public void A_URL_of_ftps_is_TLS_from_the_first_byte()
    {
        using var server = Start("implicit_ssl=YES");
        var url = UrlOf(server).Replace("ftp://127.0.0.1", "ftps://ftp.test", StringComparison.Ordinal);
        var run = Command.Run("curl", "-sS", "--cacert", Path.Combine(_folder, "cert.pem"), "--resolve", $"ftp.test:{server.Port}:127.0.0.1", url + "file.txt");
        Assert.Equal((0, "0123456789\n", ""), (run.ExitCode, run.Output, run.Errors));
    }

    private static (int ExitCode, string Output) Of(CommandRun run) => (run.ExitCode, run.Output);

    private static string UrlOf(LoopbackPeer server) => string.Create(CultureInfo.InvariantCulture, $"ftp://127.0.0.1:{server.Port}/");

    private LoopbackPeer Start(params string[] more)
    {
        if (!File.Exists(Program)) { Assert.Skip("vsftpd is not installed"); }
        if (Environment.UserName != "root") { Assert.Skip("vsftpd starts as root alone"); }
        var root = Path.Combine(_folder, "root");
        Directory.CreateDirectory(Path.Combine(root, "in"));
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        File.WriteAllText(Path.Combine(root, "file.txt"), "0123456789\n");
        Programs.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=ftp.test", "-addext",
            "subjectAltName=DNS:ftp.test", "-keyout", Path.Combine(_folder, "key.pem"), "-out", Path.Combine(_folder, "cert.pem"));
        Programs.Run("chmod", "0755", _folder, root);
        Programs.Run("chmod", "0777", Path.Combine(root, "in"));
        var port = Programs.FreePort();
        // The user daemon has a home that is there on every Debian: vsftpd wants one.
        File.WriteAllLines(Path.Combine(_folder, "conf"),
        [
            "listen=YES", "listen_address=127.0.0.1", $"listen_port={port}", "background=NO", "anonymous_enable=YES", "local_enable=NO", "ftp_username=daemon",
            $"anon_root={root}", "write_enable=YES", "anon_upload_enable=YES", "anon_umask=022", $"secure_chroot_dir={Path.Combine(_folder, "empty")}",
            "seccomp_sandbox=NO", "xferlog_enable=NO", "connect_from_port_20=NO", "ssl_enable=YES", "allow_anon_ssl=YES", "require_ssl_reuse=YES",
            "ssl_ciphers=HIGH", $"rsa_cert_file={Path.Combine(_folder, "cert.pem")}", $"rsa_private_key_file={Path.Combine(_folder, "key.pem")}", .. more,
        ]);
        return LoopbackPeer.Start(Program, port, Path.Combine(_folder, "conf"));
    }
}
