namespace Firstbyte.Tcp;

/// <summary>What can happen to a connection.</summary>
public enum TcpInputKind : byte
{
    /// <summary>A deadline has passed, or a step left more to send (RFC 9293 section 3.10.8).</summary>
    Timer,

    /// <summary>A segment has arrived (RFC 9293 section 3.10.7).</summary>
    Segment,

    /// <summary>The application has put octets into the send ring (RFC 9293 section 3.10.2).</summary>
    Send,

    /// <summary>The same, the last of them urgent (RFC 9293 section 3.8.5).</summary>
    SendUrgent,

    /// <summary>The application has taken octets out of the receive ring (RFC 9293 section 3.10.3).</summary>
    Read,

    /// <summary>The application will send no more, but still reads: a half close (RFC 9293 section 3.6.1).</summary>
    ShutdownSend,

    /// <summary>The application neither sends nor reads any more (RFC 9293 section 3.10.4).</summary>
    Close,

    /// <summary>The application ends the connection at once (RFC 9293 section 3.10.5).</summary>
    Abort,

    /// <summary>The path does not carry segments as large as ours (RFC 1191, RFC 8201).</summary>
    PathMtu,

    /// <summary>An ICMP error about one of our segments (RFC 9293 section 3.9.2.2).</summary>
    IcmpError,
}

/// <summary>How bad an ICMP error is for a connection (RFC 9293 section 3.9.2.2).</summary>
public enum IcmpSeverity : byte
{
    /// <summary>Network or host unreachable, time exceeded, parameter problem: may pass.</summary>
    Soft,

    /// <summary>Protocol or port unreachable.</summary>
    Hard,
}

/// <summary>One thing that happens to a connection; made by the static members.</summary>
public readonly struct TcpInput
{
    private readonly TcpSegment _segment;
    private readonly int _count;
    private readonly SequenceNumber _quoted;

    private TcpInput(TcpInputKind kind, int count = 0, SequenceNumber quoted = default)
    {
        Kind = kind;
        _count = count;
        _quoted = quoted;
    }

    private TcpInput(in TcpSegment segment, bool mayReopen)
    {
        Kind = TcpInputKind.Segment;
        _segment = segment;
        MayReopen = mayReopen;
    }

    /// <summary>What happens.</summary>
    public TcpInputKind Kind { get; }

    /// <summary>The deadline has passed, or <see cref="TcpOutputs.MoreToSend"/> was set.</summary>
    public static TcpInput Timer => new(TcpInputKind.Timer);

    /// <summary>The application will send no more.</summary>
    public static TcpInput ShutdownSend => new(TcpInputKind.ShutdownSend);

    /// <summary>The application has let go of the connection.</summary>
    public static TcpInput Close => new(TcpInputKind.Close);

    /// <summary>The application ends the connection at once.</summary>
    public static TcpInput Abort => new(TcpInputKind.Abort);

    /// <summary>A segment has arrived whose checksum was right and whose addresses and ports are this connection's.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="mayReopen">False when nobody would take a new connection in this one's place: then no SYN ends TIME-WAIT.</param>
    public static TcpInput Arrived(in TcpSegment segment, bool mayReopen = true) => new(segment, mayReopen);

    /// <summary>The application has written <paramref name="octets"/> octets at <see cref="Tcb.SendEnd"/>; at most <see cref="Tcb.SendSpace"/>.</summary>
    public static TcpInput Send(int octets) => new(TcpInputKind.Send, octets);

    /// <summary>The same; the last octet is urgent.</summary>
    public static TcpInput SendUrgent(int octets) => new(TcpInputKind.SendUrgent, octets);

    /// <summary>The application has taken <paramref name="octets"/> octets from <see cref="Tcb.ReadAt"/> on; at most <see cref="Tcb.Readable"/>.</summary>
    public static TcpInput Read(int octets) => new(TcpInputKind.Read, octets);

    /// <summary>
    /// A router said that the packet with <paramref name="quoted"/> as its sequence number was too big; <paramref name="segmentSize"/> is
    /// the MTU it named less the headers of IP and TCP without options.
    /// </summary>
    public static TcpInput PathMtu(int segmentSize, SequenceNumber quoted) => new(TcpInputKind.PathMtu, segmentSize, quoted);

    /// <summary>An ICMP error that quotes the segment with this sequence number.</summary>
    public static TcpInput IcmpError(IcmpSeverity severity, SequenceNumber quoted) => new(TcpInputKind.IcmpError, (int)severity, quoted);

    internal ref readonly TcpSegment Segment
    {
        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        get => ref _segment;
    }

    internal bool MayReopen { get; }

    internal int Count => _count;

    internal SequenceNumber Quoted => _quoted;
}
