using System.Runtime.ExceptionServices;
using Firstbyte.Cli;
using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests;

/// <summary>A command that runs on a thread of this process, with a stack like that of a process's first one.</summary>
internal sealed class CommandThread
{
    /// <summary>The stack of a process's first thread on Linux (ulimit -s): a run in process must not have less than one of its own.</summary>
    private const int StackSize = 8 << 20;

    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private int _exitCode = -1;

    public CommandThread(string[] words, CommandIo io, CommandRegistry commands)
    {
        _thread = new Thread(() =>
        {
            try { _exitCode = Application.Run(words, io, commands); }
#pragma warning disable CA1031 // Thrown again by Join, on the test's own thread.
            catch (Exception e) { _failure = ExceptionDispatchInfo.Capture(e); }
#pragma warning restore CA1031
        }, StackSize)
        { IsBackground = true };
        _thread.Start();
    }

    public bool HasEnded => !_thread.IsAlive;

    /// <summary>Waits for its end, which has to come within a time; gives its exit code.</summary>
    public int Join(TimeSpan patience, string complaint)
    {
        Assert.True(_thread.Join(patience), complaint);
        _failure?.Throw();
        return _exitCode;
    }
}
