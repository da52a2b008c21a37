using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>One direction of a descriptor: whether a call may find something, and the one call that may wait until it does.</summary>
/// <remarks>
/// The kernel tells each change once, so what it has told is kept here until a call has found nothing (<see cref="Forget"/>) or less than it had room for
/// (<see cref="NoteAllTaken"/>): then the next one waits without asking the kernel in vain. All but the start of a wait, a close and a cancellation happens on
/// the loop's thread.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class OsReadiness(OsLoop loop, OsDescriptor descriptor, bool isSend) : IValueTaskSource<bool>, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private LinuxSocket? _receiver;
    private Memory<byte> _buffer;
    private int _waiting;
    private volatile bool _mayBeReady = true;
    private volatile bool _isDoubtful;
    private volatile bool _closed;

    /// <summary>Whether it is a send that waits here.</summary>
    public bool IsSend => isSend;

    /// <summary>Whether a call may find something; nobody knows until the first has tried.</summary>
    public bool MayBeReady => _mayBeReady;

    /// <summary>A call was answered EAGAIN: nothing is there until the kernel tells.</summary>
    public void Forget() => _mayBeReady = false;

    /// <summary>
    /// A call has taken less of a stream than it had room for, so nothing is left. Behind the end of a stream, an error or urgent data something may be, of
    /// which nobody will tell.
    /// </summary>
    public void NoteAllTaken() => _mayBeReady = _isDoubtful;

    /// <summary>Waits for the descriptor: true when it is ready, false when it was closed.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return new ValueTask<bool>(this, _source.Version);
    }

    /// <summary>Receives into a buffer as soon as something is there; the call ends with ECANCELED when the socket is closed.</summary>
    public ValueTask<int> ReceiveAsync(LinuxSocket receiver, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        (_receiver, _buffer) = (receiver, buffer);
        Begin(cancellationToken);
        return new ValueTask<int>(this, _source.Version);
    }

    /// <summary>Ends the waiting call, if there is one: its descriptor is closed.</summary>
    public void Close()
    {
        _closed = true;
        if (Volatile.Read(ref _waiting) != 0) { loop.End(this); }
    }

    /// <summary>The kernel has told: something may be there.</summary>
    public void Note(bool isDoubtful = false)
    {
        _isDoubtful |= isDoubtful;
        _mayBeReady = true;
        EndReady();
    }

    /// <summary>The loop: the descriptor may be ready, and the waiting call can be answered.</summary>
    public void EndReady()
    {
        if (Volatile.Read(ref _waiting) == 0) { return; }
        // Last words of a turn are those of senders.
        if (loop.IsOnlySending && !isSend)
        {
            loop.Defer(this);
            return;
        }
        if (_receiver is { } receiver) { EndReceiving(receiver); }
        else if (Claim()) { _source.SetResult(_closed ? 0 : 1); }
    }

    /// <summary>The loop: the socket was closed or the caller gave up.</summary>
    public void EndGivenUp()
    {
        if (_closed) { EndReady(); }
        // Without the first condition a token that was cancelled after its call had ended would end the next one.
        else if (_token.IsCancellationRequested && Claim()) { _source.SetException(new OperationCanceledException(_token)); }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token) != 0;

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Begin(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _waiting) != 0) { throw new InvalidOperationException("a call of this direction waits already"); }
        descriptor.BecomeKnown();
        _source.Reset();
        _token = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((OsReadiness)state!).GiveUp(), this);
        Volatile.Write(ref _waiting, 1);
        // A full fence: the loop notes first and looks for a waiting call then, and here it is the other way round.
        Interlocked.MemoryBarrier();
        if (_mayBeReady || _closed || cancellationToken.IsCancellationRequested) { loop.Defer(this); }
    }

    private void EndReceiving(LinuxSocket receiver)
    {
        try
        {
            if (_closed) { throw new NetworkException(Errno.ECANCELED, "receive", receiver.RemoteEndpoint); }
            if (receiver.TryReceive(_buffer.Span, out var count))
            {
                if (Claim()) { _source.SetResult(count); }
            }
            else if (_token.IsCancellationRequested) { EndGivenUp(); }
        }
        catch (NetworkException failure)
        {
            if (Claim()) { _source.SetException(failure); }
        }
    }

    private void GiveUp() => loop.End(this);

    private bool Claim()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 0) { return false; }
        (_receiver, _buffer) = (null, default);
        _registration.Unregister();
        return true;
    }
}
