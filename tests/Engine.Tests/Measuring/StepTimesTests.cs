using Firstbyte.Measuring;

namespace Firstbyte.Tests.Measuring;

/// <summary>What many times come to, beside figures that were worked out by hand.</summary>
public class StepTimesTests
{
    [Theory]
    [InlineData("7", 7, 7, 7, 7)]
    [InlineData("1 3", 2, 3, 1, 3)]
    [InlineData("3 1 2", 2, 3, 1, 3)]
    [InlineData("10 1 1 1", 1, 10, 1, 10)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", 10, 19, 1, 20)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", 11, 20, 1, 21)]
    [InlineData("0 0 0 0", 0, 0, 0, 0)]
    public void Median_p95_least_and_most(string times, long median, long p95, long least, long most)
    {
        var of = StepTimes.Of(MeasuredStep.Wait, times.Split(' ').Select(long.Parse));
        Assert.Equal((median, p95, least, most), (of.Median, of.P95, of.Minimum, of.Maximum));
    }

    /// <summary>By its definition: no more than one in twenty is longer, and one step shorter would leave more.</summary>
    [Fact]
    public void P95_is_the_least_that_nineteen_of_twenty_do_not_exceed()
    {
        for (var count = 1; count <= 200; count++)
        {
            long[] times = [.. Enumerable.Range(0, count).Select(i => (long)(i * 7919 % 1009))];
            var p95 = StepTimes.Of(MeasuredStep.Total, times).P95;
            Assert.True(times.Count(time => time > p95) * 20 <= count, $"{count}");
            Assert.All(times.Where(time => time < p95), shorter => Assert.True(times.Count(time => time > shorter) * 20 > count, $"{count}"));
        }
    }

    /// <summary>Nanoseconds of a day, and their sum would not fit.</summary>
    [Fact]
    public void Long_times_do_not_overflow() =>
        Assert.Equal(long.MaxValue - 1, StepTimes.Of(MeasuredStep.Total, [long.MaxValue, long.MaxValue - 2]).Median);

    [Fact]
    public void Of_nothing_there_are_no_times() => Assert.Throws<ArgumentOutOfRangeException>(static () => StepTimes.Of(MeasuredStep.Total, []));
}
