using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Http;
using Firstbyte.Simulation.Recording;
using Firstbyte.Tcp;
using Firstbyte.Telling.Findings;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>A row of a story, and the event from which on it can be read.</summary>
public sealed record NumberedRow(int Number, Row Row);

/// <summary>A row of the list of events.</summary>
/// <param name="Number">The event.</param>
/// <param name="Clock">When.</param>
/// <param name="Place">Where.</param>
/// <param name="Protocol">What the frame carries, or the domain of the event.</param>
/// <param name="Info">What happened.</param>
/// <param name="Aside">What was decided.</param>
/// <param name="Frame">The frame that can be opened; null where none moved.</param>
/// <param name="IsLost">Whether something was lost or dropped.</param>
/// <param name="Reason">Why, where what was decided says more than that; else empty.</param>
public sealed record EventRow(int Number, string Clock, string Place, string Protocol, Phrase Info, Phrase Aside, FrameSeen? Frame, bool IsLost, Phrase Reason);

/// <summary>What can be read of a recorded run, in one language: every row with the event from which on it stands there.</summary>
/// <remarks>
/// Theory of operation. The view is a consumer of the recorded events and knows nothing but them. It is made once, event by event as they are recorded; going
/// back and forth only decides how much of it is shown. Another language, or another run from some event on, makes it anew from the log.
/// </remarks>
public sealed class RunView
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Language _language;
    private readonly Collector _journey;
    private readonly Collector _calls;
    private readonly Collector _frames;
    private readonly Storyteller _story;
    private readonly CallStory _callStory;
    private readonly LabLog _log;
    private readonly Masked _masked;
    private readonly List<FrameSeen> _seen = [];
    private readonly List<(int Number, FaultChanged Change)> _faults = [];
    private readonly List<FaultChanged> _fromStart = [];
    private readonly List<(int Number, TcpStateChanged Change)> _states = [];
    private readonly string _client;
    private string _clock = "";
    private RecordedEvent? _recorded;
    private int _told;
    private bool _hasEnded;

    /// <summary>A view of nothing yet.</summary>
    /// <param name="language">Its words.</param>
    /// <param name="map">Where things stand.</param>
    /// <param name="elements">Whose the addresses are.</param>
    /// <param name="callsOf">The machine whose inside is shown.</param>
    /// <param name="beginning">What was told while the world came to be: what is wrong in it from the start.</param>
    /// <param name="isUnnamed">Whether the lab was written in the page.</param>
    public RunView(Language language, MapLayout map, LabElements elements, string callsOf, IEnumerable<TraceEvent>? beginning = null, bool isUnnamed = false)
    {
        ArgumentNullException.ThrowIfNull(elements);
        (_language, _client) = (language, callsOf);
        (_journey, _calls, _frames) = (new Collector(), new Collector(), new Collector());
        _story = new Storyteller(_journey, language, 0, () => _journey.Number)
        {
            HidesServers = true,
            IsPage = true,
            IsUnnamed = isUnnamed,
            NameOf = elements.NameOf,
            IsAt = elements.IsAt,
        };
        foreach (var change in beginning ?? [])
        {
            _story.Witness.Tell(change);
            if (change is FaultChanged fault) { _fromStart.Add(fault); }
        }
        _callStory = new CallStory(_calls, language, new CallView(callsOf, RunsJourneys: true, StackSight.Whole));
        _log = new LabLog(_frames, language);
        Relay = new RelayView(language);
        Traffic = new Traffic(map, elements.NameOf);
        _masked = new Masked(this);
        Masking = new MaskingSink(_masked);
    }

    private MaskingSink Masking { get; }

    /// <summary>The steps of the journey.</summary>
    public IReadOnlyList<NumberedRow> Journey => _journey.Rows;

    /// <summary>The inside of the host.</summary>
    public IReadOnlyList<NumberedRow> Calls => _calls.Rows;

    /// <summary>The tree of questions.</summary>
    public RelayView Relay { get; }

    /// <summary>What moved.</summary>
    public Traffic Traffic { get; }

    /// <summary>The list of events: frames, decisions, commands.</summary>
    public List<EventRow> Events { get; } = [];

    /// <summary>The heads of responses, and when they came.</summary>
    public List<(int Number, ResponseHeadReceived Head)> Responses { get; } = [];

    /// <summary>Where bodies ended.</summary>
    public List<(int Number, ResponseCompleted End)> Bodies { get; } = [];

    /// <summary>The states that connections went to, and when.</summary>
    public IReadOnlyList<(int Number, TcpStateChanged Change)> States => _states;

    /// <summary>The faults that act after an event, each with the event that brought it.</summary>
    public IReadOnlyList<(int Number, FaultChanged Change)> FaultsAt(int number) => ActingFaults.After(_faults.TakeWhile(one => one.Number <= number));

    /// <summary>Whether anything is broken after an event, by hand or by the lab.</summary>
    public bool IsBrokenAt(int number) =>
        ActingFaults.After(_fromStart.Select(static change => (0, change)).Concat(_faults.TakeWhile(one => one.Number <= number))).Count > 0;

    /// <summary>Takes an event that was recorded.</summary>
    public void Take(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        Finish();
        _journey.Number = _calls.Number = _frames.Number = _log.Number = _masked.Number = recorded.Number;
        _seen.Clear();
        (_recorded, _clock) = (recorded, Amounts.Clock(recorded.At));
        foreach (var change in recorded.Changes)
        {
            if (change is FrameSeen seen) { _seen.Add(seen); }
            Traffic.Take(recorded.Number, change);
            Masking.Tell(change);
        }
        _log.Flush();
        AddFrameRows(recorded);
        AddProgramRows();
    }

    /// <summary>Tells what is left to tell when nothing follows.</summary>
    public void End()
    {
        if (_hasEnded) { return; }
        _hasEnded = true;
        _callStory.End();
        _story.Flush();
        AddProgramRows();
    }

    /// <summary>The recorded events as <c>--json=all</c> writes them, secrets covered, up to an event, behind how the world came to be.</summary>
    public static string Export(LabTimeline run, int last)
    {
        ArgumentNullException.ThrowIfNull(run);
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        var lines = new Lines(output);
        var masking = new MaskingSink(lines);
        foreach (var change in run.Beginning.Concat(run.Events.Take(last).SelectMany(static one => one.Changes))) { masking.Tell(change); }
        lines.Close();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Everything that was told of an event, each by its kind's name with its fields as JSON.</summary>
    public static IEnumerable<EventRow> Everything(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var rows = new List<EventRow>();
        var masking = new MaskingSink(new Everybody(recorded.Number, rows));
        foreach (var change in recorded.Changes) { masking.Tell(change); }
        return rows;
    }

    // A run goes on after it had come to rest: what was told as unfinished has to be told anew by whoever holds the log.
    private void Finish()
    {
        if (_hasEnded) { throw new InvalidOperationException("The view has told its end."); }
    }

    private void AddFrameRows(RecordedEvent recorded)
    {
        foreach (var row in _frames.Rows)
        {
            var place = row.Row.Place!;
            var element = place.Element.ToString();
            var text = row.Row.Text.ToString();
            var index = _seen.FindIndex(seen => seen.Element == element && TextOf(seen) == text);
            var frame = index < 0 ? null : _seen[index];
            if (index >= 0) { _seen.RemoveAt(index); }
            var reason = ReasonOf(recorded, element, row.Row);
            Events.Add(new EventRow(
                recorded.Number, place.Clock, element, frame is null ? "" : ProtocolOf(frame.Frame), row.Row.Text, row.Row.Aside, frame, !reason.IsEmpty, reason));
        }
        _frames.Rows.Clear();
    }

    // An element may send several frames in an event; what it says of one of them names its loss.
    private Phrase ReasonOf(RecordedEvent recorded, string element, Row row)
    {
        string? said = null;
        foreach (var change in recorded.Changes)
        {
            var reason = change switch
            {
                FrameLost e when e.From[(e.From.LastIndexOf('/') + 1)..] == element => _language.Frames.Lost(e.Link, e.Reason),
                FrameDropped { Reason: not FrameDropReason.NotForThisStation } e when e.Host == element => _language.Frames.Dropped(e.Reason),
                _ => Phrase.Empty,
            };
            if (!reason.IsEmpty && (said ??= $"{row.Text}\n{row.Aside}").Contains(reason.ToString(), StringComparison.Ordinal)) { return reason; }
        }
        return Phrase.Empty;
    }

    // A step of the journey stands behind what moved before it was told, and before what moves because of it.
    private void AddProgramRows()
    {
        for (; _told < _journey.Rows.Count; _told++)
        {
            var (number, row) = _journey.Rows[_told];
            if (row.Kind != RowKind.Step || (row.Text.IsEmpty && row.Facts.Count == 0)) { continue; }
            var said = row.Text.IsEmpty ? row.Facts[0] : row.Text;
            Events.Add(new EventRow(
                number, _clock, _client, ProgramProtocol, row.Label.Length == 0 ? said : Phrase.Of(row.Label + " ", Role.Strong) + said,
                row.Aside, null, row.Role == Role.Bad, Phrase.Empty));
        }
    }

    private string TextOf(FrameSeen seen) => (seen.Kind is ElementKind.Hub or ElementKind.Switch ? _language.Frames.Frame(seen.Frame)
        : seen.Direction == FrameDirection.Out ? _language.Frames.Sends(seen.Frame) : _language.Frames.Gets(seen.Frame)).ToString();

    /// <summary>What stands in a frame's protocol's place where the program on the host speaks.</summary>
    public const string ProgramProtocol = "APP";

    /// <summary>The name of what a frame carries.</summary>
    public static string ProtocolOf(FrameSummary frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return frame.Protocol switch
        {
            FrameProtocol.Unknown => "?",
            FrameProtocol.Tcp when frame.Content > 0 && (frame.SourcePort is 80 || frame.DestinationPort is 80) => "HTTP",
            FrameProtocol.Tcp when frame.Content > 0 && (frame.SourcePort is 443 || frame.DestinationPort is 443) => "TLS",
            _ => frame.Protocol.ToString().ToUpperInvariant(),
        };
    }

    private void Hear(int number, TraceEvent traceEvent)
    {
        _story.Tell(traceEvent);
        if (_journey.Rows.Count > _told && _recorded is { } recorded)
        {
            _log.Flush();
            AddFrameRows(recorded);
            AddProgramRows();
        }
        _callStory.Tell(traceEvent);
        _log.Tell(traceEvent);
        Relay.Take(number, traceEvent);
        switch (traceEvent)
        {
            case ResponseHeadReceived e: Responses.Add((number, e)); break;
            case FaultChanged e: _faults.Add((number, e)); break;
            case TcpStateChanged e: _states.Add((number, e)); break;
            case ResponseCompleted e: Bodies.Add((number, e)); break;
        }
    }

    private sealed class Collector : IRowSink
    {
        public List<NumberedRow> Rows { get; } = [];

        public int Number { get; set; }

        public void Show(Row row) => Rows.Add(new NumberedRow(Number, row));

        public void Show(Table table) => throw new NotSupportedException("A journey tells no tables.");

        public void Flush() { }
    }

    private sealed class Masked(RunView view) : ITraceSink
    {
        public int Number { get; set; }

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => view.Hear(Number, traceEvent);
    }

    private sealed class Lines(ArrayBufferWriter<byte> output) : ITraceSink
    {
        private long _events;
        private Instant _last;

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent)
        {
            if (_events++ == 0) { Write(new TraceOpened(EventRegistry.Version, EventLevel.All) { At = traceEvent.At }); }
            _last = traceEvent.At;
            Write(traceEvent);
        }

        public void Close()
        {
            if (_events > 0) { Write(new TraceClosed(_events) { At = _last }); }
        }

        private void Write(TraceEvent traceEvent)
        {
            using (var writer = new Utf8JsonWriter(output, s_json)) { EventRegistry.Default.Write(writer, traceEvent); }
            output.Write("\n"u8);
        }
    }

    private sealed class Everybody(int number, List<EventRow> rows) : ITraceSink
    {
        // What says where an event happened, in the order in which it is looked for.
        private static readonly string[] s_places = ["element", "host", "switch", "hub", "link", "local"];

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent)
        {
            var output = new ArrayBufferWriter<byte>(512);
            using (var writer = new Utf8JsonWriter(output, s_json)) { EventRegistry.Default.Write(writer, traceEvent); }
            using var json = JsonDocument.Parse(output.WrittenMemory);
            var (place, info) = ("", new StringBuilder());
            foreach (var name in s_places)
            {
                if (place.Length == 0 && json.RootElement.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String) { place = found.GetString()!; }
            }
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name is EventRegistry.Discriminator or "at" or "span" or "parent") { continue; }
                info.Append(info.Length > 0 ? "  " : "").Append(property.Name).Append('=').Append(property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : property.Value.GetRawText());
            }
            var kind = EventRegistry.Default.KindOf(traceEvent).Name;
            rows.Add(new EventRow(
                number, Amounts.Clock(traceEvent.At), Printable.Text(place), kind, Phrase.Of(info.ToString(), Role.Text), Phrase.Empty, traceEvent as FrameSeen, false, Phrase.Empty));
        }
    }
}
