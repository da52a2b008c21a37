using System.Text.Json;
using Firstbyte.Cli.Drawing;
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
    private readonly LabSettings _settings;
    private readonly LabListener _listener;
    private readonly Stream? _json;
    private readonly JsonLines? _lines;
    private MemoryStream? _capture;
    private CaptureTap? _tap;

    public LabConsole(LabSettings settings)
    {
        _settings = settings;
        Definition = LabRun.Load(settings.Lab);
        Page = Page.On(Console.Out, Console.IsOutputRedirected, settings.Colour);
        // What a world tells while it is built comes before there is a run to ask.
        Story = new Storyteller(Page, settings.Language, settings.Verbosity, settings.NumbersEvents ? () => Timeline?.Position ?? 0 : null) { HidesServers = true };
        if (settings.Events is { } level)
        {
            _json = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
            _lines = new JsonLines(_json, level);
        }
        _listener = new LabListener(_lines is null ? Story : _lines, settings.ShowSecrets);
        Timeline = Begin(settings.Seed);
    }

    /// <summary>The lab.</summary>
    public LabDefinition Definition { get; }

    /// <summary>Its run.</summary>
    public LabTimeline Timeline { get; private set; }

    /// <summary>The parts of the world at the position.</summary>
    public LabElements Elements => Timeline.Elements;

    /// <summary>Where people read.</summary>
    public Page Page { get; }

    /// <summary>How people are told.</summary>
    public Storyteller Story { get; }

    /// <summary>In which language.</summary>
    public Language Language => _settings.Language;

    /// <summary>Whether programs read instead of people.</summary>
    public bool IsJson => _json is not null;

    /// <summary>Whether anything is told at all.</summary>
    public bool IsHeard => _listener.Scene != LabScene.Nothing;

    /// <summary>How much is told.</summary>
    public int Verbosity => _settings.Verbosity;

    /// <summary>Whether every frame at every element is told.</summary>
    public bool WatchesFrames => _settings.Events is { } level ? level > EventLevel.Journey : Verbosity > 1;

    /// <summary>What the lab was called on the command line.</summary>
    public string LabName => _settings.Lab;

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
    public int TellingProgram(LabScene scene, Func<int> run)
    {
        // Those at the position: what was recorded behind it is forgotten by the program that is given now.
        var earlier = string.Join(", ", Timeline.RunningPrograms);
        if (earlier.Length > 0) { Say($"still running from earlier, and not told here: {earlier} ('run' tells)", Role.Note); }
        (var before, _listener.Earlier) = (_listener.Earlier, Elements.World.Tracer.LastSpan);
        try { return Telling(scene, WatchesFrames, run); }
        finally { _listener.Earlier = before; }
    }

    /// <summary>The host or router of that name.</summary>
    public NetworkNode Machine(string name) => Elements.FindMachine(name) ?? throw new UsageException(
        $"there is no host or router '{Printable.Text(name)}' in this lab{Nearest.Question(name, Elements.Machines.Select(static machine => machine.Name))} ({Hint("hosts")} lists them)");

    /// <summary>The machine of that name, or the one at which the user sits.</summary>
    public NetworkNode MachineOrClient(string? name) => name is null ? Elements.World.Client : Machine(name);

    /// <summary>The host of that name, or the one at which the user sits: routers run no programs but ping and traceroute.</summary>
    public SimulatedHost HostOrClient(string? name) => MachineOrClient(name) as SimulatedHost
        ?? throw new UsageException($"{name} is a router: it forwards packets, and only ping and traceroute can be run from it");

    /// <summary>The cable of that name.</summary>
    public Wire Link(string name) => Elements.FindWire(name) ?? throw new UsageException(
        $"there is no link '{Printable.Text(name)}' in this lab{Nearest.Question(name, Elements.Wires.Select(static wire => wire.Name))} ({Hint("links")} lists them)");

    /// <summary>How a command is typed here.</summary>
    public string Hint(string verb) => _settings.NumbersEvents ? $"'{verb}'" : $"'firstbyte lab {verb} {LabName}'";

    /// <summary>Prints rows of a table: columns, or one JSON object a line.</summary>
    public void Show<T>(IReadOnlyList<T> rows, Func<Language, IReadOnlyList<T>, Table> table, Phrase whenEmpty)
    {
        if (!IsHeard) { return; }
        if (_json is not null)
        {
            foreach (var row in rows)
            {
                JsonSerializer.Serialize(_json, row, typeof(T), LabRowJson.Default);
                _json.WriteByte((byte)'\n');
            }
        }
        else if (rows.Count == 0) { Page.Line(whenEmpty, Role.Note); }
        else { Page.Show(table(Language, rows)); }
        Page.Flush();
    }

    /// <summary>A line for people; programs do not get it.</summary>
    public void Say(Phrase text, Role role = Role.Words)
    {
        if (_json is not null || !IsHeard) { return; }
        Page.Line(text, role);
        Page.Flush();
    }

    /// <summary>Tells recorded events again.</summary>
    public void Retell(IEnumerable<RecordedEvent> events)
    {
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
    }

    public void Flush()
    {
        Page.Flush();
        _json?.Flush();
    }

    public void Dispose()
    {
        Page.Flush();
        if (_json is not null)
        {
            try
            {
                _lines!.Close();
                _json.Flush();
            }
            // The reader of the pipe went away: what is left has nobody to go to.
            catch (IOException) { return; }
            _json.Dispose();
        }
    }

    /// <summary>Writes the capture of the run as it is now, if one was asked for.</summary>
    public void WriteCapture()
    {
        if (_settings.Capture is not { } file || _capture is null) { return; }
        _tap!.Dispose();
        try { File.WriteAllBytes(file, _capture.ToArray()); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UsageException($"'{file}' cannot be written: {e.Message}", Journeys.ExitCodes.WriteFailed); }
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
        _tap = world.Capture(_capture);
    });
}

/// <summary>What the command line said about a lab and its output.</summary>
internal sealed record LabSettings(string Lab, Language Language)
{
    public ulong? Seed { get; init; }

    /// <summary>Which events are printed as JSON; null when people read.</summary>
    public EventLevel? Events { get; init; }

    public int Verbosity { get; init; }

    public bool ShowSecrets { get; init; }

    public ColourChoice Colour { get; init; }

    /// <summary>The file that gets a capture of everything.</summary>
    public string? Capture { get; init; }

    /// <summary>Whether events are told with their numbers, by which one can go back: in the prompt.</summary>
    public bool NumbersEvents { get; init; }
}

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
internal sealed class LabListener(ITraceSink output, bool showSecrets) : ITraceSink
{
    private readonly ITraceSink _next = showSecrets ? output : new MaskingSink(output);

    public LabScene Scene { get; set; }

    public bool ShowsFrames { get; set; }

    /// <summary>The last step of the world when the program began that is told: probes that began before belong to another one.</summary>
    public long Earlier { get; set; }

    public bool IsListening => true;

    public void Tell(TraceEvent traceEvent)
    {
        if (IsTold(traceEvent)) { _next.Tell(traceEvent); }
    }

    private bool IsTold(TraceEvent traceEvent) => Scene switch
    {
        LabScene.Nothing => false,
        _ when IsAboutFrames(traceEvent) => ShowsFrames,
        _ when IsProbe(traceEvent) => traceEvent.Span > Earlier,
        LabScene.Probes => traceEvent is Frames.LinkChanged,
        _ => true,
    };

    private static bool IsProbe(TraceEvent traceEvent) => traceEvent.GetType().Namespace == typeof(Probing.PingStarted).Namespace;

    private static bool IsAboutFrames(TraceEvent traceEvent) =>
        traceEvent is Frames.FrameSeen || traceEvent.GetType().Namespace is "Firstbyte.Hosts" or "Firstbyte.Tcp" or "Firstbyte.Packets" or "Firstbyte.Routing";
}
