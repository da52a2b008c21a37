namespace Firstbyte.Tcp;

/// <summary>
/// The decisions TCP makes, each with the clause of the specification that makes it; see <see cref="TcpClauses"/>, which does not compile
/// without one.
/// </summary>
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
    /// <summary>Round trips grow in slow start: it grows by a quarter from here on.</summary>
    SlowStartDelayRose,
    /// <summary>Round trips are short again: slow start is what it was.</summary>
    SlowStartDelayFell,
    /// <summary>Round trips have stayed long: slow start is over before a loss ends it.</summary>
    SlowStartOver,
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
    /// <summary>What was sent long enough before something that has arrived is lost.</summary>
    RackLoss,
    /// <summary>What was sent before something that has arrived may only be late: it is given a part of the round trip.</summary>
    RackWaits,
    /// <summary>In a recovery the window shrinks in proportion to what is delivered.</summary>
    ProportionalReduction,
    /// <summary>Nothing has come for two round trips: a segment probes whether the tail was lost.</summary>
    TailProbed,
    /// <summary>Only the probe has repaired a loss: it is congestion all the same.</summary>
    TailLossRepaired,
    /// <summary>The acknowledgment of a repetition echoes an older timestamp: the original had arrived.</summary>
    SpuriousByTimestamp,
    /// <summary>Everything that was repeated is reported as a duplicate: nothing had been lost.</summary>
    SpuriousByDuplicates,
    /// <summary>The reduction of the window was not needed and is taken back.</summary>
    ReductionUndone,
    /// <summary>Nothing arrives any more: the segments may be too large for a path that does not say so.</summary>
    SegmentSizeDoubted,
    /// <summary>A larger segment tries whether the path carries it.</summary>
    SegmentSizeProbed,
    /// <summary>The larger segment has arrived.</summary>
    SegmentSizeRaised,
    /// <summary>The larger segment is lost, which is no sign of congestion.</summary>
    SegmentSizeProbeLost,
    /// <summary>The search for the largest segment that arrives is over.</summary>
    SegmentSizeFound,
    /// <summary>The peer has thrown away what it had acknowledged selectively: it is sent again.</summary>
    PeerReneged,

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
