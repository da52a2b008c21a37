using System.CommandLine;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte story FILE</c>: tells a saved run again.</summary>
internal static class StoryCommand
{
    public static Command Create(CommandIo io)
    {
        var file = new Argument<string>("file") { Description = io.Language.Help.StoryFile };
        var verbose = new Option<bool>("--verbose", "-v") { Description = io.Language.Help.SayMore };
        var secrets = new Option<bool>("--show-secrets") { Description = io.Language.Help.ShowSecrets };
        var colour = ColourOption.Create(io.Language);
        var command = new Command("story", io.Language.Help.Story) { file, verbose, secrets, colour };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(file)!;
            var page = io.OpenPage(ColourOption.Read(parsed, colour));
            var verbosity = parsed.GetResult(verbose)?.IdentifierTokenCount ?? 0;
            using var input = io.OpenRead(name);
            return CommandIo.Reading(name, () => Tell(io, input, name, page, verbosity, parsed.GetValue(secrets)));
        });
        return command;
    }

    private static int Tell(CommandIo io, Stream input, string name, Page page, int verbosity, bool showsSecrets)
    {
        var rows = new InterruptedRows(page);
        var isSilent = true;
        rows.Interrupting += () => isSilent = false;
        var story = new Storyteller(rows, io.Language, verbosity) { FollowsCalls = true };
        var sink = showsSecrets ? story : (Tracing.ITraceSink)new MaskingSink(story);
        using var reader = new EventFileReader(EventRegistry.Default, input);
        while (reader.TryRead(out var traceEvent)) { sink.Tell(traceEvent); }
        story.EndOfFile();
        if (reader.Fault.Flaw == EventFlaw.None)
        {
            // A file that is whole and of which nothing is told: of a lab that ran, frames alone may have been saved.
            if (isSilent) { page.Line(io.Language.Files.NothingTold(reader.Count, isTellable: verbosity < 2), Role.Note); }
            page.Flush();
            return 0;
        }
        io.Flush();
        var isCut = reader.Fault.Flaw is EventFlaw.Empty or EventFlaw.Cut or EventFlaw.CutLine or EventFlaw.OtherCount;
        var place = reader.Line > 0 ? $"{Printable.Text(name)}:{reader.Line}" : Printable.Text(name);
        io.Errors.Complain($"{place}: {io.Language.Files.EventFile(reader)}");
        return isCut ? ExitCodes.CutShort : ExitCodes.ReadFailed;
    }
}
