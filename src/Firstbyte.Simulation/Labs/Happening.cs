using Firstbyte.Simulation.Faults;

namespace Firstbyte.Labs;

/// <summary>Something that goes wrong, from an instant on, for a while or for ever. Times are nanoseconds of the world.</summary>
/// <param name="AtNanoseconds">When it begins, at the earliest.</param>
/// <param name="ForNanoseconds">For how long; null is for ever.</param>
/// <param name="Fault">What it is.</param>
public sealed record Happening(long AtNanoseconds, long? ForNanoseconds, FaultDefinition Fault)
{
    /// <summary>
    /// When it begins at the latest: the world's seed chooses an instant from <see cref="AtNanoseconds"/> on; null when it begins at that
    /// one.
    /// </summary>
    public long? LatestNanoseconds { get; init; }
}
