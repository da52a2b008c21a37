using System.Globalization;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>Proxies on the command line and in the environment: who is asked, and in which words.</summary>
public sealed class ProxyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly RawServer _server;

    public ProxyCommandTests() => _server = new RawServer(connection =>
    {
        var head = connection.ReadHead();
        lock (_heads) { _heads.Add(head); }
        if (head.StartsWith("CONNECT", StringComparison.Ordinal))
        {
            connection.Send("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            head = connection.ReadHead();
            lock (_heads) { _heads.Add(head); }
        }
        connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray());
    });

    private string Proxy => _server.Url.TrimEnd('/');

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private static Dictionary<string, string> Of(params (string Name, string Value)[] variables) => variables.ToDictionary(static one => one.Name, static one => one.Value);

    /// <summary>The lines are curl's, but for the product, and for a field that no document knows (Proxy-Connection).</summary>
    [Theory]
    [InlineData("http://192.0.2.1/a?b")]
    [InlineData("http://192.0.2.1/", "-U", "user:password")]
    [InlineData("http://192.0.2.1/", "-U", "user:password", "-u", "bob:sesame")]
    [InlineData("http://192.0.2.1/", "-p")]
    [InlineData("http://192.0.2.1:8080/", "-p", "-U", "user:password", "-u", "bob:sesame")]
    public async Task What_a_proxy_is_told_is_what_curl_tells_it(string url, params string[] options)
    {
        await Programs.RunAsync(Programs.Require("curl"), ["-s", "-x", Proxy, .. options, url]);
        var expected = _heads.Select(Comparable).ToArray();
        _heads.Clear();
        Assert.Equal(0, Command.Run(["-x", Proxy, .. options, url]).ExitCode);
        Assert.Equal(expected, _heads.Select(Comparable));

        static string Comparable(string head) => string.Join('\n', head.Split("\r\n")
            .Where(static line => !line.StartsWith("Proxy-Connection:", StringComparison.Ordinal))
            .Select(static line => line.StartsWith("User-Agent:", StringComparison.Ordinal) ? "User-Agent" : line));
    }

    [Theory]
    [InlineData("http_proxy", "", true)]
    [InlineData("all_proxy", "", true)]
    [InlineData("ALL_PROXY", "", true)]
    [InlineData("HTTP_PROXY", "", false)]
    [InlineData("https_proxy", "", false)]
    [InlineData("http_proxy", "no_proxy=127.0.0.0/8", false)]
    [InlineData("http_proxy", "NO_PROXY=*", false)]
    [InlineData("http_proxy", "NO_PROXY=10.0.0.0/8,example.com", true)]
    public void The_environment_names_a_proxy(string variable, string more, bool isUsed)
    {
        using var other = RawServer.Of("Connection: close\r\n", "direct"u8.ToArray());
        var variables = more.Length == 0 ? Of((variable, Proxy)) : Of((variable, Proxy), (more.Split('=')[0], more.Split('=')[1]));
        var run = Command.RunWith(null, variables, "--body", other.Url);
        Assert.Equal((0, isUsed ? "ok" : "direct"), (run.ExitCode, run.Output));
        Assert.Equal(isUsed ? 1 : 0, _heads.Count);
    }

    [Fact]
    public void What_is_typed_goes_before_the_environment()
    {
        using var other = RawServer.Of("Connection: close\r\n", "direct"u8.ToArray());
        var wrong = Of(("http_proxy", "http://127.0.0.1:9"), ("no_proxy", "x.test"));
        Assert.Equal("ok", Command.RunWith(null, wrong, "--body", "-x", Proxy, other.Url).Output);
        Assert.Equal("direct", Command.RunWith(null, wrong, "--body", "-x", "", other.Url).Output);
        Assert.Equal("direct", Command.RunWith(null, wrong, "--body", "--noproxy", "127.0.0.1", other.Url).Output);
        Assert.Equal("direct", Command.RunWith(null, Of(("http_proxy", Proxy), ("no_proxy", "*")), "--body", other.Url).Output);
        Assert.Equal("ok", Command.RunWith(null, Of(("http_proxy", Proxy), ("no_proxy", "*")), "--body", "--noproxy", "", other.Url).Output);
        // The last one counts.
        Assert.Equal("ok", Command.Run("--body", "--socks5", "127.0.0.1:9", "-x", Proxy, other.Url).Output);
        Assert.Equal(7, Command.Run("--body", "-x", Proxy, "--socks5", "127.0.0.1:9", other.Url).ExitCode);
    }

    [Fact]
    public void A_variable_that_is_not_read_and_one_that_is_bypassed_are_told()
    {
        using var other = RawServer.Of("Connection: close\r\n", "direct"u8.ToArray());
        Assert.Contains("not used: only http_proxy is read", Command.RunWith(null, Of(("HTTP_PROXY", "http://u:secret@127.0.0.1:9")), other.Url).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Command.RunWith(null, Of(("HTTP_PROXY", "http://u:secret@127.0.0.1:9")), other.Url).Output, StringComparison.Ordinal);
        var run = Command.RunWith(null, Of(("http_proxy", Proxy), ("no_proxy", "127.0.0.1")), other.Url);
        Assert.Contains("http_proxy names a proxy; not used: no_proxy has 127.0.0.1", run.Output, StringComparison.Ordinal);
        Assert.Contains("as http_proxy says", Command.RunWith(null, Of(("http_proxy", Proxy)), other.Url).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-x", "gopher://proxy", "is no proxy that is spoken here")]
    [InlineData("-x", "http://proxy/path", "a proxy has no path")]
    [InlineData("--socks5", "", "wants [SCHEME://]")]
    [InlineData("-x", "a b", "is no proxy:")]
    [InlineData("-U", "user", "-U wants USER:PASSWORD")]
    public void What_names_no_proxy_is_complained_of(string option, string value, string complaint)
    {
        var run = Command.Run(option, value, _server.Url);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
        Assert.Empty(_heads);
        if (option != "-x") { return; }
        run = Command.RunWith(null, Of(("http_proxy", value)), _server.Url);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("http_proxy", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tinyproxy_passes_on_and_makes_tunnels()
    {
        var (program, port) = (Programs.Require("tinyproxy"), Programs.FreePort());
        using var page = RawServer.Of("Connection: close\r\n", "a page"u8.ToArray());
        foreach (var account in (string[])["", "BasicAuth user password"])
        {
            var target = new Uri(page.Url).Port;
            var file = Path.Combine(_folder.Path, "tinyproxy.conf");
            await File.WriteAllTextAsync(file, $"Port {port}\nListen 127.0.0.1\nTimeout 20\nMaxClients 10\nAllow 127.0.0.1\nConnectPort {target}\nLogLevel Error\n{account}\n");
            using var peer = LoopbackPeer.Start(program, port, "-d", "-c", file);
            string[] by = ["-x", $"127.0.0.1:{port}", .. account.Length > 0 ? (string[])["-U", "user:password"] : []];
            foreach (var options in (string[][])[[], ["-p"]])
            {
                var run = Command.Run(["--body", .. by, .. options, page.Url]);
                Assert.Equal((0, "a page", ""), (run.ExitCode, run.Output, run.Errors));
            }
            var closed = Command.Run([.. by, "-p", "http://127.0.0.1:9/"]);
            Assert.Equal(56, closed.ExitCode);
            Assert.Contains("makes no tunnel to 127.0.0.1:9: 403", closed.Output, StringComparison.Ordinal);
            if (account.Length == 0) { continue; }
            var stranger = Command.Run("-p", "-x", $"127.0.0.1:{port}", page.Url);
            Assert.Equal(56, stranger.ExitCode);
            Assert.Contains("it wants to know who asks (407)", stranger.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Microsocks_makes_tunnels()
    {
        var (program, port) = (Programs.Require("microsocks"), Programs.FreePort());
        using var page = RawServer.Of("Connection: close\r\n", "a page"u8.ToArray());
        using (LoopbackPeer.Start(program, port, "-i", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)))
        {
            foreach (var option in (string[])["--socks5", "--socks5-hostname"])
            {
                var run = Command.Run("--body", option, $"127.0.0.1:{port}", page.Url);
                Assert.Equal((0, "a page", ""), (run.ExitCode, run.Output, run.Errors));
            }
            var named = Command.Run("--body", "--socks5-hostname", $"127.0.0.1:{port}", page.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
            Assert.Equal((0, "a page"), (named.ExitCode, named.Output));
            var refused = Command.Run("--socks5", $"127.0.0.1:{port}", "http://127.0.0.1:9/");
            Assert.Equal(97, refused.ExitCode);
            Assert.Contains("the server refused the connection (reply 5)", refused.Output, StringComparison.Ordinal);
        }
        port = Programs.FreePort();
        using (LoopbackPeer.Start(program, port, "-i", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-u", "user", "-P", "password"))
        {
            var run = Command.Run("--body", "-x", $"socks5://user:password@127.0.0.1:{port}", page.Url);
            Assert.Equal((0, "a page", ""), (run.ExitCode, run.Output, run.Errors));
            Assert.Contains("it wants to know who asks", Command.Run("-x", $"socks5://127.0.0.1:{port}", page.Url).Output, StringComparison.Ordinal);
            Assert.Contains("it does not let this user in", Command.Run("-x", $"socks5://user:wrong@127.0.0.1:{port}", page.Url).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Dante_makes_tunnels()
    {
        var (program, port) = (Programs.Require("danted"), Programs.FreePort());
        using var page = RawServer.Of("Connection: close\r\n", "a page"u8.ToArray());
        var configuration = Path.Combine(_folder.Path, "danted.conf");
        File.WriteAllText(configuration, $$"""
            logoutput: {{_folder.Path}}/log
            internal: 127.0.0.1 port = {{port}}
            external: lo
            socksmethod: none
            clientmethod: none
            user.unprivileged: nobody
            client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
            socks pass { from: 127.0.0.0/8 to: 127.0.0.0/8 protocol: tcp }

            """);
        using (LoopbackPeer.Start(program, port, "-f", configuration, "-p", Path.Combine(_folder.Path, "pid")))
        {
            foreach (var option in (string[])["--socks4", "--socks4a", "--socks5", "--socks5-hostname"])
            {
                var run = Command.Run("--body", option, $"127.0.0.1:{port}", page.Url);
                Assert.Equal((0, "a page", ""), (run.ExitCode, run.Output, run.Errors));
                // It answers curl, which gives it an address as a name, with a refusal.
                if (option == "--socks4a") { continue; }
                var curls = Command.Run("curl", "-sS", option, $"127.0.0.1:{port}", page.Url);
                Assert.Equal((0, "a page", ""), (curls.ExitCode, curls.Output, curls.Errors));
            }
            Assert.Equal(97, Command.Run("--socks5", $"127.0.0.1:{port}", "http://127.0.0.1:9/").ExitCode);
        }
    }
}
