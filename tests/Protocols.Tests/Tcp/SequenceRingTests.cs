using CsCheck;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp;

public class SequenceRingTests
{
    [Fact]
    public void What_is_written_at_a_number_is_read_at_that_number() =>
        Gen.Select(Gen.UInt, Gen.Byte.Array[0, 64], Gen.Int[0, 64]).Sample((at, octets, skip) =>
        {
            var ring = new SequenceRing(64);
            ring.Write(new(at), octets);
            var from = Math.Min(skip, octets.Length);
            var read = new byte[octets.Length - from];
            ring.Read(new SequenceNumber(at) + from, read);
            return read.AsSpan().SequenceEqual(octets.AsSpan(from));
        });

    [Fact]
    public void The_slices_of_a_range_that_runs_over_the_end_are_two()
    {
        var ring = new SequenceRing(16);
        ring.Write(new(0xFFFF_FFFC), [1, 2, 3, 4, 5, 6]);
        ring.Slices(new(0xFFFF_FFFC), 6, out var first, out var second);
        Assert.Equal([1, 2, 3, 4], first.ToArray());
        Assert.Equal([5, 6], second.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(48)]
    public void A_capacity_that_is_no_power_of_two_is_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequenceRing(capacity));

    [Fact]
    public void More_than_fits_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequenceRing(16).Write(new(0), new byte[17]));
}
