namespace Firstbyte.Tracing;

/// <summary>A point in time: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds (range: the years 1678 to 2262).</summary>
/// <remarks>Machines never read a clock: an <see cref="Instant"/> is handed to them. A simulated world starts at <see cref="SimulationEpoch"/>.</remarks>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    /// <summary>2026-01-01T00:00:00Z, where every simulated world starts, so that its files are the same bytes for the same seed.</summary>
    public static readonly Instant SimulationEpoch = new(1_767_225_600_000_000_000);

    /// <summary>Later than any instant that happens: "no deadline".</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>The instant of a calendar time; exact to its 100 ns tick.</summary>
    public static Instant FromDateTimeOffset(DateTimeOffset time) => new((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100);

    /// <summary>The calendar time, cut to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / 100);

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The instant that lies <paramref name="nanoseconds"/> later.</summary>
    public Instant PlusNanoseconds(long nanoseconds) => new(Nanoseconds + nanoseconds);

    public static Instant operator +(Instant at, TimeSpan delay) => new(at.Nanoseconds + delay.ToNanoseconds());
    public static Instant operator -(Instant at, TimeSpan delay) => new(at.Nanoseconds - delay.ToNanoseconds());

    /// <summary>The time between two instants, cut to 100 ns.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => TimeSpan.FromTicks((later.Nanoseconds - earlier.Nanoseconds) / 100);

    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;
}

/// <summary>Lengths of time in nanoseconds.</summary>
public static class Durations
{
    /// <summary>The nanoseconds of a length of time; a world's clocks and wires count in them.</summary>
    public static long ToNanoseconds(this TimeSpan duration) => duration.Ticks * TimeSpan.NanosecondsPerTick;
}
