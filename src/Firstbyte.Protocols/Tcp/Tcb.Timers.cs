using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// What happens when time passes (RFC 9293 section 3.10.8).
public partial struct Tcb
{
    /// <summary>R1: retransmissions in a row after which the network layer is told (RFC 9293 section 3.8.3, SHLD-9: at least 3).</summary>
    private const int DoubtAfter = 3;

    private readonly TimeSpan PersistDelay
    {
        get
        {
            // Doubled for each probe, between one retransmission timeout and the longest (RFC 9293 section 3.8.6.1, SHLD-30).
            var delay = _timeout.Current;
            for (var i = 0; i < _persistDoublings && delay < Settings.MaximumRetransmissionTimeout; i++) { delay *= 2; }
            return delay < Settings.MaximumRetransmissionTimeout ? delay : Settings.MaximumRetransmissionTimeout;
        }
    }

    /// <summary>When the application is told that nothing arrives any more.</summary>
    private readonly Instant GivingUpAt
    {
        get
        {
            if (Flight == 0 && _persistAt == Instant.Never) { return Instant.Never; }
            var patience = State is TcpState.SynSent or TcpState.SynReceived ? Settings.ConnectTimeout : Settings.UserTimeout;
            return patience == TimeSpan.Zero ? Instant.Never : _progressAt + patience;
        }
    }

    private void OnTimer(Instant now, ref TcpOutputs outputs)
    {
        if (_endAt <= now)
        {
            Die(State == TcpState.TimeWait ? TcpClause.TimeWaitOver : TcpClause.FinWait2Over, TcpSignals.None, ref outputs);
            return;
        }
        if (GivingUpAt <= now)
        {
            Die(State is TcpState.SynSent or TcpState.SynReceived ? TcpClause.ConnectTimedOut : TcpClause.UserTimeout,
                State == TcpState.SynReceived && IsPassive ? TcpSignals.ReturnedToListen : TcpSignals.TimedOut, ref outputs);
            return;
        }
        if (_keepAliveAt <= now && !KeepAlive(now, ref outputs)) { return; }
        if (_retransmitAt <= now) { OnRetransmissionTimeout(ref outputs); }
        if (_reorderAt <= now) { OnReorderingTimeout(now, ref outputs); }
        if (_probeAt <= now) { OnProbeTimeout(now, ref outputs); }
        if (_persistAt <= now) { OnPersistTimeout(now, ref outputs); }
        if (_acknowledgeAt <= now)
        {
            outputs.Tell(TcpClause.DelayedAcknowledgmentDue);
            _acknowledgeNow = true;
        }
        if (_overrideAt <= now)
        {
            _forceSend = true;
            _overrideAt = Instant.Never;
        }
    }

    private void OnRetransmissionTimeout(ref TcpOutputs outputs)
    {
        _retransmitAt = Instant.Never;
        if (IsSynchronized && SendWindow == 0)
        {
            // The window was closed over what is under way: that is no congestion, and from here on it is probed (RFC 9293 section 3.8.6).
            outputs.Tell(TcpClause.WindowShrunk);
            _timing = false;
            LeaveRecovery(ref outputs);
            _persistAt = default;
            return;
        }
        Retransmissions++;
        if (Retransmissions == DoubtAfter)
        {
            outputs.Tell(TcpClause.PathDoubtful);
            outputs.Signals |= TcpSignals.PathDoubtful;
            _timeout.Forget();
        }
        if (Retransmissions >= DoubtAfter) { DoubtSegmentSize(ref outputs); }
        var before = _timeout.Current;
        _timeout.BackOff(Settings);
        outputs.Tell(TcpClause.TimeoutDoubled, TcpQuantity.RetransmissionTimeout, before.Ticks / 10, _timeout.Current.Ticks / 10);
        _timing = false;
        if (!IsSynchronized)
        {
            _synLost = true;
            SendNext = InitialSend;
            return;
        }
        var window = _congestion.Window;
        // In a recovery, and when its losses come again, the threshold is that of the same event (RFC 5681 section 3.1, RFC 6675 section 5.1).
        var isNewEvent = Retransmissions == 1 && !InRecovery;
        if (isNewEvent) { KeepForUndo(); }
        _congestion.ShrinkAfterTimeout(Flight, SegmentSize, isNewEvent);
        outputs.Tell(TcpClause.TimeoutShrinksWindow, TcpQuantity.CongestionWindow, window, _congestion.Window);
        LeaveRecovery(ref outputs);
    }

    /// <summary>
    /// Begins again at SND.UNA. What was selectively acknowledged is not sent again (RFC 6675 section 5.1 allows to keep it) unless the peer
    /// has shown that it threw it away (RFC 2018 section 8).
    /// </summary>
    private void LeaveRecovery(ref TcpOutputs outputs)
    {
        if (UsesSelectiveAcknowledgment)
        {
            if (_scoreboard.PeerHasReneged)
            {
                outputs.Tell(TcpClause.PeerReneged);
                _scoreboard.ForgetSacked();
            }
            _scoreboard.MarkAllLost();
            _probeAt = _reorderAt = Instant.Never;
            _probeUnderway = _sizeProbeUnderway = false;
        }
        else { SendNext = SendUnacknowledged; }
        InRecovery = false;
        _retransmitFirst = false;
        _duplicateAcknowledgments = 0;
        _recoveryPoint = SendMaximum;
        _highestRetransmitted = SendUnacknowledged;
    }

    private void OnPersistTimeout(Instant now, ref TcpOutputs outputs)
    {
        outputs.Tell(TcpClause.ZeroWindowProbe);
        if (!UsesSelectiveAcknowledgment) { SendNext = SendUnacknowledged; }
        EmitProbe(now, ref outputs);
        _persistDoublings++;
        _persistAt = now + PersistDelay;
    }

    /// <summary>Sends a keep-alive or gives the connection up; false when it is gone (RFC 9293 section 3.8.4).</summary>
    private bool KeepAlive(Instant now, ref TcpOutputs outputs)
    {
        _keepAliveAt = now + Settings.KeepAliveInterval;
        // What is under way asks the same question.
        if (Flight > 0) { return true; }
        if (_keepAlivesSent >= Settings.KeepAliveProbes)
        {
            Die(TcpClause.KeepAliveUnanswered, TcpSignals.TimedOut, ref outputs);
            return false;
        }
        outputs.Tell(TcpClause.KeepAliveSent);
        _keepAlivesSent++;
        outputs.Emit(new TcpSegment
        {
            // One before SND.NXT, and empty: not acceptable, so a living peer answers where it stands.
            Sequence = SendMaximum - 1,
            Acknowledgment = ReceiveNext,
            Flags = TcpFlags.Ack,
            Window = OfferWindow(ref outputs),
            Options = OptionsToSend(now, withSack: false),
        });
        AcknowledgmentLeft();
        return true;
    }

    private void RestartKeepAlive(Instant now)
    {
        _keepAlivesSent = 0;
        _keepAliveAt = Settings.KeepAliveIdle > TimeSpan.Zero && IsSynchronized && State != TcpState.TimeWait
            ? now + Settings.KeepAliveIdle
            : Instant.Never;
    }

    private void StartTimeWait(Instant now)
    {
        StopTimers();
        _endAt = now + Settings.MaximumSegmentLifetime * 2;
    }

    private void StartFinWait2Timer(Instant now)
    {
        if (_readerGone && Settings.FinWait2Timeout > TimeSpan.Zero) { _endAt = now + Settings.FinWait2Timeout; }
    }

    private void StopTimers() =>
        _retransmitAt = _persistAt = _acknowledgeAt = _overrideAt = _keepAliveAt = _endAt = _reorderAt = _probeAt = Instant.Never;

    private readonly Instant EarliestDeadline(bool moreToSend, Instant now)
    {
        if (State == TcpState.Closed) { return Instant.Never; }
        if (moreToSend) { return now; }
        var earliest = Earlier(Earlier(_retransmitAt, _persistAt), Earlier(_acknowledgeAt, _overrideAt));
        earliest = Earlier(earliest, Earlier(_reorderAt, _probeAt));
        return Earlier(earliest, Earlier(Earlier(_keepAliveAt, _endAt), GivingUpAt));

        static Instant Earlier(Instant left, Instant right) => left < right ? left : right;
    }
}
