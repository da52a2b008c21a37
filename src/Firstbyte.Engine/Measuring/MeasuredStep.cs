namespace Firstbyte.Measuring;

/// <summary>The parts into which the time of a journey falls, as its last line tells them.</summary>
public enum MeasuredStep
{
    /// <summary>The name.</summary>
    Name,

    /// <summary>connect().</summary>
    Connect,

    /// <summary>The TLS handshake.</summary>
    Tls,

    /// <summary>From the request's last byte to the response's first.</summary>
    Wait,

    /// <summary>From the response's first byte to its last.</summary>
    Read,

    /// <summary>From the URL to the last byte.</summary>
    Total,
}

/// <summary>How long one step took in each of many journeys, nanoseconds.</summary>
/// <param name="Step">Which step.</param>
/// <param name="Median">Half of them took no longer; of an even number the mean of the two in the middle.</param>
/// <param name="P95">Nineteen of twenty took no longer (nearest rank).</param>
/// <param name="Minimum">The shortest.</param>
/// <param name="Maximum">The longest.</param>
public sealed record StepTimes(MeasuredStep Step, long Median, long P95, long Minimum, long Maximum)
{
    /// <summary>What becomes of the times of a step; at least one.</summary>
    public static StepTimes Of(MeasuredStep step, IEnumerable<long> nanoseconds)
    {
        long[] sorted = [.. nanoseconds.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(nanoseconds));
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2;
        // The smallest that is not exceeded by more than one in twenty.
        var rank = (sorted.Length * 95 + 99) / 100;
        return new StepTimes(step, median, sorted[rank - 1], sorted[0], sorted[^1]);
    }
}
