using System.Runtime.InteropServices;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Prompting;
using Firstbyte.Exports;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Reads commands and runs them in a lab: from a terminal with editing and history, or one a line from a file or pipe.</summary>
internal sealed class LabPrompt(CommandIo io, LabConsole console)
{
    private readonly PromptFace _face = new(console);
    private readonly Lock _gate = new();
    private volatile bool _isRunning;
    private volatile int _endsWith;

    /// <summary>Runs until the input ends or somebody quits; returns the exit code of the last command.</summary>
    public int Run()
    {
        // Ctrl-C stops what runs; the prompt stays. While a line is edited it is a key like any other.
        using var interrupting = io.Signals.Handle(PosixSignal.SIGINT, () =>
        {
            if (_isRunning) { console.Timeline.RequestStop(); }
            return true;
        });
        using var terminating = io.Signals.Handle(PosixSignal.SIGTERM, () => End(Signals.Terminated));
        using var hangingUp = io.Signals.Handle(PosixSignal.SIGHUP, () => End(Signals.HungUp));
        var exitCode = io.IsInputTerminal ? RunTerminal() : RunScript();
        // Whoever ends the process meanwhile holds it for good.
        _gate.Enter();
        return _endsWith > 0 ? _endsWith : exitCode;
    }

    // A line that runs is stopped, and the prompt ends behind it. Where one is waited for nothing ends the wait: the process ends here.
    private bool End(int code)
    {
        _endsWith = code;
        if (!_gate.TryEnter())
        {
            console.Timeline.RequestStop();
            return true;
        }
        try { console.WriteCapture(); }
        catch (FileException e)
        {
            Complain(io.Language.Files.Unusable(e.Path, e.IsWriting, e.Error));
            code = Exit.Of(e);
        }
        io.Flush();
#pragma warning disable RS0030 // The one thread that could return it waits for a line; what was printed has been flushed.
        Environment.Exit(code);
#pragma warning restore RS0030
        return true;
    }

    private int RunScript()
    {
        var (exitCode, number) = (0, 0);
        using var lines = new StreamReader(io.Input, new System.Text.UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        while (!_face.HasEnded && _endsWith == 0 && lines.ReadLine() is { } line)
        {
            number++;
            if (line.Trim().Length == 0) { continue; }
            console.Say($"{Label} {Printable.Text(console.ShowsSecrets ? line : SecretText.MaskCommand(line))}", Role.Strong);
            exitCode = RunLine(line, io.Language.Prompt.LineOf(number)) ?? exitCode;
        }
        return exitCode;
    }

    private int RunTerminal()
    {
        console.Say($"{Printable.Text(console.Definition.TitleIn(io.Language.Tag))}", Role.Strong);
        console.Say(io.Language.Prompt.Greeting(console.Timeline.Seed));
        var history = HistoryFile.Open(io.Variables);
        using var terminal = new Terminal(io.Text, console.Page.Colours);
        var editor = new LineEditor(terminal, history, (line, cursor) => _face.Complete(line, cursor));
        var exitCode = 0;
        while (!_face.HasEnded && _endsWith == 0 && editor.Read(Label + " ") is { } line) { exitCode = RunLine(line, Phrase.Empty) ?? exitCode; }
        return exitCode;
    }

    // What a shell's prompt says of the folder, this one says of time.
    private string Label =>
        $"{Printable.Text(Path.GetFileNameWithoutExtension(console.LabName))} {Amounts.Clock(console.Timeline.Now)}s{(console.Timeline.IsInThePast ? $" #{console.Timeline.Position}" : "")}>";

    private int? RunLine(string line, Phrase place)
    {
        // The line before may have ended by itself while it was told to stop.
        console.Timeline.WithdrawStop();
        _gate.Enter();
        _isRunning = true;
        try
        {
            var exitCode = _face.RunLine(line);
            return _face.HasEnded ? null : exitCode;
        }
        catch (UsageException e)
        {
            Complain(place + e.Complaint);
            return e.ExitCode;
        }
        catch (FileException e)
        {
            Complain(place + io.Language.Files.Unusable(e.Path, e.IsWriting, e.Error));
            return Exit.Of(e);
        }
        catch (SimulationException e)
        {
            Complain(place + io.Language.Usage.SimulationStopped(io.Language.Labs.SimulationFailure(e)));
            return Exit.SimulationFailed;
        }
        catch (OperationCanceledException)
        {
            console.Story.Flush();
            Complain(place + io.Language.Prompt.StoppedAt(Amounts.Clock(console.Timeline.Now)));
            return Signals.Interrupted;
        }
        finally
        {
            _isRunning = false;
            console.Flush();
            _gate.Exit();
        }
    }

    private void Complain(Phrase message)
    {
        console.Flush();
        io.Errors.Complain(message);
    }
}
