using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Decorators;

/// <summary>A network that tells the life of its sockets; the calls pass through unchanged.</summary>
/// <param name="inner">The network that does the work.</param>
/// <param name="span">The step that the events belong to.</param>
/// <param name="tellBytes">Copy the bytes of every call into its event.</param>
public sealed class TracingNetwork(INetwork inner, TraceSpan span, bool tellBytes = false) : INetwork
{
    /// <inheritdoc/>
    public TimeProvider Time => inner.Time;

    /// <inheritdoc/>
    public IRandomSource Random => inner.Random;

    /// <inheritdoc/>
    public IHostFiles Files => inner.Files;

    /// <inheritdoc/>
    public IReadOnlyList<IpAddress> GetAddresses() => inner.GetAddresses();

    /// <inheritdoc/>
    public bool HasCarrier => inner.HasCarrier;

    /// <inheritdoc/>
    public bool? IsOfWorld(IpAddress address) => inner.IsOfWorld(address);

    /// <inheritdoc/>
    public ISocket CreateSocket(IpVersion version, SocketKind kind)
    {
        var socket = inner.CreateSocket(version, kind);
        if (!span.IsListening) { return socket; }
        span.Tell(new SocketCreated(socket.Descriptor, version, kind));
        return new TracingSocket(socket, inner.Time, span, tellBytes);
    }
}

/// <summary>A socket that tells what is done with it.</summary>
internal sealed class TracingSocket(ISocket inner, TimeProvider time, TraceSpan span, bool tellBytes) : ISocket
{
    // close() frees the number, which another socket may have by the time somebody asks.
    private readonly int _descriptor = inner.Descriptor;
    private bool _resets;
    private bool _isConnected;
    private bool _closed;

    public int Descriptor => _descriptor;

    public IpVersion Version => inner.Version;

    public SocketKind Kind => inner.Kind;

    public Endpoint? LocalEndpoint => inner.LocalEndpoint;

    public Endpoint? RemoteEndpoint => inner.RemoteEndpoint;

    public void Bind(Endpoint local) => inner.Bind(local);

    public void Listen(int backlog) => inner.Listen(backlog);

    public async ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var accepted = await inner.AcceptAsync(cancellationToken);
        span.Tell(new SocketCreated(accepted.Descriptor, accepted.Version, accepted.Kind));
        return new TracingSocket(accepted, time, span, tellBytes);
    }

    public async ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        span.Tell(new ConnectStarted(_descriptor, remote));
        var began = time.GetTimestamp();
        try
        {
            await inner.ConnectAsync(remote, cancellationToken);
        }
        catch (NetworkException e)
        {
            span.Tell(new ConnectFailed(_descriptor, remote, e.Error, Since(began)));
            throw;
        }
        _isConnected = true;
        span.Tell(new ConnectCompleted(_descriptor, inner.LocalEndpoint ?? default, remote, Since(began)));
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        var count = await inner.SendAsync(data, cancellationToken);
        TellSent(data, count);
        return count;
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReceiveAsync(buffer, cancellationToken);
        if (count == 0 && Kind == SocketKind.Stream) { span.Tell(new StreamEnded(_descriptor)); }
        else { TellReceived(buffer, count); }
        return count;
    }

    public async ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default)
    {
        var count = await inner.SendToAsync(data, remote, cancellationToken);
        TellSent(data, count);
        return count;
    }

    public async ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var datagram = await inner.ReceiveFromAsync(buffer, cancellationToken);
        TellReceived(buffer, datagram.Length);
        return datagram;
    }

    public void Shutdown(SocketDirections directions) => inner.Shutdown(directions);

    public void SetOption(SocketOption option, int value)
    {
        inner.SetOption(option, value);
        if (option == SocketOption.LingerSeconds) { _resets = value == 0; }
    }

    public int GetOption(SocketOption option) => inner.GetOption(option);

    public void Close()
    {
        // Nobody can be asked once it is closed.
        if (!_closed && _isConnected && Kind == SocketKind.Stream && (inner as ITransportFigures)?.ReadFigures() is { } figures)
        {
            span.Tell(new TransportMeasured(_descriptor, figures));
        }
        inner.Close();
        if (_closed) { return; }
        _closed = true;
        span.Tell(new SocketClosed(_descriptor, _resets && Kind == SocketKind.Stream));
    }

    public void Dispose() => Close();

    private void TellSent(ReadOnlyMemory<byte> data, int count) => span.Tell(new BytesSent(_descriptor, count, tellBytes ? data[..count].ToArray() : null));

    private void TellReceived(Memory<byte> buffer, int count) => span.Tell(new BytesReceived(_descriptor, count, tellBytes ? buffer[..count].ToArray() : null));

    private long Since(long began) => NetworkClock.NanosecondsSince(time, began);
}
