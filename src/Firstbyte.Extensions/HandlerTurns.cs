using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Extensions;

/// <summary>Where the journeys of a handler go on: one of them at a time, so that nothing of theirs needs a lock.</summary>
internal abstract class HandlerTurns : IDisposable
{
    /// <summary>Sockets, clock, randomness and files of the journeys.</summary>
    public abstract INetwork Network { get; }

    /// <summary>Whether the caller is in a turn.</summary>
    public abstract bool IsInTurn { get; }

    /// <summary>Whether a program's content is read in the turn, whatever its code does.</summary>
    public virtual bool ReadsInPlace => false;

    /// <summary>The turns of a handler on the operating system's network.</summary>
    public static HandlerTurns OfSystem() => OperatingSystem.IsLinux() ? new LoopTurns() : new TaskTurns(new OsNetwork());

    /// <summary>Does something in a turn of its own.</summary>
    public abstract void Post(Action<object?> action, object? state);

    /// <summary>Does something in a turn: at once where there is nothing else to do, on whatever thread that is.</summary>
    public virtual void Begin(Action<object?> action, object? state) => Post(action, state);

    /// <summary>To be awaited behind whatever has ended outside: goes on in a turn.</summary>
    public Return ReturnAsync() => new(this);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Goes on in a turn.</summary>
    internal readonly struct Return(HandlerTurns turns) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => turns.IsInTurn;

        public Return GetAwaiter() => this;

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => turns.Post(static continuation => ((Action)continuation!)(), continuation);

        public void GetResult() { }
    }
}

/// <summary>Turns on the thread of a loop: only requests on their way in and responses on their way out change threads.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopTurns : HandlerTurns
{
    private readonly BackgroundLoop _loop = new("Firstbyte");

    public override INetwork Network => _loop.Network;

    public override bool IsInTurn => _loop.IsInTurn;

    public override void Post(Action<object?> action, object? state) => _loop.Post(action, state);

    public override void Begin(Action<object?> action, object? state) => _loop.Begin(action, state);

    public override void Dispose() => _loop.Dispose();
}

/// <summary>Turns of a task scheduler, for a network whose calls may end on any thread: what is awaited in a turn comes back by itself.</summary>
internal sealed class TaskTurns(INetwork network) : HandlerTurns
{
    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    public override INetwork Network => network;

    public override bool IsInTurn => TaskScheduler.Current == _scheduler;

    // What is posted is the going on of what somebody awaits: its failure is theirs.
    public override void Post(Action<object?> action, object? state) =>
        _ = Task.Factory.StartNew(action, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);

    public override void Dispose() { }
}
