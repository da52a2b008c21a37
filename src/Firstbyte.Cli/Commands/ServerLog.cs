using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// What a server prints while it serves. A line that cannot be written is dropped and counted: a full disk or a reader that left ends no
/// service.
/// </summary>
internal sealed class ServerLog : IDisposable
{
    private readonly CommandIo _io;
    private readonly DroppingStream _lines;
    private readonly JsonLines? _json;

    public ServerLog(CommandIo io, bool json, bool verbose)
    {
        _io = io;
        _lines = new DroppingStream(io.Output.Target);
        _json = json ? new JsonLines(_lines, EventLevel.All) : null;
        Sink = _json is not null
            ? _json
            : verbose ? new Storyteller(io.OpenPage(new StreamWriter(_lines) { NewLine = "\n" }), io.Language, 1) : SilentSink.Instance;
    }

    /// <summary>Where the events go.</summary>
    public ITraceSink Sink { get; }

    /// <summary>Stamps what several threads tell, and hands it on one at a time, without secrets.</summary>
    public Tracer NewTracer() => new(Sink is SilentSink ? Sink : new OneAtATime(new MaskingSink(Sink)));

    public void Dispose()
    {
        _json?.Close();
        if (_lines.Dropped > 0) { _io.Errors.Complain(_io.Language.Servers.LogLinesLost(_lines.Dropped)); }
        _lines.Dispose();
    }

    private sealed class OneAtATime(ITraceSink sink) : ITraceSink
    {
        private readonly Lock _lock = new();

        public bool IsListening => sink.IsListening;

        public void Tell(TraceEvent traceEvent)
        {
            lock (_lock) { sink.Tell(traceEvent); }
        }
    }

    /// <summary>Hands on each write at once, and forgets those that fail.</summary>
    private sealed class DroppingStream(Stream target) : WriteOnlyStream
    {
        public int Dropped { get; private set; }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            try { target.Write(bytes); }
            // Counted, and told when the server ends: there may be room for the next one.
            catch (IOException) { Dropped++; }
        }
    }
}
