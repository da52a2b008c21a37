using System.Globalization;
using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Files;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>-i: the heads of responses as they came, each with the empty line behind it, where the bodies go. On a terminal nothing of them acts.</summary>
/// <param name="io">Where they are printed.</param>
/// <param name="isHead">Whether nothing else is wanted: then what is known of a file stands there as a head would, as with curl.</param>
internal sealed class HeadPrinter(CommandIo io, bool isHead) : ITraceSink
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
            case FileFound { Kind: FileKind.Regular } file when isHead: Print(file.Length, file.Modified?.ToDateTimeOffset()); break;
            case FtpFileFound file when isHead: Print(file.Length, file.Modified?.ToDateTimeOffset()); break;
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

    private void Print(long? length, DateTimeOffset? modified)
    {
        var text = new StringBuilder();
        if (modified is { } time) { text.Append(CultureInfo.InvariantCulture, $"Last-Modified: {time:R}\r\n"); }
        if (length is { } bytes) { text.Append(CultureInfo.InvariantCulture, $"Content-Length: {bytes}\r\n"); }
        io.Output.Write(Encoding.ASCII.GetBytes(text.Append("Accept-Ranges: bytes\r\n\r\n").ToString()));
        io.Output.Flush();
    }

    private string Shown(string line) => io.IsOutputTerminal ? Printable.Text(line) : line;
}
