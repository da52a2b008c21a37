using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>
/// A cable holds everything back, and lets go of it when the fault is over. One that is only slow is throttled (<see cref="Throttle"/>).
/// </summary>
public sealed record Clog(string Link, LinkDirection Direction) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new ClogKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Name("link", Link);
        writer.Direction("direction", Direction);
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) =>
        new ClogFault(internet.FindWire(Link)!, WireFault.Find(internet, Link, Direction));

    private sealed class ClogKind() : FaultDescription("clog", "LINK [up | down]", "clog www-lan for 2s")
    {
        public override FaultDefinition Read(IFaultReader reader) => new Clog(reader.Link(), reader.Direction());
    }
}

/// <summary>
/// A cable is clogged: it holds every frame that would arrive until the fault is over, and then lets go of them in their order.
/// </summary>
public sealed record ClogFault(Wire Wire, WireEnd? Sender = null) : WireFault(Wire, Sender)
{
    /// <inheritdoc/>
    public override string Word => Clog.Kind.Word;

    /// <inheritdoc/>
    public override WireImpairment Impair(WireImpairment before, WireSettings own) => before.With(s_hold);

    private static readonly WireEffect s_hold = new Hold();

    private sealed class Hold : WireEffect
    {
        public override bool Holds => true;
    }
}
