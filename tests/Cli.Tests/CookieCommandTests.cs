namespace Firstbyte.Tests;

/// <summary>Cookies on the command line: what is sent, what is kept, and that no value is told.</summary>
public sealed class CookieCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly RawServer _server;

    public CookieCommandTests() => _server = new RawServer(connection =>
    {
        var head = connection.ReadHead();
        lock (_heads) { _heads.Add(head); }
        connection.Send(head.StartsWith("GET /redirect", StringComparison.Ordinal)
            ? "HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: hop=valueofhop\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nSet-Cookie: sid=valueofsid; HttpOnly; Max-Age=86400\r\nSet-Cookie: bad=x; Domain=com\r\nSet-Cookie: tls=x; Secure\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\nok");
    });

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_a_response_sets_goes_with_the_next_request_and_into_the_file()
    {
        var run = Command.RunIn(_folder.Path, "-c", "jar", _server.Url, _server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("\r\nCookie:", _heads[0], StringComparison.Ordinal);
        Assert.Contains("\r\nCookie: sid=valueofsid\r\n", _heads[1], StringComparison.Ordinal);
        Assert.Contains("cookie sid kept until", run.Output, StringComparison.Ordinal);
        Assert.Contains("of 127.0.0.1 alone", run.Output, StringComparison.Ordinal);
        Assert.Contains("cookie sid goes along", run.Output, StringComparison.Ordinal);
        Assert.Contains("cookie bad refused: its domain is a public suffix", run.Output, StringComparison.Ordinal);
        Assert.Contains("cookie tls refused: it is to be secure", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("valueofsid", run.Output, StringComparison.Ordinal);
        var jar = File.ReadAllText(Path.Combine(_folder.Path, "jar"));
        Assert.Matches("^# Netscape HTTP Cookie File\n(#.*\n)*\n#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t[0-9]+\tsid\tvalueofsid\n$", jar);
        // The file is sent by the next run, and is what curl reads.
        Command.RunIn(_folder.Path, "-b", "jar", _server.Url);
        Assert.Contains("\r\nCookie: sid=valueofsid\r\n", _heads[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_no_cookie_is_told()
    {
        const string Good = "127.0.0.1\tFALSE\t/\tFALSE\t0\tgood\tx\n";
        File.WriteAllText(Path.Combine(_folder.Path, "jar"), "# a comment\n\nhalf a line\n" + Good);
        var run = Command.RunIn(_folder.Path, "-b", "jar", _server.Url);
        Assert.Equal("firstbyte: jar:3: this line is no cookie of Netscape's form (seven fields with tabs between them) and is passed over\n", run.Errors);
        Assert.Contains("\r\nCookie: good=x\r\n", Assert.Single(_heads), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder.Path, "jar"), "a\nb\nc\n" + Good);
        Assert.StartsWith("firstbyte: jar:1: this line and 2 more are no cookies", Command.RunIn(_folder.Path, "-b", "jar", _server.Url).Errors, StringComparison.Ordinal);
    }

    /// <summary>A misspelt name of a file sends no cookies, and says so; the jar that is to be written may be missing.</summary>
    [Fact]
    public void A_file_of_cookies_that_is_not_there_is_told()
    {
        var run = Command.RunIn(_folder.Path, "-b", "jra", "-b", "new", "-c", "new", _server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("firstbyte: there is no file 'jra' to read cookies from: none are sent (a single cookie is written NAME=VALUE)\n", run.Errors);
    }

    /// <summary>A folder is there, and holds no cookies: that is no misspelt name.</summary>
    [Fact]
    public void A_folder_is_no_file_of_cookies()
    {
        var run = Command.RunIn(_folder.Path, "-b", ".", _server.Url);
        Assert.Equal((26, "firstbyte: '.' cannot be read: it is a directory\n"), (run.ExitCode, string.Concat(run.Errors.Split('\n')[..1]) + "\n"));
    }

    /// <summary>A tab ends a field of the file: what holds one is kept for the run, and what becomes of it is said.</summary>
    [Fact]
    public void A_cookie_that_the_file_cannot_hold_is_told()
    {
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nSet-Cookie: odd=left\tright\r\nSet-Cookie: even=kept\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        });
        var run = Command.RunIn(_folder.Path, "-c", "jar", server.Url);
        Assert.Equal("firstbyte: the cookie odd of 127.0.0.1 is not in the file: it holds a tab, which ends a field there\n", run.Errors);
        var jar = File.ReadAllText(Path.Combine(_folder.Path, "jar"));
        Assert.Contains("\teven\tkept\n", jar, StringComparison.Ordinal);
        Assert.DoesNotContain("odd", jar, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_sets_cookies_for_the_request_that_follows_it()
    {
        var run = Command.RunIn(_folder.Path, "-L", "-b", "", _server.Url + "redirect");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\r\nCookie: hop=valueofhop\r\n", _heads[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Given_cookies_go_as_they_are_and_nothing_is_kept_for_them()
    {
        var run = Command.RunIn(_folder.Path, "-b", "a=secretofa; b=2", "-b", "c=3", "--json", _server.Url, _server.Url);
        Assert.All(_heads, head => Assert.Contains("\r\nCookie: a=secretofa; b=2; c=3\r\n", head, StringComparison.Ordinal));
        Assert.DoesNotContain("secretofa", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("http.cookie-kept", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Cookies_are_told_in_json_without_their_values()
    {
        var run = Command.RunIn(_folder.Path, "-b", "", "--json", _server.Url, _server.Url);
        Assert.Contains("\"event\":\"http.cookie-kept\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"http.cookie-refused\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"http.cookies-chosen\"", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("valueofsid", run.Output, StringComparison.Ordinal);
    }

    /// <summary>A value is octets: what is no UTF-8 goes back, and into the file, as it came.</summary>
    [Fact]
    public void A_value_keeps_its_octets()
    {
        var jar = Path.Combine(_folder.Path, "jar");
        byte[] line = [.. "127.0.0.1\tFALSE\t/\tFALSE\t0\tck\tv"u8, 0xFF, 0xE9, (byte)'\n'];
        File.WriteAllBytes(jar, line);
        Assert.Equal(0, Command.RunIn(_folder.Path, "-b", "jar", "-c", "jar", _server.Url).ExitCode);
        Assert.Contains("\r\nCookie: ck=v\u00FF\u00E9\r\n", _heads[0], StringComparison.Ordinal);
        Assert.True(File.ReadAllBytes(jar).AsSpan().IndexOf(line) > 0, "the file has other octets");
        using var server = RawServer.Of("Set-Cookie: own=\u00FE; Path=/\r\n", []);
        Command.RunIn(_folder.Path, "-c", "own", server.Url);
        Assert.True(File.ReadAllBytes(Path.Combine(_folder.Path, "own")).AsSpan().IndexOf((ReadOnlySpan<byte>)[(byte)'\t', 0xFE, (byte)'\n']) > 0);
    }

    /// <summary>Of a head that is refused no cookie is kept.</summary>
    [Fact]
    public void A_head_that_is_refused_leaves_nothing()
    {
        using var server = RawServer.Of("Set-Cookie: good=1\r\nSet-Cookie: bad=\u0001\r\n", []);
        Assert.Equal(8, Command.RunIn(_folder.Path, "-c", "none", server.Url).ExitCode);
        Assert.DoesNotContain("good", File.ReadAllText(Path.Combine(_folder.Path, "none")), StringComparison.Ordinal);
    }
}
