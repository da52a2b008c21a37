namespace Firstbyte.Tcp;

/// <summary>At most one segment more a round trip, half of the flight after a loss (RFC 5681 section 3.1).</summary>
internal sealed class NewRenoRule : CongestionRule
{
    private struct Memory
    {
        /// <summary>Acknowledged octets that have not yet added a segment.</summary>
        public long Counted;
    }

    public override string Name => "newreno";

    public override void Avoid(ref CongestionControl control, in CongestionSample sample)
    {
        // A full window's worth of acknowledged octets adds one segment.
        ref var own = ref control.Memory<Memory>();
        own.Counted += sample.Acknowledged;
        if (own.Counted < control.Window) { return; }
        own.Counted -= control.Window;
        control.SetWindow(Math.Min(control.Window + sample.SegmentSize, CongestionControl.Unlimited));
    }

    public override int Threshold(ref CongestionControl control, int flight, int segmentSize) => Math.Max(flight / 2, 2 * segmentSize);

    public override void Restart(ref CongestionControl control) => control.Memory<Memory>().Counted = 0;
}
