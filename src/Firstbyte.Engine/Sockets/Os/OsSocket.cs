using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>One socket of the operating system. <see cref="OsNetwork"/> lists where .NET changes a call.</summary>
internal sealed class OsSocket : ISocket
{
    // MSG_TRUNC as an argument makes Linux return a datagram's whole length (recv(2)); other systems have no such argument.
    private static readonly SocketFlags TellWholeLength = OperatingSystem.IsLinux() ? SocketFlags.Truncated : SocketFlags.None;

    private readonly Socket _socket;
    private readonly OsDirection _sending = new();
    private readonly OsDirection _receiving = new();
    private SocketAddress? _sendAddress;
    private SocketAddress? _receiveAddress;
    private readonly bool _isInherited;
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

    /// <summary>A socket that was bound by others.</summary>
    internal OsSocket(InheritedSocket inherited)
    {
        (Version, Kind, Descriptor) = (inherited.LocalEndpoint.Address.Version, inherited.Kind, inherited.Descriptor);
        (LocalEndpoint, _isInherited) = (inherited.LocalEndpoint, true);
        try { _socket = new Socket(new SafeSocketHandle(inherited.Descriptor, ownsHandle: true)); }
        catch (SocketException failure) { throw new NetworkException(OsErrors.ToErrno(failure.SocketErrorCode), "socket", inner: failure); }
    }

    private OsSocket(Socket accepted, OsSocket listener)
    {
        _socket = accepted;
        Version = listener.Version;
        Kind = listener.Kind;
        Descriptor = (int)accepted.Handle;
        LocalEndpoint = Heard(OsAddresses.FromSystem(accepted.LocalEndPoint), listener._isInherited);
        RemoteEndpoint = Heard(OsAddresses.FromSystem(accepted.RemoteEndPoint), listener._isInherited);
    }

    /// <summary>Only a socket that was made by others may speak both versions.</summary>
    private static Endpoint? Heard(Endpoint? endpoint, bool isInherited) =>
        isInherited && endpoint is { } known ? OsAddresses.Unmapped(known) : endpoint;

    public int Descriptor { get; private set; }

    public IpVersion Version { get; }

    public SocketKind Kind { get; }

    public Endpoint? LocalEndpoint { get; private set; }

    public Endpoint? RemoteEndpoint { get; private set; }

    public void Bind(Endpoint local)
    {
        RequireVersion(local, "bind");
        RequireOpen("bind", local);
        try
        {
            _socket.Bind(OsAddresses.ToSystem(local));
            LocalEndpoint = OsAddresses.FromSystem(_socket.LocalEndPoint);
        }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "bind", local); }
    }

    public void Listen(int backlog)
    {
        if (Kind == SocketKind.Datagram) { throw new NetworkException(Errno.EOPNOTSUPP, "listen", LocalEndpoint); }
        RequireOpen("listen", LocalEndpoint);
        BindAnywhere();
        try
        {
            _socket.Listen(backlog);
        }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "listen", LocalEndpoint); }
    }

    public async ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen("accept", LocalEndpoint);
        try
        {
            var accepting = _socket.AcceptAsync(_receiving.Token);
            var accepted = accepting.IsCompletedSuccessfully && !cancellationToken.IsCancellationRequested
                ? accepting.Result
                : await _receiving.FinishAsync(accepting, cancellationToken);
            return new OsSocket(accepted, this);
        }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "accept", LocalEndpoint); }
    }

    public async ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        RequireVersion(remote, "connect");
        RequireOpen("connect", remote);
        // .NET refuses by its own state, and not with the errno that the system gives.
        if (Kind == SocketKind.Stream && RemoteEndpoint is not null) { throw new NetworkException(Errno.EISCONN, "connect", remote); }
        try
        {
            await _sending.FinishAsync(ConnectedAsync(OsAddresses.ToSystem(remote)), cancellationToken);
            Descriptor = (int)_socket.Handle;
            LocalEndpoint = OsAddresses.FromSystem(_socket.LocalEndPoint);
            RemoteEndpoint = remote;
        }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "connect", remote); }
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        RequireOpen("send", RemoteEndpoint);
        try { return Finish(_socket.SendAsync(data, SocketFlags.None, _sending.Token), _sending, "send", RemoteEndpoint, cancellationToken); }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "send", RemoteEndpoint); }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        RequireOpen("receive", RemoteEndpoint);
        try { return Finish(_socket.ReceiveAsync(buffer, SocketFlags.None, _receiving.Token), _receiving, "receive", RemoteEndpoint, cancellationToken); }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "receive", RemoteEndpoint); }
    }

    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        if (_isInherited && Version == IpVersion.V6) { remote = OsAddresses.Mapped(remote); }
        RequireVersion(remote, "send");
        RequireOpen("send", remote);
        BindAnywhere();
        try
        {
            OsAddresses.Write(remote, _sendAddress ??= OsAddresses.NewBuffer(Version));
            return Finish(_socket.SendToAsync(data, SocketFlags.None, _sendAddress, _sending.Token), _sending, "send", remote, cancellationToken);
        }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "send", remote); }
    }

    public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<ReceivedDatagram>(cancellationToken); }
        RequireOpen("receive", LocalEndpoint);
        if (!OperatingSystem.IsLinux()) { return ReceiveMessageAsync(buffer, cancellationToken); }
        try
        {
            var receiving = _socket.ReceiveFromAsync(buffer, TellWholeLength, _receiveAddress ??= OsAddresses.NewBuffer(Version), _receiving.Token);
            return receiving.IsCompletedSuccessfully
                ? new ValueTask<ReceivedDatagram>(Datagram(receiving.Result, buffer.Length))
                : ReceiveFromSlowAsync(receiving, buffer.Length, cancellationToken);
        }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "receive", LocalEndpoint); }
    }

    public void Shutdown(SocketDirections directions)
    {
        RequireOpen("shutdown", RemoteEndpoint);
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
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "shutdown", RemoteEndpoint); }
    }

    public void SetOption(SocketOption option, int value)
    {
        RequireOpen("setsockopt", LocalEndpoint);
        try { OsOptions.Set(_socket, Version, option, value); }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "setsockopt", LocalEndpoint); }
    }

    public int GetOption(SocketOption option)
    {
        RequireOpen("getsockopt", LocalEndpoint);
        try { return OsOptions.Get(_socket, Version, option); }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "getsockopt", LocalEndpoint); }
    }

    public void Close()
    {
        if (_closed) { return; }
        _closed = true;
        // The waiting calls end before the descriptor does: .NET would reset a connection that is closed under them.
        _receiving.Close();
        _sending.Close();
        _socket.Dispose();
    }

    public void Dispose() => Close();

    private void RequireVersion(Endpoint endpoint, string call)
    {
        if (endpoint.Address.Version != Version) { throw new NetworkException(Errno.EAFNOSUPPORT, call, endpoint); }
    }

    private void RequireOpen(string call, Endpoint? endpoint)
    {
        if (_closed) { throw new NetworkException(Errno.EBADF, call, endpoint); }
    }

    /// <summary>What listen() and sendto() do for an unbound socket, in the open: .NET would not learn the port that the system chose.</summary>
    private void BindAnywhere()
    {
        if (LocalEndpoint is null && !_closed) { Bind(new Endpoint(Version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, 0)); }
    }

    private bool IsFailure(Exception failure) => OsErrors.IsSocketFailure(failure) || (_closed && failure is OperationCanceledException);

    /// <summary>A call that was under way when the socket closed ends with ECANCELED: every caller has passed <see cref="RequireOpen"/>.</summary>
    private NetworkException Failed(Exception failure, string call, Endpoint? endpoint) => OsErrors.Translate(failure, call, endpoint, _closed);

    private async ValueTask<bool> ConnectedAsync(IPEndPoint remote)
    {
        await _socket.ConnectAsync(remote, _sending.Token);
        return true;
    }

    /// <summary>Passes on what is there at once; only a call that really waits costs a state machine, which is pooled.</summary>
    private ValueTask<int> Finish(ValueTask<int> pending, OsDirection direction, string call, Endpoint? endpoint, CancellationToken cancellationToken) =>
        pending.IsCompletedSuccessfully ? pending : FinishSlowAsync(pending, direction, call, endpoint, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishSlowAsync(
        ValueTask<int> pending, OsDirection direction, string call, Endpoint? endpoint, CancellationToken cancellationToken)
    {
        try { return await direction.FinishAsync(pending, cancellationToken); }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, call, endpoint); }
    }

    private ReceivedDatagram Datagram(int wholeLength, int bufferLength) =>
        new(Math.Min(wholeLength, bufferLength), Heard(OsAddresses.Read(_receiveAddress!), _isInherited)!.Value, wholeLength > bufferLength);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedDatagram> ReceiveFromSlowAsync(ValueTask<int> pending, int bufferLength, CancellationToken cancellationToken)
    {
        try { return Datagram(await _receiving.FinishAsync(pending, cancellationToken), bufferLength); }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "receive", LocalEndpoint); }
    }

    /// <summary>Where MSG_TRUNC is no argument: Windows fails with WSAEMSGSIZE unless the flags are asked for, macOS tells them.</summary>
    private async ValueTask<ReceivedDatagram> ReceiveMessageAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var any = new IPEndPoint(Version == IpVersion.V4 ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            var receiving = _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, any, _receiving.Token);
            var message = await _receiving.FinishAsync(receiving, cancellationToken);
            var truncated = message.SocketFlags.HasFlag(SocketFlags.Truncated);
            return new ReceivedDatagram(message.ReceivedBytes, OsAddresses.FromSystem(message.RemoteEndPoint).GetValueOrDefault(), truncated);
        }
        catch (Exception failure) when (IsFailure(failure)) { throw Failed(failure, "receive", LocalEndpoint); }
    }
}
