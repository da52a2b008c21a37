using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Recording;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Lets something go wrong in a lab, as one of its file's statements would.</summary>
internal static class LabFaults
{
    public static void Add(LabConsole console, string text)
    {
        Happening happening;
        // Counted as it was typed, the command's word among it.
        try { happening = LabFile.ParseFault(text.PadLeft(text.Length + "fault ".Length), "fault", console.Definition); }
        catch (LabFileException e) { throw new UsageException(console.Language.Sources.LabFault(e)); }
        console.Timeline.Do(elements => elements.World.Begin(happening));
        console.Say(console.Language.Labs.Happening(happening));
    }

    /// <summary>Ends faults: by their numbers, by the words of their kinds, or all. Those that are over already are left alone.</summary>
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
        foreach (var row in chosen.Reverse())
        {
            console.Say(row.IsActing
                ? console.Language.Labs.FaultChanged(row.Fault, row.Place, isActing: false)
                : console.Language.Labs.FaultCalledOff(row.Fault, row.Place));
        }
    }

    private static FaultRow[] Find(LabConsole console, IReadOnlyList<FaultRow> rows, string word)
    {
        FaultRow[] found = [.. rows.Where(row => word == "all" || row.Fault == word || word == Amounts.Number(row.Number))];
        if (found.Length == 0) { throw new UsageException(console.Language.Prompt.NothingToHeal(word, rows.Count)); }
        FaultRow[] left = [.. found.Where(static row => !row.IsOver)];
        return left.Length > 0 ? left : throw new UsageException(console.Language.Prompt.HealedAlready(word));
    }
}

/// <summary>Pulls a lab's cables and plugs them in again.</summary>
/// <remarks>A cable that is out is a fault of the lab, however it came to be: what <c>cut</c> begins <c>heal</c> ends, and <c>mend</c> ends all that has cut a cable.</remarks>
internal static class LabCables
{
    public static void Cut(LabConsole console, IReadOnlyList<string> names) => Set(
        console, names, static wire => !(wire.A.IsCut && wire.B.IsCut), console.Language.Prompt.IsOutAlready,
        static (elements, link) => elements.World.Begin(new Happening(0, null, new Cut(link, LinkDirection.Both))));

    public static void Mend(LabConsole console, IReadOnlyList<string> names) => Set(
        console, names, static wire => wire.A.IsCut || wire.B.IsCut, console.Language.Prompt.IsNotOut,
        static (elements, link) =>
        {
            var faults = elements.World.Internet.Faults;
            foreach (var fault in faults.All.Where(fault => faults.IsActing(fault) && fault is LinkDownFault cut && cut.Wire.Name == link).ToArray())
            {
                faults.Remove(fault);
            }
        });

    private static void Set(
        LabConsole console, IReadOnlyList<string> names, Predicate<Wire> canBe, Func<string, Phrase> complaint, Action<LabElements, string> change)
    {
        var wires = names.Select(console.Link).Distinct().ToArray();
        if (Array.Find(wires, wire => !canBe(wire)) is { } other) { throw new UsageException(complaint(other.Name)); }
        var links = wires.Select(static wire => wire.Name).ToArray();
        console.Telling(LabScene.Everything, showsFrames: false, () =>
        {
            console.Timeline.Do(elements =>
            {
                foreach (var link in links)
                {
                    change(elements, link);
                    var wire = elements.FindWire(link)!;
                    elements.World.Tracer.Root(elements.World.Client).Tell(new Frames.LinkChanged(link, !(wire.A.IsCut || wire.B.IsCut)));
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
