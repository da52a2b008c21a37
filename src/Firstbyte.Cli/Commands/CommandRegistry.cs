using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Every command there is and where it can be given: grammars, help, completion and the programs of labs all come from here.</summary>
/// <param name="atPlaces">Those that are written once for every place.</param>
internal sealed class CommandRegistry(Func<Language, IReadOnlyList<PlaceCommand>> atPlaces)
{
    /// <summary>The commands of this program. One more that runs at a place is its class and its line here.</summary>
    public static CommandRegistry Standard { get; } = new(static language =>
    [
        new FetchCommand(language),
        new ResolveCommand(language),
        new DigCommand(language),
        new CurlCommand(language),
        new DoctorCommand(language),
        new PingCommand(language),
        new TracerouteCommand(language),
    ]);

    /// <summary>These and one more.</summary>
    public CommandRegistry With(Func<Language, PlaceCommand> another) => new(language => [.. atPlaces(language), another(language)]);

    /// <summary>Those that run at a place: in the shell (here, in a lab, over a TUN device), below <c>lab</c>, at the prompt.</summary>
    public IReadOnlyList<PlaceCommand> AtPlaces(Language language) => atPlaces(language);

    /// <summary>The grammar of the shell.</summary>
    /// <param name="io">What its commands have around them.</param>
    /// <param name="withLabs">Whether the commands below <c>lab</c> are there too.</param>
    public RootCommand InShell(CommandIo io, bool withLabs)
    {
        var commands = AtPlaces(io.Language).Select(one => one.InShell(io)).ToArray();
        var root = commands.OfType<RootCommand>().Single();
        foreach (var command in (IEnumerable<Command>)
        [
            .. commands.Where(one => one != root),
            ServeCommand.Create(io),
            ZoneCommand.Create(io),
            StoryCommand.Create(io),
            DiffCommand.Create(io),
            WebCommand.Create(io),
            UrlCommand.Create(io),
            withLabs ? LabCommand.Create(io, this) : LabCommand.CreateEmpty(io),
            IpCommand.Create(io),
            SimCommand.Create(io),
            CompletionCommand.Create(io),
        ])
        {
            root.Subcommands.Add(command);
        }
        return root;
    }

    /// <summary>The commands of a lab, from the shell and at its prompt.</summary>
    public IEnumerable<Command> InLab(LabFace face) => [.. AtPlaces(face.Language).Select(one => one.InLab(face)), .. LabVerbs.Create(face)];

    /// <summary>The commands of the prompt: those of a lab, and those that move in its time.</summary>
    public IEnumerable<Command> AtPrompt(PromptFace face, LabConsole console) => [.. InLab(face), .. new PromptVerbs(face, console).Create()];
}
