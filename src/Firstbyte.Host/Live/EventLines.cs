using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using Firstbyte.Exports;
using Firstbyte.Tracing;

namespace Firstbyte.Host.Live;

/// <summary>The events of a journey as JSON lines (docs/events.md), for whoever reads them while it goes on.</summary>
/// <param name="most">How many there may be.</param>
/// <param name="exhausted">Is called when there are more.</param>
internal sealed class EventLines(int most, Action exhausted) : ITraceSink
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Lock _gate = new();
    private readonly Channel<byte[]> _lines = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private long _events;
    private Instant _last;

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <summary>The lines as they come.</summary>
    public ChannelReader<byte[]> Lines => _lines.Reader;

    /// <summary>Takes an event, from whatever thread the network works on.</summary>
    public void Tell(TraceEvent traceEvent)
    {
        lock (_gate)
        {
            if (_events == most)
            {
                exhausted();
                return;
            }
            if (_events++ == 0) { Write(new TraceOpened(EventRegistry.Version, EventLevel.Journey) { At = traceEvent.At }); }
            _last = traceEvent.At;
            Write(traceEvent);
        }
    }

    /// <summary>Nothing follows.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_events > 0) { Write(new TraceClosed(_events) { At = _last }); }
            _lines.Writer.TryComplete();
        }
    }

    private void Write(TraceEvent traceEvent)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(output, s_json)) { EventRegistry.Default.Write(writer, traceEvent); }
        output.Write("\n"u8);
        _lines.Writer.TryWrite(output.WrittenSpan.ToArray());
    }
}
