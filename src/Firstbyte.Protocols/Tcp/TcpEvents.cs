using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>A connection went from one state to another.</summary>
public sealed record TcpStateChanged(Endpoint Local, Endpoint Remote, TcpState Before, TcpState After) : TraceEvent;

/// <summary>A quantity of a connection changed; the unit is the one <see cref="TcpQuantity"/> names.</summary>
public sealed record TcpQuantityChanged(Endpoint Local, Endpoint Remote, TcpQuantity Quantity, long Before, long After) : TraceEvent;

/// <summary>TCP decided something that changed no state and no window.</summary>
public sealed record TcpDecided(Endpoint Local, Endpoint Remote, TcpClause Decision) : TraceEvent;

/// <summary>A segment was sent.</summary>
public sealed record TcpSegmentSent(
    Endpoint Local, Endpoint Remote, TcpFlags Flags, uint Sequence, uint Acknowledgment, int Window, int PayloadLength) : TraceEvent;

/// <summary>A segment has arrived.</summary>
public sealed record TcpSegmentReceived(
    Endpoint Local, Endpoint Remote, TcpFlags Flags, uint Sequence, uint Acknowledgment, int Window, int PayloadLength) : TraceEvent;

/// <summary>Turns the structs of a step into events, for those who listen.</summary>
public static class TcpTelling
{
    /// <summary>Tells the decisions of a step and the segments it sends.</summary>
    public static void Tell(ITraceSink sink, in TcpOutputs outputs, Endpoint local, Endpoint remote)
    {
        if (!sink.IsListening) { return; }
        foreach (ref readonly var entry in outputs.Trace)
        {
            TraceEvent told = entry.Quantity switch
            {
                TcpQuantity.None => new TcpDecided(local, remote, entry.Clause),
                TcpQuantity.State => new TcpStateChanged(local, remote, (TcpState)entry.Before, (TcpState)entry.After),
                _ => new TcpQuantityChanged(local, remote, entry.Quantity, entry.Before, entry.After),
            };
            told.Because = entry.Clause.Where();
            sink.Tell(told);
        }
        foreach (ref readonly var segment in outputs.Segments)
        {
            sink.Tell(new TcpSegmentSent(
                local, remote, segment.Flags, segment.Sequence.Value, segment.Acknowledgment.Value, segment.Window, segment.PayloadLength));
        }
    }
}
