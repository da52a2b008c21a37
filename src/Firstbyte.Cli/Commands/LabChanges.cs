using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Labs;
using Firstbyte.Simulation.Faults;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Lets something go wrong in a lab, as one of its file's statements would.</summary>
internal static class LabFaults
{
    public static void Add(LabConsole console, string text)
    {
        Happening happening;
        try { happening = LabFile.ParseFault(text, "fault", console.Definition); }
        catch (LabFileException e) { throw new UsageException(console.Language.Sources.LabFault(e)); }
        console.Timeline.Do(elements =>
        {
            var from = elements.World.Kernel.Now;
            var until = happening.ForNanoseconds is { } length ? from.PlusNanoseconds(length) : Instant.Never;
            elements.World.Internet.Faults.Add(happening.Fault.Bind(elements.World.Internet) with { From = from, Until = until });
        });
        console.Say(console.Language.Labs.Happening(happening));
    }
}

/// <summary>Pulls a lab's cables and plugs them in again.</summary>
internal static class LabCables
{
    public static void Set(LabConsole console, IReadOnlyList<string> names, bool isUp)
    {
        var links = names.Select(name => console.Link(name).Name).ToArray();
        console.Telling(LabScene.Everything, showsFrames: false, () =>
        {
            console.Timeline.Do(elements =>
            {
                foreach (var link in links)
                {
                    elements.FindWire(link)!.IsUp = isUp;
                    elements.World.Tracer.Root(elements.World.Client).Tell(new Frames.LinkChanged(link, isUp));
                }
            });
            return 0;
        });
    }
}
