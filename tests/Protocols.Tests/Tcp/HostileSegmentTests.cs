using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Tcp;
using Firstbyte.Tests.Tcp.Scripting;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

/// <summary>Segments that no honest peer sends: no crash, no unbounded answer, and the block's own order always holds.</summary>
public class HostileSegmentTests
{
    // Offsets near the places that matter: the edges of windows, the wrap, far away.
    private static readonly Gen<int> s_offset = Gen.OneOf(
        Gen.Int[-3, 3], Gen.Int[-2000, 2000], Gen.Int[-70_000, 70_000], Gen.Const(int.MinValue), Gen.Const(int.MaxValue), Gen.Const(0x7FFF_0000), Gen.Int);

    private static readonly Gen<(int Sequence, int Acknowledgment, byte Flags, ushort Window, ushort Urgent, int Length, byte Options, uint Timestamp, int Sack)> s_segment =
        Gen.Select(s_offset, s_offset, Gen.Byte, Gen.OneOf(Gen.UShort, Gen.Const((ushort)0)), Gen.UShort, Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, 3000]),
            Gen.Select(Gen.Byte, Gen.UInt, s_offset)).Select(t => (t.Item1, t.Item2, t.Item3, t.Item4, t.Item5, t.Item6, t.Item7.Item1, t.Item7.Item2, t.Item7.Item3));

    private static TcpSegment Make(in Tcb block, (int Sequence, int Acknowledgment, byte Flags, ushort Window, ushort Urgent, int Length, byte Options, uint Timestamp, int Sack) drawn)
    {
        var left = block.SendUnacknowledged + drawn.Sack;
        return new TcpSegment
        {
            Sequence = block.ReceiveNext + drawn.Sequence,
            Acknowledgment = block.SendMaximum + drawn.Acknowledgment,
            Flags = (TcpFlags)drawn.Flags,
            Window = drawn.Window,
            UrgentPointer = drawn.Urgent,
            PayloadLength = drawn.Length,
            Options = new TcpOptions
            {
                Present = (TcpOptionSet)(drawn.Options & 31),
                MaximumSegmentSize = (ushort)drawn.Timestamp,
                WindowScale = drawn.Options,
                TimestampValue = drawn.Timestamp,
                TimestampEcho = drawn.Timestamp ^ 5,
                Sack = default(SackBlocks).With(new(left, left + drawn.Length)).With(new(left + 3000, left + 2000)),
            },
        };
    }

    private static void CheckOrder(in Tcb block)
    {
        Assert.True(block.SendUnacknowledged <= block.SendNext, "SND.UNA after SND.NXT");
        Assert.True(block.SendNext <= block.SendMaximum, "SND.NXT after the last octet sent");
        Assert.True(block.SendMaximum <= block.SendEnd + 1, "sent what was not written");
        Assert.True(block.State == TcpState.SynSent || block.ReadAt <= block.ReceiveNext, "read what was not received");
        Assert.True(block.State == TcpState.SynSent || block.ReceiveNext - block.ReadAt <= block.Settings.ReceiveCapacity + 1, "more than the buffer holds");
        Assert.True(block.OutOfOrder.Count <= IntervalSet.Limit);
        ScoreboardModel.Check(block);
        for (var i = 0; i < block.OutOfOrder.Count; i++)
        {
            var run = block.OutOfOrder[i];
            Assert.True(run.Left > block.ReceiveNext && run.Right - block.ReadAt <= block.Settings.ReceiveCapacity,
                $"a run outside the window in {block.State}: {run.Left}:{run.Right}, next {block.ReceiveNext}, read {block.ReadAt}, edge {block.ReceiveEdge}");
        }
    }

    [Fact]
    public void Any_segments_at_any_time_leave_the_block_in_order()
    {
        var steps = Gen.Select(Gen.Int[0, 9], s_segment, Gen.Int[0, 3000]);
        Gen.Select(Gen.Bool, Gen.UInt, steps.Array[1, 60]).Sample((active, initial, script) =>
        {
            var settings = new TcpSettings { ReceiveCapacity = 4096, SendCapacity = 8192, UserTimeout = TimeSpan.FromSeconds(20), KeepAliveIdle = TimeSpan.FromSeconds(3) };
            var now = Instant.SimulationEpoch;
            var room = new TcpSegment[3];
            var outputs = new TcpOutputs(room);
            var block = active
                ? Tcb.Open(settings, new(initial), 0, now, ref outputs)
                : Tcb.Accept(new TcpSegment { Sequence = new(initial ^ 0xFFFF), Flags = TcpFlags.Syn, Window = 5000 }, settings, new(initial), 0, now, ref outputs);
            foreach (var (action, drawn, amount) in script)
            {
                now += TimeSpan.FromMilliseconds(amount % 700);
                var input = action switch
                {
                    0 => TcpInput.Send(Math.Min(amount, block.SendSpace)),
                    1 => TcpInput.Read(Math.Min(amount, block.Readable)),
                    2 => TcpInput.Timer,
                    3 when amount < 200 => TcpInput.ShutdownSend,
                    3 when amount < 300 => TcpInput.Close,
                    3 => TcpInput.PathMtu(amount, block.SendUnacknowledged + drawn.Sequence),
                    4 => TcpInput.IcmpError((IcmpSeverity)(amount & 1), block.SendUnacknowledged + drawn.Sequence),
                    // What an honest peer would send, so that the handshake gets somewhere.
                    5 or 6 => TcpInput.Arrived(new TcpSegment
                    {
                        Sequence = block.State == TcpState.SynSent ? new(drawn.Timestamp) : block.ReceiveNext,
                        Acknowledgment = block.SendMaximum,
                        Flags = block.State == TcpState.SynSent ? TcpFlags.Syn | TcpFlags.Ack : TcpFlags.Ack,
                        Window = drawn.Window,
                        PayloadLength = block.State == TcpState.SynSent ? 0 : drawn.Length,
                    }),
                    _ => TcpInput.Arrived(Make(block, drawn)),
                };
                Play(ref block, input, now, room);
            }
        }, iter: Depth.Of(3000));
    }

    private static void Play(ref Tcb block, TcpInput input, Instant now, TcpSegment[] room)
    {
        // A step may leave more to send, but never without end.
        for (var rounds = 0; ; rounds++)
        {
            Assert.True(rounds < 2000, "sends without end");
            var copy = block;
            var outputs = new TcpOutputs(room);
            Tcb.Step(ref block, input, now, ref outputs);
            var copyOutputs = new TcpOutputs(new TcpSegment[room.Length]);
            Tcb.Step(ref copy, input, now, ref copyOutputs);
            Assert.True(TcbBytes.Same(block, copy), "a copy of the block took another step");

            CheckOrder(block);
            Assert.True(input.Kind != TcpInputKind.Timer || outputs.MoreToSend || block.NextDeadline > now, "a deadline that was served came back");
            var accepted = outputs.Accepted;
            Assert.True(accepted.Length <= block.Settings.ReceiveCapacity);
            foreach (ref readonly var segment in outputs.Segments)
            {
                Assert.True(segment.PayloadLength is >= 0 and <= 1460);
                Assert.True(segment.Options.WireLength <= 40, "more options than fit");
                Assert.True(segment.PayloadLength == 0 || segment.Sequence + segment.PayloadLength <= block.SendEnd || block.State == TcpState.Closed, "sends what was not written");
            }
            if (!outputs.MoreToSend) { return; }
            input = TcpInput.Timer;
        }
    }

    [Fact]
    public void A_deadline_that_is_served_moves_on()
    {
        // Every timer of a connection nobody answers, one after the other, until it is given up: no deadline may come twice for ever.
        var settings = new TcpSettings { UserTimeout = TimeSpan.FromMinutes(10) };
        var end = new TcpEnd(settings, 1);
        var now = Instant.SimulationEpoch;
        end.Accept(new TcpSegment { Flags = TcpFlags.Syn, Window = 1000 }, settings, new(1), now);
        end.Step(TcpInput.Arrived(new TcpSegment { Sequence = new(1), Acknowledgment = new(2), Flags = TcpFlags.Ack, Window = 1000 }), now);
        end.Write(5000, now);
        var steps = 0;
        while (end.Block.State != TcpState.Closed)
        {
            Assert.True(end.Block.NextDeadline > now, "the deadline did not move");
            now = end.Block.NextDeadline;
            end.Step(TcpInput.Timer, now);
            Assert.True(++steps < 100);
        }
        Assert.True(end.Signals.HasFlag(TcpSignals.TimedOut));
        Assert.Equal(TimeSpan.FromMinutes(10), now - Instant.SimulationEpoch);
    }

    [Fact]
    public void Any_segment_gets_a_verdict_without_a_connection()
    {
        s_segment.Sample(drawn =>
        {
            var segment = Make(default, drawn);
            foreach (var verdict in new[] { Listening.Judge(segment, out var reset, out _), Listening.JudgeClosed(segment, out reset, out _) })
            {
                // A reset is never answered with a reset, or two hosts would talk for ever.
                Assert.False(segment.Has(TcpFlags.Rst) && verdict != SegmentVerdict.Drop);
            }
        });
    }

    [Fact]
    public void A_land_segment_establishes_nothing()
    {
        // A segment from a connection to itself (CERT CA-1997-28): our own SYN comes back as if the peer had sent it.
        var room = new TcpSegment[4];
        var outputs = new TcpOutputs(room);
        var block = Tcb.Open(TcpSettings.Default, new(1000), 0, Instant.SimulationEpoch, ref outputs);
        var segments = 0;
        var queue = new Queue<TcpSegment>(outputs.Segments.ToArray());
        while (queue.TryDequeue(out var segment) && segments < 100)
        {
            outputs.Reset();
            Tcb.Step(ref block, TcpInput.Arrived(segment), Instant.SimulationEpoch, ref outputs);
            foreach (ref readonly var answer in outputs.Segments) { queue.Enqueue(answer); }
            segments++;
        }
        Assert.True(segments < 100, "a connection with itself talks for ever");
    }

    [Fact]
    public void A_step_tells_its_decisions_as_events_only_to_those_who_listen()
    {
        var outputs = new TcpOutputs(new TcpSegment[4], new TcpTraceEntry[32]);
        Tcb.Open(TcpSettings.Default, new(1000), 0, Instant.SimulationEpoch, ref outputs);
        var local = new Endpoint(IpAddress.LoopbackV4, 50000);
        var remote = new Endpoint(IpAddress.LoopbackV4, 80);
        var sink = new ListSink();
        TcpTelling.Tell(sink, outputs, local, remote);
        var changed = Assert.Single(sink.Told.OfType<TcpStateChanged>());
        Assert.Equal((TcpState.Closed, TcpState.SynSent), (changed.Before, changed.After));
        Assert.Equal("RFC 9293 3.10.1", changed.Because?.ToString());
        Assert.Equal(1000u, Assert.Single(sink.Told.OfType<TcpSegmentSent>()).Sequence);
        TcpTelling.Tell(SilentSink.Instance, outputs, local, remote);
    }

    private sealed class ListSink : ITraceSink
    {
        public List<TraceEvent> Told { get; } = [];
        public bool IsListening => true;
        public void Tell(TraceEvent traceEvent) => Told.Add(traceEvent);
    }
}
