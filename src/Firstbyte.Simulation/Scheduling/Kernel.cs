using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>
/// The heart of a simulated world: virtual time, the order of everything that happens in it, and the proof that nothing happened outside
/// that order.
/// </summary>
/// <remarks>
/// Theory of operation. A world is one thread and one <see cref="EventQueue"/>: events (a frame arrives) and timers (which can be moved and
/// cancelled), keyed by (time, sequence number), so that the order is total. <see cref="Run()"/> is the pump: it runs what is
/// ready, takes the next event, moves the clock to it and fires it. Time passes only there, so a waiting world costs nothing and a
/// second of it takes as long as its events do.
/// <para>
/// Programs inside the world are ordinary <c>async</c> code. Their continuations run in the pump, inside one long task of the kernel's own
/// single-threaded <see cref="Scheduler"/>, so that whatever they await later finds its way back; only callbacks that belong to the
/// base library (timers of <see cref="Time"/>, awaits without a context, plain actions) are fired outside any task, because there a
/// completion continues inline instead of fleeing to the thread pool. The kernel's own sources (<see cref="Delay"/>, socket calls)
/// never continue on the stack of who completes them: they queue.
/// </para>
/// <para>
/// The proof. A thread-static flag says whose pump runs on this thread. Every entry (scheduling, timers, randomness, socket calls, task
/// execution) checks it; an entry from elsewhere is counted and ends the run with <see cref="ForeignEntryException"/>. A world with
/// nothing left to happen and an unfinished root ends with <see cref="StalledException"/>, which names host and call.
/// <see cref="Trace"/> folds every event into one number: two runs of one seed must give the same.
/// </para>
/// </remarks>
public sealed class Kernel
{
    private static readonly Action<object?> RunAction = static action => ((Action)action!)();

    [ThreadStatic]
    private static Kernel? s_inside;

    private readonly EventQueue _queue = new();
    private readonly ReadyQueue _ready = new();
    private readonly KernelScheduler _scheduler;
    private readonly Dictionary<string, RandomStream> _streams = new(StringComparer.Ordinal);
    private readonly SimulationRoots _roots = new();
    private readonly ForeignEntries _foreign = new();
    private readonly Stack<DelaySource> _delays = new();
    private readonly PostBox _posted = new();
    private CancellationTokenSource? _rest;
    private readonly Action<object?> _runInside;

    private ulong _sequence;
    private long _now;
    private long _fired;
    private bool _pumping;
    private volatile bool _stopRequested;
    private int _housekeeping;
    private PumpLimit _limit;
    private PumpReason _reason;
    private ReadyItem _outside;
    private ExceptionDispatchInfo? _crash;

    /// <summary>A world at <see cref="Instant.SimulationEpoch"/> in which nothing has happened.</summary>
    /// <param name="seed">What all its random streams are made from.</param>
    public Kernel(ulong seed)
    {
        Seed = seed;
        _now = Instant.SimulationEpoch.Nanoseconds;
        _scheduler = new KernelScheduler(this);
        _runInside = static kernel => ((Kernel)kernel!).RunInsideGuarded();
        Time = new VirtualTime(this);
    }

    /// <summary>What the world's random streams are made from.</summary>
    public ulong Seed { get; }

    /// <summary>The virtual time.</summary>
    public Instant Now => new(_now);

    /// <summary>The virtual time as the base library wants it.</summary>
    public VirtualTime Time { get; }

    /// <summary>Where the world's tasks run: in the pump, one at a time, in order.</summary>
    public TaskScheduler Scheduler => _scheduler;

    /// <summary>Everything that has happened, as one number.</summary>
    public TraceHash Trace { get; } = new();

    /// <summary>Events and timers fired so far.</summary>
    public long EventsFired => _fired;

    /// <summary>Events and timers that are still to come.</summary>
    public int EventsPending => _queue.Count;

    /// <summary>How often the world was touched from outside its pump. Anything but 0 ends a run.</summary>
    public int ForeignEntries => _foreign.Count;

    /// <summary>
    /// True when nothing else runs in this process: then a run also proves that the thread pool did no work meanwhile (its count is process-wide).
    /// </summary>
    public bool OwnsProcess { get; set; }

    /// <summary>The random stream of one component, the same object for the same name; a draw in one stream never shifts another.</summary>
    public RandomStream Stream(string component)
    {
        ArgumentNullException.ThrowIfNull(component);
        RequireInside("random stream");
        if (!_streams.TryGetValue(component, out var stream))
        {
            stream = new RandomStream(this, component);
            _streams.Add(component, stream);
        }
        return stream;
    }

    /// <summary>
    /// Lets <paramref name="target"/> happen at an instant (now, when the instant has passed). It may complete only the kernel's own
    /// sources.
    /// </summary>
    public void Schedule(Instant at, IKernelEvent target, long argument = 0)
    {
        RequireInside("schedule");
        _queue.Add(Math.Max(at.Nanoseconds, _now), ++_sequence, target, argument);
    }

    /// <summary>Lets an action happen at an instant, outside any task: it may complete sources of the base library too.</summary>
    public void Schedule(Instant at, Action action)
    {
        RequireInside("schedule");
        _queue.Add(Math.Max(at.Nanoseconds, _now), ++_sequence, action, 0);
    }

    /// <summary>A timer that can be set, moved and cancelled any number of times without leaving anything behind.</summary>
    public KernelTimer CreateTimer(IKernelEvent target, long argument = 0)
    {
        ArgumentNullException.ThrowIfNull(target);
        RequireInside("timer");
        return new KernelTimer(this, target, argument);
    }

    /// <summary>Waits in virtual time; allocates nothing once warm.</summary>
    public ValueTask Delay(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        RequireInside("delay");
        if (!_delays.TryPop(out var source)) { source = new DelaySource(this, _delays); }
        var wait = source.Begin();
        _queue.Add(_now + nanoseconds, ++_sequence, source, 0);
        return wait;
    }

    /// <summary>
    /// Starts a program of a host. The pump runs it; an exception of a service ends the run, one of a journey is thrown by the run that
    /// waits for it.
    /// </summary>
    /// <param name="host">The host it runs on, for the error that names it.</param>
    /// <param name="name">What it does, for the same.</param>
    /// <param name="program">The program.</param>
    /// <param name="kind">Whether a run has to wait for its end.</param>
    public SimulationRoot Start(string host, string name, Func<Task> program, RootKind kind = RootKind.Journey)
    {
        ArgumentNullException.ThrowIfNull(program);
        var root = new SimulationRoot(host, name, kind);
        using (Enter())
        {
            _roots.Add(root);
            _ = Task.Factory.StartNew(() => _roots.RunAsync(root, program), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
        }
        return root;
    }

    /// <summary>Builds parts of the world between runs, as if inside the pump. Nothing is fired.</summary>
    public T Setup<T>(Func<T> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        using (Enter()) { return build(); }
    }

    /// <summary>Runs until every journey that was started has ended.</summary>
    /// <exception cref="SimulationException">The proof failed: a foreign entry, a stall, or a service that died.</exception>
    public void Run()
    {
        Pump(new PumpLimit(long.MaxValue, long.MaxValue, null, StopWhenJourneysEnd: true));
        _roots.ThrowWhatTheyThrew();
    }

    /// <summary>Runs until one journey that was started has ended, whatever others do; throws what it threw.</summary>
    public void Run(SimulationRoot journey)
    {
        ArgumentNullException.ThrowIfNull(journey);
        Pump(new PumpLimit(long.MaxValue, long.MaxValue, journey, StopWhenJourneysEnd: false));
        journey.ThrowOnce();
    }

    /// <summary>Starts a journey and runs until it has ended; throws what it threw.</summary>
    public void Run(string host, string name, Func<Task> journey) => Run(Start(host, name, journey));

    /// <summary>Starts a journey, runs until it has ended and returns what it returned.</summary>
    public T Run<T>(string host, string name, Func<Task<T>> journey)
    {
        ArgumentNullException.ThrowIfNull(journey);
        T result = default!;
        Run(host, name, async () => { result = await journey(); });
        return result;
    }

    /// <summary>Fires everything up to and including an instant, and ends with the clock there.</summary>
    public void RunUntil(Instant instant)
    {
        Pump(new PumpLimit(instant.Nanoseconds, long.MaxValue, null, StopWhenJourneysEnd: false));
        _now = Math.Max(_now, instant.Nanoseconds);
    }

    /// <summary>Fires at most so many events; returns how many. What a page calls from its animation frame.</summary>
    public long RunEvents(long maximum)
    {
        var before = _fired;
        Pump(new PumpLimit(long.MaxValue, maximum, null, StopWhenJourneysEnd: false));
        return _fired - before;
    }

    /// <summary>Fires one event and everything that follows at once; false when nothing was left to happen.</summary>
    public bool Step() => RunEvents(1) == 1;

    /// <summary>Asks the run that is under way, or else the next one, to stop at the next event. May be called from any thread.</summary>
    public void RequestStop() => _stopRequested = true;

    /// <summary>Takes back a <see cref="RequestStop"/> that no run has followed; false when there was none.</summary>
    public bool WithdrawStop()
    {
        var wasRequested = _stopRequested;
        _stopRequested = false;
        return wasRequested;
    }

    /// <summary>
    /// Lets an action happen in the world before the next event, outside any task. May be called from any thread, at any time: it is how
    /// a signal cancels what runs. It is no
    /// event and leaves no mark in <see cref="Trace"/>; what it sets off does. What is posted while nothing runs happens when the next
    /// run begins.
    /// </summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _posted.Add(action);
    }

    /// <summary>
    /// Cancelled, inside the world, when nothing is left to happen in it while a journey waits: on a network of wires that wait would never
    /// end. Who has asked for it is told, and only a world in which nobody has ends with <see cref="StalledException"/>. After each that was
    /// cancelled there is a new one.
    /// </summary>
    public CancellationToken Rest => (_rest ??= new CancellationTokenSource()).Token;

    /// <summary>Names whoever can tell which socket calls are waiting; asked only when the world stalls.</summary>
    internal void AddWaitReporter(IWaitReporter reporter) => _roots.Add(reporter);

    /// <summary>The check of the proof: this call happens inside the kernel's own pump.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RequireInside(string entry)
    {
        if (!ReferenceEquals(s_inside, this)) { RejectForeign(entry); }
    }

    internal bool IsInside => ReferenceEquals(s_inside, this);

    internal void CountForeign(string entry) => _foreign.Add(entry);

    internal void QueueTask(Task task) => _ready.Add(new ReadyItem(null, task, null, Outside: false));

    internal void QueueContinuation(Action<object?> continuation, object? state, ExecutionContext? context, bool outside) =>
        _ready.Add(new ReadyItem(continuation, state, context, outside));

    internal void SetTimer(KernelTimer timer, long at)
    {
        CountHousekeeping(timer, timer.IsHousekeeping);
        _queue.Set(timer, Math.Max(at, _now), ++_sequence);
    }

    internal void CancelTimer(KernelTimer timer)
    {
        CountHousekeeping(timer, false);
        _queue.Remove(timer);
    }

    private void CountHousekeeping(KernelTimer timer, bool isHousekeeping)
    {
        if (timer.IsCountedAsHousekeeping == isHousekeeping) { return; }
        timer.IsCountedAsHousekeeping = isHousekeeping;
        _housekeeping += isHousekeeping ? 1 : -1;
    }

    private void RejectForeign(string entry)
    {
        CountForeign(entry);
        throw new ForeignEntryException(entry);
    }

    private InsideScope Enter()
    {
        if (_pumping && !IsInside) { RejectForeign("start"); }
        var scope = new InsideScope(s_inside);
        s_inside = this;
        return scope;
    }

    private void Pump(PumpLimit limit)
    {
        if (_pumping)
        {
            throw new InvalidOperationException(
                "The kernel is running already: a run cannot be started from inside it, nor from a second thread.");
        }
        var context = SynchronizationContext.Current;
        var poolWork = OwnsProcess ? ThreadPool.CompletedWorkItemCount : 0;
        SynchronizationContext.SetSynchronizationContext(null);
        var scope = Enter();
        _pumping = true;
        _limit = limit with { Events = limit.Events == long.MaxValue ? long.MaxValue : _fired + limit.Events };
        try
        {
            PumpReason reason;
            do { reason = PumpOnce(); } while (reason == PumpReason.Outside);
            Prove(reason, poolWork);
        }
        finally
        {
            _pumping = false;
            scope.Dispose();
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>One stretch inside a task of the own scheduler, then the one thing that had to happen outside any task.</summary>
    private PumpReason PumpOnce()
    {
        _crash = null;
        _reason = PumpReason.Idle;
        new Task(_runInside, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach).RunSynchronously(_scheduler);
        _crash?.Throw();
        if (_reason == PumpReason.Outside)
        {
            var item = _outside;
            _outside = default;
            item.Invoke();
        }
        return _reason;
    }

    private void RunInsideGuarded()
    {
        try { _reason = RunInside(); }
#pragma warning disable CA1031 // Not silent: the pump throws it again as soon as the task has been left.
        catch (Exception exception) { _crash = ExceptionDispatchInfo.Capture(exception); }
#pragma warning restore CA1031
    }

    private PumpReason RunInside()
    {
        while (true)
        {
            while (_ready.TryTake(out var item))
            {
                if (item.Outside)
                {
                    _outside = item;
                    return PumpReason.Outside;
                }
                if (item.Continuation is null) { _scheduler.Execute((Task)item.State!); }
                else { item.Invoke(); }
            }
            if (_posted.TryTake(out var posted))
            {
                _outside = new ReadyItem(RunAction, posted, null, Outside: true);
                return PumpReason.Outside;
            }
            if (ShouldStop()) { return PumpReason.Stopped; }
            if (_rest is not null && _queue.Count == _housekeeping && !_roots.JourneysHaveEnded)
            {
                _outside = new ReadyItem(EndRest, this, null, Outside: true);
                return PumpReason.Outside;
            }
            if (_queue.Count == 0 || (_queue.Count == _housekeeping && _limit is { Until: long.MaxValue, Events: long.MaxValue })) { return PumpReason.Idle; }
            if (_fired >= _limit.Events || !_queue.TryPeek(_limit.Until)) { return PumpReason.Limit; }
            if (FireFirst()) { return PumpReason.Outside; }
        }
    }

    // Those who wait go on, or end, and so things happen again.
    private static void EndRest(object? kernel)
    {
        using var rest = ((Kernel)kernel!)._rest!;
        ((Kernel)kernel)._rest = null;
        rest.Cancel();
    }

    private bool ShouldStop() =>
        _stopRequested || _foreign.Count != 0 || _roots.FailedService is not null
        || (_limit.Root is { } root ? root.HasEnded : _limit.StopWhenJourneysEnd && _roots.JourneysHaveEnded);

    /// <summary>Fires what is first; true when it has to be fired outside any task and waits in <see cref="_outside"/>.</summary>
    private bool FireFirst()
    {
        var first = _queue.Take();
        _now = first.At;
        _fired++;
        Trace.Fold((ulong)first.At ^ (first.Sequence << 1));
        if (first.Target is KernelTimer timer) { return FireTimer(timer); }
        if (first.Target is IKernelEvent target)
        {
            target.Fire(first.Argument);
            return false;
        }
        _outside = new ReadyItem(RunAction, first.Target, null, Outside: true);
        return true;
    }

    private bool FireTimer(KernelTimer timer)
    {
        CountHousekeeping(timer, false);
        timer.HasFired();
        if (!timer.FiresOutside)
        {
            timer.Target.Fire(timer.Argument);
            return false;
        }
        _outside = new ReadyItem(static timer => ((KernelTimer)timer!).Target.Fire(((KernelTimer)timer).Argument), timer, null, Outside: true);
        return true;
    }

    private void Prove(PumpReason reason, long poolWork)
    {
        _roots.Settle();
        _foreign.ThrowIfAny();
        if (_roots.FailedService is { } service) { throw new ServiceFailedException(service.Name, service.Host, service.Error!); }
        if (_stopRequested)
        {
            _stopRequested = false;
            throw new OperationCanceledException("The simulation was asked to stop.");
        }
        if (OwnsProcess && ThreadPool.CompletedWorkItemCount != poolWork) { throw new ForeignWorkException(ThreadPool.CompletedWorkItemCount - poolWork); }
        if (reason != PumpReason.Idle) { return; }
        if (_limit.Root is { HasEnded: false } || !_roots.JourneysHaveEnded) { throw _roots.Stalled(Now); }
    }

    private readonly record struct PumpLimit(long Until, long Events, SimulationRoot? Root, bool StopWhenJourneysEnd);

    private enum PumpReason { Idle, Limit, Stopped, Outside }

    private readonly struct InsideScope(Kernel? previous) : IDisposable
    {
        public void Dispose() => s_inside = previous;
    }
}
