using System.Collections.Concurrent;
using System.Net;

namespace Firstbyte.Tests;

/// <summary>What a user gives stays in the place it was given for: no line break and no NUL of it ends a line of the wire and begins another.</summary>
public sealed class InjectionTests : IDisposable
{
    private const string Mark = "X-Injected: 1";

    private readonly ConcurrentQueue<string> _heads = [];
    private readonly RawServer _server;
    private readonly TemporaryFolder _folder = new();

    public InjectionTests() => _server = new RawServer(connection =>
    {
        _heads.Enqueue(connection.ReadHead());
        connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    });

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private static readonly string[] s_breaks = ["\r\n", "\n", "\r", "\0"];

    /// <summary>What goes into the head as it is: refused (43), and nothing is sent.</summary>
    [Theory]
    [InlineData("-X", "GET / HTTP/1.1@")]
    [InlineData("-H", "A: b@")]
    [InlineData("-H", "A@: b")]
    [InlineData("-H", "Host: a@")]
    [InlineData("-H", "Content-Type: a@")]
    [InlineData("-A", "agent@")]
    [InlineData("-e", "http://a.test/@")]
    [InlineData("-b", "a=b@")]
    [InlineData("-r", "0-1@")]
    [InlineData("--oauth2-bearer", "token@")]
    public void What_would_end_its_line_is_not_sent(string option, string value)
    {
        foreach (var end in s_breaks)
        {
            var run = Command.RunIn(_folder.Path, option, value.Replace("@", end + Mark, StringComparison.Ordinal), _server.Url);
            Assert.NotEqual(0, run.ExitCode);
            Assert.NotEqual("", run.Output + run.Errors);
        }
        Assert.Empty(_heads);
    }

    /// <summary>What is encoded on its way says what it said, and begins no line.</summary>
    [Theory]
    [InlineData("-u", "user:pass@")]
    [InlineData("-u", "us@er:pass")]
    [InlineData("-F", "na@me=value")]
    [InlineData("-F", "name=value;filename=\"a@b\"")]
    [InlineData("-d", "a=b@")]
    [InlineData("--data-urlencode", "a=b@")]
    [InlineData("--data-json", "[1]@")]
    public void What_is_encoded_begins_no_line(string option, string value)
    {
        foreach (var end in s_breaks)
        {
            Command.RunIn(_folder.Path, option, value.Replace("@", end + Mark, StringComparison.Ordinal), _server.Url);
            Assert.All(_heads, static head => Assert.DoesNotContain("\n" + Mark, head, StringComparison.Ordinal));
        }
        Assert.NotEmpty(_heads);
    }

    /// <summary>A URL's line breaks are left out, as WHATWG has it; encoded ones stay encoded.</summary>
    [Theory]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("a%0d%0aX-Injected:%201")]
    [InlineData("?a\r\nX-Injected: 1")]
    [InlineData("a\0X-Injected: 1")]
    public void A_url_stays_on_its_line(string path)
    {
        Command.RunIn(_folder.Path, _server.Url + path);
        Command.RunIn(_folder.Path, "-G", "--data-urlencode", "q=" + path, _server.Url);
        Assert.NotEmpty(_heads);
        Assert.All(_heads, static head => Assert.DoesNotContain("\n" + Mark, head, StringComparison.Ordinal));
        Assert.All(_heads, static head => Assert.DoesNotContain('\0', head));
    }

    /// <summary>Files that a user brings may come from somebody else.</summary>
    [Fact]
    public void Files_of_passwords_and_cookies_bring_no_lines()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "netrc"), "machine 127.0.0.1 login a password \"b\\r\\nX-Injected: 1\"\n");
        File.WriteAllText(Path.Combine(_folder.Path, "jar"),
            "127.0.0.1\tFALSE\t/\tFALSE\t0\ta\tb\rX-Injected: 1\n127.0.0.1\tFALSE\t/\tFALSE\t0\tc\td\0X-Injected: 1\n127.0.0.1\tFALSE\t/\tFALSE\t0\tgood\tx\n");
        File.WriteAllText(Path.Combine(_folder.Path, "etag"), "\"a\"\r\nX-Injected: 1\n");
        Assert.Equal(0, Command.RunIn(_folder.Path, "--netrc-file", "netrc", "-b", "jar", _server.Url).ExitCode);
        var head = Assert.Single(_heads);
        Assert.DoesNotContain("\n" + Mark, head, StringComparison.Ordinal);
        Assert.DoesNotContain("\r" + Mark, head, StringComparison.Ordinal);
        Assert.Contains("good=x", head, StringComparison.Ordinal);
    }

    /// <summary>A proxy hears of the user's name what was encoded, and of CONNECT no second line.</summary>
    [Fact]
    public void A_proxy_is_told_one_line()
    {
        var proxy = _server.Url.Replace("http://", "http://us%0d%0aX-Injected:1:p@", StringComparison.Ordinal);
        foreach (var url in (string[])["http://a.test/x%0d%0aX-Injected:%201", "https://a.test/"])
        {
            Command.RunIn(_folder.Path, "-x", proxy, "-H", "B: c", url);
            Command.RunIn(_folder.Path, "-x", _server.Url, "-U", $"u\r\n{Mark}:p", url);
        }
        Assert.Equal(4, _heads.Count);
        Assert.All(_heads, static head => Assert.DoesNotContain("\n" + Mark, head, StringComparison.Ordinal));
    }

    /// <summary>FTP and NNTP have a command a line: what would make two is refused before anything of it is sent.</summary>
    [Theory]
    [InlineData("ftp://127.0.0.1:@/a%0d%0aDELE%20b")]
    [InlineData("ftp://127.0.0.1:@/a%0aDELE%20b")]
    [InlineData("ftp://127.0.0.1:@/a%00b")]
    [InlineData("ftp://127.0.0.1:@/d%0dDELE%20b/f")]
    [InlineData("ftp://us%0d%0aDELE%20b:p@127.0.0.1:@/f")]
    [InlineData("ftp://us:p%0d%0aDELE%20b@127.0.0.1:@/f")]
    [InlineData("nntp://127.0.0.1:@/group%0d%0aDELE%20b")]
    [InlineData("nntp://127.0.0.1:@/group%0d%0aDELE%20b/1")]
    [InlineData("news://127.0.0.1:@/a%0d%0aDELE%20b@c")]
    public void A_command_stays_one_command(string url)
    {
        var lines = new ConcurrentQueue<string>();
        using var server = new RawServer(connection =>
        {
            connection.Send("220 ready\r\n");
            while (connection.ReadLine().TrimEnd('\n', '\r') is { } line)
            {
                lines.Enqueue(line);
                connection.Send(line.Split(' ')[0] switch { "USER" => "331 password\r\n", "PASS" => "230 in\r\n", "QUIT" => "221 bye\r\n", _ => "500 no\r\n" });
            }
        });
        string at = url.Replace(":@/", $":{server.Port}/", StringComparison.Ordinal);
        foreach (var words in (string[][])[[at], ["-T", "f", at], ["curl", "-s", at]])
        {
            File.WriteAllText(Path.Combine(_folder.Path, "f"), "x");
            Assert.NotEqual(0, Command.RunIn(_folder.Path, words).ExitCode);
        }
        Assert.All(lines, static line => Assert.DoesNotMatch("^ *DELE", line));
        Assert.All(lines, static line => Assert.DoesNotContain('\r', line));
    }

    /// <summary>Where FTP's data goes is the address that was asked: what a server says in 227 leads nowhere else.</summary>
    [Theory]
    [InlineData("ftp://127.0.0.1:@/f")]
    [InlineData("curl -s ftp://127.0.0.1:@/f")]
    [InlineData("curl -s --disable-epsv ftp://127.0.0.1:@/f")]
    public void A_server_sends_nobody_to_another_host(string line)
    {
        if (OperatingSystem.IsMacOS()) { Assert.Skip("127.0.0.2 is an address on Linux and Windows only"); }
        var victims = 0;
        using var victim = new RawServer(connection => { Interlocked.Increment(ref victims); connection.Send("secret"); }, IPAddress.Parse("127.0.0.2"));
        using var server = new RawServer(connection =>
        {
            connection.Send("220 ready\r\n");
            while (connection.ReadLine().TrimEnd() is { } command)
            {
                connection.Send(command.Split(' ')[0] switch
                {
                    "USER" => "331 password\r\n",
                    "PASS" => "230 in\r\n",
                    "TYPE" or "CWD" => "200 ok\r\n",
                    "PWD" => "257 \"/\"\r\n",
                    "SIZE" => "213 6\r\n",
                    "PASV" => $"227 Entering Passive Mode (127,0,0,2,{victim.Port / 256},{victim.Port % 256})\r\n",
                    "QUIT" => "221 bye\r\n",
                    _ => "500 no\r\n",
                });
            }
        });
        var run = Command.RunIn(_folder.Path, line.Replace("@", $"{server.Port}", StringComparison.Ordinal).Split(' '));
        Assert.NotEqual(0, run.ExitCode);
        Assert.DoesNotContain("secret", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, victims);
    }
}
