using System.Diagnostics;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Bench.Tcp;

/// <summary>
/// <c>tcp</c>: what a step of TCP costs. Two blocks talk to each other in memory; "step" moves no payload, "bytes" copies every octet from
/// the sender's ring into a packet and from the packet into the receiver's ring, as a host does. Best of the passes.
/// </summary>
internal static class TcpSuite
{
    private const int Passes = 7;
    private const long OctetsPerPass = 400L << 20;

    public static int Run(string[] arguments)
    {
        _ = arguments;
        Console.WriteLine("two blocks, one direction, MSS 1448, both acknowledging every second segment; best of 7 passes, one thread");
        Console.WriteLine($"{"what",-34} {"ns/segment",10} {"Gbit/s",8} {"B/segment",10}");
        foreach (var (name, settings, copies) in new (string, TcpSettings, bool)[]
        {
            ("step, CUBIC", new TcpSettings(), false),
            ("step, NewReno", new TcpSettings { Congestion = CongestionAlgorithm.NewReno }, false),
            ("bytes, CUBIC", new TcpSettings(), true),
            ("bytes, MSS 8948", new TcpSettings { MaximumSegmentSize = 8960 }, true),
        })
        {
            var best = double.MaxValue;
            double segments = 0;
            double allocated = 0;
            for (var pass = 0; pass < Passes; pass++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var exchange = new Exchange(settings, copies);
                var made = GC.GetAllocatedBytesForCurrentThread() - before;
                var start = Stopwatch.GetTimestamp();
                exchange.Carry(OctetsPerPass);
                var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                allocated = GC.GetAllocatedBytesForCurrentThread() - before - made;
                if (seconds >= best) { continue; }
                best = seconds;
                segments = exchange.Steps;
            }
            Console.WriteLine($"{name,-34} {best * 1e9 / segments,10:F1} {OctetsPerPass * 8 / best / 1e9,8:F2} {allocated / segments,10:F3}");
        }
        return 0;
    }

    /// <summary>A sender and a receiver without a path between them; counts every segment that was stepped into either block.</summary>
    private sealed class Exchange
    {
        private const int QueueLength = 1024;

        private readonly TcpSegment[] _room = new TcpSegment[16];
        private readonly TcpSegment[] _underway = new TcpSegment[QueueLength];
        private readonly TcpSegment[] _answers = new TcpSegment[QueueLength];
        private readonly byte[] _packet = new byte[1 << 16];
        private readonly byte[] _application = new byte[1 << 16];
        private readonly SequenceRing _sendRing;
        private readonly SequenceRing _receiveRing;
        private readonly bool _copies;
        private Tcb _sender;
        private Tcb _receiver;
        private Instant _now = Instant.SimulationEpoch;
        private int _underwayCount;
        private int _answerCount;

        public Exchange(TcpSettings settings, bool copies)
        {
            _copies = copies;
            _sendRing = new SequenceRing(settings.SendCapacity);
            _receiveRing = new SequenceRing(settings.ReceiveCapacity);
            var outputs = new TcpOutputs(_room);
            _sender = Tcb.Open(settings, new(1), 0, _now, ref outputs);
            var syn = _room[0];
            outputs = new TcpOutputs(_room);
            _receiver = Tcb.Accept(syn, settings, new(2), 0, _now, ref outputs);
            _answers[_answerCount++] = _room[0];
        }

        public long Steps { get; private set; }

        public void Carry(long octets)
        {
            for (long carried = 0; carried < octets;)
            {
                _now = _now.PlusNanoseconds(100_000);
                var before = _receiver.ReadAt;
                Write();
                for (var i = 0; i < _underwayCount; i++) { Receive(_underway[i]); }
                _underwayCount = 0;
                for (var i = 0; i < _answerCount; i++) { StepSender(TcpInput.Arrived(_answers[i])); }
                _answerCount = 0;
                if (_receiver.NextDeadline <= _now) { StepReceiver(TcpInput.Timer, 0); }
                carried += _receiver.ReadAt - before;
            }
        }

        private void Write()
        {
            var count = Math.Min(_sender.SendSpace, _application.Length);
            if (count <= 0 || _sender.State != TcpState.Established) { return; }
            if (_copies) { _sendRing.Write(_sender.SendEnd, _application.AsSpan(0, count)); }
            StepSender(TcpInput.Send(count));
        }

        private void Receive(in TcpSegment segment)
        {
            if (_copies) { _sendRing.Read(segment.Sequence, _packet.AsSpan(0, segment.PayloadLength)); }
            StepReceiver(TcpInput.Arrived(segment), segment.PayloadLength);
            Steps++;
            var readable = Math.Min(_receiver.Readable, _application.Length);
            if (readable < _application.Length / 4) { return; }
            if (_copies) { _receiveRing.Read(_receiver.ReadAt, _application.AsSpan(0, readable)); }
            StepReceiver(TcpInput.Read(readable), 0);
        }

        private void StepSender(in TcpInput input)
        {
            if (input.Kind == TcpInputKind.Segment) { Steps++; }
            var outputs = new TcpOutputs(_room);
            Tcb.Step(ref _sender, input, _now, ref outputs);
            for (; ; )
            {
                outputs.Segments.CopyTo(_underway.AsSpan(_underwayCount));
                _underwayCount += outputs.Segments.Length;
                if (!outputs.MoreToSend) { return; }
                outputs.Reset();
                Tcb.Step(ref _sender, TcpInput.Timer, _now, ref outputs);
            }
        }

        private void StepReceiver(in TcpInput input, int payloadLength)
        {
            var outputs = new TcpOutputs(_room);
            Tcb.Step(ref _receiver, input, _now, ref outputs);
            var accepted = outputs.Accepted;
            if (_copies && accepted.Length > 0) { _receiveRing.Write(accepted.At, _packet.AsSpan(0, payloadLength).Slice(accepted.Skip, accepted.Length)); }
            outputs.Segments.CopyTo(_answers.AsSpan(_answerCount));
            _answerCount += outputs.Segments.Length;
        }
    }
}
