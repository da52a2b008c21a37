using System.Globalization;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Sentences;

/// <summary>Numbers and times as every language writes them: grouped in thousands, times of columns and bars in milliseconds.</summary>
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

    /// <summary>A time in a sentence, in the units that a person would say it in: "20 ms", "1.5 s", "5 min 3 s", "2 h".</summary>
    /// <param name="nanoseconds">The time, not negative.</param>
    /// <param name="name">What the language calls a unit.</param>
    public static string Duration(long nanoseconds, Func<TimeUnit, string> name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string Of(double number, TimeUnit unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0.###} {name(unit)}");
        switch (nanoseconds)
        {
            case > 0 and < 1_000_000: return Of(nanoseconds / 1e3, TimeUnit.Microsecond);
            case > 0 and < 999_999_500: return Of(nanoseconds / 1e6, TimeUnit.Millisecond);
        }
        // Milliseconds from here on: what is less is nothing beside a second.
        var milliseconds = (nanoseconds + 500_000) / 1_000_000;
        if (milliseconds < 60_000) { return Of(milliseconds / 1e3, TimeUnit.Second); }
        var (hours, minutes, rest) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds % 60_000);
        string[] parts =
        [
            hours > 0 ? Of(hours, TimeUnit.Hour) : "", minutes > 0 ? Of(minutes, TimeUnit.Minute) : "", rest > 0 ? Of(rest / 1e3, TimeUnit.Second) : "",
        ];
        return string.Join(' ', parts.Where(static part => part.Length > 0));
    }

    /// <summary>The number of a time in milliseconds, where the unit stands once for many.</summary>
    public static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:#,0.0}");

    /// <summary>The same to the microsecond, as ping writes it: for times that are compared.</summary>
    public static string Microseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:#,0.000}");

    /// <summary>A time of a simulated world in seconds, to the microsecond.</summary>
    public static string Clock(Instant at) =>
        string.Create(CultureInfo.InvariantCulture, $"{(at.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1e9:0.000000}");

    /// <summary>A day as "2026-01-01".</summary>
    public static string Day(Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>"1,024"</summary>
    public static string Number(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");

    /// <summary>"64 kbit/s"</summary>
    public static string BitRate(long bitsPerSecond)
    {
        var (unit, scale) = bitsPerSecond switch
        {
            >= 1_000_000_000 =>
            ("Gbit/s", 1e9),
            >= 1_000_000 => ("Mbit/s", 1e6),
            >= 1_000 => ("kbit/s", 1e3),
            _ => ("bit/s", 1.0)
        };
        return string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / scale:0.###} {unit}");
    }

    /// <summary>"1.2 MB/s"</summary>
    public static string ByteRate(long bytesPerSecond)
    {
        var (unit, scale) = bytesPerSecond switch
        {
            >= 1_000_000_000 =>
            ("GB/s", 1e9),
            >= 1_000_000 => ("MB/s", 1e6),
            >= 1_000 => ("kB/s", 1e3),
            _ => ("B/s", 1.0)
        };
        return string.Create(CultureInfo.InvariantCulture, $"{bytesPerSecond / scale:0.#} {unit}");
    }

    /// <summary>"12 %"</summary>
    public static string Share(long part, long whole) => string.Create(CultureInfo.InvariantCulture, $"{(whole == 0 ? 100 : (long)(100.0 * part / whole))} %");

    /// <summary>"7 s", "3:07", "2:03:07": how long something takes that one waits for.</summary>
    public static string Span(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s")
        : time.ToString(time.TotalHours < 1 ? "m\\:ss" : "h\\:mm\\:ss", CultureInfo.InvariantCulture);

    /// <summary>How long the rest takes at this rate; null where nobody knows, or longer than a day.</summary>
    public static TimeSpan? Left(long bytes, long? total, long bytesPerSecond) =>
        total is { } all && bytesPerSecond > 0 && (all - bytes) / bytesPerSecond is >= 0 and < 24 * 60 * 60 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>"0.1 %", from millionths.</summary>
    public static string Percent(int millionths) => string.Create(CultureInfo.InvariantCulture, $"{millionths / 1e4:0.####} %");
}

/// <summary>Units of time in which sentences speak.</summary>
public enum TimeUnit
{
    /// <summary>A millionth of a second.</summary>
    Microsecond,

    /// <summary>A thousandth of a second.</summary>
    Millisecond,

    /// <summary>A second.</summary>
    Second,

    /// <summary>Sixty seconds.</summary>
    Minute,

    /// <summary>Sixty minutes.</summary>
    Hour,
}
