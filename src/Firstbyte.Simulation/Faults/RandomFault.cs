using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>A way in which random worlds go wrong: how it is drawn, and what it does to cables and machines while it lasts.</summary>
/// <param name="name">By what it is known; the word of a fault of lab files where it is one as a whole, else the word of its
/// setting.</param>
public abstract class RandomFault(string name)
{
    /// <summary>By what it is known.</summary>
    public string Name { get; } = name;

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

    /// <summary>How it makes a cable treat frames.</summary>
    public virtual WireSettings Impair(WireSettings settings, long amount) => settings;

    /// <summary>Which directions of a cable still carry frames.</summary>
    public virtual (bool Up, bool Down) Carry((bool Up, bool Down) directions, long amount) => directions;

    /// <summary>Befalls a machine; gives how often it has done something by that.</summary>
    public virtual long Begin(IFaultedMachine machine, long amount) => 0;

    /// <summary>Leaves a machine, as the last of its kind there or not; gives how often it has done something meanwhile.</summary>
    public virtual long End(IFaultedMachine machine, bool isLast) => 0;

    /// <summary>How often it has done something to frames, of what a cable where it happens has counted.</summary>
    public virtual long Fired(in WireCounters counted) => 0;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A machine of a random world, as a fault sees it.</summary>
public interface IFaultedMachine
{
    /// <summary>Everything that it holds in memory is gone.</summary>
    void Crash();

    /// <summary>It starts anew.</summary>
    void Boot();

    /// <summary>Its calendar is ahead, and its clock runs too fast.</summary>
    void Skew(TimeSpan offset, int driftPartsPerMillion);

    /// <summary>Its ports hear nothing, or hear again.</summary>
    void Silence(bool isSilent);

    /// <summary>Frames that were not heard since this was asked last.</summary>
    long TakeUnheard();
}

/// <summary>What cables have done to frames, both directions together.</summary>
public readonly record struct WireCounters(long Delivered, long Lost, long Doubled, long HeldBack, long Damaged)
{
    /// <summary>What a cable has done so far.</summary>
    public static WireCounters Of(Wire wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        var (a, b) = (wire.A, wire.B);
        return new(a.Delivered + b.Delivered, a.Lost + b.Lost, a.Doubled + b.Doubled, a.HeldBack + b.HeldBack, a.Damaged + b.Damaged);
    }

    /// <summary>What it has done since.</summary>
    public WireCounters Since(in WireCounters before) =>
        new(Delivered - before.Delivered, Lost - before.Lost, Doubled - before.Doubled, HeldBack - before.HeldBack, Damaged - before.Damaged);
}
