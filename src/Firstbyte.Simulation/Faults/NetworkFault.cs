using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Faults;

/// <summary>Something that goes wrong on purpose, between two instants of the world's time.</summary>
/// <remarks>It is asked for every frame (<see cref="Judge"/>), or is a state of cables, machines or clocks (<see cref="Apply"/>).</remarks>
public abstract record NetworkFault
{
    /// <summary>When it begins.</summary>
    public Instant From { get; init; } = Instant.SimulationEpoch;

    /// <summary>When it is over.</summary>
    public Instant Until { get; init; } = Instant.Never;

    /// <summary>All of it in the words of lab files, without its times; null where it was not written in them.</summary>
    public string? Said { get; init; }

    /// <summary>The word of its kind.</summary>
    public abstract string Word { get; }

    /// <summary>What it befalls, for the event that tells of it.</summary>
    public abstract string Place { get; }

    /// <summary>Whether it is a state, and is asked about nothing.</summary>
    public virtual bool IsState => false;

    /// <summary>Why a frame is not let in; <see cref="FrameDropReason.None"/> when it does not object.</summary>
    public virtual FrameDropReason Judge(in FaultQuestion question) => FrameDropReason.None;

    /// <summary>
    /// Puts what it befalls into the state that all faults which act now make together; called whenever it begins or ends.
    /// </summary>
    /// <param name="acting">The faults that act now, in the order in which they were added.</param>
    public virtual void Apply(IReadOnlyList<NetworkFault> acting) { }

    /// <summary>How a host's new connection on a port will break; null when it will not.</summary>
    internal virtual ConnectionBreak? FindBreak(SimulatedHost host, ushort port) => null;

    private protected static string At(IFaultedMachine host, ushort? port) => port is null ? host.Name : $"{host.Name}:{port}";
}

/// <summary>What befalls a cable, in both directions or in the one that begins at an end.</summary>
/// <param name="Wire">The cable.</param>
/// <param name="Sender">The end whose frames it befalls; null is both.</param>
public abstract record WireFault(Wire Wire, WireEnd? Sender) : NetworkFault
{
    /// <inheritdoc/>
    public override string Place => Sender?.Name ?? Wire.Name;

    /// <inheritdoc/>
    public override bool IsState => true;

    /// <summary>What becomes of a direction that other faults have befallen already.</summary>
    /// <param name="before">What the others make of it.</param>
    /// <param name="own">How it treats frames without any fault.</param>
    public abstract WireImpairment Impair(WireImpairment before, WireSettings own);

    /// <inheritdoc/>
    public sealed override void Apply(IReadOnlyList<NetworkFault> acting)
    {
        ApplyTo(Wire.A, acting);
        ApplyTo(Wire.B, acting);
        Wire.UpdateCarrier();
    }

    private static void ApplyTo(WireEnd end, IReadOnlyList<NetworkFault> acting)
    {
        var impairment = default(WireImpairment);
        foreach (var fault in acting)
        {
            if (fault is WireFault wire && wire.Wire == end.Wire && (wire.Sender ?? end) == end)
            {
                impairment = wire.Impair(impairment, end.Settings);
            }
        }
        end.Impair(impairment);
    }

    internal static WireEnd? Find(Internet internet, string link, LinkDirection direction) => direction switch
    {
        LinkDirection.Up => internet.FindWire(link)!.A,
        LinkDirection.Down => internet.FindWire(link)!.B,
        _ => null,
    };
}
