using System.Collections.Concurrent;
using Firstbyte.Extensions;
using Firstbyte.Labs;
using Firstbyte.Sockets;

namespace Firstbyte.Testing;

/// <summary>A program that runs against a lab, in turns: it goes on until it only waits, and then the world does until one of its requests is over.</summary>
/// <remarks>
/// What the program awaits comes back by its synchronization context, which is this. A request's end is told between two turns of the world, outside it, and
/// on the program's thread, so that HttpClient's own code goes on there too.
/// </remarks>
internal sealed class LabProgram(LabWorld world, Func<HandlerCall, Action, Task> run) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Action, object? State)> _turns = new();
    private readonly ConcurrentQueue<Sent> _sent = new();
    private readonly Queue<Sent> _over = new();
    private TaskCompletionSource? _isOver;
    private int _underWay;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_turns)
        {
            _turns.Enqueue((d, state));
            Monitor.Pulse(_turns);
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("a program in a lab has one thread");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the program to its end, and passes on how it ended.</summary>
    public void Run(Func<Task> program)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var running = program();
            // The last step may be made on another thread, which nobody here would hear of.
            _ = running.ContinueWith(_ => Post(static _ => { }, null), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            while (true)
            {
                while (Take(waits: false) is { } turn) { turn.Action(turn.State); }
                if (running.IsCompleted) { break; }
                // It may wait for something that is not the lab's, such as a real delay: the world stands still meanwhile.
                if (!GoOnInWorld() && Take(waits: true) is { } outer) { outer.Action(outer.State); }
            }
            running.GetAwaiter().GetResult();
        }
        finally { SetSynchronizationContext(before); }
    }

    /// <summary>Sends a request; from any thread.</summary>
    public Task<HttpResponseMessage> SendAsync(HandlerCall call)
    {
        var sent = new Sent(call);
        _sent.Enqueue(sent);
        // Somebody else's thread may have sent it while the program waits for something outside.
        Post(static _ => { }, null);
        return sent.Answer.Task;
    }

    private (SendOrPostCallback Action, object? State)? Take(bool waits)
    {
        lock (_turns)
        {
            while (waits && _turns.Count == 0) { Monitor.Wait(_turns); }
            return _turns.TryDequeue(out var turn) ? turn : null;
        }
    }

    /// <summary>Lets the world run until a request is over, and tells whoever waits for it; false when none is under way.</summary>
    private bool GoOnInWorld()
    {
        while (_sent.TryDequeue(out var sent))
        {
            _underWay++;
            world.Kernel.Start(world.Client.Name, "HttpClient", () => run(sent.Call, () => End(sent)));
        }
        if (_underWay == 0) { return false; }
        if (_over.Count == 0)
        {
            _isOver = world.Kernel.Setup(static () => new TaskCompletionSource());
            world.Run("HttpClient", async () =>
            {
                await _isOver.Task;
                return 0;
            });
        }
        SetSynchronizationContext(null);
        try
        {
            while (_over.TryDequeue(out var over))
            {
                _underWay--;
                over.Tell();
            }
        }
        finally { SetSynchronizationContext(this); }
        return true;
    }

    // In the world.
    private void End(Sent sent)
    {
        _over.Enqueue(sent);
        _isOver?.TrySetResult();
    }

    private sealed record Sent(HandlerCall Call)
    {
        /// <summary>Its continuations go on where it is completed.</summary>
        public TaskCompletionSource<HttpResponseMessage> Answer { get; } = new();

        public void Tell() => Answer.SetFromTask(Call.Answer);
    }
}

/// <summary>What is done to requests from outside happens in the lab before its next event.</summary>
internal sealed class LabTurns(LabWorld world) : HandlerTurns
{
    public override INetwork Network => world.Client;

    // Nothing that a request waits for in a lab ends outside.
    public override bool IsInTurn => true;

    public override bool ReadsInPlace => true;

    public override void Post(Action<object?> action, object? state) => world.Kernel.Post(() => action(state));

    public override void Dispose() { }
}
