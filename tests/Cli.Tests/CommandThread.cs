using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Firstbyte.Cli;
using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests;

/// <summary>A command that runs on a thread of this process until a signal, which only it gets, ends it.</summary>
internal sealed class CommandThread : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SentSignals _signals = new();
    private readonly CommandIo _io;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    /// <param name="words">The command line.</param>
    /// <param name="environment">All variables that it sees.</param>
    /// <param name="folder">The folder it runs in.</param>
    /// <param name="hear">Is told what it writes on standard output and standard error, as it is written.</param>
    public CommandThread(string[] words, IReadOnlyDictionary<string, string> environment, string folder, Action<string> hear)
    {
        _io = new CommandIo(new MemoryStream(), new HeardStream(hear), new HeardStream(hear), _signals) { Folder = folder, Variables = environment.GetValueOrDefault };
        _thread = new Thread(() => Run(words), Command.StackSize) { IsBackground = true };
        _thread.Start();
    }

    public bool HasEnded => !_thread.IsAlive;

    /// <summary>Sends it a signal by its name, as kill does.</summary>
    public void Send(string name) => _signals.Send(Enum.Parse<PosixSignal>("SIG" + name));

    public void Dispose()
    {
        Send("INT");
        Assert.True(_thread.Join(s_patience), "the command did not end on Ctrl-C");
        _io.Dispose();
        _signals.Dispose();
        _failure?.Throw();
    }

    private void Run(string[] words)
    {
        try { Application.Run(words, _io, CommandRegistry.Standard); }
#pragma warning disable CA1031 // Thrown again by Dispose, on the test's own thread.
        catch (Exception e) { _failure = ExceptionDispatchInfo.Capture(e); }
#pragma warning restore CA1031
    }

    /// <summary>Signals that come from the test.</summary>
    private sealed class SentSignals : Signals
    {
        private readonly List<(PosixSignal Signal, Func<bool> Handler)> _handlers = [];

        public override IDisposable Handle(PosixSignal signal, Func<bool> handler)
        {
            var row = (signal, handler);
            lock (_handlers) { _handlers.Add(row); }
            return new Removal(() =>
            {
                lock (_handlers) { _handlers.Remove(row); }
            });
        }

        /// <summary>Calls those who handle it on a thread of their own, as the runtime does.</summary>
        public void Send(PosixSignal signal)
        {
            Func<bool>[] called;
            lock (_handlers) { called = [.. _handlers.Where(row => row.Signal == signal).Select(static row => row.Handler)]; }
            new Thread(() =>
            {
                foreach (var handler in called) { handler(); }
            })
            { IsBackground = true }.Start();
        }
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }

    /// <summary>A stream of UTF-8 text that is heard as it is written.</summary>
    private sealed class HeardStream(Action<string> hear) : MemoryStream
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var letters = new char[Encoding.UTF8.GetMaxCharCount(buffer.Length)];
            lock (_decoder) { hear(new string(letters, 0, _decoder.GetChars(buffer, letters, false))); }
        }

        public override void WriteByte(byte value) => Write([value]);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer, offset, count);
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
