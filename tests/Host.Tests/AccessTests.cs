using System.Net;
using System.Text;

namespace Firstbyte.Tests.Host;

/// <summary>Who may ask the server of the page: the rules of docs/host.md, each by what happens without it.</summary>
public sealed class AccessTests
{
    /// <summary>Neither what is wrong, nor what is right at a place where it might go along unasked: in the address, or in a cookie.</summary>
    [Theory]
    [InlineData("live.json", null)]
    [InlineData("live.json", "Bearer")]
    [InlineData("live.json", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("live.json", "Basic {token}")]
    [InlineData("live.json", "{token}")]
    [InlineData("live.json?token={token}", null)]
    [InlineData("journeys/x/har", null)]
    [InlineData("journeys/x/body", "Bearer")]
    [InlineData("journeys", null)]
    public async Task Nothing_is_done_without_the_token(string path, string? authorization)
    {
        await using var host = await RunningHost.StartAsync();
        using var client = RunningHost.NewClient(follows: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, host.Page + path.Replace("{token}", host.Token, StringComparison.Ordinal));
        request.Headers.Add("Cookie", $"firstbyte-host-{new Uri(host.Page).Port}={host.Token}; token={host.Token}");
        if (authorization is not null) { request.Headers.TryAddWithoutValidation("Authorization", authorization.Replace("{token}", host.Token, StringComparison.Ordinal)); }
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("""{"refusal":"NoToken"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_files_are_for_everybody_who_can_connect_and_hold_nothing_of_the_token()
    {
        await using var host = await RunningHost.StartAsync();
        Assert.True(host.Token.Length >= 43, "less than 256 bits");
        Assert.StartsWith(host.Page + "#token=", host.Opening, StringComparison.Ordinal);
        using var client = RunningHost.NewClient(follows: false);
        using var page = await client.GetAsync(host.Page, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("data-live=\"live.json\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Token, html + page.Headers, StringComparison.Ordinal);
        Assert.False(page.Headers.Contains("Set-Cookie"));
        Assert.StartsWith("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        // A page in which this one stands could have it clicked unseen.
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, host.Page) { Headers = { { "If-None-Match", page.Headers.ETag!.ToString() } } };
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
        using var packed = new HttpRequestMessage(HttpMethod.Get, host.Page) { Headers = { { "Accept-Encoding", "br" } } };
        Assert.Equal("br", (await client.SendAsync(packed, TestContext.Current.CancellationToken)).Content.Headers.ContentEncoding.Single());
        foreach (var path in (string[])["nothing", "../etc/passwd", "%2e%2e/etc/passwd"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(host.Page + path, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    /// <summary>Cookies know no ports (RFC 6265 8.5): whoever keeps what this server gives sends it to every other one at the same address.</summary>
    [Fact]
    public async Task Another_server_at_the_same_address_is_sent_nothing()
    {
        var heads = new List<string>();
        using var other = RawServer.Answering(new Queue<string>(["HTTP/1.1 204 No Content\r\n\r\n"]), heads);
        await using var host = await RunningHost.StartAsync();
        using var client = RunningHost.NewClient();
        foreach (var path in (string[])["", "page.css", "live.json", "journeys/x/har"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, host.Page + path) { Headers = { { "Authorization", $"Bearer {host.Token}" } } };
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        }
        using (var opened = await client.GetAsync(host.Opening, TestContext.Current.CancellationToken)) { Assert.Equal(HttpStatusCode.OK, opened.StatusCode); }
        using var elsewhere = await client.GetAsync(other.Url, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Cookie:", heads.Single(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(host.Token, heads.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_starts_have_two_tokens()
    {
        await using var one = await RunningHost.StartAsync();
        await using var other = await RunningHost.StartAsync();
        Assert.NotEqual(one.Token, other.Token);
        using var client = await one.OpenAsync();
        using var response = await client.GetAsync(other.Page + "live.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>A page of another site whose name leads here (DNS rebinding) has that name in every request.</summary>
    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("lab.office", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("[::1]", true)]
    public async Task A_name_that_the_server_was_not_told_is_refused_whoever_asks(string name, bool isServed)
    {
        await using var host = await RunningHost.StartAsync("--name", "lab.office");
        using var client = RunningHost.NewClient(follows: false);
        var port = new Uri(host.Page).Port;
        foreach (var path in (string[])["", "page.css", "live.json"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, host.Page + path) { Headers = { { "Authorization", $"Bearer {host.Token}" } } };
            request.Headers.Host = $"{name}:{port}";
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(isServed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("https://{own}")]
    public async Task Another_pages_request_makes_no_journey(string? origin)
    {
        using var target = RawServer.Of("", "seen"u8.ToArray());
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var request = host.Ask(target.Url);
        request.Headers.Remove("Origin");
        if (origin is not null) { request.Headers.TryAddWithoutValidation("Origin", origin.Replace("{own}", new Uri(host.Page).Authority, StringComparison.Ordinal)); }
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("""{"refusal":"WrongOrigin"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task What_a_form_can_send_is_not_read(string type)
    {
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var request = host.Ask("http://127.0.0.1:1/");
        request.Content = new StringContent("""{"url":"http://127.0.0.1:1/"}""", Encoding.UTF8, type);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Methods_are_those_of_the_resource()
    {
        await using var host = await RunningHost.StartAsync();
        using var client = await host.OpenAsync();
        using var reading = await client.GetAsync(host.Page + "journeys", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, reading.StatusCode);
        using var writing = new HttpRequestMessage(HttpMethod.Put, host.Page + "page.css") { Headers = { { "Origin", host.Page.TrimEnd('/') } } };
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.SendAsync(writing, TestContext.Current.CancellationToken)).StatusCode);
    }
}
