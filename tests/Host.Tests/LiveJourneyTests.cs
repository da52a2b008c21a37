using System.Net;
using System.Text;
using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Host;

/// <summary>Journeys over the real network that a page asks for, and their limits.</summary>
public sealed class LiveJourneyTests
{
    [Fact]
    public async Task Its_steps_are_told_in_the_form_of_json_lines()
    {
        using var target = RawServer.Of("Content-Type: text/html\r\n", "<b>here</b>"u8.ToArray());
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        var events = await host.JourneyAsync(client, target.Url);
        Assert.Contains(events, one => one is ConnectCompleted e && e.Remote.Port == target.Port);
        Assert.Contains(events, static one => one is ResponseHeadReceived { Status: 200 });
        Assert.Contains(events, static one => one is JourneyCompleted { Succeeded: true, BodyBytes: 11 });
        Assert.IsType<JourneyStarted>(events[0]);
    }

    [Fact]
    public async Task Its_content_is_bytes_that_no_browser_takes_for_a_document()
    {
        var body = Encoding.UTF8.GetBytes("<script>alert(1)</script>" + new string('x', 100_000));
        using var target = RawServer.Of("Content-Type: text/html\r\n", body);
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var made = await client.SendAsync(host.Ask(target.Url), TestContext.Current.CancellationToken);
        await made.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var id = made.Headers.GetValues("Firstbyte-Journey").Single();

        using var content = await client.GetAsync($"{host.Page}journeys/{id}/body", TestContext.Current.CancellationToken);
        Assert.Equal("application/octet-stream", content.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", content.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("default-src 'none'; sandbox", content.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal($"{body.Length}", content.Headers.GetValues("Firstbyte-Content-Length").Single());
        // Only so much is shown.
        Assert.Equal(body[..65_536], await content.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        using var archive = JsonDocument.Parse(await client.GetStringAsync($"{host.Page}journeys/{id}/har", TestContext.Current.CancellationToken));
        var entry = archive.RootElement.GetProperty("log").GetProperty("entries").EnumerateArray().Single();
        Assert.Equal(target.Url, entry.GetProperty("request").GetProperty("url").GetString());
        Assert.Equal(Encoding.UTF8.GetString(body), entry.GetProperty("response").GetProperty("content").GetProperty("text").GetString());

        using var other = await client.GetAsync($"{host.Page}journeys/AAAAAAAAAAAAAAAAAAAAAA/body", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Nothing_of_the_browsers_request_goes_along()
    {
        var heads = new List<string>();
        using var target = RawServer.Answering(new Queue<string>(["HTTP/1.1 204 No Content\r\n\r\n"]), heads);
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var request = host.Ask(target.Url);
        request.Headers.Add("X-Secret", "secret");
        Assert.Equal("Bearer", client.DefaultRequestHeaders.Authorization!.Scheme);
        request.Headers.TryAddWithoutValidation("User-Agent", "a browser");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        await (await client.SendAsync(request, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var names = heads.Single().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..].Select(static line => line.Split(':')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(["Accept", "Accept-Encoding", "Host", "User-Agent"], names);
        Assert.Contains("User-Agent: firstbyte/", heads[0], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", heads[0], StringComparison.Ordinal);
        Assert.DoesNotContain(host.Token, heads[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "GET", "Scheme")]
    [InlineData("ftp://127.0.0.1/", "GET", "Scheme")]
    [InlineData("mailto:a@b.example", "GET", "Scheme")]
    [InlineData("news:comp.lang", "GET", "Scheme")]
    [InlineData("data:,x", "GET", "Scheme")]
    [InlineData("http://127.0.0.1:1/", "POST", "Method")]
    [InlineData("http://127.0.0.1:1/", "DELETE", "Method")]
    [InlineData("http://127.0.0.1:1/", "CONNECT", "Method")]
    [InlineData("http://127.0.0.1:1/", "get", "Method")]
    public async Task Only_reading_over_http_is_done(string url, string method, string refusal)
    {
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var response = await client.SendAsync(host.Ask(url, method), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal($$"""{"refusal":"{{refusal}}"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/")]
    public async Task A_redirect_leads_to_no_other_scheme(string to)
    {
        using var target = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send($"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
        });
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        var events = await host.JourneyAsync(client, target.Url, redirects: true);
        Assert.Contains(events, static one => one is JourneyFailed { Failure: RedirectRefused { Fault: RedirectFault.OtherScheme } });
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused()
    {
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        foreach (var (body, status) in new (string, HttpStatusCode)[]
        {
            ("", HttpStatusCode.BadRequest), ("[]", HttpStatusCode.BadRequest), ("{}", HttpStatusCode.BadRequest), ("{\"url\":7}", HttpStatusCode.BadRequest), ("null", HttpStatusCode.BadRequest),
            ($$"""{"url":"http://127.0.0.1/{{new string('a', 9_000)}}"}""", HttpStatusCode.RequestEntityTooLarge),
            (new string(' ', 70_000) + "{}", HttpStatusCode.RequestEntityTooLarge),
        })
        {
            using var request = host.Ask("http://127.0.0.1:1/");
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, response.StatusCode);
        }
        // What is no URL goes nowhere, and the story says where it is wrong.
        Assert.Contains(await host.JourneyAsync(client, "http://exa mple/"), static one => one is JourneyFailed { ExitCode: ExitCodes.UrlMalformed });
    }

    [Fact]
    public async Task Content_has_a_limit_also_where_it_is_packed()
    {
        using var packed = new MemoryStream();
        await using (var brotli = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true)) { brotli.Write(new byte[4_000_000]); }
        using var target = RawServer.Of("Content-Encoding: gzip\r\n", packed.ToArray());
        await using var host = await RunningHost.StartAsync("--max-bytes", "100000");
        using var client = await host.OpenAsync();
        Assert.Contains(await host.JourneyAsync(client, target.Url), static one => one is JourneyFailed { ExitCode: ExitCodes.SizeExceeded });
    }

    [Fact]
    public async Task A_journey_has_a_limit_of_time()
    {
        using var target = new RawServer(static connection =>
        {
            connection.ReadHead();
            Thread.Sleep(10_000);
        });
        await using var host = await RunningHost.StartAsync("--max-time", "0.3");
        using var client = await host.OpenAsync();
        Assert.Contains(await host.JourneyAsync(client, target.Url), static one => one is JourneyFailed { Failure: OutOfTime });
    }

    [Fact]
    public async Task So_many_at_once_and_who_leaves_makes_room()
    {
        using var begun = new SemaphoreSlim(0);
        using var left = new SemaphoreSlim(0);
        using var target = new RawServer(connection =>
        {
            connection.ReadHead();
            begun.Release();
            try { connection.ReadHead(); }
            catch (IOException) { left.Release(); }
        });
        await using var host = await RunningHost.StartAsync("--max-journeys", "2");
        using var client = await host.OpenAsync();
        using var leaving = new CancellationTokenSource();
        HttpResponseMessage[] held =
        [
            await client.SendAsync(host.Ask(target.Url), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken),
            await client.SendAsync(host.Ask(target.Url), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken),
        ];
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        using (var busy = await client.SendAsync(host.Ask(target.Url), TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, busy.StatusCode);
            Assert.Equal("1", busy.Headers.GetValues("Retry-After").Single());
        }
        // The page goes away: the journey ends, and its connection with it.
        held[0].Dispose();
        Assert.True(await left.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        using var next = await client.SendAsync(host.Ask(target.Url), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        for (var tries = 0; next.StatusCode == HttpStatusCode.TooManyRequests && tries < 50; tries++) { await Task.Delay(100, TestContext.Current.CancellationToken); }
        held[1].Dispose();
    }

    /// <summary>Who ends a journey hears how its connections end, and how much had come.</summary>
    [Fact]
    public async Task A_journey_that_is_ended_tells_its_end()
    {
        using var left = new SemaphoreSlim(0);
        using var target = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it");
            try { connection.ReadHead(); }
            catch (IOException) { left.Release(); }
        });
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var made = await client.SendAsync(host.Ask(target.Url), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var name = made.Headers.GetValues("Firstbyte-Journey").Single();
        await using var stream = await made.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (line.Contains("http.response-head-received", StringComparison.Ordinal)) { break; }
        }
        // Another page's request ends nothing, nor does one without the token.
        using (var foreign = Delete("http://evil.example")) { Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(foreign, TestContext.Current.CancellationToken)).StatusCode); }
        using (var stranger = RunningHost.NewClient())
        using (var unknown = Delete(host.Page.TrimEnd('/'))) { Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(unknown, TestContext.Current.CancellationToken)).StatusCode); }
        using (var own = Delete(host.Page.TrimEnd('/'))) { Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(own, TestContext.Current.CancellationToken)).StatusCode); }
        Assert.True(await left.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line) { lines.Add(line); }
        using var told = new EventFileReader(EventRegistry.Default, new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));
        var events = new List<TraceEvent>();
        while (told.TryRead(out var one)) { events.Add(one); }
        // The trace is whole; the journey has no end of its own.
        Assert.Contains("trace.closed", lines[^1], StringComparison.Ordinal);
        Assert.Equal(EventFlaw.Cut, told.Fault.Flaw);
        Assert.Contains(events, static one => one is SocketClosed);
        Assert.True(events.OfType<BytesReceived>().Sum(static one => one.Count) > 40);

        HttpRequestMessage Delete(string origin) => new(HttpMethod.Delete, $"{host.Page}journeys/{name}") { Headers = { { "Origin", origin } } };
    }

    [Fact]
    public async Task Secrets_are_covered_in_events_and_archives()
    {
        using var target = RawServer.Of("Set-Cookie: session=hidden-cookie\r\n", "x"u8.ToArray());
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var made = await client.SendAsync(host.Ask(target.Url.Replace("http://", "http://user:hidden-word@", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        var lines = await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("journey.completed", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-", lines, StringComparison.Ordinal);
        var archive = await client.GetStringAsync($"{host.Page}journeys/{made.Headers.GetValues("Firstbyte-Journey").Single()}/har", TestContext.Current.CancellationToken);
        Assert.Contains("Set-Cookie", archive, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-", archive, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_told_what_holds()
    {
        await using var host = await RunningHost.StartAsync("--max-time", "5", "--max-bytes", "77", "--public-only");
        using var client = await host.OpenAsync();
        Assert.Equal("""{"version":1,"publicOnly":true,"seconds":5,"bytes":77}""", await client.GetStringAsync(host.Page + "live.json", TestContext.Current.CancellationToken));
    }
}
