using System.CommandLine;
using System.CommandLine.Invocation;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>Prints the page of help of the command that <c>--help</c> stands behind, whatever else that command wants.</summary>
internal sealed class ShowHelp(CommandIo io) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = parseResult.CommandResult;
        var path = result.Command is RootCommand ? "firstbyte" : "firstbyte " + Misuse.PathOf(result);
        foreach (var line in new HelpPage(io.Language, io.OpenPage().Width, path).Of(result.Command)) { io.Text.WriteLine(line); }
        if (result.Command is not RootCommand) { return ExitCodes.Success; }
        io.Text.WriteLine();
        foreach (var line in io.Language.Help.ExitCodes) { io.Text.WriteLine(line); }
        return ExitCodes.Success;
    }
}
