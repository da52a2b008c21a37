using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>A network of the operating system whose calls complete on one thread of its own: for programs that other threads hand over. Linux only.</summary>
/// <remarks>
/// What <see cref="OsLoop"/> is for a command, this is for a library inside somebody else's program: <see cref="Post"/> begins something there, and as long as
/// it waits for nothing but the calls and timers of <see cref="Network"/>, it goes on there. Whoever waits for something else comes back by
/// <see cref="Post"/>. Nothing may be thrown out of what is posted, and nobody's own code be run there: it would keep all others waiting.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class BackgroundLoop : IDisposable
{
    private readonly OsLoop _loop = new(isShared: true);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _starting = new();
    private readonly string _name;
    private Thread? _thread;

    /// <param name="name">The thread's name, for whoever debugs the program.</param>
    /// <exception cref="NetworkException">EMFILE when the process has no descriptor left.</exception>
    public BackgroundLoop(string name) => _name = name;

    /// <summary>The network whose calls and timers complete on the loop's thread.</summary>
    public INetwork Network => _loop.Network;

    /// <summary>Whether the caller is in a turn of the loop.</summary>
    public bool IsInTurn => _loop.IsInTurn;

    /// <summary>Runs an action on the loop's thread, from any thread; the first one starts it. Nothing is run after the end.</summary>
    public void Post(Action<object?> action, object? state)
    {
        if (_thread is null) { Start(); }
        _loop.Post(action, state);
    }

    /// <summary>
    /// Runs an action in a turn: on the caller's own thread where the loop only waits, else as <see cref="Post"/> does. Neither the caller's context nor what
    /// it has flow along goes into what is begun.
    /// </summary>
    public void Begin(Action<object?> action, object? state)
    {
        if (_thread is not null && TaskScheduler.Current == TaskScheduler.Default)
        {
            var context = SynchronizationContext.Current;
            if (context is not null) { SynchronizationContext.SetSynchronizationContext(null); }
            var isFlowing = !ExecutionContext.IsFlowSuppressed();
            using var still = isFlowing ? ExecutionContext.SuppressFlow() : default;
            try
            {
                if (_loop.TryTakeTurn(action, state)) { return; }
            }
            finally
            {
                if (context is not null) { SynchronizationContext.SetSynchronizationContext(context); }
            }
        }
        Post(action, state);
    }

    /// <summary>Ends the loop after what was posted so far; what still waits there is left.</summary>
    public void Dispose()
    {
        lock (_starting)
        {
            // Nobody has begun: there is no thread to end.
            if (_thread is null)
            {
                if (_over.TrySetResult()) { _loop.Dispose(); }
                return;
            }
        }
        _over.TrySetResult();
    }

    private void Start()
    {
        lock (_starting)
        {
            if (_thread is not null || _over.Task.IsCompleted) { return; }
            _thread = new Thread(Run) { IsBackground = true, Name = _name };
            _thread.UnsafeStart();
        }
    }

    private void Run()
    {
        using (_loop) { _loop.Run(() => _over.Task); }
    }
}
