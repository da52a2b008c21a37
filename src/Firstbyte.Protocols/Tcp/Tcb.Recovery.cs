using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// Loss recovery: what follows when losses are known. Without SACK, duplicate acknowledgments tell of them (RFC 5681, RFC 6582); with it,
// the scoreboard does (RFC 6675, RFC 8985), and the window shrinks in proportion to what is delivered (RFC 6937).
public partial struct Tcb
{
    /// <summary>DupThresh (RFC 5681 section 3.2, RFC 6675 section 2).</summary>
    private const int DuplicateThreshold = 3;

    /// <summary>RFC 5681 section 2: a duplicate acknowledgment, for a peer without SACK.</summary>
    private readonly bool IsDuplicate(in TcpSegment segment, uint window) =>
        Flight > 0 && segment.PayloadLength == 0 && !segment.Has(TcpFlags.Fin) && window == SendWindow && _retransmitAt != Instant.Never;

    /// <summary>Enters the blocks into the scoreboard (RFC 2018 section 5, RFC 6675 section 3).</summary>
    private void TakeSackBlocks(in TcpSegment segment, ref Delivery delivery, ref TcpOutputs outputs)
    {
        var before = delivery.Octets;
        var blocks = segment.Options.Sack;
        for (var i = 0; i < blocks.Count; i++)
        {
            var (left, right) = blocks[i];
            // A block at or below the acknowledgment reports a duplicate (RFC 2883 section 4); one beyond what was sent is a lie.
            if (left >= right || right > SendMaximum || left >= SendMaximum || left < segment.Acknowledgment || left < SendUnacknowledged)
            {
                outputs.Tell(TcpClause.SackBlockIgnored);
                continue;
            }
            _scoreboard.Sack(left, right, ref delivery);
        }
        if (delivery.Octets > before) { outputs.Tell(TcpClause.SackBlocksTaken); }
    }

    private void TakeDuplicate(int flight, ref TcpOutputs outputs)
    {
        _duplicateAcknowledgments++;
        outputs.Tell(TcpClause.DuplicateAcknowledgment);
        if (InRecovery)
        {
            // RFC 5681 section 3.2 step 4: a segment has left the network.
            SetCongestionWindow(_congestion.Window + SegmentSize, TcpClause.RecoveryInflates, ref outputs);
            return;
        }
        if (_duplicateAcknowledgments >= DuplicateThreshold) { OnLoss(flight, ref outputs); }
    }

    private void EnterRecovery(int flight, ref TcpOutputs outputs)
    {
        KeepForUndo();
        InRecovery = true;
        _firstPartial = true;
        _probeAt = Instant.Never;
        _recoveryPoint = SendMaximum;
        // What limited transmit sent on the first two duplicates does not count (RFC 5681 section 3.2 step 2).
        var before = _congestion.SlowStartThreshold;
        var threshold = _congestion.ShrinkAfterLoss(flight, SegmentSize);
        outputs.Tell(TcpClause.LossHalvesThreshold, TcpQuantity.SlowStartThreshold, before, threshold);
        if (UsesSelectiveAcknowledgment)
        {
            outputs.Tell(TcpClause.SackRecoveryEntered);
            _rate = ProportionalRate.Start(flight);
            ReduceInProportion(0, makesProgress: false, ref outputs);
            return;
        }
        SetCongestionWindow(threshold + DuplicateThreshold * SegmentSize, TcpClause.FastRetransmit, ref outputs);
        _highestRetransmitted = SendUnacknowledged;
        _retransmitFirst = true;
    }

    private void ReduceInProportion(int delivered, bool makesProgress, ref TcpOutputs outputs)
    {
        var window = _rate.WindowAfter(delivered, Pipe, _congestion.SlowStartThreshold, SegmentSize, makesProgress);
        SetCongestionWindow(window, TcpClause.ProportionalReduction, ref outputs);
    }

    /// <summary>With SACK: what the acknowledgment showed moves a recovery on, begins one, or lets the window grow.</summary>
    private void RecoverByScoreboard(in TcpSegment segment, in Delivery delivery, int flight, bool advances, Instant now, ref TcpOutputs outputs)
    {
        var reportsDuplicate = TakeReportedDuplicate(segment);
        JudgeProbe(segment, advances, reportsDuplicate, ref outputs);
        var lost = DetectLoss(delivery, now, ref outputs);
        if (TryUndo(segment, advances, reportsDuplicate, ref outputs)) { lost = 0; }
        var ended = InRecovery && SendUnacknowledged >= _recoveryPoint;
        if (ended)
        {
            InRecovery = false;
            _rack.RecoveryEnded();
            SetCongestionWindow(_congestion.SlowStartThreshold, TcpClause.RecoveryLeft, ref outputs);
        }
        if (lost > 0) { OnLoss(flight, ref outputs); }
        else { JudgeSizeProbe(ref outputs); }
        if (InRecovery)
        {
            if (advances) { outputs.Tell(TcpClause.SackPartialAcknowledgment); }
            ReduceInProportion(delivery.Octets, makesProgress: advances && lost == 0, ref outputs);
        }
        else if (!ended && (advances || (_rack.HasSeenReordering && delivery.Octets > 0)))
        {
            // Where the path reorders, what arrived before its turn has arrived all the same.
            var roundTrip = delivery.HasLatest && !delivery.LatestIsRepeated ? _rack.RoundTrip : 0;
            var sample = new CongestionSample(delivery.Octets, SegmentSize, now, _timeout.SmoothedRoundTrip, roundTrip, _rack.Forward, SendMaximum);
            WatchSlowStart(sample, ref outputs);
            Grow(sample, flight, ref outputs);
        }
    }

    private void WatchSlowStart(in CongestionSample sample, ref TcpOutputs outputs)
    {
        var window = _congestion.Window;
        switch (_congestion.WatchSlowStart(sample))
        {
            case SlowStartVerdict.DelayRose: outputs.Tell(TcpClause.SlowStartDelayRose, TcpQuantity.CongestionWindow, window, window); break;
            case SlowStartVerdict.DelayFell: outputs.Tell(TcpClause.SlowStartDelayFell, TcpQuantity.CongestionWindow, window, window); break;
            case SlowStartVerdict.Over: outputs.Tell(TcpClause.SlowStartOver, TcpQuantity.SlowStartThreshold, CongestionControl.Unlimited, window); break;
        }
    }

    /// <summary>The window grows only when it was what held us back (RFC 5681 section 4.1 and RFC 9438 section 5.8 in spirit).</summary>
    private void Grow(in CongestionSample sample, int flight, ref TcpOutputs outputs)
    {
        var limited = _congestion.InSlowStart ? flight * 2L >= _congestion.Window : (long)flight + SegmentSize > _congestion.Window;
        if (!limited) { return; }
        var (before, clause) = (_congestion.Window, _congestion.Growth);
        _congestion.Grow(sample);
        if (before != _congestion.Window) { outputs.Tell(clause, TcpQuantity.CongestionWindow, before, _congestion.Window); }
    }

    /// <summary>Without SACK: the same by duplicate and partial acknowledgments (RFC 6582 section 3.2).</summary>
    private void RecoverOrGrow(int acknowledged, int flight, Instant now, ref TcpOutputs outputs)
    {
        if (_highestRetransmitted < SendUnacknowledged) { _highestRetransmitted = SendUnacknowledged; }
        if (!InRecovery)
        {
            _duplicateAcknowledgments = 0;
            Grow(
                new CongestionSample(acknowledged, SegmentSize, now, _timeout.SmoothedRoundTrip, Through: SendUnacknowledged, SendMaximum: SendMaximum),
                flight, ref outputs);
            return;
        }
        if (SendUnacknowledged >= _recoveryPoint)
        {
            InRecovery = false;
            _duplicateAcknowledgments = 0;
            // RFC 6582 section 3.2 step 3, full acknowledgment, option 1: no burst from a window that is larger than what is on the way.
            SetCongestionWindow(Math.Min(_congestion.SlowStartThreshold, Math.Max(Flight, SegmentSize) + SegmentSize), TcpClause.RecoveryLeft, ref outputs);
            return;
        }
        // RFC 6582 section 3.2 step 3, partial acknowledgment: the next hole, and the window shrinks by what was acknowledged.
        var deflated = _congestion.Window - acknowledged + (acknowledged >= SegmentSize ? SegmentSize : 0);
        SetCongestionWindow(Math.Max(deflated, SegmentSize), TcpClause.PartialAcknowledgment, ref outputs);
        _retransmitFirst = true;
    }

    private void SetCongestionWindow(int window, TcpClause clause, ref TcpOutputs outputs)
    {
        var before = _congestion.Window;
        _congestion.SetWindow(window);
        outputs.Tell(clause, TcpQuantity.CongestionWindow, before, _congestion.Window);
    }
}
