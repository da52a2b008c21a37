using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>The transmission control block: everything TCP knows about one connection, as a value that can be copied (RFC 9293 section 3.3.1).</summary>
/// <remarks>
/// Theory of operation. <see cref="Step"/> is the whole of TCP: it takes the block, one thing that happened and the time, changes the
/// block, and answers with segments, signals and one deadline. It reads no clock, draws no random number and holds no octet of payload:
/// <code>
///   application ──Send(n)──►  send ring  ── SND.UNA ──── SND.NXT ──── SND.MAX ──── SendEnd ──►  segments
///   application ◄──Read(n)──  receive ring ── ReadAt ──── RCV.NXT ─ ▒ out of order ▒ ─ right edge ◄── segments
/// </code>
/// Octets lie in a <see cref="SequenceRing"/> of the host at their own sequence number; the block only counts. Every step ends in the
/// same way: what may be sent now is sent (Tcb.Transmission.cs), an acknowledgment that is due goes along or alone, and the earliest of
/// the timers is the connection's deadline (Tcb.Timers.cs). The other files hold one responsibility each: Tcb.Arrival.cs the checks of
/// an arriving segment in the specification's order, Tcb.Handshake.cs the opening, Tcb.Acknowledgment.cs what an acknowledgment does,
/// Tcb.LossDetection.cs what is lost, Tcb.Recovery.cs and
/// Tcb.Undo.cs what follows from it, Tcb.Reception.cs text, urgent data, FIN and our window, Tcb.Calls.cs what the application asks for.
/// A copy of a block that takes the same step gives the same block and the same outputs, bit for bit.
/// </remarks>
public partial struct Tcb
{
    /// <summary>What the host decided for this connection.</summary>
    public TcpSettings Settings { readonly get; private set; }

    /// <summary>The state of the connection.</summary>
    public TcpState State { readonly get; private set; }

    /// <summary>True when a listener began it.</summary>
    public bool IsPassive { readonly get; private set; }

    /// <summary>ISS: our first sequence number.</summary>
    public SequenceNumber InitialSend { readonly get; private set; }

    /// <summary>SND.UNA: the oldest octet not acknowledged.</summary>
    public SequenceNumber SendUnacknowledged { readonly get; private set; }

    /// <summary>SND.NXT: the next octet to be sent; goes back after a timeout.</summary>
    public SequenceNumber SendNext { readonly get; private set; }

    /// <summary>The octet after the last that was ever sent.</summary>
    public SequenceNumber SendMaximum { readonly get; private set; }

    /// <summary>Where the next octet that the application writes belongs; our FIN comes there when it has closed.</summary>
    public SequenceNumber SendEnd { readonly get; private set; }

    /// <summary>SND.WND in octets.</summary>
    public uint SendWindow { readonly get; private set; }

    /// <summary>The largest window the peer has ever offered.</summary>
    public uint SendWindowMaximum { readonly get; private set; }

    /// <summary>SND.UP: the octet after the last urgent one.</summary>
    public SequenceNumber SendUrgent { readonly get; private set; }

    /// <summary>IRS: the peer's first sequence number.</summary>
    public SequenceNumber InitialReceive { readonly get; private set; }

    /// <summary>RCV.NXT: the next octet expected.</summary>
    public SequenceNumber ReceiveNext { readonly get; private set; }

    /// <summary>RCV.UP: the octet after the last urgent one.</summary>
    public SequenceNumber ReceiveUrgent { readonly get; private set; }

    /// <summary>The octet after the last that our window allows.</summary>
    public SequenceNumber ReceiveEdge { readonly get; private set; }

    /// <summary>The next octet the application will read.</summary>
    public SequenceNumber ReadAt { readonly get; private set; }

    /// <summary>The largest payload we send, options allowed for (RFC 9293 section 3.7.1).</summary>
    public int SegmentSize { readonly get; private set; }

    /// <summary>The largest segment that the path is thought to carry, options included.</summary>
    public int PathSegmentSize => _baseSegmentSize;

    /// <summary>The round-trip estimate and the retransmission timeout.</summary>
    public RetransmissionTimeout RetransmissionTimeout => _timeout;

    /// <summary>The congestion window.</summary>
    public CongestionControl Congestion => _congestion;

    /// <summary>What came out of order and waits for the gap before it to close.</summary>
    public IntervalSet OutOfOrder => _outOfOrder;

    /// <summary>What became of what is in flight; empty without selective acknowledgment.</summary>
    public SendScoreboard Scoreboard => _scoreboard;

    /// <summary>Which of what was delivered was sent last, and how the path reorders.</summary>
    public Rack Rack => _rack;

    /// <summary>When <see cref="Step"/> must be called with <see cref="TcpInput.Timer"/> at the latest; <see cref="Instant.Never"/> when it need not.</summary>
    public Instant NextDeadline { readonly get; private set; }

    /// <summary>True when both sides offered window scaling.</summary>
    public bool UsesWindowScaling { readonly get; private set; }

    /// <summary>True when both sides offered timestamps.</summary>
    public bool UsesTimestamps { readonly get; private set; }

    /// <summary>True when both sides offered selective acknowledgment.</summary>
    public bool UsesSelectiveAcknowledgment { readonly get; private set; }

    /// <summary>True while losses are repaired by fast recovery.</summary>
    public bool InRecovery { readonly get; private set; }

    /// <summary>Retransmissions in a row without progress.</summary>
    public int Retransmissions { readonly get; private set; }

    /// <summary>True when a soft ICMP error has come since the last progress: what to say when the connection times out.</summary>
    public bool SoftError { readonly get; private set; }

    /// <summary>Octets that are ready to be read, also after the connection is over; whether a reset throws them away is for the host to say.</summary>
    public readonly int Readable => State == TcpState.SynSent || _readerGone ? 0 : TextEnd - ReadAt;

    /// <summary>True when the peer's FIN has come: after <see cref="Readable"/> octets reading ends.</summary>
    public readonly bool PeerHasClosed => _peerFinTaken;

    /// <summary>Octets that fit the send ring now.</summary>
    public readonly int SendSpace => _finQueued || State == TcpState.Closed
        ? 0
        : Settings.SendCapacity - (SendEnd - (SendUnacknowledged == InitialSend ? InitialSend + 1 : SendUnacknowledged));

    /// <summary>Octets sent and not acknowledged, SYN and FIN included.</summary>
    public readonly int Flight => SendMaximum - SendUnacknowledged;

    /// <summary>Octets of text among them: neither SYN nor FIN is one.</summary>
    public readonly int TextInFlight =>
        Flight - (SendUnacknowledged == InitialSend && SendMaximum > InitialSend ? 1 : 0)
            - (SendMaximum > SendEnd && SendUnacknowledged <= SendEnd && _finQueued ? 1 : 0);

    /// <summary>RCV.WND: octets the peer may send beyond <see cref="ReceiveNext"/>.</summary>
    public readonly uint ReceiveWindow => ReceiveEdge > ReceiveNext ? (uint)(ReceiveEdge - ReceiveNext) : 0;

    private CongestionControl _congestion;
    private RetransmissionTimeout _timeout;
    private IntervalSet _outOfOrder;
    private SendScoreboard _scoreboard;
    private Rack _rack;

    // Sending.
    private SequenceNumber _windowSequence;         // SND.WL1
    private SequenceNumber _windowAcknowledgment;   // SND.WL2
    private int _baseSegmentSize;                   // what peer and path allow, options not yet allowed for
    private SequenceNumber _smallEnd;               // the end of the last segment that was not full
    private byte _sendScale;
    private byte _receiveScale;
    private bool _finQueued;
    private bool _urgentToSend;
    private bool _forceSend;
    private Instant _lastSentAt;
    private Instant _progressAt;

    // One segment a round trip is timed exactly (RFC 6298 section 3).
    private bool _timing;
    private SequenceNumber _timedEnd;
    private Instant _timedAt;

    // Loss recovery.
    private SequenceNumber _recoveryPoint;
    private SequenceNumber _highestRetransmitted;
    private int _duplicateAcknowledgments;
    private bool _firstPartial;
    private bool _retransmitFirst;
    private bool _synLost;
    private ProportionalRate _rate;

    // The probe of the tail (RFC 8985 section 7).
    private bool _probeUnderway;
    private bool _probeRepeats;
    private SequenceNumber _probeEnd;

    // The search for the largest segment that arrives; no search while _searchHigh is 0.
    private int _searchHigh;
    private int _sizeProbed;
    private int _sizeProbeLosses;
    private bool _sizeProbeUnderway;
    private SequenceNumber _sizeProbeLeft;
    private SequenceNumber _sizeProbeRight;

    // Whether text has arrived in segments of the present size, sent from there on.
    private bool _sizeArrives;
    private SequenceNumber _sizeSince;

    // What a reduction that was not needed is undone to.
    private CongestionControl _undo;
    private bool _undoIsKept;
    private bool _undoHasRepeated;
    private int _undoOctets;
    private SequenceNumber _undoFrom;
    private SequenceNumber _firstRepeatedEnd;
    private uint _firstRepeatedAt;

    // Receiving.
    private SequenceNumber _peerFin;
    private bool _peerFinKnown;
    private bool _peerFinTaken;
    private bool _readerGone;
    private bool _acknowledgeNow;
    private bool _acknowledgeAlone;
    private int _unacknowledgedText;
    private int _peerSegmentSize;
    private SackBlock _duplicate;
    private RecentRuns _recentRuns;
    private int _recentCount;

    // Timestamps (RFC 7323).
    private uint _timestampOffset;
    private uint _repeatedAt;                       // our clock when something was last sent again; 0 before that
    private uint _timestampRecent;
    private Instant _timestampRecentAt;
    private SequenceNumber _lastAcknowledgmentSent;

    // Challenge acknowledgments (RFC 5961 section 7).
    private Instant _challengePeriodStart;
    private int _challengesSent;

    // Timers; Never when off.
    private Instant _retransmitAt;
    private Instant _persistAt;
    private Instant _acknowledgeAt;
    private Instant _overrideAt;
    private Instant _keepAliveAt;
    private Instant _endAt;
    private Instant _reorderAt;
    private Instant _probeAt;
    private int _persistDoublings;
    private int _keepAlivesSent;

    /// <summary>Takes one step. See the type's remarks; the room of <paramref name="outputs"/> must be empty (<see cref="TcpOutputs.Reset"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The host said that more octets were written or read than there was room for.</exception>
    public static void Step(ref Tcb tcb, in TcpInput input, Instant now, ref TcpOutputs outputs)
    {
        if (tcb.State == TcpState.Closed)
        {
            if (input.Kind == TcpInputKind.Read) { tcb.OnRead(input.Count, ref outputs); }
            return;
        }
        switch (input.Kind)
        {
            case TcpInputKind.Segment: tcb.OnSegment(input.Segment, input.MayReopen, now, ref outputs); break;
            case TcpInputKind.Timer: tcb.OnTimer(now, ref outputs); break;
            case TcpInputKind.Send: tcb.OnSend(input.Count, urgent: false, ref outputs); break;
            case TcpInputKind.SendUrgent: tcb.OnSend(input.Count, urgent: true, ref outputs); break;
            case TcpInputKind.Read: tcb.OnRead(input.Count, ref outputs); break;
            case TcpInputKind.ShutdownSend: tcb.OnShutdownSend(ref outputs); break;
            case TcpInputKind.Close: tcb.OnClose(now, ref outputs); break;
            case TcpInputKind.Abort: tcb.OnAbort(now, ref outputs); break;
            case TcpInputKind.PathMtu: tcb.OnPathMtu(input.Count, input.Quoted, ref outputs); break;
            case TcpInputKind.IcmpError: tcb.OnIcmpError((IcmpSeverity)input.Count, input.Quoted, ref outputs); break;
        }
        if (tcb.State != TcpState.Closed) { tcb.Transmit(now, ref outputs); }
        tcb.NextDeadline = tcb.EarliestDeadline(outputs.MoreToSend, now);
    }

    private void Enter(TcpState state, TcpClause clause, ref TcpOutputs outputs)
    {
        outputs.Tell(clause, TcpQuantity.State, (long)State, (long)state);
        State = state;
    }

    private void Die(TcpClause clause, TcpSignals signals, ref TcpOutputs outputs)
    {
        Enter(TcpState.Closed, clause, ref outputs);
        outputs.Signals |= signals | TcpSignals.Closed;
        _acknowledgeNow = _acknowledgeAlone = false;
        StopTimers();
    }

    private readonly bool FinIsAcknowledged => _finQueued && SendUnacknowledged > SendEnd;

    private readonly bool IsSynchronized => State >= TcpState.Established;

    /// <summary>The end of the text that is in order, the peer's FIN not counted.</summary>
    private readonly SequenceNumber TextEnd => _peerFinTaken ? ReceiveNext - 1 : ReceiveNext;
}
