using Firstbyte.Cli.Drawing;
using Firstbyte.Exports;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Where a run's events and bodies go: the story, the JSON lines, or nowhere; a file, standard output, or the story's end.</summary>
internal sealed class Outlet : IDisposable
{
    private readonly FetchSettings _settings;
    private readonly Stream? _json;
    private readonly JsonLines? _lines;
    private readonly Page? _page;
    private readonly Storyteller? _story;

    public Outlet(FetchSettings settings)
    {
        _settings = settings;
        ITraceSink sink = SilentSink.Instance;
        if (settings.Place.Events is { } level)
        {
            _json = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
            sink = _lines = new JsonLines(_json, level);
        }
        else if (!settings.BodyOnly)
        {
            _page = Page.On(Console.Out, Console.IsOutputRedirected, settings.Place.Colour);
            sink = _story = new Storyteller(_page, settings.Place.Language, settings.Place.Verbosity);
        }
        Sink = settings.Place.ShowSecrets || sink is SilentSink ? sink : new MaskingSink(sink);
        Tracer = new Tracer(Sink);
    }

    /// <summary>Where events go in the end.</summary>
    public ITraceSink Sink { get; }

    /// <summary>Numbers the steps; a lab's world brings one of its own.</summary>
    public Tracer Tracer { get; set; }

    /// <summary>The place for the next body.</summary>
    public BodyOutlet OpenBody()
    {
        BodyOutlet body = _settings.Output is { } file ? new FileBody(file, _settings.Place.Language) : _settings.BodyOnly ? new StandardOutputBody() : new PreviewBody(_settings.Head, _settings.Place.Language);
        if (_story is not null) { _story.Body = body; }
        return body;
    }

    public void Dispose()
    {
        _story?.Flush();
        if (_json is null) { return; }
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
