using System.Runtime.ExceptionServices;
using Firstbyte.Labs;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Recording;

/// <summary>A lab that runs and remembers: everything that happens is numbered, one can go back to any number, and go on differently from there.</summary>
/// <remarks>
/// Theory of operation. A world cannot be copied (its programs are suspended in the middle of their code), but it can be made again: from
/// its definition, its seed, and what was done to it from outside, which is a list of commands, each with the number of kernel events
/// after which it was given. So going back builds the world anew and runs it to the wanted event; the tables one looks at then are not
/// reconstructed, they are the ones of that moment. While a world is replayed, every event that it tells is compared with the recorded one: its
/// number, the kernel's count, the time, and the trace hash, which stands for all that went before. A difference is an error that names
/// the first event that differs.
/// <code>
///   recorded   1 ─ 2 ─ 3 ─ 4 ─ 5 ─ 6 ─ 7 ─ 8        commands: ping after 1, break after 5
///   goto 4     1 ─ 2 ─ 3 ─ 4                        a new world, compared with the log on its way
///   step                     └ 5                    still the recorded run
///   break …                     └ 6' ─ 7' ─ …       the log from 6 on is forgotten, and so are its commands
/// </code>
/// </remarks>
public sealed class LabTimeline
{
    /// <summary>Events that a run may record (own choice: some hundred megabytes); then it says so and goes no further.</summary>
    public const int MaxEvents = 1_000_000;

    /// <summary>
    /// Kernel events that tell nothing which one step may pass over (own choice); a world that does so much unseen is not looked at by
    /// steps.
    /// </summary>
    private const long MaxQuietEvents = 1_000_000;

    /// <summary>
    /// Kernel events between two looks at the clock (own choice): some tens of microseconds, also where code is interpreted half a millisecond.
    /// </summary>
    private const int EventsBetweenLooks = 8;

    private readonly List<RecordedEvent> _log = [];
    private readonly List<TraceEvent> _beginning = [];
    private readonly List<LabCommand> _commands = [];
    private readonly ITraceSink _listener;
    private readonly Action<LabWorld>? _built;
    private readonly string? _callsOf;
    private readonly Lock _change = new();
    private EventRecorder _recorder;
    private int _given;
    private Mark _end;
    private bool _isPast;

    /// <summary>A run at its beginning.</summary>
    /// <param name="definition">The lab.</param>
    /// <param name="seed">Another seed than the lab's own.</param>
    /// <param name="listener">Hears what happens when it happens for the first time, and what is stepped through again.</param>
    /// <param name="built">Called for every world that is made, before anything happens in it: the place for a capture.</param>
    /// <param name="frames">Keeps the bytes of the frames that are told of; null when nobody opens one.</param>
    /// <param name="callsOf">The host whose servers' calls of the Socket library are told; null for none.</param>
    public LabTimeline(
        LabDefinition definition, ulong? seed, ITraceSink listener, Action<LabWorld>? built = null, FrameArchive? frames = null, string? callsOf = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(listener);
        (Definition, Seed, _listener, _built) = (definition, seed ?? definition.Seed, listener, built);
        (Frames, _callsOf) = (frames, callsOf);
        (_recorder, Elements) = Build(_beginning);
        _end = Here;
    }

    /// <summary>The lab.</summary>
    public LabDefinition Definition { get; }

    /// <summary>The bytes of the frames that were told of; null where nobody keeps them.</summary>
    public FrameArchive? Frames { get; }

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>The parts of the world as it is at the position. Another object after every way back.</summary>
    public LabElements Elements { get; private set; }

    /// <summary>The world as it is at the position.</summary>
    public LabWorld World => Elements.World;

    /// <summary>What was told while the world was made: the routes that were written, the servers that began. It is no event of the run.</summary>
    public IReadOnlyList<TraceEvent> Beginning => _beginning;

    /// <summary>What has happened, in order.</summary>
    public IReadOnlyList<RecordedEvent> Events => _log;

    /// <summary>The number of the last event that has happened in the world that is looked at.</summary>
    public int Position => _recorder.Told;

    /// <summary>Whether more has been recorded than has happened in the world that is looked at.</summary>
    public bool IsInThePast => _isPast;

    /// <summary>The virtual time at the position.</summary>
    public Instant Now => World.Kernel.Now;

    /// <summary>Whether what happens just now has been recorded before.</summary>
    public bool IsReplaying => _recorder.Told < _log.Count;

    /// <summary>Whether a program that was started has not ended.</summary>
    public bool HasRunningPrograms => _commands.Take(_given).Any(static command => command.Program is { IsRunning: true });

    /// <summary>The programs that were started and have not ended, as they were called.</summary>
    public IEnumerable<string> RunningPrograms =>
        _commands.Take(_given).Select(static command => command.Program).OfType<LabProgram>().Where(static program => program.IsRunning)
            .Select(static program => program.Name);

    private Mark Here => new(World.Kernel.EventsFired, World.Kernel.Now, World.Kernel.Trace.Value);

    /// <summary>Lets the next event happen, and whatever tells nothing before it; false when nothing is left to happen.</summary>
    public bool Step()
    {
        if (_isPast)
        {
            Replay(Position + 1, shows: true);
            return true;
        }
        var before = Position;
        for (var quiet = 0L; Position == before; quiet++)
        {
            RequireRoom();
            if (quiet == MaxQuietEvents || !World.Kernel.Step()) { break; }
        }
        _end = Here;
        return Position != before;
    }

    /// <summary>Lets the world run to an instant.</summary>
    public void RunUntil(Instant instant)
    {
        GoOn();
        try { Pump(() => World.Kernel.RunUntil(instant)); }
        finally { _end = Here; }
    }

    /// <summary>Lets the world run until every program that was started has ended.</summary>
    public void RunPrograms()
    {
        GoOn();
        try { Pump(World.Kernel.Run); }
        finally { _end = Here; }
    }

    /// <summary>
    /// Lets what was started go on until every program has ended, nothing is left to happen, or the budget is spent: for a page, which has some
    /// milliseconds in each frame of its animation and may wait for nothing. An event that has begun is finished.
    /// </summary>
    /// <param name="clock">By which the budget is spent: the page's, not the world's.</param>
    /// <param name="budget">How long.</param>
    /// <param name="happened">Called after each event that told something, while the world stands still.</param>
    /// <returns>Whether there is more to come.</returns>
    /// <exception cref="RecordingFullException">The run has recorded all that it may.</exception>
    public bool Advance(TimeProvider clock, TimeSpan budget, Action? happened = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        GoOn();
        var began = clock.GetTimestamp();
        try
        {
            do
            {
                for (var i = 0; i < EventsBetweenLooks; i++)
                {
                    if (!HasRunningPrograms) { return false; }
                    RequireRoom();
                    var before = Position;
                    if (!World.Kernel.Step()) { return false; }
                    if (Position != before) { happened?.Invoke(); }
                }
            }
            while (clock.GetElapsedTime(began) < budget);
            return HasRunningPrograms;
        }
        finally { _end = Here; }
    }

    /// <summary>Does something to the world at once.</summary>
    public void Do(Action<LabElements> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Give(new LabCommand(change, null));
        _end = Here;
    }

    /// <summary>Tells every program that was started and has not ended to end, as Ctrl-C does; it does so as the world goes on.</summary>
    public void StopPrograms() => Do(_ =>
    {
        foreach (var command in _commands) { command.Program?.Cancel(); }
    });

    /// <summary>Starts a program on a machine; it goes on with <see cref="Advance"/>, <see cref="Step"/> and whatever else lets the world run.</summary>
    /// <param name="machine">Where it runs, for errors.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="program">The program. It is started again in every world that is replayed, so it may keep nothing outside.</param>
    public LabProgram Start(string machine, string name, Func<LabElements, CancellationToken, Task<int>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var started = new LabProgram(machine, name, program);
        Give(new LabCommand(null, started));
        _end = Here;
        return started;
    }

    /// <summary>Runs a program on a machine to its end and returns what it returned; throws what it threw.</summary>
    /// <param name="machine">Where it runs, for errors.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="program">The program. It is started again in every world that is replayed, so it may keep nothing outside.</param>
    /// <exception cref="OperationCanceledException">The run was stopped; the program is told to end.</exception>
    public int Run(string machine, string name, Func<LabElements, CancellationToken, Task<int>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var started = new LabProgram(machine, name, program);
        try
        {
            Give(new LabCommand(null, started));
            // An earlier program that still runs goes on meanwhile, and is not waited for.
            Pump(() => World.Kernel.Run(started.Root!));
            return started.Result();
        }
        catch (OperationCanceledException) when (started.IsRunning)
        {
            Give(new LabCommand(_ => started.Cancel(), null));
            throw;
        }
        finally { _end = Here; }
    }

    /// <summary>
    /// Asks what is under way, a way back too, or else what comes next to stop. May be called from another thread (a signal handler's).
    /// </summary>
    public void RequestStop()
    {
        lock (_change) { World.Kernel.RequestStop(); }
    }

    /// <summary>Takes back a <see cref="RequestStop"/> that came when there was nothing left to stop.</summary>
    public void WithdrawStop()
    {
        lock (_change) { World.Kernel.WithdrawStop(); }
    }

    /// <summary>Goes back so many events in the view; what was recorded stays.</summary>
    public void Back(int count = 1) => GoTo(Math.Max(0, Position - count));

    /// <summary>Goes to the moment after an event; 0 is the beginning.</summary>
    /// <exception cref="ReplayDivergedException">The replay was not what was recorded.</exception>
    public void GoTo(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, _log.Count);
        if (number < Position)
        {
            var (recorder, elements) = Build();
            Enter(recorder, elements);
            _given = 0;
            _isPast = true;
        }
        Replay(number, shows: false);
    }

    private (EventRecorder, LabElements) Build(List<TraceEvent>? beginning = null)
    {
        var recorder = new EventRecorder(_log, _listener, beginning);
        var watch = new FrameWatch(recorder, everyFrame: true, Frames);
        var world = LabWorld.Build(Definition, Seed, watch, _callsOf);
        _built?.Invoke(world);
        var elements = new LabElements(world);
        watch.Watch(elements);
        // The servers begin to wait for clients: that belongs to how the world came to be, not to what happens in it.
        world.Kernel.RunEvents(0);
        recorder.Kernel = world.Kernel;
        return (recorder, elements);
    }

    private void Enter(EventRecorder recorder, LabElements elements)
    {
        lock (_change)
        {
            var left = World.Kernel;
            (_recorder, Elements) = (recorder, elements);
            // A stop that was asked for while the new world was made was asked of the old one.
            if (left.WithdrawStop()) { World.Kernel.RequestStop(); }
        }
    }

    /// <summary>The recorded run, on from where the world is, to the moment after an event.</summary>
    private void Replay(int number, bool shows)
    {
        _recorder.ShowsReplay = shows;
        try
        {
            while (Position < number)
            {
                var fired = World.Kernel.EventsFired;
                if (_given < _commands.Count && _commands[_given].After.Step == fired)
                {
                    Carry(_commands[_given]);
                    continue;
                }
                var next = _log[number - 1].Step;
                if (_given < _commands.Count) { next = Math.Min(next, _commands[_given].After.Step); }
                RunTo(next);
                // All events of the log up to this step have been told by now, or never will be.
                if (World.Kernel.EventsFired == _log[number - 1].Step && Position < number
                    && !(_given < _commands.Count && _commands[_given].After.Step == World.Kernel.EventsFired))
                {
                    _recorder.Differ(Position + 1, "did not happen");
                }
                ThrowIfDiverged();
            }
            if (number == _log.Count) { CatchUp(); }
        }
        finally { _recorder.ShowsReplay = false; }
        _recorder.CheckComplete();
        ThrowIfDiverged();
    }

    // Behind the last event that told something, time may have passed, commands been given and quiet events fired.
    private void CatchUp()
    {
        while (_given < _commands.Count)
        {
            RunTo(_commands[_given].After.Step);
            Carry(_commands[_given]);
        }
        RunTo(_end.Step);
        // Only when time passed without events: a run that stopped in the middle of an instant left the rest of it to come.
        if (World.Kernel.Now < _end.At) { World.Kernel.RunUntil(_end.At); }
        if (World.Kernel.Trace.Value != _end.Hash)
        {
            _recorder.Differ(_log.Count, $"is followed by the trace {World.Kernel.Trace.Value:x16} instead of {_end.Hash:x16}");
        }
        _isPast = false;
    }

    private void RunTo(long step)
    {
        var missing = step - World.Kernel.EventsFired;
        if (missing > 0 && World.Kernel.RunEvents(missing) < missing) { _recorder.Differ(Position + 1, "did not happen: the world had come to rest"); }
        ThrowIfDiverged();
    }

    private void Carry(LabCommand command)
    {
        if (World.Kernel.Now < command.After.At) { World.Kernel.RunUntil(command.After.At); }
        if (World.Kernel.Trace.Value != command.After.Hash)
        {
            _recorder.Differ(Position + 1, $"follows the trace {World.Kernel.Trace.Value:x16} instead of {command.After.Hash:x16}");
        }
        ThrowIfDiverged();
        _given++;
        _recorder.StartNew();
        command.GiveTo(Elements);
    }

    private void Give(LabCommand command)
    {
        GoOn();
        RequireRoom();
        _commands.Add(command with { After = Here });
        Carry(_commands[^1]);
    }

    // What was recorded behind the position is forgotten: from here on the run is another one.
    private void GoOn()
    {
        if (!_isPast) { return; }
        _log.RemoveRange(Position, _log.Count - Position);
        _commands.RemoveRange(_given, _commands.Count - _given);
        _end = Here;
        _isPast = false;
    }

    private void Pump(Action run)
    {
        RequireRoom();
        try { run(); }
        catch (OperationCanceledException) when (_log.Count >= MaxEvents) { RequireRoom(); }
    }

    private void RequireRoom()
    {
        if (_log.Count >= MaxEvents) { throw new RecordingFullException(MaxEvents); }
    }

    private void ThrowIfDiverged()
    {
        if (_recorder.Divergence is { } divergence) { ExceptionDispatchInfo.Throw(divergence); }
    }

    /// <summary>A moment between two kernel events.</summary>
    private readonly record struct Mark(long Step, Instant At, ulong Hash);

    /// <summary>Something that was done to the world from outside, and when.</summary>
    private sealed record LabCommand(Action<LabElements>? Change, LabProgram? Program)
    {
        public Mark After { get; init; }

        public void GiveTo(LabElements elements)
        {
            var kernel = elements.World.Kernel;
            if (Program is { } program) { program.Start(elements); }
            else { kernel.Setup(() => { Change!(elements); return elements; }); }
            // What follows at once, without an event, belongs to the command.
            kernel.RunEvents(0);
        }
    }
}
