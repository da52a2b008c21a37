using System.Runtime.CompilerServices;
using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// Text, urgent data and FIN that arrive, and the window we offer.
public partial struct Tcb
{
    /// <summary>Where the latest out-of-order segments began, latest first: the order in which SACK blocks are sent (RFC 2018 section 4).</summary>
    [InlineArray(SackBlocks.Limit)]
    private struct RecentRuns
    {
        private SequenceNumber _first;
    }

    /// <summary>RFC 9293 section 3.10.7.4, seventh and eighth step.</summary>
    private void TakeText(in TcpSegment segment, int payloadStart, Instant now, ref TcpOutputs outputs)
    {
        if (State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
        {
            if (segment.Length > 0) { outputs.Tell(TcpClause.TextAfterFin); }
            return;
        }
        var start = segment.Sequence;
        var end = start + segment.PayloadLength;
        var left = SequenceNumber.Max(start, ReceiveNext);
        var right = SequenceNumber.Min(end, ReceiveEdge);
        // Nothing comes after the peer's FIN, whatever a segment says.
        if (_peerFinKnown) { right = SequenceNumber.Min(right, _peerFin); }
        if (segment.PayloadLength > 0)
        {
            if (start < ReceiveNext) { NoteDuplicate(start, SequenceNumber.Min(end, ReceiveNext), ref outputs); }
            if (right < end || right <= left)
            {
                // Cut off at an edge: the sender must hear where we are.
                outputs.Tell(TcpClause.TextOutsideWindow);
                _acknowledgeNow = true;
            }
        }
        if (right > left && !Place(left, right, payloadStart + (left - start), segment.PayloadLength, now, ref outputs)) { return; }
        if (segment.Has(TcpFlags.Fin) && end < ReceiveEdge && !_peerFinKnown)
        {
            _peerFinKnown = true;
            _peerFin = end;
        }
        if (_peerFinKnown && !_peerFinTaken && ReceiveNext == _peerFin) { TakeFin(now, ref outputs); }
        else if (segment.Has(TcpFlags.Fin)) { _acknowledgeNow = true; }
    }

    /// <summary>Takes new octets in; false when the connection ended because nobody will read them.</summary>
    private bool Place(SequenceNumber left, SequenceNumber right, int skip, int payloadLength, Instant now, ref TcpOutputs outputs)
    {
        if (_readerGone)
        {
            // RFC 9293 section 3.6.1, SHLD-3: the peer must learn that its data was lost.
            EmitReset(AcknowledgmentSequence, ReceiveNext, TcpFlags.Rst | TcpFlags.Ack, now, ref outputs);
            Die(TcpClause.DataAfterClose, TcpSignals.None, ref outputs);
            return false;
        }
        if (left > ReceiveNext)
        {
            PlaceOutOfOrder(left, right, skip, ref outputs);
            return true;
        }
        outputs.Accepted = new AcceptedRange(skip, right - left, left);
        outputs.Tell(TcpClause.TextInOrder);
        outputs.Signals |= TcpSignals.Readable;
        ReceiveNext = right;
        if (_outOfOrder.Count > 0)
        {
            // RFC 5681 section 4.2: a segment that fills a gap, or part of one, is acknowledged at once.
            outputs.Tell(TcpClause.GapFilled);
            _acknowledgeNow = true;
            // A segment may swallow some runs and end where another begins.
            while (_outOfOrder.Count > 0 && _outOfOrder[0].Left <= ReceiveNext)
            {
                ReceiveNext = SequenceNumber.Max(ReceiveNext, _outOfOrder[0].Right);
                _outOfOrder.RemoveBefore(ReceiveNext);
            }
            return true;
        }
        _peerSegmentSize = Math.Max(_peerSegmentSize, Math.Min(payloadLength, Settings.MaximumSegmentSize));
        _unacknowledgedText += right - left;
        if (_unacknowledgedText >= 2 * _peerSegmentSize || Settings.DelayedAcknowledgment == TimeSpan.Zero)
        {
            outputs.Tell(TcpClause.SecondSegmentAcknowledged);
            _acknowledgeNow = true;
        }
        else if (_acknowledgeAt == Instant.Never)
        {
            outputs.Tell(TcpClause.AcknowledgmentDelayed);
            _acknowledgeAt = now + Settings.DelayedAcknowledgment;
        }
        return true;
    }

    private void PlaceOutOfOrder(SequenceNumber left, SequenceNumber right, int skip, ref TcpOutputs outputs)
    {
        // RFC 5681 section 4.2: a duplicate acknowledgment at once, and alone, because one that carries text is none.
        outputs.Tell(TcpClause.TextOutOfOrder);
        _acknowledgeNow = _acknowledgeAlone = true;
        var added = _outOfOrder.Add(left, right);
        if (added < 0)
        {
            outputs.Tell(TcpClause.TextDiscarded);
            return;
        }
        if (added < right - left && _outOfOrder.TryFind(left, out _)) { NoteRepeatedOutOfOrder(left, right, added, ref outputs); }
        if (added > 0) { outputs.Accepted = new AcceptedRange(skip, right - left, left); }

        _outOfOrder.TryFind(left, out var run);
        var kept = 1;
        var recent = default(RecentRuns);
        recent[0] = left;
        for (var i = 0; i < _recentCount && kept < SackBlocks.Limit; i++)
        {
            var candidate = _recentRuns[i];
            if (candidate < ReceiveNext || (candidate >= run.Left && candidate < run.Right)) { continue; }
            recent[kept++] = candidate;
        }
        _recentRuns = recent;
        _recentCount = kept;
    }

    private void NoteRepeatedOutOfOrder(SequenceNumber left, SequenceNumber right, int added, ref TcpOutputs outputs)
    {
        // Only a segment that is wholly there already is reported: which part of another was double is not worth the search.
        if (added == 0) { NoteDuplicate(left, right, ref outputs); }
    }

    /// <summary>Keeps a range that came twice for the next acknowledgment's first block (RFC 2883 section 4).</summary>
    private void NoteDuplicate(SequenceNumber left, SequenceNumber right, ref TcpOutputs outputs)
    {
        // What lies beyond the window cannot have come before.
        if (!UsesSelectiveAcknowledgment || left >= right || right > ReceiveEdge || right - left > Settings.ReceiveCapacity) { return; }
        outputs.Tell(TcpClause.DuplicateReported);
        _duplicate = new SackBlock(left, right);
    }

    private void TakeFin(Instant now, ref TcpOutputs outputs)
    {
        _peerFinTaken = true;
        ReceiveNext += 1;
        _outOfOrder.Clear();
        _recentCount = 0;
        _acknowledgeNow = true;
        outputs.Signals |= TcpSignals.PeerClosed | TcpSignals.Readable;
        switch (State)
        {
            case TcpState.Established:
                Enter(TcpState.CloseWait, TcpClause.EstablishedFin, ref outputs);
                break;
            case TcpState.FinWait1:
                // Had our FIN been acknowledged by this segment, the state would be FIN-WAIT-2 by now.
                Enter(TcpState.Closing, TcpClause.FinWait1Fin, ref outputs);
                break;
            case TcpState.FinWait2:
                Enter(TcpState.TimeWait, TcpClause.FinWait2Fin, ref outputs);
                StartTimeWait(now);
                break;
        }
    }

    /// <summary>RFC 9293 section 3.10.7.4, sixth step; the pointer names the octet after the last urgent one (RFC 6093 section 4).</summary>
    private void TakeUrgentPointer(in TcpSegment segment, ref TcpOutputs outputs)
    {
        if (State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2)) { return; }
        var pointer = segment.Sequence + segment.UrgentPointer;
        if (pointer <= ReceiveUrgent || pointer <= ReadAt) { return; }
        outputs.Tell(TcpClause.UrgentReceived);
        ReceiveUrgent = pointer;
        outputs.Signals |= TcpSignals.Urgent;
    }

    /// <summary>The window field of a segment that leaves now; moves our right edge, but never in small steps and never back.</summary>
    private ushort OfferWindow(ref TcpOutputs outputs)
    {
        var furthest = ReadAt + Settings.ReceiveCapacity;
        // Without scaling the field cannot say more than 65,535.
        var expressible = ReceiveNext + ((uint)ushort.MaxValue << _receiveScale);
        if (furthest > expressible) { furthest = expressible; }
        var opened = furthest - ReceiveEdge;
        if (opened > 0)
        {
            // RFC 9293 section 3.8.6.2.2: only by half the buffer or a full segment.
            if (opened >= SillyWindowStep) { ReceiveEdge = furthest; }
            else { outputs.Tell(TcpClause.ReceiverAvoidsSillyWindow); }
        }
        return (ushort)Math.Min(ReceiveWindow >> _receiveScale, ushort.MaxValue);
    }

    private readonly int SillyWindowStep => Math.Min(Settings.ReceiveCapacity / 2, Settings.MaximumSegmentSize);

    /// <summary>What the next acknowledgment reports: the duplicate if there is one (RFC 2883), then the runs, latest first (RFC 2018 section 4).</summary>
    private readonly SackBlocks SackBlocksToSend()
    {
        var blocks = default(SackBlocks);
        if (!UsesSelectiveAcknowledgment || (_outOfOrder.Count == 0 && _duplicate == default)) { return blocks; }
        // The option space holds so many, and on the smallest paths so many fit a packet without text.
        var room = UsesTimestamps ? SackBlocks.Limit - 1 : SackBlocks.Limit;
        room = Math.Min(room, (_baseSegmentSize - (UsesTimestamps ? TimestampsLength : 0) - 4) / 8);
        if (_duplicate != default && room > 0) { blocks = blocks.With(_duplicate); }
        for (var i = 0; i < _recentCount && blocks.Count < room; i++)
        {
            if (_outOfOrder.TryFind(_recentRuns[i], out var run)) { blocks = blocks.With(run); }
        }
        return blocks;
    }
}
