using Firstbyte.Cli.Io;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>--timing: where the time of each journey went, in a line of bars on standard error, where no story tells it.</summary>
/// <param name="io">Where it is printed.</param>
/// <param name="beside">Who is told as well; null for nobody.</param>
internal sealed class TimingPrinter(CommandIo io, ITraceSink? beside) : ITraceSink
{
    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        beside?.Tell(traceEvent);
        if (traceEvent is not JourneyCompleted end) { return; }
        io.Flush();
        Phrase line = $"{Amounts.Time(end.TotalNanoseconds)}   {TimeBars.Of(end, io.Language.Journeys)}";
        io.Errors.Put($"{line}\n");
    }
}
