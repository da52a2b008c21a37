using System.CommandLine;
using System.CommandLine.Completions;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Cli.Drawing;
using Firstbyte.Labs;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte lab run LAB</c>: a lab that runs, until an instant or with a prompt.</summary>
internal static class LabRunCommand
{
    public static Command Create(CommandIo io)
    {
        var lab = new Argument<string>("lab") { Description = "A lab's name, or a file", HelpName = "FILE|NAME" };
        lab.CompletionSources.Add(_ => LabCatalog.Names.Select(static name => new CompletionItem(name)));
        var until = new Option<string?>("--until") { Description = "Run to this virtual time, e.g. 5s, and end; without it commands are read: from a prompt, or one a line from standard input", HelpName = "T" };
        var seed = new Option<ulong?>("--seed") { Description = "Seed of the world (the lab's own by default)", HelpName = "N" };
        var capture = new Option<string?>("--pcap") { Description = "Write everything that machines send and receive to a pcapng file", HelpName = "FILE" };
        var json = JsonOption.Create();
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Say more; -vv tells every frame of every command" };
        var secrets = new Option<bool>("--show-secrets") { Description = "Print passwords, cookies and credentials instead of stars" };
        var command = new Command("run", "Runs a lab: to an instant, or with a prompt in which commands are given") { lab, until, seed, capture, json, verbose, secrets };
        command.SetAction(parsed => Run(
            io,
            new LabSettings(parsed.GetValue(lab)!)
            {
                Seed = parsed.GetValue(seed),
                Capture = parsed.GetValue(capture),
                Events = JsonOption.Read(parsed, json),
                Verbosity = parsed.GetResult(verbose)?.IdentifierTokenCount ?? 0,
                ShowSecrets = parsed.GetValue(secrets),
                NumbersEvents = true,
            },
            parsed.GetValue(until)));
        return command;
    }

    private static int Run(CommandIo io, LabSettings settings, string? until)
    {
        using var console = new LabConsole(io, settings);
        // What was captured until Ctrl-C or a failure is what one wants to look at then.
        try { return until is null ? new LabPrompt(io, console).Run() : RunUntil(console, Durations.Parse(until), io.Signals.Stopping); }
        finally { console.WriteCapture(); }
    }

    private static int RunUntil(LabConsole console, TimeSpan time, CancellationToken stopping)
    {
        using var passing = stopping.Register(console.Timeline.RequestStop);
        console.Telling(LabScene.Everything, showsFrames: true, () =>
        {
            console.Timeline.RunUntil(Instant.SimulationEpoch + time);
            return 0;
        });
        var kernel = console.Elements.World.Kernel;
        console.Say($"{Amounts.Clock(kernel.Now)} s · {console.Language.Amounts.Events(console.Timeline.Events.Count)} · seed {kernel.Seed} · trace {kernel.Trace.Value:x16}", Role.Note);
        return 0;
    }
}
