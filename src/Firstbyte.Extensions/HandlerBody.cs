using System.Threading.Tasks.Sources;

namespace Firstbyte.Extensions;

/// <summary>Content on its way from a connection, which goes on in turns, to a program that reads it as a stream, on any thread.</summary>
/// <remarks>
/// Theory of operation. The reader leads. Whoever reads while nothing is here gives the connection its own memory, and takes a turn where one is to be had:
/// what the kernel has is then received into the program's memory, on the program's thread. A connection that has content and no reader waits, so that a slow
/// reader slows the server and not the memory. What was received with the head, or stands between the framing of chunks, is copied from where it stands; the
/// connection goes on when somebody reads again, and behind the last byte at once: it is free then, whether or not anybody reads on to the end.
/// </remarks>
internal sealed class HandlerBody : Stream, IValueTaskSource<int>, IValueTaskSource, IValueTaskSource<Memory<byte>>
{
    private readonly HandlerCall _call;
    private readonly HandlerTurns _turns;
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private ManualResetValueTaskSourceCore<bool> _connection;
    private CancellationTokenRegistration _giving;
    private CancellationTokenRegistration _stopping;
    private ReadOnlyMemory<byte> _piece;
    private Memory<byte> _wanted;
    private long _left;
    private bool _isWanted;
    private bool _isWaiting;
    private bool _isOver;
    private Exception? _broken;

    /// <param name="call">What it belongs to.</param>
    /// <param name="turns">Where the connection goes on.</param>
    /// <param name="length">How long it is; null where its end shows it.</param>
    /// <param name="held">What has come of it already.</param>
    public HandlerBody(HandlerCall call, HandlerTurns turns, long? length, ReadOnlyMemory<byte> held) =>
        (_call, _turns, _left, _piece) = (call, turns, length ?? long.MaxValue, held);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Hands a piece over, in a turn; it is over when the reader has all of it.</summary>
    public async ValueTask HandOverAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        while (true)
        {
            ValueTask waiting;
            lock (_lock)
            {
                // What was held before stands first.
                if (_piece.IsEmpty) { (_piece, piece) = (piece, default); }
                if (_isWanted && !_piece.IsEmpty) { EndRead(TakePiece(_wanted.Span)); }
                if (_piece.IsEmpty && piece.IsEmpty) { return; }
                if (_piece.IsEmpty) { continue; }
                BeginWait(cancellationToken);
                waiting = new ValueTask(this, _connection.Version);
            }
            await waiting;
        }
    }

    /// <summary>The reader's memory, in a turn, as soon as it reads and all that came before is with it.</summary>
    public ValueTask<Memory<byte>> LendAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isWanted) { return new ValueTask<Memory<byte>>(_wanted); }
            BeginWait(cancellationToken);
            return new ValueTask<Memory<byte>>(this, _connection.Version);
        }
    }

    /// <summary>So much of the reader's memory is content now.</summary>
    public void Fill(int count)
    {
        lock (_lock)
        {
            _left -= count;
            EndRead(count);
        }
    }

    /// <summary>Nothing more comes, in a turn.</summary>
    /// <param name="broken">Why not all has come; null when it has.</param>
    public void End(Exception? broken)
    {
        lock (_lock)
        {
            (_isOver, _broken) = (true, broken);
            if (!_isWanted) { return; }
            if (broken is null) { EndRead(0); }
            else
            {
                (_isWanted, _wanted) = (false, default);
                _read.SetException(broken);
            }
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        var taken = 0;
        short version = 0;
        lock (_lock)
        {
            if (_isWanted) { throw new InvalidOperationException("somebody reads already"); }
            if (!_piece.IsEmpty)
            {
                taken = TakePiece(buffer.Span);
                // Behind the last byte the connection goes on at once.
                if (_left > 0 || !_isWaiting) { return new ValueTask<int>(taken); }
            }
            else if (_left == 0 || _isOver || buffer.IsEmpty)
            {
                return _broken is { } broken ? ValueTask.FromException<int>(broken) : new ValueTask<int>(0);
            }
            else
            {
                _read.Reset();
                (_isWanted, _wanted, version) = (true, buffer, _read.Version);
            }
        }
        if (taken == 0) { _giving = cancellationToken.UnsafeRegister(static body => ((HandlerBody)body!)._call.Leave(), this); }
        _turns.Begin(static body => ((HandlerBody)body!).GoOn(), this);
        return taken > 0 ? new ValueTask<int>(taken) : new ValueTask<int>(this, version);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Whoever wants no more of it ends the journey.
    protected override void Dispose(bool disposing)
    {
        if (disposing) { _call.Leave(); }
        base.Dispose(disposing);
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        _giving.Unregister();
        return _read.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => EndWait(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _connection.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _connection.OnCompleted(continuation, state, token, flags);

    Memory<byte> IValueTaskSource<Memory<byte>>.GetResult(short token)
    {
        EndWait(token);
        return _wanted;
    }

    ValueTaskSourceStatus IValueTaskSource<Memory<byte>>.GetStatus(short token) => _connection.GetStatus(token);

    void IValueTaskSource<Memory<byte>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _connection.OnCompleted(continuation, state, token, flags);

    // In a turn: the connection has what it waits for.
    private void GoOn()
    {
        lock (_lock)
        {
            if (!_isWaiting || !(_isWanted || (_left == 0 && _piece.IsEmpty))) { return; }
            _isWaiting = false;
        }
        _connection.SetResult(true);
    }

    // In a turn: whoever waits is given up, and its piece with it, which is the connection's memory.
    private void Stop()
    {
        lock (_lock)
        {
            if (!_isWaiting) { return; }
            (_isWaiting, _piece) = (false, default);
        }
        _connection.SetException(new OperationCanceledException(_stopping.Token));
    }

    private void BeginWait(CancellationToken cancellationToken)
    {
        _connection.Reset();
        _isWaiting = true;
        _stopping = cancellationToken.UnsafeRegister(
            static body => ((HandlerBody)body!)._turns.Post(static body => ((HandlerBody)body!).Stop(), body), this);
    }

    private void EndWait(short token)
    {
        _stopping.Unregister();
        _connection.GetResult(token);
    }

    private int TakePiece(Span<byte> room)
    {
        var count = Math.Min(room.Length, _piece.Length);
        _piece.Span[..count].CopyTo(room);
        _piece = _piece[count..];
        _left -= count;
        return count;
    }

    private void EndRead(int count)
    {
        (_isWanted, _wanted) = (false, default);
        _read.SetResult(count);
    }
}
