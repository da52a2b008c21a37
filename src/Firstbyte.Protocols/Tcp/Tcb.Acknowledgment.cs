using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// What an acknowledgment does (RFC 9293 section 3.10.7.4, fifth step).
public partial struct Tcb
{
    /// <summary>Takes the acknowledgment in; false when the segment is to be dropped.</summary>
    private bool TakeAcknowledgment(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        var acknowledgment = segment.Acknowledgment;
        if (acknowledgment > SendMaximum)
        {
            outputs.Tell(TcpClause.AcknowledgmentOfUnsent);
            Challenge(now, ref outputs);
            return false;
        }
        // RFC 5961 section 5.2: older than the largest window the peer ever offered cannot be honest.
        if (acknowledgment < SendUnacknowledged && (uint)(SendUnacknowledged - acknowledgment) > SendWindowMaximum)
        {
            outputs.Tell(TcpClause.AcknowledgmentTooOld);
            Challenge(now, ref outputs);
            return false;
        }

        var flight = Flight;
        var advances = acknowledgment > SendUnacknowledged;
        var window = (uint)segment.Window << _sendScale;
        var delivery = UsesSelectiveAcknowledgment ? BeginDelivery(segment, now) : default;
        if (advances) { TakeNewAcknowledgment(segment, ref delivery, now, ref outputs); }
        if (UsesSelectiveAcknowledgment)
        {
            if (segment.Options.Has(TcpOptionSet.Sack)) { TakeSackBlocks(segment, ref delivery, ref outputs); }
            RecoverByScoreboard(segment, delivery, flight, advances, now, ref outputs);
        }
        else if (advances) { RecoverOrGrow(flight - Flight, flight, now, ref outputs); }
        else if (acknowledgment == SendUnacknowledged && IsDuplicate(segment, window)) { TakeDuplicate(flight, ref outputs); }
        if (advances) { RestartTimers(now, ref outputs); }
        if (State == TcpState.Closed) { return true; }

        // RFC 9293 asks for a later sequence number; a later acknowledgment, on a segment that the peer had to repeat, is as good a proof
        // that this is the newest window, and without it the right edge would move by itself.
        if (acknowledgment >= SendUnacknowledged
            && (advances || _windowSequence < segment.Sequence || (_windowSequence == segment.Sequence && _windowAcknowledgment <= acknowledgment)))
        {
            SetSendWindow(window, segment, ref outputs);
        }
        if (_persistAt != Instant.Never || _persistDoublings > 0)
        {
            // A peer that answers probes is alive, however long its window stays closed (RFC 9293 section 3.8.6.1, MUST-37).
            _progressAt = now;
        }
        return true;
    }

    private void TakeNewAcknowledgment(in TcpSegment segment, ref Delivery delivery, Instant now, ref TcpOutputs outputs)
    {
        outputs.Tell(TcpClause.AcknowledgmentAdvances);
        Measure(segment, now, ref outputs);
        SendUnacknowledged = segment.Acknowledgment;
        if (SendNext < SendUnacknowledged) { SendNext = SendUnacknowledged; }
        if (UsesSelectiveAcknowledgment) { _scoreboard.Acknowledge(SendUnacknowledged, ref delivery); }
        if (_urgentToSend && SendUrgent <= SendUnacknowledged) { _urgentToSend = false; }
        Retransmissions = 0;
        NoteSizeArrives();
        SoftError = false;
        _progressAt = now;
        outputs.Signals |= TcpSignals.Writable;
    }

    private void RestartTimers(Instant now, ref TcpOutputs outputs)
    {
        if (_retransmitAt == Instant.Never) { outputs.Tell(TcpClause.ProbeAcknowledged); }

        if (SendUnacknowledged == SendMaximum)
        {
            outputs.Tell(TcpClause.RetransmissionTimerOff);
            _retransmitAt = _probeAt = _reorderAt = Instant.Never;
        }
        else if (!InRecovery || _firstPartial || UsesSelectiveAcknowledgment)
        {
            outputs.Tell(TcpClause.RetransmissionTimerRestarted);
            _retransmitAt = now + _timeout.Current;
        }
        if (InRecovery) { _firstPartial = false; }
        if (UsesSelectiveAcknowledgment) { ScheduleProbe(now); }
        if (FinIsAcknowledged) { OnFinAcknowledged(now, ref outputs); }
    }

    private void OnFinAcknowledged(Instant now, ref TcpOutputs outputs)
    {
        outputs.Signals |= TcpSignals.FinAcknowledged;
        // The FIN may have been the octet of a probe: nothing is left to ask for.
        _persistAt = _overrideAt = Instant.Never;
        switch (State)
        {
            case TcpState.FinWait1:
                Enter(TcpState.FinWait2, TcpClause.FinWait1Acknowledged, ref outputs);
                StartFinWait2Timer(now);
                break;
            case TcpState.Closing:
                Enter(TcpState.TimeWait, TcpClause.ClosingAcknowledged, ref outputs);
                StartTimeWait(now);
                break;
            case TcpState.LastAck:
                Die(TcpClause.LastAckAcknowledged, TcpSignals.None, ref outputs);
                break;
        }
    }

    private void SetSendWindow(uint window, in TcpSegment segment, ref TcpOutputs outputs)
    {
        if (window != SendWindow) { outputs.Tell(TcpClause.SendWindowUpdated, TcpQuantity.SendWindow, SendWindow, window); }
        SendWindow = window;
        SendWindowMaximum = Math.Max(SendWindowMaximum, window);
        _windowSequence = segment.Sequence;
        _windowAcknowledgment = segment.Acknowledgment;
        if (window > 0)
        {
            _persistAt = Instant.Never;
            _persistDoublings = 0;
        }
    }

    /// <summary>
    /// Takes a round trip from the timed segment, or from the echoed timestamp when that one was repeated (RFC 7323 section 4, RFC 6298
    /// section 3).
    /// </summary>
    private bool Measure(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        TimeSpan roundTrip;
        if (_timing && segment.Acknowledgment >= _timedEnd)
        {
            roundTrip = now - _timedAt;
            _timing = false;
            outputs.Tell(TcpClause.RoundTripTimed);
        }
        else if (UsesTimestamps && segment.Options.Has(TcpOptionSet.Timestamps) && segment.Options.TimestampEcho != 0 && !_timing)
        {
            var ticks = unchecked((int)(TimestampClock(now) - segment.Options.TimestampEcho));
            // An echo from the future or from before the connection is not ours.
            if (ticks < 0 || ticks > TimestampOutdated.TotalMilliseconds || EchoesBeforeRepetition(segment)) { return false; }
            roundTrip = TimeSpan.FromMilliseconds(ticks);
            outputs.Tell(TcpClause.RoundTripFromTimestamp);
        }
        else
        {
            return false;
        }
        var before = _timeout.Current;
        _timeout.Measure(roundTrip, Settings);
        outputs.Tell(TcpClause.TimeoutComputed, TcpQuantity.RetransmissionTimeout, before.Ticks / 10, _timeout.Current.Ticks / 10);
        return true;
    }

    /// <summary>
    /// An acknowledgment that a repetition has called forth may echo the time of what came first, whose own acknowledgment was lost: that
    /// is our waiting, not a round trip, and taken for one it makes the next wait three times as long. Such an acknowledgment reports the
    /// duplicate (RFC 2883 section 4); of a SYN's there is no report.
    /// </summary>
    private readonly bool EchoesBeforeRepetition(in TcpSegment segment)
    {
        if (_repeatedAt == 0 || unchecked((int)(segment.Options.TimestampEcho - _repeatedAt)) >= 0) { return false; }
        if (!IsSynchronized) { return true; }
        var sack = segment.Options.Sack;
        return segment.Options.Has(TcpOptionSet.Sack) && sack.Count > 0 && sack[0].Left < segment.Acknowledgment;
    }

    private readonly uint TimestampClock(Instant now) => unchecked(_timestampOffset + (uint)(now.Nanoseconds / 1_000_000));
}
