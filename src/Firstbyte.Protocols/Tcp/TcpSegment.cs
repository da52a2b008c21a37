namespace Firstbyte.Tcp;

/// <summary>The control bits of the TCP header (RFC 9293 section 3.1; CWR and ECE: RFC 3168).</summary>
[Flags]
public enum TcpFlags : byte
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>No more data from the sender.</summary>
    Fin = 0x01,

    /// <summary>Synchronize sequence numbers.</summary>
    Syn = 0x02,

    /// <summary>Reset the connection.</summary>
    Rst = 0x04,

    /// <summary>Push: give what has come to the application.</summary>
    Psh = 0x08,

    /// <summary>The acknowledgment field is significant.</summary>
    Ack = 0x10,

    /// <summary>The urgent pointer field is significant.</summary>
    Urg = 0x20,

    /// <summary>Congestion was experienced on the way (ECN-Echo).</summary>
    Ece = 0x40,

    /// <summary>The congestion window was reduced.</summary>
    Cwr = 0x80,
}

/// <summary>Which options a segment carries.</summary>
[Flags]
public enum TcpOptionSet : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Kind 2 (RFC 9293 section 3.2).</summary>
    MaximumSegmentSize = 1,

    /// <summary>Kind 3 (RFC 7323 section 2.2).</summary>
    WindowScale = 2,

    /// <summary>Kind 4 (RFC 2018 section 2).</summary>
    SackPermitted = 4,

    /// <summary>Kind 5 (RFC 2018 section 3).</summary>
    Sack = 8,

    /// <summary>Kind 8 (RFC 7323 section 3.2).</summary>
    Timestamps = 16,
}

/// <summary>
/// A run of octets that has arrived out of order: from <paramref name="Left"/> up to, not including, <paramref name="Right"/> (RFC 2018
/// section 3).
/// </summary>
public readonly record struct SackBlock(SequenceNumber Left, SequenceNumber Right)
{
    /// <summary>Octets in the block.</summary>
    public int Length => Right - Left;
}

/// <summary>Up to four SACK blocks: as many as the option space holds (RFC 2018 section 3).</summary>
public readonly record struct SackBlocks
{
    /// <summary>40 octets of options hold four blocks (RFC 2018 section 3), three beside timestamps.</summary>
    public const int Limit = 4;

    private readonly SackBlock _first, _second, _third, _fourth;

    private SackBlocks(int count, SackBlock first, SackBlock second, SackBlock third, SackBlock fourth) =>
        (Count, _first, _second, _third, _fourth) = (count, first, second, third, fourth);

    /// <summary>How many blocks there are: 0 to 4.</summary>
    public int Count { get; }

    /// <summary>The block at a place from 0 to <see cref="Count"/> - 1.</summary>
    public SackBlock this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return index switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };
        }
    }

    /// <summary>The same blocks with one more at the end; unchanged when there are four already.</summary>
    public SackBlocks With(SackBlock block) => Count switch
    {
        0 => new(1, block, default, default, default),
        1 => new(2, _first, block, default, default),
        2 => new(3, _first, _second, block, default),
        3 => new(4, _first, _second, _third, block),
        _ => this,
    };
}

/// <summary>The options of a segment as values; a field means something only when <see cref="Present"/> names its option.</summary>
public readonly record struct TcpOptions
{
    /// <summary>The options that are there.</summary>
    public TcpOptionSet Present { get; init; }

    /// <summary>The shift count as sent, 0 to 255; above 14 the receiver uses 14 (RFC 7323 section 2.3).</summary>
    public byte WindowScale { get; init; }

    /// <summary>The largest segment the sender of this option wants, in octets of payload.</summary>
    public ushort MaximumSegmentSize { get; init; }

    /// <summary>TSval: the sender's timestamp clock.</summary>
    public uint TimestampValue { get; init; }

    /// <summary>TSecr: the timestamp that is echoed; significant with ACK.</summary>
    public uint TimestampEcho { get; init; }

    /// <summary>The SACK blocks.</summary>
    public SackBlocks Sack { get; init; }

    /// <summary>True when all of <paramref name="options"/> are there.</summary>
    public bool Has(TcpOptionSet options) => (Present & options) == options;

    /// <summary>Octets the options take on the wire, padding included, in the usual layout that starts each 4-octet word anew.</summary>
    public int WireLength =>
        (Has(TcpOptionSet.MaximumSegmentSize) ? 4 : 0)
        + (Has(TcpOptionSet.WindowScale) ? 4 : 0)
        // SACK-permitted shares its word with the padding of the timestamps when both are there.
        + (Has(TcpOptionSet.Timestamps) ? 12 : Has(TcpOptionSet.SackPermitted) ? 4 : 0)
        + (Has(TcpOptionSet.Sack) && Sack.Count > 0 ? 4 + 8 * Sack.Count : 0);
}

/// <summary>What the header of a TCP segment says, and how long its payload is; the payload itself lies beside it.</summary>
/// <remarks>
/// A segment that has arrived: its payload is the range the packet's view gives. A segment to be sent: its payload is the
/// <see cref="PayloadLength"/> octets of the send ring from <see cref="Sequence"/> on.
/// Fields keep the units of the wire: <see cref="Window"/> is not yet scaled.
/// </remarks>
public readonly record struct TcpSegment
{
    /// <summary>SEG.SEQ: of the first octet of payload, or of SYN where there is one.</summary>
    public SequenceNumber Sequence { get; init; }

    /// <summary>SEG.ACK: the next octet expected; significant with ACK.</summary>
    public SequenceNumber Acknowledgment { get; init; }

    /// <summary>The control bits.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>SEG.WND as on the wire, before scaling.</summary>
    public ushort Window { get; init; }

    /// <summary>SEG.UP: offset from <see cref="Sequence"/>; significant with URG.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>Octets of payload.</summary>
    public int PayloadLength { get; init; }

    /// <summary>The options.</summary>
    public TcpOptions Options { get; init; }

    /// <summary>SEG.LEN: octets of sequence space it takes, SYN and FIN included (RFC 9293 section 3.4).</summary>
    public int Length => PayloadLength + (Has(TcpFlags.Syn) ? 1 : 0) + (Has(TcpFlags.Fin) ? 1 : 0);

    /// <summary>The sequence number after the last octet it takes.</summary>
    public SequenceNumber End => Sequence + Length;

    /// <summary>True when all of <paramref name="flags"/> are set.</summary>
    public bool Has(TcpFlags flags) => (Flags & flags) == flags;
}
