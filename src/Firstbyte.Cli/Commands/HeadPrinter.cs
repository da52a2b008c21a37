using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>-i: the heads of responses as they came, each with the empty line behind it, where the bodies go. On a terminal nothing of them acts.</summary>
/// <param name="io">Where they are printed.</param>
internal sealed class HeadPrinter(CommandIo io) : ITraceSink
{
    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case InformationalReceived head: Print("HTTP/1.1", head.Status, head.Reason, head.Fields); break;
            case ResponseHeadReceived head: Print(head.Version, head.Status, head.Reason, head.Fields); break;
            case CacheAnswered head: Print("HTTP/1.1", head.Status, head.Reason, head.Fields); break;
            default: break;
        }
    }

    private void Print(string version, int status, string reason, IReadOnlyList<HttpField> fields)
    {
        var text = new StringBuilder();
        text.Append(Shown($"{version} {status} {reason}")).Append("\r\n");
        foreach (var field in fields) { text.Append(Shown($"{field.Name}: {field.Value}")).Append("\r\n"); }
        // Octets of a head are those of ISO 8859-1 here (RFC 9110 5.5), and go out as the octets that they were.
        io.Output.Write(Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()));
        io.Output.Flush();
    }

    private string Shown(string line) => io.IsOutputTerminal ? Printable.Text(line) : line;
}
