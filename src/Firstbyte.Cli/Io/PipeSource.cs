using Firstbyte.Transfers;

namespace Firstbyte.Cli.Io;

/// <summary>Content that comes as its writer sends it, and only once: standard input, a pipe with a name, a device.</summary>
/// <param name="origin">What it is.</param>
/// <param name="open">Opens it.</param>
/// <param name="patience">How long it is waited for where everything waits.</param>
internal sealed class PipeSource(BodyOrigin origin, Func<Stream> open, Patience patience) : IBodySource
{
    private readonly SlowReader _reader = new(open);
    private ReadOnlyMemory<byte> _held;

    /// <summary>The clock of the loop that goes on meanwhile; null where everything waits.</summary>
    public TimeProvider? Time { get; set; }

    /// <inheritdoc/>
    public BodyOrigin Origin => origin;

    /// <inheritdoc/>
    public string? Type => null;

    /// <inheritdoc/>
    public long? Length => null;

    /// <inheritdoc/>
    public bool CanRewind => false;

    /// <inheritdoc/>
    public bool IsSpent { get; private set; }

    /// <summary>Reads the beginning; the whole content where it ends within so many bytes, else null, and it is held for whoever opens it.</summary>
    /// <exception cref="IOException">It could not be read, or not within the time.</exception>
    public byte[]? ReadWhole(int most)
    {
        var bytes = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (bytes.Length < most)
        {
            var count = _reader.Read(piece, patience);
            if (count == 0) { return bytes.ToArray(); }
            bytes.Write(piece, 0, count);
        }
        _held = bytes.ToArray();
        return null;
    }

    /// <inheritdoc/>
    public IBodyReader Open()
    {
        if (IsSpent) { throw new InvalidOperationException($"{origin.Kind} was read already"); }
        IsSpent = true;
        return new Reader(this);
    }

    private sealed class Reader(PipeSource source) : IBodyReader
    {
        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (source._held.Length > 0)
            {
                var count = Math.Min(destination.Length, source._held.Length);
                source._held[..count].CopyTo(destination);
                source._held = source._held[count..];
                return new ValueTask<int>(count);
            }
            return source.Time is { } time
                ? source._reader.ReadAsync(destination, time, cancellationToken)
                : new ValueTask<int>(source._reader.Read(destination.Span, patience: source.Patience));
        }

        public void Close() => source._reader.Close();
    }

    private Patience Patience => patience;
}
