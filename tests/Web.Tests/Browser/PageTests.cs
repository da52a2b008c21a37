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

    /// <summary>A field and its bytes lead to each other, by the mouse and by the keyboard.</summary>
    [Fact]
    public async Task A_field_lights_its_bytes_and_a_byte_its_field()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}&at=140");
        var packet = open.Region("Packet");
        await packet.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "TTL (hops)" }).ClickAsync();
        Assert.Equal("22", await packet.Locator(".dump .picked").GetAttributeAsync("data-byte"));
        await Assertions.Expect(packet.GetByRole(AriaRole.Status)).ToContainTextAsync("(byte 22)");
        await packet.Locator("[data-byte='26']").ClickAsync();
        await Assertions.Expect(packet.Locator(".bits .picked")).ToContainTextAsync("Source");
        await Assertions.Expect(packet.Locator(".dump .picked")).ToHaveCountAsync(4);
        // Lines in which bytes can be chosen stand under those in which they cannot.
        Assert.All(await packet.Locator(".dump div").AllTextContentsAsync(), static line => Assert.Matches("^00[0-9a-f]0  [0-9a-f]{2} ", line));
        // A byte that holds two fields shows the one, then the other.
        await packet.Locator("[data-byte='14']").ClickAsync();
        await Assertions.Expect(packet.Locator(".bits .picked")).ToContainTextAsync("Version");
        await packet.Locator("[data-byte='14']").ClickAsync();
        await Assertions.Expect(packet.Locator(".bits .picked")).Not.ToContainTextAsync("Version");
        await packet.Locator(".dump").FocusAsync();
        await packet.Locator(".dump").PressAsync("ArrowRight");
        await Assertions.Expect(packet.Locator(".dump .picked").First).ToHaveAttributeAsync("data-byte", "15");
        await packet.ScrollIntoViewIfNeededAsync();
        await open.PictureAsync("packet-picked", whole: false);
        // Another packet has nothing chosen.
        await open.Button("Back").ClickAsync();
        await open.SettleAsync();
        await Assertions.Expect(packet.Locator(".picked")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_list_of_events_has_what_the_program_says()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}");
        var events = open.Region("Events");
        await events.GetByLabel("Protocol").SelectOptionAsync("APP");
        foreach (var text in (string[])["200 OK", "GET /dir1/file1.html"]) { await Assertions.Expect(events.Locator("tbody")).ToContainTextAsync(text); }
        Assert.True(await events.Locator("tbody tr[data-event]").CountAsync() >= 5);
        await events.ScrollIntoViewIfNeededAsync();
        await open.PictureAsync("events-program", whole: false);
    }

    [Fact]
    public async Task Who_looks_at_the_past_is_told_what_going_on_would_drop()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}");
        var count = int.Parse((await open.Position.GetAttributeAsync("data-count"))!, System.Globalization.CultureInfo.InvariantCulture);
        await Assertions.Expect(open.Page.Locator(".past")).ToBeEmptyAsync();
        await open.Page.Locator("input[type=range]").FillAsync("100");
        await Assertions.Expect(open.Page.Locator(".past")).ToContainTextAsync($"drops the {count - 100} events");
        await open.PictureAsync("past", whole: false);
        await open.Page.GetByLabel("Break it").FillAsync("cut core-glasscom");
        await open.Page.GetByLabel("Break it").PressAsync("Enter");
        await open.RestAsync();
        await Assertions.Expect(open.Page.Locator(".past")).ToBeEmptyAsync();
    }

    /// <summary>A fault by its own words with its own end, and a clock that goes on where nothing happens.</summary>
    [Fact]
    public async Task One_fault_is_mended_and_time_is_let_pass()
    {
        await using var open = await fixture.OpenAsync("#lab=two-subnets");
        await Assertions.Expect(open.Page.Locator("#url")).ToHaveValueAsync("http://bob.test/");
        foreach (var fault in (string[])["impair bob-lan loss 40%", "down www"])
        {
            await open.Page.GetByLabel("Break it").FillAsync(fault);
            await open.Page.GetByLabel("Break it").PressAsync("Enter");
        }
        var held = open.Page.GetByRole(AriaRole.List, new() { Name = "What is broken" });
        await Assertions.Expect(held.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Assertions.Expect(held).ToContainTextAsync("impair bob-lan loss 40%");
        await held.ScrollIntoViewIfNeededAsync();
        await open.PictureAsync("faults-held", whole: false);
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Mend: impair bob-lan loss 40%" }).ClickAsync();
        await Assertions.Expect(held.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Assertions.Expect(held).ToContainTextAsync("down www");
        await open.Page.GetByLabel("Let time pass").FillAsync("61s");
        await open.Page.GetByLabel("Let time pass").PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator(".clock")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^6[1-9]\\."));
        await open.Page.GetByLabel("Let time pass").FillAsync("soon");
        await open.Page.GetByLabel("Let time pass").PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator("#wait-said")).ToContainTextAsync("soon is no time");
    }

    /// <summary>RFC 9293 figure 5 with LISTEN, what moves a connection on each arrow, where it is and by which way it came.</summary>
    [Fact]
    public async Task The_diagram_of_states_shows_the_way()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}");
        var state = open.Region("State");
        await Assertions.Expect(state.Locator("figcaption")).ToContainTextAsync("CLOSED → SYN-SENT → ESTABLISHED");
        await Assertions.Expect(state.Locator("[data-edge='CLOSED-SYN-SENT']")).ToHaveClassAsync("passed");
        await state.GetByRole(AriaRole.Combobox).SelectOptionAsync("www");
        await Assertions.Expect(state.Locator("[data-state=LISTEN]")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("lit"));
        await Assertions.Expect(state.Locator("figcaption")).ToContainTextAsync("CLOSED → LISTEN → SYN-RECEIVED → ESTABLISHED");
        await Assertions.Expect(state.Locator("[data-edge='LISTEN-SYN-RECEIVED']")).ToHaveClassAsync("passed");
        Assert.Equal(15, await state.Locator("polyline[marker-end]").CountAsync());
        await state.Locator(".tcp-states").ScrollIntoViewIfNeededAsync();
        await open.PictureAsync("tcp-states", whole: false);
    }

    [Fact]
    public async Task The_lab_of_proxies_goes_by_them()
    {
        await using var open = await fixture.OpenAsync("#lab=proxies");
        await open.Page.Locator(".tries button").First.ClickAsync();
        await open.RestAsync();
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
        await Assertions.Expect(open.Page.GetByLabel("Proxy", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("http://proxy.office:3128");
        // No password of a proxy stands on a button.
        Assert.DoesNotContain("user:password", await open.Page.Locator(".tries").InnerTextAsync(), StringComparison.Ordinal);
        await open.PictureAsync("proxies");
        foreach (var (at, said) in new[] { (1, "200 OK"), (2, "200 OK"), (3, "200 OK"), (4, "could not be resolved") })
        {
            await open.Page.Locator(".tries button").Nth(at).ClickAsync();
            await open.RestAsync();
            await Assertions.Expect(open.Region("Journey")).ToContainTextAsync(said);
        }
        await open.Page.GetByLabel("Proxy", new PageGetByLabelOptions { Exact = true }).FillAsync("gopher://proxy.office");
        await open.Page.GetByLabel("Proxy", new PageGetByLabelOptions { Exact = true }).PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator(".notice[role=alert]").Last).ToContainTextAsync("is no proxy that is spoken here");
    }

    [Fact]
    public async Task On_a_phone_the_lanes_of_calls_have_names_that_can_be_read()
    {
        await using var open = await fixture.OpenAsync($"#lab=glasscom&do=0.fetch.{Uri.EscapeDataString(Chapter)}", width: 390, height: 844);
        var heads = open.Region("Calls").Locator(".heads .legend").First;
        await heads.ScrollIntoViewIfNeededAsync();
        Assert.True(await heads.EvaluateAsync<double>("head => parseFloat(getComputedStyle(head).fontSize)") >= 11);
        // None is cut, and none lies over another.
        Assert.True(await heads.EvaluateAsync<bool>("""
            head => { const boxes = [...head.children].map(one => one.getBoundingClientRect());
              return boxes.every((a, i) => a.right <= innerWidth && boxes.every((b, j) => i === j || a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1)); }
            """));
        await open.PictureAsync("phone-calls", whole: false);
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
        await open.Page.Locator("textarea").FillAsync("lab \"<b>x</b>\"\nsubnet lan 10.0.0.0/99 hub\n");
        await open.Button("Build this lab").ClickAsync();
        await Assertions.Expect(open.Page.Locator("#text-fault")).ToContainTextAsync("2:");
        // The line, and the caret at it.
        await Assertions.Expect(open.Page.Locator("#text-fault")).ToContainTextAsync("2 | subnet lan 10.0.0.0/99 hub");
        Assert.Equal("10.0.0.0/99 hub", await open.Page.Locator("textarea").EvaluateAsync<string>("box => box.value.slice(box.selectionStart, box.selectionEnd)"));
        await open.FetchAsync(Chapter);
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
    }

    [Fact]
    public async Task An_experiment_is_set_up_with_one_click_and_asks_before_it_shows()
    {
        await using var open = await fixture.OpenAsync();
        var shelf = open.Region("Experiments");
        await shelf.Locator("summary").First.ClickAsync();
        await open.PictureAsync("shelf", whole: false);
        await shelf.Locator("[data-experiment=changed-record]").ClickAsync();
        // What it teaches is folded until it has been done.
        await Assertions.Expect(shelf.GetByText("Nobody can call back an answer")).ToBeHiddenAsync();
        for (var step = 0; step < 5; step++)
        {
            if (await shelf.Locator("fieldset.question").CountAsync() > 0)
            {
                await Assertions.Expect(shelf.Locator($"[data-step='{step}']")).ToBeDisabledAsync();
                await shelf.GetByLabel("old", new LocatorGetByLabelOptions { Exact = true }).CheckAsync();
            }
            await shelf.Locator($"[data-step='{step}']").ClickAsync();
            await open.RestAsync();
        }
        await Assertions.Expect(shelf).ToContainTextAsync("It was: young");
        await Assertions.Expect(shelf.GetByText("Nobody can call back an answer")).ToBeVisibleAsync();
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("This is the new machine.");
        await open.PictureAsync("experiment");
    }

    [Fact]
    public async Task Names_and_pages_are_never_markup_and_a_crowd_of_machines_is_refused_in_words()
    {
        await using var open = await fixture.OpenAsync();
        var lab = """
            lab "<script>window.hurt=1</script>" client me
            subnet lan 10.0.0.0/24 hub
            host me on lan .2 nameserver 10.0.0.53
            host www on lan .80 serves http "<script>window.hurt=2</script><img src=x onerror='window.hurt=3'>"
            host ns on lan .53
              serves dns zone "test" {
                @ 300 IN SOA ns hostmaster 1 7200 900 1209600 60
                @ 300 IN NS ns
                ns 300 IN A 10.0.0.53
                <img\032src=x\032onerror=window.hurt=4> 300 IN A 10.0.0.80
                www 300 IN CNAME <img\032src=x\032onerror=window.hurt=4>
              }

            """;
        await open.Page.Locator("textarea").FillAsync(lab);
        await open.Button("Build this lab").ClickAsync();
        await open.FetchAsync("http://10.0.0.80/");
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("<script>window.hurt=2</script>");
        await open.FetchAsync("http://www.test/");
        await open.SettleAsync();
        Assert.Equal("undefined", await open.Page.EvaluateAsync<string>("typeof window.hurt"));
        Assert.Equal(0, await open.Page.Locator("main img, main script").CountAsync());
        // Ten thousand machines are more than a lab may have; a thousand more than a page builds: both are said in a sentence, and the page lives.
        foreach (var (count, words) in new[] { (10_000, "at most 1000 hosts and routers"), (600, "300") })
        {
            var hosts = string.Concat(Enumerable.Range(0, count).Select(static i => $"host h{i} on lan 10.1.{i / 250}.{i % 250 + 1}\n"));
            // Not typed: a browser takes its time for so many lines.
            await open.Page.Locator("textarea").EvaluateAsync(
                "(box, text) => { box.value = text; box.dispatchEvent(new Event('change', { bubbles: true })); }",
                $"lab \"many\" client h0\nsubnet lan 10.1.0.0/16 switch\n{hosts}");
            await open.Button("Build this lab").ClickAsync();
            await Assertions.Expect(open.Page.Locator("#text-fault")).ToContainTextAsync(words);
        }
        await open.FetchAsync("http://10.0.0.80/");
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("200 OK");
    }

    /// <summary>Whatever the mouse can do, the keyboard can; and what it did is said where it was done.</summary>
    [Fact]
    public async Task Cables_and_machines_are_chosen_by_the_keyboard_and_boxes_answer_in_their_place()
    {
        await using var open = await fixture.OpenAsync();
        await open.FetchAsync(Chapter);
        var cable = open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "cable www-glasscom, from www to glasscom", Exact = true });
        await cable.FocusAsync();
        await cable.PressAsync("Enter");
        await open.Button("cut").ClickAsync();
        await Assertions.Expect(open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "cable www-glasscom, from www to glasscom, out of order" })).ToHaveCountAsync(1);
        // What the journey before brought is not what this one brings.
        await Assertions.Expect(open.Region("Journey").Locator(".response")).ToHaveCountAsync(1);
        await open.FetchAsync(Chapter);
        await Assertions.Expect(open.Region("Journey")).ToContainTextAsync("Try: the button 'Mend everything'");
        await Assertions.Expect(open.Region("Journey").Locator(".response")).ToHaveCountAsync(0);

        var router = open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "router edge", Exact = false });
        await router.FocusAsync();
        await router.PressAsync("Enter");
        await open.Button("switch off").ClickAsync();
        await Assertions.Expect(open.Region("State")).ToContainTextAsync("edge is switched off");

        var box = open.Page.GetByLabel("Break it");
        await box.FillAsync("cut nothing-here");
        await box.PressAsync("Enter");
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(open.Page.Locator("#break-said")).ToContainTextAsync("nothing-here");
        await box.FillAsync("impair core-glasscom loss 30%");
        await box.PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator("#break-said")).ToContainTextAsync("holds from event");
        await open.PictureAsync("keyboard");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task What_is_no_seed_and_no_URL_begins_nothing(string seed)
    {
        await using var open = await fixture.OpenAsync();
        var (box, url) = (open.Page.GetByLabel("Seed"), open.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "URL" }));
        await box.FillAsync(seed);
        await box.PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator(".notice[role=alert]").Last).ToContainTextAsync($"{seed} is none");
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-count", "0");
        await box.FillAsync("7");
        await box.PressAsync("Enter");
        await open.RestAsync();
        var count = await open.Position.GetAttributeAsync("data-count");
        await url.FillAsync("");
        await url.PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator(".notice[role=alert]").Last).ToContainTextAsync("Enter a URL");
        await Assertions.Expect(open.Position).ToHaveAttributeAsync("data-count", count!);
    }

    private static async Task<string> StateAsync(OpenPage open)
    {
        var text = "";
        // The panels that cannot be seen follow in the frames behind.
        await open.Page.EvaluateAsync("new Promise(done => requestAnimationFrame(done))");
        await open.SettleAsync();
        foreach (var region in (string[])["Journey", "Relay", "Events", "Packet", "State", "Ladder", "Calls"]) { text += await open.Region(region).InnerTextAsync() + "\n"; }
        return text + await open.Region("Map").Locator("[data-flight]").CountAsync();
    }
}
