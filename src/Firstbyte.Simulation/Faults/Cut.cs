using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>A cable is pulled: everything on it is lost.</summary>
public sealed record Cut(string Link, LinkDirection Direction) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new CutKind();

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
        new LinkDownFault(internet.FindWire(Link)!, WireFault.Find(internet, Link, Direction));

    private sealed class CutKind() : FaultDescription("cut", "LINK [up | down]", "cut me-lan up for 500ms")
    {
        public override IReadOnlyList<RandomFault> Random { get; } = [new RandomCut()];

        public override FaultDefinition Read(IFaultReader reader) => new Cut(reader.Link(), reader.Direction());
    }

    private sealed class RandomCut() : RandomFault("cut")
    {
        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) => [dice.One(dice.Wires)];

        public override NetworkFault OnCable(Wire wire, long amount) => new LinkDownFault(wire);

        public override FaultDefinition DefinitionAt(string place, long amount) => new Cut(place, LinkDirection.Both);

        public override long Fired(in WireCounters counted) => counted.Lost;
    }
}

/// <summary>A cable is pulled: every frame on it is lost.</summary>
public sealed record LinkDownFault(Wire Wire, WireEnd? Sender = null) : WireFault(Wire, Sender)
{
    /// <inheritdoc/>
    public override string Word => Cut.Kind.Word;

    /// <inheritdoc/>
    public override WireImpairment Impair(WireImpairment before, WireSettings own) => before with { IsCut = true };
}
