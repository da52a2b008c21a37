using System.Runtime.InteropServices;

namespace Firstbyte.Cli.Io;

/// <summary>The signals that a user or a supervisor sends, as far as a command wants to hear of them: what nobody handles does what the system does.</summary>
internal abstract class Signals : IDisposable
{
    /// <summary>Exit codes after a signal, as shells count them: 128 + its number.</summary>
    public const int Interrupted = 130, Terminated = 143, HungUp = 129;

    // For which .NET has no name; the same number on Linux, macOS and BSD.
    private const PosixSignal SIGXFSZ = (PosixSignal)25;

    private readonly CancellationTokenSource _stopping = new();
    private IDisposable? _interrupt;
    private IDisposable? _terminate;
    private IDisposable? _hangup;
    private bool _hangupReloads;
    private int _stoppedBy;

    /// <summary>
    /// Is cancelled by the first Ctrl-C, SIGTERM or end of the terminal (SIGHUP); the second one ends the process at once. Only who asks for it
    /// handles them at all.
    /// </summary>
    public CancellationToken Stopping
    {
        get
        {
            _interrupt ??= Handle(PosixSignal.SIGINT, () => Stop(Interrupted));
            _terminate ??= Handle(PosixSignal.SIGTERM, () => Stop(Terminated));
            if (!_hangupReloads) { _hangup ??= Handle(PosixSignal.SIGHUP, () => Stop(HungUp)); }
            return _stopping.Token;
        }
    }

    /// <summary>Whether a signal has asked for the end.</summary>
    public bool HasStopped => Volatile.Read(ref _stoppedBy) != 0;

    /// <summary>The exit code of a command that a signal has stopped.</summary>
    public int ExitCode => Volatile.Read(ref _stoppedBy) is > 0 and var code ? code : Interrupted;

    /// <summary>A server has no terminal to lose: SIGHUP asks it to read its files again, until the result is disposed.</summary>
    /// <param name="reload">Says whether it has done so.</param>
    public IDisposable HandleReload(Func<bool> reload)
    {
        _hangupReloads = true;
        _hangup?.Dispose();
        _hangup = null;
        return Handle(PosixSignal.SIGHUP, reload);
    }

    /// <summary>
    /// A file of a server may be longer than the process may write one (<c>ulimit -f</c>): until the result is disposed that is told as any other file that
    /// cannot be written (EFBIG), and ends nobody.
    /// </summary>
    public IDisposable? OutliveFileSize() => OperatingSystem.IsWindows() ? null : Handle(SIGXFSZ, static () => true);

    /// <summary>Has something said when a signal ends the process, which it still does, until the result is disposed.</summary>
    public IDisposable BeforeTheEnd(Action say)
    {
        bool Say()
        {
            say();
            return false;
        }
        var all = new List<IDisposable> { Handle(PosixSignal.SIGINT, Say), Handle(PosixSignal.SIGTERM, Say) };
        if (!_hangupReloads) { all.Add(Handle(PosixSignal.SIGHUP, Say)); }
        return new Registrations([.. all]);
    }

    /// <summary>Has a signal handled until the result is disposed; the handler says whether it has done so, and runs on a thread of its own.</summary>
    public abstract IDisposable Handle(PosixSignal signal, Func<bool> handler);

    /// <summary>
    /// Ends the process by the signal that has stopped the command, where that is what the exit code says: a shell whose program dies of Ctrl-C ends its loop
    /// too, and goes on after one that only has the exit code. Returns where the process cannot be ended so.
    /// </summary>
    public virtual void EndAs(int exitCode) { /* Not every owner of signals is a process. */ }

    public virtual void Dispose()
    {
        _interrupt?.Dispose();
        _terminate?.Dispose();
        _hangup?.Dispose();
        _stopping.Dispose();
    }

    private bool Stop(int code)
    {
        if (Interlocked.CompareExchange(ref _stoppedBy, code, 0) != 0) { return false; }
        _stopping.Cancel();
        return true;
    }
}

/// <summary>Several that end together.</summary>
internal sealed class Registrations(IDisposable[] all) : IDisposable
{
    public void Dispose()
    {
        foreach (var one in all) { one.Dispose(); }
    }
}

/// <summary>A signal ended a command, which has said so in words of its own.</summary>
internal sealed class InterruptionToldException : OperationCanceledException;

/// <summary>The signals of this process.</summary>
internal sealed partial class ProcessSignals : Signals
{
    // A shell's exit code of what a signal has ended is 128 and its number (POSIX, XCU 2.8.2: above 128).
    private const int ShellsOffset = 128;

    // SIG_DFL of <signal.h>.
    private const nint Default = 0;

    public override void EndAs(int exitCode)
    {
        if (!HasStopped || exitCode != ExitCode || OperatingSystem.IsWindows()) { return; }
        var number = exitCode - ShellsOffset;
        // The runtime's own handler would ask those who have handled it before.
        _ = SetHandler(number, Default);
        _ = Raise(number);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int number);

    public override IDisposable Handle(PosixSignal signal, Func<bool> handler) =>
        PosixSignalRegistration.Create(signal, context => context.Cancel |= handler());
}
