using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// With selective acknowledgment losses are detected by time: what was sent before something that has arrived, and long enough before, is
// lost; a probe of the tail makes acknowledgments come where nothing else would (RACK-TLP, RFC 8985). Without it, see Tcb.Recovery.cs.
public partial struct Tcb
{
    /// <summary>TLP.max_ack_delay: how long a peer may delay the acknowledgment of a single segment (RFC 8985 section 7.2: 200 ms).</summary>
    private static readonly TimeSpan LongestAcknowledgmentDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The least timeout of a probe: where a round trip takes no time, what is under way still does (own choice: the timer of the first
    /// stack that had it).
    /// </summary>
    private static readonly TimeSpan LeastProbeTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>The probe's timeout before anything was measured (RFC 8985 section 7.2: 1 s).</summary>
    private static readonly TimeSpan UnmeasuredProbeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Segments sent within this part of the least round trip share one sending time.</summary>
    private const int GranulesPerRoundTrip = 32;

    /// <summary>Octets thought to be on the way: pipe (RFC 6675 section 4).</summary>
    private readonly int Pipe => Flight - _scoreboard.SackedOctets - _scoreboard.LostOctets;

    private readonly Delivery BeginDelivery(in TcpSegment segment, Instant now)
    {
        var hasEcho = UsesTimestamps && segment.Options.Has(TcpOptionSet.Timestamps) && segment.Options.TimestampEcho != 0;
        return new Delivery(now, _rack, hasEcho ? Math.Max(unchecked((int)(TimestampClock(now) - segment.Options.TimestampEcho)), 0) : -1);
    }

    /// <summary>After an acknowledgment: what it delivered is taken in, and what was sent long before that is lost.</summary>
    private int DetectLoss(in Delivery delivery, Instant now, ref TcpOutputs outputs)
    {
        _rack.Take(delivery, now);
        return DetectLoss(now, ref outputs);
    }

    private int DetectLoss(Instant now, ref TcpOutputs outputs)
    {
        _reorderAt = Instant.Never;
        // All in order and nothing repeated: nothing was sent before what has arrived.
        if (_scoreboard.SackedOctets == 0 && _scoreboard.RepeatedOctets == 0) { return 0; }
        var isCertain = InRecovery || _scoreboard.SackedOctets > (DuplicateThreshold - 1) * SegmentSize;
        var patience = _rack.RoundTrip + _rack.ReorderingWindow(isCertain, _timeout.SmoothedRoundTrip);
        var lost = _scoreboard.MarkLost(_rack, patience, now, out var next);
        if (lost > 0) { outputs.Tell(TcpClause.RackLoss); }
        if (next != Instant.Never)
        {
            outputs.Tell(TcpClause.RackWaits);
            _reorderAt = next;
        }
        return lost;
    }

    private void OnReorderingTimeout(Instant now, ref TcpOutputs outputs)
    {
        if (DetectLoss(now, ref outputs) > 0) { OnLoss(Flight, ref outputs); }
    }

    /// <summary>
    /// Losses were found outside a recovery; in one, and while a timeout's losses are repaired, the window was reduced already (RFC 6582
    /// section 3.2 step 2).
    /// </summary>
    private void OnLoss(int flight, ref TcpOutputs outputs)
    {
        if (JudgeSizeProbe(ref outputs) || InRecovery) { return; }
        if (SendUnacknowledged < _recoveryPoint)
        {
            outputs.Tell(TcpClause.RecoveryNotRepeated);
            return;
        }
        EnterRecovery(flight, ref outputs);
    }

    /// <summary>TLP_calc_PTO (RFC 8985 section 7.2); armed when new data leaves and when an acknowledgment advances.</summary>
    private void ScheduleProbe(Instant now)
    {
        _probeAt = Instant.Never;
        var isCalm = !InRecovery && SendUnacknowledged >= _recoveryPoint && _scoreboard.SackedOctets == 0 && _scoreboard.LostOctets == 0;
        if (!isCalm || _probeUnderway || Flight == 0 || _retransmitAt == Instant.Never || !IsSynchronized) { return; }
        var timeout = _timeout.IsMeasured ? _timeout.SmoothedRoundTrip * 2 : UnmeasuredProbeTimeout;
        if (timeout < LeastProbeTimeout) { timeout = LeastProbeTimeout; }
        if (Flight <= SegmentSize) { timeout += LongestAcknowledgmentDelay; }
        var at = now + timeout;
        // Later than the retransmission timeout it would probe nothing.
        if (at < _retransmitAt) { _probeAt = at; }
    }

    /// <summary>TLP_send_probe (RFC 8985 section 7.3): a new segment if there is one, else the last once more.</summary>
    private void OnProbeTimeout(Instant now, ref TcpOutputs outputs)
    {
        _probeAt = Instant.Never;
        if (Flight == 0 || !MaySendText) { return; }
        outputs.Tell(TcpClause.TailProbed);
        var edge = SequenceNumber.Min(SendUnacknowledged + SendWindow, SendLimit);
        var isNew = edge - SendMaximum >= SegmentSize || (edge == SendLimit && edge > SendMaximum);
        var left = isNew ? SendMaximum : SequenceNumber.Max(SendMaximum - FullSegment, SendUnacknowledged);
        var sent = EmitText(left, Math.Min(SegmentSize, (isNew ? edge : SendMaximum) - left), now, ref outputs);
        _probeAt = Instant.Never;
        if (sent == 0) { return; }
        if (SendNext < SendMaximum) { SendNext = SendMaximum; }
        _probeUnderway = true;
        _probeRepeats = !isNew;
        _probeEnd = SendMaximum;
        _retransmitAt = now + _timeout.Current;
    }

    /// <summary>TLP_process_ack (RFC 8985 section 7.4): a loss that only the probe has repaired is congestion all the same.</summary>
    private void JudgeProbe(in TcpSegment segment, bool advances, bool reportsDuplicate, ref TcpOutputs outputs)
    {
        if (!_probeUnderway || segment.Acknowledgment < _probeEnd) { return; }
        _probeUnderway = false;
        if (!_probeRepeats || reportsDuplicate || !advances) { return; }
        if (EchoesBefore(segment, _repeatedAt)) { return; }
        outputs.Tell(TcpClause.TailLossRepaired);
        var before = _congestion.SlowStartThreshold;
        var threshold = _congestion.ShrinkAfterLoss(_congestion.Window, SegmentSize);
        outputs.Tell(TcpClause.LossHalvesThreshold, TcpQuantity.SlowStartThreshold, before, threshold);
        SetCongestionWindow(threshold, TcpClause.RecoveryLeft, ref outputs);
    }

    private readonly bool EchoesBefore(in TcpSegment segment, uint clock) =>
        UsesTimestamps && clock != 0 && segment.Options.Has(TcpOptionSet.Timestamps) && segment.Options.TimestampEcho != 0
        && unchecked((int)(segment.Options.TimestampEcho - clock)) < 0;
}
