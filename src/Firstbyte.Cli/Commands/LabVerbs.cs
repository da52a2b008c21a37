using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Firstbyte.Cli.Io;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Recording;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Tables;

namespace Firstbyte.Cli.Commands;

/// <summary>The commands that look at a lab; the same for the shell (<c>firstbyte lab VERB LAB …</c>) and for the prompt.</summary>
internal static class LabVerbs
{
    public static IEnumerable<Command> Create(LabFace face) =>
        [Hosts(face), Links(face), Faults(face), Routes(face), Arp(face), Sockets(face), Cache(face), Nat(face)];

    /// <summary>An argument that names a machine and is completed.</summary>
    public static Argument<string?> Machine(LabFace face, LabNames names = LabNames.Machines)
    {
        var argument = new Argument<string?>("host") { HelpName = "HOST", Description = face.Language.Help.LabHost, Arity = ArgumentArity.ZeroOrOne };
        argument.CompletionSources.Add(context => face.Names(context, names).Select(static name => new CompletionItem(name)));
        return argument;
    }

    /// <summary>The option that says where a program runs.</summary>
    public static Option<string?> From(LabFace face, LabNames names)
    {
        var option = new Option<string?>("--from") { Description = face.Language.Help.LabFrom, HelpName = "HOST" };
        option.CompletionSources.Add(context => face.Names(context, names).Select(static name => new CompletionItem(name)));
        return option;
    }

    private static Command Hosts(LabFace face) => Whole(face, "hosts", face.Language.Help.LabHosts, static console =>
        console.Show(LabTables.Machines(console.Elements), LabTable.Of, console.Language.Tables.NoMachines));

    private static Command Links(LabFace face) => Whole(face, "links", face.Language.Help.LabLinks, static console =>
        console.Show(LabTables.Links(console.Elements), LabTable.Of, console.Language.Tables.NoLinks));

    private static Command Faults(LabFace face) => Whole(face, "faults", face.Language.Help.LabFaults, static console =>
        console.Show(LabTables.Faults(console.Elements), LabTable.Of, console.Language.Tables.NoFaults));

    private static Command Routes(LabFace face) => OfMachine(face, "routes", face.Language.Help.LabRoutes, static (console, machine) =>
        console.Show(LabTables.Routes(machine), LabTable.Of, console.Language.Tables.NoRoutes(machine.Name)));

    private static Command Arp(LabFace face)
    {
        var command = OfMachine(face, "arp", face.Language.Help.LabArp, static (console, machine) =>
            console.Show(LabTables.Neighbors(console.Elements, machine), LabTable.Of, console.Language.Tables.NoNeighbors(machine.Name)));
        command.Aliases.Add("neigh");
        return command;
    }

    private static Command Sockets(LabFace face) => OfMachine(face, "sockets", face.Language.Help.LabSockets, static (console, machine) =>
        console.Show(LabTables.Sockets(machine), LabTable.Of, console.Language.Tables.NoSockets(machine.Name)));

    private static Command Cache(LabFace face) => OfMachine(face, "cache", face.Language.Help.LabCache, static (console, machine) =>
    {
        if (LabTables.Cache(console.Elements, machine) is not { } rows)
        {
            var resolvers = console.Elements.Machines.Where(one => LabTables.Cache(console.Elements, one) is not null).Select(static one => one.Name).ToArray();
            throw new UsageException(console.Language.Places.NoResolver(machine.Name, resolvers));
        }
        console.Show(rows, LabTable.Of, console.Language.Tables.NothingCached(machine.Name));
    });

    private static Command Nat(LabFace face) => OfMachine(face, "nat", face.Language.Help.LabNat, static (console, machine) =>
    {
        if (LabTables.Translations(machine) is not { } rows)
        {
            var translators = console.Elements.Machines.Where(static one => LabTables.Translations(one) is not null).Select(static one => one.Name).ToArray();
            throw new UsageException(console.Language.Places.NoTranslator(machine.Name, translators));
        }
        console.Show(rows, LabTable.Of, console.Language.Tables.NothingTranslated(machine.Name));
    });

    private static Command Whole(LabFace face, string name, string description, Action<LabConsole> show)
    {
        var command = new Command(name, description);
        face.Extend(command);
        command.SetAction(parsed => face.Run(parsed, console =>
        {
            show(console);
            return 0;
        }));
        return command;
    }

    private static Command OfMachine(LabFace face, string name, string description, Action<LabConsole, NetworkNode> show)
    {
        var command = new Command(name, description);
        face.Extend(command);
        var machine = Machine(face);
        command.Arguments.Add(machine);
        command.SetAction(parsed => face.Run(parsed, console =>
        {
            show(console, console.MachineOrClient(parsed.GetValue(machine)));
            return 0;
        }));
        return command;
    }

    /// <summary>Refuses numbers outside a range; what is no number at all is refused by the grammar.</summary>
    public static void Limit(Language language, string name, Symbol symbol, int least, int most)
    {
        void Check(SymbolResult result)
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[^1].Value, out var number) && (number < least || number > most))
            {
                result.AddError(language.Usage.WantsNumberBetween(name, least, most).ToString());
            }
        }
        if (symbol is Option option) { option.Validators.Add(Check); }
        else { ((Argument)symbol).Validators.Add(Check); }
    }
}
