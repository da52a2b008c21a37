using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// What the application asks for, and what the network layer reports.
public partial struct Tcb
{
    private void OnSend(int octets, bool urgent, ref TcpOutputs outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets, SendSpace);
        outputs.Tell(TcpClause.SendCall);
        SendEnd += octets;
        if (!urgent || octets == 0) { return; }
        outputs.Tell(TcpClause.UrgentCall);
        SendUrgent = SendEnd;
        _urgentToSend = true;
    }

    private void OnRead(int octets, ref TcpOutputs outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets, Readable);
        outputs.Tell(TcpClause.ReceiveCall);
        ReadAt += octets;
        if (State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2)) { return; }
        // A window that has at least doubled, by a step that is not silly, is worth an acknowledgment of its own.
        var furthest = ReadAt + Settings.ReceiveCapacity;
        var expressible = ReceiveNext + ((uint)ushort.MaxValue << _receiveScale);
        var opened = SequenceNumber.Min(furthest, expressible) - ReceiveEdge;
        // While much is still open and an acknowledgment is due anyway, that one says it.
        if (_acknowledgeAt != Instant.Never && ReceiveWindow >= 8u * (uint)_peerSegmentSize) { return; }
        if (opened >= SillyWindowStep && ReceiveWindow <= (uint)opened)
        {
            outputs.Tell(TcpClause.WindowUpdateSent);
            _acknowledgeNow = true;
        }
    }

    private void OnShutdownSend(ref TcpOutputs outputs)
    {
        if (_finQueued) { return; }
        _finQueued = true;
        switch (State)
        {
            case TcpState.Established: Enter(TcpState.FinWait1, TcpClause.CloseEstablished, ref outputs); break;
            case TcpState.CloseWait: Enter(TcpState.LastAck, TcpClause.CloseCloseWait, ref outputs); break;
            default: outputs.Tell(TcpClause.CloseBeforeEstablished); break;
        }
    }

    private void OnClose(Instant now, ref TcpOutputs outputs)
    {
        if (State == TcpState.SynSent)
        {
            Die(TcpClause.CloseSynSent, TcpSignals.None, ref outputs);
            return;
        }
        if (Readable > 0 || (_outOfOrder.Count > 0 && State != TcpState.TimeWait))
        {
            // RFC 9293 section 3.6.1, SHLD-3: what the peer sent was lost, and it must learn so.
            EmitReset(AcknowledgmentSequence, ReceiveNext, TcpFlags.Rst | TcpFlags.Ack, now, ref outputs);
            Die(TcpClause.CloseWithUnreadData, TcpSignals.None, ref outputs);
            return;
        }
        _readerGone = true;
        OnShutdownSend(ref outputs);
        if (State == TcpState.FinWait2) { StartFinWait2Timer(now); }
    }

    private void OnAbort(Instant now, ref TcpOutputs outputs)
    {
        if (State is TcpState.SynReceived or TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.CloseWait)
        {
            // RFC 9293 section 3.10.5 writes RST alone; the acknowledgment makes it acceptable in SYN-SENT too (section 3.5.3).
            EmitReset(AcknowledgmentSequence, ReceiveNext, TcpFlags.Rst | TcpFlags.Ack, now, ref outputs);
        }
        Die(TcpClause.AbortCall, TcpSignals.None, ref outputs);
    }

    private void OnPathMtu(int segmentSize, SequenceNumber quoted, ref TcpOutputs outputs)
    {
        // RFC 5927 section 4.1 and RFC 8201 section 4: only what is under way can have been too big, or the acknowledgment behind it.
        var isOurs = quoted.IsIn(SendUnacknowledged, (uint)Flight + 1);
        if (isOurs) { NarrowSearch(segmentSize); }
        if (!isOurs || segmentSize >= _baseSegmentSize)
        {
            outputs.Tell(TcpClause.PathMtuIgnored);
            return;
        }
        var before = SegmentSize;
        // What a router says about a segment of ours that is under way is believed further down than what the peer asks for.
        _baseSegmentSize = Math.Max(segmentSize, SmallestPathSegmentSize);
        SetSegmentSize();
        outputs.Tell(TcpClause.PathMtuReduced, TcpQuantity.SegmentSize, before, SegmentSize);
        if (!IsSynchronized) { return; }
        // Sent again at once in smaller pieces; it is no sign of congestion (RFC 1191 section 6.5).
        _timing = false;
        LeaveRecovery(ref outputs);
    }

    private void OnIcmpError(IcmpSeverity severity, SequenceNumber quoted, ref TcpOutputs outputs)
    {
        if (!quoted.IsIn(SendUnacknowledged, (uint)Flight))
        {
            outputs.Tell(TcpClause.IcmpIgnored);
            return;
        }
        if (severity == IcmpSeverity.Hard && !IsSynchronized)
        {
            Die(TcpClause.IcmpHardError, IsPassive ? TcpSignals.ReturnedToListen : TcpSignals.Refused, ref outputs);
            return;
        }
        // In a synchronized state a hard error is treated as soft, or anyone could cut a connection (RFC 5927 section 5.2).
        outputs.Tell(TcpClause.IcmpSoftError);
        SoftError = true;
        outputs.Signals |= TcpSignals.SoftError;
    }
}
