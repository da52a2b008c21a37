using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Firstbyte.Fuzz.Running;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Tcp;

/// <summary>The TCP state machine: each twelve bytes of the input are one thing that happens to a connection.</summary>
internal sealed class TcpTarget : FuzzTarget
{
    private const int StepLength = 12;
    private const int MaximumSteps = 80;

    private static readonly TcpSettings s_settings = new()
    {
        ReceiveCapacity = 4096,
        SendCapacity = 8192,
        UserTimeout = TimeSpan.FromSeconds(20),
        KeepAliveIdle = TimeSpan.FromSeconds(3),
    };

    public override string Name => "tcp";

    public override string Holds => "the block's sequence numbers keep their order, a copy takes the same step, nothing is sent that was not written, no deadline comes back for ever";

    public override int MaximumLength => FuzzChoices.Length + MaximumSteps * StepLength;

    public override IReadOnlyList<byte[]> Tokens => [[4, 16], [5, 2], [5, 18], [0, 0], [1, 0], [2, 0], [3, 0], [6, 17], [6, 4], [0xFF, 0xFF], [0x7F, 0xFF], [0x80, 0x00]];

    public override IEnumerable<byte[]> Seeds()
    {
        byte[] Step(byte action, byte flags, short sequence, short acknowledgment, ushort window, ushort amount, byte options, byte more) =>
            [action, flags, (byte)(sequence >> 8), (byte)sequence, (byte)(acknowledgment >> 8), (byte)acknowledgment, (byte)(window >> 8), (byte)window, (byte)(amount >> 8), (byte)amount, options, more];
        byte[][] script =
        [
            Step(5, 18, 0, 0, 4000, 0, 1, 0), Step(0, 0, 0, 0, 0, 1000, 0, 0), Step(5, 16, 0, 0, 4000, 500, 0, 0), Step(1, 0, 0, 0, 0, 300, 0, 0), Step(2, 0, 0, 0, 0, 0, 0, 200),
            Step(6, 16, 600, 0, 4000, 100, 0, 0), Step(6, 16, 0, -500, 4000, 0, 8, 0), Step(3, 0, 0, 0, 0, 0, 0, 0), Step(5, 17, 0, 0, 4000, 0, 0, 0), Step(6, 4, 0, 0, 0, 0, 0, 0), Step(4, 0, 0, 0, 0, 500, 0, 0),
        ];
        for (ushort choices = 0; choices < 2; choices++)
        {
            yield return FuzzChoices.Before([.. script.SelectMany(static step => step)], choices);
            foreach (var step in script) { yield return FuzzChoices.Before([.. script[0], .. step, .. step], choices); }
        }
    }

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var script);
        var now = Instant.SimulationEpoch;
        var room = new TcpSegment[3];
        var outputs = new TcpOutputs(room);
        var initial = (uint)choices.Below(4) * 0x5555_5555;
        var block = choices.Below(2) == 0
            ? Tcb.Open(s_settings, new(initial), 0, now, ref outputs)
            : Tcb.Accept(new TcpSegment { Sequence = new(initial ^ 0xFFFF), Flags = TcpFlags.Syn, Window = 5000 }, s_settings, new(initial), 0, now, ref outputs);
        for (var steps = 0; steps < MaximumSteps && script.Length >= StepLength; steps++, script = script[StepLength..])
        {
            now += TimeSpan.FromMilliseconds(script[11] * 20);
            Play(ref block, InputOf(block, script), now, room);
        }
    }

    private static TcpInput InputOf(in Tcb block, ReadOnlySpan<byte> step)
    {
        int amount = BinaryPrimitives.ReadUInt16BigEndian(step[8..]);
        var quoted = block.SendUnacknowledged + BinaryPrimitives.ReadInt16BigEndian(step[2..]);
        return (step[0] % 8) switch
        {
            0 => TcpInput.Send(Math.Min(amount, block.SendSpace)),
            1 => TcpInput.Read(Math.Min(amount, block.Readable)),
            2 => TcpInput.Timer,
            3 => (step[1] & 3) switch { 0 => TcpInput.ShutdownSend, 1 => TcpInput.Close, 2 => TcpInput.Abort, _ => TcpInput.SendUrgent(Math.Min(amount, block.SendSpace)) },
            4 when (step[1] & 1) == 0 => TcpInput.PathMtu(amount, quoted),
            4 => TcpInput.IcmpError((IcmpSeverity)(step[1] >> 1 & 1), quoted),
            5 => TcpInput.Arrived(Segment(block, step) with { Acknowledgment = block.SendMaximum, Sequence = block.State == TcpState.SynSent ? new(7) : block.ReceiveNext }),
            _ => TcpInput.Arrived(Segment(block, step)),
        };
    }

    // Sequence numbers are written as distances from where they would be right: so that a few bytes reach the edges of windows.
    private static TcpSegment Segment(in Tcb block, ReadOnlySpan<byte> step)
    {
        var scale = (step[10] & 0x20) != 0 ? 1 << 15 : 1;
        var left = block.SendUnacknowledged + BinaryPrimitives.ReadInt16BigEndian(step[4..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(step[8..]) % 3000;
        return new TcpSegment
        {
            Sequence = block.ReceiveNext + BinaryPrimitives.ReadInt16BigEndian(step[2..]) * scale,
            Acknowledgment = block.SendMaximum + BinaryPrimitives.ReadInt16BigEndian(step[4..]) * scale,
            Flags = (TcpFlags)step[1],
            Window = BinaryPrimitives.ReadUInt16BigEndian(step[6..]),
            UrgentPointer = step[11],
            PayloadLength = length,
            Options = new TcpOptions
            {
                Present = (TcpOptionSet)(step[10] & 31),
                MaximumSegmentSize = BinaryPrimitives.ReadUInt16BigEndian(step[6..]),
                WindowScale = step[11],
                TimestampValue = (uint)(step[11] << (step[10] >> 5)),
                TimestampEcho = step[11],
                Sack = default(SackBlocks).With(new(left, left + length)).With(new(left + 3000, left + 2000)),
            },
        };
    }

    private static void Play(ref Tcb block, TcpInput input, Instant now, TcpSegment[] room)
    {
        for (var rounds = 0; ; rounds++)
        {
            Require(rounds < 2000, "sends without end");
            var copy = block;
            var outputs = new TcpOutputs(room);
            Tcb.Step(ref block, input, now, ref outputs);
            var copyOutputs = new TcpOutputs(new TcpSegment[room.Length]);
            Tcb.Step(ref copy, input, now, ref copyOutputs);
            Require(MemoryMarshal.AsBytes(new ReadOnlySpan<Tcb>(in block)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<Tcb>(in copy))), "a copy of the block took another step");
            RequireOrder(block);
            Require(input.Kind != TcpInputKind.Timer || outputs.MoreToSend || block.NextDeadline > now, "a deadline that was served came back");
            Require(outputs.Accepted.Length <= block.Settings.ReceiveCapacity, "more is accepted than there is room for");
            foreach (ref readonly var segment in outputs.Segments)
            {
                Require(segment.PayloadLength is >= 0 and <= 1460 && segment.Options.WireLength <= 40, "a segment larger than allowed");
                Require(segment.PayloadLength == 0 || segment.Sequence + segment.PayloadLength <= block.SendEnd || block.State == TcpState.Closed, "sends what was not written");
            }
            if (!outputs.MoreToSend) { return; }
            input = TcpInput.Timer;
        }
    }

    private static void RequireOrder(in Tcb block)
    {
        Require(block.SendUnacknowledged <= block.SendNext && block.SendNext <= block.SendMaximum, "SND.UNA, SND.NXT and SND.MAX are out of order");
        Require(block.SendMaximum <= block.SendEnd + 1, "sent what was not written");
        Require(block.State == TcpState.SynSent || block.ReadAt <= block.ReceiveNext, "read what was not received");
        Require(block.State == TcpState.SynSent || block.ReceiveNext - block.ReadAt <= block.Settings.ReceiveCapacity + 1, "more than the buffer holds");
        Require(block.OutOfOrder.Count <= IntervalSet.Limit && block.Scoreboard.Count <= SendScoreboard.Limit, "runs without a limit");
        for (var i = 0; i < block.OutOfOrder.Count; i++)
        {
            var run = block.OutOfOrder[i];
            Require(run.Left > block.ReceiveNext && run.Right - block.ReadAt <= block.Settings.ReceiveCapacity, "a run outside the window");
        }
        RequireScoreboard(block);
    }

    // The runs cover the flight in order, and the sums are those of the runs.
    private static void RequireScoreboard(in Tcb block)
    {
        var board = block.Scoreboard;
        if (board.Count == 0)
        {
            Require((board.SackedOctets, board.LostOctets, board.RepeatedOctets) == (0, 0, 0), "octets of no run");
            return;
        }
        var (sacked, lost, repeated) = (0, 0, 0);
        for (var i = 0; i < board.Count; i++)
        {
            var octets = board.RightOf(i) - board[i].Left;
            Require(octets > 0, "a run without octets");
            var fate = board[i].Fate;
            if (fate.HasFlag(SentFate.Sacked)) { sacked += octets; }
            else if (fate.HasFlag(SentFate.Lost)) { lost += octets; }
            else if (fate.HasFlag(SentFate.Repeated)) { repeated += octets; }
        }
        Require((board.SackedOctets, board.LostOctets) == (sacked, lost), "the sums are not those of the runs");
        Require(board.RepeatedOctets >= repeated, "repeated octets are missing from the sum");
        Require(board[0].Left == block.SendUnacknowledged && board.End == block.SendMaximum, "the runs do not cover the flight");
    }
}
