using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// What an arriving segment must pass, in the order of RFC 9293 section 3.10.7.4, with the timestamps' check before (RFC 7323
// section 5.3) and the acknowledgments that challenge a blind attacker (RFC 5961).
public partial struct Tcb
{
    /// <summary>ACK throttling: at most this many challenge acknowledgments in <see cref="ChallengePeriod"/> (RFC 5961 section 7 names 10 in 5 s).</summary>
    private const int ChallengeLimit = 10;

    private static readonly TimeSpan ChallengePeriod = TimeSpan.FromSeconds(5);

    /// <summary>After 24 days of silence the timestamp of the peer may have wrapped (RFC 7323 section 5.5).</summary>
    private static readonly TimeSpan TimestampOutdated = TimeSpan.FromDays(24);

    private void OnSegment(in TcpSegment segment, bool mayReopen, Instant now, ref TcpOutputs outputs)
    {
        if (State == TcpState.SynSent)
        {
            OnSegmentInSynSent(segment, now, ref outputs);
            return;
        }
        if (State == TcpState.TimeWait && mayReopen && EndsTimeWait(segment))
        {
            Die(TcpClause.TimeWaitReopened, TcpSignals.Reopen, ref outputs);
            return;
        }
        if (State == TcpState.SynReceived && segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Rst) && segment.Sequence == InitialReceive)
        {
            OnPeerSynAgain(segment, now, ref outputs);
            return;
        }
        OnSegmentAfterSyn(segment, now, ref outputs);
    }

    /// <summary>The peer's SYN once more: with an acknowledgment the last step of a simultaneous open, without one a repetition.</summary>
    private void OnPeerSynAgain(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        if (!segment.Has(TcpFlags.Ack))
        {
            // An acknowledgment without SYN would not help a peer whose SYN,ACK was lost: it goes out whole again.
            outputs.Tell(TcpClause.SynRepeated);
            SendNext = InitialSend;
            return;
        }
        outputs.Tell(TcpClause.SimultaneousOpenAcknowledged);
        OnSegmentAfterSyn(segment with { Sequence = segment.Sequence + 1, Flags = segment.Flags & ~TcpFlags.Syn }, now, ref outputs);
        if (IsSynchronized) { _acknowledgeNow = true; }
    }

    private void OnSegmentAfterSyn(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        if (UsesTimestamps && !PassesTimestamps(segment, now, ref outputs)) { return; }
        if (!IsAcceptable(segment))
        {
            if (segment.Has(TcpFlags.Rst))
            {
                outputs.Tell(TcpClause.ResetOutsideWindow);
                return;
            }
            // A repetition of what we acknowledged last is answered with its own time, so that the sender measures a round trip and not the
            // wait before (RFC 7323 section 4.3 (2)); it must fit this connection in everything but its place.
            if (UsesTimestamps && segment.Length > 0 && segment.End >= _lastAcknowledgmentSent && segment.End <= ReceiveNext && IsBelievable(segment))
            {
                NoteTimestamp(segment, now);
            }
            outputs.Tell(TcpClause.SegmentNotAcceptable);
            if (segment.PayloadLength > 0)
            {
                NoteDuplicate(segment.Sequence, segment.Sequence + segment.PayloadLength, ref outputs);
                _acknowledgeNow = true;
            }
            else if (segment.Has(TcpFlags.Fin))
            {
                _acknowledgeNow = true;
            }
            else
            {
                // Two ends that disagree would acknowledge each other's acknowledgments for ever: those are counted.
                Challenge(now, ref outputs);
            }
            if (State == TcpState.TimeWait && segment.Has(TcpFlags.Fin) && segment.End == ReceiveNext && IsBelievable(segment))
            {
                outputs.Tell(TcpClause.TimeWaitFinAgain);
                StartTimeWait(now);
            }
            return;
        }
        // From here to the acknowledgment's judgment nothing may change but the count of challenges: a segment that is dropped leaves no trace.
        if (segment.Has(TcpFlags.Rst))
        {
            OnReset(segment, now, ref outputs);
            return;
        }
        if (segment.Has(TcpFlags.Syn))
        {
            OnUnexpectedSyn(now, ref outputs);
            return;
        }
        if (!segment.Has(TcpFlags.Ack))
        {
            outputs.Tell(TcpClause.NoAcknowledgmentBit);
            return;
        }
        if (State == TcpState.SynReceived && !OnHandshakeAcknowledged(segment, now, ref outputs)) { return; }
        if (!TakeAcknowledgment(segment, now, ref outputs)) { return; }
        if (UsesTimestamps) { NoteTimestamp(segment, now); }
        RestartKeepAlive(now);
        if (State == TcpState.Closed) { return; }
        if (segment.Has(TcpFlags.Urg)) { TakeUrgentPointer(segment, ref outputs); }
        TakeText(segment, payloadStart: 0, now, ref outputs);
    }

    /// <summary>RFC 9293 section 3.4: the four cases of an acceptable segment, and valid acknowledgments into a closed window.</summary>
    private readonly bool IsAcceptable(in TcpSegment segment)
    {
        var window = ReceiveWindow;
        if (window == 0)
        {
            // Nothing but a segment of length 0 is acceptable, yet an ACK, URG or RST that stands at RCV.NXT is looked at; its text is
            // cut off later because it lies beyond the right edge.
            return segment.Sequence == ReceiveNext;
        }
        return segment.Sequence.IsIn(ReceiveNext, window)
            || (segment.Length > 0 && (segment.End - 1).IsIn(ReceiveNext, window))
            // A segment that starts before and ends after the window covers it.
            || (segment.Length > 0 && segment.Sequence < ReceiveNext && segment.End > ReceiveNext);
    }

    /// <summary>
    /// Whether a segment that is no new text could be this peer's: it has nothing but an acknowledgment of what we have sent (RFC 5961
    /// section 5.2).
    /// </summary>
    private readonly bool IsBelievable(in TcpSegment segment) =>
        segment.Has(TcpFlags.Ack) && !segment.Has(TcpFlags.Syn) && segment.Acknowledgment <= SendMaximum
        && (segment.Acknowledgment >= SendUnacknowledged || (uint)(SendUnacknowledged - segment.Acknowledgment) <= SendWindowMaximum);

    private bool PassesTimestamps(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        if (segment.Has(TcpFlags.Rst)) { return true; }
        if (!segment.Options.Has(TcpOptionSet.Timestamps))
        {
            outputs.Tell(TcpClause.TimestampMissing);
            return false;
        }
        var isOld = unchecked((int)(segment.Options.TimestampValue - _timestampRecent)) < 0;
        if (!isOld || now - _timestampRecentAt > TimestampOutdated) { return true; }
        outputs.Tell(TcpClause.TimestampOld);
        if (segment.PayloadLength > 0) { NoteDuplicate(segment.Sequence, segment.Sequence + segment.PayloadLength, ref outputs); }
        if (segment.Length > 0) { _acknowledgeNow = true; } else { Challenge(now, ref outputs); }
        return false;
    }

    private void NoteTimestamp(in TcpSegment segment, Instant now)
    {
        if (!segment.Options.Has(TcpOptionSet.Timestamps) || segment.Sequence > _lastAcknowledgmentSent) { return; }
        _timestampRecent = segment.Options.TimestampValue;
        _timestampRecentAt = now;
    }

    private void OnReset(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        if (segment.Sequence != ReceiveNext)
        {
            outputs.Tell(TcpClause.ResetChallenged);
            Challenge(now, ref outputs);
            return;
        }
        switch (State)
        {
            case TcpState.SynReceived when IsPassive: Die(TcpClause.SynReceivedResetPassive, TcpSignals.ReturnedToListen, ref outputs); break;
            case TcpState.SynReceived: Die(TcpClause.SynReceivedResetActive, TcpSignals.Refused, ref outputs); break;
            case TcpState.Closing or TcpState.LastAck or TcpState.TimeWait: Die(TcpClause.ResetWhileClosing, TcpSignals.None, ref outputs); break;
            default: Die(TcpClause.ResetReceived, TcpSignals.Reset, ref outputs); break;
        }
    }

    private void OnUnexpectedSyn(Instant now, ref TcpOutputs outputs)
    {
        if (State == TcpState.SynReceived && IsPassive)
        {
            Die(TcpClause.SynReceivedSynInWindow, TcpSignals.ReturnedToListen, ref outputs);
            return;
        }
        outputs.Tell(TcpClause.SynChallenged);
        Challenge(now, ref outputs);
    }

    private bool OnHandshakeAcknowledged(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        if (segment.Acknowledgment <= SendUnacknowledged || segment.Acknowledgment > SendMaximum)
        {
            outputs.Tell(TcpClause.SynReceivedBadAcknowledgment);
            EmitReset(segment.Acknowledgment, default, TcpFlags.Rst, now, ref outputs);
            return false;
        }
        Measure(segment, now, ref outputs);
        // The SYN is acknowledged here, so that what remains for the acknowledgment of data is data.
        SendUnacknowledged = InitialSend + 1;
        SendNext = SequenceNumber.Max(SendNext, SendUnacknowledged);
        BecomeEstablished(segment, TcpClause.SynReceivedAcknowledged, now, ref outputs);
        SetSendWindow((uint)segment.Window << _sendScale, segment, ref outputs);
        return true;
    }

    /// <summary>RFC 9293 section 3.10.7.4 and RFC 6191: a SYN that is certainly newer than the old connection may take its place.</summary>
    private readonly bool EndsTimeWait(in TcpSegment segment)
    {
        if (!segment.Has(TcpFlags.Syn) || (segment.Flags & (TcpFlags.Rst | TcpFlags.Ack)) != TcpFlags.None) { return false; }
        if (UsesTimestamps && segment.Options.Has(TcpOptionSet.Timestamps))
        {
            var later = unchecked((int)(segment.Options.TimestampValue - _timestampRecent));
            return later > 0 || (later == 0 && segment.Sequence > ReceiveNext);
        }
        return segment.Sequence > ReceiveNext;
    }

    private void Challenge(Instant now, ref TcpOutputs outputs)
    {
        if (now - _challengePeriodStart > ChallengePeriod)
        {
            _challengePeriodStart = now;
            _challengesSent = 0;
        }
        if (_challengesSent >= ChallengeLimit)
        {
            outputs.Tell(TcpClause.ChallengeThrottled);
            return;
        }
        _challengesSent++;
        _acknowledgeNow = true;
    }
}
