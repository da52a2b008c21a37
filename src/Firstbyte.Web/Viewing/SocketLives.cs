using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>A socket from its creation to its end.</summary>
public sealed class SocketLife
{
    /// <summary>Its number.</summary>
    public required int Descriptor { get; init; }

    /// <summary>Whether it carries a stream.</summary>
    public required bool IsStream { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant Opened { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    public Instant? Closed { get; set; }

    /// <summary>The own end; empty until it has one.</summary>
    public string Local { get; set; } = "";

    /// <summary>The other end.</summary>
    public string Remote { get; set; } = "";

    /// <summary>Bytes that were sent.</summary>
    public long Sent { get; set; }

    /// <summary>Bytes that came.</summary>
    public long Received { get; set; }

    /// <summary>Why it could not be connected; none when it could.</summary>
    public Errno Failure { get; set; }

    /// <summary>Whether it was cut off.</summary>
    public bool IsReset { get; set; }
}

/// <summary>The sockets of a journey, in the order of their creation.</summary>
public sealed class SocketLives
{
    /// <summary>The sockets.</summary>
    public List<SocketLife> Rows { get; } = [];

    /// <summary>Takes an event.</summary>
    public void Take(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case SocketCreated e:
                Rows.Add(new SocketLife { Descriptor = e.Descriptor, IsStream = e.Kind == SocketKind.Stream, Opened = e.At });
                break;
            case ConnectStarted e when Find(e.Descriptor) is { } socket: socket.Remote = e.Remote.ToString(); break;
            case ConnectCompleted e when Find(e.Descriptor) is { } socket: (socket.Local, socket.Remote) = (e.Local.ToString(), e.Remote.ToString()); break;
            case ConnectFailed e when Find(e.Descriptor) is { } socket: socket.Failure = e.Error; break;
            case BytesSent e when Find(e.Descriptor) is { } socket: socket.Sent += e.Count; break;
            case BytesReceived e when Find(e.Descriptor) is { } socket: socket.Received += e.Count; break;
            case SocketClosed e when Find(e.Descriptor) is { } socket: (socket.Closed, socket.IsReset) = (e.At, e.Reset); break;
        }
    }

    // The number of a closed one may be another's by now.
    private SocketLife? Find(int descriptor) => Rows.FindLast(one => one.Descriptor == descriptor && one.Closed is null);
}
