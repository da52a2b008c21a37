using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;

namespace Firstbyte.Sockets.Stack;

/// <summary>A datagram socket over our own UDP.</summary>
internal sealed class StackMailbox : StackSocket, IErrorQueue
{
    // Linux: SOCK_MIN_RCVBUF, about 2 kB.
    private const int LeastBuffer = 2_048;

    private readonly UdpSocket _socket;
    private readonly StackWait<ReceivedDatagram> _receivingFrom;
    private readonly StackWait<int> _receiving;
    private readonly StackWait<ReportedError> _receivingError;
    private Memory<byte> _toFill;
    private int _sendBuffer = 212_992;

    public StackMailbox(StackNetwork network, UdpSocket socket)
        : base(network, socket)
    {
        _socket = socket;
        _receivingFrom = new StackWait<ReceivedDatagram>(network.Driver);
        _receiving = new StackWait<int>(network.Driver);
        _receivingError = new StackWait<ReportedError>(network.Driver);
    }

    public override SocketKind Kind => SocketKind.Datagram;

    protected override bool IsConnected => _socket.IsConnected;

    public override void Listen(int backlog)
    {
        Enter("listen", LocalEndpoint);
        throw Failure(Errno.EOPNOTSUPP, "listen");
    }

    public override ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        Enter("accept", LocalEndpoint);
        throw Failure(Errno.EOPNOTSUPP, "accept");
    }

    public override ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled(cancellationToken); }
        Enter("connect", remote);
        var fault = Stack.Connect(_socket, remote);
        return fault == Errno.None ? ValueTask.CompletedTask : ValueTask.FromException(new NetworkException(fault, "connect", remote));
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => Send(data, null, cancellationToken);

    public override ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default) =>
        Send(data, remote, cancellationToken);

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        Enter("receive", RemoteEndpoint);
        var fault = Take(buffer, out var datagram);
        if (fault == Errno.EAGAIN) { return Wait(_receiving, buffer, cancellationToken); }
        Check(fault, "receive", RemoteEndpoint ?? LocalEndpoint);
        return new ValueTask<int>(datagram.Length);
    }

    public override ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<ReceivedDatagram>(cancellationToken); }
        Enter("receive", LocalEndpoint);
        var fault = Take(buffer, out var datagram);
        if (fault == Errno.EAGAIN) { return Wait(_receivingFrom, buffer, cancellationToken); }
        Check(fault, "receive", RemoteEndpoint ?? LocalEndpoint);
        return new ValueTask<ReceivedDatagram>(datagram);
    }

    public void KeepErrors() => _socket.ReportsErrors = true;

    public ValueTask<ReportedError> ReceiveErrorAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<ReportedError>(cancellationToken); }
        Enter("receive", LocalEndpoint);
        KeepErrors();
        return _socket.TryTakeError(out var error) ? new ValueTask<ReportedError>(error) : _receivingError.BeginValue(cancellationToken);
    }

    public override void Shutdown(SocketDirections directions)
    {
        Enter("shutdown", RemoteEndpoint);
        throw Failure(IsConnected ? Errno.EOPNOTSUPP : Errno.ENOTCONN, "shutdown");
    }

    public override void OnSignal()
    {
        if (_receivingError.IsWaiting && _socket.TryTakeError(out var error)) { _receivingError.End(error); }
        if (IsClosed || !(_receiving.IsWaiting || _receivingFrom.IsWaiting)) { return; }
        var fault = Take(_toFill, out var datagram);
        if (fault == Errno.EAGAIN) { return; }
        _toFill = default;
        if (fault != Errno.None)
        {
            _receiving.Fail(Failure(fault, "receive"));
            _receivingFrom.Fail(Failure(fault, "receive"));
        }
        else if (_receiving.IsWaiting) { _receiving.End(datagram.Length); }
        else { _receivingFrom.End(datagram); }
    }

    public override IEnumerable<string> WaitingCalls()
    {
        if (_receiving.IsWaiting || _receivingFrom.IsWaiting || _receivingError.IsWaiting) { yield return "receive"; }
    }

    protected override Errno BindCore(Endpoint local) => Stack.Bind(_socket, local);

    protected override bool TrySetOption(SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.ReceiveBuffer: _socket.Capacity = Math.Max(value, LeastBuffer); return true;
            // Datagrams leave at once; the number is kept for whoever asks.
            case SocketOption.SendBuffer: _sendBuffer = Math.Max(value, LeastBuffer); return true;
            default: return false;
        }
    }

    protected override bool TryGetOption(SocketOption option, out int value)
    {
        value = option switch
        {
            SocketOption.ReceiveBuffer => _socket.Capacity,
            SocketOption.SendBuffer => _sendBuffer,
            _ => -1,
        };
        return value >= 0;
    }

    protected override void CloseCore()
    {
        var ended = new NetworkException(Errno.ECANCELED, "close", RemoteEndpoint ?? LocalEndpoint);
        Stack.Close(_socket);
        _receiving.Fail(ended);
        _receivingFrom.Fail(ended);
        _receivingError.Fail(ended);
    }

    private ValueTask<int> Send(ReadOnlyMemory<byte> data, Endpoint? remote, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        Enter("send", remote ?? RemoteEndpoint);
        Check(Stack.Send(_socket, data.Span, remote, Now), "send", remote ?? RemoteEndpoint ?? LocalEndpoint);
        Network.Flush();
        return new ValueTask<int>(data.Length);
    }

    private ValueTask<T> Wait<T>(StackWait<T> wait, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_receiving.IsWaiting || _receivingFrom.IsWaiting) { throw new InvalidOperationException("A receive is waiting already."); }
        _toFill = buffer;
        return wait.BeginValue(cancellationToken);
    }

    private Errno Take(Memory<byte> buffer, out ReceivedDatagram datagram)
    {
        var fault = _socket.Receive(buffer.Span, out var length, out var remote);
        datagram = new ReceivedDatagram(Math.Min(length, buffer.Length), remote, length > buffer.Length);
        return fault;
    }
}
