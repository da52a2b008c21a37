using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Firstbyte.Addressing;

namespace Firstbyte.Sockets;

/// <summary>One socket of the operating system. <see cref="OsNetwork"/> lists where .NET changes a call.</summary>
internal sealed class OsSocket : ISocket
{
    // MSG_TRUNC as an argument makes Linux return a datagram's whole length (recv(2)); other systems have no such argument.
    private static readonly SocketFlags TellWholeLength = OperatingSystem.IsLinux() ? SocketFlags.Truncated : SocketFlags.None;

    private readonly Socket _socket;
    private SocketAddress? _sendAddress;
    private SocketAddress? _receiveAddress;
    private volatile bool _closed;

    internal OsSocket(IpVersion version, SocketKind kind)
    {
        var family = OsAddresses.Family(version);
        Version = version;
        Kind = kind;
        try
        {
            _socket = kind == SocketKind.Stream
                ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
                : new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        }
        catch (SocketException failure)
        {
            throw new NetworkException(OsErrors.ToErrno(failure.SocketErrorCode), "socket", inner: failure);
        }
        Descriptor = (int)_socket.Handle;
    }

    private OsSocket(Socket accepted, OsSocket listener)
    {
        _socket = accepted;
        Version = listener.Version;
        Kind = listener.Kind;
        Descriptor = (int)accepted.Handle;
        LocalEndpoint = OsAddresses.FromSystem(accepted.LocalEndPoint);
        RemoteEndpoint = OsAddresses.FromSystem(accepted.RemoteEndPoint);
    }

    public int Descriptor { get; private set; }

    public IpVersion Version { get; }

    public SocketKind Kind { get; }

    public Endpoint? LocalEndpoint { get; private set; }

    public Endpoint? RemoteEndpoint { get; private set; }

    public void Bind(Endpoint local)
    {
        RequireVersion(local, "bind");
        try
        {
            _socket.Bind(OsAddresses.ToSystem(local));
            LocalEndpoint = OsAddresses.FromSystem(_socket.LocalEndPoint);
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "bind", local); }
    }

    public void Listen(int backlog)
    {
        if (Kind == SocketKind.Datagram) { throw new NetworkException(Errno.EOPNOTSUPP, "listen", LocalEndpoint); }
        try
        {
            _socket.Listen(backlog);
            LocalEndpoint ??= OsAddresses.FromSystem(_socket.LocalEndPoint);
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "listen", LocalEndpoint); }
    }

    public async ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var closedBefore = _closed;
        try
        {
            return new OsSocket(await _socket.AcceptAsync(cancellationToken), this);
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "accept", LocalEndpoint, closedBefore); }
    }

    public async ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        RequireVersion(remote, "connect");
        // .NET refuses by its own state, and not with the errno that the system gives.
        if (Kind == SocketKind.Stream && RemoteEndpoint is not null) { throw new NetworkException(Errno.EISCONN, "connect", remote); }
        var closedBefore = _closed;
        try
        {
            await _socket.ConnectAsync(OsAddresses.ToSystem(remote), cancellationToken);
            Descriptor = (int)_socket.Handle;
            LocalEndpoint = OsAddresses.FromSystem(_socket.LocalEndPoint);
            RemoteEndpoint = remote;
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "connect", remote, closedBefore); }
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (_closed) { throw new NetworkException(Errno.EBADF, "send", RemoteEndpoint); }
        try { return Finish(_socket.SendAsync(data, SocketFlags.None, cancellationToken), "send", RemoteEndpoint); }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "send", RemoteEndpoint); }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closed) { throw new NetworkException(Errno.EBADF, "receive", RemoteEndpoint); }
        try { return Finish(_socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken), "receive", RemoteEndpoint); }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "receive", RemoteEndpoint); }
    }

    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default)
    {
        RequireVersion(remote, "send");
        if (_closed) { throw new NetworkException(Errno.EBADF, "send", remote); }
        OsAddresses.Write(remote, _sendAddress ??= OsAddresses.NewBuffer(Version));
        try
        {
            var sending = _socket.SendToAsync(data, SocketFlags.None, _sendAddress, cancellationToken);
            return LocalEndpoint is not null ? Finish(sending, "send", remote) : FinishFirstAsync(sending, remote);
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "send", remote); }
    }

    public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closed) { throw new NetworkException(Errno.EBADF, "receive", LocalEndpoint); }
        if (!OperatingSystem.IsLinux()) { return ReceiveMessageAsync(buffer, cancellationToken); }
        _receiveAddress ??= OsAddresses.NewBuffer(Version);
        ValueTask<int> receiving;
        try
        {
            receiving = _socket.ReceiveFromAsync(buffer, TellWholeLength, _receiveAddress, cancellationToken);
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "receive", LocalEndpoint); }
        return receiving.IsCompletedSuccessfully
            ? new ValueTask<ReceivedDatagram>(Datagram(receiving.Result, buffer.Length))
            : ReceiveFromSlowAsync(receiving, buffer.Length);
    }

    public void Shutdown(SocketDirections directions)
    {
        try
        {
            _socket.Shutdown(directions switch
            {
                SocketDirections.Receive => SocketShutdown.Receive,
                SocketDirections.Send => SocketShutdown.Send,
                SocketDirections.Both => SocketShutdown.Both,
                _ => throw new NetworkException(Errno.EINVAL, "shutdown", RemoteEndpoint),
            });
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "shutdown", RemoteEndpoint); }
    }

    public void SetOption(SocketOption option, int value)
    {
        try { OsOptions.Set(_socket, Version, option, value); }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "setsockopt", LocalEndpoint); }
    }

    public int GetOption(SocketOption option)
    {
        try { return OsOptions.Get(_socket, Version, option); }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "getsockopt", LocalEndpoint); }
    }

    public void Close()
    {
        if (_closed) { return; }
        _closed = true;
        _socket.Dispose();
    }

    public void Dispose() => Close();

    private void RequireVersion(Endpoint endpoint, string call)
    {
        if (endpoint.Address.Version != Version) { throw new NetworkException(Errno.EAFNOSUPPORT, call, endpoint); }
    }

    private NetworkException Failed(Exception failure, string call, Endpoint? endpoint, bool closedBefore = true) =>
        OsErrors.Translate(failure, call, endpoint, _closed && !closedBefore);

    /// <summary>Passes on what is there at once; only a call that really waits costs a state machine, which is pooled.</summary>
    private ValueTask<int> Finish(ValueTask<int> pending, string call, Endpoint? endpoint) =>
        pending.IsCompletedSuccessfully ? pending : FinishSlowAsync(pending, call, endpoint);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishSlowAsync(ValueTask<int> pending, string call, Endpoint? endpoint)
    {
        try { return await pending; }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, call, endpoint, closedBefore: false); }
    }

    /// <summary>The first datagram of an unbound socket: the system has bound it now.</summary>
    private async ValueTask<int> FinishFirstAsync(ValueTask<int> pending, Endpoint remote)
    {
        var sent = await FinishSlowAsync(pending, "send", remote);
        LocalEndpoint = OsAddresses.FromSystem(_socket.LocalEndPoint);
        return sent;
    }

    private ReceivedDatagram Datagram(int wholeLength, int bufferLength) =>
        new(Math.Min(wholeLength, bufferLength), OsAddresses.Read(_receiveAddress!), wholeLength > bufferLength);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedDatagram> ReceiveFromSlowAsync(ValueTask<int> pending, int bufferLength)
    {
        try { return Datagram(await pending, bufferLength); }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "receive", LocalEndpoint, closedBefore: false); }
    }

    /// <summary>Where MSG_TRUNC is no argument: Windows fails with WSAEMSGSIZE unless the flags are asked for, macOS tells them.</summary>
    private async ValueTask<ReceivedDatagram> ReceiveMessageAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var any = new IPEndPoint(Version == IpVersion.V4 ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            var message = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, any, cancellationToken);
            var truncated = message.SocketFlags.HasFlag(SocketFlags.Truncated);
            return new ReceivedDatagram(message.ReceivedBytes, OsAddresses.FromSystem(message.RemoteEndPoint).GetValueOrDefault(), truncated);
        }
        catch (Exception failure) when (OsErrors.IsSocketFailure(failure)) { throw Failed(failure, "receive", LocalEndpoint, closedBefore: false); }
    }
}
