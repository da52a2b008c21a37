using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// Loss recovery: by duplicate acknowledgments (RFC 5681, RFC 6582) when the peer has no SACK, by its scoreboard (RFC 6675) when it has.
public partial struct Tcb
{
    /// <summary>DupThresh (RFC 5681 section 3.2, RFC 6675 section 2).</summary>
    private const int DuplicateThreshold = 3;

    /// <summary>RFC 5681 section 2: a duplicate acknowledgment; with SACK it is one that brings news (RFC 6675 section 2).</summary>
    private readonly bool IsDuplicate(in TcpSegment segment, uint window, int newlySacked)
    {
        if (Flight == 0) { return false; }
        if (UsesSelectiveAcknowledgment) { return newlySacked > 0; }
        return segment.PayloadLength == 0 && !segment.Has(TcpFlags.Fin) && window == SendWindow && _retransmitAt != Instant.Never;
    }

    /// <summary>Enters the blocks into the scoreboard and gives the octets that are new (RFC 2018 section 5, RFC 6675 section 3).</summary>
    private int TakeSackBlocks(in TcpSegment segment, ref TcpOutputs outputs)
    {
        var news = 0;
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
            news += Math.Max(_sacked.Add(left, right), 0);
        }
        if (news > 0) { outputs.Tell(TcpClause.SackBlocksTaken); }
        return news;
    }

    private void TakeDuplicate(int flight, ref TcpOutputs outputs)
    {
        _duplicateAcknowledgments++;
        outputs.Tell(TcpClause.DuplicateAcknowledgment);
        if (InRecovery)
        {
            if (!UsesSelectiveAcknowledgment)
            {
                // RFC 5681 section 3.2 step 4: a segment has left the network.
                SetCongestionWindow(_congestion.Window + SegmentSize, TcpClause.RecoveryInflates, ref outputs);
            }
            return;
        }
        var lost = _duplicateAcknowledgments >= DuplicateThreshold || (UsesSelectiveAcknowledgment && IsLost(SendUnacknowledged));
        if (!lost) { return; }
        // RFC 6582 section 3.2 step 2 and RFC 6675 section 5.1: not again for what a timeout or an earlier recovery is repairing.
        if (SendUnacknowledged < _recoveryPoint)
        {
            outputs.Tell(TcpClause.RecoveryNotRepeated);
            return;
        }
        EnterRecovery(flight, ref outputs);
    }

    private void EnterRecovery(int flight, ref TcpOutputs outputs)
    {
        InRecovery = true;
        _firstPartial = true;
        _rescued = false;
        _recoveryPoint = SendMaximum;
        // What limited transmit sent on the first two duplicates does not count (RFC 5681 section 3.2 step 2).
        var before = _congestion.SlowStartThreshold;
        var threshold = _congestion.ShrinkAfterLoss(flight, SegmentSize);
        outputs.Tell(TcpClause.LossHalvesThreshold, TcpQuantity.SlowStartThreshold, before, threshold);
        if (UsesSelectiveAcknowledgment)
        {
            SetCongestionWindow(threshold, TcpClause.SackRecoveryEntered, ref outputs);
        }
        else
        {
            SetCongestionWindow(threshold + DuplicateThreshold * SegmentSize, TcpClause.FastRetransmit, ref outputs);
        }
        _highestRetransmitted = SendUnacknowledged;
        _retransmitFirst = true;
    }

    private void RecoverOrGrow(int acknowledged, int flight, Instant now, ref TcpOutputs outputs)
    {
        if (_highestRetransmitted < SendUnacknowledged) { _highestRetransmitted = SendUnacknowledged; }
        if (!InRecovery)
        {
            _duplicateAcknowledgments = 0;
            // The window grows only when it was what held us back (RFC 5681 section 4.1 and RFC 9438 section 5.8 in spirit).
            var limited = _congestion.InSlowStart ? flight * 2L >= _congestion.Window : (long)flight + SegmentSize > _congestion.Window;
            if (!limited) { return; }
            var before = _congestion.Window;
            var slowStart = _congestion.InSlowStart;
            _congestion.Grow(acknowledged, SegmentSize, now, _timeout.SmoothedRoundTrip);
            if (before != _congestion.Window)
            {
                var clause = slowStart ? TcpClause.SlowStart
                    : _congestion.Algorithm == CongestionAlgorithm.Cubic ? TcpClause.CubicGrowth : TcpClause.CongestionAvoidance;
                outputs.Tell(clause, TcpQuantity.CongestionWindow, before, _congestion.Window);
            }
            return;
        }
        if (SendUnacknowledged >= _recoveryPoint)
        {
            InRecovery = false;
            _duplicateAcknowledgments = 0;
            // RFC 6582 section 3.2 step 3, full acknowledgment, option 1: no burst from a window that is larger than what is on the way.
            var window = UsesSelectiveAcknowledgment
                ? _congestion.SlowStartThreshold
                : Math.Min(_congestion.SlowStartThreshold, Math.Max(Flight, SegmentSize) + SegmentSize);
            SetCongestionWindow(window, TcpClause.RecoveryLeft, ref outputs);
            return;
        }
        if (UsesSelectiveAcknowledgment)
        {
            outputs.Tell(TcpClause.SackPartialAcknowledgment);
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

    /// <summary>IsLost (RFC 6675 section 4): three runs or more than two segments have been selectively acknowledged above it.</summary>
    private readonly bool IsLost(SequenceNumber number)
    {
        var runs = 0;
        var octets = 0;
        for (var i = _sacked.Count - 1; i >= 0 && _sacked[i].Left > number; i--)
        {
            runs++;
            octets += _sacked[i].Length;
        }
        return runs >= DuplicateThreshold || octets > (DuplicateThreshold - 1) * SegmentSize;
    }

    /// <summary>SetPipe (RFC 6675 section 4): octets that are thought to be on the way.</summary>
    private readonly int Pipe()
    {
        var pipe = 0;
        var runsAbove = 0;
        var octetsAbove = 0;
        var right = SendMaximum;
        // From the top down, hole by hole: whether a hole is lost depends only on what lies above it.
        for (var i = _sacked.Count - 1; ; i--)
        {
            var left = i >= 0 ? _sacked[i].Right : SendUnacknowledged;
            var lost = runsAbove >= DuplicateThreshold || octetsAbove > (DuplicateThreshold - 1) * SegmentSize;
            if (!lost) { pipe += right - left; }
            if (_highestRetransmitted > left) { pipe += SequenceNumber.Min(_highestRetransmitted, right) - left; }
            if (i < 0) { return pipe; }
            runsAbove++;
            octetsAbove += _sacked[i].Length;
            right = _sacked[i].Left;
        }
    }

    /// <summary>NextSeg (RFC 6675 section 4): which range to send next in recovery; false when rule (1) to (4) name none.</summary>
    private bool TryNextSegment(out SequenceNumber left, out SequenceNumber right, out bool isRescue, ref TcpOutputs outputs)
    {
        isRescue = false;
        // Rules 1 and 3: the first hole above HighRxt and below the highest selectively acknowledged octet.
        var found = TryFirstHole(out left, out right);
        if (found && IsLost(left))
        {
            outputs.Tell(TcpClause.SackRetransmitsLost);
            return true;
        }
        // Rule 2: new data.
        var edge = SequenceNumber.Min(SendUnacknowledged + SendWindow, SendLimit);
        if (edge - SendMaximum >= SegmentSize || (edge == SendLimit && edge > SendMaximum))
        {
            outputs.Tell(TcpClause.SackSendsNew);
            left = SendMaximum;
            right = edge;
            return true;
        }
        if (found)
        {
            outputs.Tell(TcpClause.SackRetransmitsUnsure);
            return true;
        }
        // Rule 4: once a recovery, the last segment, so that a lost tail does not wait for the timer.
        if (!_rescued && SendUnacknowledged < SendMaximum && _highestRetransmitted < SendMaximum && _sacked.Count > 0)
        {
            _rescued = isRescue = true;
            right = SendMaximum;
            left = SequenceNumber.Max(right - SegmentSize, _sacked[_sacked.Count - 1].Right);
            if (left < right)
            {
                outputs.Tell(TcpClause.SackRescue);
                return true;
            }
        }
        return false;
    }

    private readonly bool TryFirstHole(out SequenceNumber left, out SequenceNumber right)
    {
        left = SequenceNumber.Max(_highestRetransmitted, SendUnacknowledged);
        right = left;
        for (var i = 0; i < _sacked.Count; i++)
        {
            if (left < _sacked[i].Left)
            {
                right = _sacked[i].Left;
                return true;
            }
            left = SequenceNumber.Max(left, _sacked[i].Right);
        }
        return false;
    }
}
