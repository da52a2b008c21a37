using System.CommandLine;
using Firstbyte.Cli.Drawing;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte story FILE</c>: tells a saved run again.</summary>
internal static class StoryCommand
{
    public static Command Create(Language language)
    {
        var file = new Argument<string>("file") { Description = "What --json printed; '-' reads standard input" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Say more" };
        var colour = new Option<string>("--color") { Description = "Colours: auto, always or never", DefaultValueFactory = _ => "auto", HelpName = "WHEN" };
        colour.AcceptOnlyFromAmong("auto", "always", "never");
        var command = new Command("story", "Tells a saved run (--json) again") { file, verbose, colour };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(file)!;
            var choice = parsed.GetValue(colour) switch { "always" => ColourChoice.Always, "never" => ColourChoice.Never, _ => ColourChoice.Auto };
            var story = new Storyteller(Page.On(Console.Out, Console.IsOutputRedirected, choice), language, parsed.GetResult(verbose)?.IdentifierTokenCount ?? 0);
            try
            {
                using var input = name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
                return Tell(language, input, name, story);
            }
            catch (IOException e)
            {
                Console.Error.WriteLine($"firstbyte: cannot read '{name}': {e.Message}");
                return ExitCodes.ReadFailed;
            }
            catch (UnauthorizedAccessException e)
            {
                Console.Error.WriteLine($"firstbyte: cannot read '{name}': {e.Message}");
                return ExitCodes.ReadFailed;
            }
        });
        return command;
    }

    private static int Tell(Language language, Stream input, string name, Storyteller story)
    {
        var reader = new EventFileReader(EventRegistry.Default, input);
        while (reader.TryRead(out var traceEvent)) { story.Tell(traceEvent); }
        story.Flush();
        if (reader.Fault.Flaw == EventFlaw.None) { return 0; }
        Console.Out.Flush();
        var isCut = reader.Fault.Flaw is EventFlaw.Empty or EventFlaw.Cut or EventFlaw.CutLine or EventFlaw.OtherCount;
        var place = reader.Line > 0 ? $"{Printable.Text(name)}:{reader.Line}" : Printable.Text(name);
        Console.Error.WriteLine($"firstbyte: {place}: {language.Files.EventFile(reader)}");
        return isCut ? ExitCodes.CutShort : ExitCodes.ReadFailed;
    }
}
