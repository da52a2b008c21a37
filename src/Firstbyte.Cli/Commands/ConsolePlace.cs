using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Elements;

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
    /// <param name="scene">What is told of what happens.</param>
    /// <param name="tellsCalls">Whether the machine's inside is shown.</param>
    public ConsolePlace(LabConsole console, string? from, LabScene scene, bool tellsCalls = false)
    {
        (_console, _scene, _tellsCalls) = (console, scene, tellsCalls);
        // Only probes can be sent from a router.
        _machine = scene == LabScene.Probes ? console.MachineOrClient(from).Name : console.HostOrClient(from).Name;
    }

    public override int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program) =>
        _console.TellingProgram(_scene, _tellsCalls ? _machine : null, () => _console.Timeline.Run(_machine, name, (elements, stop) =>
        {
            var machine = elements.FindMachine(_machine)!;
            var host = LabClientPlace.HostAt(
                _console.Language, elements, machine, null, _console.Hint("hosts")) with
            {
                Place = _console.LabName,
                Seed = _console.Timeline.Seed
            };
            return program(machine is SimulatedHost ? WithResolver(_tellsCalls, host, StubResolver.FromSystem) : host, stop);
        }));
}

/// <summary>The bodies of pages that are fetched in a lab's prompt: shown, and kept nowhere.</summary>
internal sealed class ConsoleOutlet(LabConsole console) : IFetchOutlet
{
    public BodyOutlet OpenBody(JourneyRequest request)
    {
        var body = new PreviewBody(console.Language, rows: null, laysOut: false, request.Method == "HEAD", console.ShowsSecrets);
        console.Story.Body = body;
        return body;
    }

    public int Close(BodyOutlet body, JourneyResult result) => result.Failure is null ? ExitCodes.Success : result.ExitCode;
}
