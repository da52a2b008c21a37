using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation;

/// <summary>The kernel's clock and pump under one host's own stack.</summary>
internal sealed class KernelStackDriver : IStackDriver, IKernelEvent, IWaitReporter
{
    private readonly Kernel _kernel;
    private readonly string _host;
    private readonly KernelTimer _timer;
    private StackNetwork? _network;

    public KernelStackDriver(Kernel kernel, string host)
    {
        _kernel = kernel;
        _host = host;
        _timer = kernel.CreateTimer(this);
        kernel.AddWaitReporter(this);
    }

    public TimeProvider Time => _kernel.Time;

    public Instant Now => _kernel.Now;

    /// <summary>The network whose deadlines it keeps.</summary>
    public void Drive(StackNetwork network) => _network = network;

    public void RequireInside(string call) => _kernel.RequireInside(call);

    public void WakeAt(Instant deadline)
    {
        if (deadline == Instant.Never) { _timer.Cancel(); }
        else
        {
            var isQuiet = _network is { Stack.IsQuiet: true };
            if (_timer.Deadline == deadline && _timer.IsHousekeeping == isQuiet) { return; }
            _timer.IsHousekeeping = isQuiet;
            _timer.Set(deadline);
        }
    }

    public void Continue(Action<object?> continuation, object? state, ExecutionContext? context, bool outside) =>
        _kernel.QueueContinuation(continuation, state, context, outside);

    public void Fire(long argument) => _network?.OnDeadline();

    public void ReportWaits(List<WaitingCall> waits)
    {
        if (_network is null) { return; }
        foreach (var (socket, call) in _network.WaitingCalls) { waits.Add(new WaitingCall(_host, call, socket.Descriptor, socket.RemoteEndpoint ?? socket.LocalEndpoint)); }
    }
}
