namespace Firstbyte.Sockets;

/// <summary>A stream of which some bytes have been received already, by whoever read what stood before them.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, IByteStream stream) : IByteStream
{
    private ReadOnlyMemory<byte> _prefix = prefix;

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_prefix.IsEmpty) { return stream.ReceiveAsync(buffer, cancellationToken); }
        var length = Math.Min(_prefix.Length, buffer.Length);
        _prefix[..length].CopyTo(buffer);
        _prefix = _prefix[length..];
        return new ValueTask<int>(length);
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => stream.SendAsync(data, cancellationToken);

    /// <inheritdoc/>
    public long Taken => stream.Taken;

    /// <inheritdoc/>
    public void ShutdownSend() => stream.ShutdownSend();

    /// <inheritdoc/>
    public void Close() => stream.Close();

    /// <inheritdoc/>
    public void Dispose() => Close();
}
