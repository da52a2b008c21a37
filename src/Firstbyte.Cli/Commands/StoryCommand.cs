using System.CommandLine;
using System.Text;
using System.Text.Json;
using Firstbyte.Cli.Rendering;
using Firstbyte.Exports;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte story FILE</c>: tells a saved run again.</summary>
internal static class StoryCommand
{
    /// <summary>curl's code for a file that could not be read.</summary>
    private const int ReadError = 26;

    public static Command Create()
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
            var story = new Story(Page.On(Console.Out, Console.IsOutputRedirected, choice), parsed.GetResult(verbose)?.IdentifierTokenCount ?? 0);
            try
            {
                using var input = name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
                return Tell(input, name, story);
            }
            catch (IOException e)
            {
                Console.Error.WriteLine($"firstbyte: cannot read '{name}': {e.Message}");
                return ReadError;
            }
            catch (UnauthorizedAccessException e)
            {
                Console.Error.WriteLine($"firstbyte: cannot read '{name}': {e.Message}");
                return ReadError;
            }
        });
        return command;
    }

    private static int Tell(Stream input, string name, Story story)
    {
        using var lines = new StreamReader(input, Encoding.UTF8);
        var number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0) { continue; }
            try { story.Tell(TraceEventRegistry.Read(Encoding.UTF8.GetBytes(line))); }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                Console.Out.Flush();
                Console.Error.WriteLine($"firstbyte: {name}:{number}: not an event of this version: {e.Message}");
                return ReadError;
            }
        }
        story.Flush();
        return 0;
    }
}
