using Firstbyte.Hosts;

namespace Firstbyte.Simulation.Elements;

/// <summary>
/// What cards ask, for every frame and connection, whether something goes wrong with it on purpose. The faults themselves stand in
/// <c>Simulation/Faults</c>.
/// </summary>
internal interface IFaultGate
{
    /// <summary>Whether nothing has to be asked about frames.</summary>
    bool IsEmpty { get; }

    /// <summary>Why a frame is not let in at a machine; <see cref="FrameDropReason.None"/> when nothing objects.</summary>
    FrameDropReason Judge(IFaultedWorld world, IFaultedMachine receiver, ReadOnlySpan<byte> frame);

    /// <summary>How a host's new connection on a port will break; null when it will not.</summary>
    ConnectionBreak? FindBreak(SimulatedHost host, ushort port);
}

/// <summary>A connection breaks after a host has sent so many bytes in it: by a reset, or by an end that comes too early.</summary>
internal readonly record struct ConnectionBreak(long AfterBytes, bool ByReset);
