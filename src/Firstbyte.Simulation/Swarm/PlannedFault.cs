namespace Firstbyte.Simulation.Swarm;

/// <summary>A way in which a world goes wrong on purpose.</summary>
public enum FaultKind : byte
{
    /// <summary>Wires lose a share of the frames.</summary>
    Loss,

    /// <summary>Wires deliver a share of the frames twice.</summary>
    Duplication,

    /// <summary>Wires hold a share of the frames back, so that others overtake them.</summary>
    Reordering,

    /// <summary>Wires turn one bit of a share of the frames over.</summary>
    Corruption,

    /// <summary>Machines are cut off from the rest, in one direction or both.</summary>
    Partition,

    /// <summary>A wire becomes very slow.</summary>
    Clog,

    /// <summary>A cable is pulled.</summary>
    LinkDown,

    /// <summary>A machine loses everything that it holds in memory, and comes back later.</summary>
    Crash,

    /// <summary>A server's ports hear nothing.</summary>
    Silence,

    /// <summary>A machine's calendar is wrong, and its clock runs too fast or too slow.</summary>
    Skew,
}

/// <summary>One thing that goes wrong, from an instant to another. Times are nanoseconds of the world.</summary>
/// <param name="Kind">What.</param>
/// <param name="FromNanoseconds">When it begins.</param>
/// <param name="UntilNanoseconds">When it ends.</param>
/// <param name="Places">The wires or machines where it happens.</param>
/// <param name="Amount">How bad: millionths of the frames, bits a second of a clogged wire, parts per million that a clock runs too fast, or 1 for one direction only.</param>
public sealed record PlannedFault(FaultKind Kind, long FromNanoseconds, long UntilNanoseconds, IReadOnlyList<string> Places, long Amount)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind} at {string.Join(", ", Places)} from {FromNanoseconds / 1e9:0.###} s to {UntilNanoseconds / 1e9:0.###} s ({Amount})");
}
