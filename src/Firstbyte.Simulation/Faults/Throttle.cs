using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>
/// A cable becomes slow: it sends at a rate of so many bits a second, and what waits meanwhile is dropped behind a queue's end.
/// </summary>
public sealed record Throttle(string Link, LinkDirection Direction, long BitsPerSecond, long QueueBytes) : FaultDefinition
{
    /// <summary>A queue of which nothing is said (own choice: some twenty full frames).</summary>
    public const long DefaultQueue = 32_768;

    /// <summary>Its kind.</summary>
    public static FaultDescription Kind { get; } = new ThrottleKind();

    /// <inheritdoc/>
    public override FaultDescription Description => Kind;

    /// <inheritdoc/>
    public override void Write(IFaultWriter writer)
    {
        writer.Name("link", Link);
        writer.Direction("direction", Direction);
        writer.Keyword("to");
        writer.Rate("bitsPerSecond", BitsPerSecond);
        writer.Keyword("queue");
        writer.Size("queueBytes", QueueBytes);
    }

    /// <inheritdoc/>
    public override NetworkFault Bind(Internet internet) =>
        new ThrottleFault(internet.FindWire(Link)!, BitsPerSecond, QueueBytes, WireFault.Find(internet, Link, Direction));

    private sealed class ThrottleKind()
        : FaultDescription("throttle", "LINK [up | down] to RATE [queue SIZE]", "throttle mail-lan up to 64kbit for 10s")
    {
        public override IReadOnlyList<RandomFault> Random { get; } = [new RandomThrottle()];

        public override FaultDefinition Read(IFaultReader reader)
        {
            var (link, direction) = (reader.Link(), reader.Direction());
            reader.Keyword("to");
            return new Throttle(link, direction, reader.Rate(), reader.TryKeyword("queue") ? reader.Size() : DefaultQueue);
        }
    }

    /// <summary>A cable becomes as slow as a modem.</summary>
    private sealed class RandomThrottle() : RandomFault("throttle")
    {
        public override IReadOnlyList<string> DrawPlaces(FaultDice dice) => [dice.One(dice.Wires)];

        public override long DrawAmount(FaultDice dice) => 64_000L << (int)dice.Random.NextBelow(4);

        public override NetworkFault OnCable(Wire wire, long amount) => new ThrottleFault(wire, amount, DefaultQueue);

        public override FaultDefinition DefinitionAt(string place, long amount) => new Throttle(place, LinkDirection.Both, amount, DefaultQueue);

        public override long Fired(in WireCounters counted) => counted.Delivered + counted.Lost;
    }
}

/// <summary>A cable sends at a rate, whatever else befalls it.</summary>
public sealed record ThrottleFault(Wire Wire, long BitsPerSecond, long QueueBytes, WireEnd? Sender = null) : WireFault(Wire, Sender)
{
    /// <inheritdoc/>
    public override string Word => Throttle.Kind.Word;

    /// <inheritdoc/>
    public override WireImpairment Impair(WireImpairment before, WireSettings own) =>
        before with { Settings = (before.Settings ?? own) with { BitsPerSecond = BitsPerSecond, QueueBytes = QueueBytes } };
}
