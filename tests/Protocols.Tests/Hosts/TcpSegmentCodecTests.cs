using CsCheck;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Hosts;

public class TcpSegmentCodecTests
{
    [Fact]
    public void Every_meaning_survives_the_wire() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.Byte, Gen.Select(Gen.UShort, Gen.UShort), Gen.Int[0, 31], Gen.Select(Gen.UInt, Gen.UInt, Gen.Byte, Gen.UShort), Gen.UInt.Array[0, 6]).Sample((sequence, acknowledgment, flags, windows, set, values, edges) =>
        {
            var present = (TcpOptionSet)set;
            var blocks = default(SackBlocks);
            for (var i = 0; i + 1 < edges.Length; i += 2) { blocks = blocks.With(new SackBlock(new SequenceNumber(edges[i]), new SequenceNumber(edges[i + 1]))); }
            // Blocks come without a SYN's options: all together would not fit 40 bytes, and no stack sends them so.
            if (blocks.Count == 0) { present &= ~TcpOptionSet.Sack; }
            if ((present & TcpOptionSet.Sack) != TcpOptionSet.None) { present &= TcpOptionSet.Sack | TcpOptionSet.Timestamps; }
            else { blocks = default; }
            var segment = new TcpSegment
            {
                Sequence = new SequenceNumber(sequence),
                Acknowledgment = new SequenceNumber(acknowledgment),
                Flags = (TcpFlags)flags,
                Window = windows.Item1,
                UrgentPointer = windows.Item2,
                PayloadLength = 3,
                Options = new TcpOptions
                {
                    Present = present,
                    Sack = blocks,
                    TimestampValue = present.HasFlag(TcpOptionSet.Timestamps) ? values.Item1 : 0,
                    TimestampEcho = present.HasFlag(TcpOptionSet.Timestamps) ? values.Item2 : 0,
                    WindowScale = present.HasFlag(TcpOptionSet.WindowScale) ? values.Item3 : (byte)0,
                    MaximumSegmentSize = present.HasFlag(TcpOptionSet.MaximumSegmentSize) ? values.Item4 : (ushort)0,
                },
            };
            var bytes = Packet.Tcp("192.0.2.1", 1, "192.0.2.2", 2, segment, [1, 2, 3]);
            return TcpView.TryParse(bytes, out var view, out _) && TcpSegmentCodec.Read(view) == segment;
        });

    [Fact]
    public void A_broken_option_ends_the_options_and_keeps_those_before()
    {
        byte[] bytes = [.. new byte[20], 2, 4, 5, 0xB4, 8, 99, 0, 0];
        TcpWriter.Seal(bytes, 8, default, 1, 2);
        Assert.True(TcpView.TryParse(bytes, out var view, out _));
        Assert.Equal(TcpOptionSet.MaximumSegmentSize, TcpSegmentCodec.Read(view).Options.Present);
    }
}
