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

    /// <param name="console">The lab.</param>
    /// <param name="from">The machine; the client's when null.</param>
    /// <param name="scene">What is told of what happens.</param>
    public ConsolePlace(LabConsole console, string? from, LabScene scene)
    {
        (_console, _scene) = (console, scene);
        // Only probes can be sent from a router.
        _machine = scene == LabScene.Probes ? console.MachineOrClient(from).Name : console.HostOrClient(from).Name;
    }

    public override int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program) =>
        _console.TellingProgram(_scene, () => _console.Timeline.Run(_machine, name, (elements, stop) =>
        {
            var machine = elements.FindMachine(_machine)!;
            var resolver = machine is SimulatedHost host ? StubResolver.FromSystem(host) : null;
            return program(LabClientPlace.HostAt(_console.Language, elements, machine, resolver, _console.Hint("hosts")) with { Place = _console.LabName, Seed = _console.Timeline.Seed }, stop);
        }));
}

/// <summary>The bodies of pages that are fetched in a lab's prompt: shown, and kept nowhere.</summary>
internal sealed class ConsoleOutlet(LabConsole console) : IFetchOutlet
{
    public BodyOutlet OpenBody(JourneyRequest request)
    {
        var body = new PreviewBody(request.Method == "HEAD", console.Language);
        console.Story.Body = body;
        return body;
    }

    public int Close(BodyOutlet body, JourneyResult result) => result.Failure is null ? ExitCodes.Success : result.ExitCode;
}
