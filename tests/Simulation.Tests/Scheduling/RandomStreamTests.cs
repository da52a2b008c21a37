using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Tests.Simulation.Scheduling;

public class RandomStreamTests
{
    [Fact]
    public void A_seed_and_a_name_give_the_same_numbers_for_ever()
    {
        // Recorded once: a change here changes every world that anybody has shared by its seed.
        var stream = new RandomStream(42, "client");
        Assert.Equal(Recorded, new[] { stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64() });
    }

    [Fact]
    public void The_generator_is_xoshiro256_starstar()
    {
        // The reference code's first outputs from the state 1, 2, 3, 4.
        var stream = new RandomStream(1, 2, 3, 4);
        Assert.Equal([11520UL, 0UL, 1509978240UL, 1215971899390074240UL], new[] { stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64() });
    }

    [Fact]
    public void Streams_of_different_names_and_seeds_differ()
    {
        var values = new[] { new RandomStream(1, "a"), new RandomStream(1, "b"), new RandomStream(2, "a"), new RandomStream(2, "b") }.Select(stream => stream.NextUInt64());
        Assert.Equal(4, values.Distinct().Count());
    }

    [Fact]
    public void A_draw_in_one_stream_does_not_shift_another()
    {
        var quiet = new Kernel(3);
        var busy = new Kernel(3);
        var expected = quiet.Setup(() => quiet.Stream("b").NextUInt64());
        Assert.Equal(expected, busy.Setup(() => { busy.Stream("a").NextUInt64(); return busy.Stream("b").NextUInt64(); }));
    }

    [Fact]
    public void Bytes_of_any_length_are_filled()
    {
        for (var length = 0; length < 40; length++)
        {
            var one = new byte[length + 1];
            new RandomStream(9, "bytes").Fill(one.AsSpan(0, length));
            Assert.Equal(0, one[length]);
            if (length >= 16) { Assert.True(one.AsSpan(0, length).ToArray().Distinct().Count() > 4); }
        }
    }

    [Fact]
    public void Numbers_below_a_bound_are_spread_evenly()
    {
        var stream = new RandomStream(5, "dice");
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++) { counts[stream.NextBelow(6)]++; }
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.False(stream.Chance(0));
        Assert.True(stream.Chance(1_000_000));
    }

    private static readonly ulong[] Recorded = [12682546446418573706, 12414830046066753355, 10634482526306215229];
}
