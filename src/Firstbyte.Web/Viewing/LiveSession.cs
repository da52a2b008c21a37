using System.Buffers;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>How a journey over the real network stands.</summary>
public enum LiveState
{
    /// <summary>Nobody has asked for one.</summary>
    Idle,

    /// <summary>It goes on.</summary>
    Running,

    /// <summary>It is over: its last event says how.</summary>
    Ended,

    /// <summary>Somebody has ended it.</summary>
    Cancelled,

    /// <summary>The stream of its events ended before the last one.</summary>
    BrokenOff,

    /// <summary>The server did not begin it.</summary>
    Refused,
}

/// <summary>A response as the page shows it.</summary>
/// <param name="Head">Its head, safe to show.</param>
/// <param name="Status">Its status.</param>
public sealed record ShownHead(string Head, int Status);

/// <summary>A journey over the real network as it is told by the server, or an archive of one.</summary>
/// <remarks>
/// Theory of operation. The server sends the events of <c>--json</c>, a line each, and everything that is shown is made of them, by the same story as
/// everywhere. The lines are somebody else's text until they have been read: what is no event ends the reading. Another language makes the rows anew from the
/// events.
/// </remarks>
public sealed class LiveSession
{
    /// <summary>The longest line that is read: as in a file of events.</summary>
    public const int MaxLine = EventFileReader.MaxLineLength;

    /// <summary>Events of a journey that are kept (own choice): more than the server tells.</summary>
    public const int MaxEvents = 100_000;

    private readonly List<TraceEvent> _events = [];
    private readonly ArrayBufferWriter<byte> _lines = new();
    private Language _language;
    private Collector _rows = null!;
    private Storyteller _story = null!;
    private int _read;
    private bool _isClosed;
    private bool _isCancelled;
    private byte[] _body = [];
    private string? _contentType;
    private readonly TextDecoding _decode;

    // The heads of each exchange of the journey; and whether somebody looks at an earlier one than the last.
    private readonly List<(string Request, ShownHead? Response)> _hops = [];
    private bool _isHopChosen;

    /// <summary>Nothing yet.</summary>
    /// <param name="language">The words.</param>
    /// <param name="decode">Makes text of contents that are not UTF-8.</param>
    public LiveSession(Language language, TextDecoding decode)
    {
        (_language, _decode) = (language, decode);
        Begin();
    }

    /// <summary>How it stands.</summary>
    public LiveState State { get; private set; }

    /// <summary>Why the server did not begin it.</summary>
    public HostRefusal Refusal { get; private set; }

    /// <summary>The steps.</summary>
    public IReadOnlyList<Row> Journey => _rows.Rows;

    /// <summary>The tree of questions.</summary>
    public RelayView Relay { get; private set; } = null!;

    /// <summary>Where the time went.</summary>
    public Waterfall Waterfall { get; private set; } = null!;

    /// <summary>The sockets.</summary>
    public SocketLives Sockets { get; private set; } = null!;

    /// <summary>The request that is shown, safe to show; empty when none was sent.</summary>
    public string Request { get; private set; } = "";

    /// <summary>The response that is shown; null when none has come.</summary>
    public ShownHead? Response { get; private set; }

    /// <summary>Whether the content is that of the exchange that is shown.</summary>
    public bool HasBody => BodyLength > 0 && (Archive is not null || Chosen == _hops.Count - 1);

    /// <summary>Bytes of the content, of which as many are here as are shown.</summary>
    public long BodyLength { get; private set; }

    /// <summary>Bytes of it that are here.</summary>
    public int BodyShown => _body.Length;

    /// <summary>The content as text.</summary>
    public ContentText Body { get; private set; } = ContentText.Empty;

    /// <summary>The archive that is shown in a journey's place; null for none.</summary>
    public HarArchive? Archive { get; private set; }

    /// <summary>The name of the archive's file.</summary>
    public string ArchiveName { get; private set; } = "";

    /// <summary>Which exchange is shown.</summary>
    public int Chosen { get; private set; }

    /// <summary>When the first event happened.</summary>
    public Instant Began => _events.Count == 0 ? default : _events[0].At;

    /// <summary>How many events there are.</summary>
    public int Count => _events.Count;

    /// <summary>The events as they came, to be kept.</summary>
    public ReadOnlyMemory<byte> Lines => _lines.WrittenMemory;

    /// <summary>Grows with whatever changes what is seen.</summary>
    public int Version { get; private set; }

    /// <summary>The words.</summary>
    public Language Language
    {
        get => _language;
        set
        {
            if (_language == value) { return; }
            _language = value;
            var (waterfall, chosen) = (Waterfall, Chosen);
            MakeViews();
            foreach (var one in _events) { Show(one); }
            if (State is not (LiveState.Idle or LiveState.Running)) { TellTheEnd(); }
            if (Archive is not null) { Waterfall = waterfall; }
            else if (chosen < _hops.Count) { ShowHop(chosen); }
            Version++;
        }
    }

    /// <summary>A journey begins.</summary>
    public void Start()
    {
        Begin();
        State = LiveState.Running;
    }

    /// <summary>Takes what has come of the stream, wherever it was cut.</summary>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        if (State != LiveState.Running) { return; }
        _lines.Write(piece);
        while (_lines.WrittenSpan[_read..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = _lines.WrittenMemory.Slice(_read, length);
            _read += length + 1;
            if (!Take(line))
            {
                Break();
                return;
            }
        }
        if (_lines.WrittenCount - _read > MaxLine) { Break(); }
        Version++;
    }

    /// <summary>The stream is over.</summary>
    public void End()
    {
        if (State == LiveState.Running) { Finish(_isCancelled ? LiveState.Cancelled : _isClosed ? LiveState.Ended : LiveState.BrokenOff); }
    }

    /// <summary>Somebody ends it: what its end is like, the server still tells; false where nothing goes on, or where that was said before.</summary>
    public bool Cancel()
    {
        if (State != LiveState.Running || _isCancelled) { return false; }
        return _isCancelled = true;
    }

    /// <summary>Nobody hears the server any more.</summary>
    public void Leave()
    {
        if (State == LiveState.Running) { Finish(LiveState.Cancelled); }
    }

    /// <summary>The server did not begin it.</summary>
    public void Refuse(HostRefusal refusal)
    {
        Refusal = refusal;
        Finish(LiveState.Refused);
    }

    /// <summary>The content has come.</summary>
    /// <param name="bytes">Its beginning.</param>
    /// <param name="length">How much there was.</param>
    public void SetBody(byte[] bytes, long length)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        _body = bytes.Length > LabSession.MaxBody ? bytes[..LabSession.MaxBody] : bytes;
        BodyLength = Math.Max(length, bytes.Length);
        Body = ContentText.Read(_body, BodyLength > _body.Length, _contentType, _decode);
        Version++;
    }

    /// <summary>Shows an archive.</summary>
    public void Open(HarArchive archive, string name)
    {
        ArgumentNullException.ThrowIfNull(archive);
        Begin();
        (Archive, ArchiveName, Waterfall) = (archive, name, archive.ToWaterfall());
        Choose(0);
    }

    /// <summary>Shows an exchange of the archive, or of the journey.</summary>
    public void Choose(int index)
    {
        if (Archive is not { } archive)
        {
            if (index < 0 || index >= _hops.Count) { return; }
            _isHopChosen = index < _hops.Count - 1;
            ShowHop(index);
            Version++;
            return;
        }
        if (index < 0 || index >= archive.Exchanges.Count) { return; }
        Chosen = index;
        var exchange = archive.Exchanges[index];
        Request = HeadOf($"{exchange.Method} {exchange.Url} {exchange.RequestVersion}".Trim(), exchange.RequestFields);
        Response = exchange.Status == 0 ? null : new ShownHead(HeadOf(exchange.StatusLine, exchange.Fields), exchange.Status);
        _contentType = exchange.IsText ? null : TypeOf(exchange.Fields);
        SetBody(exchange.Content, exchange.Length);
    }

    private void Begin()
    {
        _events.Clear();
        _lines.Clear();
        (_read, _isClosed, _isCancelled, _body, BodyLength, Body, Response, _contentType) = (0, false, false, [], 0, ContentText.Empty, null, null);
        (Archive, ArchiveName, Chosen, State, Request, _isHopChosen) = (null, "", 0, LiveState.Idle, "", false);
        MakeViews();
        Version++;
    }

    private void MakeViews()
    {
        _hops.Clear();
        _rows = new Collector();
        _story = new Storyteller(_rows, _language, 0) { IsPage = true };
        (Relay, Waterfall, Sockets) = (new RelayView(_language), new Waterfall(), new SocketLives());
    }

    private bool Take(ReadOnlyMemory<byte> line)
    {
        if (line.Span.Trim((byte)' ').IsEmpty) { return true; }
        if (_events.Count == MaxEvents || !EventRegistry.Default.TryRead(line, EventRegistry.Version, out var read, out _)) { return false; }
        switch (read)
        {
            case TraceOpened e: return e.Version <= EventRegistry.Version;
            case TraceClosed: _isClosed = true; return true;
        }
        _events.Add(read);
        Show(read);
        return true;
    }

    private void Show(TraceEvent traceEvent)
    {
        _story.Tell(traceEvent);
        Relay.Take(_events.Count, traceEvent);
        Waterfall.Take(traceEvent);
        Sockets.Take(traceEvent);
        switch (traceEvent)
        {
            case JourneyStarted: _hops.Add(("", null)); break;
            case RequestWritten e when _hops.Count > 0: _hops[^1] = (HeadOf($"{e.Method} {e.Target} {e.Version}", e.Fields), null); break;
            case ResponseHeadReceived e when _hops.Count > 0:
                _hops[^1] = (_hops[^1].Request, new ShownHead(HeadOf($"{e.Version} {e.Status} {e.Reason}", e.Fields), e.Status));
                _contentType = TypeOf(e.Fields);
                break;
            default: return;
        }
        if (!_isHopChosen) { ShowHop(_hops.Count - 1); }
    }

    private void ShowHop(int index) => (Chosen, Request, Response) = (index, _hops[index].Request, _hops[index].Response);

    private void Break() => Finish(LiveState.BrokenOff);

    private void Finish(LiveState state)
    {
        State = state;
        TellTheEnd();
        Version++;
    }

    private void TellTheEnd()
    {
        if (State == LiveState.Ended) { _story.End(); }
        else { _story.EndOfFile(); }
    }

    private static string HeadOf(string first, IEnumerable<HttpField> fields) =>
        Printable.Text(first) + "\n" + string.Concat(fields.Select(static field => $"{Printable.Text(field.Name)}: {Printable.Text(field.Value)}\n"));

    private static string? TypeOf(IEnumerable<HttpField> fields) =>
        fields.Where(static field => field.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Select(static field => field.Value).LastOrDefault();

    private sealed class Collector : IRowSink
    {
        public List<Row> Rows { get; } = [];

        public void Show(Row row) => Rows.Add(row);

        public void Show(Table table) => throw new NotSupportedException("A journey tells no tables.");

        public void Flush() { }
    }
}
