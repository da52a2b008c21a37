namespace Firstbyte.Simulation;

/// <summary>A socket call that waits: it ends with a value, an error, or its token's cancellation.</summary>
internal sealed class SocketCall<T>(Kernel kernel) : KernelSource<T>(kernel)
{
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private Action? _cancelled;

    /// <summary>Begins the wait. <paramref name="cancelled"/> runs after the token has ended it.</summary>
    public ValueTask<T> BeginValue(CancellationToken token, Action? cancelled = null)
    {
        var wait = BeginValue();
        Register(cancelled, token);
        return wait;
    }

    /// <summary>The same for a call that returns nothing.</summary>
    public ValueTask Begin(CancellationToken token, Action? cancelled = null)
    {
        var wait = Begin();
        Register(cancelled, token);
        return wait;
    }

    protected override void Release()
    {
        _registration.Dispose();
        _registration = default;
        _token = default;
        _cancelled = null;
    }

    private void Register(Action? cancelled, CancellationToken token)
    {
        if (!token.CanBeCanceled) { return; }
        _token = token;
        _cancelled = cancelled;
        _registration = token.UnsafeRegister(static call => ((SocketCall<T>)call!).Cancel(), this);
    }

    private void Cancel()
    {
        if (TryFail(new OperationCanceledException(_token))) { _cancelled?.Invoke(); }
    }
}
