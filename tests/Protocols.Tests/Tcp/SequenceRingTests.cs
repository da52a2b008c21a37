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

    [Fact]
    public void A_ring_that_grows_loses_nothing_of_what_is_still_needed() =>
        Gen.Select(Gen.UInt, Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[0, 100]).Array[1, 30]).Sample((start, steps) =>
        {
            var ring = new SequenceRing(512, 16);
            var written = new SortedDictionary<uint, byte>();
            var (first, end) = (new SequenceNumber(start), new SequenceNumber(start));
            foreach (var (length, taken, skip) in steps)
            {
                // A write may leave a hole, as what comes out of order does.
                var at = end + Math.Min(skip, 512 - (end - first));
                var octets = new byte[Math.Min(length, 512 - (at - first))];
                for (var i = 0; i < octets.Length; i++) { written[(at + i).Value] = octets[i] = (byte)(written.Count * 7); }
                ring.EnsureRoom(first, at + octets.Length);
                ring.Write(at, octets);
                if (octets.Length > 0) { end = at + octets.Length; }
                for (first += Math.Min(taken, end - first); written.Keys.Where(number => new SequenceNumber(number) < first).ToArray() is { Length: > 0 } old;)
                {
                    foreach (var number in old) { written.Remove(number); }
                }
                var read = new byte[1];
                foreach (var (number, octet) in written)
                {
                    ring.Read(new SequenceNumber(number), read);
                    Assert.Equal(octet, read[0]);
                }
            }
        });

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
