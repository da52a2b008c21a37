using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Stack;

/// <summary>
/// What lies under a <see cref="StackNetwork"/>: a clock, and a thread on which its programs continue. A simulated world has one, and so
/// has a TUN device.
/// </summary>
/// <remarks>
/// The driver calls <see cref="StackNetwork.Receive"/> and <see cref="StackNetwork.OnDeadline"/>, and every socket call of a program arrives
/// on the same thread: the stack below knows no locks.
/// </remarks>
public interface IStackDriver
{
    /// <summary>The clock and the timers of the programs above.</summary>
    TimeProvider Time { get; }

    /// <summary>The time, to the nanosecond.</summary>
    Instant Now { get; }

    /// <summary>Refuses a call from outside the driver's own thread or pump.</summary>
    /// <param name="call">The call, for the error that names it.</param>
    void RequireInside(string call);

    /// <summary>
    /// Asks to be woken by <see cref="StackNetwork.OnDeadline"/> at an instant; a later request replaces an earlier one,
    /// <see cref="Instant.Never"/> takes it back.
    /// </summary>
    void WakeAt(Instant deadline);

    /// <summary>Lets a program go on after its call has ended: later, from the driver's own loop, never on the stack of who calls this.</summary>
    /// <param name="continuation">What goes on.</param>
    /// <param name="state">Its argument.</param>
    /// <param name="context">Its execution context, where it flows.</param>
    /// <param name="outside">It was awaited without a scheduling context, and has to go on outside any task.</param>
    void Continue(Action<object?> continuation, object? state, ExecutionContext? context, bool outside);
}

/// <summary>What sends an interface's frames: a cable in a simulated world, a TUN or TAP device.</summary>
public interface IFrameDevice
{
    /// <summary>Sends a frame and takes over the caller's hold on it.</summary>
    void Send(Frame frame);
}
