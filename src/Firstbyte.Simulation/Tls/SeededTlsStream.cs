using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Org.BouncyCastle.Tls;

namespace Firstbyte.Simulation.Tls;

/// <summary>Moves bytes between a transport and a TLS engine that never waits, and is the protected pipe above it.</summary>
internal sealed class SeededTlsStream(IByteStream transport, TlsProtocol protocol, IHalfClosing directions) : IByteStream
{
    // One record with all its overhead (RFC 8446 section 5.2: 2^14 + 256, and the header).
    private const int RecordLength = 16_384 + 256 + 5;

    private readonly byte[] _received = new byte[RecordLength];
    private Task? _sending;
    private bool _saidEnd;
    private bool _closed;

    /// <summary>The alert by which the peer has ended the session.</summary>
    public TlsAlert? Alert { get; private set; }

    /// <summary>Makes the handshake; returns why it failed, or null.</summary>
    public async ValueTask<IOException?> HandshakeAsync(Action start, CancellationToken cancellationToken)
    {
        try
        {
            start();
            await FlushAsync(cancellationToken);
            while (protocol.IsHandshaking)
            {
                var count = await transport.ReceiveAsync(_received, cancellationToken);
                if (count == 0) { return new EndOfStreamException(); }
                protocol.OfferInput(_received, 0, count);
                await FlushAsync(cancellationToken);
            }
            return null;
        }
        catch (IOException failure)
        {
            await SayAlertAsync(failure, cancellationToken);
            return failure;
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var there = ReadAvailable(buffer.Span);
        if (_closed) { throw new NetworkException(Errno.EBADF, "receive"); }
        return there > 0 || directions.PeerEnded || buffer.IsEmpty ? new ValueTask<int>(there) : ReceiveSlowAsync(buffer, cancellationToken);
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (_closed) { throw new NetworkException(Errno.EBADF, "send"); }
        if (_saidEnd || protocol.IsClosed) { throw new NetworkException(Errno.EPIPE, "send"); }
        protocol.WriteApplicationData(data.Span);
        await FlushAsync(cancellationToken);
    }

    public long Taken => transport.Taken;

    /// <summary>close_notify (RFC 8446 section 6.1); the peer's direction and the transport stay open.</summary>
    public void ShutdownSend()
    {
        SayEnd();
        _ = FlushLastAsync(closeTransport: false);
    }

    public void Close()
    {
        if (_closed) { return; }
        SayEnd();
        _closed = true;
        _ = FlushLastAsync(closeTransport: true);
    }

    public void Dispose() => Close();

    private void SayEnd()
    {
        if (_saidEnd || _closed || protocol.IsClosed) { return; }
        _saidEnd = true;
        directions.EndSending();
    }

    private int ReadAvailable(Span<byte> buffer)
    {
        var available = Math.Min(protocol.GetAvailableInputBytes(), buffer.Length);
        if (available == 0) { return 0; }
        var bytes = new byte[available];
        protocol.ReadInput(bytes, 0, available);
        bytes.CopyTo(buffer);
        return available;
    }

    private async ValueTask<int> ReceiveSlowAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = await transport.ReceiveAsync(_received, cancellationToken);
            if (count == 0) { return 0; }
            try
            {
                protocol.OfferInput(_received, 0, count);
            }
            catch (TlsException failure)
            {
                await SayAlertAsync(failure, cancellationToken);
                if (failure is TlsFatalAlertReceived received) { Alert = (TlsAlert)received.AlertDescription; }
                throw new NetworkException(Errno.ECONNABORTED, "receive", inner: failure);
            }
            await FlushAsync(cancellationToken);
            var there = ReadAvailable(buffer.Span);
            if (there > 0) { return there; }
            if (directions.PeerEnded || protocol.IsClosed) { return 0; }
        }
    }

    /// <summary>Sends what the engine wants sent. A second caller waits for the first, which takes the second's bytes along.</summary>
    private Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_sending is { IsCompleted: false }) { return _sending; }
        return protocol.GetAvailableOutputBytes() == 0 ? Task.CompletedTask : _sending = SendOutputAsync(cancellationToken);
    }

    private async Task SendOutputAsync(CancellationToken cancellationToken)
    {
        for (int length; (length = protocol.GetAvailableOutputBytes()) > 0;)
        {
            var output = new byte[length];
            protocol.ReadOutput(output, 0, length);
            await transport.SendAsync(output, cancellationToken);
        }
    }

    private async ValueTask SayAlertAsync(IOException failure, CancellationToken cancellationToken)
    {
        // When the transport itself is broken there is nobody to say it to.
        if (failure is NetworkException) { return; }
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (NetworkException)
        {
            // The failure that is being told came first; that the alert about it found no way adds nothing.
        }
    }

    private async Task FlushLastAsync(bool closeTransport)
    {
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        catch (NetworkException)
        {
            // The peer is gone: the connection ends either way.
        }
        if (closeTransport) { transport.Close(); }
    }
}
