using System.Diagnostics;
using System.Diagnostics.Metrics;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Host.Telemetry;

/// <summary>Hears the events of a journey, whose secrets are covered already, and makes of them a span with its stages.</summary>
internal sealed class MeasuredJourney : ITraceSink
{
    private const double NanosecondsPerSecond = 1e9;
    private const long NanosecondsPerTick = 100;

    private readonly Lock _gate = new();
    private readonly ITraceSink _next;
    private readonly ActivitySource _source;
    private readonly Histogram<double> _durations;
    private readonly Activity? _journey;

    public MeasuredJourney(ITraceSink next, ActivitySource source, Histogram<double> durations)
    {
        (_next, _source, _durations) = (next, source, durations);
        // The page's own request is nobody's to collect: its span would be the parent, and decide that this one is not sampled either.
        Activity.Current = null;
        _journey = source.CreateActivity("journey", ActivityKind.Client)?.Start();
    }

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        lock (_gate) { Hear(traceEvent); }
        _next.Tell(traceEvent);
    }

    /// <summary>The journey is over.</summary>
    public void End()
    {
        lock (_gate) { _journey?.Dispose(); }
    }

    private void Hear(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case UrlParsed e:
                _journey?.SetTag("url.full", e.Href).SetTag("url.scheme", e.Scheme).SetTag("server.address", e.Host).SetTag("server.port", e.Port);
                break;
            case RequestWritten e: _journey?.SetTag("http.request.method", e.Method); break;
            case ResponseHeadReceived e: _journey?.SetTag("http.response.status_code", e.Status); break;
            case JourneyFailed e: _journey?.SetTag("error.type", e.Failure.GetType().Name).SetStatus(ActivityStatusCode.Error); break;
            case JourneyCompleted e: Complete(e); break;
        }
    }

    // The stages follow each other and end with the journey; a redirect's are those of its last hop, as the event has them.
    private void Complete(JourneyCompleted e)
    {
        _durations.Record(e.TotalNanoseconds / NanosecondsPerSecond, new KeyValuePair<string, object?>("http.response.status_code", e.Status));
        if (_journey is null) { return; }
        var at = e.At.ToDateTimeOffset();
        foreach (var (name, nanoseconds) in (ReadOnlySpan<(string, long)>)
        [
            ("receive", e.ReadNanoseconds), ("wait", e.WaitNanoseconds), ("tls", e.TlsNanoseconds), ("connect", e.ConnectNanoseconds), ("name", e.NameNanoseconds),
        ])
        {
            if (nanoseconds <= 0) { continue; }
            var began = at.AddTicks(-nanoseconds / NanosecondsPerTick);
            using var stage = _source.StartActivity(name, ActivityKind.Internal, _journey.Context, startTime: began);
            stage?.SetEndTime(at.UtcDateTime);
            at = began;
        }
    }
}
