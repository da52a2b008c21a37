using CsCheck;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation;

/// <summary>Timers near and far, moved and taken back, beside plain events: they fire in the order of their times, and of their setting.</summary>
public class TimerQueueTests
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

    private sealed class Note(List<int> fired) : IKernelEvent
    {
        public void Fire(long argument) => fired.Add((int)argument);
    }
}
