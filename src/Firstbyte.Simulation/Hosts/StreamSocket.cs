using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation;

/// <summary>A stream socket of a simulated host: the Socket library's face of a listener or of one end of a <see cref="StreamConnection"/>.</summary>
internal sealed class StreamSocket : PlainSocket
{
    // How often another port is drawn when the whole 4-tuple is still taken by a connection that is being closed.
    private const int MostPortDraws = 16;

    private readonly SocketCall<int> _receive;
    private readonly SocketCall<int> _send;
    private readonly SocketCall<bool> _connect;
    private Queue<SocketCall<ISocket>>? _accepting;
    private Queue<StreamConnection>? _accepted;
    private List<StreamConnection>? _opening;
    private int _backlog;
    private StreamConnection? _connection;
    private Memory<byte> _receiveBuffer;
    private ReadOnlyMemory<byte> _sendData;
    private bool _isUnusable;
    private bool _isConnected;

    public StreamSocket(PlainStack stack, IpVersion version, int descriptor, StreamConnection? connection = null)
        : base(stack, version, SocketKind.Stream, descriptor)
    {
        _receive = new SocketCall<int>(stack.Kernel);
        _send = new SocketCall<int>(stack.Kernel);
        _connect = new SocketCall<bool>(stack.Kernel);
        if (connection is null) { return; }
        _connection = connection;
        _isConnected = true;
        connection.Owner = this;
        connection.Listener = null;
        LocalEndpoint = connection.Local;
        RemoteEndpoint = connection.Remote;
    }

    public override bool IsListening => _accepted is not null;

    public override void Listen(int backlog)
    {
        Enter("listen", LocalEndpoint);
        if (_connection is not null || _isUnusable) { throw Failure(Errno.EINVAL, "listen"); }
        LocalEndpoint ??= Stack.Bind(this, new Endpoint(Any, 0), "listen");
        _backlog = Math.Max(0, backlog);
        if (_accepted is not null) { return; }
        _accepted = new Queue<StreamConnection>();
        _opening = [];
        _accepting = new Queue<SocketCall<ISocket>>();
    }

    public override ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        Enter("accept", LocalEndpoint);
        cancellationToken.ThrowIfCancellationRequested();
        if (_accepted is null) { throw Failure(Errno.EINVAL, "accept"); }
        if (_accepted.TryPeek(out var connection))
        {
            var socket = Stack.Adopt(connection, Version);
            _accepted.Dequeue();
            return new ValueTask<ISocket>(socket);
        }
        // Any number of accepts may wait, and are served in order; a call costs an object only when it waits.
        var call = new SocketCall<ISocket>(Stack.Kernel);
        var wait = call.BeginValue(cancellationToken);
        _accepting!.Enqueue(call);
        return wait;
    }

    public override ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        Enter("connect", remote);
        RequireVersion(remote, "connect");
        cancellationToken.ThrowIfCancellationRequested();
        if (_isConnected || IsListening) { throw new NetworkException(Errno.EISCONN, "connect", remote); }
        if (_connection is not null) { throw new NetworkException(Errno.EALREADY, "connect", remote); }
        if (_isUnusable) { throw new NetworkException(Errno.EINVAL, "connect", remote); }
        var source = Stack.SourceFor(remote, "connect");
        LocalEndpoint = ChooseLocal(source, remote);
        _connection = new StreamConnection(Stack, LocalEndpoint.Value, remote, ReceiveBuffer, SendBuffer) { Owner = this };
        RemoteEndpoint = remote;
        _connection.Open();
        return _connect.Begin(cancellationToken, GiveUpConnecting);
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        Enter("send", RemoteEndpoint);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isConnected) { throw Failure(_connection is null ? Errno.EPIPE : Errno.ENOTCONN, "send"); }
        if (_connection!.TakeError() is var error and not Errno.None) { throw Failure(error, "send"); }
        if (!_connection.CanSend) { throw Failure(Errno.EPIPE, "send"); }
        var taken = _connection.Write(data.Span);
        if (taken > 0 || data.IsEmpty) { return new ValueTask<int>(taken); }
        var wait = _send.BeginValue(cancellationToken);
        _sendData = data;
        return wait;
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter("receive", RemoteEndpoint);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isConnected) { throw Failure(Errno.ENOTCONN, "receive"); }
        var taken = _connection!.Read(buffer.Span);
        if (taken > 0 || buffer.IsEmpty || _connection.IsAtEnd) { return new ValueTask<int>(taken); }
        if (_connection.TakeError() is var error and not Errno.None) { throw Failure(error, "receive"); }
        if (_connection.IsClosed) { return new ValueTask<int>(0); }
        var wait = _receive.BeginValue(cancellationToken);
        _receiveBuffer = buffer;
        return wait;
    }

    public override ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default)
    {
        Enter("send", remote);
        throw new NetworkException(Errno.EOPNOTSUPP, "send", remote);
    }

    public override ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter("receive", LocalEndpoint);
        throw new NetworkException(Errno.EOPNOTSUPP, "receive", LocalEndpoint);
    }

    public override void Shutdown(SocketDirections directions)
    {
        Enter("shutdown", RemoteEndpoint);
        if (directions is not (SocketDirections.Receive or SocketDirections.Send or SocketDirections.Both)) { throw Failure(Errno.EINVAL, "shutdown"); }
        if (!_isConnected || _connection!.IsClosed) { throw Failure(Errno.ENOTCONN, "shutdown"); }
        if ((directions & SocketDirections.Send) == SocketDirections.Send)
        {
            _connection.EndSending();
            _send.TryFail(Failure(Errno.EPIPE, "send"));
        }
        if ((directions & SocketDirections.Receive) == SocketDirections.Receive)
        {
            _connection.EndReceiving();
            OnReadable();
        }
    }

    public override void ReportWaits(List<WaitingCall> waits)
    {
        if (_accepting is not null && _accepting.Any(static call => call.IsWaiting)) { waits.Add(Waiting("accept")); }
        if (_connect.IsWaiting) { waits.Add(Waiting("connect")); }
        if (_receive.IsWaiting) { waits.Add(Waiting("receive")); }
        if (_send.IsWaiting) { waits.Add(Waiting("send")); }
    }

    /// <summary>A client asks this listener for a connection. With a full backlog the packet is forgotten, and the client asks again (as Linux does).</summary>
    public void ReceiveOpening(Packet packet)
    {
        // Linux' sk_acceptq_is_full lets one more in than the backlog says.
        if (_accepted!.Count + _opening!.Count > _backlog) { return; }
        var connection = new StreamConnection(Stack, packet.Target, packet.Source, ReceiveBuffer, SendBuffer) { Listener = this };
        _opening.Add(connection);
        connection.AnswerOpening(packet);
    }

    public void OnOpened(StreamConnection connection)
    {
        if (connection.Owner == this)
        {
            _isConnected = true;
            _connect.TryEnd(true);
            return;
        }
        _opening!.Remove(connection);
        while (_accepting!.TryDequeue(out var call))
        {
            // A cancelled call is still in the queue, and has ended.
            if (!call.IsWaiting) { continue; }
            try { call.TryEnd(Stack.Adopt(connection, Version)); }
            catch (NetworkException outOfDescriptors)
            {
                // accept fails, and the connection waits for the next one.
                call.TryFail(outOfDescriptors);
                break;
            }
            return;
        }
        _accepted!.Enqueue(connection);
    }

    /// <summary>A connection of this listener ended before anybody accepted it. One that was complete stays in the queue: accept returns it, and its first call tells.</summary>
    public void OnOpeningFailed(StreamConnection connection) => _opening?.Remove(connection);

    public void OnReadable()
    {
        if (!_receive.IsWaiting) { return; }
        var taken = _connection!.Read(_receiveBuffer.Span);
        if (taken > 0 || _connection.IsAtEnd) { _receive.TryEnd(taken); }
    }

    public void OnWritable()
    {
        if (!_send.IsWaiting) { return; }
        var taken = _connection!.Write(_sendData.Span);
        if (taken > 0) { _send.TryEnd(taken); }
    }

    /// <summary>The connection has failed; who waits is told, and the error is told once.</summary>
    public void OnFailed(Errno error)
    {
        if (_connect.IsWaiting)
        {
            var failure = new NetworkException(error, "connect", RemoteEndpoint);
            Detach();
            _connect.TryFail(failure);
            return;
        }
        OnReadable();
        if (_receive.IsWaiting && _connection!.TakeError() is var pending and not Errno.None) { _receive.TryFail(Failure(pending, "receive")); }
        if (_send.IsWaiting)
        {
            var told = _connection!.TakeError();
            _send.TryFail(Failure(told == Errno.None ? Errno.EPIPE : told, "send"));
        }
    }

    protected override void BuffersChanged() => _connection?.Resize(ReceiveBuffer, SendBuffer);

    protected override void CloseCore()
    {
        foreach (var call in _accepting ?? []) { call.TryFail(Failure(Errno.ECANCELED, "accept")); }
        _connect.TryFail(Failure(Errno.ECANCELED, "connect"));
        _receive.TryFail(Failure(Errno.ECANCELED, "receive"));
        _send.TryFail(Failure(Errno.ECANCELED, "send"));
        _connection?.Close(byReset: LingerSeconds == 0);
        if (_accepted is null) { return; }
        while (_accepted.TryDequeue(out var connection)) { connection.Abort(); }
        foreach (var connection in _opening!.ToArray()) { connection.Abort(); }
    }

    private void GiveUpConnecting()
    {
        _connection?.Close(byReset: false);
        Detach();
        _isUnusable = true;
    }

    private void Detach()
    {
        if (_connection is not null) { _connection.Owner = null; }
        _connection = null;
        RemoteEndpoint = null;
    }

    private Endpoint ChooseLocal(IpAddress source, Endpoint remote)
    {
        if (LocalEndpoint is { } bound)
        {
            var local = bound.Address.Bits == 0 ? bound with { Address = source } : bound;
            return Stack.HasConnection(local, remote) ? throw new NetworkException(Errno.EADDRNOTAVAIL, "connect", remote) : local;
        }
        for (var drawn = 0; drawn < MostPortDraws; drawn++)
        {
            var local = Stack.Bind(this, new Endpoint(source, 0), "connect");
            LocalEndpoint = local;
            if (!Stack.HasConnection(local, remote)) { return local; }
            Stack.Unbind(this);
            LocalEndpoint = null;
        }
        throw new NetworkException(Errno.EADDRNOTAVAIL, "connect", remote);
    }
}
