using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public sealed class ServerTests : IHttpHandler
{
    private readonly HandClock _clock = new();
    private readonly StaticSite _site = new StaticSite()
        .Add("/index.html", "<h1>home</h1>")
        .Add("/dir1/file1.html", "file one")
        .Add("/a b.txt", "spaced")
        .Add("/big", new byte[200_000])
        .AddRedirect("/old", "/dir1/file1.html", 301);
    private readonly List<Exception> _failures = [];

    public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        switch (request.Head.TargetText)
        {
            case "/echo":
                var body = new List<byte>();
                var piece = new byte[100];
                while (await request.ReadBodyAsync(piece, cancellationToken) is > 0 and var length) { body.AddRange(piece.AsSpan(0, length)); }
                return new HttpResponse(200) { Body = body.ToArray() };
            case "/stream":
                return new ServerResponse(new HttpResponse(200), new Pieces(-1, "one", "two", "three"));
            case "/short":
                return new ServerResponse(new HttpResponse(200), new Pieces(100, "one"));
            case "/ignore":
                return HttpResponse.Text(200, "ignored");
            case "/throw":
                throw new InvalidOperationException("broken");
            case "/inject":
                return new HttpResponse(200) { Fields = [new("X", "a\r\nSet-Cookie: b")] };
            default:
                return await _site.HandleAsync(request, cancellationToken);
        }
    }

    /// <summary>Sends the bytes, ends the own direction, and gives everything the server said, its Date left out.</summary>
    private async Task<string> AskAsync(string wire, bool ends = true)
    {
        var (client, server) = MemoryStreamEnd.Pair();
        using var connection = new ServerConnection(server, new ClockOnlyNetwork(_clock), this, HttpServerOptions.Default with { HandlerFailed = _failures.Add }, null);
        var serving = connection.ServeAsync(CancellationToken.None);
        await client.SendAsync(wire);
        if (ends) { client.ShutdownSend(); }
        else { Assert.Equal(0, await EndOf(client)); }
        client.Close();
        await serving;
        return server.SentText.Replace("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n", "", StringComparison.Ordinal);
    }

    // Without an own end the server must have ended first: what it sent is then all there, and the end after it.
    private static async Task<int> EndOf(MemoryStreamEnd client)
    {
        await client.ReadToEndAsync();
        return await client.ReceiveAsync(new byte[1]);
    }

    [Fact]
    public async Task A_page_is_served_with_its_type_length_and_date()
    {
        var (client, server) = MemoryStreamEnd.Pair();
        using var connection = new ServerConnection(server, new ClockOnlyNetwork(_clock), _site, HttpServerOptions.Default, null);
        var serving = connection.ServeAsync(CancellationToken.None);
        await client.SendAsync("GET /dir1/file1.html HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\n" + Named("file one") + "Content-Length: 8\r\n\r\nfile one", await client.ReadUntilAsync("one"));
        client.Close();
        await serving;
    }

    [Fact]
    public async Task Requests_follow_each_other_on_one_connection_even_when_sent_at_once()
    {
        var said = await AskAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + Named("<h1>home</h1>") + "Content-Length: 13\r\n\r\n<h1>home</h1>" +
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + Named("<h1>home</h1>") + "Content-Length: 13\r\n\r\n" +
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" +
            $"HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {_site.NotFound.Body.Length}\r\n\r\n{Encoding.UTF8.GetString(_site.NotFound.Body.Span)}", said);
    }

    [Theory]
    [InlineData("GET /a%20b.txt?x=/ HTTP/1.1", "HTTP/1.1 200 OK")]
    [InlineData("GET http://other.example/dir1/file1.html HTTP/1.1", "HTTP/1.1 200 OK")]
    [InlineData("GET http://other.example HTTP/1.1", "HTTP/1.1 200 OK")]
    [InlineData("GET /old HTTP/1.1", "HTTP/1.1 301 Moved Permanently")]
    [InlineData("GET /dir1/../index.html HTTP/1.1", "HTTP/1.1 404 Not Found")]
    [InlineData("GET /index.html%00 HTTP/1.1", "HTTP/1.1 404 Not Found")]
    [InlineData("DELETE / HTTP/1.1", "HTTP/1.1 405 Method Not Allowed")]
    [InlineData("OPTIONS * HTTP/1.1", "HTTP/1.1 204 No Content\r\nAllow: GET, HEAD, OPTIONS")]
    [InlineData("BREW / HTTP/1.1", "HTTP/1.1 501 Not Implemented")]
    [InlineData("get / HTTP/1.1", "HTTP/1.1 501 Not Implemented")]
    public async Task Targets_and_methods_are_answered_as_rfc_9110_says(string requestLine, string statusLine) =>
        Assert.StartsWith(statusLine + "\r\n", await AskAsync(requestLine + "\r\nHost: a\r\n\r\n"));

    /// <summary>RFC 9110 13.1.1, 13.1.2, 13.1.5 and 14.2, on "file one".</summary>
    [Theory]
    [InlineData("GET", "Range: bytes=2-4", 206, "le ")]
    [InlineData("GET", "Range: bytes=5-", 206, "one")]
    [InlineData("GET", "Range: bytes=-3", 206, "one")]
    [InlineData("GET", "Range: bytes=-300", 206, "file one")]
    [InlineData("GET", "Range: bytes=5-99999999999999999999", 206, "one")]
    [InlineData("GET", "Range: bytes=8-", 416, "There are 8 bytes here.\n")]
    [InlineData("GET", "Range: bytes=-0", 416, "There are 8 bytes here.\n")]
    [InlineData("GET", "Range: bytes=0-0,2-3", 200, "file one")]
    [InlineData("GET", "Range: lines=1-2", 200, "file one")]
    [InlineData("GET", "Range: bytes=4-2", 200, "file one")]
    [InlineData("GET", "Range: bytes=x-", 200, "file one")]
    [InlineData("HEAD", "Range: bytes=2-4", 200, "")]
    [InlineData("GET", "Range: bytes=5-\r\nIf-Range: TAG", 206, "one")]
    [InlineData("GET", "Range: bytes=5-\r\nIf-Range: W/TAG", 200, "file one")]
    [InlineData("GET", "Range: bytes=5-\r\nIf-Range: \"other\"", 200, "file one")]
    [InlineData("GET", "Range: bytes=5-\r\nIf-Range: Thu, 01 Jan 2026 00:00:00 GMT", 200, "file one")]
    [InlineData("GET", "If-None-Match: TAG", 304, "")]
    [InlineData("HEAD", "If-None-Match: \"a\", W/TAG", 304, "")]
    [InlineData("GET", "If-None-Match: \"a\"\r\nIf-None-Match: TAG", 304, "")]
    [InlineData("GET", "If-None-Match: *", 304, "")]
    [InlineData("GET", "If-None-Match: \"a\"", 200, "file one")]
    [InlineData("GET", "If-None-Match: \"a TAG", 200, "file one")]
    [InlineData("GET", "If-Match: \"a\",,TAG", 200, "file one")]
    [InlineData("GET", "If-Match: W/TAG", 412, "What is here is not what the condition names.\n")]
    [InlineData("GET", "If-Match: TAG\r\nIf-None-Match: TAG\r\nRange: bytes=0-1", 304, "")]
    public async Task Ranges_and_conditions_are_heeded(string method, string fields, int status, string body)
    {
        var said = await AskAsync($"{method} /dir1/file1.html HTTP/1.1\r\nHost: a\r\n{fields.Replace("TAG", Representation.TagOf("file one"u8).ToString(), StringComparison.Ordinal)}\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", said);
        Assert.Equal(body, said[(said.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        if (status == 206) { Assert.Contains($"\r\nContent-Range: bytes {"file one".Length - (body is "le " ? 6 : body.Length)}-", said); }
        if (status is 200 or 206 or 304) { Assert.Contains("\r\nETag: ", said); }
        if (status == 416) { Assert.Contains("\r\nContent-Range: bytes */8\r\n", said); }
    }

    private static string Named(string content) => $"ETag: {Representation.TagOf(Encoding.UTF8.GetBytes(content))}\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: br\r\n\r\n", 501)]
    [InlineData("GET / HTTP/3.0\r\n\r\n", 505)]
    [InlineData("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    public async Task What_cannot_be_read_is_refused_and_the_connection_ended(string wire, int status)
    {
        var said = await AskAsync(wire + "GET / HTTP/1.1\r\nHost: a\r\n\r\n", ends: false);
        Assert.StartsWith($"HTTP/1.1 {status} {ReasonPhrase.Of(status)}\r\n", said);
        Assert.Contains("Connection: close\r\n", said);
        Assert.Equal(1, said.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task Long_request_lines_and_heads_are_refused_by_name()
    {
        Assert.StartsWith("HTTP/1.1 414 ", await AskAsync($"GET /{new string('a', 100_000)} HTTP/1.1\r\n", ends: false));
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 100_000)}\r\n", ends: false));
    }

    [Fact]
    public async Task An_http_1_0_request_ends_the_connection_unless_it_asks_to_keep_it()
    {
        Assert.EndsWith("Content-Length: 8\r\nConnection: close\r\n\r\nfile one", await AskAsync("GET /dir1/file1.html HTTP/1.0\r\n\r\n", ends: false));
        var kept = await AskAsync("GET /dir1/file1.html HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /old HTTP/1.0\r\n\r\n", ends: false);
        Assert.Contains("Content-Length: 8\r\nConnection: keep-alive\r\n\r\nfile oneHTTP/1.1 301", kept);
    }

    [Fact]
    public async Task Connection_close_is_honoured() =>
        Assert.EndsWith("Connection: close\r\n\r\nfile one", await AskAsync("GET /dir1/file1.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", ends: false));

    [Fact]
    public async Task A_body_of_unknown_length_goes_out_in_chunks_or_until_close()
    {
        Assert.EndsWith("Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n", await AskAsync("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.EndsWith("Connection: close\r\n\r\nonetwothree", await AskAsync("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ends: false));
    }

    [Fact]
    public async Task A_body_shorter_than_announced_is_cut_off_so_that_the_client_can_tell() =>
        Assert.EndsWith("Content-Length: 100\r\n\r\none", await AskAsync("GET /short HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ends: false));

    [Fact]
    public async Task A_long_body_arrives_whole()
    {
        var said = await AskAsync("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(200_000, said.Length - said.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4);
    }

    [Fact]
    public async Task Who_waits_for_100_continue_gets_it_when_the_body_is_wanted()
    {
        var said = await AskAsync("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi");
        Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", said);
        var unwanted = await AskAsync("PUT /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", ends: false);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", unwanted);
        Assert.Contains("Connection: close", unwanted);
        Assert.StartsWith("HTTP/1.1 417 ", await AskAsync("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: tea\r\n\r\nhi"));
    }

    [Fact]
    public async Task A_body_that_nobody_read_is_read_over_when_it_is_short()
    {
        var said = await AskAsync("POST /ignore HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nGET /old HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Contains("ignoredHTTP/1.1 301", said);
        var longer = await AskAsync($"POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{new string('x', 100_000)}GET /old HTTP/1.1\r\nHost: a\r\n\r\n", ends: false);
        Assert.Contains("Connection: close", longer);
        Assert.DoesNotContain("301", longer);
    }

    [Theory]
    [InlineData("/throw")]
    [InlineData("/inject")]
    public async Task A_handler_that_fails_gives_500_and_is_told(string target)
    {
        Assert.StartsWith("HTTP/1.1 500 Internal Server Error\r\n", await AskAsync($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Single(_failures);
    }

    [Fact]
    public async Task A_client_that_stays_silent_or_too_slow_is_let_go()
    {
        var (client, server) = MemoryStreamEnd.Pair();
        using var connection = new ServerConnection(server, new ClockOnlyNetwork(_clock), _site, HttpServerOptions.Default, null);
        var serving = connection.ServeAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(74));
        Assert.False(serving.IsCompleted);
        await client.SendAsync("GET / HTT");
        _clock.Advance(TimeSpan.FromSeconds(59));
        await client.SendAsync("P");
        Assert.False(serving.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<Firstbyte.Sockets.NetworkException>(() => serving);
        Assert.True(server.IsClosed);
    }

    private sealed class Pieces(long length, params string[] pieces) : IResponseBody
    {
        private int _next;
        public long Length => length;
        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
            new(_next == pieces.Length ? 0 : Encoding.ASCII.GetBytes(pieces[_next++], destination.Span));
    }
}
