using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>
/// Where a fault is read from. Whatever is not there, or means nothing in this lab, is an error with its place, thrown here.
/// </summary>
public interface IFaultReader
{
    /// <summary>Whether the next word is this one; then it has been read.</summary>
    bool TryKeyword(string word);

    /// <summary>One of these words.</summary>
    string Choice(params ReadOnlySpan<string> words);

    /// <summary>A host.</summary>
    string Host();

    /// <summary>A host or router.</summary>
    string Node();

    /// <summary>A set of hosts and routers, at least one.</summary>
    /// <param name="others">A set of which none may be in this one; null when there is none.</param>
    IReadOnlyList<string> Nodes(IReadOnlyList<string>? others = null);

    /// <summary>A cable.</summary>
    string Link();

    /// <summary>A direction of a cable; both when nothing is said.</summary>
    LinkDirection Direction();

    /// <summary>A port.</summary>
    ushort Port();

    /// <summary>A port, if there is one.</summary>
    ushort? OptionalPort();

    /// <summary>A whole number from a minimum to a maximum.</summary>
    long Number(long minimum, long maximum);

    /// <summary>A share, in millionths.</summary>
    int Share();

    /// <summary>A rate, in bits a second.</summary>
    long Rate();

    /// <summary>A size, in bytes.</summary>
    long Size();

    /// <summary>A time in nanoseconds, no shorter than a minimum.</summary>
    long Time(long minimum);

    /// <summary>A time in nanoseconds, a whole number of ticks, which may be negative.</summary>
    long SignedTime();

    /// <summary>A drift in parts per million.</summary>
    int Drift();

    /// <summary>How a cable treats frames otherwise than it does, in a direction.</summary>
    WireSettings Settings(string link, LinkDirection direction);
}

/// <summary>What readers of faults share.</summary>
public static class FaultReading
{
    extension(IFaultReader reader)
    {
        /// <summary>This word.</summary>
        public void Keyword(string word) => reader.Choice(word);
    }
}
