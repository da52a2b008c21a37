namespace Firstbyte.Tcp;

/// <summary>The states of a connection (RFC 9293 section 3.3.2). LISTEN is not among them: a listener has no block, see <see cref="Listening"/>.</summary>
public enum TcpState : byte
{
    /// <summary>No connection: the block can be thrown away.</summary>
    Closed,

    /// <summary>Our SYN is out; nothing has come back.</summary>
    SynSent,

    /// <summary>Both SYNs are known, ours is not yet acknowledged.</summary>
    SynReceived,

    /// <summary>Data flows both ways.</summary>
    Established,

    /// <summary>We have closed first; our FIN is not yet acknowledged.</summary>
    FinWait1,

    /// <summary>Our FIN is acknowledged; the peer may still send.</summary>
    FinWait2,

    /// <summary>The peer has closed; we may still send.</summary>
    CloseWait,

    /// <summary>Both closed at once; our FIN is not yet acknowledged.</summary>
    Closing,

    /// <summary>The peer closed first, then we did; our FIN is not yet acknowledged.</summary>
    LastAck,

    /// <summary>Both FINs are acknowledged; old segments are given time to die.</summary>
    TimeWait,
}

/// <summary>What a step has changed for the application and for the host.</summary>
[Flags]
public enum TcpSignals : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The connection has become established.</summary>
    Established = 1,

    /// <summary>More octets can be read.</summary>
    Readable = 1 << 1,

    /// <summary>Octets were acknowledged: the send buffer has room.</summary>
    Writable = 1 << 2,

    /// <summary>The peer has closed its side: after the octets that are there, reading ends.</summary>
    PeerClosed = 1 << 3,

    /// <summary>Urgent data was announced, up to <see cref="Tcb.ReceiveUrgent"/>.</summary>
    Urgent = 1 << 4,

    /// <summary>The peer reset the connection (ECONNRESET).</summary>
    Reset = 1 << 5,

    /// <summary>The peer answered our SYN with a reset, or a hard ICMP error came (ECONNREFUSED).</summary>
    Refused = 1 << 6,

    /// <summary>Nothing was acknowledged for the user timeout (ETIMEDOUT).</summary>
    TimedOut = 1 << 7,

    /// <summary>The connection is over and the block can be thrown away.</summary>
    Closed = 1 << 8,

    /// <summary>A new SYN ended TIME-WAIT: the host gives the same segment to the listener (RFC 9293 section 3.10.7.4, RFC 6191).</summary>
    Reopen = 1 << 9,

    /// <summary>Several retransmissions in a row: the network layer should look for another way (threshold R1, RFC 9293 section 3.8.3).</summary>
    PathDoubtful = 1 << 10,

    /// <summary>A soft ICMP error was noted in <see cref="Tcb.SoftError"/>.</summary>
    SoftError = 1 << 11,

    /// <summary>A connection that a listener had begun is gone before it was established: nobody is told (RFC 9293 section 3.10.7.4).</summary>
    ReturnedToListen = 1 << 12,

    /// <summary>All that we have sent, FIN included, is acknowledged: the user's CLOSE is done.</summary>
    FinAcknowledged = 1 << 13,

    /// <summary>
    /// The largest segment that a silent path carries is found: <see cref="Tcb.PathSegmentSize"/>. Other connections to the same host may
    /// learn of it (RFC 4821 section 5.3).
    /// </summary>
    PathMtuFound = 1 << 14,
}
