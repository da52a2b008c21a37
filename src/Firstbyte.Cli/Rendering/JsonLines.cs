using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>Writes each event as one line of JSON.</summary>
internal sealed class JsonLines(Stream output) : ITraceSink
{
    // Nothing of these lines is ever put into a page, so only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _line = new(1024);

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        _line.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_line, Options)) { TraceEventRegistry.Write(writer, traceEvent); }
        _line.Write("\n"u8);
        output.Write(_line.WrittenSpan);
    }
}
