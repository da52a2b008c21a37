using System.Text;
using Firstbyte.Dns;
using Firstbyte.Frames;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Recording;

/// <summary>What a page needs of a run: pieces of it within a budget, frames' bytes, and the tables at every event without making the world again.</summary>
public sealed class LabAdvanceTests
{
    private const string Url = "http://www.lab.glasscom.com/dir1/file1.html";

    [Fact]
    public void A_journey_in_small_pieces_is_the_journey_in_one()
    {
        var whole = new LabTimeline(LabCatalog.Load("glasscom")!, null, SilentSink.Instance);
        Assert.Equal(0, whole.Run("client", "fetch", FetchAsync));
        var pieces = new LabTimeline(LabCatalog.Load("glasscom")!, null, SilentSink.Instance);
        var program = pieces.Start("client", "fetch", FetchAsync);
        var (looks, happened) = (0, 0);
        // A clock by which each look costs a millisecond: eight kernel events a piece.
        while (pieces.Advance(new SteppingClock(), TimeSpan.FromMilliseconds(1), () => happened++))
        {
            looks++;
            Assert.True(looks < 100_000);
        }
        Assert.True(looks > 20, $"only {looks} pieces");
        Assert.False(program.IsRunning);
        Assert.Equal(0, program.Result());
        Assert.Equal(whole.World.Kernel.Trace.Value, pieces.World.Kernel.Trace.Value);
        Assert.Equal(whole.Events.Select(static one => (one.Number, one.Step, one.At, one.Hash)), pieces.Events.Select(static one => (one.Number, one.Step, one.At, one.Hash)));
        Assert.InRange(happened, pieces.Events.Count - 2, pieces.Events.Count);
    }

    [Fact]
    public void What_a_program_throws_is_not_lost()
    {
        var timeline = new LabTimeline(LabCatalog.Load("glasscom")!, null, SilentSink.Instance);
        var program = timeline.Start("client", "broken", static async (elements, _) =>
        {
            await elements.World.Kernel.Delay(5);
            throw new InvalidDataException("planted");
        });
        Assert.False(timeline.Advance(TimeProvider.System, TimeSpan.FromSeconds(10)));
        Assert.Equal("planted", program.Error?.Message);
        Assert.Throws<InvalidDataException>(() => program.Result());
    }

    [Fact]
    public void The_bytes_of_every_frame_are_those_that_its_summary_was_read_from()
    {
        var archive = new FrameArchive();
        var timeline = new LabTimeline(LabCatalog.Load("glasscom")!, null, SilentSink.Instance, frames: archive);
        timeline.Run("client", "fetch", FetchAsync);
        var seen = timeline.Events.SelectMany(static one => one.Changes).OfType<FrameSeen>().ToArray();
        Assert.True(seen.Length > 400);
        Assert.All(seen, one => Assert.Equal(one.Frame, FrameReader.Read(archive.BytesOf(one).Span)));
        Assert.True(archive.BytesOf(seen[0] with { Port = "another" }).IsEmpty);
    }

    /// <summary>The kept tables at each event are those of a world that is made again and run to it, for every machine.</summary>
    [Theory]
    [InlineData("glasscom", Url, 40)]
    [InlineData("lossy-link", "http://lossy.test/", 40)]
    [InlineData("dhcp", "http://www.test/", 40)]
    [InlineData("poisoning-attacker", "http://www.bank.test/", 40)]
    public void Kept_tables_are_those_of_the_world_made_again(string lab, string url, int looks)
    {
        var timeline = new LabTimeline(LabCatalog.Load(lab)!, null, SilentSink.Instance);
        var history = new TableHistory();
        history.Take(timeline);
        for (var steps = 0; timeline.World.Internet.Hosts.Any(static host => !host.HasAddresses); steps++)
        {
            Assert.True(steps < 1_000 && timeline.Step());
            history.Take(timeline);
        }
        timeline.Start(timeline.World.Client.Name, "fetch", (elements, stop) => FetchAsync(elements, url, stop));
        history.Take(timeline);
        var bound = 0;
        while (timeline.Advance(TimeProvider.System, TimeSpan.FromMilliseconds(100), () => history.Take(timeline))) { Assert.True(++bound < 600); }
        history.Take(timeline);
        var last = timeline.Events.Count;
        Assert.True(last > 20, $"only {last} events");
        var different = new HashSet<string>();
        for (var i = 0; i < looks; i++)
        {
            var number = (int)((long)last * i / looks);
            timeline.GoTo(number);
            foreach (var machine in timeline.Elements.Machines)
            {
                var kept = history.At(machine.Name, number, timeline.Now)!;
                var text = TextOf(kept);
                Assert.Equal(
                    TextOf(new MachineTables(
                        LabTables.Routes(machine), LabTables.Neighbors(timeline.Elements, machine), LabTables.Sockets(machine), LabTables.Connections(machine),
                        LabTables.Cache(timeline.Elements, machine), LabTables.Translations(machine))),
                    text);
                different.Add(text);
            }
        }
        Assert.True(different.Count > 20, "the tables never change, so nothing was compared");
    }

    [Fact]
    public void Going_on_differently_forgets_the_tables_behind()
    {
        var timeline = new LabTimeline(LabCatalog.Load("glasscom")!, null, SilentSink.Instance);
        var history = new TableHistory();
        history.Take(timeline);
        timeline.Start("client", "fetch", FetchAsync);
        timeline.Advance(TimeProvider.System, TimeSpan.FromSeconds(10), () => history.Take(timeline));
        var before = TextOf(history.At("client", timeline.Events.Count, timeline.Now)!);
        history.ForgetAfter(1);
        Assert.NotEqual(before, TextOf(history.At("client", timeline.Events.Count, timeline.Now)!));
        Assert.Null(history.At("nobody", 1, timeline.Now));
    }

    private static string TextOf(MachineTables tables)
    {
        var text = new StringBuilder();
        foreach (var row in tables.Routes.Cast<object>().Concat(tables.Neighbors).Concat(tables.Sockets).Concat(tables.Connections)) { text.Append(row).Append('\n'); }
        foreach (var row in tables.Cache ?? []) { text.Append(row with { LeftNanoseconds = 0 }).Append('\n'); }
        foreach (var row in tables.Translations ?? []) { text.Append(row).Append('\n'); }
        return text.ToString();
    }

    private static Task<int> FetchAsync(LabElements elements, CancellationToken stop) => FetchAsync(elements, Url, stop);

    private static async Task<int> FetchAsync(LabElements elements, string url, CancellationToken stop)
    {
        var client = elements.World.Client;
        using var journeys = new JourneyClient(
            client, StubResolver.FromSystem(client), new BouncyCastleTlsProvider(client), new JourneyOptions { Rest = elements.World.Kernel.Rest });
        return (await journeys.RunAsync(new JourneyRequest(url), DiscardingSink.Instance, elements.World.Tracer, stop)).ExitCode;
    }

    private sealed class SteppingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now++;
    }
}
