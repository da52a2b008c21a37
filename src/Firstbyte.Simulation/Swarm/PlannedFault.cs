using Firstbyte.Simulation.Faults;

namespace Firstbyte.Simulation.Swarm;

/// <summary>One thing that goes wrong, from an instant to another. Times are nanoseconds of the world.</summary>
/// <param name="Kind">What.</param>
/// <param name="FromNanoseconds">When it begins.</param>
/// <param name="UntilNanoseconds">When it ends.</param>
/// <param name="Places">The wires or machines where it happens.</param>
/// <param name="Amount">How bad, in whatever the kind counts in: millionths of the frames, bits a second, parts per million that a clock
/// runs too fast, or 1 for one direction only.</param>
public sealed record PlannedFault(RandomFault Kind, long FromNanoseconds, long UntilNanoseconds, IReadOnlyList<string> Places, long Amount)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Kind.Name} at {string.Join(", ", Places)} from {FromNanoseconds / 1e9:0.###} s to {UntilNanoseconds / 1e9:0.###} s ({Amount})");
}
