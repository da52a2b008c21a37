using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Recording;

/// <summary>Writes what a world tells into a log, or compares it with a log that is there already.</summary>
internal sealed class EventRecorder(List<RecordedEvent> log, ITraceSink listener, List<TraceEvent>? beginning = null) : ITraceSink
{
    private RecordedEvent? _current;
    private int _changes;
    private bool _startsNew = true;

    /// <summary>The world's heart; null while the world is being built.</summary>
    public Kernel? Kernel { get; set; }

    /// <summary>Events that this world has told.</summary>
    public int Told { get; private set; }

    /// <summary>Whether the listener also hears what the log holds already.</summary>
    public bool ShowsReplay { get; set; }

    /// <summary>The first difference between this world and the log; null while there is none.</summary>
    public ReplayDivergedException? Divergence { get; private set; }

    public bool IsListening => true;

    /// <summary>What is told from now on belongs to another event, though the kernel has not fired one: a command.</summary>
    public void StartNew() => _startsNew = true;

    public void Tell(TraceEvent traceEvent)
    {
        // How the world came to be is in its definition.
        if (Kernel is null)
        {
            beginning?.Add(traceEvent);
            return;
        }
        var (step, hash) = (Kernel.EventsFired, Kernel.Trace.Value);
        if (_startsNew || _current!.Step != step)
        {
            _startsNew = false;
            CheckComplete();
            Begin(new RecordedEvent(Told + 1, step, traceEvent.At, hash));
        }
        var isReplay = _changes < _current!.Changes.Count || _current.Number < log.Count;
        if (!isReplay) { _current.Add(traceEvent); }
        else if (_changes >= _current.Changes.Count || _current.Changes[_changes].GetType() != traceEvent.GetType())
        {
            Differ(_current.Number, "tells something else");
        }
        _changes++;
        if (!isReplay || ShowsReplay) { listener.Tell(traceEvent); }
    }

    /// <summary>Whether the last event has told all that the log says of it.</summary>
    public void CheckComplete()
    {
        if (_current is not null && _changes < _current.Changes.Count) { Differ(_current.Number, "tells less"); }
    }

    private void Begin(RecordedEvent begun)
    {
        Told++;
        _changes = 0;
        if (Told > log.Count)
        {
            log.Add(begun);
            _current = begun;
            if (log.Count >= LabTimeline.MaxEvents) { Kernel!.RequestStop(); }
            return;
        }
        _current = log[Told - 1];
        if (_current.Step != begun.Step) { Differ(Told, $"happened as the kernel's event {_current.Step} and now as {begun.Step}"); }
        else if (_current.Hash != begun.Hash) { Differ(Told, $"had the trace {_current.Hash:x16} and now has {begun.Hash:x16}"); }
        else if (_current.At != begun.At) { Differ(Told, "happened at another time"); }
    }

    // The exception is thrown by the timeline: here it would be thrown through whatever is telling.
    public void Differ(int number, string what) => Divergence ??= new ReplayDivergedException(number, what);
}
