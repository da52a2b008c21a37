using System.CommandLine;
using System.CommandLine.Completions;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Labs;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// From where the commands of a lab are given: the shell, where each names its lab and begins a world of its own, or the prompt, where a
/// world goes on.
/// </summary>
internal abstract class LabFace
{
    /// <summary>In which its commands explain themselves.</summary>
    public abstract Language Language { get; }

    /// <summary>Gives a command what this face needs, before the command's own arguments; less where its words are not ours.</summary>
    public abstract void Extend(Command command, bool hasOwnGrammar = false, bool hasJson = true);

    /// <summary>Runs a command on the lab that it is about.</summary>
    public abstract int Run(ParseResult parsed, Func<LabConsole, int> act);

    /// <summary>What a look into the lab gives while a line is completed; nothing when the line names no lab yet.</summary>
    public abstract IEnumerable<string> Names(CompletionContext context, LabNames names);
}

/// <summary>Which names of a lab complete a word.</summary>
internal enum LabNames
{
    Machines,
    Hosts,
    Links,
    Targets,
}

/// <summary>The shell's face: <c>firstbyte lab VERB LAB …</c>.</summary>
internal sealed class OneShotFace(CommandIo io, CommandRegistry commands) : LabFace
{
    private readonly Argument<string> _lab = LabArgument(io.Language);
    private readonly Option<string[]> _after = new(
        "--after")
    {
        Description = io.Language.Help.LabAfter,
        HelpName = "COMMAND",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false
    };
    private readonly Option<string?> _until = new("--until") { Description = io.Language.Help.LabUntil, HelpName = "T" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = io.Language.Help.LabSeed, HelpName = "N" };
    private readonly Option<string?> _json = JsonOption.Create(io.Language);
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = io.Language.Help.VerboseElements };

    public override Language Language => io.Language;

    /// <summary>The argument that names a lab.</summary>
    public static Argument<string> LabArgument(Language language)
    {
        var lab = new Argument<string>("lab") { Description = language.Help.LabName, HelpName = "LAB|FILE" };
        lab.CompletionSources.Add(_ => LabCatalog.Names.Select(static name => new CompletionItem(name)));
        return lab;
    }

    public override void Extend(Command command, bool hasOwnGrammar = false, bool hasJson = true)
    {
        command.Arguments.Add(_lab);
        foreach (var option in (Option[])[_after, _until, _seed]) { command.Options.Add(option); }
        if (hasJson) { command.Options.Add(_json); }
        if (!hasOwnGrammar) { command.Options.Add(_verbose); }
    }

    public override int Run(ParseResult parsed, Func<LabConsole, int> act)
    {
        using var console = new LabConsole(io, new LabSettings(parsed.GetValue(_lab)!)
        {
            Seed = parsed.GetValue(_seed),
            Events = JsonOption.Read(parsed, _json),
            Verbosity = parsed.GetResult(_verbose)?.IdentifierTokenCount ?? 0,
        }, commands);
        using var passing = io.Signals.Stopping.Register(console.Timeline.RequestStop);
        try
        {
            console.Telling(LabScene.Nothing, showsFrames: false, () => Prepare(parsed, console));
            // A signal that came between two runs had nothing to stop.
            io.Signals.Stopping.ThrowIfCancellationRequested();
            return act(console);
        }
        catch (OperationCanceledException)
        {
            console.Flush();
            io.Errors.Complain(io.Language.Prompt.StoppedAt(Amounts.Clock(console.Timeline.Now)));
            return io.Signals.ExitCode;
        }
    }

    private int Prepare(ParseResult parsed, LabConsole console)
    {
        console.AwaitAddresses();
        var face = new PromptFace(console);
        foreach (var command in parsed.GetValue(_after) ?? []) { face.RunLine(command); }
        if (parsed.GetValue(_until) is { } until) { console.Timeline.RunUntil(Tracing.Instant.SimulationEpoch + Durations.Parse(io.Language, until)); }
        return 0;
    }

    public override IEnumerable<string> Names(CompletionContext context, LabNames names)
    {
        if (context.ParseResult.GetResult(_lab) is not { Tokens.Count: > 0 } || context.ParseResult.GetValue(_lab) is not { } lab) { return []; }
        try { return LabNameList.Of(LabFiles.Load(io, lab), names); }
        // While a line is typed its lab may not be one yet.
        catch (Exception e) when (e is UsageException or FileException) { return []; }
    }
}

/// <summary>The names of a lab's definition.</summary>
internal static class LabNameList
{
    public static IEnumerable<string> Of(LabDefinition lab, LabNames names) => names switch
    {
        LabNames.Links =>
            lab.Routers.SelectMany(static router => router.Interfaces.Select(plug => $"{router.Name}-{plug.Subnet}"))
            .Concat(lab.Hosts.SelectMany(static host => host.Interfaces.Select(plug => $"{host.Name}-{plug.Subnet}"))),
        LabNames.Hosts => lab.Hosts.Select(static host => host.Name),
        LabNames.Machines => Machines(lab),
        _ => Machines(lab).Concat(lab.Hosts.SelectMany(static host => host.Services).OfType<WebService>().SelectMany(static web => web.Names)).Distinct(),
    };

    private static IEnumerable<string> Machines(LabDefinition lab) =>
        lab.Routers.Select(static router => router.Name).Concat(lab.Hosts.Select(static host => host.Name));
}
