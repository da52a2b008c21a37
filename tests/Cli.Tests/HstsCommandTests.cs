using System.Text;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>--hsts: a host says over TLS that it wants TLS, and http: is not asked for any more.</summary>
public sealed class HstsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TlsPeer _peer;
    private string _wish = "max-age=1000; includeSubDomains";

    public HstsCommandTests()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "root.pem"), _authority.RootPem);
        _peer = new TlsPeer(_authority.Issue("server"), serve: stream =>
        {
            TlsPeer.ReadHead(stream);
            stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nStrict-Transport-Security: {_wish}\r\nContent-Length: 13\r\nConnection: close\r\n\r\nYou are here."));
        });
    }

    private string Secure => $"https://localhost:{_peer.Authority.Split(':')[1]}/";

    private string Plain => $"http://localhost:{_peer.Authority.Split(':')[1]}/";

    private string Hosts => File.ReadAllText(Path.Combine(_folder.Path, "hosts"));

    public void Dispose()
    {
        _peer.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>It would be written over after the run, whatever it is.</summary>
    [Fact]
    public void A_file_of_something_else_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "notes.txt"), "what I must not forget\n");
        var run = Command.RunIn(folder.Path, "--hsts", "notes.txt", "--lab", "http://www.lab.glasscom.com/");
        Assert.Equal((2, "firstbyte: 'notes.txt' holds something else than hosts for HSTS, and --hsts would write over it: name another file\n"), (run.ExitCode, run.Errors));
        Assert.Equal("what I must not forget\n", File.ReadAllText(Path.Combine(folder.Path, "notes.txt")));
        run = Command.RunIn(folder.Path, "--hsts", "-", "--lab", "http://www.lab.glasscom.com/");
        Assert.Equal((2, "firstbyte: '-' is no value of '--hsts'\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void What_a_host_wishes_is_kept_and_heeded()
    {
        var first = Run(Secure);
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("localhost and all names below it want to be asked over TLS alone from now on (HSTS)", first.Output, StringComparison.Ordinal);
        Assert.Contains("\n.localhost \"", Hosts, StringComparison.Ordinal);
        var second = Run(Plain);
        Assert.Equal(0, second.ExitCode);
        Assert.Contains($"localhost has asked to be asked over TLS alone (HSTS): {Secure}", second.Output, StringComparison.Ordinal);
        Assert.Contains("You are here.", second.Output, StringComparison.Ordinal);

        _wish = "max-age=0";
        Assert.Contains("takes back its wish", Run(Secure).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost", Hosts, StringComparison.Ordinal);
        Assert.NotEqual(0, Run(Plain).ExitCode);
    }

    [Fact]
    public void In_one_run_the_second_url_heeds_the_first()
    {
        var run = Run(Secure, Plain);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("has asked to be asked over TLS alone", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_is_asked_over_TLS_too()
    {
        var port = Secure;
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send($"HTTP/1.1 302 Found\r\nLocation: {Plain}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        Run(port);
        var run = Run("-L", server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("You are here.", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    // Where faults of certificates are allowed nobody knows whose wish it is; an address is no host.
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_no_wish_is_not_kept(bool isInsecure)
    {
        var run = isInsecure ? Run("-k", Secure) : Run(_peer.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("HSTS)", run.Output, StringComparison.Ordinal);
        Assert.Equal("# HSTS hosts, in curl's format (RFC 6797).\n", Hosts);
    }

    [Fact]
    public void Lines_that_say_nothing_are_told()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "hosts"), "# curl\nnonsense\nlocalhost \"unlimited\"\n");
        var run = Run(Plain);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("hosts:2: this line is no host with a time", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>curl reads what is written here, and the other way round.</summary>
    [Fact]
    public async Task The_file_is_shared_with_curl()
    {
        var curl = Programs.Require("curl");
        Run(Secure);
        var hosts = Path.Combine(_folder.Path, "hosts");
        var (exitCode, body) = await Programs.RunAsync(curl, "-s", "--cacert", Path.Combine(_folder.Path, "root.pem"), "--hsts", hosts, Plain);
        // A curl that was built without HSTS asks without TLS, and gets nothing.
        if (exitCode != 0) { Assert.Skip("this curl knows no HSTS"); }
        Assert.Equal("You are here.", Encoding.ASCII.GetString(body));
        File.Delete(hosts);
        await Programs.RunAsync(curl, "-s", "--cacert", Path.Combine(_folder.Path, "root.pem"), "--hsts", hosts, Secure);
        Assert.Equal(0, Run(Plain).ExitCode);
    }

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, ["--cacert", "root.pem", "--hsts", "hosts", .. arguments]);
}
