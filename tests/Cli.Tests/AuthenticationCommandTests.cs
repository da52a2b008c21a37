using System.Text;

namespace Firstbyte.Tests;

/// <summary>Who asks, on the command line: from where it is taken, and what a server is shown.</summary>
public sealed class AuthenticationCommandTests : IDisposable
{
    private const string Mufasa = "Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly RawServer _server;

    public AuthenticationCommandTests() => _server = new RawServer(connection =>
    {
        var head = connection.ReadHead();
        lock (_heads) { _heads.Add(head); }
        connection.Send(Encoding.Latin1.GetBytes(
            "HTTP/1.1 200 OK\r\nAuthentication-Info: rspauth=\"00\", nextnonce=\"n2\"\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
    });

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private string? Authorization(int at = 0) =>
        _heads[at].Split("\r\n").Where(static line => line.StartsWith("Authorization: ", StringComparison.Ordinal)).Select(static line => line[15..]).SingleOrDefault();

    [Fact]
    public void User_and_password_go_to_the_server_and_not_into_the_story()
    {
        var run = Command.RunIn(_folder.Path, "-u", "Mufasa:Circle of Life", _server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Mufasa, Authorization());
        Assert.Contains("the password goes along as Basic: without TLS", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Circle", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("TXVmYXNh", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_without_a_password_is_no_credentials()
    {
        var run = Command.RunIn(_folder.Path, "-u", "Mufasa", _server.Url);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("-u wants USER:PASSWORD", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_heads);
    }

    [Fact]
    public void A_token_goes_as_it_is()
    {
        Command.RunIn(_folder.Path, "--oauth2-bearer", "mF_9.B5f-4.1JqM", _server.Url);
        Assert.Equal("Bearer mF_9.B5f-4.1JqM", Authorization());
    }

    [Fact]
    public void A_netrc_file_has_the_password_of_a_host()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "mine"), "machine 127.0.0.1\n  login Mufasa\n  password \"Circle of Life\"\n");
        Command.RunIn(_folder.Path, "--netrc-file", "mine", _server.Url);
        Assert.Equal(Mufasa, Authorization());
        // What is said on the command line goes before it.
        Command.RunIn(_folder.Path, "--netrc-file", "mine", "-u", "a:b", _server.Url);
        Assert.Equal("Basic YTpi", Authorization(1));
        Assert.Equal(26, Command.RunIn(_folder.Path, "--netrc-file", "none", _server.Url).ExitCode);
    }

    [Fact]
    public void Nothing_is_asked_where_a_netrc_file_has_an_open_quote()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "mine"), "machine other.test login x password y\nmachine 127.0.0.1 login a password \"se cret\n");
        var run = Command.RunIn(_folder.Path, "--netrc-file", "mine", _server.Url);
        Assert.Equal(26, run.ExitCode);
        Assert.Contains("mine:2: the quotation mark", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_heads);
    }

    [Fact]
    public void With_digest_nothing_is_said_before_the_server_asks()
    {
        var run = Command.RunIn(_folder.Path, "--digest", "-u", "Mufasa:Circle of Life", _server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Null(Authorization());
    }
}
