using System.Globalization;

namespace Firstbyte.Cli.Rendering;

/// <summary>Numbers as the story writes them: times in milliseconds, sizes in bytes with their unit.</summary>
internal static class Amounts
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

    /// <summary>The number of a time in milliseconds, for the last line, where the unit stands once.</summary>
    public static string Milliseconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:#,0.0}");

    /// <summary>"1,024"</summary>
    public static string Number(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");

    /// <summary>"0.1 %", from millionths.</summary>
    public static string Percent(int millionths) => string.Create(CultureInfo.InvariantCulture, $"{millionths / 1e4:0.####} %");

    /// <summary>"1 byte", "412 bytes", "1,048,576 bytes".</summary>
    public static string Bytes(long count) => count == 1 ? "1 byte" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} bytes");

    /// <summary>"1 field", "4 fields".</summary>
    public static string Count(long count, string noun, string? plural = null) =>
        count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {plural ?? noun + "s"}");

    /// <summary>"300 s", "2 h", "1 d": a lifetime in the largest unit that keeps it whole.</summary>
    public static string Seconds(long seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
}
