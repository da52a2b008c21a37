using Firstbyte.Exports;

namespace Firstbyte.Cli.Rendering;

/// <summary>Why a file of events could not be told to its end.</summary>
internal static class EventFaultWords
{
    public static string Of(EventFileReader reader)
    {
        var (fault, name) = (reader.Fault, Printable.Text(reader.Fault.Name));
        return fault.Flaw switch
        {
            EventFlaw.LineTooLong => $"the line is longer than {EventFileReader.MaxLineLength / (1024 * 1024)} MiB, longer than any event",
            EventFlaw.NotJson => $"not JSON from byte {fault.Position + 1} of the line on",
            EventFlaw.NotAnObject => "an event is a JSON object, and this line is another value",
            EventFlaw.NoName => $"the object has no member '{EventRegistry.Discriminator}' that names its kind",
            EventFlaw.UnknownName => $"there is no event '{name}' in version {reader.Version} of the form",
            EventFlaw.WrongValue => $"the value of '{Printable.Text(fault.Member)}' is none that it can have{In(name)}",
            EventFlaw.MissingMember => $"the member '{Printable.Text(fault.Member)}' is missing{In(name)}",
            EventFlaw.OlderForm =>
                $"version 0 told '{name}' in another form, without '{Printable.Text(fault.Member)}': this firstbyte cannot tell it any more",
            EventFlaw.NewerVersion =>
                $"the file is of version {fault.Position}; this firstbyte reads versions 0 to {EventRegistry.Version}: a newer one wrote it",
            EventFlaw.Empty => "there is not one event in it: the run was ended before its first, or nothing was saved",
            EventFlaw.CutLine => $"the file is cut within this line; {Before(reader)}",
            EventFlaw.Cut => $"the file is cut: the run went on; {Before(reader)}",
            EventFlaw.OtherCount =>
                $"the last line counts {Amounts.Count(fault.Position, "event")}, the file holds {reader.Count}: lines are missing or were added",
            _ => throw new ArgumentOutOfRangeException(nameof(reader), fault.Flaw, "no fault"),
        };
    }

    private static string In(string name) => name.Length > 0 ? $" in '{name}'" : "";

    private static string Before(EventFileReader reader) =>
        reader.Last is { } last ? $"what is told above ends after event {reader.Count}, {last.Name}" : "no event came before it";
}
