using Firstbyte.Addressing;
using Firstbyte.Dns.Resolving;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>The shelf: every experiment is done step by step as its page says, and what it promises happens.</summary>
public sealed class ShelfTests
{
    private static readonly Dictionary<string, Action<Doing>> s_promises = new(StringComparer.Ordinal)
    {
        ["glasscom"] = static did =>
        {
            Assert.Equal([200, 200, null, 200], did.Statuses);
            Assert.True(did.Of<QuerySent>(1).Count() < did.Of<QuerySent>(0).Count());
            // The colleague's server has the name still.
            Assert.Single(did.Of<QuerySent>(3));
        },
        ["two-subnets"] = static did =>
        {
            Assert.Equal([200, 200], did.Statuses);
            Assert.DoesNotContain(did.Of<FrameForwarded>(0), static one => one.Host == "r1" && one.Row == "10.1.0.0/24" && one.Outbound == one.Inbound);
            Assert.Contains(did.Of<FrameForwarded>(1), static one => one.Host == "r1");
        },
        ["dhcp"] = static did => Assert.Equal([200, null, null, 200], did.Statuses),
        ["ipv6-only"] = static did =>
        {
            Assert.Equal([200], did.Statuses);
            Assert.DoesNotContain(did.Of<FrameSeen>(0), static one => one.Frame.Destination is { Version: IpVersion.V4 });
        },
        ["asymmetric-route"] = static did => Assert.Equal([200, null], did.Statuses),
        ["black-holed-mtu"] = static did =>
        {
            Assert.Equal([200, 200], did.Statuses[..2]);
            Assert.Equal(50_000, did.Lengths[0]);
            Assert.True(did.Seconds(2) > 10 * did.Seconds(0), $"{did.Seconds(0)} s, then {did.Seconds(2)} s");
        },
        ["broken-delegation"] = static did =>
        {
            Assert.Equal([200, 200, null, null], did.Statuses);
            // The dead one of the two is asked first, and waited for.
            Assert.NotEmpty(did.Of<QueryTimedOut>(0));
            Assert.NotEmpty(did.Of<ServerLame>(2));
            Assert.NotEmpty(did.Of<ResolutionCycleFound>(3));
        },
        ["signed-zones"] = static did =>
        {
            Assert.Equal([200, 200, null, null], did.Statuses);
            Assert.Equal([false, false, true, true], did.Failures);
        },
        ["lossy-link"] = static did =>
        {
            Assert.Equal([200, 200], did.Statuses);
            Assert.Equal([300_000, 300_000], did.Lengths);
            Assert.Empty(did.Of<FrameLost>(0));
            Assert.NotEmpty(did.Of<FrameLost>(1));
        },
        ["poisoning-attacker"] = static did =>
        {
            Assert.Contains("real site", did.Bodies[0], StringComparison.Ordinal);
            Assert.Contains("mallory", did.Bodies[1], StringComparison.Ordinal);
        },
        ["slow-server"] = static did =>
        {
            Assert.True(did.Seconds(0) < 0.5);
            Assert.InRange(did.Seconds(1), 2, 3);
            Assert.InRange(did.Seconds(2), 3, 6);
        },
        ["troubles"] = static did =>
        {
            Assert.Equal(200, did.Statuses[0]);
            Assert.Null(did.Statuses[1]);
            Assert.Null(did.Statuses[3]);
            Assert.Equal(3, did.Failures.Count(static failed => failed));
        },
        ["changed-record"] = static did => Assert.Equal(["old", "", "old", "", "new"], did.Bodies.Select(Machine)),
        ["no-such-name"] = static did =>
        {
            int[] asked = [.. Enumerable.Range(0, 4).Select(step => did.Of<QuerySent>(step).Count())];
            // The client's own question, and those of its server.
            Assert.Equal((1, 0), (asked[1], asked[2]));
            Assert.True(asked[0] > 1 && asked[3] > 1, string.Join(' ', asked));
        },
        ["hub-and-switch"] = static did =>
        {
            Assert.Equal([200, 200], did.Statuses);
            static bool IsTcpAt(FrameSeen seen, string host) => seen.Element == host && seen.Frame.Tcp is not null;
            Assert.Contains(did.Of<FrameSeen>(0), static seen => IsTcpAt(seen, "eve"));
            Assert.DoesNotContain(did.Of<FrameSeen>(1), static seen => IsTcpAt(seen, "mallory"));
        },
        ["moving-site"] = static did => Assert.Equal(["old", "", "", "old", "", "", "new", "", "new"], did.Bodies.Select(Machine)),
        ["which-link-loses"] = static did =>
        {
            Assert.Equal(60_000, did.Lengths[0]);
            Assert.Equal(["r3-second"], did.Of<FrameLost>(0).Select(static lost => lost.Link).Distinct());
        },
        ["narrow-link"] = static did =>
        {
            Assert.Equal(150_000, did.Lengths[0]);
            Assert.Equal([FrameDropReason.QueueFull], did.Of<FrameLost>(0).Select(static lost => lost.Reason).Distinct());
            Assert.InRange(did.Seconds(0), 150_000 * 8 / 2e6, 3);
        },
        ["wrong-clock"] = static did =>
        {
            Assert.Equal([null, null, 200], did.Statuses);
            Assert.True(did.Failures[0]);
        },
        ["cname-loop"] = static did =>
        {
            Assert.Equal([true], did.Failures);
            Assert.NotEmpty(did.Of<AliasFollowed>(0));
            Assert.True(did.Of<QuerySent>(0).Count() < 10);
        },
        ["self-delegation"] = static did =>
        {
            Assert.Equal([true], did.Failures);
            Assert.NotEmpty(did.Of<ServerLame>(0));
            Assert.True(did.Of<QuerySent>(0).Count() < 10);
        },
        ["power-cut"] = static did =>
        {
            Assert.InRange(did.Lengths[0], 1, 99_999);
            // One end believes in the connection, the other has never heard of it.
            Assert.NotEmpty(did.Session.TablesOf("client")!.Connections);
            Assert.Empty(did.Session.TablesOf("www")!.Connections);
        },
    };

    public static TheoryData<string> Names => [.. LabCatalog.Experiments.Select(static one => one.Name)];

    [Fact]
    public void There_are_twenty_at_least_some_on_every_board_and_each_has_its_promise_and_its_page()
    {
        Assert.True(LabCatalog.Experiments.Count >= 20);
        foreach (var board in Enum.GetValues<ExperimentShelf>()) { Assert.True(LabCatalog.Experiments.Count(one => one.Shelf == board) >= 5, board.ToString()); }
        Assert.Equal(LabCatalog.Experiments.Select(static one => one.Name).Order(), s_promises.Keys.Order());
        foreach (var language in Languages.All)
        {
            foreach (var one in LabCatalog.Experiments)
            {
                Assert.StartsWith("# ", LabCatalog.ReadPage(one.Name, language.Tag), StringComparison.Ordinal);
                Assert.All(one.Steps, step => Assert.NotEmpty(language.Page.ToDo(step).ToString()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_an_experiment_promises_happens(string name)
    {
        using var session = LabSession.Open(name, null, Languages.English, TimeProvider.System)!;
        var did = new Doing(session);
        foreach (var step in LabCatalog.ReadExperiment(name)!.Steps) { did.Do(step); }
        s_promises[name](did);
    }

    /// <summary>The answers are those of the run: each is one that can be chosen, and these are known from what the pages say.</summary>
    [Theory]
    [InlineData("changed-record", "old", "young")]
    [InlineData("no-such-name", "no", "0-1", "2-3")]
    [InlineData("hub-and-switch", "eve", "")]
    [InlineData("which-link-loses", "r3-second")]
    [InlineData("wrong-clock", "no", "yes")]
    [InlineData("broken-delegation", "yes", "yes", "no", "no")]
    [InlineData("signed-zones", "yes", "yes", "no", "no")]
    [InlineData("poisoning-attacker", "www", "mallory")]
    [InlineData("lossy-link", "", "lossy-internet")]
    public void A_lesson_answers_from_the_run(string name, params string[] answers)
    {
        using var session = LabSession.Open(name, null, Languages.English, TimeProvider.System)!;
        var (did, given) = (new Doing(session), new List<string>());
        foreach (var step in LabCatalog.ReadExperiment(name)!.Steps)
        {
            var lesson = new Lesson(session, step);
            did.Do(step);
            if (lesson.Options.Count == 0) { continue; }
            given.Add(Assert.Single(lesson.Answers()));
            Assert.Contains(given[^1], lesson.Options);
            lesson.Guess = lesson.Options.First(option => option != given[^1]);
            Assert.False(lesson.IsRight);
            lesson.Guess = given[^1];
            Assert.True(lesson.IsRight);
        }
        Assert.Equal(answers, given);
    }

    [Fact]
    public void Every_question_is_asked_somewhere_and_has_its_words()
    {
        var asked = LabCatalog.Experiments.SelectMany(static one => one.Steps).Select(static step => step.Question).Distinct().Where(static one => one != LessonQuestion.None);
        Assert.Equal(Enum.GetValues<LessonQuestion>().Skip(1), asked.Order());
        foreach (var language in Languages.All) { Assert.All(asked, question => Assert.NotEmpty(language.Page.Question(question))); }
    }

    /// <summary>A page's words are all there, and none of its marks.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_is_read_word_for_word(string name)
    {
        foreach (var language in Languages.All)
        {
            var page = LabCatalog.ReadPage(name, language.Tag)!;
            var read = string.Concat(PageText.Read(page).Select(static block => block.Kind == BlockKind.Code ? block.Text : string.Concat(PageText.Runs(block.Text).Select(static run => run.Text))));
            // What the page says in the place of a piece stands in a comment at its end.
            page = string.Join('\n', System.Text.RegularExpressions.Regex.Split(page, @"\n(?=- |\n|#)")
                .Select(static piece => piece.IndexOf("<!-- page:", StringComparison.Ordinal) is >= 0 and var at ? piece[(at + "<!-- page:".Length)..] : piece));
            var written = System.Text.RegularExpressions.Regex.Replace(page.Replace("```sh", "", StringComparison.Ordinal), @"\[([^\]]+)\]\([^)]+\)", "$1");
            Assert.Equal(Letters(written), Letters(read));
            Assert.DoesNotContain("**", read, StringComparison.Ordinal);
        }

        static string Letters(string text) => string.Concat(text.Where(static c => char.IsLetterOrDigit(c)));
    }

    private static string Machine(string body) => body.Contains("old machine", StringComparison.Ordinal) ? "old" : body.Contains("new machine", StringComparison.Ordinal) ? "new" : body;

    /// <summary>An experiment that is being done, and what came of each step.</summary>
    private sealed class Doing(LabSession session)
    {
        private readonly List<(int First, int Last)> _steps = [];

        public LabSession Session => session;

        public List<string> Bodies { get; } = [];

        public List<long> Lengths { get; } = [];

        public List<int?> Statuses { get; } = [];

        public List<bool> Failures { get; } = [];

        public void Do(ExperimentStep step)
        {
            var (first, responses, rows) = (session.Count, session.View.Responses.Count, session.View.Journey.Count);
            session.Do(step);
            for (var i = 0; session.Advance(TimeSpan.FromMilliseconds(100)); i++) { Assert.True(i < 600); }
            _steps.Add((first, session.Count));
            var isFetch = step.Kind == "fetch";
            Bodies.Add(isFetch ? session.Body.Text : "");
            Lengths.Add(isFetch ? session.Body.Length : 0);
            Statuses.Add(session.View.Responses.Count > responses ? session.View.Responses[^1].Head.Status : null);
            if (isFetch) { Failures.Add(session.View.Journey.Skip(rows).Any(static row => row.Row.Role == Role.Bad)); }
        }

        /// <summary>What was told of a kind in a step.</summary>
        public IEnumerable<T> Of<T>(int step) where T : TraceEvent =>
            session.Timeline.Events.Take(_steps[step].Last).Skip(_steps[step].First).SelectMany(static one => one.Changes).OfType<T>();

        /// <summary>How long a step took in the world.</summary>
        public double Seconds(int step) =>
            (session.Timeline.Events[_steps[step].Last - 1].At.Nanoseconds - session.Timeline.Events[_steps[step].First].At.Nanoseconds) / 1e9;
    }
}
