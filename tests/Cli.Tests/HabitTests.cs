namespace Firstbyte.Tests;

/// <summary>What hands type that know curl, where the plain command takes it too.</summary>
public sealed class HabitTests : IDisposable
{
    private const string Page = "http://www.lab.glasscom.com/dir1/file1.html";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly Queue<string> _answers = new();
    private readonly RawServer _server;

    public HabitTests() => _server = RawServer.Answering(_answers, _heads);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, arguments);

    [Theory]
    [InlineData("-s")]
    [InlineData("--silent")]
    [InlineData("-sS")]
    [InlineData("-sSLg")]
    public void Silent_is_the_body_alone(string option)
    {
        var run = Run("--lab", option, Page);
        Assert.Equal((0, Run("--lab", "--body", Page).Output, ""), (run.ExitCode, run.Output, run.Errors));
        Assert.StartsWith("<!DOCTYPE html>", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Byte for byte what came, interim responses and redirects that were followed too.</summary>
    [Fact]
    public void Heads_are_printed_before_their_bodies()
    {
        const string First = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", Second = "HTTP/1.1 302 Found\r\nlocation: /next\r\nContent-Length: 0\r\n\r\n";
        const string Third = "HTTP/1.1 200 OK\r\nX-a: 1\r\nx-A: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
        _answers.Enqueue(First + Second);
        _answers.Enqueue(Third + "ok");
        var run = Run("-i", "-L", _server.Url);
        Assert.Equal((0, First + Second + Third + "ok", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public void Of_a_head_alone_the_head_is_printed()
    {
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        var run = Run("-sI", _server.Url);
        Assert.Equal((0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.StartsWith("HEAD / ", _heads[0], StringComparison.Ordinal);
    }

    /// <summary>A cookie is a secret on the screen too; who wants to see it says so.</summary>
    [Fact]
    public void Secrets_of_a_head_are_covered_until_they_are_asked_for()
    {
        const string Head = "HTTP/1.1 200 OK\r\nSet-Cookie: sid=s3cr3t; Path=/\r\nContent-Length: 0\r\n\r\n";
        _answers.Enqueue(Head);
        _answers.Enqueue(Head);
        Assert.DoesNotContain("s3cr3t", Run("-i", _server.Url).Output, StringComparison.Ordinal);
        Assert.Equal(Head, Run("-i", "--show-secrets", _server.Url).Output);
    }

    [Fact]
    public void Nothing_of_a_head_acts_on_a_terminal()
    {
        _answers.Enqueue("HTTP/1.1 200 \x1b]0;x\x07\r\nX: \x9b31m\r\nContent-Length: 0\r\n\r\n");
        var run = Command.RunOnTerminal(_folder.Path, "-i", _server.Url);
        Assert.DoesNotContain(run.Output, static letter => letter is '\x1b' or '\x9b' or '\x07');
    }

    /// <summary>An error is no page: nothing of it is printed or kept, and the exit code says it.</summary>
    [Theory]
    [InlineData("-sf")]
    [InlineData("--fail", "-o", "page")]
    [InlineData("-f", "--compressed", "-s")]
    public void An_error_that_is_answered_is_a_failure(params string[] options)
    {
        _answers.Enqueue("HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\nsorry\n");
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n");
        var run = Run([.. options, _server.Url]);
        Assert.Equal((22, "firstbyte: the server answered 404, and with -f what comes with an error is left out\n"), (run.ExitCode, run.Errors));
        Assert.DoesNotContain("sorry", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Equal((0, ""), (Run([.. options, _server.Url]) is var second ? second.ExitCode : -1, second.Errors));
    }

    [Theory]
    [InlineData("", "-A", "")]
    [InlineData("User-Agent: me/1.0\r\n", "-A", "me/1.0")]
    [InlineData("Referer: http://a.test/\r\n", "-e", "http://a.test/")]
    public void Who_asks_and_from_where_are_fields(string expected, params string[] options)
    {
        _answers.Enqueue("HTTP/1.1 204 No Content\r\n\r\n");
        Assert.Equal(0, Run([.. options, "-s", _server.Url]).ExitCode);
        if (expected.Length > 0) { Assert.Contains(expected, _heads[0], StringComparison.Ordinal); }
        else { Assert.DoesNotContain("User-Agent", _heads[0], StringComparison.OrdinalIgnoreCase); }
    }

    /// <summary>The name goes out as it was typed, and nobody is asked for its addresses.</summary>
    [Theory]
    [InlineData("www.unknown.test:PORT:127.0.0.1")]
    [InlineData("*:PORT:127.0.0.1")]
    [InlineData("WWW.unknown.test:PORT:[::1],127.0.0.1")]
    public void A_host_is_where_the_command_line_says(string entry)
    {
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var port = new Uri(_server.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var run = Run("--resolve", entry.Replace("PORT", port, StringComparison.Ordinal), $"http://www.unknown.test:{port}/");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("as --resolve says: no resolver is asked", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Host: www.unknown.test:{port}\r\n", _heads[0], StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_lab_a_host_is_where_the_command_line_says_too()
    {
        Assert.Equal(0, Run("--lab", "-sw", "%{remote_ip}", "-o", "page", Page) is var first ? first.ExitCode : -1);
        var run = Run("--lab", "--resolve", $"www.nowhere.test:80:{first.Output}", Page.Replace("www.lab.glasscom.com", "www.nowhere.test", StringComparison.Ordinal));
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains($"www.nowhere.test at port 80 is {first.Output}, as --resolve says", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Nobody is asked for addresses of the other version, and none is connected to.</summary>
    [Theory]
    [InlineData(0, "2001:db8:2::80", "-6", "http://www.test/")]
    [InlineData(6, "There is no IPv4 address for www.test, and no other is wanted", "-4", "http://www.test/")]
    [InlineData(6, "There is no IPv4 address for 2001:db8:2::80, and no other is wanted", "--ipv4", "http://[2001:db8:2::80]/")]
    [InlineData(6, "There is no IPv6 address for old.test, and no other is wanted", "-46", "http://old.test/")]
    [InlineData(6, "without -6, which asks for IPv6 alone", "-6", "--resolve", "a.test:80:192.0.2.1", "http://a.test/")]
    [InlineData(0, "2001:db8:2::80", "-6", "--resolve", "www.test:80:192.0.2.1,2001:db8:2::80", "http://www.test/")]
    public void Of_the_two_versions_one_is_enough(int exitCode, string expected, params string[] line)
    {
        var run = Run(["--lab=ipv6-only", .. line]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(expected, run.Output + run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(line[0][^1] == '6' ? " A record" : " AAAA record", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_gives_no_address_is_refused_before_anything_is_sent()
    {
        var run = Run("--lab", "--resolve", "a.test:80", Page);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--resolve wants HOST:PORT:ADDRESS, or -HOST:PORT to take it back, and 'a.test:80' is neither", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>Every letter that a hand types that knows curl, in the lab, with what it does there.</summary>
    [Theory]
    [InlineData("-L", "http://www.lab.glasscom.com/old.html", "followed with GET")]
    [InlineData("-i", Page, "HTTP/1.1 200 OK\r\n")]
    [InlineData("-s -S", Page, "<!DOCTYPE html>")]
    [InlineData("-f -s", "http://www.lab.glasscom.com/nothing", "")]
    [InlineData("-u user:password", "http://www.lab.glasscom.com/staff/", "200 OK · 211 bytes")]
    [InlineData("-A me/1.0 -v", Page, "User-Agent: me/1.0")]
    [InlineData("-b a=b -v", Page, "Cookie: ")]
    [InlineData("-c -", Page, "# Netscape HTTP Cookie File")]
    [InlineData("-x http://www.lab.glasscom.com", Page, "proxy")]
    [InlineData("-F name=value -v", Page, "multipart/form-data")]
    [InlineData("-T file", "http://www.lab.glasscom.com/notes/file", "PUT /notes/file HTTP/1.1")]
    [InlineData("-G -d a=b", Page, "?a=b")]
    [InlineData("-r 0-9 -s", Page, "<!DOCTYPE ")]
    [InlineData("-w %{http_code} -s -o page", Page, "200")]
    [InlineData("-k", "https://www.lab.glasscom.com/", "TLS")]
    [InlineData("--cacert root.pem", "https://www.lab.glasscom.com/", "nobody here trusts")]
    [InlineData("--compressed -v", Page, "Accept-Encoding: ")]
    [InlineData("-4", Page, "200 OK · 401 bytes")]
    [InlineData("-6", Page, "There is no IPv6 address for www.lab.glasscom.com")]
    [InlineData("--retry 2", Page, "200 OK · 401 bytes")]
    [InlineData("-o -", Page, "<!DOCTYPE html>")]
    public void A_habit_is_one_in_the_lab_too(string habit, string url, string expected)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "what is stored\n");
        using var authority = new TestAuthority();
        File.WriteAllText(Path.Combine(_folder.Path, "root.pem"), authority.RootPem);
        var run = Run(["--lab", .. habit.Split(' '), url]);
        Assert.True(run.ExitCode is not 2 && (run.Output + run.Errors).Contains(expected, StringComparison.Ordinal), $"{run.ExitCode}\n{run.Output}\n{run.Errors}");
    }

    [Fact]
    public void In_the_lab_a_file_has_the_name_of_its_page()
    {
        Assert.Equal(0, Run("--lab", "-O", "-J", Page).ExitCode);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(Path.Combine(_folder.Path, "file1.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_lab_data_comes_from_standard_input()
    {
        var run = Command.RunBytes(_folder.Path, "a=b"u8.ToArray(), new Dictionary<string, string>(), ["--lab", "-v", "-d", "@-", Page]);
        Assert.Contains("Content-Length: 3", System.Text.Encoding.UTF8.GetString(run.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_url_has_a_file_of_its_own_in_their_order()
    {
        foreach (var name in (string[])["one", "two", "three"]) { _answers.Enqueue($"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\n\r\n{name}"); }
        var run = Run("-o", "a", "-O", "-o", "c", _server.Url + "x", _server.Url + "dir/b%2Fb.html?q=/z", _server.Url + "y");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["a=one", "b%2Fb.html=two", "c=three"], Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).Select(static file => $"{Path.GetFileName(file)}={File.ReadAllText(file)}"));
    }

    [Theory]
    [InlineData("-o names.out URL URL", "-o and -O name 1 file, and there are 2 URLs: each URL wants a file of its own")]
    [InlineData("-o a -o b URL", "-o and -O name 2 files, and there is 1 URL: each URL wants a file of its own")]
    [InlineData("-O URL", "-O takes the name at the end of the URL's path, and there is none: -o FILE gives one")]
    [InlineData("-O 127.0.0.1:1", "-O takes the name at the end of the URL's path, and there is none: -o FILE gives one")]
    [InlineData("-i -o a URL", "-i prints head and body, and the body goes to 'a'")]
    [InlineData("-i --json URL", "-i and --json")]
    public void What_does_not_fit_is_refused_before_anything_is_sent(string line, string complaint)
    {
        var run = Run([.. line.Replace("URL", _server.Url, StringComparison.Ordinal).Split(' ')]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
        Assert.Empty(_heads);
    }

    [Fact]
    public void The_first_URL_gets_what_is_stored_and_the_next_is_fetched()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "f.txt"), "12");
        using var server = new RawServer(connection =>
        {
            var head = connection.ReadHead();
            lock (_heads) { _heads.Add(head.Split("\r\n")[0]); }
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        Assert.Equal(0, Run("-s", "-T", "f.txt", server.Url + "up/?a", server.Url + "down").ExitCode);
        Assert.Equal(0, Run("-s", "-T", "f.txt", "-T", "f.txt", server.Url, server.Url + "b/#c", server.Url + "e").ExitCode);
        Assert.Equal(["PUT /up/?a HTTP/1.1", "GET /down HTTP/1.1", "PUT /f.txt HTTP/1.1", "PUT /b/f.txt HTTP/1.1", "GET /e HTTP/1.1"], _heads);
        Assert.Equal(2, Run("-s", "-T", "f.txt", "-T", "f.txt", server.Url).ExitCode);
    }

    [Theory]
    [InlineData("TRACE", "", "-d", "x")]
    [InlineData("CONNECT", "dir/x")]
    [InlineData("CONNECT", "?q")]
    public void A_request_that_would_not_be_one_is_not_written(string method, string path, params string[] more)
    {
        Assert.Equal(43, Run(["-s", "-X", method, .. more, _server.Url + path]).ExitCode);
        Assert.Empty(_heads);
    }

    [Fact]
    public void A_tunnel_is_asked_for_by_host_and_port()
    {
        _answers.Enqueue("HTTP/1.1 200 OK\r\n\r\n");
        Run("-s", "-X", "CONNECT", _server.Url);
        Assert.StartsWith($"CONNECT 127.0.0.1:{_server.Port} HTTP/1.1\r\n", Assert.Single(_heads), StringComparison.Ordinal);
    }

    /// <summary>A server that says that it closes and does not costs nobody a second.</summary>
    [Fact]
    public void Who_says_that_it_closes_and_does_not_is_not_waited_for()
    {
        using var over = new ManualResetEventSlim();
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            over.Wait();
        });
        Run("-s", server.Url);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal((0, "okokokok"), (0, Run("-s", server.Url, server.Url, server.Url, server.Url).Output));
        over.Set();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}: it was waited for");
    }

    /// <summary>What is taken as it was meant as a rule is refused where that is wanted.</summary>
    [Fact]
    public void A_flaw_is_refused_where_none_is_to_be_passed_over()
    {
        const string Flawed = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        _answers.Enqueue(Flawed);
        _answers.Enqueue(Flawed);
        Assert.Equal((0, "ok"), (0, Run("-s", _server.Url).Output));
        var strict = Run("-s", "--strict", _server.Url);
        Assert.Equal(8, strict.ExitCode);
        Assert.Contains("and no flaw was to be passed over", strict.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_printed_beside_a_body_alone()
    {
        var run = Run("--lab", "-s", "--timing", Page);
        Assert.StartsWith("<!DOCTYPE html>", run.Output, StringComparison.Ordinal);
        Assert.Matches("^[0-9.]+ ms   name [0-9.]+ █+ connect [0-9.]+ ", run.Errors);
    }

    [Theory]
    [InlineData("ftp://user:password@ftp.glasscom.com/dir/file1.htm", "-H", "X: y", "--header means nothing to ftp: and is passed over")]
    [InlineData("file://localhost/c:/path/file1.txt", "-d", "x", "--data means nothing to file: and is passed over")]
    [InlineData("news:comp.misc", "-b", "a=b", "--cookie means nothing to news: and is passed over")]
    [InlineData("news:comp.misc", "-r", "0-1", "--range means nothing to news: and is passed over")]
    [InlineData("mailto:tone@glasscom.com", "-T", "/dev/null", "--upload-file means nothing to mailto: and is passed over")]
    [InlineData("ftp://user:password@ftp.glasscom.com/dir/file1.htm", "--connections", "2", "--connections means nothing to ftp: and is passed over")]
    [InlineData("ftp://user:password@ftp.glasscom.com/dir/file1.htm", "-r", "0-0,2-3", "-r '0-0,2-3' is not one range")]
    [InlineData("file://localhost/c:/path/file1.txt", "-r", "a", "-r 'a' is not one range")]
    public void What_means_nothing_to_a_scheme_is_said(string url, string option, string value, string told) =>
        Assert.Contains(told, Run("--lab", "-s", option, value, url).Errors, StringComparison.Ordinal);
}
