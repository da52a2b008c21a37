using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>Which events are told while a command runs.</summary>
internal enum LabScene
{
    /// <summary>What has been asked for, with all that happens.</summary>
    Everything,

    /// <summary>Pings and traceroutes, not how the names are found and what servers do.</summary>
    Probes,

    /// <summary>Nothing: the way to a state that was asked for.</summary>
    Nothing,
}

/// <summary>Lets through what belongs to the scene.</summary>
/// <param name="next">Who is told.</param>
/// <param name="witness">Who hears what is not told, to know the causes of what is; null for nobody.</param>
internal sealed class SceneFilter(ITraceSink next, ITraceSink? witness = null) : ITraceSink
{
    public LabScene Scene { get; set; }

    public bool ShowsFrames { get; set; }

    /// <summary>Whether what somebody does to the world is told as it is done: to programs. People read the command's own words.</summary>
    public bool TellsChanges { get; init; }

    /// <summary>The last step of the world when the program began that is told: probes that began before belong to another one.</summary>
    public long Earlier { get; set; }

    public bool IsListening => true;

    public void Tell(TraceEvent traceEvent)
    {
        if (IsTold(traceEvent)) { next.Tell(traceEvent); }
        else { witness?.Tell(traceEvent); }
    }

    private bool IsTold(TraceEvent traceEvent) => Scene switch
    {
        LabScene.Nothing => false,
        _ when traceEvent is Hosts.FaultChanged or Dns.ZoneChanged => ShowsFrames || TellsChanges,
        _ when IsAboutFrames(traceEvent) => ShowsFrames,
        _ when IsProbe(traceEvent) => traceEvent.Span > Earlier,
        LabScene.Probes => traceEvent is Frames.LinkChanged,
        _ => true,
    };

    private static bool IsProbe(TraceEvent traceEvent) => traceEvent.GetType().Namespace == typeof(Probing.PingStarted).Namespace;

    private static bool IsAboutFrames(TraceEvent traceEvent) =>
        traceEvent is Frames.FrameSeen || traceEvent.GetType().Namespace is "Firstbyte.Hosts" or "Firstbyte.Tcp"
            or "Firstbyte.Packets" or "Firstbyte.Routing";
}
