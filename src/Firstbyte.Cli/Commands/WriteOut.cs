using Firstbyte.Cli.Curl;
using Firstbyte.Cli.Io;
using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>-w: prints what was asked for when a transfer is over. On a terminal nothing of what a server has said acts.</summary>
/// <param name="io">Where it is printed.</param>
/// <param name="format">The text with its variables.</param>
/// <param name="showsSecrets">Whether secrets are told.</param>
internal sealed class WriteOut(CommandIo io, string format, bool showsSecrets) : ICurlWriteOut
{
    private readonly PlainFiles _files = new(io);
    private readonly List<Stream> _written = [];

    /// <summary>Begins to listen to the journeys of a URL, beside whoever listens already.</summary>
    public (TransferFigures Figures, ITraceSink Sink) Begin(string url, ITraceSink listener)
    {
        var figures = new TransferFigures(SecretText.MaskUrl(url));
        return (figures, new Both(listener, showsSecrets ? figures : new MaskingSink(figures)));
    }

    /// <summary>Prints it.</summary>
    public void Print(TransferFigures figures)
    {
        CurlWriteOut.Write(format, figures.Info, $"Firstbyte/{Edition.Version}", this);
        foreach (var one in _written) { one.Dispose(); }
        _written.Clear();
        io.Output.Flush();
    }

    void ICurlWriteOut.ToOutput(string text) => io.Output.Write(OctetText.Octets(io.IsOutputTerminal ? Printable.Text(text, keepLines: true) : text));

    void ICurlWriteOut.ToErrors(string text)
    {
        io.Flush();
        io.Errors.Put(text);
    }

    Action<string> ICurlWriteOut.OpenFile(string name, bool appends)
    {
        if (_files.Create(name, appends) is not { } file)
        {
            io.Errors.Complain(io.Language.Files.Unusable(name, isWriting: true, _files.IsFolder(name) ? Errno.EISDIR : Errno.EACCES));
            return static _ => { };
        }
        _written.Add(file);
        return text => file.Write(OctetText.Octets(text));
    }

    void ICurlWriteOut.WarnOfVariable(string name) => io.Errors.Complain(io.Language.Usage.NoVariable(name));

    /// <summary>Two listeners of the same events.</summary>
    private sealed class Both(ITraceSink first, ITraceSink second) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent)
        {
            if (first.IsListening) { first.Tell(traceEvent); }
            second.Tell(traceEvent);
        }
    }
}
