using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>epoll(7): tells once each time that a descriptor becomes readable or writable (EPOLLET), or that the loop is wanted by another thread.</summary>
/// <remarks>
/// A descriptor is made known once and leaves with its close(): waiting again costs no system call, and a turn of the loop costs as much as there is news,
/// however many wait. Whoever is told has to remember it, until a call has answered that nothing is left (<see cref="OsReadiness"/>).
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class LinuxEvents : IDisposable
{
    // News taken at a time (own choice); what is left stays for the next turn.
    private const int Most = 64;

    // What stands for the loop's own descriptor, where others have their place and its generation.
    private const ulong OfTheLoop = ulong.MaxValue;

    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly byte[] _news = new byte[Most * EpollEvents.Length];
    private readonly Lock _lock = new();
    private (OsDescriptor? Descriptor, uint Generation)[] _known = new (OsDescriptor?, uint)[8];
    private int _descriptor;

    /// <param name="wake">The descriptor by which other threads end the wait.</param>
    /// <exception cref="NetworkException">EMFILE when the process has no descriptor left.</exception>
    public LinuxEvents(int wake)
    {
        _descriptor = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        if (_descriptor < 0) { throw Failed("epoll_create"); }
        // Told as long as it lasts: it is read once it was told.
        Add(wake, Libc.EPOLLIN, OfTheLoop);
    }

    /// <summary>Makes a descriptor known. What it is ready for already is told first.</summary>
    /// <returns>Its place, for <see cref="Remove"/>.</returns>
    public int Add(OsDescriptor descriptor)
    {
        lock (_lock)
        {
            var place = Array.FindIndex(_known, static known => known.Descriptor is null);
            if (place < 0)
            {
                place = _known.Length;
                Array.Resize(ref _known, place * 2);
            }
            Add(
                descriptor.Number, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLPRI | Libc.EPOLLRDHUP | Libc.EPOLLET,
                (ulong)_known[place].Generation << 32 | (uint)place);
            _known[place].Descriptor = descriptor;
            return place;
        }
    }

    /// <summary>Forgets a descriptor that was closed; the kernel has forgotten it by then.</summary>
    public void Remove(int place)
    {
        // What was taken out of the kernel's queue already is known by its generation as that of another.
        lock (_lock) { _known[place] = (null, _known[place].Generation + 1); }
    }

    /// <summary>Waits for news and says how many there are: <see cref="Take"/> tells each.</summary>
    /// <param name="nanoseconds">How long; negative: for ever. A wait ends up to a millisecond late and never early.</param>
    public int Wait(long nanoseconds)
    {
        var milliseconds = nanoseconds < 0 ? -1
            : (int)Math.Min(int.MaxValue, (nanoseconds + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond);
        var count = Libc.EpollWait(_descriptor, ref _news[0], Most, milliseconds);
        if (count >= 0) { return count; }
        var error = Marshal.GetLastPInvokeError();
        return error == Libc.EINTR ? 0 : throw new NetworkException(Libc.ToErrno(error), "epoll_wait");
    }

    /// <summary>
    /// One of the news of the last wait: whose, and what has happened as EPOLL… bits. Nobody's are those of a descriptor that was closed since.
    /// </summary>
    /// <param name="at">Which.</param>
    /// <param name="isWake">Another thread wants the loop.</param>
    public (OsDescriptor? Descriptor, uint Happened) Take(int at, out bool isWake)
    {
        var (happened, data) = EpollEvents.Read(_news, at);
        isWake = data == OfTheLoop;
        return isWake ? default : (Find(data), happened);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_descriptor >= 0) { _ = Libc.Close(_descriptor); }
            _descriptor = -1;
        }
    }

    private OsDescriptor? Find(ulong data)
    {
        lock (_lock)
        {
            var (descriptor, generation) = _known[(int)(uint)data];
            return generation == (uint)(data >> 32) ? descriptor : null;
        }
    }

    private void Add(int descriptor, uint events, ulong data)
    {
        if (!EpollEvents.TryAdd(_descriptor, descriptor, events, data)) { throw Failed("epoll_ctl"); }
    }

    private static NetworkException Failed(string call) => new(Libc.ToErrno(Marshal.GetLastPInvokeError()), call);
}
