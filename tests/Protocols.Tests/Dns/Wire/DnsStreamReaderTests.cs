using CsCheck;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns.Wire;

public class DnsStreamReaderTests
{
    [Fact]
    public void Messages_stand_behind_their_length()
    {
        Assert.Equal(new DnsStreamEvent(DnsStreamEventKind.NeedMore, 0, 2), DnsStreamReader.Read([], false, out var consumed));
        Assert.Equal(0, consumed);
        Assert.Equal(new DnsStreamEvent(DnsStreamEventKind.NeedMore, 0, 2), DnsStreamReader.Read([0], false, out _));
        Assert.Equal(new DnsStreamEvent(DnsStreamEventKind.NeedMore, 0, 5), DnsStreamReader.Read([0, 3, 1, 2], false, out _));
        Assert.Equal(new DnsStreamEvent(DnsStreamEventKind.Message, 2, 3), DnsStreamReader.Read([0, 3, 1, 2, 3, 0], false, out consumed));
        Assert.Equal(5, consumed);
        Assert.Equal(new DnsStreamEvent(DnsStreamEventKind.Message, 2, 0), DnsStreamReader.Read([0, 0], false, out consumed));
        Assert.Equal(2, consumed);
    }

    [Fact]
    public void A_stream_ends_in_order_between_messages_and_cut_inside_one()
    {
        Assert.Equal(DnsStreamEventKind.Ended, DnsStreamReader.Read([], true, out _).Kind);
        Assert.Equal(DnsStreamEventKind.Cut, DnsStreamReader.Read([0], true, out _).Kind);
        Assert.Equal(DnsStreamEventKind.Cut, DnsStreamReader.Read([0, 3, 1, 2], true, out _).Kind);
        Assert.Equal(DnsStreamEventKind.Message, DnsStreamReader.Read([0, 1, 9], true, out _).Kind);
    }

    [Fact]
    public void Messages_come_out_as_they_went_in_however_the_stream_is_cut() =>
        Gen.Select(Gen.Byte.Array[0, 300].Array[0, 8], Gen.Int[1, 50].Array[1, 20]).Sample((messages, cuts) =>
        {
            var stream = messages.SelectMany(message => (byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message]).ToArray();
            var (found, waiting, sent, cut) = (new List<byte[]>(), new List<byte>(), 0, 0);
            while (true)
            {
                var next = DnsStreamReader.Read(waiting.ToArray(), sent == stream.Length, out var consumed);
                if (next.Kind == DnsStreamEventKind.Ended) { break; }
                Assert.NotEqual(DnsStreamEventKind.Cut, next.Kind);
                if (next.Kind == DnsStreamEventKind.Message)
                {
                    found.Add([.. waiting.GetRange(next.Start, next.Length)]);
                    waiting.RemoveRange(0, consumed);
                    continue;
                }
                var piece = Math.Min(cuts[cut++ % cuts.Length], stream.Length - sent);
                waiting.AddRange(stream[sent..(sent + piece)]);
                sent += piece;
            }
            Assert.Equal(messages, found);
        });
}
