using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Faults;

/// <summary>The clock of a host or router is wrong.</summary>
/// <param name="Node">Whose clock.</param>
/// <param name="OffsetNanoseconds">How far its calendar is ahead; negative is behind.</param>
/// <param name="DriftPartsPerMillion">How much too fast it runs; negative is too slow.</param>
public sealed record ClockSkew(string Node, long OffsetNanoseconds, int DriftPartsPerMillion) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new ClockSkewKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Name("node", Node);
        writer.Keyword("by");
        writer.SignedTime("offsetNanoseconds", OffsetNanoseconds);
        writer.Keyword("drift");
        writer.Drift("driftPartsPerMillion", DriftPartsPerMillion);
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) =>
        new SkewFault(internet.FindNode(Node)!, TimeSpan.FromTicks(OffsetNanoseconds / TimeSpan.NanosecondsPerTick), DriftPartsPerMillion);

    private sealed class ClockSkewKind() : FaultDescription("skew", "NODE by T [drift Nppm]", "skew me by -5min drift 200ppm")
    {
        public override IReadOnlyList<RandomFault> Random { get; } = [new RandomSkew()];

        public override FaultDefinition Read(IFaultReader reader)
        {
            var node = reader.Node();
            reader.Keyword("by");
            return new ClockSkew(node, reader.SignedTime(), reader.TryKeyword("drift") ? reader.Drift() : 0);
        }
    }

    /// <summary>A machine's calendar is wrong, and its clock runs too fast or too slow.</summary>
    private sealed class RandomSkew() : RandomFault("skew")
    {
        // Parts per million: a hundred times what a bad quartz does.
        private const int MaxDrift = 20_000;

        // A clock that runs 1,000 parts per million too fast is also 10 s ahead.
        private const int CalendarPerDrift = 10;

        public override bool IsLasting => true;

        public override bool SkewsClocks => true;

        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) => [dice.One(dice.Machines).Name];

        public override long DrawAmount(FaultDice dice) =>
            (1_000 + dice.Random.NextBelow(MaxDrift)) * (dice.Random.Chance(500_000) ? 1 : -1);

        public override NetworkFault OnMachine(IFaultedMachine machine, long amount) =>
            new SkewFault(machine, TimeSpan.FromMilliseconds(amount * CalendarPerDrift), (int)amount);

        public override FaultDefinition DefinitionAt(string place, long amount) =>
            new ClockSkew(place, amount * CalendarPerDrift * TimeSpan.NanosecondsPerTick * TimeSpan.TicksPerMillisecond, (int)amount);
    }
}

/// <summary>
/// The clock of a host or router is wrong: its calendar is ahead by an offset (negative: behind), and everything that its clock times
/// runs too fast by so many parts per million (negative: too slow). It is set right when the fault is over.
/// </summary>
/// <param name="Node">Whose clock.</param>
/// <param name="Offset">How far the calendar is ahead at the beginning.</param>
/// <param name="DriftPartsPerMillion">How much faster it runs; at most <see cref="VirtualTime.MaxDrift"/> either way.</param>
public sealed record SkewFault(IFaultedMachine Node, TimeSpan Offset, int DriftPartsPerMillion = 0) : NetworkFault
{
    /// <summary>How much faster it runs.</summary>
    public int DriftPartsPerMillion { get; init; } = Math.Abs((long)DriftPartsPerMillion) <= VirtualTime.MaxDrift
        ? DriftPartsPerMillion
        : throw new ArgumentOutOfRangeException(nameof(DriftPartsPerMillion), DriftPartsPerMillion, $"at most {VirtualTime.MaxDrift} either way");

    /// <inheritdoc/>
    public override string Word => ClockSkew.Kind.Word;

    /// <inheritdoc/>
    public override string Place => Node.Name;

    /// <inheritdoc/>
    public override bool IsState => true;

    /// <inheritdoc/>
    public override void Apply(IReadOnlyList<NetworkFault> acting)
    {
        // The newest one counts.
        var skew = acting.LastOrDefault(fault => fault is SkewFault skew && skew.Node == Node) as SkewFault;
        Node.Skew(skew?.Offset ?? TimeSpan.Zero, skew?.DriftPartsPerMillion ?? 0);
    }
}
