using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

public class HybridSlowStartTests
{
    private const long Millisecond = 1_000_000;
    private static readonly SequenceNumber s_start = new(uint.MaxValue - 20_000);

    private HybridSlowStart _slowStart;
    private Instant _now = Instant.SimulationEpoch;
    private SequenceNumber _acknowledged = s_start;

    // A round of twelve acknowledgments, far enough from one another to be no train; the last verdict that was none of "goes on".
    private SlowStartVerdict Round(params long[] milliseconds)
    {
        var verdict = SlowStartVerdict.GoesOn;
        var end = _acknowledged + 12_000;
        for (var i = 0; i < 12; i++)
        {
            (_acknowledged, _now) = (_acknowledged + 1_000, _now + TimeSpan.FromMilliseconds(5));
            var one = _slowStart.Take(Sample(milliseconds[i % milliseconds.Length], end), 40);
            if (one != SlowStartVerdict.GoesOn) { verdict = one; }
        }
        return verdict;
    }

    private CongestionSample Sample(long milliseconds, SequenceNumber end) =>
        new(1_000, 1_000, _now, TimeSpan.FromMilliseconds(40), milliseconds * Millisecond, _acknowledged, end);

    // RFC 9406 section 4.2: RttThresh = max(MIN_RTT_THRESH, min(lastRoundMinRTT / 8, MAX_RTT_THRESH)).
    [Theory]
    [InlineData(10, 13, false)]
    [InlineData(10, 14, true)]
    [InlineData(40, 44, false)]
    [InlineData(40, 45, true)]
    [InlineData(400, 415, false)]
    [InlineData(400, 416, true)]
    public void A_round_trip_that_is_clearly_longer_makes_slow_start_conservative(long before, long after, bool isRise)
    {
        Round(before);
        Round(before);
        Assert.Equal(isRise ? SlowStartVerdict.DelayRose : SlowStartVerdict.GoesOn, Round(after));
        Assert.Equal(isRise, _slowStart.IsConservative);
        Assert.Equal(isRise ? 725 : 2_900, _slowStart.Part(2_900));
    }

    [Fact]
    public void Jitter_whose_least_stays_is_no_rise()
    {
        for (var i = 0; i < 10; i++) { Assert.Equal(SlowStartVerdict.GoesOn, Round(40, 90, 60, 55)); }
    }

    [Fact]
    public void A_rise_that_does_not_last_is_taken_back()
    {
        Round(40);
        Round(40);
        Assert.Equal(SlowStartVerdict.DelayRose, Round(50));
        Assert.Equal(SlowStartVerdict.DelayFell, Round(41));
        Assert.False(_slowStart.IsConservative);
    }

    [Fact]
    public void Five_conservative_rounds_end_slow_start()
    {
        Round(40);
        Round(40);
        Assert.Equal(SlowStartVerdict.DelayRose, Round(50));
        for (var i = 0; i < 4; i++) { Assert.Equal(SlowStartVerdict.GoesOn, Round(60)); }
        Assert.Equal(SlowStartVerdict.Over, Round(60));
    }

    [Fact]
    public void Fewer_than_eight_measurements_do_not_judge_a_round()
    {
        Round(40);
        Round(40);
        Assert.Equal(SlowStartVerdict.GoesOn, Round(50, 0, 50, 0));
    }

    [Fact]
    public void Acknowledgments_in_a_train_of_half_a_round_trip_end_slow_start()
    {
        Round(40);
        var verdict = SlowStartVerdict.GoesOn;
        var count = 0;
        var end = _acknowledged + 100_000;
        for (; verdict == SlowStartVerdict.GoesOn && count < 60; count++)
        {
            (_acknowledged, _now) = (_acknowledged + 1_000, _now + TimeSpan.FromMilliseconds(1));
            verdict = _slowStart.Take(Sample(40, end), 40);
        }
        // The first begins the round; the train is longer than 20 ms with the twenty-second.
        Assert.Equal((SlowStartVerdict.Over, 22), (verdict, count));
    }

    [Fact]
    public void Over_a_slow_line_with_a_deep_queue_slow_start_ends_without_a_loss()
    {
        var path = new LossyPath(1, new PathConditions(LatencyNanoseconds: 20 * Millisecond, BitsPerSecond: 2_000_000, QueueOctets: 400_000), TcpSettings.Default, TcpSettings.Default);
        path.Transfer(1_500_000, 0, close: false);
        Assert.Superset(new HashSet<TcpClause> { TcpClause.SlowStartDelayRose, TcpClause.SlowStartOver, TcpClause.CubicGrowth }, path.Client.Exercised);
        Assert.Equal(0, path.Dropped);
    }

    [Fact]
    public void Over_a_fast_line_a_train_of_acknowledgments_ends_it_before_the_queue_overflows()
    {
        var shape = LinkShape.All[0];
        var path = new LossyPath(1, shape.Make(1), TcpSettings.Default, TcpSettings.Default);
        path.Transfer(3_000_000, 0, close: false);
        Assert.Contains(TcpClause.SlowStartOver, path.Client.Exercised);
        Assert.Equal(0, path.Dropped);
    }
}
