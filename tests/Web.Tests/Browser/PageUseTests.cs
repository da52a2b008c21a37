using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Firstbyte.Tests.Web.Browser;

/// <summary>The page in the hands of somebody who is quick, breaks things, and looks where the trouble is.</summary>
public sealed class PageUseTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    private const string Chapter = "http://www.lab.glasscom.com/dir1/file1.html";

    /// <summary>Who is quick begins one journey and is told so; nothing is thrown, and the journey comes to its end.</summary>
    [Fact]
    public async Task Go_three_times_is_one_journey()
    {
        await using var open = await fixture.OpenAsync();
        var url = open.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "URL", Exact = true });
        await url.FillAsync(Chapter);
        for (var i = 0; i < 3; i++)
        {
            await url.PressAsync("Enter");
            await open.Page.WaitForTimeoutAsync(60);
        }
        await open.RestAsync();
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
        await open.Button("Go").ClickAsync(new LocatorClickOptions { ClickCount = 3 });
        await open.RestAsync();
        // Anything, in any order, as fast as it can be clicked.
        foreach (var name in (string[])["Go", "Step", "Go", "Back", "Back", "Go", "Stop", "Go", "Step", "Play", "Go", "Back", "Stop", "Play", "Step", "Go", "Stop", "Go"])
        {
            await open.Button(name).EvaluateAsync("button => button.click()").ContinueWith(static _ => { }, TaskScheduler.Default);
        }
        await open.RestAsync();
        await open.FetchAsync(Chapter);
        await open.SettleAsync();
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
    }

    [Fact]
    public async Task Go_while_a_journey_runs_says_that_it_does()
    {
        await using var open = await fixture.OpenAsync("#lab=lossy-link");
        await open.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "URL", Exact = true }).FillAsync("http://lossy.test/");
        await open.Button("Go").ClickAsync();
        await open.Button("Go").ClickAsync();
        await Assertions.Expect(open.Page.Locator(".notice[role=alert]").Last).ToContainTextAsync("A journey is on its way");
        await open.Button("Stop").ClickAsync();
        await open.RestAsync();
        await Assertions.Expect(open.Page.Locator(".notice[role=alert]").Last).ToBeEmptyAsync();
    }

    /// <summary>What is kept of a run grows with each journey; what is drawn and done in a frame does not, also where every panel stands on the screen.</summary>
    [Fact]
    public async Task A_second_large_page_takes_no_longer_than_the_first()
    {
        await using var open = await fixture.OpenAsync("#lab=lossy-link", height: 4000);
        await open.Page.EvaluateAsync("window.blocked = []; new PerformanceObserver(list => { for (const one of list.getEntries()) blocked.push(one.duration); }).observe({ type: 'longtask' })");
        var told = new StringBuilder();
        var (times, most) = (new List<double>(), 0);
        for (var i = 0; i < 3; i++)
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            await open.FetchAsync(i == 0 ? "http://lossy.test/" : "http://clean.test/", 120_000);
            await open.SettleAsync();
            times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds);
            var nodes = await open.Region("Calls").Locator("*").CountAsync();
            most = Math.Max(most, nodes);
            var blocked = await open.Page.EvaluateAsync<double[]>("[blocked.length, Math.max(0, ...blocked), blocked.splice(0).reduce((sum, one) => sum + one, 0)]");
            told.Append(CultureInfo.InvariantCulture, $"journey {i + 1}: {times[i]:0.0} s, {await open.Position.GetAttributeAsync("data-count")} events, {nodes} nodes in Calls, ")
                .Append(CultureInfo.InvariantCulture, $"{blocked[0]:0} long tasks, longest {blocked[1]:0} ms, all {blocked[2] / 1000:0.0} s\n");
        }
        await File.WriteAllTextAsync(Path.Combine(PageFixture.Pictures, "large.txt"), told.ToString());
        Assert.True(most <= 1_500, told.ToString());
        // The third goes to the same page as the second.
        Assert.True(times[2] < times[1] * 1.5 + 1, told.ToString());
    }

    /// <summary>What an element itself drops is seen to drop there, and why: on the map, in the list, on the ladder.</summary>
    [Fact]
    public async Task What_a_router_drops_is_a_cross_with_its_reason()
    {
        await using var open = await fixture.OpenAsync("#lab=glasscom&do=0.break.down%20www&do=1.fetch." + Uri.EscapeDataString(Chapter));
        var (events, map, ladder) = (open.Region("Events"), open.Region("Map"), open.Region("Ladder"));
        await events.GetByRole(AriaRole.Searchbox).FillAsync("dropped");
        var row = events.Locator("tbody tr.lost", new LocatorLocatorOptions { HasText = "nobody on the link answers" }).First;
        await row.ClickAsync();
        await Assertions.Expect(map.Locator("[data-dropped=core] title")).ToContainTextAsync("nobody on the link answers");
        await Assertions.Expect(map.Locator(".told")).ToContainTextAsync("core: dropped: nobody on the link answers");
        await open.PictureAsync("dropped-map", whole: false);
        await open.SettleAsync();
        // The reason stands in front, with a sign, and in whole where the mouse points.
        await Assertions.Expect(row.Locator(".info")).ToContainTextAsync("×");
        Assert.Contains("nobody on the link answers", await row.Locator(".info").GetAttributeAsync("title"), StringComparison.Ordinal);
        await Assertions.Expect(ladder.Locator(".arrow.lost .reason").Last).ToContainTextAsync("core: dropped: nobody");
        // The router says so to the client: an error is no answer like others.
        await open.Page.Locator("input[type=range]").FillAsync((await open.Position.GetAttributeAsync("data-count"))!);
        await open.SettleAsync();
        await Assertions.Expect(ladder.Locator(".arrow.failed.p-icmp").First).ToContainTextAsync("ICMP");
        await ladder.ScrollIntoViewIfNeededAsync();
        await open.PictureAsync("dropped-ladder", whole: false);
    }

    /// <summary>The reason of a loss is read without a mouse, and on a phone, too.</summary>
    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task A_loss_begins_with_its_reason(int width)
    {
        await using var open = await fixture.OpenAsync("#lab=lossy-link&do=0.fetch." + Uri.EscapeDataString("http://lossy.test/"), width: width);
        var events = open.Region("Events");
        await events.GetByRole(AriaRole.Searchbox).FillAsync("lost on");
        var row = events.Locator("tbody tr.lost").First;
        await Assertions.Expect(row.Locator(".info")).ToContainTextAsync("lost on lossy-internet");
        Assert.True(await row.Locator(".reason").EvaluateAsync<bool>("one => one.getBoundingClientRect().right <= one.closest('td').getBoundingClientRect().right + 1"));
        await events.ScrollIntoViewIfNeededAsync();
        await open.PictureAsync($"loss-{width}", whole: false);
        await events.GetByRole(AriaRole.Searchbox).FillAsync("no such thing");
        await Assertions.Expect(events).ToContainTextAsync("No event matches.");
    }

    /// <summary>A name server that fails and one that refers to another have not the same sign.</summary>
    [Fact]
    public async Task A_failure_is_no_referral()
    {
        await using var open = await fixture.OpenAsync("#lab=broken-delegation&do=0.fetch." + Uri.EscapeDataString("http://www.lame.test/"));
        var ladder = open.Region("Ladder");
        await Assertions.Expect(ladder.Locator(".arrow.failed.p-dns").First).ToContainTextAsync("✗");
        await Assertions.Expect(ladder).ToContainTextAsync("→");
        await ladder.ScrollIntoViewIfNeededAsync();
        await open.PictureAsync("failed-ladder", whole: false);
    }

    /// <summary>The panels go along with the position, each in itself; who has scrolled one is left where they are.</summary>
    [Fact]
    public async Task Panels_follow_the_position_until_somebody_scrolls_them()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}&at=10", height: 3600);
        foreach (var region in (string[])["Journey", "Calls", "Ladder"])
        {
            var box = open.Region(region).Locator(".follows");
            var number = await NumberOfLastAsync(open, region);
            await open.Page.EvaluateAsync("scrollTo(0, 0)");
            await open.Page.Locator("input[type=range]").FillAsync("10");
            await open.Page.Locator("input[type=range]").FillAsync(number);
            await open.SettleAsync();
            await IsInAsync(box);
            Assert.Equal(0, await open.Page.EvaluateAsync<double>("scrollY"));
            // Somebody looks elsewhere.
            await open.Page.Locator("input[type=range]").FillAsync("20");
            await open.SettleAsync();
            await box.HoverAsync();
            await open.Page.Mouse.WheelAsync(0, 1);
            await Assertions.Expect(box).ToHaveAttributeAsync("data-held", "yes");
            await open.Page.WaitForTimeoutAsync(100);
            var top = await box.EvaluateAsync<double>("box => box.scrollTop");
            await open.Page.Locator("input[type=range]").FillAsync(number);
            await open.SettleAsync();
            Assert.Equal(top, await box.EvaluateAsync<double>("box => box.scrollTop"), 2.0);
        }

        static async Task IsInAsync(ILocator box)
        {
            await box.Page.WaitForTimeoutAsync(100);
            Assert.True(await box.EvaluateAsync<bool>("""
                box => { const [a, b] = [box.getBoundingClientRect(), [...box.querySelectorAll('.now')].at(-1).getBoundingClientRect()]; return b.top >= a.top - 1 && b.bottom <= a.bottom + 1; }
                """));
        }

        static async Task<string> NumberOfLastAsync(OpenPage open, string region)
        {
            await open.Page.Locator("input[type=range]").FillAsync((await open.Position.GetAttributeAsync("data-count"))!);
            await open.SettleAsync();
            return (await open.Region(region).Locator(".follows [data-event]").Last.GetAttributeAsync("data-event"))!;
        }
    }

    /// <summary>The steps that are recorded behind the position can be gone to; the beginning of a run is not the time before any.</summary>
    [Fact]
    public async Task A_coming_step_can_be_gone_to()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}&at=60");
        var coming = open.Region("Journey").Locator(".coming button");
        Assert.True(await coming.CountAsync() >= 3);
        await open.PictureAsync("coming", whole: false);
        var number = await coming.Last.Locator("xpath=..").GetAttributeAsync("data-event");
        await coming.Last.ClickAsync();
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-position", number!);
        await open.Page.Locator("input[type=range]").FillAsync("0");
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("This is the beginning of the run");
        await Assertions.Expect(open.Region("Journey")).Not.ToContainTextAsync("Enter a URL above");
        await Assertions.Expect(open.Region("Events")).ToContainTextAsync("This is the beginning of the run");
    }

    [Fact]
    public async Task Play_goes_on_with_what_was_stopped()
    {
        await using var open = await fixture.OpenAsync("#lab=lossy-link");
        await open.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "URL", Exact = true }).FillAsync("http://lossy.test/");
        await open.Button("Go").ClickAsync();
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-running", "yes");
        await open.Page.WaitForTimeoutAsync(400);
        await open.Button("Stop").ClickAsync();
        await open.RestAsync();
        var stopped = int.Parse((await open.Position.GetAttributeAsync("data-count"))!, CultureInfo.InvariantCulture);
        await open.Button("Play").ClickAsync();
        await open.RestAsync(60_000);
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
        await Assertions.Expect(open.Region("Journey")).Not.ToContainTextAsync("stopped");
        Assert.True(int.Parse((await open.Position.GetAttributeAsync("data-count"))!, CultureInfo.InvariantCulture) > stopped);
    }

    /// <summary>The map is one stop of the keyboard; what opens has the focus, and gives it back.</summary>
    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task The_map_is_gone_through_by_arrows(int width)
    {
        await using var open = await fixture.OpenAsync(width: width);
        Assert.Equal(1, await open.Region("Map").Locator("svg [tabindex='0']").CountAsync());
        await open.Region("Map").Locator("svg [tabindex='0']").FocusAsync();
        var names = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            names.Add(await open.Page.EvaluateAsync<string>("document.activeElement.dataset.name"));
            await open.Page.Keyboard.PressAsync("ArrowRight");
        }
        Assert.Equal("client", names[0]);
        Assert.Equal(names.Count, names.Distinct().Count());
        await open.Page.Keyboard.PressAsync("w");
        var chosen = await open.Page.EvaluateAsync<string>("document.activeElement.dataset.name");
        Assert.StartsWith("w", chosen, StringComparison.Ordinal);
        await open.Page.Keyboard.PressAsync("Enter");
        var choice = open.Region("Map").Locator(".choice");
        await Assertions.Expect(choice.Locator("button").First).ToBeFocusedAsync();
        Assert.True(await choice.EvaluateAsync<bool>("one => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"));
        await open.PictureAsync($"map-choice-{width}", whole: false);
        await open.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(choice).ToHaveCountAsync(0);
        Assert.Equal(chosen, await open.Page.EvaluateAsync<string>("document.activeElement.dataset.name"));
        // What has no tables and no switch is no button.
        Assert.Equal(0, await open.Region("Map").Locator(".node.hub[role=button], .node.switch[role=button]").CountAsync());
    }

    [Fact]
    public async Task On_a_phone_the_map_shows_the_hop_and_a_packet_all_its_bits()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}&at=140", width: 390, height: 844);
        await open.Region("Map").ScrollIntoViewIfNeededAsync();
        await open.Page.WaitForTimeoutAsync(300);
        Assert.True(await open.Region("Map").Locator(".node.now").EvaluateAsync<bool>("one => { const box = one.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; }"));
        await open.PictureAsync("phone-map", whole: false);
        var ruler = open.Region("Packet").Locator(".ruler").First;
        await ruler.ScrollIntoViewIfNeededAsync();
        Assert.True(await ruler.EvaluateAsync<bool>("one => one.lastElementChild.getBoundingClientRect().right <= innerWidth"));
        await open.PictureAsync("phone-packet", whole: false);
        await open.Region("State").ScrollIntoViewIfNeededAsync();
        Assert.True(await open.Region("State").Locator(".tables").EvaluateAsync<bool>("one => one.scrollWidth <= one.clientWidth + 1"));
        await open.PictureAsync("phone-state", whole: false);
    }

    /// <summary>A field's bytes are seen where they are among the others.</summary>
    [Fact]
    public async Task The_bytes_of_a_field_are_scrolled_to()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString("https://www.lab.glasscom.com/")}&at=100", height: 700);
        var packet = open.Region("Packet");
        await packet.Locator(".layers").EvaluateAsync("one => one.scrollTop = one.scrollHeight");
        await packet.Locator(".dump").EvaluateAsync("one => one.style.maxHeight = '3rem'");
        await packet.Locator(".bits button").Last.ClickAsync();
        await open.Page.WaitForTimeoutAsync(100);
        Assert.True(await packet.Locator(".dump").EvaluateAsync<bool>("""
            box => { const [a, b] = [box.getBoundingClientRect(), box.querySelector('.picked').getBoundingClientRect()]; return b.top >= a.top - 1 && b.bottom <= a.bottom + 1; }
            """));
        await open.PictureAsync("packet-bytes", whole: false);
    }

    /// <summary>Who loads the page anew is where they were; a password is not written into the address.</summary>
    [Fact]
    public async Task The_address_says_where_one_is()
    {
        await using var open = await fixture.OpenAsync();
        await open.FetchAsync(Chapter);
        await open.Page.Locator("input[type=range]").FillAsync("90");
        await open.Page.WaitForFunctionAsync("location.hash.includes('at=90')");
        await open.Page.ReloadAsync();
        await open.Page.Locator("html[data-ready=yes]").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached, Timeout = 60_000 });
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-position", "90");
        await open.FetchAsync("http://user:hunter22@www.lab.glasscom.com/staff/");
        await open.Page.WaitForFunctionAsync("location.hash === ''");
    }

    /// <summary>What comes and goes does not move what stands below it, and what moves by itself does not talk all the time.</summary>
    [Fact]
    public async Task The_page_stands_still_and_plays_in_silence()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}");
        var top = await open.Region("Map").EvaluateAsync<double>("one => one.getBoundingClientRect().top");
        await open.Page.Locator("input[type=range]").FillAsync("100");
        await Assertions.Expect(open.Page.Locator(".past")).ToContainTextAsync("Play and Step show what is recorded");
        Assert.Equal(top, await open.Region("Map").EvaluateAsync<double>("one => one.getBoundingClientRect().top"));
        await Assertions.Expect(open.Page.Locator("#where")).ToHaveTextAsync("100 of " + await open.Position.GetAttributeAsync("data-count"));
        await open.Button("Play").ClickAsync();
        await Assertions.Expect(open.Page.Locator("#where")).ToHaveTextAsync("");
        await Assertions.Expect(open.Region("Map").Locator(".told")).ToHaveAttributeAsync("aria-live", "off");
        await open.Button("Pause").ClickAsync();
        await Assertions.Expect(open.Page.Locator("#where")).Not.ToHaveTextAsync("");
        // Twice as large, the head does not cover the half of it.
        await open.Page.SetViewportSizeAsync(720, 450);
        Assert.Equal("static", await open.Page.Locator("#app header").EvaluateAsync<string>("one => getComputedStyle(one).position"));
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Nothing_in_the_box_is_said_where_it_is_seen(int width)
    {
        await using var open = await fixture.OpenAsync(width: width, height: 700);
        var url = open.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "URL", Exact = true });
        await url.FillAsync(" ");
        await open.Page.EvaluateAsync("scrollTo(0, 900)");
        await url.EvaluateAsync("box => box.form.requestSubmit()");
        var notice = open.Page.Locator("main .notice[role=alert]").Last;
        await Assertions.Expect(notice).ToContainTextAsync("Enter a URL");
        await Assertions.Expect(notice).ToBeInViewportAsync();
        await open.PictureAsync($"no-url-{width}", whole: false);
    }

    [Fact]
    public async Task The_own_server_is_no_zone()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}");
        await Assertions.Expect(open.Region("Relay").Locator(".asked .go").First).ToHaveTextAsync("your DNS server");
    }
}
