using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Firstbyte.Extensions;
using Firstbyte.Http.Caching;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Microsoft.Extensions.DependencyInjection;

namespace Firstbyte.Tests.Extensions;

/// <summary>HttpClient over our handler, against servers on loopback.</summary>
public sealed class HandlerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static HttpClient Client(FirstbyteHandlerOptions? options = null) => new(new FirstbyteHandler(options));

    private static RawServer Saying(string answer, List<string>? heads = null) => new(connection =>
    {
        var head = connection.ReadHead();
        if (heads is not null) { lock (heads) { heads.Add(head); } }
        connection.Send(answer);
    });

    [Fact]
    public async Task A_response_is_what_the_server_said()
    {
        var heads = new List<string>();
        using var server = Saying(
            "HTTP/1.1 201 Made\r\nX-One: 1\r\nX-One: 2\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + "5\r\nhello\r\n0\r\nX-Trail: end\r\n\r\n", heads);
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url + "path?a=b#c");
        request.Headers.TryAddWithoutValidation("x-custom", "kept as it is");
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal((HttpStatusCode.Created, "Made"), (response.StatusCode, response.ReasonPhrase));
        Assert.Equal(["1", "2"], response.Headers.GetValues("X-One"));
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("hello", await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal(["end"], response.TrailingHeaders.GetValues("X-Trail"));
        Assert.StartsWith("GET /path?a=b HTTP/1.1\r\nHost: 127.0.0.1:", heads[0], StringComparison.Ordinal);
        Assert.Contains("\r\nx-custom: kept as it is\r\n", heads[0], StringComparison.Ordinal);
        Assert.DoesNotContain("User-Agent", heads[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Accept", heads[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_is_sent_as_it_is()
    {
        var got = new ConcurrentQueue<string>();
        using var server = new RawServer(connection =>
        {
            var head = connection.ReadHead();
            got.Enqueue(head + (head.Contains("chunked", StringComparison.Ordinal) ? connection.ReadUntil("0\r\n\r\n") : connection.Read(5)));
            connection.Send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        });
        using var client = Client();
        using var text = await client.PostAsync(server.Url, new StringContent("hallo", Encoding.UTF8, "text/x-test"), Stop);
        Assert.Equal(HttpStatusCode.NoContent, text.StatusCode);
        Assert.True(got.TryDequeue(out var first));
        Assert.Contains("\r\nContent-Type: text/x-test; charset=utf-8\r\n", first, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 5\r\n", first, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhallo", first, StringComparison.Ordinal);
        using var streamed = await client.PutAsync(server.Url, new StreamContent(new OnceStream("streamed"u8.ToArray())), Stop);
        Assert.True(got.TryDequeue(out var second));
        Assert.StartsWith("PUT / HTTP/1.1", second, StringComparison.Ordinal);
        Assert.EndsWith("8\r\nstreamed\r\n0\r\n\r\n", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_followed_unless_they_are_not_to_be()
    {
        using var end = Saying("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nend");
        using var start = Saying($"HTTP/1.1 302 Found\r\nLocation: {end.Url}there\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngone");
        using var client = Client();
        using var response = await client.GetAsync(start.Url, Stop);
        Assert.Equal("end", await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal(end.Url + "there", response.RequestMessage!.RequestUri!.AbsoluteUri);
        using var still = Client(new FirstbyteHandlerOptions { Journeys = new JourneyOptions() });
        using var redirect = await still.GetAsync(start.Url, Stop);
        Assert.Equal((HttpStatusCode.Found, "gone"), (redirect.StatusCode, await redirect.Content.ReadAsStringAsync(Stop)));
    }

    [Fact]
    public async Task Failures_are_HttpClients_with_ours_inside()
    {
        using var client = Client();
        string closed;
        using (var server = Saying("")) { closed = server.Url; }
        var refused = await Assert.ThrowsAsync<FirstbyteRequestException>(() => client.GetAsync(closed, Stop));
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
        Assert.IsType<NotConnected>(refused.Failure);
        using var empty = new RawServer(static connection => connection.ReadHead());
        Assert.Equal(HttpRequestError.ResponseEnded, (await Assert.ThrowsAsync<FirstbyteRequestException>(() => client.GetAsync(empty.Url, Stop))).HttpRequestError);
        using var half = Saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(half.Url, Stop));
        var secret = await Assert.ThrowsAsync<FirstbyteRequestException>(() => client.GetAsync(closed.Replace("http://", "http://me:secret7@", StringComparison.Ordinal), Stop));
        Assert.DoesNotContain("secret7", secret.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_up_ends_the_wait_and_the_connection()
    {
        using var left = new ManualResetEventSlim();
        using var silent = new RawServer(connection =>
        {
            connection.ReadHead();
            try { connection.ReadLine(); }
            catch (IOException) { left.Set(); }
        });
        using var client = Client();
        client.Timeout = TimeSpan.FromMilliseconds(200);
        await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetAsync(silent.Url, Stop));
        Assert.True(left.Wait(5000, Stop));
    }

    [Fact]
    public async Task Content_comes_while_it_is_read_and_no_further()
    {
        var sent = 0L;
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            var piece = new byte[64 * 1024];
            while (true)
            {
                connection.Send(piece);
                Interlocked.Add(ref sent, piece.Length);
            }
        });
        using var client = Client();
        using (var response = await client.GetAsync(server.Url, HttpCompletionOption.ResponseHeadersRead, Stop))
        {
            await using var stream = await response.Content.ReadAsStreamAsync(Stop);
            Assert.Equal(1000, await stream.ReadAtLeastAsync(new byte[1000], 1000, cancellationToken: Stop));
            await Task.Delay(300, Stop);
            // What the reader does not take waits in the kernel's buffers.
            Assert.True(Interlocked.Read(ref sent) < 100_000_000);
        }
    }

    /// <summary>It is free for the next request behind its last byte, whether or not anybody reads on to the end.</summary>
    [Theory]
    [InlineData(false, 1000)]
    [InlineData(false, 300_000)]
    [InlineData(true, 1000)]
    [InlineData(true, 300_000)]
    public async Task Long_content_comes_whole_in_pieces_of_any_length(bool isChunked, int most)
    {
        var sent = new byte[3_000_001];
        new Random(7).NextBytes(sent);
        var connections = 0;
        using var server = new RawServer(connection =>
        {
            Interlocked.Increment(ref connections);
            while (true)
            {
                connection.ReadHead();
                connection.Send($"HTTP/1.1 200 OK\r\n{(isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {sent.Length}")}\r\n\r\n");
                for (var at = 0; at < sent.Length;)
                {
                    var piece = Math.Min(sent.Length - at, at % 70_001 + 1);
                    if (isChunked) { connection.Send($"{piece:x}\r\n"); }
                    connection.Send(sent.AsSpan(at, piece));
                    if (isChunked) { connection.Send("\r\n"); }
                    at += piece;
                }
                if (isChunked) { connection.Send("0\r\n\r\n"); }
            }
        });
        using var client = Client();
        for (var round = 0; round < 3; round++)
        {
            using var response = await client.GetAsync(server.Url, HttpCompletionOption.ResponseHeadersRead, Stop);
            await using var stream = await response.Content.ReadAsStreamAsync(Stop);
            var (got, at) = (new byte[sent.Length], 0);
            while (at < got.Length)
            {
                var length = Math.Min(got.Length - at, at % most + 1);
                var count = round == 1 ? ReadHere(stream, got, at, length) : await stream.ReadAsync(got.AsMemory(at, length), Stop);
                Assert.InRange(count, 1, length);
                at += count;
            }
            Assert.True(sent.AsSpan().SequenceEqual(got));
            if (isChunked) { Assert.Equal(0, await stream.ReadAsync(new byte[1], Stop)); }
        }
        Assert.Equal(sent, await client.GetByteArrayAsync(server.Url, Stop));
        Assert.Equal(1, connections);

        static int ReadHere(Stream stream, byte[] room, int at, int length) => stream.Read(room, at, length);
    }

    [Fact]
    public async Task Who_gives_up_a_read_ends_the_request_and_its_memory_is_left_alone()
    {
        using var left = new ManualResetEventSlim();
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nfirst");
            try { connection.ReadLine(); }
            catch (IOException) { left.Set(); }
        });
        using var client = Client();
        using var response = await client.GetAsync(server.Url, HttpCompletionOption.ResponseHeadersRead, Stop);
        await using var stream = await response.Content.ReadAsStreamAsync(Stop);
        var room = new byte[100];
        Assert.Equal(5, await stream.ReadAtLeastAsync(room, 5, cancellationToken: Stop));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(room, stop.Token));
        Assert.True(left.Wait(5000, Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(room, Stop));
    }

    [Fact]
    public async Task What_came_of_content_that_breaks_off_is_read_before_the_failure()
    {
        using var server = Saying("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nConnection: close\r\n\r\nsome");
        using var client = Client();
        using var response = await client.GetAsync(server.Url, HttpCompletionOption.ResponseHeadersRead, Stop);
        await using var stream = await response.Content.ReadAsStreamAsync(Stop);
        var room = new byte[100];
        Assert.Equal(4, await stream.ReadAtLeastAsync(room, 4, cancellationToken: Stop));
        await Assert.ThrowsAsync<FirstbyteRequestException>(async () => await stream.ReadExactlyAsync(room, Stop));
    }

    [Fact]
    public async Task Sixty_four_at_once_share_the_handler()
    {
        using var server = new RawServer(static connection =>
        {
            while (true)
            {
                var number = connection.ReadHead().Split(' ')[1][1..];
                connection.Send($"HTTP/1.1 200 OK\r\nContent-Length: {number.Length}\r\n\r\n{number}");
            }
        });
        using var client = Client();
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => client.GetStringAsync($"{server.Url}{i}", Stop)));
            Assert.Equal(Enumerable.Range(0, 64).Select(static i => $"{i}"), answers);
        }
    }

    [Fact]
    public async Task Codings_cookies_and_a_cache_are_there_for_who_asks_for_them()
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true)) { gzip.Write("unpacked"u8); }
        var heads = new List<string>();
        using var server = new RawServer(connection =>
        {
            lock (heads) { heads.Add(connection.ReadHead()); }
            connection.Send($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nSet-Cookie: a=b\r\nCache-Control: max-age=60\r\nContent-Length: {packed.Length}\r\nConnection: close\r\n\r\n");
            connection.Send(packed.ToArray());
        });
        using var client = Client(new FirstbyteHandlerOptions { AcceptsCodings = true, Journeys = new JourneyOptions { Cookies = new CookieJar(), Cache = new ResponseCache() } });
        for (var i = 0; i < 2; i++)
        {
            using var response = await client.GetAsync(server.Url, Stop);
            Assert.Equal("unpacked", await response.Content.ReadAsStringAsync(Stop));
            Assert.Empty(response.Content.Headers.ContentEncoding);
            Assert.Equal(i == 1, response.Headers.Age is not null);
        }
        Assert.Single(heads);
        await client.GetStringAsync(server.Url + "other", Stop);
        Assert.Contains("Cookie: a=b", heads[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_stage_is_an_activity_and_a_measurement()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == FirstbyteTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var meters = new MeterListener { InstrumentPublished = static (instrument, all) => { if (instrument.Meter.Name == FirstbyteTelemetry.MeterName) { all.EnableMeasurementEvents(instrument); } } };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray()))));
        meters.Start();
        var heads = new List<string>();
        using var server = Saying("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", heads);
        using var client = Client();
        using (var response = await client.GetAsync(server.Url + "?token=abc123", Stop)) { Assert.Equal(503, (int)response.StatusCode); }
        var port = new Uri(server.Url).Port;
        var span = Assert.Single(activities, activity => activity.Kind == ActivityKind.Client && Equals(activity.GetTagItem("server.port"), port));
        Assert.Equal("GET", span.OperationName);
        Assert.Equal(("GET", "127.0.0.1", 503, "503", "1.1", "127.0.0.1"), (
            span.GetTagItem("http.request.method"), span.GetTagItem("server.address"), span.GetTagItem("http.response.status_code"), span.GetTagItem("error.type"),
            span.GetTagItem("network.protocol.version"), span.GetTagItem("network.peer.address")));
        Assert.DoesNotContain("abc123", (string)span.GetTagItem("url.full")!, StringComparison.Ordinal);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Contains($"traceparent: 00-{span.TraceId}-{span.SpanId}-", heads[0], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["connect", "wait"], activities.Where(one => one.ParentSpanId == span.SpanId).Select(static one => one.OperationName).Order());
        Assert.All(activities.Where(one => one.ParentSpanId == span.SpanId), static one => Assert.True(one.Duration > TimeSpan.Zero));
        var duration = Assert.Single(measured, one => one.Name == "http.client.request.duration" && Equals(one.Tags["server.port"], port));
        Assert.Equal((503, "GET", "http", "503"), (duration.Tags["http.response.status_code"], duration.Tags["http.request.method"], duration.Tags["url.scheme"], duration.Tags["error.type"]));
        Assert.True(duration.Value > 0);
        Assert.Contains(measured, one => one.Name == "firstbyte.connect.duration" && Equals(one.Tags["server.port"], port));
    }

    [Fact]
    public async Task A_named_client_uses_it_with_one_line()
    {
        using var server = Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        var services = new ServiceCollection();
        services.AddHttpClient("page").UseFirstbyte();
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("page");
        Assert.Equal("ok", await client.GetStringAsync(server.Url, Stop));
    }

    [Fact]
    public async Task The_platforms_handler_connects_by_our_callback()
    {
        using var server = Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = new FirstbyteConnect().ConnectAsync });
        Assert.Equal("ok", await client.GetStringAsync(server.Url, Stop));
        string closed;
        using (var gone = Saying("")) { closed = gone.Url; }
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(closed, Stop));
        Assert.Contains("ECONNREFUSED", refused.ToString(), StringComparison.Ordinal);
    }

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
