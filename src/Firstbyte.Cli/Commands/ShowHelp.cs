using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>Shows the page of help of the command that <c>--help</c> stands behind, whatever else that command wants.</summary>
internal sealed class ShowHelp(Action<CommandResult> show) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        show(parseResult.CommandResult);
        return ExitCodes.Success;
    }

    /// <summary>Prints the page of a command of the shell.</summary>
    public static void Print(CommandIo io, CommandResult result)
    {
        var path = result.Parent is null ? "firstbyte" : "firstbyte " + Misuse.PathOf(result);
        var width = io.OpenPage().Width;
        foreach (var line in new HelpPage(io.Language, width, path).Of(result.Command)) { io.Text.WriteLine(line); }
        if (result.Parent is not null) { return; }
        io.Text.WriteLine();
        foreach (var line in Wrapping.Lines(io.Language.Help.ExitCodes(Exit.All), Math.Min(width, HelpPage.TextWidth))) { io.Text.WriteLine(line); }
    }
}
