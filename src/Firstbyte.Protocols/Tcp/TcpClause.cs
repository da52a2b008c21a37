using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>The decisions TCP makes, each with the clause of the specification that makes it; see <see cref="TcpClauses"/>.</summary>
public enum TcpClause : byte
{
    // Opening

    /// <summary>An active OPEN sends a SYN.</summary>
    ActiveOpen,

    /// <summary>A reset for a connection that does not exist is dropped.</summary>
    ClosedReset,

    /// <summary>A segment without ACK for a connection that does not exist is answered with RST,ACK.</summary>
    ClosedUnacknowledged,

    /// <summary>A segment with ACK for a connection that does not exist is answered with a RST that takes its number from the ACK.</summary>
    ClosedAcknowledged,

    /// <summary>A reset that comes to a listener is dropped.</summary>
    ListenReset,

    /// <summary>An acknowledgment that comes to a listener is answered with a RST.</summary>
    ListenAcknowledgment,

    /// <summary>A SYN that comes to a listener opens a connection.</summary>
    ListenSyn,

    /// <summary>Anything else that comes to a listener is dropped.</summary>
    ListenOther,

    /// <summary>The listener's queue is full: the SYN,ACK carries the state.</summary>
    SynCookieSent,

    /// <summary>An acknowledgment brought a valid cookie back.</summary>
    SynCookieReturned,

    /// <summary>An acknowledgment brought no valid cookie.</summary>
    SynCookieRefused,

    /// <summary>In SYN-SENT an acknowledgment of something else is answered with a RST.</summary>
    SynSentBadAcknowledgment,

    /// <summary>In SYN-SENT a reset that acknowledges our SYN refuses the connection.</summary>
    SynSentReset,

    /// <summary>In SYN-SENT a reset that acknowledges nothing is dropped.</summary>
    SynSentBlindReset,

    /// <summary>In SYN-SENT a segment with neither SYN nor RST is dropped.</summary>
    SynSentNeitherSynNorReset,

    /// <summary>Our SYN was answered: the connection is established.</summary>
    SynSentSynAcknowledged,

    /// <summary>A SYN met ours: both ends open at once.</summary>
    SimultaneousOpen,

    /// <summary>The peer's SYN,ACK ends a simultaneous open.</summary>
    SimultaneousOpenAcknowledged,

    /// <summary>The peer repeated its SYN: it is acknowledged with our SYN again.</summary>
    SynRepeated,

    /// <summary>Our SYN goes out again.</summary>
    SynRetransmitted,

    /// <summary>The handshake is acknowledged: the connection is established.</summary>
    SynReceivedAcknowledged,

    /// <summary>In SYN-RECEIVED an acknowledgment of something else is answered with a RST.</summary>
    SynReceivedBadAcknowledgment,

    /// <summary>A reset in SYN-RECEIVED returns a passive open to LISTEN.</summary>
    SynReceivedResetPassive,

    /// <summary>A reset in SYN-RECEIVED refuses an active open.</summary>
    SynReceivedResetActive,

    /// <summary>Another SYN in SYN-RECEIVED returns a passive open to LISTEN.</summary>
    SynReceivedSynInWindow,

    /// <summary>The SYN was repeated for as long as it may be.</summary>
    ConnectTimedOut,

    // Options

    /// <summary>The peer named its MSS.</summary>
    MaximumSegmentSizeOffered,

    /// <summary>The peer named no MSS: the default is assumed.</summary>
    MaximumSegmentSizeAssumed,

    /// <summary>Both SYNs carried a window scale.</summary>
    WindowScaleAgreed,

    /// <summary>Both SYNs carried timestamps.</summary>
    TimestampsAgreed,

    /// <summary>Both SYNs permitted SACK.</summary>
    SackAgreed,

    // Checks of an arriving segment

    /// <summary>The segment lies outside the window: it is dropped and acknowledged.</summary>
    SegmentNotAcceptable,

    /// <summary>The segment has no timestamp though they were agreed: it is dropped.</summary>
    TimestampMissing,

    /// <summary>The timestamp is older than the latest: the segment is an old duplicate (PAWS).</summary>
    TimestampOld,

    /// <summary>A reset outside the window is dropped.</summary>
    ResetOutsideWindow,

    /// <summary>A reset in the window, but not at RCV.NXT, is challenged.</summary>
    ResetChallenged,

    /// <summary>The peer reset the connection.</summary>
    ResetReceived,

    /// <summary>A reset while closing ends the connection quietly.</summary>
    ResetWhileClosing,

    /// <summary>A SYN in a synchronized state is challenged.</summary>
    SynChallenged,

    /// <summary>Enough challenges were sent for now.</summary>
    ChallengeThrottled,

    /// <summary>A segment without ACK is dropped.</summary>
    NoAcknowledgmentBit,

    /// <summary>The segment acknowledges what was not sent: it is dropped and acknowledged.</summary>
    AcknowledgmentOfUnsent,

    /// <summary>The acknowledgment is older than any window allows: it is challenged.</summary>
    AcknowledgmentTooOld,

    // Acknowledgments

    /// <summary>New octets are acknowledged.</summary>
    AcknowledgmentAdvances,

    /// <summary>The peer's window changed.</summary>
    SendWindowUpdated,

    /// <summary>A round trip was measured on a segment sent once.</summary>
    RoundTripTimed,

    /// <summary>A round trip was measured by an echoed timestamp.</summary>
    RoundTripFromTimestamp,

    /// <summary>The retransmission timeout follows the round trip.</summary>
    TimeoutComputed,

    /// <summary>Data left and the timer was off: it runs.</summary>
    RetransmissionTimerStarted,

    /// <summary>Everything is acknowledged: the timer is off.</summary>
    RetransmissionTimerOff,

    /// <summary>New data is acknowledged: the timer starts again.</summary>
    RetransmissionTimerRestarted,

    /// <summary>The timer ran out: the timeout doubles.</summary>
    TimeoutDoubled,

    /// <summary>The SYN was lost: data starts carefully.</summary>
    SynWasLost,

    /// <summary>Octets that were sent before are sent again.</summary>
    Retransmitted,

    /// <summary>The octet of a window probe was taken.</summary>
    ProbeAcknowledged,

    // Congestion

    /// <summary>The first window.</summary>
    InitialWindow,

    /// <summary>Slow start grows the window.</summary>
    SlowStart,

    /// <summary>Congestion avoidance grows the window.</summary>
    CongestionAvoidance,

    /// <summary>CUBIC grows the window.</summary>
    CubicGrowth,

    /// <summary>After an idle time the window starts again.</summary>
    RestartAfterIdle,

    /// <summary>A timeout leaves one segment.</summary>
    TimeoutShrinksWindow,

    /// <summary>A duplicate acknowledgment.</summary>
    DuplicateAcknowledgment,

    /// <summary>A loss lowers ssthresh.</summary>
    LossHalvesThreshold,

    /// <summary>The third duplicate acknowledgment: retransmit without waiting for the timer.</summary>
    FastRetransmit,

    /// <summary>A further duplicate: a segment has left the network.</summary>
    RecoveryInflates,

    /// <summary>A partial acknowledgment shows the next hole.</summary>
    PartialAcknowledgment,

    /// <summary>All that was under way at the loss is acknowledged.</summary>
    RecoveryLeft,

    /// <summary>Duplicates for what is already being repaired do not count.</summary>
    RecoveryNotRepeated,

    /// <summary>The congestion window is full.</summary>
    CongestionWindowFull,

    // SACK

    /// <summary>The scoreboard learned something new.</summary>
    SackBlocksTaken,

    /// <summary>A block reports a duplicate, or nothing that was sent.</summary>
    SackBlockIgnored,

    /// <summary>The scoreboard shows a loss.</summary>
    SackRecoveryEntered,

    /// <summary>Recovery goes on until the recovery point is acknowledged.</summary>
    SackPartialAcknowledgment,

    /// <summary>NextSeg rule 1: a hole that is lost.</summary>
    SackRetransmitsLost,

    /// <summary>NextSeg rule 2: new data.</summary>
    SackSendsNew,

    /// <summary>NextSeg rule 3: a hole that may be lost.</summary>
    SackRetransmitsUnsure,

    /// <summary>NextSeg rule 4: the last segment, once.</summary>
    SackRescue,

    // Sending

    /// <summary>The application sends.</summary>
    SendCall,

    /// <summary>The application sends urgent data.</summary>
    UrgentCall,

    /// <summary>The segment carries the urgent pointer.</summary>
    UrgentSent,

    /// <summary>The peer's window is full.</summary>
    SendWindowFull,

    /// <summary>A small segment waits for company.</summary>
    NagleHolds,

    /// <summary>A small window is not filled at once.</summary>
    SenderAvoidsSillyWindow,

    /// <summary>Waited long enough: a small segment goes.</summary>
    SillyWindowOverridden,

    /// <summary>The window is closed: the persist timer runs.</summary>
    PersistStarted,

    /// <summary>One octet asks whether the window has opened.</summary>
    ZeroWindowProbe,

    /// <summary>The peer took back window over octets under way.</summary>
    WindowShrunk,

    // Receiving

    /// <summary>Octets in order.</summary>
    TextInOrder,

    /// <summary>Octets out of order: a duplicate acknowledgment at once.</summary>
    TextOutOfOrder,

    /// <summary>Octets outside the window are cut off.</summary>
    TextOutsideWindow,

    /// <summary>Out-of-order octets for which there is no place are discarded.</summary>
    TextDiscarded,

    /// <summary>Text after the peer's FIN is ignored.</summary>
    TextAfterFin,

    /// <summary>A gap is filled, or part of one: acknowledged at once.</summary>
    GapFilled,

    /// <summary>Every second full segment is acknowledged at once.</summary>
    SecondSegmentAcknowledged,

    /// <summary>The acknowledgment waits for company.</summary>
    AcknowledgmentDelayed,

    /// <summary>The acknowledgment has waited long enough.</summary>
    DelayedAcknowledgmentDue,

    /// <summary>Octets came twice: the next acknowledgment reports it.</summary>
    DuplicateReported,

    /// <summary>The window does not open by small steps.</summary>
    ReceiverAvoidsSillyWindow,

    /// <summary>The application reads.</summary>
    ReceiveCall,

    /// <summary>Reading opened the window enough to say so.</summary>
    WindowUpdateSent,

    /// <summary>The peer announced urgent data.</summary>
    UrgentReceived,

    // Closing

    /// <summary>CLOSE in SYN-SENT throws the block away.</summary>
    CloseSynSent,

    /// <summary>CLOSE before the handshake is done is queued.</summary>
    CloseBeforeEstablished,

    /// <summary>CLOSE in ESTABLISHED: FIN-WAIT-1.</summary>
    CloseEstablished,

    /// <summary>CLOSE in CLOSE-WAIT: LAST-ACK.</summary>
    CloseCloseWait,

    /// <summary>CLOSE with unread data resets the connection.</summary>
    CloseWithUnreadData,

    /// <summary>Data that nobody will read resets the connection.</summary>
    DataAfterClose,

    /// <summary>ABORT resets the connection.</summary>
    AbortCall,

    /// <summary>The peer closed: CLOSE-WAIT.</summary>
    EstablishedFin,

    /// <summary>The peer closed while our FIN is under way: CLOSING.</summary>
    FinWait1Fin,

    /// <summary>The peer closed too: TIME-WAIT.</summary>
    FinWait2Fin,

    /// <summary>Our FIN is acknowledged: FIN-WAIT-2.</summary>
    FinWait1Acknowledged,

    /// <summary>Our FIN is acknowledged: TIME-WAIT.</summary>
    ClosingAcknowledged,

    /// <summary>Our FIN is acknowledged: the connection is over.</summary>
    LastAckAcknowledged,

    /// <summary>The peer's FIN again: acknowledged, and TIME-WAIT starts again.</summary>
    TimeWaitFinAgain,

    /// <summary>A newer SYN takes the place of the old connection.</summary>
    TimeWaitReopened,

    /// <summary>TIME-WAIT is over.</summary>
    TimeWaitOver,

    /// <summary>Nobody reads and the peer did not close: given up.</summary>
    FinWait2Over,

    // Failures

    /// <summary>Nothing was acknowledged for the user timeout.</summary>
    UserTimeout,

    /// <summary>Threshold R1: the network layer should look for another way.</summary>
    PathDoubtful,

    /// <summary>Silence: a keep-alive asks whether the peer is there.</summary>
    KeepAliveSent,

    /// <summary>Keep-alives found no answer.</summary>
    KeepAliveUnanswered,

    /// <summary>The path carries only smaller segments.</summary>
    PathMtuReduced,

    /// <summary>A packet-too-big report that fits nothing under way, or would not make segments smaller.</summary>
    PathMtuIgnored,

    /// <summary>A hard ICMP error before the connection is established refuses it.</summary>
    IcmpHardError,

    /// <summary>An ICMP error is noted, the connection goes on.</summary>
    IcmpSoftError,

    /// <summary>An ICMP error that fits nothing under way.</summary>
    IcmpIgnored,
}

/// <summary>Where each <see cref="TcpClause"/> is written.</summary>
public static class TcpClauses
{
    private static readonly TcpClause[] s_all = Enum.GetValues<TcpClause>();
    private static readonly Clause[] s_places = Array.ConvertAll(s_all, clause => Place(clause));

    /// <summary>All decisions.</summary>
    public static ReadOnlySpan<TcpClause> All => s_all;

    /// <summary>The document and section of a decision.</summary>
    public static Clause Where(this TcpClause clause) => s_places[(int)clause];

    private static Clause Place(TcpClause clause)
    {
        var (document, section) = DocumentAndSection(clause);
        return new Clause(document, section);
    }

    private static (string Document, string Section) DocumentAndSection(TcpClause clause) => clause switch
    {
        TcpClause.ActiveOpen => ("RFC 9293", "3.10.1"),
        TcpClause.ClosedReset => ("RFC 9293", "3.10.7.1"),
        TcpClause.ClosedUnacknowledged => ("RFC 9293", "3.10.7.1"),
        TcpClause.ClosedAcknowledged => ("RFC 9293", "3.10.7.1"),
        TcpClause.ListenReset => ("RFC 9293", "3.10.7.2"),
        TcpClause.ListenAcknowledgment => ("RFC 9293", "3.10.7.2"),
        TcpClause.ListenSyn => ("RFC 9293", "3.10.7.2"),
        TcpClause.ListenOther => ("RFC 9293", "3.10.7.2"),
        TcpClause.SynCookieSent => ("RFC 4987", "3.6"),
        TcpClause.SynCookieReturned => ("RFC 4987", "3.6"),
        TcpClause.SynCookieRefused => ("RFC 4987", "3.6"),
        TcpClause.SynSentBadAcknowledgment => ("RFC 9293", "3.10.7.3"),
        TcpClause.SynSentReset => ("RFC 9293", "3.10.7.3"),
        TcpClause.SynSentBlindReset => ("RFC 5961", "3.2"),
        TcpClause.SynSentNeitherSynNorReset => ("RFC 9293", "3.10.7.3"),
        TcpClause.SynSentSynAcknowledged => ("RFC 9293", "3.10.7.3"),
        TcpClause.SimultaneousOpen => ("RFC 9293", "3.5"),
        TcpClause.SimultaneousOpenAcknowledged => ("RFC 9293", "3.5"),
        TcpClause.SynRepeated => ("RFC 9293", "3.10.7.4"),
        TcpClause.SynRetransmitted => ("RFC 9293", "3.8.3"),
        TcpClause.SynReceivedAcknowledged => ("RFC 9293", "3.10.7.4"),
        TcpClause.SynReceivedBadAcknowledgment => ("RFC 9293", "3.10.7.4"),
        TcpClause.SynReceivedResetPassive => ("RFC 9293", "3.10.7.4"),
        TcpClause.SynReceivedResetActive => ("RFC 9293", "3.10.7.4"),
        TcpClause.SynReceivedSynInWindow => ("RFC 9293", "3.10.7.4"),
        TcpClause.ConnectTimedOut => ("RFC 9293", "3.8.3"),
        TcpClause.MaximumSegmentSizeOffered => ("RFC 9293", "3.7.1"),
        TcpClause.MaximumSegmentSizeAssumed => ("RFC 9293", "3.7.1"),
        TcpClause.WindowScaleAgreed => ("RFC 7323", "2.2"),
        TcpClause.TimestampsAgreed => ("RFC 7323", "3.2"),
        TcpClause.SackAgreed => ("RFC 2018", "2"),
        TcpClause.SegmentNotAcceptable => ("RFC 9293", "3.10.7.4"),
        TcpClause.TimestampMissing => ("RFC 7323", "3.2"),
        TcpClause.TimestampOld => ("RFC 7323", "5.3"),
        TcpClause.ResetOutsideWindow => ("RFC 5961", "3.2"),
        TcpClause.ResetChallenged => ("RFC 5961", "3.2"),
        TcpClause.ResetReceived => ("RFC 9293", "3.10.7.4"),
        TcpClause.ResetWhileClosing => ("RFC 9293", "3.10.7.4"),
        TcpClause.SynChallenged => ("RFC 5961", "4.2"),
        TcpClause.ChallengeThrottled => ("RFC 5961", "7"),
        TcpClause.NoAcknowledgmentBit => ("RFC 9293", "3.10.7.4"),
        TcpClause.AcknowledgmentOfUnsent => ("RFC 9293", "3.10.7.4"),
        TcpClause.AcknowledgmentTooOld => ("RFC 5961", "5.2"),
        TcpClause.AcknowledgmentAdvances => ("RFC 9293", "3.10.7.4"),
        TcpClause.SendWindowUpdated => ("RFC 9293", "3.10.7.4"),
        TcpClause.RoundTripTimed => ("RFC 6298", "3"),
        TcpClause.RoundTripFromTimestamp => ("RFC 7323", "4.1"),
        TcpClause.TimeoutComputed => ("RFC 6298", "2.3"),
        TcpClause.RetransmissionTimerStarted => ("RFC 6298", "5.1"),
        TcpClause.RetransmissionTimerOff => ("RFC 6298", "5.2"),
        TcpClause.RetransmissionTimerRestarted => ("RFC 6298", "5.3"),
        TcpClause.TimeoutDoubled => ("RFC 6298", "5.5"),
        TcpClause.SynWasLost => ("RFC 6298", "5.7"),
        TcpClause.Retransmitted => ("RFC 9293", "3.8.1"),
        TcpClause.ProbeAcknowledged => ("RFC 9293", "3.8.6.1"),
        TcpClause.InitialWindow => ("RFC 6928", "2"),
        TcpClause.SlowStart => ("RFC 5681", "3.1"),
        TcpClause.CongestionAvoidance => ("RFC 5681", "3.1"),
        TcpClause.CubicGrowth => ("RFC 9438", "4.2"),
        TcpClause.RestartAfterIdle => ("RFC 5681", "4.1"),
        TcpClause.TimeoutShrinksWindow => ("RFC 5681", "3.1"),
        TcpClause.DuplicateAcknowledgment => ("RFC 5681", "2"),
        TcpClause.LossHalvesThreshold => ("RFC 5681", "3.2"),
        TcpClause.FastRetransmit => ("RFC 5681", "3.2"),
        TcpClause.RecoveryInflates => ("RFC 5681", "3.2"),
        TcpClause.PartialAcknowledgment => ("RFC 6582", "3.2"),
        TcpClause.RecoveryLeft => ("RFC 6582", "3.2"),
        TcpClause.RecoveryNotRepeated => ("RFC 6582", "3.2"),
        TcpClause.CongestionWindowFull => ("RFC 5681", "3.1"),
        TcpClause.SackBlocksTaken => ("RFC 6675", "3"),
        TcpClause.SackBlockIgnored => ("RFC 2883", "4"),
        TcpClause.SackRecoveryEntered => ("RFC 6675", "5"),
        TcpClause.SackPartialAcknowledgment => ("RFC 6675", "5"),
        TcpClause.SackRetransmitsLost => ("RFC 6675", "4"),
        TcpClause.SackSendsNew => ("RFC 6675", "4"),
        TcpClause.SackRetransmitsUnsure => ("RFC 6675", "4"),
        TcpClause.SackRescue => ("RFC 6675", "4"),
        TcpClause.SendCall => ("RFC 9293", "3.10.2"),
        TcpClause.UrgentCall => ("RFC 9293", "3.8.5"),
        TcpClause.UrgentSent => ("RFC 6093", "3.1"),
        TcpClause.SendWindowFull => ("RFC 9293", "3.8.6"),
        TcpClause.NagleHolds => ("RFC 9293", "3.7.4"),
        TcpClause.SenderAvoidsSillyWindow => ("RFC 9293", "3.8.6.2.1"),
        TcpClause.SillyWindowOverridden => ("RFC 9293", "3.8.6.2.1"),
        TcpClause.PersistStarted => ("RFC 9293", "3.8.6.1"),
        TcpClause.ZeroWindowProbe => ("RFC 9293", "3.8.6.1"),
        TcpClause.WindowShrunk => ("RFC 9293", "3.8.6"),
        TcpClause.TextInOrder => ("RFC 9293", "3.10.7.4"),
        TcpClause.TextOutOfOrder => ("RFC 5681", "4.2"),
        TcpClause.TextOutsideWindow => ("RFC 9293", "3.4"),
        TcpClause.TextDiscarded => ("RFC 2018", "8"),
        TcpClause.TextAfterFin => ("RFC 9293", "3.10.7.4"),
        TcpClause.GapFilled => ("RFC 5681", "4.2"),
        TcpClause.SecondSegmentAcknowledged => ("RFC 9293", "3.8.6.3"),
        TcpClause.AcknowledgmentDelayed => ("RFC 9293", "3.8.6.3"),
        TcpClause.DelayedAcknowledgmentDue => ("RFC 9293", "3.8.6.3"),
        TcpClause.DuplicateReported => ("RFC 2883", "4"),
        TcpClause.ReceiverAvoidsSillyWindow => ("RFC 9293", "3.8.6.2.2"),
        TcpClause.ReceiveCall => ("RFC 9293", "3.10.3"),
        TcpClause.WindowUpdateSent => ("RFC 9293", "3.8.6.2.2"),
        TcpClause.UrgentReceived => ("RFC 9293", "3.10.7.4"),
        TcpClause.CloseSynSent => ("RFC 9293", "3.10.4"),
        TcpClause.CloseBeforeEstablished => ("RFC 9293", "3.10.4"),
        TcpClause.CloseEstablished => ("RFC 9293", "3.10.4"),
        TcpClause.CloseCloseWait => ("RFC 9293", "3.10.4"),
        TcpClause.CloseWithUnreadData => ("RFC 9293", "3.6.1"),
        TcpClause.DataAfterClose => ("RFC 9293", "3.6.1"),
        TcpClause.AbortCall => ("RFC 9293", "3.10.5"),
        TcpClause.EstablishedFin => ("RFC 9293", "3.10.7.4"),
        TcpClause.FinWait1Fin => ("RFC 9293", "3.10.7.4"),
        TcpClause.FinWait2Fin => ("RFC 9293", "3.10.7.4"),
        TcpClause.FinWait1Acknowledged => ("RFC 9293", "3.10.7.4"),
        TcpClause.ClosingAcknowledged => ("RFC 9293", "3.10.7.4"),
        TcpClause.LastAckAcknowledged => ("RFC 9293", "3.10.7.4"),
        TcpClause.TimeWaitFinAgain => ("RFC 9293", "3.10.7.4"),
        TcpClause.TimeWaitReopened => ("RFC 6191", "2"),
        TcpClause.TimeWaitOver => ("RFC 9293", "3.10.8"),
        TcpClause.FinWait2Over => ("RFC 1122", "4.2.2.20"),
        TcpClause.UserTimeout => ("RFC 9293", "3.10.8"),
        TcpClause.PathDoubtful => ("RFC 9293", "3.8.3"),
        TcpClause.KeepAliveSent => ("RFC 9293", "3.8.4"),
        TcpClause.KeepAliveUnanswered => ("RFC 9293", "3.8.4"),
        TcpClause.PathMtuReduced => ("RFC 8201", "4"),
        TcpClause.PathMtuIgnored => ("RFC 5927", "4.1"),
        TcpClause.IcmpHardError => ("RFC 9293", "3.9.2.2"),
        TcpClause.IcmpSoftError => ("RFC 5927", "5.2"),
        TcpClause.IcmpIgnored => ("RFC 5927", "4.1"),
        _ => throw new ArgumentOutOfRangeException(nameof(clause), clause, "Not a decision of TCP."),
    };
}
