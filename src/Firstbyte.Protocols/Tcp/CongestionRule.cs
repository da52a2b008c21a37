using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>How one algorithm grows the window in congestion avoidance and by how much it shrinks.</summary>
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

    /// <summary>Grows the window after an acknowledgment in congestion avoidance.</summary>
    public abstract void Avoid(ref CongestionControl control, int acknowledged, int segmentSize, Instant now, TimeSpan smoothedRoundTrip);

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

    public override void Avoid(ref CongestionControl control, int acknowledged, int segmentSize, Instant now, TimeSpan smoothedRoundTrip) { }

    public override int Threshold(ref CongestionControl control, int flight, int segmentSize) => CongestionControl.Unlimited;
}
