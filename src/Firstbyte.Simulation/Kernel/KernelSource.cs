using System.Threading.Tasks.Sources;

namespace Firstbyte.Simulation;

/// <summary>A wait that can be begun, ended and begun again without allocation. Its continuation is queued to the pump, never run on the stack of who ends it.</summary>
/// <remarks>An awaiter without a scheduling context (library code with ConfigureAwait(false)) continues outside any task, where its own completions stay inline.</remarks>
internal class KernelSource<T>(Kernel kernel) : IValueTaskSource<T>, IValueTaskSource
{
    private Action<object?>? _continuation;
    private object? _state;
    private ExecutionContext? _context;
    private bool _outside;
    private T _result = default!;
    private Exception? _error;
    private Progress _progress;
    private short _version;

    private enum Progress : byte { Unused, Waiting, Ended }

    protected Kernel Kernel => kernel;

    /// <summary>Whether somebody waits and nothing has come yet.</summary>
    public bool IsWaiting => _progress == Progress.Waiting;

    /// <summary>Begins a wait for a value.</summary>
    public ValueTask<T> BeginValue()
    {
        Arm();
        return new ValueTask<T>(this, _version);
    }

    /// <summary>Begins a wait for an end.</summary>
    public ValueTask Begin()
    {
        Arm();
        return new ValueTask(this, _version);
    }

    /// <summary>Ends the wait with a value; false when there is none to end.</summary>
    public bool TryEnd(T result)
    {
        if (_progress != Progress.Waiting) { return false; }
        _result = result;
        End();
        return true;
    }

    /// <summary>Ends the wait with an exception; false when there is none to end.</summary>
    public bool TryFail(Exception error)
    {
        if (_progress != Progress.Waiting) { return false; }
        _error = error;
        End();
        return true;
    }

    public T GetResult(short token)
    {
        Require(token);
        if (_progress != Progress.Ended) { throw new InvalidOperationException("The wait has not ended: blocking on it would stop the world that ends it."); }
        var (result, error) = (_result, _error);
        (_result, _error, _continuation, _state, _context) = (default!, null, null, null, null);
        _progress = Progress.Unused;
        _version++;
        Release();
        if (error is not null) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error); }
        return result;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Require(token);
        return _progress != Progress.Ended ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        kernel.RequireInside("await");
        Require(token);
        if (_continuation is not null) { throw new InvalidOperationException("The wait is awaited twice."); }
        // Who awaits outside any task, a timer's callback for one, goes on there: completed inside a task, its own awaiters would flee to the thread pool.
        _outside = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == ValueTaskSourceOnCompletedFlags.None || ReferenceEquals(TaskScheduler.Current, TaskScheduler.Default);
        _context = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) == ValueTaskSourceOnCompletedFlags.None ? null : ExecutionContext.Capture();
        _state = state;
        _continuation = continuation;
        if (_progress == Progress.Ended) { kernel.QueueContinuation(continuation, state, _context, _outside); }
    }

    /// <summary>Called when the result has been taken: the source may be used again.</summary>
    protected virtual void Release() { }

    private void Arm()
    {
        if (_progress != Progress.Unused) { throw new InvalidOperationException("A call of this kind is waiting already."); }
        _progress = Progress.Waiting;
    }

    private void End()
    {
        kernel.RequireInside("completion");
        _progress = Progress.Ended;
        if (_continuation is not null) { kernel.QueueContinuation(_continuation, _state, _context, _outside); }
    }

    private void Require(short token)
    {
        if (token != _version) { throw new InvalidOperationException("The wait was over already: a ValueTask may be awaited once."); }
    }
}

/// <summary>A wait for virtual time to pass, used again from a pool.</summary>
internal sealed class DelaySource(Kernel kernel, Stack<DelaySource> pool) : KernelSource<bool>(kernel), IKernelEvent
{
    public void Fire(long argument) => TryEnd(true);

    protected override void Release() => pool.Push(this);
}
