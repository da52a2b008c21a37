using Firstbyte.Addressing;

namespace Firstbyte.Simulation;

/// <summary>What a packet of the plain model says.</summary>
internal enum PacketKind : byte
{
    Datagram,

    /// <summary>A piece of a stream, or a word about it (see <see cref="SegmentFlags"/>).</summary>
    Segment,

    /// <summary>An error about a packet that was sent: its source is that packet's target, its target that packet's sender.</summary>
    Unreachable,
}

[Flags]
internal enum SegmentFlags : byte
{
    None = 0,
    Open = 1,
    Acknowledgment = 2,
    End = 4,
    Reset = 8,
}

internal enum UnreachableReason : byte
{
    None,
    Port,
    Host,
    Network,
}

/// <summary>One packet of the plain model on its way; the event of its own arrival. Used again from the internet's pool.</summary>
internal sealed class Packet(Internet internet) : IKernelEvent
{
    private byte[] _buffer = [];

    public PacketKind Kind { get; set; }

    public SegmentFlags Flags { get; set; }

    public UnreachableReason Reason { get; set; }

    /// <summary>For an error: the kind of the packet that it is about.</summary>
    public PacketKind About { get; set; }

    public Endpoint Source { get; set; }

    public Endpoint Target { get; set; }

    /// <summary>A stream's position: the opening has 0, the first byte 1.</summary>
    public long Sequence { get; set; }

    /// <summary>The next position that the sender of this packet expects.</summary>
    public long Acknowledgment { get; set; }

    /// <summary>How many bytes beyond <see cref="Acknowledgment"/> the sender of this packet has room for.</summary>
    public int Window { get; set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(0, Length);

    public SimulatedHost? Destination { get; set; }

    /// <summary>Makes room for a payload and returns it to be filled.</summary>
    public Span<byte> Allocate(int length)
    {
        if (_buffer.Length < length) { _buffer = new byte[Math.Max(length, 2048)]; }
        Length = length;
        return _buffer.AsSpan(0, length);
    }

    /// <summary>Drops the end of the payload.</summary>
    public void Cut(int length) => Length = length;

    public void Clear()
    {
        Flags = SegmentFlags.None;
        Reason = UnreachableReason.None;
        Sequence = 0;
        Acknowledgment = 0;
        Window = 0;
        Length = 0;
        Destination = null;
    }

    public void Fire(long argument) => internet.Arrive(this);
}
