using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>A command that is made when its word stands on the command line.</summary>
/// <param name="Name">The word that calls it.</param>
/// <param name="Make">Makes it.</param>
internal sealed record CommandRow<T>(string Name, T Make);

/// <summary>Every command there is and where it can be given: grammars, help, completion and the programs of labs all come from here.</summary>
/// <remarks>
/// Making a command costs a short run more than parsing its line does: the shell makes those that the line may mean, and only the names of the others. Whoever
/// wants to see them all (help, completion, a mistake that is looked into) has them made.
/// </remarks>
/// <param name="atPlaces">Those that are written once for every place.</param>
internal sealed class CommandRegistry(IReadOnlyList<CommandRow<Func<Language, PlaceCommand>>> atPlaces)
{
    /// <summary>What the shell runs where no word names another: its grammar is the shell's own.</summary>
    public const string Unnamed = "fetch";

    /// <summary>The commands of this program. One more that runs at a place is its class and its line here.</summary>
    public static CommandRegistry Standard { get; } = new(
    [
        new(Unnamed, static language => new FetchCommand(language)),
        new("resolve", static language => new ResolveCommand(language)),
        new("dig", static language => new DigCommand(language)),
        new("curl", static language => new CurlCommand(language)),
        new("doctor", static language => new DoctorCommand(language)),
        new("ping", static language => new PingCommand(language)),
        new("traceroute", static language => new TracerouteCommand(language)),
    ]);

    private static readonly CommandRow<Func<CommandIo, CommandRegistry, Command>>[] s_others =
    [
        new("serve", static (io, _) => ServeCommand.Create(io)),
        new("zone", static (io, _) => ZoneCommand.Create(io)),
        new("story", static (io, _) => StoryCommand.Create(io)),
        new("diff", static (io, _) => DiffCommand.Create(io)),
        new("web", static (io, _) => WebCommand.Create(io)),
        new("url", static (io, _) => UrlCommand.Create(io)),
        new("lab", LabCommand.Create),
        new("ip", static (io, _) => IpCommand.Create(io)),
        new("sim", static (io, _) => SimCommand.Create(io)),
        new("completion", static (io, _) => CompletionCommand.Create(io)),
    ];

    /// <summary>These and one more.</summary>
    public CommandRegistry With(string name, Func<Language, PlaceCommand> another) => new([.. atPlaces, new(name, another)]);

    /// <summary>Those that run at a place: in the shell (here, in a lab, over a TUN device), below <c>lab</c>, at the prompt.</summary>
    public IReadOnlyList<PlaceCommand> AtPlaces(Language language) => [.. atPlaces.Select(row => row.Make(language))];

    /// <summary>Whether a word calls a command of the shell.</summary>
    public bool Has(string word) => word != Unnamed && (atPlaces.Any(row => row.Name == word) || Array.Exists(s_others, row => row.Name == word));

    /// <summary>The grammar of the shell.</summary>
    /// <param name="io">What its commands have around them.</param>
    /// <param name="root">The shell itself, to which they are added.</param>
    /// <param name="isMeant">Whether a command of that name is made; of the others there is the name.</param>
    public void AddTo(Command root, CommandIo io, Func<string, bool> isMeant)
    {
        if (isMeant(Unnamed)) { atPlaces.Single(static row => row.Name == Unnamed).Make(io.Language).InShell(io, root); }
        foreach (var row in atPlaces)
        {
            if (row.Name != Unnamed) { root.Subcommands.Add(isMeant(row.Name) ? row.Make(io.Language).InShell(io) : new Command(row.Name)); }
        }
        foreach (var row in s_others) { root.Subcommands.Add(isMeant(row.Name) ? row.Make(io, this) : new Command(row.Name)); }
    }

    /// <summary>The commands of a lab, from the shell and at its prompt.</summary>
    public IEnumerable<Command> InLab(LabFace face) => [.. AtPlaces(face.Language).Select(one => one.InLab(face)), .. LabVerbs.Create(face)];

    /// <summary>The commands of the prompt: those of a lab, and those that move in its time.</summary>
    public IEnumerable<Command> AtPrompt(PromptFace face, LabConsole console) => [.. InLab(face), .. new PromptVerbs(face, console).Create()];
}
