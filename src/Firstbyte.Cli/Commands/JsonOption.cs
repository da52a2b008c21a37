using System.CommandLine;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>--json[=journey|packets|all]</c> of the commands that print events.</summary>
internal static class JsonOption
{
    public static Option<string?> Create(Language language)
    {
        var option = new Option<string?>("--json")
        {
            Description = language.Help.Json,
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "journey|packets|all",
        };
        option.AcceptOnlyFromAmong("journey", "packets", "all");
        return option;
    }

    /// <summary>What was asked for; null when people read, not programs.</summary>
    public static EventLevel? Read(ParseResult parsed, Option<string?> option) =>
        parsed.GetResult(option) is null ? null
        : parsed.GetValue(option) switch { "packets" => EventLevel.Packets, "all" => EventLevel.All, _ => EventLevel.Journey };
}
