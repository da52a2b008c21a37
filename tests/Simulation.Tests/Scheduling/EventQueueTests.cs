using CsCheck;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Scheduling;

/// <summary>Events and timers near and far, moved and taken back: they happen in the order of their times, and of their setting.</summary>
public class EventQueueTests
{
    private const int Timers = 40;

    // Distances on both sides of everything that the queue tells apart: a compartment, the whole shelf, what lies far beyond.
    private static readonly Gen<long> Distance = Gen.OneOf(
        Gen.Long[0, 1_000], Gen.Long[0, 1L << 27], Gen.Long[1L << 27, 1L << 30], Gen.Long[1L << 30, 1L << 38], Gen.Long[(1L << 38) - 5, (1L << 38) + 5], Gen.Long[1L << 38, 1L << 45]);

    [Fact]
    public void Timers_fire_in_the_order_of_a_sorted_list() =>
        Gen.Select(Gen.Int[0, Timers - 1], Distance, Gen.Int[0, 9], Gen.Int[0, 3]).Array[1, 300].Sample(steps =>
        {
            var kernel = new Kernel(1);
            var model = new List<(long At, long Order, int Which)>();
            var fired = new List<int>();
            var timers = kernel.Setup(() => Enumerable.Range(0, Timers).Select(i => kernel.CreateTimer(new Note(fired), i)).ToArray());
            var order = 0L;
            foreach (var (which, distance, kind, events) in steps)
            {
                kernel.Setup(() =>
                {
                    if (kind == 0)
                    {
                        timers[which].Cancel();
                        model.RemoveAll(entry => entry.Which == which);
                    }
                    else if (kind == 1)
                    {
                        kernel.Schedule(kernel.Now.PlusNanoseconds(distance), new Note(fired), Timers + which);
                        model.Add((kernel.Now.Nanoseconds + distance, ++order, Timers + which));
                    }
                    else
                    {
                        timers[which].SetAfter(distance);
                        model.RemoveAll(entry => entry.Which == which);
                        model.Add((kernel.Now.Nanoseconds + distance, ++order, which));
                    }
                    Assert.Equal(model.Exists(entry => entry.Which == which), kind == 1 ? model.Exists(entry => entry.Which == which) : timers[which].IsSet);
                    return 0;
                });
                Assert.Equal(model.Count, kernel.EventsPending);
                kernel.RunEvents(events);
                Compare(model, fired);
            }
            kernel.RunUntil(Instant.SimulationEpoch.PlusNanoseconds(1L << 62 >> 10));
            Compare(model, fired);
            return kernel.EventsPending == model.Count;
        }, iter: 400);

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(1_000_000)]
    [InlineData(10_000_000_000)]
    public void Thousands_of_events_happen_in_their_order_however_close_they_are(long spread)
    {
        // Enough for the wheel's slots to be dealt out several times, and for thousands at one instant.
        var kernel = new Kernel(7);
        var fired = new List<(long At, long Number)>();
        kernel.Setup(() =>
        {
            var random = kernel.Stream("test");
            var left = 30_000;
            var numbers = 0;
            Again? again = null;
            again = new Again(number =>
            {
                fired.Add((kernel.Now.Nanoseconds, number));
                for (var i = 0; i < 2 && left > 0; i++, left--) { kernel.Schedule(kernel.Now.PlusNanoseconds(random.NextBelow(spread)), again!, ++numbers); }
            });
            for (var i = 0; i < 5_000; i++) { kernel.Schedule(kernel.Now.PlusNanoseconds(random.NextBelow(spread)), again, ++numbers); }
            return again;
        });
        // Stopped at odd places, where things that come before everything else are put in.
        for (var i = 1; i <= 20; i++)
        {
            kernel.RunUntil(Instant.SimulationEpoch.PlusNanoseconds(spread * i / 10));
            kernel.Setup(() => { kernel.Schedule(kernel.Now, new Again(_ => fired.Add((kernel.Now.Nanoseconds, -1)))); return 0; });
        }
        while (kernel.Step()) { }
        Assert.Equal(0, kernel.EventsPending);
        Assert.Equal(35_020, fired.Count);
        for (var i = 1; i < fired.Count; i++)
        {
            var (before, after) = (fired[i - 1], fired[i]);
            Assert.True(before.At < after.At || (before.At == after.At && (before.Number < after.Number || after.Number < 0 || before.Number < 0)), $"{before} before {after}");
        }
    }

    [Fact]
    public void A_timer_that_is_moved_a_million_times_leaves_nothing_behind()
    {
        var kernel = new Kernel(1);
        var fired = new List<int>();
        kernel.Setup(() =>
        {
            var timer = kernel.CreateTimer(new Note(fired), 1);
            // Always to an earlier time: each move leaves an entry that no longer counts.
            for (var i = 2_000_000; i > 0; i--) { timer.SetAfter(i); }
            return timer;
        });
        Assert.Equal(1, kernel.EventsPending);
        var before = GC.GetAllocatedBytesForCurrentThread();
        kernel.Setup(() =>
        {
            var timer = kernel.CreateTimer(new Note(fired), 2);
            for (var i = 1_000_000; i > 0; i--) { timer.SetAfter(i + 10); }
            timer.Cancel();
            return timer;
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        while (kernel.Step()) { }
        Assert.Equal([1], fired);
    }

    private static void Compare(List<(long At, long Order, int Which)> model, List<int> fired)
    {
        foreach (var which in fired)
        {
            var first = model.Min();
            Assert.Equal(first.Which, which);
            model.Remove(first);
        }
        fired.Clear();
    }

    private sealed class Again(Action<long> action) : IKernelEvent
    {
        public void Fire(long argument) => action(argument);
    }

    private sealed class Note(List<int> fired) : IKernelEvent
    {
        public void Fire(long argument) => fired.Add((int)argument);
    }
}
