using CsCheck;
using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp;

public class IntervalSetTests
{
    [Fact]
    public void A_set_of_runs_holds_what_a_set_of_numbers_holds()
    {
        // Around the wrap, because that is where order goes wrong.
        var origin = new SequenceNumber(0xFFFF_FFC0);
        var operations = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 120], Gen.Int[0, 30]).Array[1, 60];
        operations.Sample(script =>
        {
            var runs = default(IntervalSet);
            var numbers = new SortedSet<int>();
            foreach (var (operation, place, length) in script)
            {
                if (operation == 0)
                {
                    runs.RemoveBefore(origin + place);
                    numbers.RemoveWhere(number => number < place);
                }
                else
                {
                    var before = numbers.Count;
                    var added = runs.Add(origin + place, origin + place + length);
                    if (added < 0)
                    {
                        Assert.Equal(IntervalSet.Limit, runs.Count);
                        continue;
                    }
                    for (var i = 0; i < length; i++) { numbers.Add(place + i); }
                    Assert.Equal(numbers.Count - before, added);
                }
                Assert.Equal(numbers.Count, runs.TotalLength);
                for (var i = 0; i < runs.Count; i++)
                {
                    Assert.True(runs[i].Length > 0);
                    Assert.True(i == 0 || runs[i - 1].Right < runs[i].Left, "runs that touch are one");
                }
                for (var number = 0; number < 160; number++)
                {
                    Assert.Equal(numbers.Contains(number), runs.TryFind(origin + number, out var run) && run.Left <= origin + number);
                }
            }
        });
    }

    [Fact]
    public void One_run_too_many_is_refused_and_changes_nothing()
    {
        var runs = default(IntervalSet);
        for (var i = 0; i < IntervalSet.Limit; i++) { Assert.Equal(5, runs.Add(new((uint)(10 * i)), new((uint)(10 * i + 5)))); }
        var before = runs.TotalLength;
        Assert.Equal(-1, runs.Add(new(10_000), new(10_005)));
        Assert.Equal(before, runs.TotalLength);
        // What joins runs still fits.
        Assert.Equal(5, runs.Add(new(5), new(10)));
        Assert.Equal(IntervalSet.Limit - 1, runs.Count);
    }

    [Fact]
    public void A_cleared_set_is_an_empty_set()
    {
        var runs = default(IntervalSet);
        runs.Add(new(1), new(5));
        runs.Clear();
        Assert.Equal(0, runs.Count);
        Assert.Equal(0, runs.TotalLength);
        Assert.Equal(new SequenceNumber(9), runs.NextLeft(new(0), new(9)));
    }
}
