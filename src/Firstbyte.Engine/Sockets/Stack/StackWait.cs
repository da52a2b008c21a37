using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Firstbyte.Sockets.Stack;

/// <summary>
/// A socket call that waits, used again for the next call of its kind. It ends with a value, an error, or its token's cancellation; the
/// program goes on from the driver's loop.
/// </summary>
internal sealed class StackWait<T>(IStackDriver driver) : IValueTaskSource<T>, IValueTaskSource
{
    private Action<object?>? _continuation;
    private object? _state;
    private ExecutionContext? _context;
    private bool _outside;
    private T _result = default!;
    private Exception? _error;
    private Progress _progress;
    private short _version;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private Action? _cancelled;

    private enum Progress : byte { Unused, Waiting, Ended }

    /// <summary>Whether a call waits and nothing has come yet.</summary>
    public bool IsWaiting => _progress == Progress.Waiting;

    /// <summary>Begins a wait for a value. <paramref name="cancelled"/> runs after the token has ended it.</summary>
    public ValueTask<T> BeginValue(CancellationToken token, Action? cancelled = null)
    {
        Arm(cancelled, token);
        return new ValueTask<T>(this, _version);
    }

    /// <summary>The same for a call that returns nothing.</summary>
    public ValueTask Begin(CancellationToken token, Action? cancelled = null)
    {
        Arm(cancelled, token);
        return new ValueTask(this, _version);
    }

    public void End(T result)
    {
        if (!IsWaiting) { return; }
        _result = result;
        Finish();
    }

    public void Fail(Exception error)
    {
        if (!IsWaiting) { return; }
        _error = error;
        Finish();
    }

    public T GetResult(short token)
    {
        Require(token);
        if (_progress != Progress.Ended) { throw new InvalidOperationException("The call has not ended: blocking on it would stop the loop that ends it."); }
        var (result, error) = (_result, _error);
        (_result, _error, _continuation, _state, _context, _cancelled, _token) = (default!, null, null, null, null, null, default);
        _progress = Progress.Unused;
        _version++;
        _registration.Dispose();
        _registration = default;
        if (error is not null) { ExceptionDispatchInfo.Throw(error); }
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
        driver.RequireInside("await");
        Require(token);
        if (_continuation is not null) { throw new InvalidOperationException("The call is awaited twice."); }
        // Who awaits outside any task, a timer's callback for one, goes on there: completed inside a task, its own awaiters would flee to the thread pool.
        _outside = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == ValueTaskSourceOnCompletedFlags.None
            || ReferenceEquals(TaskScheduler.Current, TaskScheduler.Default);
        _context = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) == ValueTaskSourceOnCompletedFlags.None ? null : ExecutionContext.Capture();
        _state = state;
        _continuation = continuation;
        if (_progress == Progress.Ended) { driver.Continue(continuation, state, _context, _outside); }
    }

    private void Arm(Action? cancelled, CancellationToken token)
    {
        if (_progress != Progress.Unused) { throw new InvalidOperationException("A call of this kind is waiting already."); }
        _progress = Progress.Waiting;
        if (!token.CanBeCanceled) { return; }
        (_token, _cancelled) = (token, cancelled);
        _registration = token.UnsafeRegister(static wait => ((StackWait<T>)wait!).Cancel(), this);
    }

    private void Cancel()
    {
        if (!IsWaiting) { return; }
        var cancelled = _cancelled;
        Fail(new OperationCanceledException(_token));
        cancelled?.Invoke();
    }

    private void Finish()
    {
        driver.RequireInside("completion");
        _progress = Progress.Ended;
        if (_continuation is not null) { driver.Continue(_continuation, _state, _context, _outside); }
    }

    private void Require(short token)
    {
        if (token != _version) { throw new InvalidOperationException("The call was over already: a ValueTask may be awaited once."); }
    }
}
