using System.CommandLine;
using System.CommandLine.Completions;
using Firstbyte.Cli.Io;

namespace Firstbyte.Cli.Commands;

/// <summary>The three places at which a command can be given that is written once: the shell, <c>firstbyte lab</c>, the prompt of a lab.</summary>
internal static class CommandPlaces
{
    /// <summary>In the shell: here, with <c>--lab</c>, with <c>--tun</c>.</summary>
    public static Command InShell(this PlaceCommand one, CommandIo io) => one.InShell(io, Named(one));

    /// <summary>The same for the one that no word calls: its command line is the shell's own.</summary>
    public static Command InShell(this PlaceCommand one, CommandIo io, Command command)
    {
        var place = new PlaceOptions(io.Language);
        one.AddTo(command, isRecorded: false);
        place.AddTo(command, one);
        command.SetAction(parsed => one.Run(parsed, new ShellSite(io, place.Read(parsed))));
        return command;
    }

    /// <summary>In a lab that the face names.</summary>
    public static Command InLab(this PlaceCommand one, LabFace face)
    {
        var from = LabVerbs.From(face, one.Use == PlaceUse.Probes ? LabNames.Machines : LabNames.Hosts);
        var calls = new Option<bool>("--calls") { Description = face.Language.Help.PromptCalls };
        var command = Named(one);
        face.Extend(command, one.HasOwnGrammar, one.HasJson);
        one.AddTo(command, isRecorded: true);
        command.Options.Add(from);
        if (one.Use != PlaceUse.Probes) { command.Options.Add(calls); }
        one.Target.CompletionSources.Add(
            context => one.Suggest(face.Names(context, LabNames.Targets)).Select(static name => new CompletionItem(name)));
        command.SetAction(
            parsed => face.Run(parsed, console => one.Run(parsed, new ConsoleSite(console, parsed.GetValue(from), parsed.GetValue(calls)))));
        return command;
    }

    private static Command Named(PlaceCommand one) =>
        one.HasOwnGrammar ? new OwnGrammar(one.Name, one.Description) : new Command(one.Name, one.Description);
}
