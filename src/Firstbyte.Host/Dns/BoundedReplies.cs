namespace Firstbyte.Host.Dns;

/// <summary>A connection to a server that may send no more than it was asked for, about: one that sends without end is cut off.</summary>
/// <remarks>
/// The client library reads a reply to its end before it says how long it is, so a length of gigabytes would be memory of as much. Each byte that is sent
/// allows <see cref="Factor"/> to come: a look-up has about a hundred bytes, and its answer 16 KB at most.
/// </remarks>
internal sealed class BoundedReplies(Stream inner) : Stream
{
    /// <summary>Bytes that may come before anything was asked for, and at most (own choice): all look-ups under way at once, answered in full.</summary>
    public const long Most = 2 << 20;

    /// <summary>Bytes that may come for each that is sent (own choice).</summary>
    public const int Factor = 256;

    private readonly Lock _gate = new();
    private long _allowed = Most;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Take(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Take(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Allow(buffer.Length);
        inner.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Allow(buffer.Length);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }
        base.Dispose(disposing);
    }

    private void Allow(int sent)
    {
        lock (_gate) { _allowed = Math.Min(Most, _allowed + (long)sent * Factor); }
    }

    private int Take(int read)
    {
        lock (_gate)
        {
            _allowed -= read;
            return _allowed >= 0 ? read : throw new IOException("more came than was asked for");
        }
    }
}
