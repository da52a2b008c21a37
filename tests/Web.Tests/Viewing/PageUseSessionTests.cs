using Firstbyte.Dns.Resolving;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Telling;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>What somebody does in the page, and what stays as it was.</summary>
public sealed class PageUseSessionTests
{
    private const string Chapter = "http://www.lab.glasscom.com/dir1/file1.html";

    [Fact]
    public void Mending_what_is_whole_keeps_the_run()
    {
        using var session = Fetched();
        var count = session.Count;
        session.GoTo(100);
        Assert.False(session.Heal());
        Assert.Equal((100, count), (session.Position, session.Count));
        Assert.Single(session.Acts);
        session.GoTo(count);
        session.Break("cut core-trunk");
        Assert.True(session.Heal());
    }

    [Fact]
    public void What_a_lab_has_broken_from_its_start_can_be_mended()
    {
        using var session = LabSession.Open("wrong-clock", null, Languages.English, TimeProvider.System)!;
        Assert.True(session.Heal());
        Assert.False(session.Heal());
    }

    [Fact]
    public void A_record_that_there_is_none_of_cannot_be_taken_away()
    {
        using var session = Fetched();
        var count = session.Count;
        Assert.False(session.ChangeName("unset lab.glasscom.com nosuch A"));
        Assert.Equal(count, session.Count);
        Assert.Single(session.Acts);
        Assert.True(session.ChangeName("unset lab.glasscom.com www A"));
    }

    [Fact]
    public void A_journey_from_another_host_is_that_hosts_and_its_link_makes_it_again()
    {
        using var session = Fetched();
        Fetch(session, Chapter, "client2");
        var journeys = session.Timeline.Events.SelectMany(static one => one.Changes).OfType<JourneyStarted>().Select(static one => one.Host);
        Assert.Equal(["client", "client2"], journeys);
        // The cache of their server answers: one question.
        var begun = session.Acts[^1].After;
        Assert.Single(session.Timeline.Events.Skip(begun).SelectMany(static one => one.Changes).OfType<QuerySent>());
        Assert.NotEmpty(session.View.Calls);
        Assert.Contains(session.View.Events, row => row.Number > begun && row is { Place: "client2", Protocol: RunView.ProgramProtocol });
        var link = PageLink.Read(PageLink.Of(session, "en").ToString());
        using var again = LabSession.Open("glasscom", link.Seed, Languages.English, TimeProvider.System)!;
        again.Replay(link.Acts, TimeSpan.FromSeconds(60));
        while (again.Advance(TimeSpan.FromSeconds(1))) { }
        Assert.Equal(session.ExportEvents(), again.ExportEvents());
    }

    [Theory]
    [InlineData("#lab=glasscom&seed=abc", false)]
    [InlineData("#%%%", false)]
    [InlineData("#journey", true)]
    [InlineData("#lab=glasscom&seed=2", true)]
    public void What_a_link_has_that_cannot_be_read_is_known(string fragment, bool isWhole) => Assert.Equal(isWhole, PageLink.Read(fragment).IsWhole);

    [Fact]
    public void A_page_says_in_the_page_what_is_to_be_done_there()
    {
        var blocks = PageText.Read("Run `x -v`,\nand look.\n<!-- page: Press Go\nand look. -->\n- **A.** `lab routes`\n  <!-- page: **A.** See State. -->\n- B");
        Assert.Equal(["Press Go and look.", "**A.** See State.", "B"], blocks.Select(static block => block.Text));
    }

    public static TheoryData<string> Labs => [.. LabCatalog.Experiments.Select(static one => one.Name)];

    [Theory]
    [MemberData(nameof(Labs))]
    public void A_lesson_names_no_command_line(string lab)
    {
        foreach (var language in Languages.All.Where(static one => one.IsComplete))
        {
            foreach (var block in PageText.Read(LabCatalog.ReadPage(lab, language.Tag)!).Where(static block => block.Kind != BlockKind.Code))
            {
                Assert.DoesNotContain("`-", block.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("`lab ", block.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("firstbyte lab ", block.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_step_of_the_journey_stands_before_what_moves_because_of_it()
    {
        using var session = Fetched();
        var rows = session.View.Events.Where(row => row.Number == session.View.Bodies[^1].Number).Select(static row => row.Info.ToString()).ToList();
        var read = rows.FindIndex(static text => text.StartsWith("Read", StringComparison.Ordinal));
        var end = rows.FindIndex(static text => text.Contains("FIN", StringComparison.Ordinal));
        Assert.True(read >= 0 && end > read, string.Join('\n', rows));
    }

    private static LabSession Fetched()
    {
        var session = LabSession.Open("glasscom", null, Languages.English, TimeProvider.System)!;
        Fetch(session, Chapter, "");
        return session;
    }

    private static void Fetch(LabSession session, string url, string from)
    {
        session.Fetch(url, from: from);
        while (session.Advance(TimeSpan.FromSeconds(1))) { }
    }
}
