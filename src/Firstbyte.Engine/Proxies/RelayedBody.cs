using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Proxies;

/// <summary>The content of a response on its way through a proxy: what comes from the server waits until the client has taken it.</summary>
/// <remarks>One piece is on its way at a time, in the server's connection's own memory: a slow client holds a fast server back.</remarks>
internal sealed class RelayedBody : IBodySink, IResponseBody
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _begun = new();
    private ReadOnlyMemory<byte> _piece;
    private TaskCompletionSource? _reader;
    private TaskCompletionSource? _writer;
    private bool _isOver;
    private bool _isBroken;
    private bool _isClosed;

    /// <inheritdoc/>
    public long Length { get; set; } = -1;

    /// <summary>Ends when the server's response has begun.</summary>
    public Task Begun => _begun.Task;

    /// <inheritdoc/>
    public void Begin(ContentDescription content) => _begun.TrySetResult();

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (piece.IsEmpty) { return; }
        TaskCompletionSource taken, reader;
        lock (_lock)
        {
            if (_isClosed) { throw Unwanted(); }
            (_piece, _writer) = (piece, taken = new TaskCompletionSource());
            (reader, _reader) = (_reader!, null);
        }
        reader?.TrySetResult();
        await taken.Task;
        lock (_lock)
        {
            if (_isClosed) { throw Unwanted(); }
        }
    }

    /// <inheritdoc/>
    public void End(bool isWhole)
    {
        TaskCompletionSource? reader;
        lock (_lock)
        {
            (_isOver, _isBroken) = (true, !isWhole);
            (reader, _reader) = (_reader, null);
        }
        _begun.TrySetResult();
        reader?.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource wait;
            lock (_lock)
            {
                if (!_piece.IsEmpty) { break; }
                // The server has not sent all: the client is not to take it for the whole.
                if (_isBroken) { throw new IOException("the server broke off"); }
                if (_isOver) { return 0; }
                _reader = wait = new TaskCompletionSource();
            }
            using var registration = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetCanceled(), wait);
            await wait.Task;
        }
        var count = Math.Min(destination.Length, _piece.Length);
        _piece[..count].CopyTo(destination);
        _piece = _piece[count..];
        if (_piece.IsEmpty) { Release(); }
        return count;
    }

    /// <inheritdoc/>
    public void Close()
    {
        lock (_lock)
        {
            if (_isClosed) { return; }
            _isClosed = true;
        }
        Release();
    }

    // It ends the server's connection, with what is still to come on it.
    private static IOException Unwanted() => new("the client wants no more");

    private void Release()
    {
        TaskCompletionSource? writer;
        lock (_lock) { (writer, _writer) = (_writer, null); }
        writer?.TrySetResult();
    }
}
