using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// What is sent, and when: the end of every step.
public partial struct Tcb
{
    /// <summary>The timer that overrides silly-window avoidance: 0.1 to 1 s (RFC 9293 section 3.8.6.2.1).</summary>
    private static readonly TimeSpan OverrideDelay = TimeSpan.FromMilliseconds(200);

    private readonly bool MaySendText =>
        State is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;

    /// <summary>The end of what is to be sent, our FIN included.</summary>
    private readonly SequenceNumber SendLimit => SendEnd + (_finQueued ? 1 : 0);

    /// <summary>
    /// The sequence number of a segment without text: RFC 9293 says SND.NXT, which must lie in the peer's window to be acceptable there,
    /// also after a timeout took SND.NXT back or a probe went beyond a closed window.
    /// </summary>
    private readonly SequenceNumber AcknowledgmentSequence => SequenceNumber.Min(SendMaximum, SendUnacknowledged + SendWindow);

    private void Transmit(Instant now, ref TcpOutputs outputs)
    {
        if (State is TcpState.SynSent or TcpState.SynReceived) { TransmitSyn(now, ref outputs); }
        if (_acknowledgeAlone && IsSynchronized) { EmitAcknowledgment(now, ref outputs); }
        if (MaySendText)
        {
            if (_retransmitFirst) { RetransmitFirst(now, ref outputs); }
            if (UsesSelectiveAcknowledgment) { RepeatLost(now, ref outputs); }
            SendInOrder(now, ref outputs);
            _forceSend = false;
        }
        if (_acknowledgeNow && State > TcpState.SynSent) { EmitAcknowledgment(now, ref outputs); }
        if (MaySendText && !outputs.MoreToSend) { WatchStalledText(now, ref outputs); }
    }

    private void TransmitSyn(Instant now, ref TcpOutputs outputs)
    {
        if (SendNext != InitialSend) { return; }
        if (!outputs.HasRoom)
        {
            outputs.MoreToSend = true;
            return;
        }
        var answers = State == TcpState.SynReceived;
        var present = TcpOptionSet.MaximumSegmentSize;
        if (UsesWindowScaling) { present |= TcpOptionSet.WindowScale; }
        if (UsesSelectiveAcknowledgment) { present |= TcpOptionSet.SackPermitted; }
        if (UsesTimestamps) { present |= TcpOptionSet.Timestamps; }
        outputs.Emit(new TcpSegment
        {
            Sequence = InitialSend,
            Acknowledgment = answers ? ReceiveNext : default,
            Flags = answers ? TcpFlags.Syn | TcpFlags.Ack : TcpFlags.Syn,
            // The window of a SYN is never scaled (RFC 7323 section 2.2).
            Window = (ushort)Math.Min(Settings.ReceiveCapacity, ushort.MaxValue),
            Options = new TcpOptions
            {
                Present = present,
                MaximumSegmentSize = Settings.MaximumSegmentSize,
                WindowScale = Settings.OfferedWindowScale,
                TimestampValue = UsesTimestamps ? TimestampClock(now) : 0,
                TimestampEcho = answers && UsesTimestamps ? _timestampRecent : 0,
            },
        });
        SendNext = InitialSend + 1;
        if (SendMaximum == InitialSend)
        {
            SendMaximum = SendNext;
            _timing = true;
            _timedEnd = SendNext;
            _timedAt = now;
            _progressAt = now;
        }
        else
        {
            outputs.Tell(TcpClause.SynRetransmitted);
            _timing = false;
            NoteRepetition(now);
        }
        if (_retransmitAt == Instant.Never) { _retransmitAt = now + _timeout.Current; }
        if (answers) { AcknowledgmentLeft(); }
    }

    private void RetransmitFirst(Instant now, ref TcpOutputs outputs)
    {
        if (!outputs.HasRoom)
        {
            outputs.MoreToSend = true;
            return;
        }
        _retransmitFirst = false;
        var sent = EmitText(SendUnacknowledged, Math.Min(SegmentSize, Flight), now, ref outputs);
        _highestRetransmitted = SendUnacknowledged + sent;
    }

    /// <summary>NextSeg (RFC 6675 section 4), as far as it is about repetitions: the lowest lost octets first, as the two windows allow.</summary>
    private void RepeatLost(Instant now, ref TcpOutputs outputs)
    {
        var edge = SendUnacknowledged + SendWindow;
        while (_scoreboard.TryFirstLost(out var left, out var right) && left < edge)
        {
            // The last of them may take along what comes behind it.
            if (right == SendMaximum) { right = SequenceNumber.Max(right, SendLimit); }
            var length = Math.Min(Math.Min(SegmentSize, right - left), edge - left);
            // A window below one segment is that of a peer without room; the congestion window is never so small.
            if (_congestion.Window - Pipe < Math.Min(length, _congestion.Window))
            {
                outputs.Tell(TcpClause.CongestionWindowFull);
                return;
            }
            if (!outputs.HasRoom)
            {
                outputs.MoreToSend = true;
                return;
            }
            outputs.Tell(TcpClause.SackRetransmitsLost);
            if (EmitText(left, length, now, ref outputs) == 0) { return; }
            SendNext = SequenceNumber.Max(SendNext, SendMaximum);
        }
    }

    private void SendInOrder(Instant now, ref TcpOutputs outputs)
    {
        if (Flight == 0 && SendNext < SendLimit && now - _lastSentAt > _timeout.Current) { RestartAfterIdle(ref outputs); }
        while (SendNext < SendLimit)
        {
            var waits = false;
            if (SendNext == SendMaximum && TrySizeProbe(now, out waits, ref outputs)) { continue; }
            if (waits) { return; }
            var length = LengthToSend(ref outputs);
            if (length == 0) { return; }
            if (!outputs.HasRoom)
            {
                outputs.MoreToSend = true;
                return;
            }
            var sent = EmitText(SendNext, length, now, ref outputs);
            SendNext += sent;
            if (_highestRetransmitted < SendNext) { _highestRetransmitted = SendNext; }
        }
    }

    private void RestartAfterIdle(ref TcpOutputs outputs)
    {
        var before = _congestion.Window;
        _congestion.RestartAfterIdle(SegmentSize, Settings.InitialWindowSegments);
        if (before != _congestion.Window) { outputs.Tell(TcpClause.RestartAfterIdle, TcpQuantity.CongestionWindow, before, _congestion.Window); }
    }

    /// <summary>How much of sequence space to send at SND.NXT now: the two windows, Nagle and silly-window avoidance (RFC 9293 section 3.8.6.2.1).</summary>
    private readonly int LengthToSend(ref TcpOutputs outputs)
    {
        var underway = SendNext - SendUnacknowledged;
        var offered = (int)Math.Min(SendWindow, int.MaxValue) - underway;
        var usable = Math.Min(offered, _congestion.Window + NotUnderway - underway);
        if (usable <= 0)
        {
            if (offered > 0) { outputs.Tell(TcpClause.CongestionWindowFull); }
            else { outputs.Tell(TcpClause.SendWindowFull); }
            return 0;
        }
        var text = SendEnd - SendNext;
        var full = FullSegment;
        if (SendNext < SendMaximum)
        {
            // Repeated after a timeout, without waiting for company.
            return Math.Min(Math.Min(SegmentSize, usable), SendLimit - SendNext);
        }
        if (text >= full && usable >= full) { return full + (_finQueued && text == full && usable > text ? 1 : 0); }

        var all = SendLimit - SendNext;
        // Nagle as RFC 9293 appendix A.3 has it: a small segment waits only for another small one.
        var noSmallUnderway = _smallEnd <= SendUnacknowledged;
        if (all <= usable && _finQueued) { return all; }
        if (Settings.NoDelay || noSmallUnderway)
        {
            if (text <= usable) { return Math.Min(all, usable); }
            if (Math.Min(text, usable) >= SendWindowMaximum / 2) { return Math.Min(text, usable); }
        }
        if (_forceSend)
        {
            outputs.Tell(TcpClause.SillyWindowOverridden);
            return Math.Min(text, Math.Min(usable, full));
        }
        if (text <= usable) { outputs.Tell(TcpClause.NagleHolds); }
        else { outputs.Tell(TcpClause.SenderAvoidsSillyWindow); }
        return 0;
    }

    /// <summary>Eff.snd.MSS: what a segment holds beside the options it will carry now (RFC 9293 section 3.7.1, MUST-16).</summary>
    private readonly int FullSegment
    {
        get
        {
            if (_baseSegmentSize < LeastSizeForSackWithText) { return SegmentSize; }
            var blocks = SackBlocksToSend().Count;
            return blocks == 0 ? SegmentSize : SegmentSize - 4 - 8 * blocks;
        }
    }

    /// <summary>
    /// What lies between SND.UNA and SND.NXT and is not on the way any more: selectively acknowledged and lost octets (RFC 6675 section 4),
    /// or, without SACK, one segment for each of the first two duplicate acknowledgments (RFC 3042).
    /// </summary>
    private readonly int NotUnderway
    {
        get
        {
            if (UsesSelectiveAcknowledgment) { return _scoreboard.SackedOctets + _scoreboard.LostOctets; }
            var mayBeLimited = !InRecovery && SendUnacknowledged >= _recoveryPoint;
            return mayBeLimited ? Math.Min(_duplicateAcknowledgments, DuplicateThreshold - 1) * SegmentSize : 0;
        }
    }

    /// <summary>Emits text, and our FIN where it comes, from a place on; gives how much of sequence space it took, at most <paramref name="space"/>.</summary>
    private int EmitText(SequenceNumber left, int space, Instant now, ref TcpOutputs outputs, int largest = 0)
    {
        var options = OptionsToSend(now, withSack: _baseSegmentSize >= LeastSizeForSackWithText);
        var text = Math.Min(Math.Min(space, SendEnd - left), Math.Max(Math.Max(_baseSegmentSize, largest) - options.WireLength, 1));
        var fin = _finQueued && left + text == SendEnd && text < space;
        var end = left + text + (fin ? 1 : 0);
        if (end <= left) { return 0; }

        var flags = TcpFlags.Ack;
        if (text > 0 && left + text == SendEnd) { flags |= TcpFlags.Psh; }
        if (fin) { flags |= TcpFlags.Fin; }
        ushort urgent = 0;
        if (_urgentToSend && SendUrgent > left)
        {
            outputs.Tell(TcpClause.UrgentSent);
            flags |= TcpFlags.Urg;
            urgent = (ushort)Math.Min(SendUrgent - left, ushort.MaxValue);
        }
        outputs.Emit(new TcpSegment
        {
            Sequence = left,
            Acknowledgment = ReceiveNext,
            Flags = flags,
            Window = OfferWindow(ref outputs),
            UrgentPointer = urgent,
            PayloadLength = text,
            Options = options,
        });
        AcknowledgmentLeft();
        if (left >= SendMaximum && text < FullSegment) { _smallEnd = end; }
        NoteSent(left, end, now, ref outputs);
        return end - left;
    }

    private void NoteSent(SequenceNumber left, SequenceNumber end, Instant now, ref TcpOutputs outputs)
    {
        if (left < SendMaximum)
        {
            outputs.Tell(TcpClause.Retransmitted);
            NoteRepetition(now);
            NoteRepeatedForUndo(end, SequenceNumber.Min(end, SendMaximum) - left, now);
            // Karn: a round trip of something that was sent twice tells nothing (RFC 6298 section 3).
            if (_timing && left < _timedEnd) { _timing = false; }
        }
        else if (!_timing)
        {
            _timing = true;
            _timedEnd = end;
            _timedAt = now;
        }
        if (Flight == 0) { _progressAt = now; }
        var isNew = end > SendMaximum;
        SendMaximum = SequenceNumber.Max(SendMaximum, end);
        if (UsesSelectiveAcknowledgment)
        {
            _scoreboard.Sent(left, end, now, _rack.LeastRoundTrip / GranulesPerRoundTrip);
            if (InRecovery) { _rate.Sent(end - left); }
        }
        if (_retransmitAt == Instant.Never)
        {
            outputs.Tell(TcpClause.RetransmissionTimerStarted);
            _retransmitAt = now + _timeout.Current;
        }
        if (isNew && UsesSelectiveAcknowledgment) { ScheduleProbe(now); }
        _lastSentAt = now;
    }

    private void NoteRepetition(Instant now)
    {
        // Zero stands for "never": the clock stands there for one millisecond in seven weeks.
        if (UsesTimestamps) { _repeatedAt = Math.Max(TimestampClock(now), 1); }
    }

    /// <summary>One octet beyond a closed window, text or FIN (RFC 9293 section 3.8.6.1).</summary>
    private void EmitProbe(Instant now, ref TcpOutputs outputs)
    {
        var text = SendEnd > SendUnacknowledged ? 1 : 0;
        outputs.Emit(new TcpSegment
        {
            Sequence = SendUnacknowledged,
            Acknowledgment = ReceiveNext,
            Flags = text > 0 ? TcpFlags.Ack : TcpFlags.Ack | TcpFlags.Fin,
            Window = OfferWindow(ref outputs),
            PayloadLength = text,
            Options = OptionsToSend(now, withSack: false),
        });
        AcknowledgmentLeft();
        SendMaximum = SequenceNumber.Max(SendMaximum, SendUnacknowledged + 1);
        if (UsesSelectiveAcknowledgment)
        {
            // It is on no way where it could be waited for: until the window opens it counts as lost.
            _scoreboard.Sent(SendUnacknowledged, SendUnacknowledged + 1, now, 0);
            _scoreboard.MarkAllLost();
            SendNext = SequenceNumber.Max(SendNext, SendMaximum);
        }
        _lastSentAt = now;
    }

    private void EmitAcknowledgment(Instant now, ref TcpOutputs outputs)
    {
        if (!outputs.HasRoom)
        {
            outputs.MoreToSend = true;
            return;
        }
        outputs.Emit(new TcpSegment
        {
            Sequence = AcknowledgmentSequence,
            Acknowledgment = ReceiveNext,
            Flags = TcpFlags.Ack,
            Window = OfferWindow(ref outputs),
            Options = OptionsToSend(now, withSack: true),
        });
        AcknowledgmentLeft();
    }

    /// <summary>A reset; with timestamps where they are agreed (RFC 7323 section 3.2: SHOULD), which in SYN-SENT nobody has yet.</summary>
    private readonly void EmitReset(SequenceNumber sequence, SequenceNumber acknowledgment, TcpFlags flags, Instant now, ref TcpOutputs outputs) =>
        outputs.Emit(new TcpSegment
        {
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            Options = State == TcpState.SynSent ? default : OptionsToSend(now, withSack: false),
        });

    private void AcknowledgmentLeft()
    {
        _acknowledgeNow = _acknowledgeAlone = false;
        _acknowledgeAt = Instant.Never;
        _unacknowledgedText = 0;
        _duplicate = default;
        if (_outOfOrder.Count == 0) { _recentCount = 0; }
        _lastAcknowledgmentSent = ReceiveNext;
    }

    private readonly TcpOptions OptionsToSend(Instant now, bool withSack)
    {
        var present = TcpOptionSet.None;
        var sack = withSack ? SackBlocksToSend() : default;
        if (sack.Count > 0) { present |= TcpOptionSet.Sack; }
        if (!UsesTimestamps) { return new TcpOptions { Present = present, Sack = sack }; }
        return new TcpOptions
        {
            Present = present | TcpOptionSet.Timestamps,
            TimestampValue = TimestampClock(now),
            TimestampEcho = _timestampRecent,
            Sack = sack,
        };
    }

    /// <summary>Text that could not go and for which no acknowledgment will come: someone must wake us.</summary>
    private void WatchStalledText(Instant now, ref TcpOutputs outputs)
    {
        if ((SendNext >= SendLimit && _scoreboard.LostOctets == 0) || _retransmitAt != Instant.Never)
        {
            _persistAt = _overrideAt = Instant.Never;
            return;
        }
        if (SendWindow > 0)
        {
            if (_overrideAt == Instant.Never) { _overrideAt = now + OverrideDelay; }
            return;
        }
        if (_persistAt == Instant.Never)
        {
            outputs.Tell(TcpClause.PersistStarted);
            _persistAt = now + PersistDelay;
            if (_persistDoublings == 0) { _progressAt = now; }
        }
    }

    /// <summary>Below this a SACK option would take most of a segment's text.</summary>
    private const int LeastSizeForSackWithText = 128;
}
