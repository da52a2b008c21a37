using System.Threading.Tasks.Sources;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>A wait for virtual time to pass, used again from a pool. Its continuation is queued to the pump, never run on the stack of who ends it.</summary>
/// <remarks>
/// An awaiter without a scheduling context (library code with ConfigureAwait(false)) continues outside any task, where its own completions
/// stay inline.
/// </remarks>
internal sealed class DelaySource(Kernel kernel, Stack<DelaySource> pool) : IValueTaskSource, IKernelEvent
{
    private Action<object?>? _continuation;
    private object? _state;
    private ExecutionContext? _context;
    private bool _outside;
    private bool _hasEnded;
    private short _version;

    /// <summary>Begins a wait.</summary>
    public ValueTask Begin() => new(this, _version);

    /// <summary>The time has passed.</summary>
    public void Fire(long argument)
    {
        _hasEnded = true;
        if (_continuation is not null) { kernel.QueueContinuation(_continuation, _state, _context, _outside); }
    }

    public void GetResult(short token)
    {
        Require(token);
        if (!_hasEnded) { throw new InvalidOperationException("The wait has not ended: blocking on it would stop the world that ends it."); }
        (_continuation, _state, _context) = (null, null, null);
        _hasEnded = false;
        _version++;
        pool.Push(this);
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Require(token);
        return _hasEnded ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        kernel.RequireInside("await");
        Require(token);
        if (_continuation is not null) { throw new InvalidOperationException("The wait is awaited twice."); }
        // Awaited without a scheduling context, or where there is none (a timer's callback): what goes on there must be outside any task,
        // or the next completion would flee to the thread pool.
        _outside = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == ValueTaskSourceOnCompletedFlags.None
            || TaskScheduler.Current == TaskScheduler.Default;
        _context = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) == ValueTaskSourceOnCompletedFlags.None ? null : ExecutionContext.Capture();
        _state = state;
        _continuation = continuation;
        if (_hasEnded) { kernel.QueueContinuation(continuation, state, _context, _outside); }
    }

    private void Require(short token)
    {
        if (token != _version) { throw new InvalidOperationException("The wait was over already: a ValueTask may be awaited once."); }
    }
}
