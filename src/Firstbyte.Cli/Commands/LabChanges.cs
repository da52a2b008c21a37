using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Labs;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Recording;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Lets something go wrong in a lab, as one of its file's statements would.</summary>
internal static class LabFaults
{
    public static void Add(LabConsole console, string text)
    {
        Happening happening;
        try { happening = LabFile.ParseFault(text, "fault", console.Definition); }
        catch (LabFileException e) { throw new UsageException(console.Language.Sources.LabFault(e)); }
        console.Timeline.Do(elements => elements.World.Begin(happening));
        console.Say(console.Language.Labs.Happening(happening));
    }

    /// <summary>Ends faults: by their numbers, by the words of their kinds, or all.</summary>
    public static void Heal(LabConsole console, IReadOnlyList<string> which)
    {
        var rows = LabTables.Faults(console.Elements);
        var chosen = which.SelectMany(word => Find(console, rows, word)).DistinctBy(static row => row.Number)
            .OrderByDescending(static row => row.Number).ToArray();
        // In every world that is made again the faults stand in the same order.
        console.Timeline.Do(elements =>
        {
            var faults = elements.World.Internet.Faults;
            foreach (var row in chosen) { faults.Remove(faults.All[row.Number - 1]); }
        });
        foreach (var row in chosen.Reverse()) { console.Say(console.Language.Labs.FaultChanged(row.Fault, row.Place, isActing: false)); }
    }

    private static FaultRow[] Find(LabConsole console, IReadOnlyList<FaultRow> rows, string word)
    {
        FaultRow[] found = [.. rows.Where(row => word == "all" || row.Fault == word || word == Amounts.Number(row.Number))];
        return found.Length > 0 ? found : throw new UsageException(console.Language.Prompt.NothingToHeal(word, rows.Count));
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

/// <summary>Changes what the servers of a lab say about names.</summary>
internal static class LabZones
{
    public static void Change(LabConsole console, string text)
    {
        NameChange change;
        try { change = LabFile.ParseNameChange(text, text.Split(' ')[0], console.Elements.World.Zones); }
        catch (LabFileException e) { throw new UsageException(console.Language.Sources.LabFault(e)); }
        console.Timeline.Do(elements => elements.World.Change(change));
        var zone = console.Elements.World.Zones.First(zone => zone.Origin == change.Origin);
        console.Say(console.Language.Labs.ZoneChanged(change.Origin.ToString(), change.ToString(), zone.Soa.Serial));
    }
}
