using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>From where a command was given that runs at a place: the shell with its options, or a lab that somebody works in.</summary>
internal abstract class CommandSite(CommandIo io, PlaceSettings settings)
{
    /// <summary>What the command has around it.</summary>
    public CommandIo Io => io;

    /// <summary>How it is told, and where.</summary>
    public PlaceSettings Settings => settings;

    /// <summary>Whether nothing may be left outside, because what runs is run again on every way back.</summary>
    public abstract bool IsRecorded { get; }

    /// <summary>Where the text of a body is shown as it comes; null where the story shows it at the end.</summary>
    public abstract InterruptedRows? RowsOfBodies(Outlet outlet);

    /// <summary>The place, and where is told what happens there.</summary>
    /// <param name="use">What of it is used.</param>
    /// <param name="isSilent">Whether people are told nothing, because only a result is wanted.</param>
    /// <param name="beside">Where people are told instead of on standard output, which is another program's; null for there.</param>
    /// <param name="heads">Who is told where people are not; null for nobody.</param>
    /// <param name="hearsSignalsLate">Whether a signal may end the process as the system does, for the short time that most transfers take.</param>
    public abstract Station Open(
        PlaceUse use, bool isSilent = false, TextWriter? beside = null, ITraceSink? heads = null, bool hearsSignalsLate = false);
}

/// <summary>A shell's command line, which names the place.</summary>
internal sealed class ShellSite(CommandIo io, PlaceSettings settings) : CommandSite(io, settings)
{
    public override bool IsRecorded => false;

    // The bytes of a verbose story would stand between the lines of the text.
    public override InterruptedRows? RowsOfBodies(Outlet outlet) => Settings is { Verbosity: 0, Calls: null } ? outlet.Rows : null;

    public override Station Open(
        PlaceUse use, bool isSilent = false, TextWriter? beside = null, ITraceSink? heads = null, bool hearsSignalsLate = false)
    {
        // From here on a signal ends things in good order: building a world takes a while.
        hearsSignalsLate &= Settings is { Lab: null, Tun: null };
        if (!hearsSignalsLate) { _ = Io.Signals.Stopping; }
        var scene = use == PlaceUse.Probes && Settings.Verbosity == 0 ? LabScene.Probes : LabScene.Everything;
        var outlet = new Outlet(Io, Settings, isSilent, scene, beside, heads);
        if (outlet.Story is { } story) { story.HidesServers = Settings.Lab is not null; }
        var place = Place.Open(Settings with { HearsSignalsLate = hearsSignalsLate }, Io, outlet.Sink);
        if (outlet.Story is { } teller) { (teller.NameOf, teller.IsAt) = (place.NameOf, place.IsAt); }
        return new Station(place, outlet);
    }
}

/// <summary>A line that was given to a lab.</summary>
/// <param name="console">The lab.</param>
/// <param name="machine">The machine where the command runs; the client when null.</param>
/// <param name="tellsCalls">Whether the inside of that machine is shown.</param>
internal sealed class ConsoleSite(LabConsole console, string? machine, bool tellsCalls) : CommandSite(console.Io, new PlaceSettings
{
    Lab = console.LabName,
    Seed = console.Timeline.Seed,
    Events = console.IsJson ? EventLevel.Journey : null,
    Calls = tellsCalls ? "" : null,
    Verbosity = console.Verbosity,
    ShowSecrets = console.ShowsSecrets,
})
{
    public override bool IsRecorded => true;

    public override InterruptedRows? RowsOfBodies(Outlet outlet) => console.RowsOfBodies;

    public override Station Open(
        PlaceUse use, bool isSilent = false, TextWriter? beside = null, ITraceSink? heads = null, bool hearsSignalsLate = false) =>
        new(new ConsolePlace(console, machine, use, isSilent, tellsCalls),
            new Outlet(Io, console.IsHeard && !console.IsJson ? console.Page : null, console.Story));
}

/// <summary>A place that was opened for a command, and where is told what happens there.</summary>
internal sealed class Station(Place place, Outlet outlet) : IDisposable
{
    /// <summary>Where people and programs are told.</summary>
    public Outlet Outlet => outlet;

    /// <summary>Runs a program to its end and returns its exit code. Called once.</summary>
    /// <exception cref="OperationCanceledException">A signal ended it.</exception>
    public int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program) => place.Run(name, program);

    /// <summary>Tells what was kept, and closes the place with its capture.</summary>
    public void Dispose()
    {
        try { outlet.End(); }
        finally { place.Dispose(); }
    }
}
