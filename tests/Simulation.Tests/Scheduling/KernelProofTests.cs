using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Tests.Simulation.Scheduling;

/// <summary>Plants each kind of leak and sees it caught.</summary>
public class KernelProofTests
{
    [Fact]
    public void What_begins_in_a_timer_s_callback_and_waits_stays_in_the_pump()
    {
        var kernel = new Kernel(1);
        var ended = kernel.Run("host", "begin", async () =>
        {
            var done = new TaskCompletionSource<long>();
            using var timer = kernel.Time.CreateTimer(_ => Begin(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            return await done.Task;

            // A callback of the base library runs outside any task: there is no scheduler to come back to.
            async void Begin()
            {
                await Wait();
                // From the thread pool this would be a foreign entry.
                await kernel.Delay(5);
                done.SetResult(kernel.Time.GetTimestamp());
            }

            async Task Wait() => await kernel.Delay(10);
        });
        Assert.Equal((1_000_000_015, 0), (ended, kernel.ForeignEntries));
    }

    [Fact]
    public void A_pool_thread_that_touches_the_kernel_is_caught()
    {
        var kernel = new Kernel(1);
        var error = Assert.Throws<ForeignEntryException>(() => kernel.Run("here", "leak", async () =>
        {
            await kernel.Delay(1);
            // The pump's thread waits until the other thread has tried: the leak is not left to a race.
            using var tried = new ManualResetEventSlim();
            ThreadPool.QueueUserWorkItem(_ => { try { kernel.Schedule(kernel.Now, () => { }); } catch (ForeignEntryException) { } finally { tried.Set(); } });
            tried.Wait(TestContext.Current.CancellationToken);
            await kernel.Delay(1000);
        }));
        Assert.Equal("schedule", error.Entry);
        Assert.Equal(1, kernel.ForeignEntries);
    }

    [Fact]
    public void The_continuation_of_a_Task_Run_is_caught()
    {
        var kernel = new Kernel(1);
        using var gate = new ManualResetEventSlim();
        var error = Assert.Throws<ForeignEntryException>(() =>
        {
            kernel.Start("here", "leak", async () =>
            {
                var work = Task.Run(gate.Wait, TestContext.Current.CancellationToken);
                await Task.WhenAll(work);
                await kernel.Delay(1);
            });
            kernel.Start("here", "hold the pump", async () =>
            {
                await kernel.Delay(1);
                gate.Set();
                SpinWait.SpinUntil(() => kernel.ForeignEntries > 0, TimeSpan.FromSeconds(20));
                await kernel.Delay(1);
            });
            kernel.Run();
        });
        Assert.Equal("task", error.Entry);
    }

    [Fact]
    public void ConfigureAwait_false_on_a_source_with_asynchronous_continuations_is_caught()
    {
        var kernel = new Kernel(1);
        var error = Assert.Throws<ForeignEntryException>(() =>
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            kernel.Start("here", "leak", async () =>
            {
                await source.Task.ConfigureAwait(false);
                await kernel.Delay(1);
            });
            kernel.Start("here", "hold the pump", async () =>
            {
                await kernel.Delay(1);
                source.SetResult();
                SpinWait.SpinUntil(() => kernel.ForeignEntries > 0, TimeSpan.FromSeconds(20));
            });
            kernel.Run();
        });
        Assert.Equal("delay", error.Entry);
    }

    [Fact]
    public void A_source_with_asynchronous_continuations_awaited_plainly_stays_inside()
    {
        var kernel = new Kernel(1);
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        kernel.Start("here", "complete", async () => { await kernel.Delay(5); source.SetResult(); });
        kernel.Run("here", "wait", async () => { await source.Task; await kernel.Delay(1); });
        Assert.Equal(6, kernel.Time.GetTimestamp());
        Assert.Equal(0, kernel.ForeignEntries);
    }

    [Fact]
    public void Library_code_with_ConfigureAwait_false_on_kernel_waits_stays_inside()
    {
        var kernel = new Kernel(1);
        kernel.Run("here", "wait", async () =>
        {
            await Library();
            await kernel.Delay(1);
            Assert.Same(kernel.Scheduler, TaskScheduler.Current);
        });
        Assert.Equal(2_000_008, kernel.Time.GetTimestamp());

        async Task Library()
        {
            await Inner().ConfigureAwait(false);
            await kernel.Delay(3).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromMilliseconds(2), kernel.Time).ConfigureAwait(false);
        }

        async Task Inner() => await kernel.Delay(4).ConfigureAwait(false);
    }

    [Fact]
    public void A_call_after_the_run_is_caught()
    {
        var kernel = new Kernel(1);
        kernel.Run("here", "nothing", () => Task.CompletedTask);
        Assert.Throws<ForeignEntryException>(() => kernel.Schedule(kernel.Now, () => { }));
        Assert.Equal(1, kernel.ForeignEntries);
    }

    [Fact]
    public void A_journey_that_nothing_will_wake_is_a_stall_with_its_name_and_host()
    {
        var kernel = new Kernel(1);
        var error = Assert.Throws<StalledException>(() => kernel.Run("alice", "fetch the page", async () => { await kernel.Delay(1500); await new TaskCompletionSource().Task; }));
        Assert.Contains("'fetch the page' on alice", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.000002 s", error.Message, StringComparison.Ordinal);
        Assert.Equal("alice", Assert.Single(error.Unfinished).Host);
    }

    [Fact]
    public void A_world_made_from_its_seed_has_one_trace_and_another_seed_has_another()
    {
        static void Build(Kernel kernel) => kernel.Run("here", "draw", async () =>
        {
            var random = kernel.Stream("component");
            for (var i = 0; i < 100; i++) { await kernel.Delay(random.NextBelow(1_000_000)); }
        });

        var one = Determinism.Prove(1, Build);
        Assert.Equal(one, Determinism.Prove(1, Build));
        Assert.NotEqual(one, Determinism.Prove(2, Build));
    }

    [Fact]
    public void A_world_that_reads_the_wall_clock_diverges()
    {
        var error = Assert.Throws<DivergedException>(() => Determinism.Prove(1, static kernel => kernel.Run("here", "draw", async () =>
        {
            for (var i = 0; i < 10; i++) { await kernel.Delay(System.Diagnostics.Stopwatch.GetTimestamp() & 0xFFFF_FFFF); }
        })));
        Assert.NotEqual(error.First, error.Second);
    }

    [Fact]
    public void A_run_cannot_be_started_from_inside_itself()
    {
        var kernel = new Kernel(1);
        Assert.Throws<InvalidOperationException>(() => kernel.Run("here", "nest", () => { kernel.Run("here", "inner", () => Task.CompletedTask); return Task.CompletedTask; }));
    }

    [Fact]
    public void A_thread_cannot_start_a_second_run_of_a_running_world()
    {
        var kernel = new Kernel(1);
        Exception? seen = null;
        Assert.Throws<ForeignEntryException>(() => kernel.Run("here", "hold", async () =>
        {
            var other = new Thread(() => { try { kernel.Start("there", "intrude", () => Task.CompletedTask); } catch (ForeignEntryException exception) { seen = exception; } });
            other.Start();
            other.Join();
            await kernel.Delay(1);
        }));
        Assert.NotNull(seen);
    }

    [Fact]
    public void Who_awaits_a_wrapped_wait_from_a_timers_callback_goes_on_in_the_pump()
    {
        var kernel = new Kernel(1);
        var ended = false;
        async ValueTask Wrapped() => await kernel.Delay(10);
        async Task Program()
        {
            await Wrapped();
            // Throws when it comes from the thread pool.
            await kernel.Delay(10);
            ended = true;
        }
        // An action is fired outside any task, as timers of the base library are.
        kernel.Setup(() => { kernel.Schedule(kernel.Now.PlusNanoseconds(5), () => _ = Program()); return 0; });
        kernel.RunUntil(kernel.Now.PlusNanoseconds(1_000));
        Assert.True(ended);
        Assert.Equal(0, kernel.ForeignEntries);
    }
}
