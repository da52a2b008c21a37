using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

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
            var story = new Storyteller(io.OpenPage(ColourOption.Read(parsed, colour)), io.Language, parsed.GetResult(verbose)?.IdentifierTokenCount ?? 0);
            using var input = io.OpenRead(name);
            return CommandIo.Reading(name, () => Tell(io, input, name, story, parsed.GetValue(secrets) ? story : new MaskingSink(story)));
        });
        return command;
    }

    private static int Tell(CommandIo io, Stream input, string name, Storyteller story, ITraceSink sink)
    {
        var reader = new EventFileReader(EventRegistry.Default, input);
        while (reader.TryRead(out var traceEvent)) { sink.Tell(traceEvent); }
        story.EndOfFile();
        if (reader.Fault.Flaw == EventFlaw.None) { return 0; }
        io.Flush();
        var isCut = reader.Fault.Flaw is EventFlaw.Empty or EventFlaw.Cut or EventFlaw.CutLine or EventFlaw.OtherCount;
        var place = reader.Line > 0 ? $"{Printable.Text(name)}:{reader.Line}" : Printable.Text(name);
        io.Errors.Complain($"{place}: {io.Language.Files.EventFile(reader)}");
        return isCut ? ExitCodes.CutShort : ExitCodes.ReadFailed;
    }
}
