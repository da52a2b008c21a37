using System.CommandLine;
using System.Globalization;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Options that limit a time, in seconds.</summary>
internal static class TimeLimits
{
    // What the longest timer can hold, 2^32 - 2 milliseconds (49 days): a limit beyond it is none that anybody will see.
    private const double Longest = 4_294_967;

    public static Option<double?> CreateOption(Language language, string description, string name, params string[] aliases)
    {
        var option = new Option<double?>(name, aliases) { Description = description, HelpName = "SECONDS" };
        option.Validators.Add(result =>
        {
            // What is no number at all is complained of by whoever converts it.
            if (result.Tokens is [var token] && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var seconds) && seconds is not > 0)
            {
                result.AddError(language.Usage.NoTimeLimit(name).ToString());
            }
        });
        return option;
    }

    /// <summary>The limit that was asked for; null when none was.</summary>
    public static TimeSpan? Read(ParseResult parsed, Option<double?> option) =>
        parsed.GetValue(option) is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, Longest)) : null;
}
