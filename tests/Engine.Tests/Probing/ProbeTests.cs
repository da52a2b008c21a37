using Firstbyte.Addressing;
using Firstbyte.Labs;
using Firstbyte.Probing;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Recording;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Probing;

/// <summary>ping and traceroute over our own stack.</summary>
public class ProbeTests
{
    [Theory]
    [InlineData(ProbeKind.Datagram)]
    [InlineData(ProbeKind.Echo)]
    public void Traceroute_names_the_routers_of_the_topology(ProbeKind kind)
    {
        var events = Trace("192.0.2.226", kind, out var reached);
        Assert.True(reached);
        Assert.Equal(["1 home HopsExceeded", "2 edge HopsExceeded", "3 city HopsExceeded", "4 core HopsExceeded", "5 www Reached"], events.OfType<HopProbed>().Select(static one => $"{one.Hop} {one.Name} {one.Reply}").Distinct());
        Assert.Equal(15, events.OfType<HopProbed>().Count());
        Assert.Equal("10.11.12.1", events.OfType<HopProbed>().First().From.ToString());
    }

    [Fact]
    public void A_host_that_is_not_there_is_reported_by_the_last_router()
    {
        var events = Trace("192.0.2.99", ProbeKind.Datagram, out var reached);
        Assert.False(reached);
        Assert.Contains(events, static one => one is HopProbed { Hop: 5, Name: "core", Reply: ProbeReply.HostUnreachable });
        Assert.DoesNotContain(events, static one => one is HopProbed { Hop: 6 });
    }

    [Fact]
    public void A_network_without_a_route_is_reported_by_the_router_that_has_none()
    {
        var events = Trace("8.8.8.8", ProbeKind.Datagram, out var reached);
        Assert.False(reached);
        Assert.Contains(events, static one => one is HopProbed { Hop: 2, Name: "home", Reply: ProbeReply.NetworkUnreachable });
    }

    [Fact]
    public void Silence_is_a_star_until_the_last_hop()
    {
        var events = Trace("10.11.12.2", ProbeKind.Datagram, out var reached, static elements => elements.World.Internet.Faults.Add(new SilentFault(elements.World.Internet.FindHost("dns")!)), maximumHops: 2);
        Assert.False(reached);
        Assert.Equal(6, events.OfType<HopProbed>().Count());
        Assert.All(events.OfType<HopProbed>(), static one =>
        {
            Assert.Null(one.From);
            Assert.Equal(5_000_000_000, one.ElapsedNanoseconds);
        });
    }

    [Fact]
    public void Ping_counts_round_trips_and_losses()
    {
        var events = new List<TraceEvent>();
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!, sink: new ListSink(events));
        var elements = new LabElements(world);
        world.Kernel.Schedule(elements);
        var completed = world.Run("ping", () => Ping.RunAsync(
            world.Client.Machine.Network, new PingOptions(IpAddress.Parse("192.0.2.226"), "www") { Count = 5 }, elements.NameOf, world.Tracer.Root(world.Client)));
        // The cable is pulled for the third and fourth.
        Assert.Equal((5, 3), (completed.Sent, completed.Received));
        Assert.Equal([3, 4], events.OfType<EchoUnanswered>().Select(static one => (int)one.Sequence));
        Assert.Equal([1, 2, 5], events.OfType<EchoAnswered>().Select(static one => (int)one.Sequence));
        Assert.Equal(8_000_000, completed.MinimumNanoseconds);
        Assert.InRange(completed.MeanNanoseconds, completed.MinimumNanoseconds, completed.MaximumNanoseconds);
    }

    [Fact]
    public void Ping_without_any_answer_says_how_long_it_waited()
    {
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!);
        var elements = new LabElements(world);
        elements.FindWire("www-glasscom")!.B.IsUp = false;
        elements.FindWire("client-office")!.B.IsUp = false;
        var completed = world.Run("ping", () => Ping.RunAsync(
            world.Client.Machine.Network, new PingOptions(IpAddress.Parse("10.11.12.2"), "dns") { Count = 1, LastWait = TimeSpan.FromSeconds(2) }, elements.NameOf, world.Tracer.Root(world.Client)));
        Assert.Equal((1, 0), (completed.Sent, completed.Received));
        Assert.Equal(2_000_000_000, completed.ElapsedNanoseconds);
    }

    private static List<TraceEvent> Trace(string target, ProbeKind kind, out bool reached, Action<LabElements>? before = null, int maximumHops = 30)
    {
        var events = new List<TraceEvent>();
        var world = LabWorld.Build(LabCatalog.Load("glasscom")!, sink: new ListSink(events));
        var elements = new LabElements(world);
        before?.Invoke(elements);
        reached = world.Run("traceroute", () => Traceroute.RunAsync(
            world.Client.Machine.Network, new TracerouteOptions(IpAddress.Parse(target), target) { Kind = kind, MaximumHops = maximumHops }, elements.NameOf, world.Tracer.Root(world.Client)));
        return events;
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}

/// <summary>When the cable to the web server is out.</summary>
internal static class Outages
{
    public static void Schedule(this Firstbyte.Simulation.Scheduling.Kernel kernel, LabElements elements) => kernel.Setup(() =>
    {
        kernel.Schedule(Instant.SimulationEpoch + TimeSpan.FromSeconds(1.5), () => elements.FindWire("www-glasscom")!.IsUp = false);
        kernel.Schedule(Instant.SimulationEpoch + TimeSpan.FromSeconds(3.5), () => elements.FindWire("www-glasscom")!.IsUp = true);
        return elements;
    });
}
