using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

public class SteadyStateTests
{
    [Fact]
    public void A_segment_in_steady_state_allocates_nothing()
    {
        var settings = new TcpSettings();
        var now = Instant.SimulationEpoch;
        var fromSender = new TcpSegment[32];
        var fromReceiver = new TcpSegment[32];
        var outputs = new TcpOutputs(fromSender);
        var sender = Tcb.Open(settings, new(1), 0, now, ref outputs);
        var syn = outputs.Segments[0];
        outputs = new TcpOutputs(fromReceiver);
        var receiver = Tcb.Accept(syn, settings, new(2), 0, now, ref outputs);
        Exchange(ref sender, ref receiver, fromSender, fromReceiver, outputs.Segments.Length, now);

        long before = 0;
        for (var round = 0; round < 2000; round++)
        {
            if (round == 1000) { before = GC.GetAllocatedBytesForCurrentThread(); }
            now += TimeSpan.FromMilliseconds(1);
            outputs = new TcpOutputs(fromSender);
            Tcb.Step(ref sender, TcpInput.Send(Math.Min(14_480, sender.SendSpace)), now, ref outputs);
            for (var i = 0; i < outputs.Segments.Length; i++)
            {
                var answers = new TcpOutputs(fromReceiver);
                Tcb.Step(ref receiver, TcpInput.Arrived(fromSender[i]), now, ref answers);
                Exchange(ref sender, ref receiver, [], fromReceiver, answers.Segments.Length, now);
                answers.Reset();
                Tcb.Step(ref receiver, TcpInput.Read(receiver.Readable), now, ref answers);
            }
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(receiver.ReceiveNext - receiver.InitialReceive > 10_000_000);
    }

    /// <summary>Gives answers to the sender; what that makes it send goes back to the receiver.</summary>
    private static void Exchange(ref Tcb sender, ref Tcb receiver, Span<TcpSegment> room, ReadOnlySpan<TcpSegment> answers, int count, Instant now)
    {
        Span<TcpSegment> own = room.IsEmpty ? stackalloc TcpSegment[16] : room;
        Span<TcpSegment> back = stackalloc TcpSegment[16];
        for (var i = 0; i < count; i++)
        {
            var outputs = new TcpOutputs(own);
            Tcb.Step(ref sender, TcpInput.Arrived(answers[i]), now, ref outputs);
            foreach (ref readonly var segment in outputs.Segments)
            {
                var replies = new TcpOutputs(back);
                Tcb.Step(ref receiver, TcpInput.Arrived(segment), now, ref replies);
            }
        }
    }
}
