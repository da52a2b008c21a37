using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Simulation.Elements;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>A machine of a lab that somebody works in: a program runs in the world that is there, and is started again when the world is made anew.</summary>
internal sealed class ConsolePlace : Place
{
    private readonly LabConsole _console;
    private readonly string _machine;
    private readonly LabScene _scene;
    private readonly bool _tellsCalls;

    /// <param name="console">The lab.</param>
    /// <param name="from">The machine; the client's when null.</param>
    /// <param name="use">What of it is used.</param>
    /// <param name="isSilent">Whether people are told nothing of it.</param>
    /// <param name="tellsCalls">Whether the machine's inside is shown.</param>
    public ConsolePlace(LabConsole console, string? from, PlaceUse use, bool isSilent, bool tellsCalls)
    {
        (_console, _scene, _tellsCalls) = (console, Scene(), tellsCalls);
        // Only probes can be sent from a router.
        _machine = use == PlaceUse.Probes ? console.MachineOrClient(from).Name : console.HostOrClient(from).Name;

        LabScene Scene() => isSilent && !console.IsJson ? LabScene.Nothing : use == PlaceUse.Probes ? LabScene.Probes : LabScene.Everything;
    }

    public override int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program)
    {
        LabClientPlace.RequirePower(_console.Machine(_machine), _console.Language, _console.IsPrompt);
        return _console.TellingProgram(_scene, _tellsCalls ? _machine : null, () => _console.Timeline.Run(_machine, name, (elements, stop) =>
        {
            var machine = elements.FindMachine(_machine)!;
            var host = LabClientPlace.HostAt(
                _console.Language, elements, machine, null, _console.Hint("hosts")) with
            {
                Place = _console.LabName,
                Standpoint = new Standpoint(_console.LabName, _console.IsPrompt, !_console.Definition.HasRoots),
                Seed = _console.Timeline.Seed
            };
            return program(machine is SimulatedHost ? WithResolver(_tellsCalls, host, StubResolver.FromSystem) : host, stop);
        }));
    }
}
