using System.CommandLine;
using System.CommandLine.Parsing;

namespace Firstbyte.Cli.Commands;

/// <summary>What a command needs, one thing or another, said as the parser says it of what is always required.</summary>
internal static class Needs
{
    /// <summary>Complains with <paramref name="error"/> unless one of the symbols is given.</summary>
    /// <remarks>
    /// Where a command's own check complains, the parser looks at no option any more: one that is given without its value is then its to tell.
    /// </remarks>
    public static void OneOf(Command command, string error, params Symbol[] symbols) => command.Validators.Add(result =>
    {
        if (!symbols.Any(symbol => IsGiven(result, symbol)) && !result.Children.OfType<OptionResult>().Any(IsCutShort)) { result.AddError(error); }
    });

    private static bool IsGiven(CommandResult result, Symbol symbol) => symbol switch
    {
        Option option => result.GetResult(option) is { Implicit: false },
        Argument argument => result.GetResult(argument) is { Tokens.Count: > 0 },
        _ => false,
    };

    private static bool IsCutShort(OptionResult option) => !option.Implicit && option.Tokens.Count < option.Option.Arity.MinimumNumberOfValues;
}
