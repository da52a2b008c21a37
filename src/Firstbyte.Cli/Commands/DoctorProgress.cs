using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Doctor;
using Firstbyte.Exports;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>The look that is under way, on a line of standard error that goes when there is something to read.</summary>
internal sealed class DoctorProgress(CommandIo io, ITraceSink next) : ITraceSink
{
    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        if (traceEvent is LookTaken or FindingFound or ExaminationCompared or ExaminationCompleted) { io.Errors.DrawLine(""); }
        if (next.IsListening) { next.Tell(traceEvent); }
        if (traceEvent is not LookStarted look) { return; }
        io.Flush();
        var line = io.Language.Doctor.Looking(look with { Href = SecretText.MaskUrl(look.Href) }).ToString();
        io.Errors.DrawLine(DisplayWidth.Cut(line, CommandIo.ErrorColumns - 1));
    }
}
