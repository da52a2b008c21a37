namespace Firstbyte.Transfers;

/// <summary>Content that is at hand.</summary>
/// <param name="bytes">The content.</param>
/// <param name="type">Its media type; null where nobody says it.</param>
public sealed class BytesBody(ReadOnlyMemory<byte> bytes, string? type = null) : IBodySource
{
    /// <summary>The content.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <inheritdoc/>
    public BodyOrigin Origin => new(BodyKind.Bytes);

    /// <inheritdoc/>
    public string? Type => type;

    /// <inheritdoc/>
    public long? Length => bytes.Length;

    /// <inheritdoc/>
    public bool CanRewind => true;

    /// <inheritdoc/>
    public bool IsSpent => false;

    /// <inheritdoc/>
    public IBodyReader Open() => new Reader(bytes);

    private sealed class Reader(ReadOnlyMemory<byte> left) : IBodyReader
    {
        private ReadOnlyMemory<byte> _left = left;

        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            var count = Math.Min(destination.Length, _left.Length);
            _left[..count].CopyTo(destination);
            _left = _left[count..];
            return new ValueTask<int>(count);
        }

        public bool TrySkip(long bytes)
        {
            _left = _left[(int)Math.Min(bytes, _left.Length)..];
            return true;
        }
    }
}
