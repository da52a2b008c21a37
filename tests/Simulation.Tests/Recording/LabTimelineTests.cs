using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Labs;
using Firstbyte.Probing;
using Firstbyte.Simulation.Recording;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Recording;

/// <summary>Recorded runs of a lab: going back, going on differently, and the proof that a replay is what was recorded.</summary>
public class LabTimelineTests
{
    private static readonly IpAddress Www = IpAddress.Parse("192.0.2.226");

    private static LabDefinition Chapter => LabCatalog.Load("glasscom")!;

    [Fact]
    public void Every_event_has_a_number_a_time_and_a_fingerprint_in_order()
    {
        var timeline = Pinged(out _);
        Assert.True(timeline.Events.Count > 20);
        Assert.Equal(Enumerable.Range(1, timeline.Events.Count), timeline.Events.Select(static one => one.Number));
        Assert.Equal(timeline.Events.OrderBy(static one => one.Step).ThenBy(static one => one.At), timeline.Events);
        Assert.All(timeline.Events, static one => Assert.NotEmpty(one.Changes));
        Assert.All(timeline.Events.Zip(timeline.Events.Skip(1)), static pair => Assert.True(pair.First.Step == pair.Second.Step || pair.First.Hash != pair.Second.Hash));
    }

    /// <summary>The tables at an event are those of a world that is run to it and stopped, for every event of a run.</summary>
    [Fact]
    public void Going_back_shows_the_tables_of_that_moment_exactly()
    {
        var timeline = Pinged(out _);
        var seen = new List<string>();
        var live = new LabTimeline(Chapter, null, SilentSink.Instance);
        // A second run that is stopped after each event on its way, never replayed.
        live.Do(static _ => { });
        using var stop = new CancellationTokenSource();
        live.World.Kernel.Start("client", "ping", () => PingAsync(live.Elements, stop.Token));
        live.World.Kernel.RunEvents(0);
        foreach (var one in timeline.Events)
        {
            live.World.Kernel.RunEvents(one.Step - live.World.Kernel.EventsFired);
            seen.Add(Tables(live.Elements));
        }
        foreach (var number in (int[])[timeline.Events.Count, 7, 1, 12, 13, timeline.Events.Count - 1, 3])
        {
            timeline.GoTo(number);
            Assert.Equal(number, timeline.Position);
            Assert.Equal(timeline.Events[number - 1].At, timeline.Now);
            Assert.Equal(seen[number - 1], Tables(timeline.Elements));
        }
        Assert.True(seen.Distinct().Count() > 5, "the tables never change, so nothing was compared");
    }

    [Fact]
    public void A_run_in_which_nothing_happened_can_be_left_and_found_again()
    {
        var timeline = new LabTimeline(Chapter, null, SilentSink.Instance);
        timeline.RunUntil(Instant.SimulationEpoch + TimeSpan.FromSeconds(1));
        Assert.Empty(timeline.Events);
        timeline.Back();
        Assert.Equal(Instant.SimulationEpoch + TimeSpan.FromSeconds(1), timeline.Now);
        Assert.Equal(0, timeline.Run("client", "ping", static (elements, stop) => PingAsync(elements, stop)));
        var (trace, now) = (timeline.World.Kernel.Trace.Value, timeline.Now);
        timeline.GoTo(0);
        timeline.GoTo(timeline.Events.Count);
        Assert.Equal((trace, now), (timeline.World.Kernel.Trace.Value, timeline.Now));
    }

    [Fact]
    public void Stepping_forward_in_the_past_tells_the_recorded_events_again()
    {
        var events = new List<TraceEvent>();
        var timeline = Pinged(out _, new ListSink(events));
        var recorded = events.ToArray();
        timeline.GoTo(0);
        Assert.Equal(recorded.Length, events.Count);
        Assert.True(timeline.IsInThePast);
        while (timeline.IsInThePast) { Assert.True(timeline.Step()); }
        Assert.Equal(recorded, events.Skip(recorded.Length));
    }

    [Fact]
    public void Back_and_forth_ends_where_it_began_to_the_last_bit()
    {
        var timeline = Pinged(out var reached);
        Assert.Equal(0, reached);
        timeline.RunUntil(timeline.Now + TimeSpan.FromSeconds(3));
        var (trace, now, count) = (timeline.World.Kernel.Trace.Value, timeline.Now, timeline.Events.Count);
        timeline.Back(4);
        timeline.GoTo(2);
        timeline.GoTo(count);
        Assert.False(timeline.IsInThePast);
        Assert.Equal((trace, now, count), (timeline.World.Kernel.Trace.Value, timeline.Now, timeline.Events.Count));
    }

    [Fact]
    public void Going_on_differently_keeps_the_past_and_forgets_the_recorded_future()
    {
        var timeline = Pinged(out _);
        var prefix = timeline.Events.Take(10).ToArray();
        timeline.GoTo(10);
        timeline.Do(static elements => elements.FindWire("core-glasscom")!.IsUp = false);
        Assert.False(timeline.IsInThePast);
        var result = timeline.Run("client", "ping", static (elements, stop) => PingAsync(elements, stop));
        Assert.Equal(1, result);
        Assert.Equal(prefix, timeline.Events.Take(10));
        Assert.Contains(timeline.Events.SelectMany(static one => one.Changes), static change => change is FrameDropped { Reason: FrameDropReason.NoRoute });
        // The other future is replayed like the first.
        var tables = Tables(timeline.Elements);
        timeline.GoTo(0);
        timeline.GoTo(timeline.Events.Count);
        Assert.Equal(tables, Tables(timeline.Elements));
        Assert.False(timeline.Elements.FindWire("core-glasscom")!.IsUp);
    }

    [Fact]
    public void A_replay_that_is_not_what_was_recorded_says_so()
    {
        // A program that does something else each time it is started: what no program of a lab may do.
        var starts = 0;
        var timeline = new LabTimeline(Chapter, null, SilentSink.Instance);
        timeline.Run("client", "cheat", async (elements, stop) =>
        {
            var client = elements.FindMachine("client")!;
            var options = new PingOptions(Www, "www") { Count = 2, DataBytes = 8 + starts++ };
            return (await Ping.RunAsync(client.Machine.Network, options, elements.NameOf, elements.World.Tracer.Root(client.Machine.Network), stop)).Received;
        });
        var thrown = Assert.Throws<ReplayDivergedException>(() => timeline.GoTo(timeline.Events.Count - 1));
        Assert.InRange(thrown.Number, 1, timeline.Events.Count);
        Assert.Contains("The replay is not what was recorded", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_stopped_ends_and_is_stopped_again_in_a_replay()
    {
        LabTimeline? timeline = null;
        var answers = 0;
        timeline = new LabTimeline(Chapter, null, new CallSink(told =>
        {
            if (told is EchoAnswered && ++answers == 2) { timeline!.RequestStop(); }
        }));
        Assert.Throws<OperationCanceledException>(() => timeline.Run("client", "ping", static (elements, stop) => PingAsync(elements, stop, 100)));
        Assert.False(timeline.HasRunningPrograms);
        Assert.Contains(timeline.Events[^1].Changes, static change => change is PingCompleted { Received: 2 });
        var trace = timeline.World.Kernel.Trace.Value;
        timeline.GoTo(5);
        timeline.GoTo(timeline.Events.Count);
        Assert.Equal(trace, timeline.World.Kernel.Trace.Value);
        Assert.Equal(0, timeline.Run("client", "ping", static (elements, stop) => PingAsync(elements, stop)));
    }

    [Fact]
    public void A_stop_that_comes_before_its_program_has_begun_stops_it()
    {
        var timeline = new LabTimeline(Chapter, null, SilentSink.Instance);
        timeline.RequestStop();
        Assert.Throws<OperationCanceledException>(() => timeline.Run("client", "ping", static (elements, stop) => PingAsync(elements, stop, 100)));
        Assert.False(timeline.HasRunningPrograms);
        Assert.Equal(0, timeline.Run("client", "ping", static (elements, stop) => PingAsync(elements, stop)));
        var (end, trace) = (timeline.Events.Count, timeline.World.Kernel.Trace.Value);
        timeline.RequestStop();
        Assert.Throws<OperationCanceledException>(() => timeline.GoTo(5));
        timeline.RequestStop();
        timeline.WithdrawStop();
        timeline.GoTo(5);
        timeline.GoTo(end);
        Assert.Equal(trace, timeline.World.Kernel.Trace.Value);
    }

    [Fact]
    public void Watching_changes_nothing()
    {
        static ulong Trace(ITraceSink sink, bool watched)
        {
            var watch = new FrameWatch(sink, everyFrame: true);
            var world = LabWorld.Build(Chapter, null, watched ? watch : sink);
            var elements = new LabElements(world);
            if (watched) { watch.Watch(elements); }
            world.Run("ping", () => PingAsync(elements, CancellationToken.None));
            _ = Tables(elements);
            return world.Kernel.Trace.Value;
        }
        Assert.Equal(Trace(SilentSink.Instance, watched: false), Trace(new ListSink([]), watched: true));
    }

    [Fact]
    public void The_way_of_a_connection_is_told_machine_by_machine()
    {
        var events = new List<TraceEvent>();
        var timeline = new LabTimeline(Chapter, null, new ListSink(events));
        timeline.Run("client", "connect", async (elements, stop) =>
        {
            var client = elements.World.Client;
            using var socket = new TracingNetwork(client, elements.World.Tracer.Root(client), tellBytes: false).CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(Www, 80), stop);
            return 0;
        });
        Assert.Equal(["client", "home", "edge", "city", "core", "www"], Assert.Single(events.OfType<PathTaken>()).Elements);
    }

    private static LabTimeline Pinged(out int result, ITraceSink? sink = null)
    {
        var timeline = new LabTimeline(Chapter, null, sink ?? SilentSink.Instance);
        result = timeline.Run("client", "ping", static (elements, stop) => PingAsync(elements, stop));
        return timeline;
    }

    private static async Task<int> PingAsync(LabElements elements, CancellationToken stop, int count = 1)
    {
        var client = elements.FindMachine("client")!;
        var completed = await Ping.RunAsync(client.Machine.Network, new PingOptions(Www, "www") { Count = count }, elements.NameOf, elements.World.Tracer.Root(client.Machine.Network), stop);
        return completed.Received > 0 ? 0 : 1;
    }

    private static string Tables(LabElements elements) => string.Join('\n', elements.Machines.SelectMany(machine => LabTables.Routes(machine).Select(static row => row.ToString())
        .Concat(LabTables.Neighbors(elements, machine).Select(static row => row.ToString()))
        .Concat(LabTables.Sockets(machine).Select(static row => row.ToString()))
        .Concat((LabTables.Cache(elements, machine) ?? []).Select(static row => row.ToString())))
        .Concat(LabTables.Links(elements).Select(static row => row.ToString())));

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }

    private sealed class CallSink(Action<TraceEvent> call) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => call(traceEvent);
    }
}
