using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>A descriptor as the loop sees it: what may wait for it, in each direction and for its errors.</summary>
[SupportedOSPlatform("linux")]
internal sealed class OsDescriptor
{
    private readonly OsLoop _loop;
    private readonly Lock _lock = new();
    private int _place = -1;
    private bool _closed;

    public OsDescriptor(OsLoop loop, int number)
    {
        (_loop, Number) = (loop, number);
        (Readable, Writable, Failing) = (new OsReadiness(loop, this, false), new OsReadiness(loop, this, true), new OsReadiness(loop, this, false));
    }

    /// <summary>The number that the kernel has given it.</summary>
    public int Number { get; }

    /// <summary>What waits for something to read.</summary>
    public OsReadiness Readable { get; }

    /// <summary>What waits for room to write, or for a connection.</summary>
    public OsReadiness Writable { get; }

    /// <summary>What waits for the error of a datagram.</summary>
    public OsReadiness Failing { get; }

    /// <summary>Lets the loop hear of it; once is enough.</summary>
    public void BecomeKnown()
    {
        lock (_lock)
        {
            if (_place < 0 && !_closed) { _place = _loop.Events.Add(this); }
        }
    }

    /// <summary>What has happened, as the bits of epoll(7). In the loop's turn.</summary>
    public void Note(uint happened)
    {
        // An error is told to whoever waits, whatever for; a peer that has ended its direction can be read to its end.
        if ((happened & (Libc.EPOLLIN | Libc.EPOLLPRI | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            Readable.Note(isDoubtful: (happened & ~(Libc.EPOLLIN | Libc.EPOLLOUT)) != 0);
        }
        if ((happened & (Libc.EPOLLOUT | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0) { Writable.Note(); }
        if ((happened & (Libc.EPOLLERR | Libc.EPOLLHUP)) != 0) { Failing.Note(); }
    }

    /// <summary>Closes it, and ends every call that waits for it. Twice is not allowed.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _ = Libc.Close(Number);
            if (_place >= 0) { _loop.Events.Remove(_place); }
        }
        Readable.Close();
        Writable.Close();
        Failing.Close();
    }
}
