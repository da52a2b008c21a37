using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells the life of one connection's sockets: created, connected, the peer's end, closed.</summary>
internal sealed class SocketStory(IRowSink rows, Language language, int verbosity)
{
    private readonly HashSet<int> _abandoned = [];
    private readonly Dictionary<int, Endpoint> _connecting = [];

    // Connections of which it is not said yet how they fared.
    private readonly HashSet<int> _unmeasured = [];

    public void Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            // socket() is told with the connect() that follows it.
            case SocketCreated: break;
            case ConnectStarted e: _connecting[e.Descriptor] = e.Remote; break;
            case ConnectCompleted e:
                _connecting.Remove(e.Descriptor);
                _unmeasured.Add(e.Descriptor);
                rows.Step(language.Labels.Socket, language.Sockets.Connected(e.Descriptor, e.Remote, e.Local), e.ElapsedNanoseconds);
                break;
            case ConnectFailed e:
                _connecting.Remove(e.Descriptor);
                rows.Step(language.Labels.Socket, language.Sockets.NotConnected(e.Descriptor, e.Remote, e.Error), e.ElapsedNanoseconds, Role.Warning);
                break;
            case ConnectAbandoned e:
                _connecting.Remove(e.Descriptor);
                rows.Step(language.Labels.Socket, language.Sockets.Abandoned(e.Descriptor, e.Remote), e.ElapsedNanoseconds, Role.Warning);
                _abandoned.Add(e.Descriptor);
                break;
            case TransportMeasured e:
                _unmeasured.Remove(e.Descriptor);
                if (verbosity == 0) { break; }
                rows.Step(language.Labels.Tcp, language.Sockets.Figures(e.Figures), role: e.Figures.Retransmitted > 0 ? Role.Warning : Role.Words);
                break;
            // That it is closed was told with its end.
            case SocketClosed e when _abandoned.Remove(e.Descriptor): break;
            case StreamEnded e: rows.Step(language.Labels.End, language.Sockets.PeerEnded(e.Descriptor)); break;
            case SocketClosed e:
                // The journey's time was over before the answer came.
                if (_connecting.Remove(e.Descriptor, out var remote))
                {
                    rows.Step(language.Labels.Socket, language.Sockets.Unanswered(e.Descriptor, remote), role: Role.Warning);
                }
                TellUnmeasured(e.Descriptor);
                rows.Step(language.Labels.Close, language.Sockets.Closed(e.Descriptor));
                break;
            default:
                if (verbosity > 0) { TellBytes(rows, language, traceEvent); }
                break;
        }
    }

    /// <summary>Says of a connection that ends that nobody has said how it fared.</summary>
    public void TellUnmeasured(int descriptor)
    {
        if (_unmeasured.Remove(descriptor) && verbosity > 0) { rows.Step(language.Labels.Tcp, language.Sockets.NoFigures, role: Role.Note); }
    }

    /// <summary>The bytes of one call, as hex and text.</summary>
    public static void TellBytes(IRowSink rows, Language language, TraceEvent traceEvent)
    {
        var (title, data) = traceEvent switch
        {
            BytesSent { Data: not null } e => (language.Sockets.BytesWritten(e.Count, e.Descriptor), e.Data),
            BytesReceived { Data: not null } e => (language.Sockets.BytesRead(e.Count, e.Descriptor), e.Data),
            _ => (Phrase.Empty, null),
        };
        if (data is null) { return; }
        rows.Detail(title, role: Role.Note);
        foreach (var line in HexDump.Lines(data)) { rows.ResultDetail("  " + line, Role.Note); }
        if (HexDump.Hidden(data) is > 0 and var hidden) { rows.Detail("  " + language.Journeys.MoreBytes(hidden), role: Role.Note); }
    }
}
