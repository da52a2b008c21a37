using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Sockets;

/// <summary>The operating system on one thread: the same suite, the same oracle.</summary>
[SupportedOSPlatform("linux")]
public sealed class OsLoopConformance : NetworkConformance, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly OsLoop _loop = OperatingSystem.IsLinux() ? new OsLoop() : null!;

    protected override INetwork Server => _loop.Network;

    protected override INetwork Client => _loop.Network;

    protected override IpAddress ServerAddress => IpAddress.LoopbackV4;

    protected override IpAddress ClientAddress => IpAddress.LoopbackV4;

    protected override IpAddress? ServerAddressV6 => System.Net.Sockets.Socket.OSSupportsIPv6 ? IpAddress.LoopbackV6 : null;

    public void Dispose() => _loop?.Dispose();

    [Fact]
    public void Everything_happens_on_the_thread_that_runs_the_loop() => Run(async () =>
    {
        var thread = Environment.CurrentManagedThreadId;
        await Task.Delay(TimeSpan.FromMilliseconds(5), Client.Time);
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        using var pipe = await Connected();
        var receiving = pipe.Client.ReceiveAsync(new byte[4]);
        await pipe.Server.SendAsync(new byte[4]);
        Assert.Equal(4, await receiving);
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
    });

    [Fact]
    public void A_token_that_another_thread_cancels_ends_the_call_on_the_loops_own() => Run(async () =>
    {
        var thread = Environment.CurrentManagedThreadId;
        using var mailbox = ClientMailbox();
        using var cancel = new CancellationTokenSource();
        var other = new Thread(() =>
        {
            Thread.Sleep(30);
            cancel.Cancel();
        });
        other.Start();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await mailbox.ReceiveFromAsync(new byte[4], cancel.Token));
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        other.Join();
    });

    [Fact]
    public void A_deadline_of_the_loops_clock_ends_a_waiting_call() => Run(async () =>
    {
        using var mailbox = ClientMailbox();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(30), Client.Time);
        var started = Client.Time.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await mailbox.ReceiveFromAsync(new byte[4], deadline.Token));
        Assert.InRange(Client.Time.GetElapsedTime(started), TimeSpan.FromMilliseconds(25), TimeSpan.FromSeconds(10));
    });

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_repeat_until_disposed() => Run(async () =>
    {
        var fired = new List<string>();
        using var late = Client.Time.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromMilliseconds(40), Timeout.InfiniteTimeSpan);
        using var early = Client.Time.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromMilliseconds(10), Timeout.InfiniteTimeSpan);
        using var never = Client.Time.CreateTimer(_ => fired.Add("never"), null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);
        never.Dispose();
        var ticks = 0;
        using (Client.Time.CreateTimer(_ => ticks++, null, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Client.Time);
        }
        Assert.Equal(["early", "late"], fired);
        var after = ticks;
        Assert.InRange(after, 2, 20);
        await Task.Delay(TimeSpan.FromMilliseconds(20), Client.Time);
        Assert.Equal(after, ticks);
    });

    [Fact]
    public void A_failure_of_the_program_comes_out_of_the_loop() =>
        Assert.Equal("inside", Assert.Throws<InvalidOperationException>(() => _loop.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), Client.Time);
            throw new InvalidOperationException("inside");
        })).Message);

    protected override void Run(Func<Task> scenario)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the loop needs Linux");
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try { _loop.Run(scenario); }
            catch (Exception thrown) { failure = thrown; }
        });
        thread.IsBackground = true;
        thread.Start();
        Assert.True(thread.Join(Patience), $"no end after {Patience}");
        if (failure is not null) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure); }
    }
}
