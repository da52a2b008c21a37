using System.CommandLine;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Journeys;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte zone check ORIGIN=FILE…</c>: what is wrong in zone files, each with its line.</summary>
internal static class ZoneCommand
{
    /// <summary>Columns of a line that are shown (own choice): a key may be thousands long.</summary>
    private const int MaxColumns = 100;

    public static Command Create(CommandIo io)
    {
        var zones = new Argument<string[]>("zone") { Description = io.Language.Help.ZoneCheckZones, HelpName = "ORIGIN=FILE", Arity = ArgumentArity.OneOrMore };
        var strict = new Option<bool>("--strict") { Description = io.Language.Help.ZoneStrict };
        var check = new Command("check", io.Language.Help.ZoneCheck) { zones, strict };
        check.SetAction(parsed => Check(io, parsed.GetValue(zones)!, parsed.GetValue(strict)));
        return new Command("zone", io.Language.Help.ZoneFiles) { check, ZoneFormatCommand.Create(io), ZoneKeyCommand.Create(io), ZoneSignCommand.Create(io) };
    }

    /// <summary>The time, as signatures have it.</summary>
    public static uint Now() => (uint)new OsNetwork().Time.GetUtcNow().ToUnixTimeSeconds();

    private static int Check(CommandIo io, string[] arguments, bool isStrict)
    {
        var exitCode = 0;
        var inspection = new SignatureInspection(Now(), SignatureVerifier.IsSigned);
        foreach (var argument in arguments)
        {
            var source = new ZoneSource(io, argument);
            var isFit = source.TryLoadNewest(isStrict, out var zone, out var problems, inspection);
            foreach (var problem in InOrder(problems)) { Tell(io, source, problem, problem.IsError || isStrict); }
            var verdict = isFit
                ? io.Language.Servers.ZoneLoaded($"{source.Origin}", zone.NameCount, zone.Soa.Serial)
                : io.Language.Servers.ZoneUnfit($"{source.Origin}");
            io.Text.WriteLine(Printable.Text(verdict.ToString()));
            if (!isFit) { exitCode = ExitCodes.Usage; }
        }
        io.Text.Flush();
        return exitCode;
    }

    /// <summary>File by file, from the top: what the zone as a whole shows was found after what its lines show.</summary>
    private static IEnumerable<ZoneProblem> InOrder(IEnumerable<ZoneProblem> problems) =>
        problems.GroupBy(static problem => problem.Place.File, StringComparer.Ordinal)
            .SelectMany(static file => file.OrderBy(static problem => problem.Place.Line).ThenBy(static problem => problem.Place.Column));

    /// <summary>The sentence, and below it the line with a mark at the column.</summary>
    private static void Tell(CommandIo io, ZoneSource source, ZoneProblem problem, bool isFatal)
    {
        var said = io.Language.Sources.ZoneProblem(problem);
        var message = isFatal ? io.Language.Servers.ZoneError(said) : io.Language.Servers.ZoneWarning(said);
        io.Text.WriteLine(Printable.Text(ErrorLines.Cut(message.ToString())));
        if (source.Line(problem.Place) is not { } line) { return; }
        // A tab is one column of the place and is shown as one.
        var shown = line.Replace('\t', ' ');
        var before = DisplayWidth.Of(Printable.Text(shown[..Math.Min(problem.Place.Column - 1, shown.Length)]));
        io.Text.WriteLine($"{problem.Place.Line,6} | {DisplayWidth.Cut(Printable.Text(shown), MaxColumns)}");
        if (before < MaxColumns) { io.Text.WriteLine($"{"",6} | {new string(' ', before)}^"); }
    }
}
