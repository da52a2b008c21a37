using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Drawing;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Rows;

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
            Description = "The worlds to run, from one seed to another",
            HelpName = "A..B",
            CustomParser = ReadSeeds,
            DefaultValueFactory = _ => (1, DefaultSeeds),
        };
        var seed = new Option<ulong?>("--seed") { Description = "One world, with what goes wrong in it", HelpName = "N" };
        var faults = new Option<string?>("--faults") { Description = $"Only these kinds of fault: {KindNames}, or none", HelpName = "KIND,…" };
        var jobs = new Option<int>("--jobs") { Description = "Worlds at the same time; the results are the same for any number", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        var folder = new Option<string>("--out") { Description = "Where the captures and event logs of broken worlds go", HelpName = "FOLDER", DefaultValueFactory = _ => "sim-failures" };
        var json = new Option<bool>("--json") { Description = "Print every world and the coverage as one JSON object a line" };
        var hashes = new Option<bool>("--hashes") { Description = "Print only each seed and its trace hash" };
        var command = new Command("sim", "Runs random internets with random faults and checks what must always hold") { seeds, seed, faults, jobs, folder, json, hashes };
        command.SetAction(parsed =>
        {
            var one = parsed.GetValue(seed);
            var range = one is { } number ? (number, number) : parsed.GetValue(seeds);
            var kinds = ReadKinds(parsed.GetValue(faults));
            var mode = parsed.GetValue(hashes) ? SimOutput.Hashes : parsed.GetValue(json) ? SimOutput.Json : SimOutput.Text;
            return new SimRun(io, range, one is not null, kinds, Math.Clamp(parsed.GetValue(jobs), 1, 256), parsed.GetValue(folder)!, mode).Run();
        });
        return command;
    }

    private static (ulong First, ulong Last) ReadSeeds(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var parts = text.Split("..");
        if (parts.Length == 2 && TryRead(parts[0], out var first) && TryRead(parts[1], out var last) && first <= last) { return (first, last); }
        result.AddError($"'{text}' is no range of seeds: write A..B, for example 1..500");
        return default;

        static bool TryRead(string part, out ulong seed) => ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
    }

    private static string KindNames => string.Join(", ", FaultRegistry.Standard.Random);

    private static HashSet<string>? ReadKinds(string? text)
    {
        if (text is null) { return null; }
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) { return []; }
        var kinds = text.Split(',', StringSplitOptions.TrimEntries).Select(static name => name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        return kinds.FirstOrDefault(static name => !FaultRegistry.Standard.Random.Any(kind => kind.Name == name)) is { } unknown
            ? throw new UsageException($"'{Printable.Text(unknown)}' is no kind of fault: {KindNames}")
            : kinds;
    }
}
