using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>What an acknowledgment outside loss recovery says to a congestion control.</summary>
/// <param name="Acknowledged">Octets that it acknowledges.</param>
/// <param name="SegmentSize">Octets of a full segment.</param>
/// <param name="Now">When it came.</param>
/// <param name="SmoothedRoundTrip">SRTT, with what it says of the round trip.</param>
/// <param name="RoundTrip">The round trip that it shows itself, in nanoseconds; 0 when it shows none, as without selective acknowledgment.</param>
/// <param name="Through">The octet after the highest that is known to be delivered: where the path reorders, SND.UNA lags behind.</param>
/// <param name="SendMaximum">The octet after the last that was sent: when it is delivered, a round trip has gone by.</param>
internal readonly record struct CongestionSample(
    int Acknowledged, int SegmentSize, Instant Now, TimeSpan SmoothedRoundTrip, long RoundTrip = 0, SequenceNumber Through = default,
    SequenceNumber SendMaximum = default);

/// <summary>How one algorithm begins, grows in slow start and in congestion avoidance, and by how much it shrinks.</summary>
/// <remarks>
/// A rule holds nothing of a connection: what it remembers lies in the <see cref="CongestionControl"/> it is handed, as a struct of its own
/// (<see cref="CongestionControl.Memory{T}"/>), so that the connection's block stays a value. Only integers: every machine computes the same.
/// </remarks>
internal abstract class CongestionRule
{
    /// <summary>The name by which it is asked for.</summary>
    public abstract string Name { get; }

    /// <summary>The clause that growth in congestion avoidance follows.</summary>
    public virtual TcpClause Growth => TcpClause.CongestionAvoidance;

    /// <summary>False when there is no congestion window at all.</summary>
    public virtual bool HasWindow => true;

    /// <summary>The window at the start, and at most after an idle time: IW = min(10 MSS, max(2 MSS, 14600)) for ten segments (RFC 6928 section 2).</summary>
    public virtual int StartWindow(int segmentSize, int initialSegments) =>
        Math.Min(initialSegments * segmentSize, Math.Max(2 * segmentSize, initialSegments * 1460));

    /// <summary>
    /// Grows the window after an acknowledgment in slow start, by the octets that byte counting and the watch over round trips allow. An
    /// algorithm that has its own sign of a full path calls <see cref="CongestionControl.LeaveSlowStart"/>.
    /// </summary>
    public virtual void SlowStart(ref CongestionControl control, in CongestionSample sample, int octets) =>
        control.SetWindow(Math.Min(control.Window + octets, CongestionControl.Unlimited));

    /// <summary>Grows the window after an acknowledgment in congestion avoidance.</summary>
    public abstract void Avoid(ref CongestionControl control, in CongestionSample sample);

    /// <summary>The new ssthresh after a loss with so many octets in flight.</summary>
    public abstract int Threshold(ref CongestionControl control, int flight, int segmentSize);

    /// <summary>The window was set anew: growth starts from there.</summary>
    public virtual void Restart(ref CongestionControl control) { }

    /// <summary>The window went down to one segment after a timeout.</summary>
    public virtual void AfterTimeout(ref CongestionControl control) { }
}

/// <summary>No congestion window: every growth and loss leaves it as it is.</summary>
internal sealed class UnlimitedRule : CongestionRule
{
    public override string Name => "none";

    public override bool HasWindow => false;

    public override int StartWindow(int segmentSize, int initialSegments) => CongestionControl.Unlimited;

    public override void Avoid(ref CongestionControl control, in CongestionSample sample) { }

    public override int Threshold(ref CongestionControl control, int flight, int segmentSize) => CongestionControl.Unlimited;
}
