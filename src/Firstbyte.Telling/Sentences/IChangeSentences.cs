using Firstbyte.Dns;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Validating;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Zones that change and are copied from server to server, and the keys by which servers know each other.</summary>
public interface IChangeSentences
{
    /// <summary>A file that holds no keys for messages. No word of it is shown: it might be the secret.</summary>
    Phrase NoTsigKeys(string file, TsigKeyFault fault);

    /// <summary>Two files have a key of the same name.</summary>
    Phrase TsigKeyTwice(string file, string name);

    /// <summary>An option names a key that no file has.</summary>
    Phrase UnknownKey(string option, string name);

    Phrase NoAccessRule(string option, string text, bool needsKey);

    Phrase NoPeer(string option, string text);

    Phrase NoSecondary(string option, string text);

    /// <summary>A zone was named twice.</summary>
    Phrase ZoneTwice(string origin);

    /// <summary>A zone that is signed is not changed by messages.</summary>
    Phrase SignedNotChanged(string origin);

    Phrase NoJournal(string file, JournalFault fault, string origin, uint serial, uint first, uint last);

    /// <summary>A zone that is changed by messages was changed in its file too, which is the newer version.</summary>
    Phrase FileTaken(string file, string origin, uint serial, int removed, int added);

    /// <summary>The same, and the file is not newer than what the messages have made.</summary>
    Phrase FileNotTaken(string file, string origin, uint serial, uint served);

    /// <summary>What the newer file does not have of the changes that messages have made.</summary>
    Phrase FileUndoes(string origin, int records);

    /// <summary>The file of a zone has a newer serial number than all changes of its journal, which was written for an older file.</summary>
    Phrase FileIsNewer(string file, string origin, uint serial, uint last, string aside);

    /// <summary>The file of a zone that messages change was changed by hand while no server had it, and its serial number does not say so.</summary>
    Phrase FileChanged(string file, string origin, uint serial);

    /// <summary>A zone was changed, and its serial number does not say so.</summary>
    Phrase SerialNotNewer(string origin, uint serial);

    /// <summary>The end of a journal was a part of a change, which nobody was told to be made.</summary>
    Phrase JournalCut(string file, long bytes);

    Phrase Replayed(string file, int changes, uint serial, int passed);

    /// <summary>A journal was merged into its zone file.</summary>
    Phrase Compacted(string journal, string file);

    Phrase Given(ZoneGiven given);

    Phrase Refused(RequestRefused refused);

    Phrase Taken(ZoneTaken taken);

    Phrase RefreshFailed(ZoneRefreshFailed failed);

    Phrase Expired(string zone);

    /// <summary>A key of a zone that is followed came into another state (RFC 5011).</summary>
    Phrase KeyMoved(TrustAnchorChanged changed);

    Phrase KeysInTrouble(TrustAnchorInTrouble told);

    /// <summary>Something that a resolver does beside the questions broke.</summary>
    Phrase BackgroundBroken(BackgroundWorkFailed told);

    /// <summary>A file in which the keys of a zone are followed cannot be used; the line is 0 for the file as a whole.</summary>
    Phrase NoFollowedKeys(string file, int line, AnchorFileFlaw flaw);

    /// <summary>There is no file yet in which a zone's keys are followed, and nothing to begin one with.</summary>
    Phrase NothingToFollow(string file);

    Phrase NotifyReceived(NotifyReceived received);

    Phrase NotifySent(NotifySent sent);

    Phrase Updated(ZoneUpdated updated);

    Phrase JournalNotWritten(string zone, Errno error);
}
