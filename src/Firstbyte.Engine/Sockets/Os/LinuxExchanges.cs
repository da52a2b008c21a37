using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>Datagram sockets of Linux, each for one question, and one thread that waits for the replies to all of them in epoll_wait().</summary>
/// <remarks>
/// Theory of operation. A question costs socket(), connect(), send() and epoll_ctl() where it is asked, recv() on the waiting thread, and close(); a wait is
/// shared by all replies that are there. The system finds an exchange by a number that is never used twice, so that an event for a socket that was
/// closed a moment ago meets nobody, although its descriptor may be another's by now. A socket is read and closed behind its exchange's gate.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class LinuxExchanges : IDatagramExchanges
{
    /// <summary>Events of one wait. More gain nothing measurable.</summary>
    private const int Batch = 64;

    /// <summary>A datagram longer than offered may still come; what exceeds this is cut.</summary>
    private const int ReceiveRoom = 4096;


    private const long WakeNumber = 0;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Exchange> _open = [];
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
                Exchange? exchange;
                lock (_lock) { _open.TryGetValue(number, out exchange); }
                exchange?.Receive(buffer);
            }
        }
    }

    private void End()
    {
        Exchange[] open;
        lock (_lock) { open = [.. _open.Values]; }
        foreach (var exchange in open) { exchange.Dispose(); }
        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
    }

    private sealed class Exchange(LinuxExchanges owner, IExchangeListener listener) : IDisposable
    {
        private readonly Lock _gate = new();
        private int _descriptor = -1;
        private long _number;

        public Errno Begin(Endpoint server, ReadOnlySpan<byte> message)
        {
            var isV4 = server.Address.Version == IpVersion.V4;
            Span<byte> address = stackalloc byte[Libc.AddressRoom];
            BitConverter.TryWriteBytes(address, (ushort)(isV4 ? Libc.AF_INET : Libc.AF_INET6));
            var length = (uint)OsAddresses.WriteAfterFamily(server, address);
            lock (_gate)
            {
                _descriptor = Libc.Socket(isV4 ? Libc.AF_INET : Libc.AF_INET6, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
                if (_descriptor < 0) { return LastError; }
                if (Libc.Connect(_descriptor, ref address[0], length) < 0) { return LastError; }
                lock (owner._lock)
                {
                    if (owner._isDisposed) { return Errno.ECANCELED; }
                    _number = ++owner._last;
                    owner._open.Add(_number, this);
                }
                if (!owner.TryAdd(_descriptor, _number)) { return LastError; }
                var sent = Libc.Send(_descriptor, in message[0], (nuint)message.Length, Libc.MSG_NOSIGNAL);
                return sent < 0 ? LastError : Errno.None;
            }
        }

        public void Receive(byte[] buffer)
        {
            nint length;
            var error = 0;
            lock (_gate)
            {
                if (_descriptor < 0) { return; }
                length = Libc.Receive(_descriptor, ref buffer[0], (nuint)buffer.Length, 0);
                if (length < 0) { error = Marshal.GetLastPInvokeError(); }
            }
            if (length >= 0) { listener.Received(buffer.AsSpan(0, (int)length)); }
            else if (error is not (Libc.EAGAIN or Libc.EINTR))
            {
                Dispose();
                listener.Failed(Libc.ToErrno(error));
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                if (_descriptor < 0) { return; }
                lock (owner._lock) { owner._open.Remove(_number); }
                // Its place in the epoll set goes with it.
                _ = Libc.Close(_descriptor);
                _descriptor = -1;
            }
        }
    }
}
