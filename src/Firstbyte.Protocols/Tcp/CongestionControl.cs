using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Firstbyte.Tcp;

/// <summary>The congestion window of a connection: slow start, ssthresh, and what the connection's algorithm remembers.</summary>
/// <remarks>
/// Theory of operation. Below ssthresh the window grows by what is acknowledged, at most two segments for each acknowledgment (appropriate
/// byte counting, RFC 3465 section 2.2), so that a peer that acknowledges every second segment does not slow it down, and ends when round
/// trips grow (<see cref="HybridSlowStart"/>), unless the <see cref="CongestionRule"/> of the algorithm wants it otherwise; above, and when
/// it shrinks, that rule decides. When to shrink is decided by the loss recovery of <see cref="Tcb"/>.
/// </remarks>
public struct CongestionControl
{
    // No congestion window: larger than any window a peer can offer.
    internal const int Unlimited = TcpSettings.CapacityLimit;

    /// <summary>L of appropriate byte counting: segments that one acknowledgment may add in slow start, and after a timeout (RFC 3465 section 2.3).</summary>
    private const int SegmentsPerAcknowledgment = 2;
    private const int SegmentsAfterTimeout = 1;

    /// <summary>64 octets, for the algorithm to keep what it likes in.</summary>
    [InlineArray(8)]
    private struct Room
    {
        private long _first;
    }

    private Room _room;
    private HybridSlowStart _slowStart;
    private bool _afterTimeout;

    /// <summary>The algorithm.</summary>
    public CongestionAlgorithm Algorithm { readonly get; private set; }

    /// <summary>cwnd in octets.</summary>
    public int Window { readonly get; private set; }

    /// <summary>ssthresh in octets; below it the window grows by slow start.</summary>
    public int SlowStartThreshold { readonly get; private set; }

    /// <summary>True below ssthresh.</summary>
    public readonly bool InSlowStart => Window < SlowStartThreshold;

    /// <summary>The clause that growth follows now.</summary>
    internal readonly TcpClause Growth => InSlowStart ? TcpClause.SlowStart : Rule.Growth;

    private readonly CongestionRule Rule => CongestionAlgorithms.Rule(Algorithm);

    internal static CongestionControl Start(CongestionAlgorithm algorithm, int segmentSize, int initialSegments) => new()
    {
        Algorithm = algorithm,
        SlowStartThreshold = Unlimited,
        Window = CongestionAlgorithms.Rule(algorithm).StartWindow(segmentSize, initialSegments),
    };

    /// <summary>What the algorithm remembers, as its own struct.</summary>
    [UnscopedRef]
    internal ref T Memory<T>() where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() > Unsafe.SizeOf<Room>()) { throw new InvalidOperationException($"{typeof(T)} is larger than the room for it"); }
        return ref Unsafe.As<Room, T>(ref _room);
    }

    /// <summary>Watches the connection's first slow start, which nothing else ends before the queue has overflowed (RFC 9406).</summary>
    internal SlowStartVerdict WatchSlowStart(in CongestionSample sample)
    {
        if (SlowStartThreshold != Unlimited || !Rule.HasWindow) { return SlowStartVerdict.GoesOn; }
        var verdict = _slowStart.Take(sample, Window / sample.SegmentSize);
        if (verdict == SlowStartVerdict.Over) { LeaveSlowStart(); }
        return verdict;
    }

    /// <summary>Slow start ends at the window that there is.</summary>
    internal void LeaveSlowStart() => SlowStartThreshold = Window;

    /// <summary>Grows the window after an acknowledgment outside loss recovery.</summary>
    internal void Grow(in CongestionSample sample)
    {
        if (sample.Acknowledged <= 0) { return; }
        if (!InSlowStart)
        {
            Rule.Avoid(ref this, sample);
            return;
        }
        var most = (_afterTimeout ? SegmentsAfterTimeout : SegmentsPerAcknowledgment) * sample.SegmentSize;
        Rule.SlowStart(ref this, sample, _slowStart.Part(Math.Min(sample.Acknowledged, most)));
        if (!InSlowStart) { _afterTimeout = false; }
    }

    /// <summary>Shrinks after a loss that duplicate or selective acknowledgments have shown; gives the new ssthresh.</summary>
    internal int ShrinkAfterLoss(int flight, int segmentSize)
    {
        SlowStartThreshold = Rule.Threshold(ref this, flight, segmentSize);
        _slowStart = default;
        _afterTimeout = false;
        Rule.Restart(ref this);
        return SlowStartThreshold;
    }

    /// <summary>Shrinks to one segment after a timeout; ssthresh only when the segment was not retransmitted before (RFC 5681 section 3.1).</summary>
    internal void ShrinkAfterTimeout(int flight, int segmentSize, bool firstTimeout)
    {
        if (!Rule.HasWindow) { return; }
        if (firstTimeout) { SlowStartThreshold = Rule.Threshold(ref this, flight, segmentSize); }
        Window = segmentSize;
        _slowStart = default;
        _afterTimeout = true;
        Rule.Restart(ref this);
        Rule.AfterTimeout(ref this);
    }

    /// <summary>Sets the window during and at the end of loss recovery.</summary>
    internal void SetWindow(int window) => Window = Rule.HasWindow ? Math.Clamp(window, 1, Unlimited) : Unlimited;

    /// <summary>
    /// Takes a reduction back (RFC 4015 section 3.2, RFC 9438 section 4.9): everything is as before, but a window that has grown beyond
    /// stays.
    /// </summary>
    internal void Restore(in CongestionControl before)
    {
        var window = Math.Max(Window, before.Window);
        this = before;
        Window = window;
    }

    /// <summary>Starts again with at most the restart window after an idle time (RFC 5681 section 4.1).</summary>
    internal void RestartAfterIdle(int segmentSize, int initialSegments)
    {
        if (!Rule.HasWindow) { return; }
        Window = Math.Min(Window, Rule.StartWindow(segmentSize, initialSegments));
        Rule.Restart(ref this);
    }
}
