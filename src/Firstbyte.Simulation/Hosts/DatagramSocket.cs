using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation;

/// <summary>A mailbox of a simulated host.</summary>
internal sealed class DatagramSocket : PlainSocket
{
    // 65,535 bytes of packet less 20 of IPv4 header and 8 of UDP header (RFC 791, RFC 768); IPv6 does not count its header (RFC 8200).
    private const int LongestV4 = 65_507;
    private const int LongestV6 = 65_527;

    private readonly SocketCall<ReceivedDatagram> _receiveFrom;
    private readonly SocketCall<int> _receive;
    private readonly Queue<Packet> _arrived = new();
    private Memory<byte> _buffer;
    private int _arrivedBytes;
    private Errno _error;
    private bool _receiveShut;
    private bool _sendShut;

    public DatagramSocket(PlainStack stack, IpVersion version, int descriptor)
        : base(stack, version, SocketKind.Datagram, descriptor)
    {
        _receiveFrom = new SocketCall<ReceivedDatagram>(stack.Kernel);
        _receive = new SocketCall<int>(stack.Kernel);
    }

    public override void Listen(int backlog)
    {
        Enter("listen", LocalEndpoint);
        throw new NetworkException(Errno.EOPNOTSUPP, "listen", LocalEndpoint);
    }

    public override ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        Enter("accept", LocalEndpoint);
        throw new NetworkException(Errno.EOPNOTSUPP, "accept", LocalEndpoint);
    }

    public override ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        Enter("connect", remote);
        RequireVersion(remote, "connect");
        cancellationToken.ThrowIfCancellationRequested();
        var source = Stack.SourceFor(remote, "connect");
        LocalEndpoint ??= Stack.Bind(this, new Endpoint(Any, 0), "connect");
        // The own address is that of the way to the peer; the port table keeps what was bound.
        if (LocalEndpoint.Value.Address.Bits == 0) { LocalEndpoint = LocalEndpoint.Value with { Address = source }; }
        RemoteEndpoint = remote;
        return default;
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        Enter("send", RemoteEndpoint);
        return RemoteEndpoint is { } remote ? Send(data.Span, remote, cancellationToken) : throw Failure(Errno.EDESTADDRREQ, "send");
    }

    public override ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default)
    {
        Enter("send", remote);
        RequireVersion(remote, "send");
        return Send(data.Span, remote, cancellationToken);
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter("receive", RemoteEndpoint);
        cancellationToken.ThrowIfCancellationRequested();
        if (_arrived.Count > 0) { return new ValueTask<int>(Take(buffer.Span).Length); }
        ThrowPending("receive");
        if (_receiveShut) { return new ValueTask<int>(0); }
        var wait = _receive.BeginValue(cancellationToken);
        _buffer = buffer;
        return wait;
    }

    public override ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter("receive", LocalEndpoint);
        cancellationToken.ThrowIfCancellationRequested();
        if (_arrived.Count > 0) { return new ValueTask<ReceivedDatagram>(Take(buffer.Span)); }
        ThrowPending("receive");
        if (_receiveShut) { return default; }
        var wait = _receiveFrom.BeginValue(cancellationToken);
        _buffer = buffer;
        return wait;
    }

    public override void Shutdown(SocketDirections directions)
    {
        Enter("shutdown", RemoteEndpoint);
        if (RemoteEndpoint is null) { throw Failure(Errno.ENOTCONN, "shutdown"); }
        if ((directions & SocketDirections.Send) == SocketDirections.Send) { _sendShut = true; }
        if ((directions & SocketDirections.Receive) == SocketDirections.Receive)
        {
            _receiveShut = true;
            _receive.TryEnd(0);
            _receiveFrom.TryEnd(default);
        }
    }

    public override void ReportWaits(List<WaitingCall> waits)
    {
        if (_receive.IsWaiting || _receiveFrom.IsWaiting) { waits.Add(Waiting("receive")); }
    }

    /// <summary>A datagram has arrived. It belongs to the mailbox from here on.</summary>
    public void Deliver(Packet packet)
    {
        // As Linux counts: a queue that holds less than its limit takes one more, whatever its length.
        if (_receiveShut || _arrivedBytes >= ReceiveBuffer)
        {
            Stack.Drop(packet, PacketDropReason.BufferFull);
            return;
        }
        _arrived.Enqueue(packet);
        _arrivedBytes += packet.Length;
        if (_receive.IsWaiting) { _receive.TryEnd(Take(_buffer.Span).Length); }
        else if (_receiveFrom.IsWaiting) { _receiveFrom.TryEnd(Take(_buffer.Span)); }
    }

    /// <summary>An error about something that was sent to <paramref name="remote"/>; only a connected mailbox is told (RFC 1122 4.1.3.3 leaves it to the API; Linux does so).</summary>
    public void DeliverError(Errno error, Endpoint remote)
    {
        if (RemoteEndpoint != remote) { return; }
        if (!_receive.TryFail(Failure(error, "receive")) && !_receiveFrom.TryFail(Failure(error, "receive"))) { _error = error; }
    }

    protected override void CloseCore()
    {
        _receive.TryFail(Failure(Errno.ECANCELED, "receive"));
        _receiveFrom.TryFail(Failure(Errno.ECANCELED, "receive"));
        while (_arrived.TryDequeue(out var packet)) { Stack.Release(packet); }
    }

    private ValueTask<int> Send(ReadOnlySpan<byte> data, Endpoint remote, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_sendShut) { throw Failure(Errno.EPIPE, "send"); }
        ThrowPending("send");
        if (data.Length > (Version == IpVersion.V4 ? LongestV4 : LongestV6)) { throw new NetworkException(Errno.EMSGSIZE, "send", remote); }
        var source = Stack.SourceFor(remote, "send");
        LocalEndpoint ??= Stack.Bind(this, new Endpoint(Any, 0), "send");
        var local = LocalEndpoint.Value;
        var packet = Stack.NewPacket(PacketKind.Datagram, local.Address.Bits == 0 ? local with { Address = source } : local, remote);
        data.CopyTo(packet.Allocate(data.Length));
        Stack.Send(packet);
        return new ValueTask<int>(data.Length);
    }

    private ReceivedDatagram Take(Span<byte> buffer)
    {
        var packet = _arrived.Dequeue();
        _arrivedBytes -= packet.Length;
        var count = Math.Min(buffer.Length, packet.Length);
        packet.Payload[..count].CopyTo(buffer);
        var received = new ReceivedDatagram(count, packet.Source, packet.Length > count);
        Stack.Release(packet);
        return received;
    }

    private void ThrowPending(string call)
    {
        if (_error == Errno.None) { return; }
        var error = _error;
        _error = Errno.None;
        throw Failure(error, call);
    }
}
