using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>Waits for a descriptor that belongs to others too, until it is readable or the wait is ended.</summary>
/// <remarks>
/// To end a wait by shutting the socket down would shut it down for the program that made it, and for the next that is given it. And where several threads
/// wait for one descriptor, one of them is woken by what comes, not all (EPOLLEXCLUSIVE).
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class SharedWait : IDisposable
{
    private const ulong OfTheDescriptor = 1, OfTheEnd = 2;

    private readonly Lock _ending = new();
    private readonly int _epoll;
    private readonly int _end;
    private bool _isGone;

    /// <exception cref="NetworkException">EMFILE when the process has no descriptor left.</exception>
    public SharedWait(int descriptor)
    {
        (_epoll, _end) = (Libc.EpollCreate(Libc.EPOLL_CLOEXEC), Libc.EventDescriptor(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
        if (_epoll >= 0 && _end >= 0 && EpollEvents.TryAdd(_epoll, descriptor, Libc.EPOLLIN | Libc.EPOLLEXCLUSIVE, OfTheDescriptor)
            && EpollEvents.TryAdd(_epoll, _end, Libc.EPOLLIN, OfTheEnd)) { return; }
        var error = Libc.ToErrno(Marshal.GetLastPInvokeError());
        Dispose();
        throw new NetworkException(error, "epoll");
    }

    /// <summary>True when the descriptor may be readable; false when the wait was ended, or broken by a signal.</summary>
    public bool Wait()
    {
        Span<byte> happened = stackalloc byte[16];
        return Libc.EpollWait(_epoll, ref happened[0], 1, -1) == 1 && EpollEvents.Read(happened, 0).Data == OfTheDescriptor;
    }

    /// <summary>Ends the wait, from any thread, and every one after it.</summary>
    public void End()
    {
        lock (_ending)
        {
            var one = 1UL;
            if (!_isGone) { _ = Libc.Write(_end, ref one, sizeof(ulong)); }
        }
    }

    public void Dispose()
    {
        lock (_ending)
        {
            if (_isGone) { return; }
            _isGone = true;
            if (_epoll >= 0) { _ = Libc.Close(_epoll); }
            if (_end >= 0) { _ = Libc.Close(_end); }
        }
    }
}
