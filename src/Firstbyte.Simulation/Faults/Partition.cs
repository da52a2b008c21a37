using Firstbyte.Hosts;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>Two sets of hosts and routers do not hear each other.</summary>
public sealed record Partition(IReadOnlyList<string> Left, IReadOnlyList<string> Right) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new PartitionKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Names("left", Left);
        writer.Names("right", Right);
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) =>
        new PartitionFault([.. Left.Select(name => internet.FindNode(name)!)], [.. Right.Select(name => internet.FindNode(name)!)]);

    private sealed class PartitionKind() : FaultDescription("partition", "{ NODE … } { NODE … }", "partition { me } { www, mail } for 3s")
    {
        public override IReadOnlyList<RandomFault> Random { get; } = [new RandomPartition()];

        public override FaultDefinition Read(IFaultReader reader)
        {
            var left = reader.Nodes();
            return new Partition(left, reader.Nodes(left));
        }
    }

    /// <summary>
    /// Machines are cut off from the rest: what they say is not heard, and (when the amount is 0) neither is what they are told.
    /// </summary>
    private sealed class RandomPartition() : RandomFault("partition")
    {
        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) =>
            [.. dice.Some(dice.Machines.Where(static machine => machine.Wires.Count == 1), static all => all / 2).Select(static machine => machine.Wires[0])];

        public override long DrawAmount(FaultDice dice) => dice.Random.NextBelow(2);

        public override NetworkFault OnCable(Wire wire, long amount) => new IsolationFault(wire, amount == 0 ? null : wire.A);

        // Its one cable is what cuts it off.
        public override FaultDefinition DefinitionAt(string place, long amount) =>
            new Cut(place, amount == 0 ? LinkDirection.Both : LinkDirection.Up);

        public override long Fired(in WireCounters counted) => counted.Lost;
    }
}

/// <summary>
/// A machine with one cable is cut off from everybody else: what it says is not heard and, where both directions are meant, neither is
/// what it is told.
/// </summary>
public sealed record IsolationFault(Wire Wire, WireEnd? Sender = null) : WireFault(Wire, Sender)
{
    /// <inheritdoc/>
    public override string Word => Partition.Kind.Word;

    /// <inheritdoc/>
    public override WireImpairment Impair(WireImpairment before, WireSettings own) => before with { IsCut = true };
}

/// <summary>
/// Two sets of nodes do not hear each other, whether they are the origin of a packet or the station that passes it on; one-sided when
/// only the first is not heard by the second.
/// </summary>
public sealed record PartitionFault(IReadOnlyList<NetworkNode> Left, IReadOnlyList<NetworkNode> Right, bool OneSided = false) : NetworkFault
{
    /// <inheritdoc/>
    public override string Word => Partition.Kind.Word;

    /// <inheritdoc/>
    public override string Place => $"{Names(Left)} {(OneSided ? ">" : "|")} {Names(Right)}";

    /// <inheritdoc/>
    public override FrameDropReason Judge(in FaultQuestion question) =>
        Separates(question.Station, question.Receiver) || Separates(question.Sender, question.Receiver)
            ? FrameDropReason.Partitioned
            : FrameDropReason.None;

    private bool Separates(IFaultedMachine? sender, IFaultedMachine receiver) =>
        sender is not null
        && ((Left.Contains(sender) && Right.Contains(receiver)) || (!OneSided && Right.Contains(sender) && Left.Contains(receiver)));

    private static string Names(IReadOnlyList<NetworkNode> nodes) => string.Join(' ', nodes.Select(static node => node.Name));
}
