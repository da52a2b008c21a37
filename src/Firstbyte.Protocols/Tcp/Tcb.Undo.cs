using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

// A recovery that was not needed is undone: everything that was repeated is reported as a duplicate (RFC 3708), or the first repetition's
// acknowledgment echoes an older timestamp, so that it was the original that arrived (Eifel: RFC 3522, RFC 4015).
public partial struct Tcb
{
    /// <summary>Keeps the congestion control as it was before the first reduction of an episode.</summary>
    private void KeepForUndo()
    {
        _undo = _congestion;
        _undoIsKept = true;
        _undoFrom = SendUnacknowledged;
        _undoOctets = 0;
        _undoHasRepeated = false;
        _firstRepeatedAt = 0;
    }

    private void NoteRepeatedForUndo(SequenceNumber end, int octets, Instant now)
    {
        if (!_undoIsKept) { return; }
        _undoOctets += octets;
        if (_undoHasRepeated) { return; }
        _undoHasRepeated = true;
        _firstRepeatedEnd = end;
        if (!UsesTimestamps) { return; }
        // Zero stands for "never": the clock stands there for one millisecond in seven weeks.
        _firstRepeatedAt = Math.Max(TimestampClock(now), 1);
    }

    /// <summary>Takes a reported duplicate in (RFC 2883); true when there was one.</summary>
    private bool TakeReportedDuplicate(in TcpSegment segment)
    {
        if (!segment.Options.Has(TcpOptionSet.Sack) || segment.Options.Sack.Count == 0) { return false; }
        var first = segment.Options.Sack[0];
        var isReport = first.Left < first.Right
            && (first.Right <= segment.Acknowledgment
                || (segment.Options.Sack.Count > 1 && segment.Options.Sack[1].Left <= first.Left && first.Right <= segment.Options.Sack[1].Right));
        // Only of what can have been repeated: octets of this connection, and no more of them than a window.
        if (!isReport || first.Right > SendMaximum || (uint)(SendMaximum - first.Left) > SendWindowMaximum + (uint)Settings.SendCapacity) { return false; }
        _rack.Widen(segment.Acknowledgment, SendMaximum);
        if (_undoIsKept && first.Left >= _undoFrom) { _undoOctets -= first.Length; }
        return true;
    }

    /// <summary>Undoes the episode's reduction where the acknowledgment proves that it was not needed.</summary>
    private bool TryUndo(in TcpSegment segment, bool advances, bool reportsDuplicate, ref TcpOutputs outputs)
    {
        if (!_undoIsKept) { return false; }
        if (advances && _firstRepeatedAt != 0 && segment.Acknowledgment >= _firstRepeatedEnd && EchoesBefore(segment, _firstRepeatedAt))
        {
            outputs.Tell(TcpClause.SpuriousByTimestamp);
        }
        else if (reportsDuplicate && _undoHasRepeated && _undoOctets <= 0)
        {
            outputs.Tell(TcpClause.SpuriousByDuplicates);
        }
        else
        {
            return false;
        }
        _undoIsKept = false;
        var before = _congestion.Window;
        _congestion.Restore(_undo);
        outputs.Tell(TcpClause.ReductionUndone, TcpQuantity.CongestionWindow, before, _congestion.Window);
        _scoreboard.UnmarkLost();
        InRecovery = false;
        _recoveryPoint = SendUnacknowledged;
        Retransmissions = 0;
        return true;
    }
}
