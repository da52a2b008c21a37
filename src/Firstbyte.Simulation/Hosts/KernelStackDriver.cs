using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets.Stack;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Hosts;

/// <summary>A host's clock and the kernel's pump under its own stack.</summary>
internal sealed class KernelStackDriver : IStackDriver, IKernelEvent, IWaitReporter, IClockTimer
{
    private readonly Kernel _kernel;
    private readonly string _host;
    private readonly VirtualTime _clock;
    private readonly KernelTimer _timer;
    private StackNetwork? _network;
    private Instant _deadline = Instant.Never;

    public KernelStackDriver(Kernel kernel, string host, VirtualTime clock)
    {
        _kernel = kernel;
        _host = host;
        _clock = clock;
        _timer = kernel.CreateTimer(this);
        kernel.AddWaitReporter(this);
    }

    public TimeProvider Time => _clock;

    public Instant Now => _clock.Monotonic;

    public int Place { get; set; } = -1;

    /// <summary>The network whose deadlines it keeps.</summary>
    public void Drive(StackNetwork network) => _network = network;

    public void RequireInside(string call) => _kernel.RequireInside(call);

    public void WakeAt(Instant deadline)
    {
        var isQuiet = _network is { Stack.IsQuiet: true };
        if (deadline == _deadline && _timer.IsHousekeeping == isQuiet) { return; }
        _timer.IsHousekeeping = isQuiet;
        _deadline = deadline;
        if (deadline == Instant.Never)
        {
            _timer.Cancel();
            _clock.Forget(this);
            return;
        }
        if (Place < 0) { _clock.Remember(this); }
        Move();
    }

    public void Move() => _timer.Set(_clock.TrueTimeOf(_deadline));

    public void Continue(Action<object?> continuation, object? state, ExecutionContext? context, bool outside) =>
        _kernel.QueueContinuation(continuation, state, context, outside);

    public void Fire(long argument)
    {
        _deadline = Instant.Never;
        _clock.Forget(this);
        _network?.OnDeadline();
    }

    public void ReportWaits(List<WaitingCall> waits)
    {
        if (_network is null) { return; }
        foreach (var (socket, call) in _network.WaitingCalls)
        {
            waits.Add(new WaitingCall(_host, call, socket.Descriptor, socket.RemoteEndpoint ?? socket.LocalEndpoint, socket.RemoteEndpoint is not null));
        }
    }
}
