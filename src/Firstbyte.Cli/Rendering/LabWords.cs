using Firstbyte.Dns.Resolving;
using Firstbyte.Journeys;
using Firstbyte.Probing;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for what is done in a lab.</summary>
internal static class LabWords
{
    /// <summary>The command that an event is the beginning or the end of; null for every other event.</summary>
    public static string? OfCommand(TraceEvent traceEvent) => traceEvent switch
    {
        PingStarted e => $"ping {ProbeStory.Named(e.Name, e.Target)} begins",
        PingCompleted e => $"ping {Printable.Text(e.Name)} ends: {e.Received} of {e.Sent} answered",
        TracerouteStarted e => $"traceroute {ProbeStory.Named(e.Name, e.Target)} begins",
        TracerouteCompleted e => $"traceroute ends: {(e.Reached ? $"{Amounts.Count(e.Hops, "hop")} to the target" : "the target did not answer")}",
        JourneyStarted e => $"fetch {Printable.Text(e.Input)} begins",
        JourneyCompleted e => $"fetch ends{(e.Succeeded ? $": {e.Status} {Printable.Text(e.Reason)}" : " without a page")}",
        ResolutionStarted { Parent: 0, Mode: ResolutionMode.Stub } e => $"resolve {Printable.Text(e.Name)} {e.Type} begins",
        _ => null,
    };
}
