using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Firstbyte.Tests.Web.Browser;

/// <summary>The published page over the wire: from the command's own server, from nginx, and how quick it is.</summary>
public sealed class PageServingTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    private const string Chapter = "http://www.lab.glasscom.com/dir1/file1.html";

    // A median of steps: from the click until the next picture can be painted.
    private const string Measure = """
        async (button) => {
          const times = [];
          for (let i = 0; i < 15; i++) {
            const began = performance.now();
            button.click();
            document.body.getBoundingClientRect();
            times.push(performance.now() - began);
            await new Promise(requestAnimationFrame);
          }
          return times.sort((a, b) => a - b)[7];
        }
        """;

    // Ten seconds of frames of the animation: the 95th percentile of the time between two.
    private const string Intervals = """
        async () => {
          const times = [];
          let last = await new Promise(requestAnimationFrame);
          const end = performance.now() + 10000;
          while (performance.now() < end) { const now = await new Promise(requestAnimationFrame); times.push(now - last); last = now; }
          return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
        }
        """;

    [Fact]
    public async Task Nginx_serves_it_alike()
    {
        if (await PageServer.OfNginxAsync() is not { } server)
        {
            Assert.Skip("/usr/sbin/nginx is missing (Debian's package nginx-light)");
            return;
        }
        using (server)
        {
            await using var open = await fixture.OpenAsync(server: server.Address);
            await open.FetchAsync(Chapter);
            await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
        }
    }

    /// <summary>A page of another origin embeds it: the static folder as any host serves it, and as the command does.</summary>
    [Theory]
    [InlineData(true, 900, 640)]
    [InlineData(false, 900, 640)]
    [InlineData(false, 390, 640)]
    public async Task Another_page_can_embed_it(bool isNginx, int width, int height)
    {
        fixture.Require();
        using var server = isNginx ? await PageServer.OfNginxAsync() : await PageServer.OfCommandAsync();
        if (server is null)
        {
            Assert.Skip("/usr/sbin/nginx is missing (Debian's package nginx-light)");
            return;
        }
        var context = await fixture.Browser!.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = Math.Max(width + 60, 450), Height = 900 }, Locale = "en-GB" });
        await using var _ = context;
        var page = await context.NewPageAsync();
        // A page of another origin: another port is one, and a name would be another network to a browser, which asks its user first.
        using var docs = new LoopbackSite($"<!DOCTYPE html><title>docs</title><link rel=icon href='data:,'><p><a href='#a'>before</a></p>"
            + $"<iframe src='{server.Address}' title='The lab' width={width} height={height} style='border:0'></iframe><p><a href='#b'>behind</a></p>");
        var faults = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") { faults.Add(message.Text); } };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(server.Address, StringComparison.Ordinal) && !request.Url.StartsWith(docs.Address, StringComparison.Ordinal)
                && new Uri(request.Url).Scheme is not ("data" or "blob")) { faults.Add($"asked for {request.Url}"); }
        };
        await page.GotoAsync(docs.Address);
        var frame = page.FrameLocator("iframe");
        await frame.Locator("html[data-ready=yes]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached, Timeout = 60_000 });
        // It takes no focus that nobody gave it, and the keyboard goes into it and through it.
        Assert.Equal("BODY", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        await page.Locator("a").First.FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("IFRAME", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("url", await frame.Locator("body").EvaluateAsync<string>("() => document.activeElement.id"));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(frame.GetByRole(AriaRole.Region, new FrameLocatorGetByRoleOptions { Name = "Journey", Exact = true })).ToContainTextAsync("200 OK", new LocatorAssertionsToContainTextOptions { Timeout = 30_000 });
        // It has the frame's width, and scrolls in itself.
        Assert.True(await frame.Locator("body").EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth + 1 && innerWidth === " + width));
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(PageFixture.Pictures, $"embedded-{width}.png") });
        Assert.Equal([], faults);
    }

    /// <summary>The figures are those of docs/page.md, where the machine is named; a test's machine is busy, so its bounds are what nobody would bear.</summary>
    [Fact]
    public async Task The_commands_own_server_serves_it_in_brotli_and_it_is_quick()
    {
        RequirePage();
        using var server = await PageServer.OfCommandAsync();
        await using var open = await fixture.OpenAsync(server: server.Address);
        var told = new StringBuilder();
        var cold = await TimesAsync(open);
        var bytes = await open.Page.EvaluateAsync<double>("performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)");
        await open.Page.GotoAsync("about:blank");
        await open.ReadyAsync(server.Address);
        var warm = await TimesAsync(open);
        await open.FetchAsync(Chapter);
        var back = await MeasureAsync(open, "Back");
        var step = await MeasureAsync(open, "Step");
        await open.Page.Locator("input[type=range]").FillAsync("120");
        await open.Page.GetByLabel("Break it").FillAsync("cut core-glasscom");
        await open.Page.GetByLabel("Break it").DispatchEventAsync("change");
        var differently = await open.Page.GetByLabel("Break it").EvaluateAsync<double>(
            "(box) => { const began = performance.now(); box.form.requestSubmit(); document.body.getBoundingClientRect(); return performance.now() - began; }");
        await Assertions.Expect(open.Page.Locator("line.cable.cut[data-link=core-glasscom]")).ToHaveCountAsync(1);
        told.Append(CultureInfo.InvariantCulture, $"cold: painted {cold.Painted:0} ms, ready {cold.Ready:0} ms, {bytes / 1e6:0.00} MB over the wire\n");
        told.Append(CultureInfo.InvariantCulture, $"warm: painted {warm.Painted:0} ms, ready {warm.Ready:0} ms\n");
        told.Append(CultureInfo.InvariantCulture, $"back {back:0} ms, step {step:0} ms, going on differently {differently:0} ms\n");
        await KeepAsync("speed.txt", told.ToString());
        Assert.InRange(bytes, 1e6, 5e6);
        Assert.True(cold.Painted < 10_000 && warm.Painted < 10_000, told.ToString());
        Assert.True(cold.Ready < 40_000 && warm.Ready < 40_000, told.ToString());
        Assert.True(back < 500 && step < 500 && differently < 5_000, told.ToString());
    }

    [Fact]
    public async Task Two_hundred_frames_move_and_the_picture_does_not_stand()
    {
        RequirePage();
        var hosts = string.Concat(Enumerable.Range(1, 210).Select(static i => $"host h{i} on lan 10.0.0.{i}\nlink h{i}-lan latency {10 + i * 5}ms\n"));
        var lab = $"lab \"a crowd\" client h1\nsubnet lan 10.0.0.0/24 hub\n{hosts}";
        await using var open = await fixture.OpenAsync();
        await open.Page.Locator("textarea").FillAsync(lab);
        await open.Button("Build this lab").ClickAsync();
        await open.FetchAsync("http://10.0.0.211/");
        // The first event in which two hundred are on their way.
        var at = 3;
        for (; at < 12; at++)
        {
            await open.Page.Locator("input[type=range]").FillAsync(at.ToString(CultureInfo.InvariantCulture));
            if (await open.Page.Locator(".map .frame").CountAsync() >= 200) { break; }
        }
        Assert.True(at < 12);
        await open.Button("Play").ClickAsync();
        // The map is taller than any screen: all frames move, and those in its middle are seen.
        await open.Page.EvaluateAsync("document.querySelectorAll('.map .frame')[100].scrollIntoView({ block: 'center' })");
        var slowest = await open.Page.EvaluateAsync<double>(Intervals);
        Assert.True(await open.Page.Locator(".map .frame").CountAsync() > 150);
        await open.PictureAsync("crowd", whole: false);
        await KeepAsync("frames.txt", string.Create(CultureInfo.InvariantCulture, $"200 frames, 10 s: 95th percentile of frame intervals {slowest:0.0} ms\n"));
        Assert.True(slowest < 250, $"{slowest} ms");
    }

    private static void RequirePage()
    {
        if (File.Exists(Path.Combine(PageFixture.Folder, "index.html"))) { return; }
        Assert.Skip($"{PageFixture.Folder} has no page: dotnet publish src/Firstbyte.Web -c Release -o artifacts/ci/page");
    }

    private static async Task<(double Painted, double Ready)> TimesAsync(OpenPage open) =>
    (
        await open.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
        await open.Page.EvaluateAsync<double>("performance.getEntriesByName('firstbyte-ready')[0].startTime")
    );

    private static async Task<double> MeasureAsync(OpenPage open, string button) =>
        await open.Page.EvaluateAsync<double>(Measure, await open.Button(button).ElementHandleAsync());

    private static Task KeepAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(PageFixture.Pictures, name), text, TestContext.Current.CancellationToken);
}
