using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>
/// A way in which random worlds go wrong: how it is drawn, and which fault that is on a cable or a machine. What the fault does is the
/// <see cref="NetworkFault"/>'s own, as in a lab.
/// </summary>
/// <param name="name">By what it is known; the word of a fault of lab files where it is one as a whole, else the word of its
/// setting.</param>
public abstract class RandomFault(string name)
{
    /// <summary>By what it is known.</summary>
    public string Name { get; } = name;

    /// <summary>Its name in a language that has none for it; null when it brings none along.</summary>
    /// <param name="language">The language's tag: <c>en</c>, <c>zh</c>.</param>
    public virtual string? NameIn(string language) => null;

    /// <summary>Whether it lasts for a good part of the world's illness, not only for seconds.</summary>
    public virtual bool IsLasting => false;

    /// <summary>Whether frames arrive otherwise than they were sent.</summary>
    public virtual bool DamagesFrames => false;

    /// <summary>Whether clocks of machines differ from the world's.</summary>
    public virtual bool SkewsClocks => false;

    /// <summary>The cables or machines where it happens.</summary>
    public abstract IReadOnlyList<string> DrawPlaces(FaultDice dice);

    /// <summary>How bad it is, in whatever it counts in.</summary>
    public virtual long DrawAmount(FaultDice dice) => 0;

    /// <summary>The fault on a cable where it happens; null when it befalls no cables.</summary>
    public virtual NetworkFault? OnCable(Wire wire, long amount) => null;

    /// <summary>The fault on a machine where it happens; null when it befalls no machines.</summary>
    public virtual NetworkFault? OnMachine(IFaultedMachine machine, long amount) => null;

    /// <summary>The same as somebody would write it in a lab, for whoever tells of it; null when it cannot be written there.</summary>
    public virtual FaultDefinition? DefinitionAt(string place, long amount) => null;

    /// <summary>How often it has done something to frames, of what a cable where it happens has counted.</summary>
    public virtual long Fired(in WireCounters counted) => 0;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What cables have done to frames, both directions together.</summary>
public readonly record struct WireCounters(long Delivered, long Lost, long Doubled, long HeldBack, long Damaged, long Affected)
{
    /// <summary>What a cable has done so far.</summary>
    public static WireCounters Of(Wire wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        var (a, b) = (wire.A, wire.B);
        return new(a.Delivered + b.Delivered, a.Lost + b.Lost, a.Doubled + b.Doubled, a.HeldBack + b.HeldBack, a.Damaged + b.Damaged, a.Affected + b.Affected);
    }

    /// <summary>What it has done since.</summary>
    public WireCounters Since(in WireCounters before) =>
        new(
            Delivered - before.Delivered, Lost - before.Lost, Doubled - before.Doubled, HeldBack - before.HeldBack, Damaged - before.Damaged,
            Affected - before.Affected);
}
