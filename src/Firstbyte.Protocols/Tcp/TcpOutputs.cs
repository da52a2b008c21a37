namespace Firstbyte.Tcp;

/// <summary>Which quantity of a connection a trace entry tells of.</summary>
public enum TcpQuantity : byte
{
    /// <summary>None: only the clause.</summary>
    None,

    /// <summary>The state, as <see cref="TcpState"/>.</summary>
    State,

    /// <summary>cwnd in octets.</summary>
    CongestionWindow,

    /// <summary>ssthresh in octets.</summary>
    SlowStartThreshold,

    /// <summary>RTO in microseconds.</summary>
    RetransmissionTimeout,

    /// <summary>SND.WND in octets.</summary>
    SendWindow,

    /// <summary>The largest segment we send, in octets.</summary>
    SegmentSize,
}

/// <summary>One decision of a step: the clause that made it, and what it changed.</summary>
public readonly record struct TcpTraceEntry(TcpClause Clause, TcpQuantity Quantity, long Before, long After);

/// <summary>Octets of an arrived payload that the host copies into the receive ring.</summary>
/// <param name="Skip">Octets of the payload to pass over.</param>
/// <param name="Length">Octets to copy; 0 when there are none.</param>
/// <param name="At">Where they belong.</param>
public readonly record struct AcceptedRange(int Skip, int Length, SequenceNumber At);

/// <summary>What a step answers with. The caller lends the room; nothing is allocated.</summary>
/// <remarks>
/// When <see cref="MoreToSend"/> is set the room for segments was too small: send what is there, <see cref="Reset"/>, and step again
/// with <see cref="TcpInput.Timer"/>. One segment of room is enough to be correct, sixteen are enough to be quick.
/// </remarks>
public ref struct TcpOutputs
{
    private readonly Span<TcpSegment> _segments;
    private readonly Span<TcpTraceEntry> _trace;
    private int _segmentCount;
    private int _traceCount;

    /// <summary>Makes outputs over lent room; an empty <paramref name="trace"/> means that nobody listens.</summary>
    public TcpOutputs(Span<TcpSegment> segments, Span<TcpTraceEntry> trace = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(segments.Length, nameof(segments));
        _segments = segments;
        _trace = trace;
    }

    /// <summary>The segments to send, in order. A payload is taken from the send ring at the segment's sequence number.</summary>
    public readonly ReadOnlySpan<TcpSegment> Segments => _segments[.._segmentCount];

    /// <summary>The decisions, in order, as far as the room went.</summary>
    public readonly ReadOnlySpan<TcpTraceEntry> Trace => _trace[.._traceCount];

    /// <summary>What changed for the application and the host.</summary>
    public TcpSignals Signals { get; internal set; }

    /// <summary>What to copy from the arrived payload into the receive ring, before the next step.</summary>
    public AcceptedRange Accepted { get; internal set; }

    /// <summary>True when there was more to send than room.</summary>
    public bool MoreToSend { get; internal set; }

    /// <summary>Empties the outputs for the next step.</summary>
    public void Reset()
    {
        _segmentCount = 0;
        _traceCount = 0;
        Signals = TcpSignals.None;
        Accepted = default;
        MoreToSend = false;
    }

    internal readonly bool HasRoom => _segmentCount < _segments.Length;

    internal void Emit(in TcpSegment segment) => _segments[_segmentCount++] = segment;

    internal void Tell(TcpClause clause)
    {
        if (_traceCount < _trace.Length) { _trace[_traceCount++] = new(clause, TcpQuantity.None, 0, 0); }
    }

    internal void Tell(TcpClause clause, TcpQuantity quantity, long before, long after)
    {
        if (_traceCount < _trace.Length) { _trace[_traceCount++] = new(clause, quantity, before, after); }
    }
}
