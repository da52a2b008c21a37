using System.CommandLine;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Measuring;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte diff A B</c>: the journeys of two saved runs side by side.</summary>
internal static class DiffCommand
{
    // As diff(1) has it.
    private const int Alike = 0, Different = 1;

    public static Command Create(CommandIo io)
    {
        var left = new Argument<string>("a") { Description = io.Language.Help.DiffFile };
        var right = new Argument<string>("b") { Description = io.Language.Help.DiffOther };
        var secrets = new Option<bool>("--show-secrets") { Description = io.Language.Help.ShowSecrets };
        var colour = ColourOption.Create(io.Language);
        var command = new Command("diff", io.Language.Help.Diff) { left, right, secrets, colour };
        command.SetAction(parsed =>
        {
            var isShown = parsed.GetValue(secrets);
            if (Read(io, parsed.GetValue(left)!, isShown) is not { } one || Read(io, parsed.GetValue(right)!, isShown) is not { } other)
            {
                return ExitCodes.ReadFailed;
            }
            return Compare(io, io.OpenPage(ColourOption.Read(parsed, colour)), one, other);
        });
        return command;
    }

    private static int Compare(
        CommandIo io, Page page, (string Name, IReadOnlyList<RecordedJourney> Journeys) one, (string Name, IReadOnlyList<RecordedJourney> Journeys) other)
    {
        var story = new MeasureStory(page, io.Language, tellsJourneys: false);
        var exitCode = one.Journeys.Count == other.Journeys.Count ? Alike : Different;
        foreach (var (at, (left, right)) in one.Journeys.Zip(other.Journeys).Index())
        {
            if (at > 0) { page.Gap(); }
            story.Compare((one.Name, left), (other.Name, right));
            if (JourneyDifference.Between(left, right).Any(static difference => !difference.IsVolatile)) { exitCode = Different; }
        }
        foreach (var ((name, journeys), count) in (((string, IReadOnlyList<RecordedJourney>), int)[])[(one, other.Journeys.Count), (other, one.Journeys.Count)])
        {
            if (journeys.Count > count) { page.ResultLine(io.Language.Measures.Alone(name, journeys.Count - count), Role.Warning); }
        }
        page.Flush();
        return exitCode;
    }

    // What came of a run that was cut can be compared as far as it goes.
    private static (string Name, IReadOnlyList<RecordedJourney> Journeys)? Read(CommandIo io, string name, bool showsSecrets)
    {
        var recorder = new JourneyRecorder();
        var sink = showsSecrets ? recorder : (Tracing.ITraceSink)new MaskingSink(recorder);
        using var input = io.OpenRead(name);
        return CommandIo.Reading<(string, IReadOnlyList<RecordedJourney>)?>(name, () =>
        {
            using var reader = new EventFileReader(EventRegistry.Default, input);
            while (reader.TryRead(out var traceEvent)) { sink.Tell(traceEvent); }
            if (reader.Fault.Flaw is not (EventFlaw.None or EventFlaw.Cut or EventFlaw.CutLine))
            {
                var place = reader.Line > 0 ? $"{Printable.Text(name)}:{reader.Line}" : Printable.Text(name);
                io.Errors.Complain($"{place}: {io.Language.Files.EventFile(reader)}");
                return null;
            }
            if (reader.Fault.Flaw is EventFlaw.Cut or EventFlaw.CutLine)
            {
                io.Errors.Complain($"{Printable.Text(name)}: {io.Language.Files.EventFile(reader)}");
            }
            if (recorder.Journeys.Count > 0) { return (name, recorder.Journeys); }
            io.Errors.Complain(io.Language.Measures.NoJourney(Printable.Text(name)));
            return null;
        });
    }
}
