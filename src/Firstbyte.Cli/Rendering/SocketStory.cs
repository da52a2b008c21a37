using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>Tells the life of one connection's sockets: created, connected, the peer's end, closed.</summary>
internal sealed class SocketStory(Page page, int verbosity)
{
    public void Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            // socket() is told with the connect() that follows it.
            case SocketCreated: break;
            case ConnectCompleted e:
                page.Step("Socket", $"socket() → {e.Descriptor}   connect({e.Descriptor}, {e.Remote}) from {e.Local}", e.ElapsedNanoseconds);
                break;
            case ConnectFailed e:
                page.Step("Socket", $"socket() → {e.Descriptor}   connect({e.Descriptor}, {e.Remote}) → {e.Error}", e.ElapsedNanoseconds, Ink.Warning);
                break;
            case StreamEnded e: page.Step("End", $"read({e.Descriptor}) → 0: the server has closed its side"); break;
            case SocketClosed e: page.Step("Close", $"close({e.Descriptor})"); break;
            default:
                if (verbosity > 0) { TellBytes(page, traceEvent); }
                break;
        }
    }

    /// <summary>The bytes of one call, as hex and text.</summary>
    public static void TellBytes(Page page, TraceEvent traceEvent)
    {
        var (label, descriptor, count, data) = traceEvent switch
        {
            BytesSent e => ("→", e.Descriptor, e.Count, e.Data),
            BytesReceived e => ("←", e.Descriptor, e.Count, e.Data),
            _ => ("", 0, 0, null),
        };
        if (data is null) { return; }
        page.Detail($"{label} {Amounts.Bytes(count)} ({(label == "→" ? "write" : "read")}, descriptor {descriptor})", ink: Ink.Faint);
        foreach (var line in HexDump.Lines(data)) { page.Detail("  " + line, ink: Ink.Faint); }
    }
}
