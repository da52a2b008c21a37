using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// A command that runs on a host, whichever that is: this machine, a host of a lab, one over a TUN device. It says its options and makes its
/// program; where it can be given (<c>firstbyte NAME</c>, <c>firstbyte lab NAME</c>, the prompt) is the same for all, and written here.
/// </summary>
internal abstract class HostProgram(string name, string description)
{
    /// <summary>The word that calls it.</summary>
    public string Name { get; } = name;

    /// <summary>Whom it asks: completed with the names of a lab.</summary>
    public abstract Argument<string> Target { get; }

    /// <summary>Adds its arguments and options.</summary>
    public abstract void AddTo(Command command);

    /// <summary>The program that they ask for.</summary>
    public abstract Func<PlaceHost, CancellationToken, Task<int>> Program(ParseResult parsed);

    /// <summary>All there are: one more is its class and its line here.</summary>
    public static IReadOnlyList<HostProgram> All(Language language) => [new PingArguments(language), new TracerouteArguments(language)];

    /// <summary>The command of the shell: here, with <c>--lab</c>, with <c>--tun</c>.</summary>
    public Command AtPlaces(CommandIo io)
    {
        var place = new PlaceOptions(io.Language);
        var command = new Command(Name, description);
        AddTo(command);
        place.AddTo(command, forProbes: true);
        command.SetAction(parsed =>
        {
            var (settings, program) = (place.Read(parsed), Program(parsed));
            var outlet = new Outlet(io, settings, scene: settings.Verbosity > 0 ? LabScene.Everything : LabScene.Probes);
            using var opened = Place.Open(settings, io, outlet.Sink);
            try { return opened.Run(Name, program); }
            finally { outlet.End(); }
        });
        return command;
    }

    /// <summary>The command of a lab, given in the shell or at the prompt.</summary>
    public Command InLab(LabFace face)
    {
        var from = LabVerbs.From(face, LabNames.Machines);
        var command = new Command(Name, description);
        face.Extend(command);
        AddTo(command);
        command.Options.Add(from);
        LabVerbs.Complete(Target, face);
        command.SetAction(
            parsed => face.Run(parsed, console => new ConsolePlace(console, parsed.GetValue(from), LabScene.Probes).Run(Name, Program(parsed))));
        return command;
    }
}
