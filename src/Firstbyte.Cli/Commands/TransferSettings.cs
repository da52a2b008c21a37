using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>The options that say how much may come, how fast and how slowly.</summary>
internal sealed class TransferSettings(Language language)
{
    private readonly Option<string?> _rate = Of(language.Help.LimitRate, "BYTES", "--limit-rate");
    private readonly Option<string?> _slowest = Of(language.Help.SpeedLimit, "BYTES", "--speed-limit", "-Y");
    private readonly Option<double?> _slowestFor = TimeLimits.CreateOption(language, language.Help.SpeedTime, "--speed-time", "-y");
    private readonly Option<string?> _most = Of(language.Help.MaximumSize, "BYTES", "--max-filesize");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_rate, _slowest, _slowestFor, _most];

    /// <summary>The options of journeys, with what was typed of limits.</summary>
    /// <exception cref="UsageException">A value is no number of bytes.</exception>
    public Func<JourneyOptions, JourneyOptions> Read(ParseResult parsed)
    {
        var (rate, most) = (ByteCounts.Read(language, _rate.Name, parsed.GetValue(_rate)), ByteCounts.Read(language, _most.Name, parsed.GetValue(_most)));
        var (slowest, time) = (ByteCounts.Read(language, _slowest.Name, parsed.GetValue(_slowest)), TimeLimits.Read(parsed, _slowestFor));
        return options => options with
        {
            BytesPerSecond = rate,
            MaximumBytes = most,
            // curl: a time alone is for a byte a second.
            SlowestBytesPerSecond = slowest ?? (time is null ? null : 1),
            SlowestFor = time ?? options.SlowestFor,
        };
    }

    private static Option<string?> Of(string description, string value, string name, params string[] letters) =>
        new(name, letters) { Description = description, HelpName = value };
}
