using System.Text.Json;
using Firstbyte.Captures;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Exports;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Recording;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>A lab that somebody works in, and where its events and tables are printed: behind the one-shot commands and behind the prompt.</summary>
internal sealed class LabConsole : IDisposable
{
    private readonly CommandIo _io;
    private readonly LabSettings _settings;
    private readonly SceneFilter _listener;
    private readonly JsonLines? _lines;
    private MemoryStream? _capture;
    private CaptureTap? _tap;

    public LabConsole(CommandIo io, LabSettings settings, CommandRegistry commands)
    {
        (_io, _settings, Commands) = (io, settings, commands);
        Definition = LabFiles.Load(io, settings.Lab);
        Page = io.OpenPage(settings.Colour);
        Rows = new InterruptedRows(Page);
        // What a world tells while it is built comes before there is a run to ask.
        Story = new Storyteller(Rows, io.Language, settings.Verbosity, settings.NumbersEvents ? () => Timeline?.Position ?? 0 : null)
        {
            HidesServers = true,
            IsPrompt = settings.NumbersEvents,
            NameOf = address => Timeline?.Elements.NameOf(address),
            IsAt = (cable, machine) => Timeline?.Elements.IsAt(cable, machine) == true,
        };
        if (settings.Events is { } level) { _lines = new JsonLines(io.Output, level); }
        // Where the capture goes to standard output, nothing else does.
        ITraceSink sink = _lines is not null ? _lines : settings.Capture == CommandIo.StandardStream ? SilentSink.Instance : Story;
        _listener = new SceneFilter(settings.ShowSecrets ? sink : new MaskingSink(sink), sink == Story ? Story.Witness : null)
        {
            TellsChanges = _lines is not null,
        };
        Timeline = Begin(settings.Seed);
    }

    /// <summary>What can be given to it.</summary>
    public CommandRegistry Commands { get; }

    /// <summary>What it has around it.</summary>
    public CommandIo Io => _io;

    /// <summary>The lab.</summary>
    public LabDefinition Definition { get; }

    /// <summary>Its run.</summary>
    public LabTimeline Timeline { get; private set; }

    /// <summary>The parts of the world at the position.</summary>
    public LabElements Elements => Timeline.Elements;

    /// <summary>Where people read.</summary>
    public Page Page { get; }

    /// <summary>The same, with a word before each row to whoever has begun something of his own there.</summary>
    private InterruptedRows Rows { get; }

    /// <summary>
    /// Where the text of a body is shown as it comes; null where it is shown at the end: beside the bytes or the frames that carry it, and when
    /// a run is made again, of which nothing new is told.
    /// </summary>
    public InterruptedRows? RowsOfBodies =>
        IsHeard && !IsJson && Verbosity == 0 && !Story.ShowsFrames && !Story.ShowsCalls && !Timeline.IsReplaying ? Rows : null;

    /// <summary>How people are told.</summary>
    public Storyteller Story { get; }

    /// <summary>In which language.</summary>
    public Language Language => _io.Language;

    /// <summary>Whether secrets are shown.</summary>
    public bool ShowsSecrets => _settings.ShowSecrets;

    /// <summary>Whether programs read instead of people.</summary>
    public bool IsJson => _settings.Events is not null;

    /// <summary>Whether anything is told at all.</summary>
    public bool IsHeard => _listener.Scene != LabScene.Nothing && _settings.Capture != CommandIo.StandardStream;

    /// <summary>How much is told.</summary>
    public int Verbosity => _settings.Verbosity;

    /// <summary>Whether every frame at every element is told.</summary>
    public bool WatchesFrames => _settings.Events is { } level ? level > EventLevel.Journey : Verbosity > 1;

    /// <summary>What the lab was called on the command line.</summary>
    public string LabName => _settings.Lab;

    /// <summary>Programs are told that the run begins, whether anything happens in it or not.</summary>
    public void BeginEvents() => _lines?.Open(Timeline.Now);

    /// <summary>Begins again, with another seed.</summary>
    public void Restart(ulong seed) => Timeline = Begin(seed);

    /// <summary>Lets the hosts that ask for an address get it, unless all have one already; an event of the run like any other.</summary>
    public void AwaitAddresses()
    {
        var limit = Timeline.Now + LabWorld.LongestWaitForAddresses;
        while (Elements.World.Internet.Hosts.Any(static host => !host.HasAddresses) && Timeline.Now < limit && Timeline.Step()) { }
    }

    /// <summary>Does something while only some of what happens is told.</summary>
    public T Telling<T>(LabScene scene, bool showsFrames, Func<T> act)
    {
        var (before, framesBefore) = (_listener.Scene, Story.ShowsFrames);
        (_listener.Scene, _listener.ShowsFrames, Story.ShowsFrames) = (before == LabScene.Nothing ? LabScene.Nothing : scene, showsFrames, showsFrames);
        SetLevel(showsFrames);
        try { return act(); }
        finally
        {
            Story.Flush();
            SetLevel(showsFrames: false);
            (_listener.Scene, _listener.ShowsFrames, Story.ShowsFrames) = (before, framesBefore, framesBefore);
        }
    }

    /// <summary>Runs a program that was just asked for; earlier ones that still run are heard of once, not between its lines.</summary>
    /// <param name="scene">What is told.</param>
    /// <param name="inside">The machine whose inside is shown; null for none.</param>
    /// <param name="run">The program.</param>
    public int TellingProgram(LabScene scene, string? inside, Func<int> run)
    {
        // Those at the position: what was recorded behind it is forgotten by the program that is given now.
        var earlier = string.Join(", ", Timeline.RunningPrograms);
        if (earlier.Length > 0) { Say(Language.Prompt.StillRuns(earlier), Role.Note); }
        (var before, _listener.Earlier) = (_listener.Earlier, Elements.World.Tracer.LastSpan);
        if (inside is not null) { Story.ShowCalls(new CallView(inside, RunsJourneys: true, StackSight.Whole)); }
        try { return Telling(scene, WatchesFrames || inside is not null, run); }
        finally
        {
            _listener.Earlier = before;
            if (inside is not null) { Story.HideCalls(); }
        }
    }

    /// <summary>The host or router of that name.</summary>
    public NetworkNode Machine(string name) => Elements.FindMachine(name) ?? throw new UsageException(
        LabClientPlace.NoSuchMachine(Language, Elements, name, Hint("hosts")));

    /// <summary>The machine of that name, or the one at which the user sits.</summary>
    public NetworkNode MachineOrClient(string? name) => name is null ? Elements.World.Client : Machine(name);

    /// <summary>The host of that name, or the one at which the user sits: routers run no programs but ping and traceroute.</summary>
    public SimulatedHost HostOrClient(string? name) => MachineOrClient(name) as SimulatedHost
        ?? throw new UsageException(Language.Places.RouterRunsNothing(name!));

    /// <summary>The cable of that name.</summary>
    public Wire Link(string name) => Elements.FindWire(name) ?? throw new UsageException(
        Language.Places.NoLink(name, Nearest.To(name, Elements.Wires.Select(static wire => wire.Name)), Hint("links")));

    /// <summary>Whether commands are typed at its prompt.</summary>
    public bool IsPrompt => _settings.NumbersEvents;

    /// <summary>How a command is typed here.</summary>
    public string Hint(string verb) => _settings.NumbersEvents ? $"'{verb}'" : $"'firstbyte lab {verb} {LabName}'";

    /// <summary>Prints rows of a table: columns, or one JSON object a line.</summary>
    public void Show<T>(IReadOnlyList<T> rows, Func<Language, IReadOnlyList<T>, Table> table, Phrase whenEmpty)
    {
        if (!IsHeard) { return; }
        if (IsJson)
        {
            foreach (var row in rows)
            {
                JsonSerializer.Serialize(_io.Output, row, typeof(T), LabRowJson.Default);
                _io.Output.WriteByte((byte)'\n');
            }
        }
        else if (rows.Count == 0) { Page.Line(whenEmpty, Role.Note); }
        else { Page.Show(table(Language, rows)); }
        Page.Flush();
    }

    /// <summary>A line for people; programs do not get it.</summary>
    public void Say(Phrase text, Role role = Role.Words)
    {
        if (IsJson || !IsHeard) { return; }
        Page.Line(text, role);
        Page.Flush();
    }

    /// <summary>Tells recorded events again. For programs a look back is a trace of its own: in each, time runs forward and an event stands once.</summary>
    public void Retell(IEnumerable<RecordedEvent> events)
    {
        _lines?.Close();
        var log = new LabLog(Page, Language);
        // What was recorded holds every secret that was used.
        ITraceSink sink = _lines is null ? log : _lines;
        if (!_settings.ShowSecrets) { sink = new MaskingSink(sink); }
        SetLevel(showsFrames: true);
        foreach (var one in events)
        {
            log.Number = one.Number;
            foreach (var change in one.Changes) { sink.Tell(change); }
        }
        SetLevel(showsFrames: false);
        log.Flush();
        Page.Flush();
        _lines?.Close();
    }

    public void Flush()
    {
        Story.Flush();
        _io.Flush();
    }

    public void Dispose()
    {
        Story.Flush();
        _lines?.Close();
        _io.Flush();
    }

    /// <summary>Writes the capture of the run as it is now, if one was asked for.</summary>
    public void WriteCapture()
    {
        if (_settings.Capture is not { } file || _capture is null) { return; }
        _tap!.Dispose();
        if (file == CommandIo.StandardStream)
        {
            _io.Output.Write(_capture.ToArray());
            return;
        }
        using var whole = _io.Create(file);
        whole.Write(_capture.ToArray());
        whole.Complete();
    }

    // Where people are shown every frame, programs are told all of it too, unless they asked for less by name.
    private void SetLevel(bool showsFrames)
    {
        if (_lines is not null && _settings.Events == EventLevel.Journey) { _lines.Level = showsFrames ? EventLevel.All : EventLevel.Journey; }
    }

    private LabTimeline Begin(ulong? seed) => new(Definition, seed, _listener, world =>
    {
        if (_settings.Capture is null) { return; }
        // A way back makes the capture anew too: it holds the run that leads to where one is.
        _capture = new MemoryStream();
        _tap = world.Capture(_capture, _settings.CaptureSecrets);
    });
}

/// <summary>What the command line said about a lab and its output.</summary>
internal sealed record LabSettings(string Lab)
{
    public ulong? Seed { get; init; }

    /// <summary>Which events are printed as JSON; null when people read.</summary>
    public EventLevel? Events { get; init; }

    public int Verbosity { get; init; }

    public bool ShowSecrets { get; init; }

    public ColourChoice Colour { get; init; }

    /// <summary>The file that gets a capture of everything.</summary>
    public string? Capture { get; init; }

    /// <summary>What it does about secrets.</summary>
    public CaptureSecrets CaptureSecrets { get; init; }

    /// <summary>Whether events are told with their numbers, by which one can go back: in the prompt.</summary>
    public bool NumbersEvents { get; init; }
}
