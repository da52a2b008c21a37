using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>CUBIC (RFC 9438): W(t) = C (t - K)^3 + W_max, quickly back towards the window of the last loss, slowly around it, quickly beyond.</summary>
/// <remarks>C = 0.4 segments/s^3, beta = 0.7. Time is in milliseconds, windows in octets, the two small accumulators in 1/1024 octet.</remarks>
internal sealed class CubicRule : CongestionRule
{
    private const int FractionBits = 10;

    // The curve is followed for 100 s on either side of K; further out the window is capped anyway, and 10^15 leaves room in 64 bits.
    private const long LongestCubicMilliseconds = 100_000;

    private struct Memory
    {
        public Instant Epoch;
        public long PlateauMilliseconds;
        public long RenoEstimate;
        public long Fraction;
        public int WindowBeforeLoss;
        public int Plateau;
        public long EpochRuns;
    }

    public override string Name => "cubic";

    public override TcpClause Growth => TcpClause.CubicGrowth;

    public override int Threshold(ref CongestionControl control, int flight, int segmentSize)
    {
        // RFC 9438 section 4.7, fast convergence: a flow that loses before its last plateau leaves room to the newcomer.
        ref var own = ref control.Memory<Memory>();
        own.Plateau = control.Window < own.Plateau ? (int)(control.Window * 17L / 20) : control.Window;
        own.WindowBeforeLoss = control.Window;
        return Math.Max((int)(flight * 7L / 10), 2 * segmentSize);
    }

    public override void Restart(ref CongestionControl control)
    {
        ref var own = ref control.Memory<Memory>();
        own.EpochRuns = 0;
        own.Fraction = 0;
    }

    // RFC 9438 section 4.8: the first congestion avoidance after a timeout starts its curve at its own window (K = 0).
    public override void AfterTimeout(ref CongestionControl control) => control.Memory<Memory>().Plateau = 0;

    public override void Avoid(ref CongestionControl control, in CongestionSample sample)
    {
        var (acknowledged, segmentSize, now) = (sample.Acknowledged, sample.SegmentSize, sample.Now);
        ref var own = ref control.Memory<Memory>();
        var window = control.Window;
        if (own.EpochRuns == 0) { StartEpoch(ref own, window, segmentSize, now); }

        var elapsed = (now.Nanoseconds - own.Epoch.Nanoseconds) / 1_000_000 + sample.SmoothedRoundTrip.Ticks / TimeSpan.TicksPerMillisecond;
        // RFC 9438 section 4.2: the target of one round trip, between cwnd and 1.5 cwnd.
        var target = Math.Clamp(own.Plateau + CubicOctets(elapsed - own.PlateauMilliseconds, segmentSize), window, window + (long)(window / 2));

        // RFC 9438 section 4.3: alpha = 3 (1 - beta) / (1 + beta) = 9/17 until the estimate has passed the window before the loss, then 1.
        var (numerator, denominator) = own.RenoEstimate >> FractionBits < own.WindowBeforeLoss ? (9, 17) : (1, 1);
        own.RenoEstimate += ((long)segmentSize * acknowledged << FractionBits) / window * numerator / denominator;
        var reno = own.RenoEstimate >> FractionBits;
        if (reno > target)
        {
            control.SetWindow((int)Math.Min(Math.Max(reno, window), CongestionControl.Unlimited));
            return;
        }
        // At most 2^20 octets of one acknowledgment count, so that 2^29 * 2^20 * 2^10 stays within 64 bits.
        own.Fraction += ((target - window) << FractionBits) * Math.Min(acknowledged, 1 << 20) / window;
        control.SetWindow((int)Math.Min(window + (own.Fraction >> FractionBits), CongestionControl.Unlimited));
        own.Fraction &= (1L << FractionBits) - 1;
    }

    private static void StartEpoch(ref Memory own, int window, int segmentSize, Instant now)
    {
        own.EpochRuns = 1;
        own.Epoch = now;
        own.Fraction = 0;
        own.RenoEstimate = (long)window << FractionBits;
        if (own.Plateau <= window)
        {
            own.PlateauMilliseconds = 0;
            own.Plateau = window;
            return;
        }
        // K = cbrt((W_max - cwnd_epoch) / C) seconds: in milliseconds the radicand is octets * 2.5e9 / MSS.
        own.PlateauMilliseconds = CubeRoot((ulong)(own.Plateau - window) * 2_500_000_000UL / (ulong)segmentSize);
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
