using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>
/// What the loops of this folder and of <c>Tun</c> have in common: the one thread on which a program runs, the clock whose timers fire
/// there, and the wait in poll() that other threads can end.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopThread : IDisposable
{
    /// <summary>Where the descriptor that ends the wait stands among those that are polled.</summary>
    public const int WakePlace = 0;

    // What becomes of a wake: it is made, it is needless, or the next one is made and those after it are needless.
    private const int Unknown = 0;
    private const int Awake = 1;
    private const int Resting = 2;

    private readonly Lock _waking = new();
    private int _rest = Unknown;
    private int _wakeDescriptor;
    private int _thread;

    /// <exception cref="NetworkException">EMFILE when the process has no descriptor left.</exception>
    public LoopThread()
    {
        Time = new OsLoopTime(Wake);
        _wakeDescriptor = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (_wakeDescriptor < 0) { throw new NetworkException(Libc.ToErrno(Marshal.GetLastPInvokeError()), "eventfd"); }
    }

    /// <summary>The clock; its timers fire when the loop asks it to.</summary>
    public OsLoopTime Time { get; }

    /// <summary>The descriptor that becomes readable when another thread wants the loop; <see cref="TakeWakes"/> is due then.</summary>
    public int WakeDescriptor => _wakeDescriptor;

    /// <summary>Whether the caller is on the thread of the running program.</summary>
    public bool IsOwn => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs a program to its end on this thread, a turn of the loop after the other, and passes on how it ended.</summary>
    /// <param name="program">The program.</param>
    /// <param name="turn">A turn of the loop.</param>
    /// <param name="last">What is done when the program has ended, still on this thread.</param>
    public void Run(Func<Task> program, Action<Task> turn, Action? last = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (_thread != 0) { throw new InvalidOperationException("the loop runs a program already"); }
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            var running = program();
            // Its last step may be on another thread, if something was awaited that ends there: then nobody else ends the wait.
            if (!running.IsCompleted) { running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Wake); }
            while (!running.IsCompleted) { turn(running); }
            last?.Invoke();
#pragma warning disable VSTHRD002 // It is complete: this only passes on how it ended.
            running.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        finally { (_thread, _rest) = (0, Unknown); }
    }

    /// <summary>The loop is about to wait: it looks once more at what others may have handed over, and is woken for what they hand over from now on.</summary>
    public void BeginRest()
    {
        Volatile.Write(ref _rest, Resting);
        // Others hand over first and look here then; the loop does it the other way round.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Whether the loop waits, or is about to.</summary>
    public bool IsResting => Volatile.Read(ref _rest) == Resting;

    /// <summary>The loop does something: it will look at everything before it waits again, and nobody has to wake it.</summary>
    public void EndRest() => Volatile.Write(ref _rest, Awake);

    /// <summary>Ends the wait, from any thread. On the own one there is none to end.</summary>
    public void Wake()
    {
        if (IsOwn) { return; }
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _rest) == Awake || Interlocked.CompareExchange(ref _rest, Awake, Resting) == Awake) { return; }
        // The loop may end meanwhile, and its descriptor's number be another's.
        lock (_waking)
        {
            var one = 1UL;
            if (_wakeDescriptor >= 0) { _ = Libc.Write(_wakeDescriptor, ref one, sizeof(ulong)); }
        }
    }

    /// <summary>
    /// Waits until a descriptor is ready, another thread wakes the loop, or the time (in nanoseconds; negative: for ever) has passed; true
    /// when a descriptor or a wake ended it.
    /// </summary>
    /// <param name="descriptors">What to wait for, from the second place on; the first is the loop's own.</param>
    /// <param name="nanoseconds">How long.</param>
    public bool Wait(Span<Libc.PollDescriptor> descriptors, long nanoseconds)
    {
        descriptors[WakePlace] = new Libc.PollDescriptor { Descriptor = _wakeDescriptor, Wanted = Libc.POLLIN };
        var timeout = new Libc.TimeSpec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        ref var limit = ref nanoseconds < 0 ? ref Unsafe.NullRef<Libc.TimeSpec>() : ref timeout;
        var happened = Libc.Poll(ref descriptors[0], (nuint)descriptors.Length, ref limit, 0);
        if (happened <= 0)
        {
            var error = happened < 0 ? Marshal.GetLastPInvokeError() : 0;
            return error is 0 or Libc.EINTR ? false : throw new NetworkException(Libc.ToErrno(error), "poll");
        }
        if (descriptors[WakePlace].Happened != 0) { TakeWakes(); }
        return true;
    }

    /// <summary>The wait has ended because another thread wanted it: the next one waits again.</summary>
    public void TakeWakes()
    {
        var wakes = 0UL;
        _ = Libc.Read(_wakeDescriptor, ref wakes, sizeof(ulong));
    }

    public void Dispose()
    {
        lock (_waking)
        {
            if (_wakeDescriptor >= 0) { _ = Libc.Close(_wakeDescriptor); }
            _wakeDescriptor = -1;
        }
    }
}
