using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>A fault as somebody writes it: a value that names what it befalls. <see cref="Bind"/> makes one of a world of it.</summary>
public abstract record FaultDefinition
{
    /// <summary>What kind of fault it is.</summary>
    public abstract FaultDescription Description { get; }

    /// <summary>Says what it is behind its word, in the order in which <see cref="FaultDescription.Read"/> reads it.</summary>
    public abstract void Write(IFaultWriter writer);

    /// <summary>What it does, without its times, in the words that it brings along: those of faults that languages have no words for.</summary>
    /// <param name="language">The language's tag: <c>en</c>, <c>zh</c>.</param>
    /// <returns>Null when it brings none in that language; it is said in the lab file's then.</returns>
    public virtual string? SaidIn(string language) => null;

    /// <summary>The fault in a world that has everything that it names.</summary>
    public abstract NetworkFault Bind(Internet internet);
}

/// <summary>A direction of a cable, or both.</summary>
public enum LinkDirection
{
    /// <summary>There and back.</summary>
    Both,

    /// <summary>From the first to the second of what the cable joins.</summary>
    Up,

    /// <summary>From the second to the first.</summary>
    Down,
}
