using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Where the bodies of journeys go, and what is made of their ends.</summary>
/// <param name="site">From where they were asked for.</param>
/// <param name="settings">How.</param>
/// <param name="outlet">Where is told what happens.</param>
internal sealed class FetchOutlet(CommandSite site, FetchSettings settings, Outlet outlet)
{
    private readonly CommandIo _io = site.Io;
    private BodyOutlet? _body;
    private readonly WriteOut? _writeOut = settings.WriteOut is { } format ? new WriteOut(site.Io, format, site.Settings.ShowSecrets) : null;
    private TransferFigures? _figures;
    private int _bodies;

    public BodyOutlet OpenBody()
    {
        // In a lab the limit is one of virtual time, of which a reader takes none.
        _io.Patience.Begin(site.Settings.Lab is null ? settings.MaximumTime : null);
        var progress = OpenProgress();
        var output = _bodies < settings.Outputs.Length ? settings.Outputs[_bodies] : null;
        var takesServersName = settings.TakesServersNames && _bodies < settings.NamedByUrl.Length && settings.NamedByUrl[_bodies];
        _bodies++;
        _body = output is { } file
            ? new FileBody(_io, file, PatienceOfReaders(), settings.Part) { Progress = progress, TakesServersName = takesServersName }
            : settings.BodyOnly ? PrintedBody(progress)
            : new PreviewBody(
                _io.Language, site.RowsOfBodies(outlet), _io.IsOutputTerminal, settings.Head,
                site.Settings.ShowSecrets, canBeSaved: !site.IsRecorded)
            { Progress = progress };
        _body.LeavesErrorsOut = settings.Fails;
        if (outlet.Story is { } story) { story.Body = _body; }
        return _body;
    }

    /// <summary>Who listens to the journeys of a URL: whoever does anyway, and what is printed when they are over.</summary>
    public Tracer Listen(string url, Tracer tracer)
    {
        if (_writeOut is null) { return tracer; }
        (_figures, var sink) = _writeOut.Begin(url, tracer.Sink);
        return tracer.Into(sink);
    }

    // The reader of a pipe that was named comes or does not come in the time of this machine, wherever the journey goes.
    private Patience PatienceOfReaders()
    {
        var patience = new Patience(_io.Signals);
        patience.Begin(settings.MaximumTime);
        return patience;
    }

    // Who asks for it by name gets it as it is, whatever it does to a terminal.
    private BodyOutlet PrintedBody(BodyProgress? progress) => !_io.IsOutputTerminal ? new StandardOutputBody(_io) { Progress = progress }
        : settings.IsRaw ? new StandardOutputBody(_io)
        : new TerminalBody(_io, site.Settings.Colour);

    // Between lines of JSON on the same screen nobody would see it.
    private BodyProgress? OpenProgress()
    {
        if (site.IsRecorded || !_io.IsErrorTerminal || settings.NoProgress || (site.Settings.Json && _io.IsOutputTerminal)) { return null; }
        var progress = new BodyProgress(_io);
        if (outlet.Rows is { } rows) { rows.Interrupting += progress.Hide; }
        return progress;
    }

    /// <summary>Where is shown how far a repetition has come; null where nobody would see it.</summary>
    public Action<int, long?>? RepetitionProgress(int count)
    {
        if (site.IsRecorded || !_io.IsErrorTerminal || settings.NoProgress || site.Settings is not { Lab: null, Verbosity: 0 }) { return null; }
        return (made, median) =>
        {
            var line = made == count ? "" : _io.Language.Measures.Progress(made, count, median).ToString();
            _io.Flush();
            _io.Errors.DrawLine(DisplayWidth.Cut(line, CommandIo.ErrorColumns - 1));
        };
    }

    /// <summary>A journey has ended; the exit code that it ends with.</summary>
    public int Close(BodyOutlet body, JourneyResult result)
    {
        var exitCode = End(body, result);
        if (_figures is not { } figures) { return exitCode; }
        (figures.Info.ExitCode, figures.Info.FileName, figures.Info.UrlNumber) = (exitCode, body.FileName, _bodies - 1);
        figures.Info.Error = result.Failure is { } failure
            ? _io.Language.Failures.OneLine(site.Settings.ShowSecrets ? failure : SecretText.MaskFailure(failure, settings.Urls)).ToString() : null;
        outlet.Flush();
        _writeOut!.Print(figures);
        return exitCode;
    }

    private int End(BodyOutlet body, JourneyResult result)
    {
        if (body.Refusal is { } refusal)
        {
            _io.Errors.Complain(refusal);
            return ExitCodes.WriteFailed;
        }
        // Whoever waits for a reader, or for what a pipe brings, hears of a signal only afterwards.
        if (result.Failure is BodyUnreadable { Error: Errno.ETIMEDOUT } && _io.Signals.HasStopped) { throw new OperationCanceledException(); }
        var hasStalled = body.Failure is { Error: Errno.ETIMEDOUT };
        if (hasStalled && _io.Signals.HasStopped) { throw new OperationCanceledException(); }
        var exitCode = hasStalled ? ExitCodes.TimedOut : body.Failure is not null ? ExitCodes.WriteFailed : result.ExitCode;
        if (exitCode == ExitCodes.Success && settings.Fails && result.Status >= 400)
        {
            _io.Errors.Complain(_io.Language.Journeys.ErrorAnswered(result.Status));
            return ExitCodes.ErrorAnswered;
        }
        // Of what became of standard output itself the end of the process tells.
        if (exitCode == ExitCodes.Success || _io.Output.IsLost) { return exitCode; }
        if (outlet.Story is null)
        {
            _io.Errors.Say(
                body.Failure is { } kept
                    ? $"firstbyte: ({exitCode}) {_io.Language.Files.Unusable(kept.Path, kept.IsWriting, kept.Error)}"
                    : _io.Language.Failures.OneLine(
                        site.Settings.ShowSecrets ? result.Failure! : SecretText.MaskFailure(result.Failure!, settings.Urls)).ToString());
            if (body.Failure is null && body.Whereabouts is { } left) { _io.Errors.Complain(left); }
        }
        else if (body.Failure is { } failure && result.Failure is null)
        {
            _io.Errors.Complain(_io.Language.Files.Unusable(failure.Path, failure.IsWriting, failure.Error));
        }
        return exitCode;
    }

    /// <summary>Says after a signal how much of the body had come, and where that is.</summary>
    public void TellWhatIsLeft()
    {
        outlet.Flush();
        var words = _io.Language.Journeys;
        _io.Errors.Complain(words.Interrupted(_body?.Remains ?? words.BodyCame(_body?.Count ?? 0)));
    }
}
