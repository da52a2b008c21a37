using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>A visit of the client of a lab to a URL, with everything that was told on the way.</summary>
internal sealed class LabVisit : ITraceSink
{
    private readonly List<TraceEvent> _events = [];

    private LabVisit(LabDefinition lab, ulong? seed) => World = LabWorld.Build(lab, seed, this);

    public LabWorld World { get; }

    public JourneyResult Result { get; private set; } = null!;

    public byte[] Body { get; private set; } = [];

    /// <summary>How long it took in the lab's own time.</summary>
    public TimeSpan Time { get; private set; }

    public bool IsListening => true;

    public IReadOnlyList<TraceEvent> Events => _events;

    public void Tell(TraceEvent traceEvent) => _events.Add(traceEvent);

    public IEnumerable<T> Of<T>()
        where T : TraceEvent => _events.OfType<T>();

    public static LabVisit To(string url, string lab, ulong? seed = null, int seconds = 60) => To(url, LabCatalog.Load(lab)!, seed, seconds);

    public static LabVisit To(string url, LabDefinition lab, ulong? seed = null, int seconds = 60)
    {
        var visit = new LabVisit(lab, seed);
        visit.World.AwaitAddresses();
        visit.Go(url, seconds);
        return visit;
    }

    /// <summary>A world in which nothing has happened for a while; nobody has gone anywhere yet.</summary>
    public static LabVisit After(TimeSpan time, LabDefinition lab)
    {
        var visit = new LabVisit(lab, null);
        visit.World.Kernel.RunUntil(visit.World.Kernel.Now + time);
        return visit;
    }

    /// <summary>Another journey in the same world, and what came of it.</summary>
    public JourneyResult Visit(string url)
    {
        Go(url);
        return Result;
    }

    /// <summary>Another journey in the same world.</summary>
    public void Go(string url, int seconds = 60)
    {
        var body = new MemorySink();
        var began = World.Kernel.Now;
        Result = World.Run("visit", async () =>
        {
            var options = new JourneyOptions { KeepConnections = false, MaximumTime = TimeSpan.FromSeconds(seconds) };
            using var client = new JourneyClient(World.Client, StubResolver.FromSystem(World.Client), new BouncyCastleTlsProvider(World.Client), options);
            return await client.RunAsync(new JourneyRequest(url), body, World.Tracer);
        });
        Body = body.Body.ToArray();
        Time = World.Kernel.Now - began;
        Assert.Equal(0, World.Kernel.ForeignEntries);
    }
}
