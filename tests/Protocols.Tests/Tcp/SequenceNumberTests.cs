using CsCheck;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp;

public class SequenceNumberTests
{
    [Theory]
    [InlineData(0u, 1u)]
    [InlineData(0xFFFF_FFFFu, 0u)]
    [InlineData(0xFFFF_FF00u, 0x100u)]
    [InlineData(0x7FFF_FFFFu, 0x8000_0000u)]
    [InlineData(0x8000_0001u, 0u)]
    public void The_earlier_number_comes_first_across_the_wrap(uint earlier, uint later)
    {
        var first = new SequenceNumber(earlier);
        var second = new SequenceNumber(later);
        Assert.True(first < second);
        Assert.True(first <= second);
        Assert.False(first > second);
        Assert.Equal(second, SequenceNumber.Max(first, second));
        Assert.Equal(first, SequenceNumber.Min(first, second));
    }

    [Fact]
    public void Adding_a_distance_and_subtracting_the_start_gives_the_distance_back() =>
        Gen.Select(Gen.UInt, Gen.Int[0, int.MaxValue]).Sample((start, distance) =>
            new SequenceNumber(start) + distance - new SequenceNumber(start) == distance);

    [Fact]
    public void A_window_that_wraps_holds_exactly_its_octets()
    {
        var start = new SequenceNumber(0xFFFF_FFFE);
        Assert.True(start.IsIn(start, 4));
        Assert.True(new SequenceNumber(1).IsIn(start, 4));
        Assert.False(new SequenceNumber(2).IsIn(start, 4));
        Assert.False((start - 1).IsIn(start, 4));
        Assert.False(start.IsIn(start, 0));
    }

    [Fact]
    public void Syn_and_fin_take_a_place_in_sequence_space()
    {
        var segment = new TcpSegment { Sequence = new(0xFFFF_FFFF), Flags = TcpFlags.Syn | TcpFlags.Fin, PayloadLength = 3 };
        Assert.Equal(5, segment.Length);
        Assert.Equal(new SequenceNumber(4), segment.End);
    }

    [Fact]
    public void Four_sack_blocks_fit_and_a_fifth_is_left_out()
    {
        var blocks = default(SackBlocks);
        for (var i = 0; i < 5; i++) { blocks = blocks.With(new SackBlock(new((uint)(10 * i)), new((uint)(10 * i + 5)))); }
        Assert.Equal(SackBlocks.Limit, blocks.Count);
        Assert.Equal(new SequenceNumber(30), blocks[3].Left);
        Assert.Throws<ArgumentOutOfRangeException>(() => blocks[4]);
    }

    [Theory]
    [InlineData(TcpOptionSet.None, 0, 0)]
    [InlineData(TcpOptionSet.MaximumSegmentSize, 0, 4)]
    [InlineData(TcpOptionSet.MaximumSegmentSize | TcpOptionSet.SackPermitted | TcpOptionSet.Timestamps | TcpOptionSet.WindowScale, 0, 20)]
    [InlineData(TcpOptionSet.MaximumSegmentSize | TcpOptionSet.SackPermitted, 0, 8)]
    [InlineData(TcpOptionSet.Timestamps, 0, 12)]
    [InlineData(TcpOptionSet.Timestamps | TcpOptionSet.Sack, 3, 40)]
    [InlineData(TcpOptionSet.Sack, 4, 36)]
    public void Options_take_the_octets_of_the_usual_layout(TcpOptionSet present, int blocks, int octets)
    {
        var sack = default(SackBlocks);
        for (var i = 0; i < blocks; i++) { sack = sack.With(new SackBlock(new(1), new(2))); }
        Assert.Equal(octets, new TcpOptions { Present = present, Sack = sack }.WireLength);
    }
}
