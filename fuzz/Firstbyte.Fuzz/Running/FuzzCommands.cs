using System.Diagnostics;
using System.Globalization;
using SharpFuzz;

namespace Firstbyte.Fuzz.Running;

/// <summary>The commands of the fuzzer.</summary>
internal static class FuzzCommands
{
    private const string Usage =
        """
        usage: Firstbyte.Fuzz COMMAND [TARGET…] [OPTIONS]      no target means all of them
          list                    the targets and what must hold in each
          replay                  every kept input once
          fuzz                    breed inputs: --seconds N (a target), --seed N, --stop (at the first finding)
          minimise                the kept corpus and what was found since, made small, becomes the kept corpus
          try TARGET FILE…        these inputs, each with its whole exception
          afl TARGET              one instance under afl-fuzz
          instrument FOLDER       rewrites our assemblies there, so that they count their branches
        options: --corpus FOLDER  the kept inputs (fuzz/corpus); --work FOLDER  what is found (artifacts/fuzz)
        """;

    public static int Run(string[] args)
    {
        var options = new FuzzOptions(args);
        // Instrumented code writes to the map from its first branch on, whatever the command.
        if (Instrumentation.IsInForce) { _ = new CoverageMap(); }
        if (options.Words is not [var command, .. var names]) { return Misused(); }
        if (command == "instrument") { return names is [var folder] && Instrumentation.Rewrite(folder) ? 0 : Misused(); }
        var tried = command == "try" && names.Length > 0;
        if (TargetRegistry.Named(tried ? names[..1] : names) is not { } targets) { return Misused(); }
        switch (command)
        {
            case "list":
                foreach (var target in targets) { Console.WriteLine($"{target.Name,-20} {target.Holds}"); }
                return 0;
            case "replay": return Replay(targets, options);
            case "fuzz" or "minimise" when !Instrumentation.IsInForce:
                Console.Error.WriteLine($"{command} needs the instrumented copy: fuzz/run.sh makes and runs it");
                return 2;
            case "fuzz": return Fuzz(targets, options);
            case "minimise": return Minimise(targets, options);
            case "try" when tried: return Try(targets[0], names[1..]);
            case "afl" when names.Length == 1:
                var one = targets[0];
                Fuzzer.Run(stream =>
                {
                    using var input = new MemoryStream();
                    stream.CopyTo(input);
                    one.Check(input.ToArray());
                });
                return 0;
            default: return Misused();
        }
    }

    private static int Misused()
    {
        Console.Error.WriteLine(Usage);
        Console.Error.WriteLine($"targets: {string.Join(' ', TargetRegistry.All.Select(static target => target.Name))}");
        return 2;
    }

    // The first run of each way through the code compiles it: that is why the seeds' time is that of the corpus, not of a single input.
    private static int Replay(IReadOnlyList<FuzzTarget> targets, FuzzOptions options)
    {
        var failed = 0;
        Console.WriteLine("| target | inputs | bytes | findings | ms |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var target in targets)
        {
            var start = Stopwatch.GetTimestamp();
            var kept = options.Kept(target).Read();
            if (kept.Count == 0)
            {
                Console.Error.WriteLine($"{target.Name} keeps no corpus: run it for a while, then `minimise {target.Name}`");
                failed++;
            }
            var findings = 0;
            using (var runner = new InputRunner(target, options.Findings(target).Path))
            {
                foreach (var input in kept.Concat(target.Seeds()))
                {
                    if (runner.Run(input) is not { } exception) { continue; }
                    Console.Error.WriteLine($"{target.Name}: {options.Findings(target).Add(input)}:\n{exception}\n");
                    findings++;
                }
            }
            failed += findings;
            Console.WriteLine($"| {target.Name} | {kept.Count} | {kept.Sum(static input => input.Length)} | {findings} | {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} |");
        }
        return failed == 0 ? 0 : 1;
    }

    private static int Fuzz(IReadOnlyList<FuzzTarget> targets, FuzzOptions options)
    {
        var findings = 0;
        Console.WriteLine("| target | seconds | inputs | inputs/s | edges | ways kept | new | findings |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var target in targets)
        {
            var found = options.Found(target);
            var inputs = options.Kept(target).Read().Concat(found.Read()).Concat(target.Seeds()).ToList();
            var before = found.Read().Count;
            var session = new FuzzSession(target, new CoverageMap(), options.Seed, found, options.Findings(target));
            var start = Stopwatch.GetTimestamp();
            session.Run(inputs, options.Time, options.StopsAtFinding);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            findings += session.Findings;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {target.Name} | {seconds:0.0} | {session.Runs} | {session.Runs / seconds:0} | {session.Edges} | {session.CorpusCount} | {found.Read().Count - before} | {session.Findings} |"));
        }
        return findings == 0 ? 0 : 1;
    }

    private static int Minimise(IReadOnlyList<FuzzTarget> targets, FuzzOptions options)
    {
        foreach (var target in targets)
        {
            var (kept, found) = (options.Kept(target), options.Found(target));
            var inputs = kept.Read().Concat(found.Read()).Concat(target.Seeds()).ToList();
            using var runner = new InputRunner(target, options.Findings(target).Path);
            var small = new Minimiser(target, new CoverageMap(), runner).Minimise(inputs);
            kept.Replace(small);
            found.Replace([]);
            Console.WriteLine($"{target.Name}: {inputs.Count} inputs of {inputs.Sum(static input => input.Length):N0} bytes became {small.Count} of {small.Sum(static input => input.Length):N0}");
        }
        return 0;
    }

    private static int Try(FuzzTarget target, string[] files)
    {
        var findings = 0;
        foreach (var file in files)
        {
            using var runner = new InputRunner(target, Path.GetTempPath());
            var exception = runner.Run(File.ReadAllBytes(file));
            Console.WriteLine($"{file}: {exception?.ToString() ?? "holds"}");
            findings += exception is null ? 0 : 1;
        }
        return findings == 0 ? 0 : 1;
    }
}

/// <summary>What stands on the command line.</summary>
internal sealed class FuzzOptions
{
    private readonly string _corpus = "fuzz/corpus";
    private readonly string _work = "artifacts/fuzz";

    public FuzzOptions(string[] args)
    {
        var words = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--seconds" when i + 1 < args.Length: Time = TimeSpan.FromSeconds(double.Parse(args[++i], CultureInfo.InvariantCulture)); break;
                case "--seed" when i + 1 < args.Length: Seed = ulong.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--corpus" when i + 1 < args.Length: _corpus = args[++i]; break;
                case "--work" when i + 1 < args.Length: _work = args[++i]; break;
                case "--stop": StopsAtFinding = true; break;
                default: words.Add(args[i]); break;
            }
        }
        Words = [.. words];
    }

    public string[] Words { get; }

    public TimeSpan Time { get; } = TimeSpan.FromSeconds(60);

    public ulong Seed { get; } = 1;

    public bool StopsAtFinding { get; }

    /// <summary>The inputs that lie in the repository.</summary>
    public CorpusFolder Kept(FuzzTarget target) => new(Path.Combine(_corpus, target.Name));

    /// <summary>Inputs with new ways through the code that nobody has minimised yet.</summary>
    public CorpusFolder Found(FuzzTarget target) => new(Path.Combine(_work, "found", target.Name));

    /// <summary>Inputs for which something does not hold.</summary>
    public CorpusFolder Findings(FuzzTarget target) => new(Path.Combine(_work, "findings", target.Name));
}
