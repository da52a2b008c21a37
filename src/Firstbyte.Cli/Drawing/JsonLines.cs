using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Drawing;

/// <summary>Writes each event as one line of JSON, between a line that says the version and one that says that the file is whole.</summary>
/// <param name="output">Where the lines go; it stays open.</param>
/// <param name="level">How much is told.</param>
internal sealed class JsonLines(Stream output, EventLevel level) : ITraceSink
{
    // Nothing of these lines is ever put into a page, so only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private bool _isOpen;
    private long _events;
    private Instant _last;

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <summary>How much is told from now on.</summary>
    public EventLevel Level { get; set; } = level;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        if (EventRegistry.Default.KindOf(traceEvent).Level > Level) { return; }
        Open(traceEvent.At);
        _events++;
        _last = traceEvent.At;
        Write(traceEvent);
    }

    /// <summary>Writes the first line, unless it has been written: of a run in which nothing may happen, but which has begun.</summary>
    public void Open(Instant at)
    {
        if (_isOpen) { return; }
        (_isOpen, _last) = (true, at);
        Write(new TraceOpened(EventRegistry.Version, Level) { At = at });
    }

    /// <summary>Writes the last line; without it a reader takes the file for cut. What did not begin has neither a first nor a last one.</summary>
    public void Close()
    {
        if (_isOpen) { Write(new TraceClosed(_events) { At = _last }); }
        (_isOpen, _events) = (false, 0);
    }

    private void Write(TraceEvent traceEvent)
    {
        _line.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_line, Options)) { EventRegistry.Default.Write(writer, traceEvent); }
        _line.Write("\n"u8);
        output.Write(Printable.Json(_line.WrittenMemory).Span);
    }
}
