using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte lab run LAB</c>: a lab that runs, until an instant or with a prompt.</summary>
internal static class LabRunCommand
{
    public static Command Create(CommandIo io, CommandRegistry commands)
    {
        var lab = OneShotFace.LabArgument(io.Language);
        var until = new Option<string?>("--until") { Description = io.Language.Help.LabRunUntil, HelpName = "T" };
        var seed = new Option<ulong?>("--seed") { Description = io.Language.Help.LabSeed, HelpName = "N" };
        var capture = new Option<string?>("--pcap") { Description = io.Language.Help.LabPcap, HelpName = "FILE" };
        var captureSecrets = CaptureSecretsOption.Create(io.Language);
        var json = JsonOption.Create(io.Language);
        var verbose = new Option<bool>("--verbose", "-v") { Description = io.Language.Help.VerboseCommands };
        var secrets = new Option<bool>("--show-secrets") { Description = io.Language.Help.ShowSecrets };
        var command = new Command("run", io.Language.Help.LabRun) { lab, until, seed, capture, captureSecrets, json, verbose, secrets };
        command.SetAction(parsed => Run(
            io, commands,
            new LabSettings(parsed.GetValue(lab)!)
            {
                Seed = parsed.GetValue(seed),
                Capture = parsed.GetValue(capture),
                CaptureSecrets = CaptureSecretsOption.Read(io.Language, parsed, captureSecrets, capture),
                Events = JsonOption.Read(parsed, json),
                Verbosity = parsed.GetResult(verbose)?.IdentifierTokenCount ?? 0,
                ShowSecrets = parsed.GetValue(secrets),
                NumbersEvents = true,
            },
            parsed.GetValue(until)));
        return command;
    }

    private static int Run(CommandIo io, CommandRegistry commands, LabSettings settings, string? until)
    {
        if (settings.Capture == CommandIo.StandardStream && settings.Events is not null)
        {
            throw new UsageException(io.Language.Places.OneOnOutput("--pcap -", "--json"));
        }
        using var console = new LabConsole(io, settings, commands);
        // What was captured until Ctrl-C or a failure is what one wants to look at then.
        try { return until is null ? new LabPrompt(io, console).Run() : RunUntil(console, Durations.Parse(io.Language, until), io.Signals.Stopping); }
        finally { console.WriteCapture(); }
    }

    private static int RunUntil(LabConsole console, TimeSpan time, CancellationToken stopping)
    {
        using var passing = stopping.Register(console.Timeline.RequestStop);
        console.Telling(LabScene.Everything, showsFrames: true, () =>
        {
            console.BeginEvents();
            console.Timeline.RunUntil(Instant.SimulationEpoch + time);
            return 0;
        });
        var kernel = console.Elements.World.Kernel;
        console.Say(console.Language.Prompt.Ended(Amounts.Clock(kernel.Now), console.Timeline.Events.Count, kernel.Seed, kernel.Trace.Value), Role.Note);
        return 0;
    }
}
