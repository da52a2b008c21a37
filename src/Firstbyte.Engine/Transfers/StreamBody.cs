namespace Firstbyte.Transfers;

/// <summary>Content of a program's stream, from where it stands: known and readable again where the stream can seek.</summary>
/// <remarks>It is read with the stream's own asynchronous calls, and not disposed: it belongs to the program.</remarks>
public sealed class StreamBody : IBodySource
{
    private readonly Stream _stream;
    private readonly long _start;

    /// <summary>The content of a stream.</summary>
    /// <param name="stream">The stream; nobody else reads it meanwhile.</param>
    /// <param name="type">Its media type; null where nobody says it.</param>
    public StreamBody(Stream stream, string? type = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, Type, CanRewind) = (stream, type, stream.CanSeek);
        if (!CanRewind) { return; }
        _start = stream.Position;
        Length = Math.Max(0, stream.Length - _start);
    }

    /// <inheritdoc/>
    public BodyOrigin Origin => new(BodyKind.Stream);

    /// <inheritdoc/>
    public string? Type { get; }

    /// <inheritdoc/>
    public long? Length { get; }

    /// <inheritdoc/>
    public bool CanRewind { get; }

    /// <inheritdoc/>
    public bool IsSpent { get; private set; }

    /// <inheritdoc/>
    public IBodyReader Open()
    {
        if (IsSpent) { throw new InvalidOperationException("the stream was read already"); }
        if (CanRewind) { _stream.Position = _start; }
        else { IsSpent = true; }
        return new Reader(_stream, Length);
    }

    private sealed class Reader(Stream stream, long? length) : IBodyReader
    {
        private long _left = length ?? long.MaxValue;

        public bool HasGrown => stream.CanSeek && _left == 0 && stream.Length > stream.Position;

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            var count = await stream.ReadAsync(destination[..(int)Math.Min(destination.Length, _left)], cancellationToken);
            _left -= count;
            return count;
        }

        public bool TrySkip(long bytes)
        {
            if (!stream.CanSeek) { return false; }
            var skipped = Math.Min(bytes, _left);
            stream.Position += skipped;
            _left -= skipped;
            return true;
        }
    }
}
