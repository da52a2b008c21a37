namespace Firstbyte.Tcp;

/// <summary>What the host has decided for a connection before it begins.</summary>
/// <remarks>Capacities are powers of two, because the octets live in a <see cref="SequenceRing"/>.</remarks>
public readonly record struct TcpSettings
{
    /// <summary>Largest capacity: a window of 2^30 octets is the most that window scaling can offer (RFC 7323 section 2.2).</summary>
    public const int CapacityLimit = 1 << 30;

    /// <summary>The usual settings for IPv4 over Ethernet.</summary>
    public static readonly TcpSettings Default = new();

    /// <summary>Makes the usual settings.</summary>
    public TcpSettings() { }

    /// <summary>Octets that may wait to be acknowledged; a power of two.</summary>
    public int SendCapacity { get; init; } = 1 << 20;

    /// <summary>Octets that may wait to be read, out-of-order ones included; a power of two.</summary>
    public int ReceiveCapacity { get; init; } = 1 << 20;

    /// <summary>The MSS we offer: the MTU of the interface less 40 (IPv4) or 60 (IPv6) octets (RFC 9293 section 3.7.1).</summary>
    public ushort MaximumSegmentSize { get; init; } = 1460;

    /// <summary>The MSS assumed of a peer that offers none: 536 for IPv4, 1220 for IPv6 (RFC 9293 section 3.7.1, MUST-15).</summary>
    public ushort AssumedPeerSegmentSize { get; init; } = 536;

    /// <summary>Whether window scaling is offered and accepted (RFC 7323 section 2).</summary>
    public bool WindowScaling { get; init; } = true;

    /// <summary>Whether timestamps are offered and accepted (RFC 7323 section 3).</summary>
    public bool Timestamps { get; init; } = true;

    /// <summary>Whether selective acknowledgment is offered and accepted (RFC 2018).</summary>
    public bool SelectiveAcknowledgment { get; init; } = true;

    /// <summary>The congestion control.</summary>
    public CongestionAlgorithm Congestion { get; init; } = CongestionAlgorithm.Cubic;

    /// <summary>The initial window in segments (RFC 6928 section 2: 10).</summary>
    public byte InitialWindowSegments { get; init; } = 10;

    /// <summary>True turns the Nagle algorithm off (RFC 9293 section 3.7.4, MUST-17).</summary>
    public bool NoDelay { get; init; }

    /// <summary>How long an acknowledgment may wait: less than 0.5 s (RFC 9293 section 3.8.6.3, MUST-40); zero acknowledges at once.</summary>
    public TimeSpan DelayedAcknowledgment { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>The first retransmission timeout (RFC 6298 section 2.1: 1 s).</summary>
    public TimeSpan InitialRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least retransmission timeout: 1 s in RFC 6298 section 2.4, 200 ms in the stacks that most people use.</summary>
    public TimeSpan MinimumRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The greatest retransmission timeout: at least 60 s (RFC 6298 section 2.5).</summary>
    public TimeSpan MaximumRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long data may stay unacknowledged before the connection is given up (RFC 9293 section 3.9.1.1: 5 minutes); zero never gives up.</summary>
    public TimeSpan UserTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an opening SYN is repeated: at least 3 minutes (RFC 9293 section 3.8.3, MUST-23).</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Silence after which a keep-alive is sent, at least 2 hours by default where it is on at all (RFC 9293 section 3.8.4); zero is off.</summary>
    public TimeSpan KeepAliveIdle { get; init; }

    /// <summary>Time between keep-alives that find no answer.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Keep-alives without an answer after which the connection is given up.</summary>
    public byte KeepAliveProbes { get; init; } = 9;

    /// <summary>MSL: TIME-WAIT lasts twice as long. RFC 9293 section 3.4.1 takes 2 minutes; 30 s is what stacks use today.</summary>
    public TimeSpan MaximumSegmentLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection whose reader is gone waits for the peer's FIN; zero waits for ever (RFC 9293 knows no limit, stacks do).</summary>
    public TimeSpan FinWait2Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The shift count for our window: the least that lets <see cref="ReceiveCapacity"/> fit 16 bits.</summary>
    internal byte OfferedWindowScale
    {
        get
        {
            byte shift = 0;
            while (ReceiveCapacity >> shift > ushort.MaxValue) { shift++; }
            return shift;
        }
    }

    internal void Check()
    {
        if (!IsCapacity(SendCapacity)) { throw new ArgumentException("SendCapacity must be a power of two from 1 to 2^30."); }
        if (!IsCapacity(ReceiveCapacity)) { throw new ArgumentException("ReceiveCapacity must be a power of two from 1 to 2^30."); }

        static bool IsCapacity(int octets) => octets is > 0 and <= CapacityLimit && System.Numerics.BitOperations.IsPow2(octets);
    }
}
