using System.Runtime.InteropServices;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests;

/// <summary>Signals that come from the test.</summary>
internal sealed class SentSignals : Signals
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

    /// <summary>Sends one by its name, as kill does: who handles it is called on a thread of its own, as by the runtime.</summary>
    public void Send(string name)
    {
        var signal = Enum.Parse<PosixSignal>("SIG" + name);
        Func<bool>[] called;
        lock (_handlers) { called = [.. _handlers.Where(row => row.Signal == signal).Select(static row => row.Handler)]; }
        new Thread(() =>
        {
            foreach (var handler in called) { handler(); }
        })
        { IsBackground = true }.Start();
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
