using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;

namespace Firstbyte.Sockets.Os;

/// <summary>One direction of a socket as the loop sees it: the one call that may wait until the descriptor is ready.</summary>
[SupportedOSPlatform("linux")]
internal sealed class OsReadiness(OsLoop loop, int descriptor, short wanted) : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private int _waiting;
    private volatile bool _closed;

    public int Descriptor => descriptor;

    public short Wanted => wanted;

    /// <summary>The loop's note that this call stays in the list.</summary>
    public bool Skip { get; set; }

    /// <summary>Waits for the descriptor: true when it is ready, false when the socket was closed.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _waiting, 1) != 0) { throw new InvalidOperationException("a call of this direction waits already"); }
        _source.Reset();
        _token = cancellationToken;
        loop.Add(this);
        _registration = cancellationToken.UnsafeRegister(static state => ((OsReadiness)state!).GiveUp(), this);
        return new ValueTask<bool>(this, _source.Version);
    }

    /// <summary>Ends the waiting call, if there is one: its socket is closed.</summary>
    public void Close()
    {
        _closed = true;
        loop.End(this);
    }

    /// <summary>The loop: the descriptor is ready (or, since poll() saw it, closed).</summary>
    public void EndReady()
    {
        if (Claim()) { _source.SetResult(!_closed); }
    }

    /// <summary>The loop: the socket was closed or the caller gave up.</summary>
    public void EndGivenUp()
    {
        if (_closed)
        {
            if (Claim()) { _source.SetResult(false); }
        }
        else if (_token.IsCancellationRequested && Claim())
        {
            // Without the first condition a token that was cancelled after its call had ended would end the next one.
            _source.SetException(new OperationCanceledException(_token));
        }
    }

    public bool GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void GiveUp() => loop.End(this);

    private bool Claim()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 0) { return false; }
        loop.Remove(this);
        _registration.Unregister();
        return true;
    }
}
