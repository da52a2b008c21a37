using System.Text;

namespace Firstbyte.Tests.Curl;

/// <summary>Servers that say anything: whatever comes, a transfer ends in its time, with one of curl's exit codes and a sentence for it, and what was repaired closes the connection.</summary>
public sealed class CurlHostileTests
{
    private static readonly string[] s_tokens =
    [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 301 Moved\r\n", "HTTP/1.1 401 No\r\n", "HTTP/1.1 407 No\r\n",
        "HTTP/1.1 204 No Content\r\n", "HTTP/1.1 999\r\n", "HTTP/1.2 200 OK\r\n", "HTTP/2 200\r\n", "HTTP/1.1 20x OK\r\n", "HTTP/1.1 101 Switching\r\n", "HTTP/1.1 416 Range\r\n", "HTTP/1.1 206 Part\r\n",
        "Content-Length: 5\r\n", "Content-Length: -5\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: 5, 5\r\n", "Content-Length: 5, 6\r\n", "Content-Length:\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, chunked\r\n", "transfer-encoding: identity\r\n", "Transfer-Encoding: ,\r\n",
        "Content-Encoding: gzip\r\n", "Content-Encoding: deflate, gzip\r\n", "Content-Encoding: zstd\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", "Keep-Alive: x\r\n",
        "Location: /b\r\n", "Location: http://127.0.0.1:1/\r\n", "Location: file:///etc/passwd\r\n", "Location: \r\n", "Location: //[\r\n", "Location: ../../%00\r\n",
        "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\", qop=\"auth\"\r\n", "WWW-Authenticate: Digest realm=\"a\r\n", "WWW-Authenticate: Basic\r\n", "WWW-Authenticate: ,,\r\n", "Proxy-Authenticate: Basic\r\n",
        "Set-Cookie: a=b; Domain=.; Max-Age=99999999999999999999\r\n", "Set-Cookie: =\r\n", "Set-Cookie: a\u0001b=c\r\n", "Content-Disposition: attachment; filename=\"../../x\"\r\n", "Content-Disposition: attachment; filename=\r\n",
        "Content-Range: bytes 0-4/5\r\n", "Content-Range: bytes x\r\n", "Last-Modified: Thu, 99 Foo 9999 99:99:99 GMT\r\n", "Retry-After: 99999999999\r\n", " folded\r\n", "\tfolded\r\n", "nocolon\r\n", ": empty\r\n", "X: \0\r\n",
        "\r\n", "\n", "hello", "5\r\nhello\r\n", "5;x=\"\r\nhello\r\n", "0\r\n\r\n", "0\r\nTrailer: x\r\n\r\n", "fffffffffffffffff\r\n", "-1\r\n", "5 \r\nhello\r\n", "5\nhello\n", "\u001f\u008b\b\0\0\0\0\0\0\u0003", "\u0028\u00b5\u002f\u00fd",
    ];

    private static readonly string[][] s_lines =
    [
        ["-i"], ["-L", "--max-redirs", "3"], ["--compressed"], ["-u", "a:b", "--anyauth", "-L"], ["-O", "-J"], ["-C", "3", "-o", "part"], ["-d", "a=b", "-i"], ["-T", "sent", "-H", "Expect: 100-continue"],
        ["--http0.9", "-i"], ["--tr-encoding", "-i"], ["-I"], ["-b", "", "-c", "jar"], ["-f", "-D", "-"], ["-w", "%{json}%{header_json}"], ["--retry", "0", "-R", "-o", "dated"], ["-z", "2020-01-01"],
    ];

    [Fact]
    public void Whatever_a_server_says_a_transfer_ends_with_a_reason()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "sent"), "content");
        for (var seed = 1; seed <= 160; seed++)
        {
            var answers = Answers(new Random(seed));
            var line = s_lines[seed % s_lines.Length];
            var next = -1;
            using var server = new RawServer(connection =>
            {
                connection.ReadHead();
                connection.Send(answers[Interlocked.Increment(ref next) % answers.Length]);
            });
            var run = Command.RunIn(folder.Path, ["curl", "-q", "-sS", "-m", "5", .. line, server.Url + "a/file.txt", server.Url + "b"]);
            var said = $"seed {seed}: {string.Join(' ', line)}\n{string.Join("\n--\n", answers)}\nexit {run.ExitCode}\n{run.Errors}";
            Assert.False(run.ExitCode is 70 or 134 || run.Errors.Contains("fault of firstbyte", StringComparison.Ordinal), said);
            Assert.True(run.ExitCode != 28, said);
            Assert.True(run.ExitCode == 0 || run.Errors.Contains("curl: ", StringComparison.Ordinal), said);
            // A name that a server proposes, and a redirect to a file, never lead out of the folder.
            Assert.DoesNotContain("root:x:", run.Output, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(folder.Path, "..", "x")) || File.Exists(Path.Combine(folder.Path, "..", "..", "x")), said);
        }
    }

    /// <summary>A server that finds every answer to its challenge stale is not asked for ever.</summary>
    [Fact]
    public void A_challenge_without_end_is_too_much()
    {
        var asked = 0;
        using var folder = new TemporaryFolder();
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            var nonce = Interlocked.Increment(ref asked);
            connection.Send(
                $"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\", stale=true\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        var run = Command.RunIn(folder.Path, "curl", "-sS", "-m", "20", "--digest", "-u", "user:pw", server.Url);
        Assert.Equal((47, 51), (run.ExitCode, asked));
    }

    /// <summary>Where the time ends it, it is the time that is said.</summary>
    [Fact]
    public void A_challenge_without_end_ends_with_the_time()
    {
        using var folder = new TemporaryFolder();
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            Thread.Sleep(20);
            connection.Send("HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        var run = Command.RunIn(folder.Path, "curl", "-sS", "-m", "0.2", "--digest", "-u", "user:pw", server.Url);
        Assert.Equal(28, run.ExitCode);
        Assert.StartsWith("curl: (28) Operation timed out after ", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>Interim responses and chunk lines without end: more than anybody sends is refused.</summary>
    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x=y;")]
    public void What_has_no_end_is_too_large(string begin, string piece)
    {
        using var folder = new TemporaryFolder();
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send(begin);
            for (var i = 0; i < 20_000; i++) { connection.Send(piece); }
            connection.AwaitEnd();
        });
        Assert.Equal(100, Command.RunIn(folder.Path, "-s", "-m", "20", server.Url).ExitCode);
    }

    [Fact]
    public void A_proxys_head_without_end_is_too_much()
    {
        using var folder = new TemporaryFolder();
        using var proxy = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat($"X: {new string('a', 97)}\r\n", 4000)));
        });
        var run = Command.RunIn(folder.Path, "curl", "-sS", "-m", "20", "-p", "-x", proxy.Url, "http://192.0.2.1/");
        Assert.Equal(56, run.ExitCode);
        Assert.Contains("Too large response headers", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_users_name_is_hashed_where_the_server_asks_for_it()
    {
        var heads = new List<string>();
        using var folder = new TemporaryFolder();
        using var server = new RawServer(connection =>
        {
            lock (heads) { heads.Add(connection.ReadHead()); }
            connection.Send(
                "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256, userhash=true\r\nContent-Length: 0\r\n"
                + "Connection: close\r\n\r\n");
        });
        Command.RunIn(folder.Path, "curl", "-s", "-m", "20", "--digest", "-u", "nina:pw", server.Url);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("nina:r"u8));
        Assert.Contains($"username=\"{hash}\"", heads[1], StringComparison.Ordinal);
        Assert.DoesNotContain("nina", heads[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_utf_8_is_one_of_iso_8859_1()
    {
        using var folder = new TemporaryFolder();
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"a\xe9.txt\"\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        });
        Assert.Equal(0, Command.RunIn(folder.Path, "curl", "-s", "-O", "-J", server.Url + "x").ExitCode);
        Assert.Equal("hi", File.ReadAllText(Path.Combine(folder.Path, "a\u00e9.txt")));
    }

    /// <summary>A line of a file of cookies ends where curl lets it end: what follows is no field of a request's.</summary>
    [Fact]
    public void Nothing_of_a_file_of_cookies_is_a_line_of_a_request()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "jar"), "127.0.0.1\tFALSE\t/\tFALSE\t0\tcr\tv\rX-Evil: y\n127.0.0.1\tFALSE\t/\tFALSE\t0\tnul\tw\0z\n");
        string head = "";
        using var server = new RawServer(connection =>
        {
            head = connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        Assert.Equal(0, Command.RunIn(folder.Path, "curl", "-s", "-b", "jar", server.Url).ExitCode);
        Assert.Contains("\r\nCookie: nul=w; cr=v\r\n", head, StringComparison.Ordinal);
    }

    /// <summary>Interim responses that never end are an end all the same: curl's limit of a head is one for all of them.</summary>
    [Fact]
    public void Interim_responses_without_end_are_too_much()
    {
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            while (true) { connection.Send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"); }
        });
        var run = Command.Run("curl", "-q", "-sS", "-m", "10", server.Url);
        Assert.Equal(56, run.ExitCode);
        Assert.StartsWith("curl: (56) Too large response headers", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>curl takes much that is not well-formed, and so does its double: and nothing is asked again on a connection on which it did.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nX: y\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", false)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 2\r\n\r\nok", true)]
    [InlineData("http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=\"\r\nok\r\n0\r\n\r\n", true)]
    public void What_was_repaired_closes_the_connection(string answer, bool isRepaired)
    {
        using var server = new RawServer(connection =>
        {
            while (true)
            {
                connection.ReadHead();
                connection.Send(answer);
            }
        });
        var run = Command.Run("curl", "-q", "-sS", "-m", "10", "-w", "%{num_connects}", server.Url, server.Url);
        Assert.Equal((0, isRepaired ? "ok1ok1" : "ok1ok0", ""), (run.ExitCode, run.Output, run.Errors));
    }

    private static string[] Answers(Random random)
    {
        var answers = new string[3];
        for (var i = 0; i < answers.Length; i++)
        {
            var text = new StringBuilder();
            if (random.Next(4) > 0) { text.Append(s_tokens[random.Next(14)]); }
            for (var count = random.Next(9); count > 0; count--) { text.Append(s_tokens[random.Next(s_tokens.Length)]); }
            if (random.Next(3) > 0) { text.Append("\r\n").Append(s_tokens[random.Next(s_tokens.Length - 14, s_tokens.Length)]); }
            if (text.Length > 0 && random.Next(4) == 0) { text[random.Next(text.Length)] = (char)random.Next(256); }
            if (random.Next(5) == 0) { text.Length = random.Next(text.Length + 1); }
            answers[i] = text.ToString();
        }
        return answers;
    }
}
