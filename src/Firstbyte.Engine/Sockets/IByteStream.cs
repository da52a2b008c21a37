namespace Firstbyte.Sockets;

/// <summary>A pipe of bytes in both directions, as the client or server above it sees it: a connected stream socket, or TLS over one.</summary>
/// <remarks>
/// One receive and one send may wait at a time. Failures are <see cref="NetworkException"/> with an errno (a TLS stream adds failures of
/// its own); a cancelled call ends with <see cref="OperationCanceledException"/> and leaves the stream fit only to be closed.
/// </remarks>
public interface IByteStream : IDisposable
{
    /// <summary>The bytes that are there, up to the buffer's length; 0 when the peer has ended its direction.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Hands over all the bytes, waiting as often as the stack below takes only a part.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>
    /// Bytes that whatever lies below has taken so far, also of a send that still waits: by it a slow peer is told from one that takes nothing.
    /// </summary>
    long Taken { get; }

    /// <summary>Ends the own direction: the peer reads its end after what was sent; receiving goes on.</summary>
    void ShutdownSend();

    /// <summary>Ends both directions and frees what lies below. Closing twice is harmless.</summary>
    void Close();
}

/// <summary>A connected stream socket as a pipe of bytes; closing the pipe closes the socket.</summary>
public sealed class SocketByteStream(ISocket socket) : IByteStream
{
    /// <summary>The socket below.</summary>
    public ISocket Socket { get; } = socket;

    /// <inheritdoc/>
    public long Taken { get; private set; }

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Socket.ReceiveAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        // The common case, all bytes taken at once, needs no state machine.
        var call = Socket.SendAsync(data, cancellationToken);
        if (!call.IsCompletedSuccessfully) { return SendAllAsync(call, data, cancellationToken); }
        var taken = call.GetAwaiter().GetResult();
        Taken += taken;
        return taken == data.Length
            ? ValueTask.CompletedTask
            : SendAllAsync(Socket.SendAsync(data[taken..], cancellationToken), data[taken..], cancellationToken);
    }

    /// <inheritdoc/>
    public void ShutdownSend() => Socket.Shutdown(SocketDirections.Send);

    /// <inheritdoc/>
    public void Close() => Socket.Close();

    /// <inheritdoc/>
    public void Dispose() => Close();

    private async ValueTask SendAllAsync(ValueTask<int> first, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        for (var call = first; ; call = Socket.SendAsync(data, cancellationToken))
        {
            var taken = await call;
            Taken += taken;
            if (taken == data.Length) { return; }
            data = data[taken..];
        }
    }
}
