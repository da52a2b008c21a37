using Firstbyte.Cli.Io;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Says on standard error what changes or copies zones, where no story of every query is told.</summary>
internal sealed class ChangeLog(CommandIo io) : ITraceSink
{
    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        if (ChangeStory.Say(traceEvent, io.Language.Changes) is { } said) { io.Errors.Say(said.Words); }
    }
}
