namespace Firstbyte.Tcp;

/// <summary>What a segment that belongs to no connection deserves.</summary>
public enum SegmentVerdict : byte
{
    /// <summary>Nothing.</summary>
    Drop,

    /// <summary>The reset that comes with the verdict.</summary>
    Reset,

    /// <summary>A new connection: <see cref="Tcb.Accept"/>, or <see cref="SynCookie.Answer"/> when too many are half open.</summary>
    Open,
}

/// <summary>The states LISTEN and CLOSED, which need no block (RFC 9293 sections 3.10.7.1 and 3.10.7.2).</summary>
public static class Listening
{
    /// <summary>Judges a segment for a port where somebody listens. Before a reset is sent, the host may try <see cref="SynCookie.TryOpen"/>.</summary>
    public static SegmentVerdict Judge(in TcpSegment segment, out TcpSegment reset, out TcpClause because)
    {
        reset = default;
        if (segment.Has(TcpFlags.Rst))
        {
            because = TcpClause.ListenReset;
            return SegmentVerdict.Drop;
        }
        if (segment.Has(TcpFlags.Ack))
        {
            because = TcpClause.ListenAcknowledgment;
            reset = new TcpSegment { Sequence = segment.Acknowledgment, Flags = TcpFlags.Rst };
            return SegmentVerdict.Reset;
        }
        if (segment.Has(TcpFlags.Syn))
        {
            because = TcpClause.ListenSyn;
            return SegmentVerdict.Open;
        }
        because = TcpClause.ListenOther;
        return SegmentVerdict.Drop;
    }

    /// <summary>Judges a segment for a port where nobody listens and that belongs to no connection.</summary>
    public static SegmentVerdict JudgeClosed(in TcpSegment segment, out TcpSegment reset, out TcpClause because)
    {
        reset = default;
        if (segment.Has(TcpFlags.Rst))
        {
            because = TcpClause.ClosedReset;
            return SegmentVerdict.Drop;
        }
        if (segment.Has(TcpFlags.Ack))
        {
            because = TcpClause.ClosedAcknowledged;
            reset = new TcpSegment { Sequence = segment.Acknowledgment, Flags = TcpFlags.Rst };
            return SegmentVerdict.Reset;
        }
        because = TcpClause.ClosedUnacknowledged;
        reset = new TcpSegment { Acknowledgment = segment.End, Flags = TcpFlags.Rst | TcpFlags.Ack };
        return SegmentVerdict.Reset;
    }
}
