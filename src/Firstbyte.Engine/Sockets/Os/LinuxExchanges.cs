using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>Datagram sockets of Linux, each for one question at a time, and one thread that waits for the replies to all of them in epoll_wait().</summary>
/// <remarks>
/// Theory of operation. A question costs connect() and send() where it is asked, recv() on the waiting thread, and connect() to nowhere (AF_UNSPEC), which
/// takes the socket's port from it: it hears nothing more, and the next question that it is used for leaves from another port, chosen at random by the system
/// as for a new socket. What had come until then is thrown away. So socket(), epoll_ctl() and close(), which cost more than all the rest, are paid a few
/// times only. Where a system keeps the port, each question has a socket of its own. The system finds a socket by a number that is never used twice, so that an
/// event for one that was closed a moment ago meets nobody, although its descriptor may be another's by now. A socket is read, forgotten and closed behind its
/// gate.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class LinuxExchanges : IDatagramExchanges
{
    /// <summary>Events of one wait. More gain nothing measurable.</summary>
    private const int Batch = 64;

    /// <summary>A datagram longer than offered may still come; what exceeds this is cut.</summary>
    private const int ReceiveRoom = 4096;

    /// <summary>Sockets of each family that wait for their next question; those of a burst beyond that are closed.</summary>
    private const int MaxIdle = 128;

    /// <summary>Datagrams and errors that are thrown away when a socket is done with; where more have come it is closed.</summary>
    private const int MaxLeftOver = 8;

    private const long WakeNumber = 0;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, OpenSocket> _open = [];
    private readonly Stack<OpenSocket> _idleV4 = new();
    private readonly Stack<OpenSocket> _idleV6 = new();
    private readonly bool _losesPort = LosesPort();
    private readonly int _epoll;
    private readonly int _wake;
    private long _last = WakeNumber;
    private bool _isDisposed;

    /// <exception cref="NetworkException">EMFILE: no descriptor is left.</exception>
    public LinuxExchanges()
    {
        _epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        if (_epoll < 0) { throw new NetworkException(LastError, "epoll_create1"); }
        _wake = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (_wake < 0 || !TryAdd(_wake, WakeNumber))
        {
            var error = LastError;
            if (_wake >= 0) { _ = Libc.Close(_wake); }
            _ = Libc.Close(_epoll);
            throw new NetworkException(error, "eventfd");
        }
        new Thread(Run) { IsBackground = true, Name = "datagram replies" }.Start();
    }

    private static Errno LastError => Libc.ToErrno(Marshal.GetLastPInvokeError());

    public IDisposable Ask(Endpoint server, ReadOnlySpan<byte> message, IExchangeListener listener)
    {
        var exchange = new Exchange(this, listener);
        var error = exchange.Begin(server, message);
        if (error != Errno.None)
        {
            exchange.Dispose();
            listener.Failed(error);
        }
        return exchange;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) { return; }
            _isDisposed = true;
        }
        ulong one = 1;
        _ = Libc.Write(_wake, ref one, sizeof(ulong));
    }

    /// <summary>Whether a socket that is connected to nowhere has no port any more: other systems than Linux with its interface may leave it.</summary>
    private static bool LosesPort()
    {
        var descriptor = Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (descriptor < 0) { return false; }
        Span<byte> address = stackalloc byte[Libc.AddressRoom];
        BitConverter.TryWriteBytes(address, (ushort)Libc.AF_INET);
        // Nothing is sent to it.
        var length = (uint)OsAddresses.WriteAfterFamily(new Endpoint(IpAddress.LoopbackV4, 53), address);
        var isLost = Libc.Connect(descriptor, ref address[0], length) == 0 && PortOf(descriptor) > 0 && TryDisconnect(descriptor) && PortOf(descriptor) == 0;
        _ = Libc.Close(descriptor);
        return isLost;
    }

    private static int PortOf(int descriptor)
    {
        Span<byte> address = stackalloc byte[Libc.AddressRoom];
        uint length = Libc.AddressRoom;
        return Libc.GetSocketName(descriptor, ref address[0], ref length) < 0 ? -1 : OsAddresses.ReadAfterFamily(address, isV4: true).Port;
    }

    private static bool TryDisconnect(int descriptor)
    {
        Span<byte> nowhere = stackalloc byte[Libc.AddressRoom];
        nowhere.Clear();
        return Libc.Connect(descriptor, ref nowhere[0], Libc.AddressRoom) == 0;
    }

    private Stack<OpenSocket> Idle(bool isV4) => isV4 ? _idleV4 : _idleV6;

    /// <summary>A socket without a port, or null with the error set.</summary>
    private OpenSocket? Take(bool isV4)
    {
        lock (_lock) { if (Idle(isV4).TryPop(out var idle)) { return idle; } }
        var descriptor = Libc.Socket(isV4 ? Libc.AF_INET : Libc.AF_INET6, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        return descriptor < 0 ? null : new OpenSocket(this, descriptor, isV4);
    }

    private bool TryEnter(OpenSocket socket)
    {
        lock (_lock)
        {
            if (_isDisposed) { return false; }
            socket.Number = ++_last;
            _open.Add(socket.Number, socket);
            // Within the lock: after the end the number of the set may be somebody else's.
            return TryAdd(socket.Descriptor, socket.Number);
        }
    }

    private bool TryKeep(OpenSocket socket)
    {
        lock (_lock)
        {
            var idle = Idle(socket.IsV4);
            if (_isDisposed || idle.Count >= MaxIdle) { return false; }
            idle.Push(socket);
            return true;
        }
    }

    private bool TryAdd(int descriptor, long number) => EpollEvents.TryAdd(_epoll, descriptor, Libc.EPOLLIN, (ulong)number);

    private void Run()
    {
        var events = new byte[Batch * EpollEvents.Length];
        var buffer = new byte[ReceiveRoom];
        while (true)
        {
            var count = Libc.EpollWait(_epoll, ref events[0], Batch, -1);
            for (var i = 0; i < count; i++)
            {
                var number = (long)EpollEvents.Read(events, i).Data;
                if (number == WakeNumber)
                {
                    End();
                    return;
                }
                OpenSocket? socket;
                lock (_lock) { _open.TryGetValue(number, out socket); }
                socket?.Receive(buffer);
            }
        }
    }

    private void End()
    {
        OpenSocket[] open;
        lock (_lock) { open = [.. _open.Values]; }
        foreach (var socket in open) { socket.Close(); }
        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
    }

    /// <summary>A socket, and the exchange that it is used for.</summary>
    private sealed class OpenSocket(LinuxExchanges owner, int descriptor, bool isV4)
    {
        private readonly Lock _gate = new();
        private Exchange? _user;
        private bool _isClosed;

        public int Descriptor => descriptor;

        public bool IsV4 => isV4;

        /// <summary>The number by which the system tells of it; 0 until it is watched.</summary>
        public long Number { get; set; }

        public Errno Begin(Exchange user, ReadOnlySpan<byte> address, ReadOnlySpan<byte> message)
        {
            lock (_gate)
            {
                if (_isClosed) { return Errno.ECANCELED; }
                _user = user;
                if (Libc.Connect(descriptor, ref MemoryMarshal.GetReference(address), (uint)address.Length) < 0) { return LastError; }
                if (Number == 0 && !owner.TryEnter(this)) { return owner._isDisposed ? Errno.ECANCELED : LastError; }
                var sent = Libc.Send(descriptor, in message[0], (nuint)message.Length, Libc.MSG_NOSIGNAL);
                return sent < 0 ? LastError : Errno.None;
            }
        }

        public void Receive(byte[] buffer)
        {
            nint length;
            var error = 0;
            Exchange? user;
            lock (_gate)
            {
                user = _user;
                if (user is null || _isClosed) { return; }
                length = Libc.Receive(descriptor, ref buffer[0], (nuint)buffer.Length, 0);
                if (length < 0) { error = Marshal.GetLastPInvokeError(); }
            }
            if (length >= 0) { user.Listener.Received(buffer.AsSpan(0, (int)length)); }
            else if (error is not (Libc.EAGAIN or Libc.EINTR))
            {
                End(user);
                user.Listener.Failed(Libc.ToErrno(error));
            }
        }

        /// <summary>The exchange is over: the socket forgets its port and its server, and what has come from there.</summary>
        public void End(Exchange user)
        {
            lock (_gate)
            {
                if (_user != user) { return; }
                _user = null;
                if (!_isClosed && (!owner._losesPort || Number == 0 || !TryDisconnect(descriptor) || !TryEmpty() || !owner.TryKeep(this))) { Close(); }
            }
        }

        public void Close()
        {
            lock (_gate)
            {
                if (_isClosed) { return; }
                _isClosed = true;
                lock (owner._lock) { owner._open.Remove(Number); }
                // Its place in the epoll set goes with it.
                _ = Libc.Close(descriptor);
            }
        }

        /// <summary>What came before the port was given back would be taken for a reply to the next question, or for what became of it.</summary>
        private bool TryEmpty()
        {
            byte unused = 0;
            for (var i = 0; i < MaxLeftOver; i++)
            {
                if (Libc.Receive(descriptor, ref unused, 1, 0) < 0 && Marshal.GetLastPInvokeError() == Libc.EAGAIN) { return true; }
            }
            return false;
        }
    }

    private sealed class Exchange(LinuxExchanges owner, IExchangeListener listener) : IDisposable
    {
        private OpenSocket? _socket;

        public IExchangeListener Listener => listener;

        public Errno Begin(Endpoint server, ReadOnlySpan<byte> message)
        {
            var isV4 = server.Address.Version == IpVersion.V4;
            Span<byte> address = stackalloc byte[Libc.AddressRoom];
            BitConverter.TryWriteBytes(address, (ushort)(isV4 ? Libc.AF_INET : Libc.AF_INET6));
            var length = OsAddresses.WriteAfterFamily(server, address);
            _socket = owner.Take(isV4);
            return _socket is null ? LastError : _socket.Begin(this, address[..length], message);
        }

        public void Dispose() => _socket?.End(this);
    }
}
