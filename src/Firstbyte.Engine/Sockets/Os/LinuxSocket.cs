using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;

namespace Firstbyte.Sockets.Os;

/// <summary>One socket of Linux, by its own system calls: tried at once, and waited for in the loop when the answer is EAGAIN.</summary>
/// <remarks>
/// Where <see cref="OsNetwork"/> differs from the system for .NET's sake, this one follows it in two points, so that a program sees one
/// network: SO_REUSEADDR before a stream's bind(), and IPV6_V6ONLY.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class LinuxSocket : ISocket, IErrorQueue, ITransportFigures
{
    private const int LocalPathLength = 108; // sizeof(sockaddr_un.sun_path)

    private const int AddressLength = 28; // sizeof(struct sockaddr_in6), the longer of the two

    // How often a socket waits before its waits come out of a pool.
    private const int WaitsWithoutPool = 16;

    private readonly OsLoop _loop;
    private readonly OsDescriptor _known;
    private readonly OsReadiness _readable;
    private readonly OsReadiness _writable;
    private LinuxErrorQueue? _errors;
    private bool _closed;
    private int _waits;

    public LinuxSocket(OsLoop loop, IpVersion version, SocketKind kind)
        : this(loop, version, kind, Open(version, kind))
    {
        if (version == IpVersion.V6) { SetOption(SocketOption.V6Only, 1); }
    }

    private LinuxSocket(OsLoop loop, IpVersion version, SocketKind kind, int descriptor)
    {
        _loop = loop;
        Version = version;
        Kind = kind;
        Descriptor = descriptor;
        _known = new OsDescriptor(loop, descriptor);
        (_readable, _writable) = (_known.Readable, _known.Writable);
    }

    public int Descriptor { get; }

    public IpVersion Version { get; }

    public SocketKind Kind { get; }

    public Endpoint? LocalEndpoint { get; private set; }

    public Endpoint? RemoteEndpoint { get; private set; }

    private static int Open(IpVersion version, SocketKind kind)
    {
        var family = version switch
        {
            IpVersion.V4 => Libc.AF_INET,
            IpVersion.V6 => Libc.AF_INET6,
            _ => throw new NetworkException(Errno.EAFNOSUPPORT, "socket"),
        };
        var type = kind == SocketKind.Stream ? Libc.SOCK_STREAM : Libc.SOCK_DGRAM;
        var descriptor = Libc.Socket(family, type | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        return descriptor >= 0 ? descriptor : throw new NetworkException(LastError, "socket");
    }

    /// <summary>A connection to a socket in the files of this host (unix(7)). connect() does not wait there: it answers at once.</summary>
    public static LinuxSocket ConnectLocal(OsLoop loop, string path, bool isAbstract)
    {
        // struct sockaddr_un: the family, and a path that ends in a zero byte or, where it is no file, begins with one.
        var name = Encoding.UTF8.GetBytes(isAbstract ? "\0" + path : path + "\0");
        if (name.Length > LocalPathLength) { throw new NetworkException(Errno.ENAMETOOLONG, "connect"); }
        var descriptor = Libc.Socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (descriptor < 0) { throw new NetworkException(LastError, "socket"); }
        // What an address of the Internet would be at either end is that of nobody.
        var socket = new LinuxSocket(loop, IpVersion.V4, SocketKind.Stream, descriptor)
        {
            LocalEndpoint = default(Endpoint),
            RemoteEndpoint = default(Endpoint)
        };
        var address = new byte[sizeof(ushort) + name.Length];
        BitConverter.TryWriteBytes(address, (ushort)Libc.AF_UNIX);
        name.CopyTo(address.AsSpan(sizeof(ushort)));
        if (Libc.Connect(descriptor, ref address[0], (uint)address.Length) == 0) { return socket; }
        var error = LastError;
        socket.Close();
        throw new NetworkException(error, "connect");
    }

    public void Bind(Endpoint local)
    {
        RequireOpen("bind", local);
        Span<byte> address = stackalloc byte[AddressLength];
        var length = Write(local, address, "bind");
        if (Kind == SocketKind.Stream) { SetOption(SocketOption.ReuseAddress, 1); }
        Check(Libc.Bind(Descriptor, ref address[0], length), "bind", local);
        ReadLocalEndpoint();
    }

    public void Listen(int backlog)
    {
        RequireOpen("listen", LocalEndpoint);
        Check(Libc.Listen(Descriptor, backlog), "listen", LocalEndpoint);
        ReadLocalEndpoint();
    }

    public async ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireOpen("accept", LocalEndpoint);
        while (true)
        {
            var accepted = TryAccept();
            if (accepted is not null) { return accepted; }
            await Wait(_readable, "accept", LocalEndpoint, cancellationToken);
        }
    }

    public async ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireOpen("connect", remote);
        // After a connect() that had to wait, Linux answers the next one once with success (its state is still "connecting"), and EISCONN only then.
        if (Kind == SocketKind.Stream && RemoteEndpoint is not null) { throw new NetworkException(Errno.EISCONN, "connect", remote); }
        if (!TryConnect(remote))
        {
            await Wait(_writable, "connect", remote, cancellationToken);
            var error = 0;
            var length = (uint)sizeof(int);
            Check(Libc.GetOption(Descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, ref error, ref length), "connect", remote);
            if (error != 0) { throw new NetworkException(Libc.ToErrno(error), "connect", remote); }
        }
        ReadLocalEndpoint();
        RemoteEndpoint = remote;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        Send(data, null, cancellationToken);

    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default) =>
        Send(data, remote, cancellationToken);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        RequireOpen("receive", RemoteEndpoint);
        return _readable.MayBeReady && !_loop.IsTurnOver && TryReceive(buffer.Span, out var count)
            ? new ValueTask<int>(count)
            : _readable.ReceiveAsync(this, buffer, cancellationToken);
    }

    public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<ReceivedDatagram>(cancellationToken); }
        RequireOpen("receive", LocalEndpoint);
        return _readable.MayBeReady && !_loop.IsTurnOver && TryReceiveFrom(buffer.Span, out var datagram)
            ? new ValueTask<ReceivedDatagram>(datagram)
            : ReceiveFromSlowAsync(buffer, cancellationToken);
    }

    public async ValueTask<ReportedError> ReceiveErrorAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireOpen("receive", LocalEndpoint);
        KeepErrors();
        while (true)
        {
            if (_errors!.TryReceiveError(out var error, out _)) { return error; }
            _known.Failing.Forget();
            await Wait(_known.Failing, "receive", LocalEndpoint, cancellationToken);
        }
    }

    /// <summary>Keeps ICMP errors for <see cref="ReceiveErrorAsync"/> from now on.</summary>
    public void KeepErrors() => _errors ??= new LinuxErrorQueue(Descriptor, Version);

    /// <summary>Lets a datagram socket look for a route; false when there is none.</summary>
    public bool RouteTo(Endpoint remote)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        var length = Write(remote, address, "connect");
        if (Libc.Connect(Descriptor, ref address[0], length) < 0) { return false; }
        ReadLocalEndpoint();
        return true;
    }

    public void Shutdown(SocketDirections directions)
    {
        RequireOpen("shutdown", RemoteEndpoint);
        // SHUT_RD, SHUT_WR and SHUT_RDWR are 0, 1 and 2 (<bits/socket.h>).
        Check(Libc.Shutdown(Descriptor, (int)directions - 1), "shutdown", RemoteEndpoint);
    }

    public void SetOption(SocketOption option, int value)
    {
        RequireOpen("setsockopt", LocalEndpoint);
        var (level, name) = NameOf(option);
        // struct linger is two ints: on or off, and seconds.
        Span<int> setting = option == SocketOption.LingerSeconds ? [value >= 0 ? 1 : 0, Math.Max(value, 0)] : [value];
        Check(Libc.SetOption(Descriptor, level, name, ref setting[0], (uint)(setting.Length * sizeof(int))), "setsockopt", LocalEndpoint);
    }

    public int GetOption(SocketOption option)
    {
        RequireOpen("getsockopt", LocalEndpoint);
        var (level, name) = NameOf(option);
        Span<int> setting = stackalloc int[2];
        var length = (uint)(option == SocketOption.LingerSeconds ? 2 * sizeof(int) : sizeof(int));
        Check(Libc.GetOption(Descriptor, level, name, ref setting[0], ref length), "getsockopt", LocalEndpoint);
        return option switch
        {
            SocketOption.LingerSeconds => setting[0] != 0 ? setting[1] : -1,
            SocketOption.ReuseAddress or SocketOption.NoDelay or SocketOption.KeepAlive or SocketOption.V6Only => setting[0] != 0 ? 1 : 0,
            _ => setting[0],
        };
    }

    public TransportFigures? ReadFigures() => _closed || Kind != SocketKind.Stream ? null : LinuxTransportFigures.Read(Descriptor);

    public void Close()
    {
        // Whoever closes it at the same moment from another thread must not close the next one's descriptor, which may have the same number.
        if (Interlocked.Exchange(ref _closed, true)) { return; }
        _known.Close();
    }

    public void Dispose() => Close();

    private static Errno LastError => Libc.ToErrno(Marshal.GetLastPInvokeError());

    private static void Check(int result, string call, Endpoint? endpoint)
    {
        if (result < 0) { throw new NetworkException(LastError, call, endpoint); }
    }

    private void RequireOpen(string call, Endpoint? endpoint)
    {
        if (_closed) { throw new NetworkException(Errno.EBADF, call, endpoint); }
    }

    private static async ValueTask Wait(OsReadiness readiness, string call, Endpoint? endpoint, CancellationToken cancellationToken)
    {
        if (!await readiness.WaitAsync(cancellationToken)) { throw new NetworkException(Errno.ECANCELED, call, endpoint); }
    }

    private uint Write(Endpoint endpoint, Span<byte> address, string call)
    {
        if (endpoint.Address.Version != Version) { throw new NetworkException(Errno.EAFNOSUPPORT, call, endpoint); }
        BitConverter.TryWriteBytes(address, (ushort)(Version == IpVersion.V4 ? Libc.AF_INET : Libc.AF_INET6));
        return (uint)OsAddresses.WriteAfterFamily(endpoint, address);
    }

    private void ReadLocalEndpoint()
    {
        Span<byte> address = stackalloc byte[AddressLength];
        var length = (uint)AddressLength;
        Check(Libc.GetSocketName(Descriptor, ref address[0], ref length), "getsockname", null);
        LocalEndpoint = OsAddresses.ReadAfterFamily(address, Version == IpVersion.V4);
    }

    private LinuxSocket? TryAccept()
    {
        Span<byte> address = stackalloc byte[AddressLength];
        while (true)
        {
            var length = (uint)AddressLength;
            var descriptor = Libc.Accept(Descriptor, ref address[0], ref length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (descriptor >= 0)
            {
                var accepted = new LinuxSocket(
                    _loop, Version, Kind, descriptor)
                { RemoteEndpoint = OsAddresses.ReadAfterFamily(address, Version == IpVersion.V4) };
                accepted.ReadLocalEndpoint();
                return accepted;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.EAGAIN)
            {
                _readable.Forget();
                return null;
            }
            if (error != Libc.EINTR) { throw new NetworkException(Libc.ToErrno(error), "accept", LocalEndpoint); }
        }
    }

    private bool TryConnect(Endpoint remote)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        var length = Write(remote, address, "connect");
        // What was told of the descriptor before was of another connection, or of none.
        _writable.Forget();
        if (Libc.Connect(Descriptor, ref address[0], length) == 0) { return true; }
        // connect(2): after EINTR, as after EINPROGRESS, the connection goes on by itself.
        var error = Marshal.GetLastPInvokeError();
        return error is Libc.EINPROGRESS or Libc.EINTR ? false : throw new NetworkException(Libc.ToErrno(error), "connect", remote);
    }

    private ValueTask<int> Send(ReadOnlyMemory<byte> data, Endpoint? remote, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<int>(cancellationToken); }
        RequireOpen("send", remote ?? RemoteEndpoint);
        return !_loop.IsTurnOver && TrySend(data.Span, remote, out var count) ? new ValueTask<int>(count) : SendSlowAsync(data, remote, cancellationToken);
    }

    private bool TrySend(ReadOnlySpan<byte> data, Endpoint? remote, out int count)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        var length = remote is { } target ? Write(target, address, "send") : 0;
        ref var first = ref length == 0 ? ref Unsafe.NullRef<byte>() : ref address[0];
        // The error of an earlier datagram is in the queue of errors; it does not fail this one.
        _errors?.ForgetPendingError();
        while (true)
        {
            count = (int)Libc.SendTo(Descriptor, ref MemoryMarshal.GetReference(data), (nuint)data.Length, Libc.MSG_NOSIGNAL, ref first, length);
            if (count >= 0)
            {
                if (LocalEndpoint is null) { ReadLocalEndpoint(); }
                return true;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.EAGAIN)
            {
                _writable.Forget();
                return false;
            }
            if (error != Libc.EINTR) { throw new NetworkException(Libc.ToErrno(error), "send", remote ?? RemoteEndpoint); }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> SendSlowAsync(ReadOnlyMemory<byte> data, Endpoint? remote, CancellationToken cancellationToken)
    {
        int count;
        do { await Wait(_writable, "send", remote ?? RemoteEndpoint, cancellationToken); }
        while (!TrySend(data.Span, remote, out count));
        return count;
    }

    /// <summary>Receives what is there; false when nothing is.</summary>
    internal bool TryReceive(Span<byte> buffer, out int count)
    {
        while (true)
        {
            var noLength = 0u;
            count = (int)Libc.ReceiveFrom(
                Descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, 0, ref Unsafe.NullRef<byte>(), ref noLength);
            if (count >= 0)
            {
                if (count > 0 && count < buffer.Length && Kind == SocketKind.Stream) { _readable.NoteAllTaken(); }
                return true;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.EAGAIN)
            {
                _readable.Forget();
                return false;
            }
            if (error != Libc.EINTR) { throw new NetworkException(Libc.ToErrno(error), "receive", RemoteEndpoint); }
        }
    }

    private bool TryReceiveFrom(Span<byte> buffer, out ReceivedDatagram datagram)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        while (true)
        {
            var length = (uint)AddressLength;
            // MSG_TRUNC: the datagram's whole length comes back, also where the buffer is shorter.
            var whole = (int)Libc.ReceiveFrom(
                Descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, Libc.MSG_TRUNC, ref address[0], ref length);
            if (whole >= 0)
            {
                datagram = new ReceivedDatagram(
                    Math.Min(whole, buffer.Length), OsAddresses.ReadAfterFamily(address, Version == IpVersion.V4), whole > buffer.Length);
                return true;
            }
            var error = Marshal.GetLastPInvokeError();
            datagram = default;
            if (error == Libc.EAGAIN)
            {
                _readable.Forget();
                return false;
            }
            if (error != Libc.EINTR) { throw new NetworkException(Libc.ToErrno(error), "receive", LocalEndpoint); }
        }
    }

    // The pool of waits measures the processor's clock when it is first used, for a tenth of a millisecond: a socket that waits a few times does without.
    private ValueTask<ReceivedDatagram> ReceiveFromSlowAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _waits++ < WaitsWithoutPool ? ReceiveFromOnceReadyAsync(buffer, cancellationToken) : ReceiveFromPooledAsync(buffer, cancellationToken);

    private async ValueTask<ReceivedDatagram> ReceiveFromOnceReadyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReceivedDatagram datagram;
        do { await Wait(_readable, "receive", LocalEndpoint, cancellationToken); }
        while (!TryReceiveFrom(buffer.Span, out datagram));
        return datagram;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceivedDatagram> ReceiveFromPooledAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ReceivedDatagram datagram;
        do { await Wait(_readable, "receive", LocalEndpoint, cancellationToken); }
        while (!TryReceiveFrom(buffer.Span, out datagram));
        return datagram;
    }

    private (int Level, int Name) NameOf(SocketOption option) => option switch
    {
        SocketOption.ReuseAddress => (Libc.SOL_SOCKET, Libc.SO_REUSEADDR),
        SocketOption.NoDelay => (Libc.IPPROTO_TCP, Libc.TCP_NODELAY),
        SocketOption.KeepAlive => (Libc.SOL_SOCKET, Libc.SO_KEEPALIVE),
        SocketOption.LingerSeconds => (Libc.SOL_SOCKET, Libc.SO_LINGER),
        SocketOption.ReceiveBuffer => (Libc.SOL_SOCKET, Libc.SO_RCVBUF),
        SocketOption.SendBuffer => (Libc.SOL_SOCKET, Libc.SO_SNDBUF),
        SocketOption.V6Only => (Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY),
        SocketOption.TimeToLive when Version == IpVersion.V4 => (Libc.IPPROTO_IP, Libc.IP_TTL),
        SocketOption.TimeToLive => (Libc.IPPROTO_IPV6, Libc.IPV6_UNICAST_HOPS),
        _ => throw new NetworkException(Errno.EOPNOTSUPP, "setsockopt"),
    };
}
