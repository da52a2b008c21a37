using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Lengths of time as they are typed: 5s, 200ms, 1.5s, 30us, 2min (or 2m, as in a lab's file); a number alone is seconds.</summary>
internal static class Durations
{
    // A day of a lab's time is more than anybody watches, and far below what nanoseconds can hold.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) { digits++; }
        if (!double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) { return false; }
        double? seconds = text[digits..] switch
        {
            "" or "s" => number,
            "ms" => number / 1e3,
            "us" or "µs" => number / 1e6,
            "ns" => number / 1e9,
            "m" or "min" => number * 60,
            "h" => number * 3600,
            _ => null,
        };
        if (seconds is not { } value || value > Longest.TotalSeconds) { return false; }
        duration = TimeSpan.FromTicks((long)Math.Round(value * TimeSpan.TicksPerSecond));
        return true;
    }

    public static TimeSpan Parse(Language language, string text) =>
        TryParse(text, out var duration) ? duration : throw new UsageException(language.Usage.NoDuration(text));
}
