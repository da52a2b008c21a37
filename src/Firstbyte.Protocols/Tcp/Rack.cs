using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>What one acknowledgment has shown to be delivered, cumulatively or selectively.</summary>
internal struct Delivery
{
    /// <summary>Octets that are newly known to be delivered.</summary>
    public int Octets;

    /// <summary>Of those, the ones that were sent more than once.</summary>
    public int RepeatedOctets;

    /// <summary>
    /// True when octets arrived that were sent once, before others that had arrived already: the path reorders (RFC 8985 section 6.2 step
    /// 3).
    /// </summary>
    public bool Reordered;

    /// <summary>True when something was delivered whose sending time can be trusted; then the next two say which was sent last.</summary>
    public bool HasLatest;

    public bool LatestIsRepeated;
    public Instant LatestSentAt;
    public SequenceNumber LatestEnd;

    // What is needed to judge a repetition (RFC 8985 section 6.2 step 2).
    private readonly Instant _now;
    private readonly long _leastRoundTrip;
    private readonly long _echoAge;
    private readonly SequenceNumber _forwardBefore;
    private SequenceNumber _forward;

    /// <param name="now">The time.</param>
    /// <param name="rack">What is known so far.</param>
    /// <param name="echoAge">How many milliseconds ago the echoed timestamp was made; -1 when none was echoed.</param>
    public Delivery(Instant now, in Rack rack, long echoAge)
    {
        this = default;
        _now = now;
        _leastRoundTrip = rack.LeastRoundTrip;
        _forward = _forwardBefore = rack.Forward;
        _echoAge = echoAge;
    }

    /// <summary>RACK.fack: the octet after the highest that is known to be delivered.</summary>
    public readonly SequenceNumber Forward => _forward;

    public void Note(in SentRun run, SequenceNumber end, int octets)
    {
        if ((run.Fate & SentFate.Sacked) != SentFate.None) { return; }
        var isRepeated = (run.Fate & SentFate.Repeated) != SentFate.None;
        Octets += octets;
        if (isRepeated) { RepeatedOctets += octets; }
        if (end > _forward) { _forward = end; }
        if (end < _forwardBefore && !isRepeated) { Reordered = true; }

        if (isRepeated && !IsOfRepetition(run.SentAt)) { return; }
        if (HasLatest && !(run.SentAt > LatestSentAt || (run.SentAt == LatestSentAt && end > LatestEnd))) { return; }
        (HasLatest, LatestSentAt, LatestEnd, LatestIsRepeated) = (true, run.SentAt, end, isRepeated);
    }

    /// <summary>Whether what was acknowledged can be the repetition and not what was sent before it.</summary>
    private readonly bool IsOfRepetition(Instant sentAt)
    {
        if (_now.Nanoseconds - sentAt.Nanoseconds < _leastRoundTrip) { return false; }
        return _echoAge < 0 || _now.Nanoseconds / 1_000_000 - sentAt.Nanoseconds / 1_000_000 >= _echoAge;
    }
}

/// <summary>Recent acknowledgment: the latest sent of what was delivered, and how long what was sent before it may still take (RFC 8985).</summary>
public struct Rack
{
    /// <summary>How many recoveries a widened reordering window lasts (RFC 8985 section 6.2 step 4: 16).</summary>
    private const byte Persistence = 16;

    /// <summary>The reordering window is in quarters of the least round trip, and at most one round trip.</summary>
    private const int StepsPerRoundTrip = 4;

    /// <summary>Steps beyond which widening makes no difference (own choice; the window is capped by SRTT).</summary>
    private const byte MostSteps = 64;

    /// <summary>A reordering window below one tick of the timestamp clock would take what is one processor's delay for loss.</summary>
    private const long LeastWindow = 1_000_000;

    /// <summary>RACK.xmit_ts.</summary>
    public Instant SentAt { readonly get; private set; }

    /// <summary>RACK.end_seq.</summary>
    public SequenceNumber End { readonly get; private set; }

    /// <summary>RACK.fack.</summary>
    public SequenceNumber Forward { readonly get; private set; }

    /// <summary>RACK.rtt in nanoseconds.</summary>
    public long RoundTrip { readonly get; private set; }

    /// <summary>RACK.min_RTT in nanoseconds; 0 before the first measurement.</summary>
    public long LeastRoundTrip { readonly get; private set; }

    /// <summary>RACK.reordering_seen.</summary>
    public bool HasSeenReordering { readonly get; private set; }

    private bool _isRepeated;
    private SequenceNumber _roundEnd;
    private bool _roundRuns;
    private byte _moreSteps;
    private byte _persists;

    internal static Rack Start(SequenceNumber at) => new() { End = at, Forward = at };

    /// <summary>
    /// RACK_sent_after: whether what was delivered last left after a run. Of what left at the same time the sequence decides, but not
    /// between a repetition and what was sent for the first time.
    /// </summary>
    public readonly bool WasSentAfter(in SentRun run, SequenceNumber end) =>
        SentAt > run.SentAt || (SentAt == run.SentAt && End > end && _isRepeated == ((run.Fate & SentFate.Repeated) != SentFate.None));

    /// <summary>Takes in what an acknowledgment has shown (RFC 8985 section 6.2 steps 1 to 3).</summary>
    internal void Take(in Delivery delivery, Instant now)
    {
        Forward = delivery.Forward;
        HasSeenReordering |= delivery.Reordered;
        if (!delivery.HasLatest) { return; }
        RoundTrip = now.Nanoseconds - delivery.LatestSentAt.Nanoseconds;
        if (LeastRoundTrip == 0 || RoundTrip < LeastRoundTrip) { LeastRoundTrip = Math.Max(RoundTrip, 1); }
        if (delivery.LatestSentAt > SentAt || (delivery.LatestSentAt == SentAt && delivery.LatestEnd > End))
        {
            (SentAt, End, _isRepeated) = (delivery.LatestSentAt, delivery.LatestEnd, delivery.LatestIsRepeated);
        }
    }

    /// <summary>A duplicate was reported: the window was too small (RFC 8985 section 6.2 step 4); at most once a round trip.</summary>
    internal void Widen(SequenceNumber acknowledged, SequenceNumber sendMaximum)
    {
        if (_roundRuns && acknowledged < _roundEnd) { return; }
        (_roundRuns, _roundEnd) = (true, sendMaximum);
        _moreSteps = (byte)Math.Min(_moreSteps + 1, MostSteps);
        _persists = Persistence;
    }

    /// <summary>A recovery has ended: after sixteen without a reported duplicate the window is as small as at first.</summary>
    internal void RecoveryEnded()
    {
        if (_persists == 0) { return; }
        if (--_persists == 0) { _moreSteps = 0; }
    }

    /// <summary>RACK.reo_wnd in nanoseconds.</summary>
    internal readonly long ReorderingWindow(bool isCertain, TimeSpan smoothedRoundTrip)
    {
        if (!HasSeenReordering && isCertain) { return 0; }
        var window = Math.Min((1L + _moreSteps) * LeastRoundTrip / StepsPerRoundTrip, smoothedRoundTrip.Ticks * 100);
        return Math.Max(window, LeastWindow);
    }
}
