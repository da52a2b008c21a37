using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>The congestion window of a connection and how it grows and shrinks, in integers, so that every machine computes the same.</summary>
/// <remarks>
/// Theory of operation. NewReno adds at most one segment a round trip in congestion avoidance and halves on loss (RFC 5681). CUBIC
/// follows W(t) = C (t - K)^3 + W_max: quickly back towards the window of the last loss, slowly around it, quickly beyond (RFC 9438);
/// C = 0.4 segments/s^3, beta = 0.7. Time is in milliseconds, windows in octets, the two small accumulators in 1/1024 octet.
/// When to shrink is decided by the loss recovery of <see cref="Tcb"/>; here is only by how much.
/// </remarks>
public struct CongestionControl
{
    // No congestion window: larger than any window a peer can offer.
    private const int Unlimited = TcpSettings.CapacityLimit;
    private const int FractionBits = 10;

    // The curve is followed for 100 s on either side of K; further out the window is capped anyway, and 10^15 leaves room in 64 bits.
    private const long LongestCubicMilliseconds = 100_000;

    private Instant _epoch;
    private long _plateauMilliseconds;
    private int _windowBeforeLoss;
    private int _plateau;
    private long _renoEstimate;
    private long _fraction;
    private bool _epochRuns;

    /// <summary>The algorithm.</summary>
    public CongestionAlgorithm Algorithm { readonly get; private set; }

    /// <summary>cwnd in octets.</summary>
    public int Window { readonly get; private set; }

    /// <summary>ssthresh in octets; below it the window grows by slow start.</summary>
    public int SlowStartThreshold { readonly get; private set; }

    /// <summary>True below ssthresh.</summary>
    public readonly bool InSlowStart => Window < SlowStartThreshold;

    internal static CongestionControl Start(CongestionAlgorithm algorithm, int segmentSize, int initialSegments) => new()
    {
        Algorithm = algorithm,
        SlowStartThreshold = Unlimited,
        Window = algorithm == CongestionAlgorithm.None ? Unlimited : InitialWindow(segmentSize, initialSegments),
    };

    /// <summary>IW = min(10 MSS, max(2 MSS, 14600)) for ten segments (RFC 6928 section 2).</summary>
    internal static int InitialWindow(int segmentSize, int initialSegments) =>
        Math.Min(initialSegments * segmentSize, Math.Max(2 * segmentSize, initialSegments * 1460));

    /// <summary>Grows the window after <paramref name="acknowledged"/> octets were acknowledged outside loss recovery.</summary>
    internal void Grow(int acknowledged, int segmentSize, Instant now, TimeSpan smoothedRoundTrip)
    {
        if (Algorithm == CongestionAlgorithm.None || acknowledged <= 0) { return; }
        if (InSlowStart)
        {
            // RFC 5681 section 3.1 (2): cwnd += min(N, SMSS).
            Window = Math.Min(Window + Math.Min(acknowledged, segmentSize), Unlimited);
        }
        else if (Algorithm == CongestionAlgorithm.NewReno)
        {
            // RFC 5681 section 3.1: a full window's worth of acknowledged octets adds one segment.
            _fraction += acknowledged;
            if (_fraction >= Window)
            {
                _fraction -= Window;
                Window = Math.Min(Window + segmentSize, Unlimited);
            }
        }
        else
        {
            GrowCubic(acknowledged, segmentSize, now, smoothedRoundTrip);
        }
    }

    /// <summary>Shrinks after a loss that duplicate or selective acknowledgments have shown; gives the new ssthresh.</summary>
    internal int ShrinkAfterLoss(int flight, int segmentSize)
    {
        if (Algorithm == CongestionAlgorithm.None) { return Unlimited; }
        SlowStartThreshold = ReducedThreshold(flight, segmentSize);
        _fraction = 0;
        _epochRuns = false;
        return SlowStartThreshold;
    }

    /// <summary>Shrinks to one segment after a timeout; ssthresh only when the segment was not retransmitted before (RFC 5681 section 3.1).</summary>
    internal void ShrinkAfterTimeout(int flight, int segmentSize, bool firstTimeout)
    {
        if (Algorithm == CongestionAlgorithm.None) { return; }
        if (firstTimeout) { SlowStartThreshold = ReducedThreshold(flight, segmentSize); }
        Window = segmentSize;
        _fraction = 0;
        _epochRuns = false;
        // RFC 9438 section 4.8: the first congestion avoidance after a timeout starts its curve at its own window (K = 0).
        _plateau = 0;
    }

    /// <summary>Sets the window during and at the end of loss recovery.</summary>
    internal void SetWindow(int window) => Window = Algorithm == CongestionAlgorithm.None ? Unlimited : Math.Clamp(window, 1, Unlimited);

    /// <summary>Starts again with at most the restart window after an idle time (RFC 5681 section 4.1).</summary>
    internal void RestartAfterIdle(int segmentSize, int initialSegments)
    {
        if (Algorithm == CongestionAlgorithm.None) { return; }
        Window = Math.Min(Window, InitialWindow(segmentSize, initialSegments));
        _epochRuns = false;
    }

    private int ReducedThreshold(int flight, int segmentSize)
    {
        if (Algorithm == CongestionAlgorithm.NewReno)
        {
            return Math.Max(flight / 2, 2 * segmentSize);
        }
        // RFC 9438 section 4.7, fast convergence: a flow that loses before its last plateau leaves room to the newcomer.
        _plateau = Window < _plateau ? (int)(Window * 17L / 20) : Window;
        _windowBeforeLoss = Window;
        return Math.Max((int)(flight * 7L / 10), 2 * segmentSize);
    }

    private void GrowCubic(int acknowledged, int segmentSize, Instant now, TimeSpan smoothedRoundTrip)
    {
        if (!_epochRuns)
        {
            _epochRuns = true;
            _epoch = now;
            _fraction = 0;
            _renoEstimate = (long)Window << FractionBits;
            if (_plateau > Window)
            {
                // K = cbrt((W_max - cwnd_epoch) / C) seconds: in milliseconds the radicand is octets * 2.5e9 / MSS.
                _plateauMilliseconds = CubeRoot((ulong)(_plateau - Window) * 2_500_000_000UL / (ulong)segmentSize);
            }
            else
            {
                _plateauMilliseconds = 0;
                _plateau = Window;
            }
        }

        var elapsed = (now.Nanoseconds - _epoch.Nanoseconds) / 1_000_000 + smoothedRoundTrip.Ticks / TimeSpan.TicksPerMillisecond;
        // RFC 9438 section 4.2: the target of one round trip, between cwnd and 1.5 cwnd.
        var target = Math.Clamp(_plateau + CubicOctets(elapsed - _plateauMilliseconds, segmentSize), Window, Window + (long)(Window / 2));

        // RFC 9438 section 4.3: alpha = 3 (1 - beta) / (1 + beta) = 9/17 until the estimate has passed the window before the loss, then 1.
        var (numerator, denominator) = _renoEstimate >> FractionBits < _windowBeforeLoss ? (9, 17) : (1, 1);
        _renoEstimate += ((long)segmentSize * acknowledged << FractionBits) / Window * numerator / denominator;
        var reno = _renoEstimate >> FractionBits;

        if (reno > target)
        {
            Window = (int)Math.Min(Math.Max(reno, Window), Unlimited);
            return;
        }
        // At most 2^20 octets of one acknowledgment count, so that 2^29 * 2^20 * 2^10 stays within 64 bits.
        _fraction += ((target - Window) << FractionBits) * Math.Min(acknowledged, 1 << 20) / Window;
        Window = (int)Math.Min(Window + (_fraction >> FractionBits), Unlimited);
        _fraction &= (1L << FractionBits) - 1;
    }

    /// <summary>C (t - K)^3 in octets, t - K in milliseconds, with its sign.</summary>
    private static long CubicOctets(long milliseconds, int segmentSize)
    {
        var distance = Math.Min(Math.Abs(milliseconds), LongestCubicMilliseconds);
        // 0.4 MSS d^3 / 10^9, divided in two steps so that 10^15 * 4 * 65535 is never formed.
        var octets = distance * distance * distance / 10_000 * 4 * segmentSize / 1_000_000;
        return milliseconds < 0 ? -octets : octets;
    }

    /// <summary>The largest whole number whose cube is at most <paramref name="value"/>, bit by bit.</summary>
    internal static long CubeRoot(ulong value)
    {
        ulong root = 0;
        for (var shift = 63; shift >= 0; shift -= 3)
        {
            root <<= 1;
            var next = 3 * root * (root + 1) + 1;
            if (value >> shift >= next)
            {
                value -= next << shift;
                root++;
            }
        }
        return (long)root;
    }
}
