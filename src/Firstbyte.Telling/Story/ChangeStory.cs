using Firstbyte.Dns;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Validating;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells what changes and copies the zones of a server.</summary>
public static class ChangeStory
{
    /// <summary>The sentence of an event, and how it looks; null for an event of something else.</summary>
    public static (Phrase Words, Role Role)? Say(TraceEvent traceEvent, IChangeSentences words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return traceEvent switch
        {
            ZoneGiven e => (words.Given(e), e.IsWhole ? Role.Words : Role.Warning),
            RequestRefused e => (words.Refused(e), Role.Warning),
            ZoneTaken e => (words.Taken(e), Role.Words),
            ZoneRefreshFailed e => (words.RefreshFailed(e), Role.Warning),
            ZoneExpired e => (words.Expired(e.Zone), Role.Bad),
            NotifyReceived e => (words.NotifyReceived(e), Role.Words),
            NotifySent e => (words.NotifySent(e), e.Code == "NOERROR" ? Role.Words : Role.Warning),
            ZoneUpdated e => (words.Updated(e), Role.Words),
            JournalNotWritten e => (words.JournalNotWritten(e.Zone, e.Error), Role.Bad),
            TrustAnchorChanged e => (words.KeyMoved(e), e.To is ManagedKeyState.Missing or ManagedKeyState.Revoked ? Role.Warning : Role.Words),
            TrustAnchorInTrouble e => (words.KeysInTrouble(e), e.Trouble == AnchorTrouble.AllRevoked ? Role.Bad : Role.Warning),
            BackgroundWorkFailed e => (words.BackgroundBroken(e), Role.Bad),
            _ => null,
        };
    }
}
