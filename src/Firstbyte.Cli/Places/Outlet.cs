using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>Where a run's events go: the story, the JSON lines, or nowhere.</summary>
internal sealed class Outlet
{
    private readonly CommandIo _io;
    private readonly JsonLines? _lines;
    private bool _hasEnded;

    /// <param name="io">Where it is printed.</param>
    /// <param name="settings">How it is told.</param>
    /// <param name="isSilent">Whether people are told nothing, because only a result is wanted.</param>
    /// <param name="scene">What people are told; programs are told everything.</param>
    /// <param name="beside">Where people are told instead of on standard output; null for there.</param>
    /// <param name="heads">Who is told where people are told nothing; null for nobody.</param>
    public Outlet(
        CommandIo io, PlaceSettings settings, bool isSilent = false, LabScene scene = LabScene.Everything, TextWriter? beside = null, ITraceSink? heads = null)
    {
        _io = io;
        IsJson = settings.Json;
        ITraceSink sink = SilentSink.Instance;
        if (settings.Events is { } level) { sink = _lines = new JsonLines(io.Output, level); }
        // Where the capture goes to standard output, nothing else does.
        else if (settings.Pcap != CommandIo.StandardStream) { Page = beside is null ? io.OpenPage(settings.Colour) : io.OpenPage(beside, ColourChoice.Never); }
        if (Page is not null && !isSilent)
        {
            Rows = new InterruptedRows(Page);
            Story = new Storyteller(Rows, io.Language, settings.Verbosity);
            if (settings.Calls is not null) { Story.ShowCalls(ViewOf(settings)); }
            sink = scene == LabScene.Everything ? Story : new SceneFilter(Story, Story.Witness) { Scene = scene, ShowsFrames = Story.ShowsFrames };
        }
        else if (Page is not null && heads is not null) { sink = heads; }
        Sink = settings.ShowSecrets || sink is SilentSink ? sink : new MaskingSink(sink);
    }

    /// <summary>Where others tell already, and go on when this is ended: in a lab that somebody works in.</summary>
    public Outlet(CommandIo io, Page? page, Storyteller story) => (_io, Page, Story, Sink) = (io, page, story, SilentSink.Instance);

    // Which host it is that an option without a name means, the lab knows.
    private CallView ViewOf(PlaceSettings settings)
    {
        if (settings.Lab is null) { return new CallView("", RunsJourneys: true, settings.Sight); }
        var client = LabFiles.Load(_io, settings.Lab).Client;
        var host = settings.Calls is { Length: > 0 } named ? named : client;
        return new CallView(host, host == client, settings.Sight);
    }

    /// <summary>Where events go in the end.</summary>
    public ITraceSink Sink { get; }

    /// <summary>Whether programs read instead of people.</summary>
    public bool IsJson { get; }

    /// <summary>Where people read; null when nobody does.</summary>
    public Page? Page { get; }

    /// <summary>The same, with a word before each row to whoever has begun something of his own there.</summary>
    public InterruptedRows? Rows { get; }

    /// <summary>How people are told; null when they are told nothing.</summary>
    public Storyteller? Story { get; }

    /// <summary>Tells what was kept to be told with what follows.</summary>
    public void Flush()
    {
        Story?.Flush();
        _io.Flush();
    }

    /// <summary>The same, when nothing follows.</summary>
    public void End()
    {
        if (_hasEnded) { return; }
        _hasEnded = true;
        _lines?.Close();
        Story?.End();
        _io.Flush();
    }
}
