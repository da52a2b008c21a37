using System.Numerics;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;

namespace Firstbyte.Sockets.Stack;

/// <summary>A stream socket over our own TCP. Buffer sizes, NoDelay and KeepAlive count for the connection that begins after they are set.</summary>
internal sealed class StackStream : StackSocket
{
    /// <summary>SO_KEEPALIVE's time of silence (RFC 9293 section 3.8.4: no less than two hours).</summary>
    private static readonly TimeSpan KeepAliveIdle = TimeSpan.FromHours(2);

    private readonly TcpSocket _socket;
    private readonly Queue<StackWait<ISocket>> _accepting = new();
    private readonly StackWait<bool> _connecting;
    private readonly StackWait<int> _sending;
    private readonly StackWait<int> _receiving;
    private ReadOnlyMemory<byte> _toSend;
    private Memory<byte> _toFill;
    private Endpoint _target;
    private bool _isUnusable;

    public StackStream(StackNetwork network, TcpSocket socket)
        : base(network, socket)
    {
        _socket = socket;
        _connecting = new StackWait<bool>(network.Driver);
        _sending = new StackWait<int>(network.Driver);
        _receiving = new StackWait<int>(network.Driver);
    }

    public override SocketKind Kind => SocketKind.Stream;

    protected override bool IsConnected => _socket.WasEstablished;

    public override void Listen(int backlog)
    {
        Enter("listen", LocalEndpoint);
        Check(Stack.Listen(_socket, backlog), "listen", LocalEndpoint);
    }

    public override ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<ISocket>(cancellationToken); }
        Enter("accept", LocalEndpoint);
        var fault = _socket.Accept(out var connection);
        if (fault == Errno.EAGAIN)
        {
            // Any number of programs may wait for a client: first come, first served.
            var wait = new StackWait<ISocket>(Network.Driver);
            _accepting.Enqueue(wait);
            return wait.BeginValue(cancellationToken);
        }
        Check(fault, "accept", LocalEndpoint);
        return new ValueTask<ISocket>(new StackStream(Network, connection));
    }

    public override ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled(cancellationToken); }
        Enter("connect", remote);
        if (_isUnusable) { throw new NetworkException(Errno.ECONNABORTED, "connect", remote); }
        Check(Stack.Connect(_socket, remote, Now), "connect", remote);
        _target = remote;
        Network.Flush();
        if (_socket.WasEstablished) { return ValueTask.CompletedTask; }
        if (!_socket.HasConnection) { throw new NetworkException(_socket.TakeFault(), "connect", remote); }
        return _connecting.Begin(cancellationToken, GiveUpConnecting);
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        Enter("send", RemoteEndpoint);
        var fault = Stack.Send(_socket, data.Span, out var count, Now);
        if (fault == Errno.EAGAIN)
        {
            _toSend = data;
            return _sending.BeginValue(cancellationToken);
        }
        Check(fault, "send", RemoteEndpoint ?? LocalEndpoint);
        Network.Flush();
        return new ValueTask<int>(count);
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        Enter("receive", RemoteEndpoint);
        var fault = Stack.Receive(_socket, buffer.Span, out var count, Now);
        if (fault == Errno.EAGAIN)
        {
            _toFill = buffer;
            return _receiving.BeginValue(cancellationToken);
        }
        Check(fault, "receive", RemoteEndpoint ?? LocalEndpoint);
        Network.Flush();
        return new ValueTask<int>(count);
    }

    public override ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default)
    {
        Enter("send", remote);
        throw new NetworkException(IsConnected ? Errno.EISCONN : Errno.EOPNOTSUPP, "send", remote);
    }

    public override ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter("receive", RemoteEndpoint);
        throw Failure(Errno.EOPNOTSUPP, "receive");
    }

    public override void Shutdown(SocketDirections directions)
    {
        Enter("shutdown", RemoteEndpoint);
        Check(Stack.Shutdown(
            _socket, (directions & SocketDirections.Receive) == SocketDirections.Receive,
            (directions & SocketDirections.Send) == SocketDirections.Send, Now), "shutdown", RemoteEndpoint ?? LocalEndpoint);
        Network.Flush();
    }

    public override void OnSignal()
    {
        if (IsClosed) { return; }
        if (_connecting.IsWaiting) { TryEndConnecting(); }
        ServeAccepts();
        if (_receiving.IsWaiting)
        {
            var fault = Stack.Receive(_socket, _toFill.Span, out var count, Now);
            if (fault == Errno.None) { _receiving.End(count); }
            else if (fault != Errno.EAGAIN) { _receiving.Fail(Failure(fault, "receive")); }
            if (!_receiving.IsWaiting) { _toFill = default; }
        }
        if (_sending.IsWaiting)
        {
            var fault = Stack.Send(_socket, _toSend.Span, out var count, Now);
            if (fault == Errno.None) { _sending.End(count); }
            else if (fault != Errno.EAGAIN) { _sending.Fail(Failure(fault, "send")); }
            if (!_sending.IsWaiting) { _toSend = default; }
        }
    }

    public override IEnumerable<string> WaitingCalls()
    {
        if (_connecting.IsWaiting) { yield return "connect"; }
        if (_accepting.Any(static wait => wait.IsWaiting)) { yield return "accept"; }
        if (_receiving.IsWaiting) { yield return "receive"; }
        if (_sending.IsWaiting) { yield return "send"; }
    }

    protected override Errno BindCore(Endpoint local) => Stack.Bind(_socket, local);

    protected override bool TrySetOption(SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.NoDelay: _socket.Settings = _socket.Settings with { NoDelay = value != 0 }; return true;
            case SocketOption.KeepAlive: _socket.Settings = _socket.Settings with { KeepAliveIdle = value != 0 ? KeepAliveIdle : TimeSpan.Zero }; return true;
            case SocketOption.ReceiveBuffer: _socket.Settings = _socket.Settings with { ReceiveCapacity = ToCapacity(value) }; return true;
            case SocketOption.SendBuffer: _socket.Settings = _socket.Settings with { SendCapacity = ToCapacity(value) }; return true;
            default: return false;
        }
    }

    protected override bool TryGetOption(SocketOption option, out int value)
    {
        value = option switch
        {
            SocketOption.NoDelay => _socket.Settings.NoDelay ? 1 : 0,
            SocketOption.KeepAlive => _socket.Settings.KeepAliveIdle > TimeSpan.Zero ? 1 : 0,
            SocketOption.ReceiveBuffer => _socket.Settings.ReceiveCapacity,
            SocketOption.SendBuffer => _socket.Settings.SendCapacity,
            _ => -1,
        };
        return value >= 0;
    }

    protected override void CloseCore()
    {
        var ended = new NetworkException(Errno.ECANCELED, "close", RemoteEndpoint ?? LocalEndpoint);
        Stack.Close(_socket, byReset: LingerSeconds == 0, Now);
        _connecting.Fail(ended);
        while (_accepting.TryDequeue(out var accept)) { accept.Fail(ended); }
        _receiving.Fail(ended);
        _sending.Fail(ended);
    }

    private void ServeAccepts()
    {
        while (_accepting.TryPeek(out var wait))
        {
            if (wait.IsWaiting)
            {
                if (_socket.Accept(out var connection) != Errno.None) { return; }
                wait.End(new StackStream(Network, connection));
            }
            _accepting.Dequeue();
        }
    }

    private void TryEndConnecting()
    {
        if (_socket.WasEstablished) { _connecting.End(true); }
        else if (!_socket.HasConnection) { _connecting.Fail(new NetworkException(_socket.TakeFault(), "connect", _target)); }
    }

    private void GiveUpConnecting()
    {
        _isUnusable = true;
        Stack.Close(_socket, byReset: true, Now);
        Network.Flush();
    }


    // The rings hold a power of two; 64 MiB is what Linux lets a program ask for at most (tcp_rmem is lower still).
    private static int ToCapacity(int bytes) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(bytes, 4_096, 1 << 26));
}
