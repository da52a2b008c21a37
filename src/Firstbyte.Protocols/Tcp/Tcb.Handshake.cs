using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

public partial struct Tcb
{
    /// <summary>Begins a connection: the block is in SYN-SENT, the SYN is in the outputs (RFC 9293 section 3.10.1, active OPEN).</summary>
    /// <param name="settings">What the host decided.</param>
    /// <param name="initialSend">ISS, see <see cref="InitialSequence"/>.</param>
    /// <param name="timestampOffset">Added to our timestamp clock, so that it does not tell how long the host is up (RFC 7323 section 7.1).</param>
    /// <param name="now">The time.</param>
    /// <param name="outputs">Where the SYN goes.</param>
    public static Tcb Open(in TcpSettings settings, SequenceNumber initialSend, uint timestampOffset, Instant now, ref TcpOutputs outputs)
    {
        var tcb = Begin(settings, initialSend, timestampOffset, now);
        tcb.Enter(TcpState.SynSent, TcpClause.ActiveOpen, ref outputs);
        tcb.UsesWindowScaling = settings.WindowScaling;
        tcb.UsesTimestamps = settings.Timestamps;
        tcb.UsesSelectiveAcknowledgment = settings.SelectiveAcknowledgment;
        tcb.Transmit(now, ref outputs);
        tcb.NextDeadline = tcb.EarliestDeadline(outputs.MoreToSend, now);
        return tcb;
    }

    /// <summary>
    /// Takes a SYN that <see cref="Listening.Judge"/> let through: the block is in SYN-RECEIVED, the SYN,ACK is in the outputs (RFC 9293
    /// section 3.10.7.2).
    /// </summary>
    public static Tcb Accept(in TcpSegment syn, in TcpSettings settings, SequenceNumber initialSend, uint timestampOffset, Instant now, ref TcpOutputs outputs)
    {
        var tcb = Begin(settings, initialSend, timestampOffset, now);
        tcb.IsPassive = true;
        tcb.TakePeerSyn(syn, now, ref outputs);
        tcb.Enter(TcpState.SynReceived, TcpClause.ListenSyn, ref outputs);
        tcb.Transmit(now, ref outputs);
        tcb.NextDeadline = tcb.EarliestDeadline(outputs.MoreToSend, now);
        return tcb;
    }

    /// <summary>
    /// Rebuilds the block that a SYN cookie stands for, in SYN-RECEIVED with the SYN,ACK sent; the caller steps it with the
    /// acknowledgment that brought the cookie back (RFC 4987 section 3.6).
    /// </summary>
    internal static Tcb FromCookie(
        in TcpSegment acknowledgment, in TcpSettings settings, in TcpOptions offered, uint timestampOffset, Instant now,
        ref TcpOutputs outputs)
    {
        var tcb = Begin(settings, acknowledgment.Acknowledgment - 1, timestampOffset, now);
        tcb.IsPassive = true;
        var syn = new TcpSegment { Sequence = acknowledgment.Sequence - 1, Flags = TcpFlags.Syn, Window = acknowledgment.Window, Options = offered };
        tcb.TakePeerSyn(syn, now, ref outputs);
        tcb.Enter(TcpState.SynReceived, TcpClause.SynCookieReturned, ref outputs);
        tcb.SendNext = tcb.SendMaximum = acknowledgment.Acknowledgment;
        tcb.NextDeadline = now;
        return tcb;
    }

    private static Tcb Begin(in TcpSettings settings, SequenceNumber initialSend, uint timestampOffset, Instant now)
    {
        settings.Check();
        var tcb = new Tcb
        {
            Settings = settings,
            InitialSend = initialSend,
            SendUnacknowledged = initialSend,
            SendNext = initialSend,
            SendMaximum = initialSend,
            SendEnd = initialSend + 1,
            SendUrgent = initialSend,
            _smallEnd = initialSend,
            _recoveryPoint = initialSend,
            _highestRetransmitted = initialSend,
            _timestampOffset = timestampOffset,
            _timeout = RetransmissionTimeout.Start(settings),
            _baseSegmentSize = settings.AssumedPeerSegmentSize,
            _lastSentAt = now,
            _progressAt = now,
            _challengePeriodStart = now,
        };
        tcb.StopTimers();
        return tcb;
    }

    private void OnSegmentInSynSent(in TcpSegment segment, Instant now, ref TcpOutputs outputs)
    {
        var acknowledges = segment.Has(TcpFlags.Ack);
        // First: the ACK bit.
        if (acknowledges && (segment.Acknowledgment <= InitialSend || segment.Acknowledgment > SendMaximum))
        {
            outputs.Tell(TcpClause.SynSentBadAcknowledgment);
            if (!segment.Has(TcpFlags.Rst)) { EmitReset(segment.Acknowledgment, default, TcpFlags.Rst, now, ref outputs); }
            return;
        }
        // Second: the RST bit. RFC 5961 section 3.2 keeps this check of the acknowledgment as the protection in SYN-SENT.
        if (segment.Has(TcpFlags.Rst))
        {
            if (acknowledges) { Die(TcpClause.SynSentReset, TcpSignals.Refused, ref outputs); }
            else { outputs.Tell(TcpClause.SynSentBlindReset); }
            return;
        }
        // Fourth: the SYN bit; fifth: without it the segment is dropped.
        if (!segment.Has(TcpFlags.Syn))
        {
            outputs.Tell(TcpClause.SynSentNeitherSynNorReset);
            return;
        }
        TakePeerSyn(segment, now, ref outputs);
        if (!acknowledges)
        {
            Enter(TcpState.SynReceived, TcpClause.SimultaneousOpen, ref outputs);
            // Our SYN goes out again, now with an acknowledgment.
            SendNext = InitialSend;
            return;
        }
        Measure(segment, now, ref outputs);
        SendUnacknowledged = segment.Acknowledgment;
        SendNext = SequenceNumber.Max(SendNext, SendUnacknowledged);
        BecomeEstablished(segment, TcpClause.SynSentSynAcknowledged, now, ref outputs);
        // The window of a SYN is never scaled (RFC 7323 section 2.2).
        SetSendWindow(segment.Window, segment, ref outputs);
        _acknowledgeNow = true;
        if (segment.PayloadLength > 0 || segment.Has(TcpFlags.Fin))
        {
            var rest = segment with { Sequence = segment.Sequence + 1, Flags = segment.Flags & ~TcpFlags.Syn };
            TakeText(rest, payloadStart: 0, now, ref outputs);
        }
    }

    /// <summary>Notes what a SYN tells and offers.</summary>
    private void TakePeerSyn(in TcpSegment syn, Instant now, ref TcpOutputs outputs)
    {
        var options = syn.Options;
        InitialReceive = syn.Sequence;
        ReceiveNext = ReadAt = ReceiveUrgent = syn.Sequence + 1;
        // Our window in a SYN cannot be scaled: the right edge starts no further out than 65,535.
        ReceiveEdge = ReceiveNext + Math.Min(Settings.ReceiveCapacity, ushort.MaxValue);
        _lastAcknowledgmentSent = ReceiveNext;

        if (options.Has(TcpOptionSet.MaximumSegmentSize))
        {
            outputs.Tell(TcpClause.MaximumSegmentSizeOffered, TcpQuantity.SegmentSize, _baseSegmentSize, options.MaximumSegmentSize);
            _baseSegmentSize = Math.Max((int)options.MaximumSegmentSize, SmallestSegmentSize);
        }
        else
        {
            outputs.Tell(TcpClause.MaximumSegmentSizeAssumed, TcpQuantity.SegmentSize, _baseSegmentSize, Settings.AssumedPeerSegmentSize);
            _baseSegmentSize = Settings.AssumedPeerSegmentSize;
        }
        // Our own interface carries no more than it lets the peer send (RFC 9293 section 3.7.1).
        _baseSegmentSize = Math.Min(_baseSegmentSize, Settings.MaximumSegmentSize);

        UsesWindowScaling = Settings.WindowScaling && options.Has(TcpOptionSet.WindowScale);
        if (UsesWindowScaling)
        {
            outputs.Tell(TcpClause.WindowScaleAgreed);
            _sendScale = Math.Min(options.WindowScale, LargestWindowScale);
            _receiveScale = Settings.OfferedWindowScale;
        }
        UsesSelectiveAcknowledgment = Settings.SelectiveAcknowledgment && options.Has(TcpOptionSet.SackPermitted);
        if (UsesSelectiveAcknowledgment) { outputs.Tell(TcpClause.SackAgreed); }
        UsesTimestamps = Settings.Timestamps && options.Has(TcpOptionSet.Timestamps);
        if (UsesTimestamps)
        {
            outputs.Tell(TcpClause.TimestampsAgreed);
            _timestampRecent = options.TimestampValue;
            _timestampRecentAt = now;
        }
        SetSegmentSize();
        _peerSegmentSize = Math.Min(AssumedSegmentSizeV4, (int)Settings.MaximumSegmentSize);
        SendWindow = SendWindowMaximum = syn.Window;
    }

    private void BecomeEstablished(in TcpSegment segment, TcpClause clause, Instant now, ref TcpOutputs outputs)
    {
        Enter(TcpState.Established, clause, ref outputs);
        outputs.Signals |= TcpSignals.Established | TcpSignals.Writable;
        _windowSequence = segment.Sequence;
        _windowAcknowledgment = segment.Acknowledgment;
        _sizeSince = SendUnacknowledged;
        Retransmissions = 0;
        _progressAt = now;
        _retransmitAt = Instant.Never;
        var initialSegments = Settings.InitialWindowSegments;
        if (_synLost)
        {
            // RFC 5681 section 3.1: one segment when the SYN or SYN,ACK was lost; RFC 6298 section 5.7: 3 s.
            outputs.Tell(TcpClause.SynWasLost);
            initialSegments = 1;
            if (!_timeout.IsMeasured) { _timeout.RestartAfterLostSyn(Settings); }
        }
        _congestion = CongestionControl.Start(Settings.Congestion, SegmentSize, initialSegments);
        outputs.Tell(TcpClause.InitialWindow, TcpQuantity.CongestionWindow, 0, _congestion.Window);
        _recoveryPoint = SendUnacknowledged;
        _scoreboard.Start(SendUnacknowledged);
        _rack = Rack.Start(SendUnacknowledged);
        RestartKeepAlive(now);
        if (_finQueued) { Enter(TcpState.FinWait1, TcpClause.CloseEstablished, ref outputs); }
    }

    private void SetSegmentSize() => SegmentSize = Math.Max(_baseSegmentSize - (UsesTimestamps ? TimestampsLength : 0), 1);

    /// <summary>
    /// A peer that offers less than this is taken to offer this (an MSS of a few octets is an attack on our CPU; Linux: TCP_MIN_SND_MSS is
    /// 48).
    /// </summary>
    private const int SmallestSegmentSize = 48;

    /// <summary>Every path carries this: an IPv4 MTU of 68 (RFC 791 section 3.2) less the two headers.</summary>
    private const int SmallestPathSegmentSize = 28;

    private const int AssumedSegmentSizeV4 = 536;
    private const int TimestampsLength = 12;
    private const byte LargestWindowScale = 14;
}
