using System.Globalization;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Firstbyte.Tests.Web.Browser;

/// <summary>The page in a real Chromium.</summary>
public sealed class PageTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    private const string Chapter = "http://www.lab.glasscom.com/dir1/file1.html";

    [Fact]
    public async Task The_chapters_url_shows_what_the_command_says_event_by_event()
    {
        await using var open = await fixture.OpenAsync();
        var page = open.Page;
        await open.FetchAsync(Chapter);
        foreach (var name in (string[])["Map", "Journey", "Relay", "Events", "Packet", "State", "Ladder", "Calls"]) { await Assertions.Expect(open.Region(name)).ToBeVisibleAsync(); }
        foreach (var name in (string[])["Play", "Step", "Back"]) { await Assertions.Expect(open.Button(name)).ToBeVisibleAsync(); }
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
        await Assertions.Expect(open.Region("Relay")).ToContainTextAsync("lab.glasscom.com");
        var downloading = page.WaitForDownloadAsync();
        await open.Button("Download the events (JSON lines)").ClickAsync();
        var lines = (await File.ReadAllTextAsync(await (await downloading).PathAsync())).Split('\n');
        Assert.Equal(CommandLine.Events("--lab", Chapter), lines);
        await open.PictureAsync("desktop");
    }

    [Fact]
    public async Task Step_and_back_show_the_same_state()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}&at=100");
        var before = await StateAsync(open);
        await open.Button("Step").ClickAsync();
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-position", "101");
        var after = await StateAsync(open);
        Assert.NotEqual(before, after);
        await open.Button("Back").ClickAsync();
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-position", "100");
        Assert.Equal(before, await StateAsync(open));
        await open.Button("Step").ClickAsync();
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-position", "101");
        Assert.Equal(after, await StateAsync(open));
        await open.PictureAsync("step", whole: false);
    }

    [Fact]
    public async Task A_broken_link_is_named_by_the_story()
    {
        await using var open = await fixture.OpenAsync();
        await open.Page.GetByLabel("Break it").FillAsync("cut core-glasscom");
        await open.Page.GetByLabel("Break it").PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator("line.cable.cut[data-link=core-glasscom]")).ToHaveCountAsync(1);
        await open.FetchAsync(Chapter);
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("could not be resolved");
        await open.Region("Events").GetByRole(AriaRole.Searchbox).FillAsync("core-glasscom");
        await Assertions.Expect(open.Region("Events").Locator("tr[data-event='1']")).ToContainTextAsync("core-glasscom");
        await open.PictureAsync("broken");
    }

    [Fact]
    public async Task Another_language_changes_everything_and_keeps_the_position()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}&at=150");
        await open.Page.GetByLabel("Language").SelectOptionAsync("zh");
        foreach (var name in (string[])["地图", "访问", "接力查询", "事件", "包", "状态", "时序图", "调用"]) { await Assertions.Expect(open.Region(name)).ToBeVisibleAsync(); }
        foreach (var name in (string[])["播放", "下一步", "后退"]) { await Assertions.Expect(open.Button(name)).ToBeVisibleAsync(); }
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-position", "150");
        Assert.Equal("zh-Hans", await open.Page.Locator("html").GetAttributeAsync("lang"));
        await open.PictureAsync("chinese");
    }

    [Theory]
    [InlineData("phone", 390, 844, false)]
    [InlineData("dark", 1440, 1000, true)]
    [InlineData("light", 1440, 1000, false)]
    public async Task Nobody_is_shut_out(string name, int width, int height, bool dark)
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}&at=140", width, height, dark);
        await open.PictureAsync(name);
        var found = await open.Page.RunAxe();
        var serious = found.Violations.Where(static one => one.Impact is "serious" or "critical")
            .Select(static one => $"{one.Id}: {one.Help}: {string.Join(" | ", one.Nodes.Take(3).Select(static node => node.Html[..Math.Min(160, node.Html.Length)]))}");
        Assert.Equal([], serious);
        // Nothing but what scrolls in itself is wider than the page.
        Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth + 1"));
    }

    [Fact]
    public async Task A_lab_that_is_wrong_is_an_error_in_its_place_and_the_page_lives()
    {
        await using var open = await fixture.OpenAsync();
        await open.Page.GetByLabel("Lab file").FillAsync("lab \"<b>x</b>\"\nsubnet lan 10.0.0.0/99 hub\n");
        await open.Button("Build this lab").ClickAsync();
        await Assertions.Expect(open.Page.Locator("#text-fault")).ToContainTextAsync("2:");
        await open.FetchAsync(Chapter);
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
    }

    [Fact]
    public async Task The_page_is_quick_enough()
    {
        await using var open = await fixture.OpenAsync();
        await open.FetchAsync(Chapter);
        var back = await MeasureAsync(open, "Back");
        var painted = await open.Page.EvaluateAsync<double>("performance.getEntriesByName('firstbyte-ready')[0].startTime");
        await File.WriteAllTextAsync(Path.Combine(PageFixture.Pictures, "speed.txt"), string.Create(CultureInfo.InvariantCulture, $"ready {painted:0} ms, back {back:0} ms\n"), TestContext.Current.CancellationToken);
        // The machine of a test is busy: figures are kept, and only what nobody would bear fails.
        Assert.True(back < 1_000, $"{back} ms");
    }

    private static async Task<double> MeasureAsync(OpenPage open, string button)
    {
        var name = await open.Button(button).ElementHandleAsync();
        return await open.Page.EvaluateAsync<double>(
            "async (button) => { const times = []; for (let i = 0; i < 9; i++) { const began = performance.now(); button.click(); await new Promise(requestAnimationFrame); times.push(performance.now() - began); } return times.sort((a, b) => a - b)[4]; }",
            name);
    }

    private static async Task<string> StateAsync(OpenPage open)
    {
        var text = "";
        foreach (var region in (string[])["Journey", "Relay", "Events", "Packet", "State", "Ladder", "Calls"]) { text += await open.Region(region).InnerTextAsync() + "\n"; }
        return text + await open.Region("Map").Locator("[data-flight]").CountAsync();
    }
}
