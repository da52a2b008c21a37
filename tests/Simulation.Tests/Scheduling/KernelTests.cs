using CsCheck;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Tests.Simulation.Scheduling;

public class KernelTests
{
    [Fact]
    public void A_world_starts_on_the_first_of_january_2026()
    {
        var kernel = new Kernel(1);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), kernel.Time.GetUtcNow());
        Assert.Equal(0, kernel.Time.GetTimestamp());
    }

    [Fact]
    public void Events_fire_in_order_of_time_and_then_of_scheduling() =>
        Gen.Int[0, 20].Array[0, 200].Sample(delays =>
        {
            var kernel = new Kernel(1);
            var fired = new List<(long At, int Index)>();
            kernel.Setup(() =>
            {
                for (var i = 0; i < delays.Length; i++)
                {
                    var index = i;
                    kernel.Schedule(kernel.Now.PlusNanoseconds(delays[i]), () => fired.Add((kernel.Time.GetTimestamp(), index)));
                }
                return 0;
            });
            kernel.RunUntil(kernel.Now.PlusNanoseconds(100));
            return fired.SequenceEqual(delays.Select((delay, index) => ((long)delay, index)).OrderBy(item => item.Item1).ThenBy(item => item.index));
        });

    [Fact]
    public void Timers_that_are_set_moved_and_cancelled_fire_like_a_sorted_list_says()
    {
        // An operation: timer, what (0 cancel, otherwise set), delay.
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[1, 50]).Array[1, 300].Sample(operations =>
        {
            var kernel = new Kernel(1);
            var fired = new List<(long At, int Timer)>();
            var model = new Dictionary<int, (long At, int Order)>();
            kernel.Setup(() =>
            {
                var timers = Enumerable.Range(0, 10).Select(index => kernel.CreateTimer(new Recorder(kernel, fired), index)).ToArray();
                var order = 0;
                foreach (var (timer, what, delay) in operations)
                {
                    if (what == 0) { timers[timer].Cancel(); model.Remove(timer); }
                    else { timers[timer].SetAfter(delay); model[timer] = (delay, order++); }
                }
                return 0;
            });
            Assert.Equal(model.Count, kernel.EventsPending);
            kernel.RunUntil(kernel.Now.PlusNanoseconds(1000));
            Assert.Equal(0, kernel.EventsPending);
            return fired.SequenceEqual(model.OrderBy(item => item.Value.At).ThenBy(item => item.Value.Order).Select(item => (item.Value.At, item.Key)));
        });
    }

    [Fact]
    public void A_timer_and_an_event_at_one_instant_fire_in_the_order_in_which_they_were_set()
    {
        var kernel = new Kernel(1);
        var fired = new List<string>();
        kernel.Setup(() =>
        {
            var at = kernel.Now.PlusNanoseconds(5);
            kernel.Schedule(at, () => fired.Add("event 1"));
            var timer = kernel.CreateTimer(new Act(() => fired.Add("timer")));
            timer.Set(at);
            kernel.Schedule(at, () => fired.Add("event 2"));
            return 0;
        });
        kernel.RunUntil(kernel.Now.PlusNanoseconds(5));
        Assert.Equal(["event 1", "timer", "event 2"], fired);
    }

    [Fact]
    public void A_timer_set_a_million_times_leaves_one_entry()
    {
        var kernel = new Kernel(1);
        kernel.Setup(() =>
        {
            var timer = kernel.CreateTimer(new Act(() => { }));
            for (var i = 0; i < 1_000_000; i++) { timer.SetAfter(1_000_000 - i + (i & 7) * 100); }
            return 0;
        });
        Assert.Equal(1, kernel.EventsPending);
    }

    [Fact]
    public void A_second_of_waiting_takes_no_time_and_ends_to_the_nanosecond()
    {
        var kernel = new Kernel(1);
        kernel.Run("here", "wait", async () =>
        {
            await kernel.Delay(1_000_000_007);
            Assert.Equal(1_000_000_007, kernel.Time.GetTimestamp());
            await kernel.Delay(1);
        });
        Assert.Equal(1_000_000_008, kernel.Time.GetTimestamp());
    }

    [Fact]
    public void A_delay_allocates_nothing_once_warm()
    {
        var kernel = new Kernel(1);
        var least = long.MaxValue;
        kernel.Run("here", "wait", async () =>
        {
            // The runtime may allocate for itself while it compiles the loop: the best of some passes is the kernel's own.
            for (var pass = 0; pass < 20 && least > 0; pass++)
            {
                for (var i = 0; i < 100; i++) { await kernel.Delay(10); }
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 1000; i++) { await kernel.Delay(10); }
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        });
        Assert.Equal(0, least);
    }

    [Fact]
    public void The_base_library_waits_in_virtual_time()
    {
        var kernel = new Kernel(1);
        var log = new List<string>();
        kernel.Run("here", "wait", async () =>
        {
            await Task.Delay(TimeSpan.FromHours(1), kernel.Time);
            log.Add($"delay {kernel.Time.GetTimestamp()}");
            using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(2), kernel.Time);
            await ticks.WaitForNextTickAsync();
            await ticks.WaitForNextTickAsync();
            log.Add($"ticks {kernel.Time.GetTimestamp()}");
            using var limit = new CancellationTokenSource(TimeSpan.FromMicroseconds(1900), kernel.Time);
            try { await Task.Delay(Timeout.InfiniteTimeSpan, kernel.Time, limit.Token); }
            catch (OperationCanceledException) { log.Add($"cancelled {kernel.Time.GetTimestamp()}"); }
            try { await new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromSeconds(1), kernel.Time); }
            catch (TimeoutException) { log.Add($"timeout {kernel.Time.GetTimestamp()}"); }
        });
        Assert.Equal(["delay 3600000000000", "ticks 3600004000000", "cancelled 3600005900000", "timeout 3601005900000"], log);
    }

    [Fact]
    public void A_run_takes_the_synchronization_context_away_and_gives_it_back()
    {
        var context = new SynchronizationContext();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            var kernel = new Kernel(1);
            kernel.Run("here", "look", async () =>
            {
                Assert.Null(SynchronizationContext.Current);
                await kernel.Delay(5);
                Assert.Null(SynchronizationContext.Current);
                Assert.Same(kernel.Scheduler, TaskScheduler.Current);
            });
            Assert.Same(context, SynchronizationContext.Current);
            Assert.Throws<InvalidOperationException>(() => kernel.Run("here", "fail", () => throw new InvalidOperationException("planted")));
            Assert.Same(context, SynchronizationContext.Current);
        }
        finally { SynchronizationContext.SetSynchronizationContext(before); }
    }

    [Fact]
    public void An_exception_of_a_journey_comes_out_of_its_run_and_one_of_a_service_ends_any_run()
    {
        var kernel = new Kernel(1);
        var error = Assert.Throws<FormatException>(() => kernel.Run("here", "fail", async () => { await kernel.Delay(1); throw new FormatException("planted"); }));
        Assert.Equal("planted", error.Message);
        kernel.Run("here", "work", async () => await kernel.Delay(1));

        kernel.Start("server", "httpd", async () => { await kernel.Delay(1); throw new FormatException("planted"); }, RootKind.Service);
        var failure = Assert.Throws<ServiceFailedException>(() => kernel.Run("here", "work", async () => await kernel.Delay(5)));
        Assert.Contains("'httpd' on server", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_ends_with_its_journey_though_services_wait_for_ever()
    {
        var kernel = new Kernel(1);
        var served = 0;
        kernel.Start("server", "clock", async () => { while (true) { await kernel.Delay(10); served++; } }, RootKind.Service);
        kernel.Run("client", "wait", async () => await kernel.Delay(95));
        Assert.Equal(9, served);
        kernel.RunUntil(kernel.Now.PlusNanoseconds(5));
        Assert.Equal(10, served);
    }

    [Fact]
    public void Steps_and_budgets_go_the_way_of_one_run()
    {
        static Kernel World()
        {
            var kernel = new Kernel(7);
            kernel.Start("a", "walk", async () =>
            {
                var random = kernel.Stream("walk");
                for (var i = 0; i < 50; i++) { await kernel.Delay(random.NextBelow(100)); }
            });
            return kernel;
        }

        var whole = World();
        whole.Run();
        var stepped = World();
        while (stepped.Step()) { }
        var budgeted = World();
        while (budgeted.RunEvents(7) > 0) { }
        Assert.Equal(50, whole.EventsFired);
        Assert.Equal((whole.Trace.Value, whole.Now), (stepped.Trace.Value, stepped.Now));
        Assert.Equal((whole.Trace.Value, whole.Now), (budgeted.Trace.Value, budgeted.Now));
    }

    [Fact]
    public void A_stop_asked_for_ends_an_endless_world()
    {
        var kernel = new Kernel(1);
        var rounds = 0;
        kernel.Start("here", "spin", async () =>
        {
            while (true)
            {
                await kernel.Delay(1);
                if (++rounds == 1000) { kernel.RequestStop(); }
            }
        });
        Assert.Throws<OperationCanceledException>(kernel.Run);
        Assert.Equal(1000, rounds);
    }

    [Fact]
    public void A_stop_asked_for_before_a_run_stops_it_and_no_other()
    {
        var kernel = new Kernel(1);
        kernel.Start("here", "wait", async () => await kernel.Delay(5));
        kernel.RequestStop();
        Assert.Throws<OperationCanceledException>(kernel.Run);
        Assert.Equal(0, kernel.EventsFired);
        kernel.Run();
        Assert.Equal(1, kernel.EventsFired);
        kernel.RequestStop();
        Assert.True(kernel.WithdrawStop());
        Assert.False(kernel.WithdrawStop());
        Assert.False(kernel.Step());
    }

    [Fact]
    public void What_another_thread_posts_happens_inside_the_run()
    {
        var kernel = new Kernel(1);
        var ending = new CancellationTokenSource();
        var rounds = 0;
        kernel.Start("here", "spin", async () =>
        {
            // A wait of the world's own, whose end by the token has to happen in the pump.
            using var registration = ending.Token.UnsafeRegister(_ => kernel.Schedule(kernel.Now, static () => { }), null);
            while (!ending.IsCancellationRequested)
            {
                await kernel.Delay(1);
                if (++rounds == 1000) { Elsewhere(() => kernel.Post(ending.Cancel)); }
            }
        });
        kernel.Run();
        Assert.InRange(rounds, 1000, 1001);
        Assert.Equal(0, kernel.ForeignEntries);
    }

    [Fact]
    public void What_is_posted_while_nothing_runs_happens_first_in_the_next_run_and_leaves_no_trace()
    {
        static (ulong Trace, long Events, int Seen) Run(bool posts)
        {
            var (kernel, value, seen) = (new Kernel(1), 0, 0);
            if (posts) { Elsewhere(() => kernel.Post(() => value = 7)); }
            kernel.Run("here", "look", async () =>
            {
                await kernel.Delay(1);
                seen = value;
            });
            return (kernel.Trace.Value, kernel.EventsFired, seen);
        }
        var (quiet, posted) = (Run(posts: false), Run(posts: true));
        Assert.Equal((quiet.Trace, quiet.Events, 7), posted);
    }

    private static void Elsewhere(Action act)
    {
        var thread = new Thread(() => act());
        thread.Start();
        thread.Join();
    }

    private sealed class Act(Action action) : IKernelEvent
    {
        public void Fire(long argument) => action();
    }

    private sealed class Recorder(Kernel kernel, List<(long At, int Timer)> fired) : IKernelEvent
    {
        public void Fire(long argument) => fired.Add((kernel.Time.GetTimestamp(), (int)argument));
    }
}
