using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>A cable treats frames in another way.</summary>
public sealed record Impairment(string Link, LinkDirection Direction, WireSettings Settings) : FaultDefinition
{
    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new ImpairmentKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Name("link", Link);
        writer.Direction("direction", Direction);
        writer.Settings("settings", Settings);
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) =>
        new ImpairmentFault(internet.FindWire(Link)!, Settings, WireFault.Find(internet, Link, Direction));

    private sealed class ImpairmentKind()
        : FaultDescription("impair", "LINK [up | down] SETTING…", "impair mail-lan latency 300ms loss 20% for 1min")
    {
        public override IReadOnlyList<RandomFault> Random { get; } =
        [
            new RandomShare("loss", 2_000, 7, static (settings, share) => settings with { LossMillionths = share }, static counted => counted.Lost),
            new RandomShare(
                "duplicate", 5_000, 6, static (settings, share) => settings with { DuplicateMillionths = share }, static counted => counted.Doubled),
            new RandomShare("reorder", 5_000, 6, Reorder, static counted => counted.HeldBack),
            new RandomCorruption(),
        ];

        private static WireSettings Reorder(WireSettings settings, int share) =>
            settings with { ReorderMillionths = share, ReorderDelay = settings.Latency * 2 + TimeSpan.FromMilliseconds(3) };

        public override FaultDefinition Read(IFaultReader reader)
        {
            var (link, direction) = (reader.Link(), reader.Direction());
            return new Impairment(link, direction, reader.Settings(link, direction));
        }
    }

    /// <summary>Cables do something to a share of the frames.</summary>
    private class RandomShare(
        string name, long least, int steps, Func<WireSettings, int, WireSettings> impair, Func<WireCounters, long> fired) : RandomFault(name)
    {
        public override bool IsLasting => true;

        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) => dice.Some(dice.Wires, static all => all);

        public override long DrawAmount(FaultDice dice) => least << (int)dice.Random.NextBelow(steps);

        public override NetworkFault OnCable(Wire wire, long amount) => new ShareFault(wire, (int)amount, impair);

        // What else the cable does is its own, and so is how long a frame that is overtaken waits there.
        public override FaultDefinition DefinitionAt(string place, long amount) =>
            new Impairment(place, LinkDirection.Both, impair(new WireSettings(), (int)amount) with { ReorderDelay = TimeSpan.Zero });

        public override long Fired(in WireCounters counted) => fired(counted);
    }

    private sealed class RandomCorruption() : RandomShare(
        "corrupt", 4_000, 6, static (settings, share) => settings with { CorruptMillionths = share }, static counted => counted.Damaged)
    {
        public override bool DamagesFrames => true;

        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) => [dice.DamagedWire];
    }
}

/// <summary>A cable treats frames in another way: the newest one that acts counts.</summary>
public sealed record ImpairmentFault(Wire Wire, WireSettings Settings, WireEnd? Sender = null) : WireFault(Wire, Sender)
{
    /// <inheritdoc/>
    public override string Word => Impairment.Kind.Word;

    /// <inheritdoc/>
    public override WireImpairment Impair(WireImpairment before, WireSettings own) => before with { Settings = Settings };
}

/// <summary>A cable does something to a share of the frames, beside whatever else befalls it: several of these add up.</summary>
/// <param name="Wire">The cable.</param>
/// <param name="Millionths">The share.</param>
/// <param name="Change">What it changes of how the cable treats frames.</param>
/// <param name="Sender">The end whose frames it befalls; null is both.</param>
public sealed record ShareFault(Wire Wire, int Millionths, Func<WireSettings, int, WireSettings> Change, WireEnd? Sender = null) : WireFault(Wire, Sender)
{
    /// <inheritdoc/>
    public override string Word => Impairment.Kind.Word;

    /// <inheritdoc/>
    public override WireImpairment Impair(WireImpairment before, WireSettings own) => before with { Settings = Change(before.Settings ?? own, Millionths) };
}
