using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

/// <summary>One end of a connection as a host keeps it: the block, the two rings, and an application that writes and reads a known pattern.</summary>
internal sealed class TcpEnd
{
    private readonly TcpSegment[] _room = new TcpSegment[16];
    private readonly TcpTraceEntry[] _trace = new TcpTraceEntry[256];
    private readonly byte[] _scratch = new byte[1 << 16];
    private readonly byte _salt;

    public Tcb Block;
    public readonly SequenceRing SendRing;
    public readonly SequenceRing ReceiveRing;
    public TcpSignals Signals;
    public long Written;
    public long Read;
    public SequenceNumber PeerEdge { get; set; }
    public long SegmentsSent;
    public long TextSent;
    public readonly HashSet<TcpClause> Exercised = [];

    public TcpEnd(in TcpSettings settings, byte salt)
    {
        SendRing = new SequenceRing(settings.SendCapacity);
        ReceiveRing = new SequenceRing(settings.ReceiveCapacity);
        _salt = salt;
    }

    public Action<TcpSegment, byte[]>? OnSend { get; set; }

    /// <summary>The octet at a place in the stream of the end with this salt.</summary>
    public static byte Pattern(long place, byte salt) => (byte)(place * 31 + (place >> 8) * 7 + (place >> 16) + salt);

    public void Open(in TcpSettings settings, SequenceNumber initial, Instant now)
    {
        var outputs = new TcpOutputs(_room, _trace);
        Block = Tcb.Open(settings, initial, 0, now, ref outputs);
        Take(ref outputs, [], now);
    }

    public void Accept(in TcpSegment syn, in TcpSettings settings, SequenceNumber initial, Instant now)
    {
        var outputs = new TcpOutputs(_room, _trace);
        Block = Tcb.Accept(syn, settings, initial, 0, now, ref outputs);
        Take(ref outputs, [], now);
    }

    public void Step(in TcpInput input, Instant now, ReadOnlySpan<byte> payload = default)
    {
        var outputs = new TcpOutputs(_room, _trace);
        Tcb.Step(ref Block, input, now, ref outputs);
        Take(ref outputs, payload, now);
    }

    /// <summary>Writes as much of the pattern as there is room for, up to a total.</summary>
    public void Write(long total, Instant now)
    {
        var count = (int)Math.Min(Math.Min(total - Written, Block.SendSpace), _scratch.Length);
        if (count <= 0) { return; }
        for (var i = 0; i < count; i++) { _scratch[i] = Pattern(Written + i, _salt); }
        SendRing.Write(Block.SendEnd, _scratch.AsSpan(0, count));
        Written += count;
        Step(TcpInput.Send(count), now);
    }

    /// <summary>Reads up to so many octets and compares them with the peer's pattern.</summary>
    public void ReadSome(int most, byte peerSalt, Instant now)
    {
        var count = Math.Min(Math.Min(Block.Readable, most), _scratch.Length);
        if (count <= 0) { return; }
        ReceiveRing.Read(Block.ReadAt, _scratch.AsSpan(0, count));
        for (var i = 0; i < count; i++)
        {
            if (_scratch[i] != Pattern(Read + i, peerSalt)) { throw new InvalidOperationException($"octet {Read + i} is wrong"); }
        }
        Read += count;
        Step(TcpInput.Read(count), now);
    }

    private void Take(ref TcpOutputs outputs, ReadOnlySpan<byte> payload, Instant now)
    {
        for (; ; )
        {
            Signals |= outputs.Signals;
            foreach (ref readonly var entry in outputs.Trace) { Exercised.Add(entry.Clause); }
            var accepted = outputs.Accepted;
            if (accepted.Length > 0) { ReceiveRing.Write(accepted.At, payload.Slice(accepted.Skip, accepted.Length)); }
            foreach (ref readonly var segment in outputs.Segments)
            {
                var text = new byte[segment.PayloadLength];
                SendRing.Read(segment.Sequence, text);
                SegmentsSent++;
                TextSent += text.Length;
                OnSend?.Invoke(segment, text);
            }
            if (!outputs.MoreToSend) { return; }
            outputs.Reset();
            Tcb.Step(ref Block, TcpInput.Timer, now, ref outputs);
        }
    }
}
