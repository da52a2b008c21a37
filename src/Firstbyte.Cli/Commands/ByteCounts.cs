using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Numbers of bytes as curl has them: 500, 64k, 1.5M, 2G, each letter 1024 times the one before.</summary>
internal static class ByteCounts
{
    private const string Letters = "kMGTP";

    /// <summary>The number that an option was given; null where it was not given.</summary>
    /// <exception cref="UsageException">It is none, or not above 0.</exception>
    public static long? Read(Language language, string option, string? text)
    {
        if (text is null) { return null; }
        var power = text.Length > 0 ? Letters.IndexOf(text[^1].ToString(), StringComparison.OrdinalIgnoreCase) + 1 : 0;
        var isByte = text is [.., 'b' or 'B'];
        var digits = power > 0 || isByte ? text.AsSpan(0, text.Length - 1) : text;
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue)
        {
            throw new UsageException(language.Usage.NoByteCount(option, text));
        }
        for (var i = 0; i < power && number <= long.MaxValue; i++) { number *= 1024; }
        return number is >= 1 and <= long.MaxValue ? (long)number : throw new UsageException(language.Usage.NoByteCount(option, text));
    }
}
