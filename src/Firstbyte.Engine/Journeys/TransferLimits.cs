using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>How much content may come in a journey, how fast it may come and go, and how slowly.</summary>
/// <remarks>
/// A pace is kept by taking pieces late: what is not taken is not acknowledged either, and TCP slows its sender down. Too slow is a transfer of which, since
/// it was last fast enough, less has moved in the time than had to: each time that as much has moved, the time begins anew.
/// </remarks>
internal sealed class TransferLimits : IDisposable
{
    private readonly JourneyOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource? _slow;
    private readonly ITimer? _watch;
    private long _began;
    private long _moved;
    private long _sinceFast;

    private TransferLimits(JourneyOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        if (options.SlowestBytesPerSecond is null) { return; }
        _slow = new CancellationTokenSource();
        _watch = time.CreateTimer(static slow => ((CancellationTokenSource)slow!).Cancel(), _slow, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the transfer is too slow.</summary>
    public CancellationToken Slow => _slow?.Token ?? CancellationToken.None;

    /// <summary>The limit that the content has passed, and its length where that was said; null while it has not.</summary>
    public (long Limit, long? Said)? TooLarge { get; private set; }

    /// <summary>The limits of a run; null where there are none.</summary>
    public static TransferLimits? Of(JourneyOptions options, TimeProvider time) =>
        options is { MaximumBytes: null, BytesPerSecond: null, SlowestBytesPerSecond: null } ? null : new TransferLimits(options, time);

    /// <summary>A sink that keeps the limits.</summary>
    public IBodySink Around(IBodySink sink) => new LimitedSink(sink, this);

    /// <summary>A source that keeps the pace; what is here as bytes is short, and goes out as it is.</summary>
    public IBodySource? Around(IBodySource? source) => source is null or BytesBody ? source : new PacedSource(source, this);

    public void Dispose()
    {
        _watch?.Dispose();
        _slow?.Dispose();
    }

    private void Watch() => _watch?.Change(_options.SlowestFor, Timeout.InfiniteTimeSpan);

    private void Unwatch() => _watch?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Begin()
    {
        (_began, _moved, _sinceFast) = (_time.GetTimestamp(), 0, 0);
        Watch();
    }

    private async ValueTask PassAsync(int count, CancellationToken cancellationToken)
    {
        _moved += count;
        _sinceFast += count;
        if (_options.SlowestBytesPerSecond is { } least && _sinceFast >= least * _options.SlowestFor.TotalSeconds)
        {
            _sinceFast = 0;
            Watch();
        }
        if (_options.BytesPerSecond is not { } most) { return; }
        var due = TimeSpan.FromSeconds((double)_moved / most);
        if (due - _time.GetElapsedTime(_began) is var early && early > TimeSpan.Zero)
        {
            // Who is kept waiting is not slow.
            Unwatch();
            await Task.Delay(early, _time, cancellationToken);
            Watch();
        }
    }

    private void Check(long count, long? said)
    {
        if (_options.MaximumBytes is { } limit && (said ?? count) > limit) { TooLarge = (limit, said); }
    }

    private sealed class LimitedSink(IBodySink wanted, TransferLimits limits) : IBodySink
    {
        private long _count;

        public void Begin(ContentDescription content)
        {
            _count = 0;
            limits.Begin();
            limits.Check(0, content.Length);
            // What is too large is not begun: a file that would be is not there.
            if (limits.TooLarge is null) { wanted.Begin(content); }
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            limits.Check(_count += piece.Length, null);
            if (limits.TooLarge is not null) { throw new IOException("more comes than may"); }
            await wanted.WriteAsync(piece, cancellationToken);
            await limits.PassAsync(piece.Length, cancellationToken);
        }

        public void End(bool isWhole)
        {
            limits.Unwatch();
            wanted.End(isWhole);
        }
    }

    /// <summary>Content that is sent at a pace.</summary>
    internal sealed class PacedSource(IBodySource source, TransferLimits limits) : IBodySource
    {
        /// <summary>What is sent.</summary>
        public IBodySource Source => source;

        public BodyOrigin Origin => source.Origin;

        public string? Type => source.Type;

        public long? Length => source.Length;

        public bool CanRewind => source.CanRewind;

        public bool IsSpent => source.IsSpent;

        public IBodyReader Open()
        {
            limits.Begin();
            return new PacedReader(source.Open(), limits);
        }
    }

    private sealed class PacedReader(IBodyReader reader, TransferLimits limits) : IBodyReader
    {
        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            var count = await reader.ReadAsync(destination, cancellationToken);
            // The answer may take its time.
            if (count == 0) { limits.Unwatch(); }
            else { await limits.PassAsync(count, cancellationToken); }
            return count;
        }

        public bool TrySkip(long bytes) => reader.TrySkip(bytes);

        public bool HasGrown => reader.HasGrown;

        public void Close() => reader.Close();
    }
}
