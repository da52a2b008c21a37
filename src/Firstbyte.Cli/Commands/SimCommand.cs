using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte sim</c>: random internets with random faults, and what must hold in them.</summary>
internal static class SimCommand
{
    /// <summary>Exit code when an invariant was broken.</summary>
    public const int Broken = 1;

    /// <summary>Exit code when everything held, but something that was to be covered was not.</summary>
    public const int NotCovered = 3;

    private const int DefaultSeeds = 100;

    public static Command Create(CommandIo io)
    {
        var seeds = new Option<(ulong First, ulong Last)>("--seeds")
        {
            Description = io.Language.Help.SimSeeds,
            HelpName = "A..B",
            CustomParser = result => ReadSeeds(io.Language, result),
            DefaultValueFactory = _ => (1, DefaultSeeds),
        };
        var seed = new Option<ulong?>("--seed") { Description = io.Language.Help.SimSeed, HelpName = "N" };
        var faults = new Option<string?>("--faults") { Description = io.Language.Help.SimFaults + KindNames, HelpName = "KIND,…" };
        var jobs = new Option<int?>("--jobs") { Description = io.Language.Help.SimJobs, HelpName = "N" };
        var folder = new Option<string>("--out") { Description = io.Language.Help.SimOut, HelpName = "FOLDER", DefaultValueFactory = _ => "sim-failures" };
        var json = new Option<bool>("--json") { Description = io.Language.Help.SimJson };
        var hashes = new Option<bool>("--hashes") { Description = io.Language.Help.SimHashes };
        var command = new Command("sim", io.Language.Help.Sim) { seeds, seed, faults, jobs, folder, json, hashes };
        command.SetAction(parsed =>
        {
            var one = parsed.GetValue(seed);
            var range = one is { } number ? (number, number) : parsed.GetValue(seeds);
            var kinds = ReadKinds(io.Language, parsed.GetValue(faults));
            var mode = parsed.GetValue(hashes) ? SimOutput.Hashes : parsed.GetValue(json) ? SimOutput.Json : SimOutput.Text;
            return new SimRun(
                io, range, one is not null, kinds, Math.Clamp(parsed.GetValue(jobs) ?? Environment.ProcessorCount, 1, 256),
                parsed.GetValue(folder)!, mode).Run();
        });
        return command;
    }

    private static (ulong First, ulong Last) ReadSeeds(Language language, ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var parts = text.Split("..");
        if (parts.Length == 2 && TryRead(parts[0], out var first) && TryRead(parts[1], out var last) && first <= last) { return (first, last); }
        result.AddError(language.Usage.NoSeeds(text).ToString());
        return default;

        static bool TryRead(string part, out ulong seed) => ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
    }

    private static string KindNames => string.Join(", ", FaultRegistry.Standard.Random);

    private static HashSet<string>? ReadKinds(Language language, string? text)
    {
        if (text is null) { return null; }
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) { return []; }
        var kinds = text.Split(',', StringSplitOptions.TrimEntries).Select(static name => name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        return kinds.FirstOrDefault(static name => !FaultRegistry.Standard.Random.Any(kind => kind.Name == name)) is { } unknown
            ? throw new UsageException(language.Usage.NoFault(unknown, FaultRegistry.Standard.Random.Select(static kind => kind.Name)))
            : kinds;
    }
}
