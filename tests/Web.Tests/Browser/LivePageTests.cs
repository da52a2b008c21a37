using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Firstbyte.Tests.Web.Browser;

/// <summary>The page as <c>firstbyte-host</c> serves it, in a real Chromium: journeys over loopback.</summary>
public sealed class LivePageTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    [Fact]
    public async Task A_live_journey_appears_in_the_panels()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync();
        await GoAsync(open, target.Address + "start");
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("302 Found");
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
        // A row for each exchange, each with its parts.
        await Assertions.Expect(open.Region("Waterfall").Locator("li")).ToHaveCountAsync(2);
        await Assertions.Expect(open.Region("Waterfall")).ToContainTextAsync("connect:");
        await Assertions.Expect(open.Region("Waterfall")).ToContainTextAsync("wait:");
        await Assertions.Expect(open.Region("Waterfall").Locator("li").Last).ToContainTextAsync("text/html");
        await Assertions.Expect(open.Region("Sockets").Locator("tbody tr").First).ToContainTextAsync(new Uri(target.Address).Authority);
        await Assertions.Expect(open.Region("Relay")).ToContainTextAsync("No name was asked for.");
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("Content-Type: text/html");
        // What came is text, and never markup.
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("<script>window.hurt=1</script>");
        Assert.Equal("undefined", await open.Page.EvaluateAsync<string>("typeof window.hurt"));
        Assert.Equal(0, await open.Page.Locator("main img, main script").CountAsync());
        // Each exchange can be chosen: its request and its response.
        await open.Region("Waterfall").GetByRole(AriaRole.Button).Nth(0).ClickAsync();
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("302 Found");
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("GET /start HTTP/1.1");
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("User-Agent: firstbyte/");
        await open.Region("Waterfall").GetByRole(AriaRole.Button).Nth(1).ClickAsync();
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("200 OK");
        await open.PictureAsync("live");
        // What can be kept is what the server has told.
        var downloading = open.Page.WaitForDownloadAsync();
        await open.Button("Download as HAR").ClickAsync();
        var har = await (await downloading).PathAsync();
        using (var archive = JsonDocument.Parse(await File.ReadAllTextAsync(har)))
        {
            var entries = archive.RootElement.GetProperty("log").GetProperty("entries").EnumerateArray().Select(static one => one.GetProperty("response").GetProperty("status").GetInt32());
            Assert.Equal([302, 200], entries);
        }
        downloading = open.Page.WaitForDownloadAsync();
        await open.Button("Download the events (JSON lines)").ClickAsync();
        var lines = await File.ReadAllLinesAsync(await (await downloading).PathAsync());
        Assert.Contains("\"trace.opened\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"trace.closed\"", lines[^1], StringComparison.Ordinal);
        // And the archive shows it again.
        await open.Page.Locator("#har").SetInputFilesAsync(har);
        await Assertions.Expect(open.Region("Waterfall").GetByRole(AriaRole.Button)).ToHaveCountAsync(2);
        await open.Region("Waterfall").GetByRole(AriaRole.Button).Nth(1).ClickAsync();
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("<script>window.hurt=1</script>");
        await Assertions.Expect(open.Region("Sockets")).ToContainTextAsync("A HAR file does not say this.");
        await open.PictureAsync("live-har");
    }

    [Fact]
    public async Task Another_language_changes_everything_and_keeps_the_journey()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync();
        await GoAsync(open, target.Address);
        await open.Page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Language" }).SelectOptionAsync("zh");
        foreach (var name in (string[])["访问", "瀑布图", "接力查询", "套接字", "响应", "文件"]) { await Assertions.Expect(open.Region(name)).ToBeVisibleAsync(); }
        await Assertions.Expect(open.Region("访问")).ToContainTextAsync("200 OK");
        await Assertions.Expect(open.Region("瀑布图")).ToContainTextAsync("连接：");
        await open.PictureAsync("live-chinese");
    }

    [Fact]
    public async Task After_a_cancel_the_sockets_say_how_they_ended()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync();
        await EnterAsync(open, target.Address + "half");
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
        await open.Button("Cancel").ClickAsync();
        await Assertions.Expect(open.Page.GetByText("The journey was cancelled.")).ToBeVisibleAsync();
        var cells = open.Region("Sockets").Locator("tbody tr").First.Locator("td");
        await Assertions.Expect(cells.Nth(8)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^(closed|reset)$"));
        Assert.True(long.Parse(await cells.Nth(5).InnerTextAsync(), System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture) > 100);
        await Assertions.Expect(cells.Nth(7)).Not.ToBeEmptyAsync();
        await open.PictureAsync("live-cancelled");
    }

    /// <summary>The browser's decoders read what the page cannot.</summary>
    [Fact]
    public async Task Content_is_read_in_its_encoding()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync();
        await GoAsync(open, target.Address + "russian");
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("Привет");
        await GoAsync(open, target.Address + "guess");
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("naïve");
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("read as windows-1252");
    }

    [Fact]
    public async Task Credentials_are_not_shown()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync();
        await GoAsync(open, target.Address.Replace("http://", "http://me:hidden-word@", StringComparison.Ordinal));
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("********");
        Assert.DoesNotContain("hidden-word", await open.Page.Locator("main").Nth(0).InnerHTMLAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", await open.Page.ContentAsync(), StringComparison.Ordinal);
    }

    /// <summary>The token is this tab's: another port of the same address is another server, and is sent nothing of it.</summary>
    [Fact]
    public async Task Another_server_at_the_same_address_learns_nothing()
    {
        using var other = new LoopbackSite();
        await using var open = await OpenAsync();
        open.Forgive(other.Address);
        var token = await open.Page.EvaluateAsync<string>("sessionStorage.getItem('firstbyte-token')");
        Assert.True(token.Length >= 43);
        Assert.Equal("", await open.Page.EvaluateAsync<string>("document.cookie"));
        Assert.Empty(await open.Page.Context.CookiesAsync());
        // The same browser opens a page of the other server, which looks for what it can find.
        var tab = await open.Page.Context.NewPageAsync();
        await tab.GotoAsync(other.Address);
        Assert.Equal("0 ", await tab.EvaluateAsync<string>("sessionStorage.length + localStorage.length + ' ' + document.cookie"));
        await tab.CloseAsync();
        // And this tab goes there itself, by a link: neither is said where it came from.
        await open.Page.EvaluateAsync("address => { const link = document.body.appendChild(document.createElement('a')); link.href = address; link.click(); }", other.Address);
        await open.Page.WaitForURLAsync(other.Address, new PageWaitForURLOptions { WaitUntil = WaitUntilState.Commit });
        Assert.True(other.Heads.Count >= 2);
        foreach (var head in other.Heads)
        {
            Assert.DoesNotContain(token, head, StringComparison.Ordinal);
            // What its own page asks for it says itself.
            Assert.DoesNotContain($"Referer: {open.Home}", head, StringComparison.OrdinalIgnoreCase);
            foreach (var field in (string[])["Cookie:", "Authorization:"]) { Assert.DoesNotContain(field, head, StringComparison.OrdinalIgnoreCase); }
        }
        // Back in the tab, it is still there; in another tab it is not, which is said.
        await open.ReadyAsync(open.Home);
        await Assertions.Expect(open.Button("Real network")).ToBeVisibleAsync();
        var third = await open.Page.Context.NewPageAsync();
        await third.GotoAsync(open.Home);
        await Assertions.Expect(third.GetByText("by the address that firstbyte-host printed")).ToBeVisibleAsync();
        await Assertions.Expect(third.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Real network" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_reload_keeps_the_side_that_is_looked_at()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync();
        await open.Page.ReloadAsync();
        await Assertions.Expect(open.Button("Real network")).ToHaveAttributeAsync("aria-pressed", "true");
        await GoAsync(open, target.Address);
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("200 OK");
        await open.Button("Lab").ClickAsync();
        await open.Page.ReloadAsync();
        await Assertions.Expect(open.Button("Real network")).ToHaveAttributeAsync("aria-pressed", "false");
        await Assertions.Expect(open.Region("Map")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_journey_that_takes_long_can_be_cancelled()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync();
        await EnterAsync(open, target.Address + "never");
        await Assertions.Expect(open.Button("Cancel")).ToBeVisibleAsync();
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("connect(");
        await open.Button("Cancel").ClickAsync();
        await Assertions.Expect(open.Page.GetByText("The journey was cancelled.")).ToBeVisibleAsync();
        Assert.True(await target.Left.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), "the server still waits");
        // And another one can be made.
        await GoAsync(open, target.Address);
        await Assertions.Expect(open.Region("Response")).ToContainTextAsync("200 OK");
    }

    [Fact]
    public async Task What_goes_wrong_is_said_and_the_page_lives()
    {
        using var target = new LoopbackSite();
        await using var open = await OpenAsync("--public-only", "--max-journeys", "1");
        await EnterAsync(open, "ftp://127.0.0.1/");
        await Assertions.Expect(open.Page.GetByText("Journeys over the real network go to http and https alone.")).ToBeVisibleAsync();
        open.Forgive("status of 400");
        await GoAsync(open, target.Address);
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("EACCES");
        await Assertions.Expect(open.Page.GetByText("so it goes to public addresses alone")).ToBeVisibleAsync();
        Assert.Equal(0, target.Requests);
        // A file that is no archive.
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "{\"log\":{}}", TestContext.Current.CancellationToken);
            await open.Page.Locator("#har").SetInputFilesAsync(file);
            await Assertions.Expect(open.Page.GetByText("is no HTTP archive")).ToBeVisibleAsync();
            await File.WriteAllTextAsync(file, "{\"log\":{\"entries\":[]}}", TestContext.Current.CancellationToken);
            await open.Page.Locator("#har").SetInputFilesAsync(file);
            await Assertions.Expect(open.Page.GetByText("is an HTTP archive in which nothing is")).ToBeVisibleAsync();
        }
        finally { File.Delete(file); }
        // The lab is where it was.
        await open.Button("Lab").ClickAsync();
        await Assertions.Expect(open.Region("Map")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("live-phone", 390, 844, false)]
    [InlineData("live-dark", 1440, 1000, true)]
    [InlineData("live-light", 1440, 1000, false)]
    public async Task Nobody_is_shut_out(string name, int width, int height, bool dark)
    {
        fixture.Require();
        using var target = new LoopbackSite();
        using var host = await PageServer.OfHostAsync();
        await using var open = await fixture.OpenAsync(width: width, height: height, dark: dark, server: host.Address, opening: host.Opening);
        await open.Button("Real network").ClickAsync();
        await GoAsync(open, target.Address + "start");
        await open.PictureAsync(name);
        var found = await open.Page.RunAxe();
        var serious = found.Violations.Where(static one => one.Impact is "serious" or "critical")
            .Select(static one => $"{one.Id}: {one.Help}: {string.Join(" | ", one.Nodes.Take(3).Select(static node => node.Html[..Math.Min(160, node.Html.Length)]))}");
        Assert.Equal([], serious);
        Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth + 1"));
    }

    private async Task<OpenPage> OpenAsync(params string[] options)
    {
        fixture.Require();
        var host = await PageServer.OfHostAsync(options);
        var open = await fixture.OpenAsync(server: host.Address, opening: host.Opening);
        open.Owns(host);
        // The address that is left in the browser has no token.
        Assert.DoesNotContain("token", open.Page.Url, StringComparison.Ordinal);
        await open.Button("Real network").ClickAsync();
        return open;
    }

    private static async Task EnterAsync(OpenPage open, string url)
    {
        var box = open.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "URL", Exact = true });
        await box.FillAsync(url);
        await box.PressAsync("Enter");
    }

    private static async Task GoAsync(OpenPage open, string url)
    {
        await EnterAsync(open, url);
        await open.Page.Locator(".live-state[data-state=ended]:not([data-events='0'])").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached, Timeout = 30_000 });
    }
}

/// <summary>A site on loopback: a page, a redirect to it, and one that never comes.</summary>
internal sealed class LoopbackSite : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _page;
    private int _requests;

    /// <summary>A site.</summary>
    /// <param name="page">Its page; null for one that would do harm if it were taken for markup.</param>
    public LoopbackSite(string? page = null)
    {
        _page = page ?? "<!DOCTYPE html>\n<title>你好</title>\n<script>window.hurt=1</script><img src=x onerror=window.hurt=2>\n";
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}/";

    /// <summary>Is released when a client leaves that waits.</summary>
    public SemaphoreSlim Left { get; } = new(0);

    /// <summary>The heads of requests that came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>Requests that came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try { client = await _listener.AcceptTcpClientAsync(); }
            catch (Exception e) when (e is SocketException or ObjectDisposedException) { return; }
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            while (await reader.ReadLineAsync() is { Length: > 0 } first)
            {
                var fields = new StringBuilder(first);
                while (await reader.ReadLineAsync() is { Length: > 0 } field) { fields.Append('\n').Append(field); }
                Heads.Enqueue(fields.ToString());
                Interlocked.Increment(ref _requests);
                var path = first.Split(' ')[1];
                if (path is "/russian" or "/guess")
                {
                    byte[] text = path == "/russian" ? [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2] : [0x6E, 0x61, 0xEF, 0x76, 0x65];
                    var type = path == "/russian" ? "text/plain; charset=windows-1251" : "text/plain";
                    await client.GetStream().WriteAsync((byte[])[.. Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {text.Length}\r\n\r\n"), .. text]);
                    continue;
                }
                if (path == "/half") { await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{new string('x', 500)}")); }
                if (path is "/never" or "/half")
                {
                    // Whether it ends the connection or breaks it off, it has left.
                    try { await reader.ReadLineAsync(); }
                    catch (IOException) { Left.Release(); return; }
                    Left.Release();
                    return;
                }
                var body = Encoding.UTF8.GetBytes(path == "/start" ? "" : _page);
                var head = path == "/start" ? "HTTP/1.1 302 Found\r\nLocation: /\r\n" : "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nX-Note: <b>not bold</b>\r\n";
                // So that a waterfall has something to show.
                await Task.Delay(30);
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"{head}Content-Length: {body.Length}\r\n\r\n"));
                await Task.Delay(20);
                await client.GetStream().WriteAsync(body);
            }
        }
    }
}
