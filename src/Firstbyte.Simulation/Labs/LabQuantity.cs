using System.Globalization;

namespace Firstbyte.Labs;

/// <summary>Times, rates, sizes and shares as a lab's file writes them: a decimal number and its unit, without a space.</summary>
internal static class LabQuantity
{
    // Longest first: a value is written in the largest unit that divides it, and read by whichever unit it ends in.
    // Behind nanoseconds, which divide everything, stand units that are read and never written: the prompt's other spellings.
    private static readonly (string Unit, long Scale)[] Times =
    [
        ("min", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000), ("µs", 1_000),
    ];
    private static readonly (string Unit, long Scale)[] Rates = [("Gbit", 1_000_000_000), ("Mbit", 1_000_000), ("kbit", 1_000), ("bit", 1)];
    private static readonly (string Unit, long Scale)[] Sizes = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1)];

    /// <summary>Nanoseconds.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long nanoseconds) => TryParse(text, Times, LabLimits.Nanoseconds, out nanoseconds);

    /// <summary>Bits a second.</summary>
    public static bool TryParseRate(ReadOnlySpan<char> text, out long bitsPerSecond) => TryParse(text, Rates, long.MaxValue / 1_000, out bitsPerSecond);

    /// <summary>Bytes.</summary>
    public static bool TryParseSize(ReadOnlySpan<char> text, out long bytes) => TryParse(text, Sizes, long.MaxValue / 1_000, out bytes);

    /// <summary>Millionths.</summary>
    public static bool TryParseShare(ReadOnlySpan<char> text, out int millionths)
    {
        millionths = 0;
        if (!text.EndsWith("%")
            || !decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            || percent > 100)
        {
            return false;
        }
        millionths = (int)(percent * 10_000);
        return millionths == percent * 10_000;
    }

    public static string Time(long nanoseconds) => Format(nanoseconds, Times);

    public static string Rate(long bitsPerSecond) => Format(bitsPerSecond, Rates);

    public static string Size(long bytes) => Format(bytes, Sizes);

    public static string Share(int millionths) => string.Create(CultureInfo.InvariantCulture, $"{millionths / 10_000m:0.####}%");

    // Exact or not at all: what the unit cannot hold would be another number in the export.
    private static bool TryParse(ReadOnlySpan<char> text, (string Unit, long Scale)[] units, long maximum, out long value)
    {
        value = 0;
        var unit = text.TrimStart("0123456789.");
        var number = text[..(text.Length - unit.Length)];
        foreach (var (name, scale) in units)
        {
            if (!unit.SequenceEqual(name)) { continue; }
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || amount > maximum / scale)
            {
                return false;
            }
            value = (long)(amount * scale);
            return value == amount * scale;
        }
        return false;
    }

    private static string Format(long value, (string Unit, long Scale)[] units)
    {
        if (value == 0) { return "0" + (units == Times ? "s" : units[^1].Unit); }
        foreach (var (name, scale) in units)
        {
            if (value % scale == 0) { return (value / scale).ToString(CultureInfo.InvariantCulture) + name; }
        }
        throw new ArgumentException("no unit divides everything", nameof(units));
    }
}
