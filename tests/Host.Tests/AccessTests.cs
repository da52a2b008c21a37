using System.Net;
using System.Text;

namespace Firstbyte.Tests.Host;

/// <summary>Who may ask the server of the page: the rules of docs/host.md, each by what happens without it.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData("", HttpStatusCode.Forbidden)]
    [InlineData("?token=", HttpStatusCode.Forbidden)]
    [InlineData("?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", HttpStatusCode.Forbidden)]
    [InlineData("page.css", HttpStatusCode.Forbidden)]
    [InlineData("live.json", HttpStatusCode.Forbidden)]
    [InlineData("journeys/x/har", HttpStatusCode.Forbidden)]
    public async Task Nothing_is_handed_out_without_the_token(string path, HttpStatusCode status)
    {
        await using var host = await RunningHost.StartAsync();
        using var client = RunningHost.NewClient(follows: false);
        using var response = await client.GetAsync(host.Page + path, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain("<title>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_said_once_and_a_cookie_goes_on_with_it()
    {
        await using var host = await RunningHost.StartAsync();
        using var client = RunningHost.NewClient(follows: false);
        using var first = await client.GetAsync(host.Opening, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        // The address that stays in the history has no token.
        Assert.Equal("/", first.Headers.Location!.OriginalString);
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith($"firstbyte-host-{new Uri(host.Page).Port}=", cookie, StringComparison.Ordinal);
        Assert.True(cookie.Split('=', ';')[1].Length >= 43, "less than 256 bits");

        using var page = await client.GetAsync(host.Page, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("data-live=\"live.json\"", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, host.Page) { Headers = { { "If-None-Match", page.Headers.ETag!.ToString() } } };
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
        using var packed = new HttpRequestMessage(HttpMethod.Get, host.Page) { Headers = { { "Accept-Encoding", "br" } } };
        Assert.Equal("br", (await client.SendAsync(packed, TestContext.Current.CancellationToken)).Content.Headers.ContentEncoding.Single());
        foreach (var path in (string[])["nothing", "../etc/passwd", "%2e%2e/etc/passwd"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(host.Page + path, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Fact]
    public async Task Two_starts_have_two_tokens()
    {
        await using var one = await RunningHost.StartAsync();
        await using var other = await RunningHost.StartAsync();
        using var client = RunningHost.NewClient(follows: false);
        using var response = await client.GetAsync(other.Page + one.Opening[one.Opening.IndexOf('?', StringComparison.Ordinal)..], TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    /// <summary>A page of another site whose name leads here (DNS rebinding) has that name in every request, and the browser's cookie for it or none.</summary>
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
        var cookie = await CookieAsync(host);
        using var client = RunningHost.NewClient(follows: false);
        var port = new Uri(host.Page).Port;
        foreach (var address in (string[])[host.Page, host.Opening])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Cookie", cookie } } };
            request.Headers.Host = $"{name}:{port}";
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(isServed, response.StatusCode is HttpStatusCode.OK or HttpStatusCode.SeeOther);
            Assert.True(isServed || !response.Headers.Contains("Set-Cookie"));
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

    private static async Task<string> CookieAsync(RunningHost host)
    {
        using var client = RunningHost.NewClient(follows: false);
        using var response = await client.GetAsync(host.Opening);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }
}
