using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>A host or router has no power.</summary>
public sealed record Outage(string Node) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new OutageKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer) => writer.Name("node", Node);

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) => new CrashFault(internet.FindNode(Node)!);

    private sealed class OutageKind() : FaultDescription("down", "NODE", "down www for 10s")
    {
        public override IReadOnlyList<RandomFault> Random { get; } = [new RandomOutage()];

        public override FaultDefinition Read(IFaultReader reader) => new Outage(reader.Node());
    }

    /// <summary>A machine loses everything that it holds in memory, and comes back later.</summary>
    private sealed class RandomOutage() : RandomFault("down")
    {
        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) =>
            [dice.One(dice.Machines.Where(static machine => !machine.IsClient)).Name];

        public override NetworkFault OnMachine(IFaultedMachine machine, long amount) => new CrashFault(machine);

        public override FaultDefinition DefinitionAt(string place, long amount) => new Outage(place);
    }
}

/// <summary>
/// A host or router loses its power, with its connections, its neighbour cache and its leases, and starts again when the fault is over. A
/// host's services listen again then; whoever still speaks to an old connection is answered by a reset.
/// </summary>
public sealed record CrashFault(IFaultedMachine Node) : NetworkFault
{
    /// <inheritdoc/>
    public override string Word => Outage.Kind.Word;

    /// <inheritdoc/>
    public override string Place => Node.Name;

    /// <inheritdoc/>
    public override bool IsState => true;

    /// <inheritdoc/>
    public override void Apply(IReadOnlyList<NetworkFault> acting)
    {
        var isDown = acting.Any(fault => fault is CrashFault crash && crash.Node == Node);
        if (isDown == !Node.IsUp) { return; }
        if (isDown) { Node.Crash(); }
        else { Node.Restart(); }
    }
}
