using Firstbyte.Dns.Resolving;
using Firstbyte.Journeys;
using Firstbyte.Probing;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells recorded events by their numbers: frames, decisions, and the commands that were given.</summary>
public sealed class LabLog : ITraceSink
{
    private readonly Language _language;
    private readonly FrameStory _frames;

    public LabLog(IRowSink rows, Language language)
    {
        _language = language;
        _frames = new FrameStory(rows, language, () => Number);
    }

    /// <summary>The number of the event that is told.</summary>
    public int Number { get; set; }

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        if (Command(traceEvent) is { } command) { _frames.TellCommand(traceEvent.At, command); }
        else { _frames.Tell(traceEvent); }
    }

    /// <summary>Tells what was kept to be told with what follows.</summary>
    public void Flush() => _frames.Flush();

    // The command that an event is the beginning or the end of; null for every other event.
    private Phrase? Command(TraceEvent traceEvent) => traceEvent switch
    {
        PingStarted e => _language.Labs.PingBegins(FieldWords.Named(e.Name, e.Target)),
        PingCompleted e => _language.Labs.PingEnds(e.Name, e.Received, e.Sent),
        TracerouteStarted e => _language.Labs.TracerouteBegins(FieldWords.Named(e.Name, e.Target)),
        TracerouteCompleted e => _language.Labs.TracerouteEnds(e.Hops, e.Reached),
        JourneyStarted e => _language.Labs.FetchBegins(e.Input),
        JourneyCompleted e => _language.Labs.FetchEnds(e.Status, Printable.Brief(e.Reason), e.Succeeded),
        ResolutionStarted { Parent: 0, Mode: ResolutionMode.Stub } e => _language.Labs.ResolveBegins(e.Name, e.Type),
        _ => null,
    };
}
