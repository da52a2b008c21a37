using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Says on standard error what changes or copies zones, and what keeps a server from serving, where no story of every query is told.</summary>
internal sealed class ChangeLog(CommandIo io) : ITraceSink
{
    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        if (traceEvent is DnsAcceptFailed failed) { io.Errors.Complain(io.Language.Servers.CannotAccept(failed.Listen, failed.Error)); }
        else if (traceEvent is DnsAcceptResumed resumed) { io.Errors.Say(io.Language.Servers.AcceptsAgain(resumed.Listen)); }
        else if (ChangeStory.Say(traceEvent, io.Language.Changes) is { } said) { io.Errors.Say(said.Words); }
    }
}
