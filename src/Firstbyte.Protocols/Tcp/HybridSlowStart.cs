using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>What an acknowledgment means for slow start.</summary>
internal enum SlowStartVerdict
{
    /// <summary>It goes on as it did.</summary>
    GoesOn,

    /// <summary>The round trip has grown: the queue fills, and slow start becomes conservative.</summary>
    DelayRose,

    /// <summary>The round trip has shrunk again: it was jitter, and slow start is what it was.</summary>
    DelayFell,

    /// <summary>The conservative rounds are over: congestion avoidance takes its place.</summary>
    Over,
}

/// <summary>
/// Leaves slow start before the queue overflows: by round trips as HyStart++ does (RFC 9406), by trains of acknowledgments as the first
/// HyStart did (Ha and Rhee, "Taming the elephants: New TCP slow start", Computer Networks 55, 2011, section 4).
/// </summary>
/// <remarks>
/// A round lasts until what was sent last at its beginning is acknowledged. When a round's least round trip is clearly longer than that of
/// the round before, the queue has begun to fill; a quarter of the growth for five more rounds tells a queue from jitter. And when
/// acknowledgments have come one close behind the other for half a round trip, then what was sent in half a round trip fills the path for
/// that long: the window, which is twice as much, fills it. Only the first slow start of a connection is watched: after a loss, ssthresh
/// knows better; and only with selective acknowledgment, which measures every acknowledgment.
/// </remarks>
internal struct HybridSlowStart
{
    /// <summary>MIN_RTT_THRESH and MAX_RTT_THRESH in nanoseconds, and MIN_RTT_DIVISOR (RFC 9406 section 4.3).</summary>
    private const long LeastRise = 4_000_000;
    private const long MostRise = 16_000_000;
    private const int RisePart = 8;

    /// <summary>N_RTT_SAMPLE: how many measurements a round needs to be judged.</summary>
    private const byte Samples = 8;

    /// <summary>CSS_GROWTH_DIVISOR: what part of the growth is left in a conservative round.</summary>
    private const int GrowthPart = 4;

    /// <summary>CSS_ROUNDS: how many conservative rounds there are at most.</summary>
    private const byte ConservativeRounds = 5;

    /// <summary>Acknowledgments of one train are at most so far apart, and a train counts from so many segments on (as in the stack that has it).</summary>
    private const long TrainGap = 2_000_000;
    private const int TrainSegments = 16;

    private Instant _roundAt;
    private Instant _trainAt;
    private long _shortest;
    private long _least;
    private long _leastBefore;
    private long _baseline;
    private SequenceNumber _roundEnd;
    private byte _samples;
    private byte _conservativeRounds;
    private bool _roundRuns;

    /// <summary>True in conservative slow start.</summary>
    public bool IsConservative { readonly get; private set; }

    /// <summary>What is left of a growth.</summary>
    public readonly int Part(int growth) => IsConservative ? growth / GrowthPart : growth;

    /// <summary>Takes an acknowledgment in.</summary>
    /// <param name="sample">What it says.</param>
    /// <param name="segments">cwnd in segments.</param>
    public SlowStartVerdict Take(in CongestionSample sample, int segments)
    {
        var (now, roundTrip) = (sample.Now, sample.RoundTrip);
        // Later than the end: a round begins with the first acknowledgment of a burst and not with the last of the one before.
        if (!_roundRuns || sample.Through > _roundEnd)
        {
            if (IsConservative && ++_conservativeRounds >= ConservativeRounds) { return SlowStartVerdict.Over; }
            (_roundRuns, _roundEnd) = (true, sample.SendMaximum);
            (_leastBefore, _least, _samples) = (_least, 0, 0);
            _roundAt = _trainAt = now;
        }
        if (roundTrip > 0) { _shortest = _shortest == 0 ? roundTrip : Math.Min(_shortest, roundTrip); }
        if (now.Nanoseconds - _trainAt.Nanoseconds <= TrainGap)
        {
            _trainAt = now;
            if (segments >= TrainSegments && _shortest > 0 && now.Nanoseconds - _roundAt.Nanoseconds > _shortest / 2) { return SlowStartVerdict.Over; }
        }
        return roundTrip > 0 ? JudgeRoundTrip(roundTrip) : SlowStartVerdict.GoesOn;
    }

    private SlowStartVerdict JudgeRoundTrip(long roundTrip)
    {
        _least = _least == 0 ? roundTrip : Math.Min(_least, roundTrip);
        if (_samples < Samples) { _samples++; }
        if (_samples < Samples) { return SlowStartVerdict.GoesOn; }
        if (IsConservative)
        {
            if (_least >= _baseline) { return SlowStartVerdict.GoesOn; }
            IsConservative = false;
            return SlowStartVerdict.DelayFell;
        }
        if (_leastBefore == 0 || _least < _leastBefore + Math.Clamp(_leastBefore / RisePart, LeastRise, MostRise)) { return SlowStartVerdict.GoesOn; }
        (IsConservative, _baseline, _conservativeRounds) = (true, _least, 0);
        return SlowStartVerdict.DelayRose;
    }
}
