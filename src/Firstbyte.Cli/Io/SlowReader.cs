using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Io;

/// <summary>Reads what may bring nothing for a long time (a pipe, a terminal, standard input) on a thread of its own.</summary>
/// <remarks>
/// Theory of operation. read(2) waits as long as the writer likes, and so does open(2) of a pipe with a name; on the thread where everything else is done it
/// would stop timers and signals. The thread is one buffer ahead and no more. Whoever runs on a loop is called back by a timer of that loop, which fires
/// where the loop's program runs (<see cref="ReadAsync"/>); in a lab the world stands still meanwhile, as no time passes in it that it does not make
/// (<see cref="Read"/>).
/// </remarks>
/// <param name="open">Opens it, on the thread.</param>
internal sealed class SlowReader(Func<Stream> open)
{
    // As much as a pipe of Linux holds (pipe(7)).
    private const int BufferLength = 64 * 1024;

    private readonly object _gate = new();
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;
    private bool _isStarted;
    private bool _hasEnded;
    private bool _isClosed;
    private Exception? _failure;
    private Action? _arrived;

    /// <summary>The next bytes, awaited on the caller's thread; 0 at the end.</summary>
    /// <exception cref="IOException">It could not be read, or nobody has the patience any more.</exception>
    public int Read(Span<byte> destination, Patience patience)
    {
        lock (_gate)
        {
            while (true)
            {
                if (TryTake(destination, out var count)) { return count; }
                Monitor.Wait(_gate, Patience.TickMilliseconds);
                if (patience.IsOver) { throw new NetworkException(Errno.ETIMEDOUT, "read"); }
            }
        }
    }

    /// <summary>The next bytes, on the loop whose clock this is; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var arrival = new TaskCompletionSource();
            // A timer that is due at once is how another thread gets onto the loop's own.
            void Wake() => time.CreateTimer(
                static arrival => ((TaskCompletionSource)arrival!).TrySetResult(), arrival, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            lock (_gate)
            {
                if (TryTake(destination.Span, out var count)) { return count; }
                _arrived = Wake;
            }
            using var givingUp = cancellationToken.UnsafeRegister(static wake => ((Action)wake!)(), (Action)Wake);
            await arrival.Task;
        }
    }

    /// <summary>Reads no more; a read that is under way is left to itself.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool TryTake(Span<byte> destination, out int count)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            new Thread(Fill) { IsBackground = true }.Start();
        }
        count = Math.Min(destination.Length, _end - _start);
        if (count > 0)
        {
            _buffer.AsSpan(_start, count).CopyTo(destination);
            _start += count;
            Monitor.PulseAll(_gate);
            return true;
        }
        return _failure is null ? _hasEnded : throw _failure;
    }

    private void Fill()
    {
        try
        {
            using var stream = open();
            for (var count = 1; count > 0;)
            {
                count = stream.Read(_buffer, 0, BufferLength);
                lock (_gate)
                {
                    (_start, _end, _hasEnded) = (0, count, count == 0);
                    Tell();
                    while (_start < _end && !_isClosed) { Monitor.Wait(_gate); }
                    if (_isClosed) { return; }
                }
            }
        }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            lock (_gate)
            {
                _failure = e;
                Tell();
            }
        }
    }

    private void Tell()
    {
        _arrived?.Invoke();
        _arrived = null;
        Monitor.PulseAll(_gate);
    }
}
