using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Firstbyte.Sockets;

namespace Firstbyte.Http;

/// <summary>The receive of a connection that nobody uses, which becomes the first of the exchange that takes it: no request makes an object for it.</summary>
internal sealed class IdleReceive : IValueTaskSource<int>
{
    private readonly Action _end;
    private ManualResetValueTaskSourceCore<int> _source;
    private ValueTaskAwaiter<int> _receiving;
    private Func<bool>? _ended;
    private CancellationTokenRegistration _registration;

    public IdleReceive() => _end = End;

    /// <summary>Whether a receive was begun that no exchange has had.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Watches over a receive that was begun without a token.</summary>
    /// <param name="receiving">The receive.</param>
    /// <param name="ended">Told when it has ended; true where an exchange is waiting for it by then, or will.</param>
    public void Begin(ValueTask<int> receiving, Func<bool> ended)
    {
        _source.Reset();
        (IsBegun, _ended, _receiving) = (true, ended, receiving.GetAwaiter());
        if (_receiving.IsCompleted) { End(); }
        else { _receiving.UnsafeOnCompleted(_end); }
    }

    /// <summary>What it brings; giving up closes the stream, which ends it.</summary>
    public ValueTask<int> GoOnAsync(IByteStream stream, CancellationToken cancellationToken)
    {
        _registration = cancellationToken.UnsafeRegister(static stream => ((IByteStream)stream!).Close(), stream);
        return new ValueTask<int>(this, _source.Version);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    public int GetResult(short token)
    {
        _registration.Dispose();
        IsBegun = false;
        return _source.GetResult(token);
    }

    private void End()
    {
        var (received, error) = (0, default(Exception));
#pragma warning disable VSTHRD002 // It has ended: this only takes what it brought.
        try { received = _receiving.GetResult(); }
#pragma warning restore VSTHRD002
        // Whatever it is, it goes to the exchange that has taken the connection; of one that nobody has taken it is the end.
        catch (Exception failure) { error = failure; }
        _receiving = default;
        if (!_ended!()) { return; }
        if (error is null) { _source.SetResult(received); }
        else { _source.SetException(error); }
    }
}
