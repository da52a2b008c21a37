using System.Globalization;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Sentences;

/// <summary>Numbers and times as every language writes them: grouped in thousands, times in milliseconds.</summary>
public static class Amounts
{
    /// <summary>A time as "8.2 ms" or "4,500 ms"; below 0.05 ms in microseconds.</summary>
    public static string Time(long nanoseconds)
    {
        var milliseconds = nanoseconds / 1e6;
        return milliseconds switch
        {
            0 => "0 ms",
            < 0.05 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0.0} µs"),
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:#,0} ms"),
        };
    }

    /// <summary>The number of a time in milliseconds, where the unit stands once for many.</summary>
    public static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:#,0.0}");

    /// <summary>A time of a simulated world in seconds, to the microsecond.</summary>
    public static string Clock(Instant at) => string.Create(CultureInfo.InvariantCulture, $"{(at.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1e9:0.000000}");

    /// <summary>A day as "2026-01-01".</summary>
    public static string Day(Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>"1,024"</summary>
    public static string Number(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");

    /// <summary>"64 kbit/s"</summary>
    public static string BitRate(long bitsPerSecond)
    {
        var (unit, scale) = bitsPerSecond switch { >= 1_000_000_000 => ("Gbit/s", 1e9), >= 1_000_000 => ("Mbit/s", 1e6), >= 1_000 => ("kbit/s", 1e3), _ => ("bit/s", 1.0) };
        return string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / scale:0.###} {unit}");
    }

    /// <summary>"0.1 %", from millionths.</summary>
    public static string Percent(int millionths) => string.Create(CultureInfo.InvariantCulture, $"{millionths / 1e4:0.####} %");
}
