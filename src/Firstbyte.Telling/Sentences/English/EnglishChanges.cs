using Firstbyte.Dns;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Validating;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishChanges : IChangeSentences
{
    private readonly EnglishAmounts _amounts = new();

    private const string Form = "a key is written as tsig-keygen writes it";

    public Phrase NoTsigKeys(string file, TsigKeyFault fault) => $"{file:name}:{fault.Line}: {Flaw(fault.Flaw)}";

    public Phrase TsigKeyTwice(string file, string name) => $"{file:name}: another file has a key {name:name} already";

    public Phrase UnknownKey(string option, string name) => $"{option}: no key {name:name} in the files of --tsig-key";

    public Phrase NoAccessRule(string option, string text, bool needsKey) => needsKey
        ? $"{option} '{text:name}': expected a key by its name, behind ADDR[/LENGTH] and a comma if need be (see --help): who changes a zone has to have a key"
        : $"{option} '{text:name}': expected ADDR[/LENGTH], a key by its name, or both with a comma (see --help)";

    public Phrase NoPeer(string option, string text) =>
        $"{option} '{text:name}': expected an address, as 192.0.2.1#5300 with its port, and behind a comma the name of the key if there is one (see --help)";

    public Phrase NoSecondary(string option, string text) =>
        $"{option} '{text:name}': expected ORIGIN=ADDR[#PORT], the name of the key if there is one, and file=FILE, with commas between (see --help)";

    public Phrase ZoneTwice(string origin) => $"zone {origin:name} is named twice";

    public Phrase SignedNotChanged(string origin) =>
        $"warning: zone {origin:name} is signed and is not changed by messages: its signatures would not hold any more. "
        + "Change the file it was made of, and sign it anew";

    public Phrase NoJournal(string file, JournalFault fault, string origin, uint serial, uint first, uint last) =>
        $"{file:name}: {Flaw(fault)}" + (fault == JournalFault.DoesNotFollow
        ? $" (zone {origin:name}, serial {serial}; the journal leads from {first} to {last}). "
          + "Take the file as it was before it was changed by hand; without the journal its changes are lost"
        : Phrase.Empty);

    public Phrase FileTaken(string file, string origin, uint serial, int removed, int added) =>
        $"{file:name}: taken as the newest version of zone {origin:name}, serial {serial}: {removed:#,0} "
        + $"{(removed == 1 ? "record" : "records"):words} fewer, {added:#,0} more";

    public Phrase FileNotTaken(string file, string origin, uint serial, uint served) =>
        $"{file:name}: not taken: it was changed by hand, but its serial {serial} is not newer than {served} of zone {origin:name} as it is served. "
        + $"Have \"firstbyte zone format {origin:name}={file:name} -o {file:name}\" write it with the changes of its journal, "
        + "change that, and give it a newer serial";

    public Phrase FileUndoes(string origin, int records) =>
        $"warning: {records:#,0} {(records == 1 ? "record" : "records"):words} of zone {origin:name} {(records == 1 ? "is" : "are"):words} "
        + "as before messages had changed them: the file did not have these changes";

    public Phrase FileIsNewer(string file, string origin, uint serial, uint last, string aside) =>
        $"warning: {file:name} has serial {serial} of zone {origin:name}, which is newer than {last}, to which its journal leads: it is served as it is, "
        + $"without the changes of the journal{(aside.Length == 0 ? Phrase.Empty : $", which is kept as {aside:name}")}";

    public Phrase FileChanged(string file, string origin, uint serial) =>
        $"warning: {file:name} was changed by hand under serial {serial}, from which the changes of its journal lead on: it is served so, with them, but "
        + $"secondaries that have zone {origin:name} already do not hear of it. Have them copy it whole";

    public Phrase SerialNotNewer(string origin, uint serial) =>
        $"warning: zone {origin:name} was changed, but its serial {serial} is not newer than before: secondaries do not take it over";

    public Phrase JournalCut(string file, long bytes) => $"{file:name}: {_amounts.Bytes(bytes)} at its end were part of a change that was not made: dropped";

    public Phrase Replayed(string file, int changes, uint serial, int passed) =>
        $"{file:name}: {changes:#,0} {(changes == 1 ? "change" : "changes"):words} made again, serial {serial} now"
        + (passed == 0 ? Phrase.Empty : $" ({passed:#,0} before that the file has already, by its serial)");

    public Phrase Compacted(string journal, string file) => $"{journal:name}: merged into {file:name}";

    public Phrase Given(ZoneGiven given) =>
        $"zone {given.Zone:name}, serial {given.Serial}, to {given.Client}{Key(given.Key)}: {Kind(given.Kind)}, "
        + $"{given.Records:#,0} {(given.Records == 1 ? "record" : "records"):words}, {_amounts.Bytes(given.Bytes)}"
        + (given.IsWhole ? Phrase.Empty : $"; the connection broke before its end");

    public Phrase Refused(RequestRefused refused) =>
        $"{refused.Client}{Key(refused.Key)} refused, {refused.Code}: {Wanted(refused.Kind, refused.Zone)} ({refused.Count:#,0} so far)";

    public Phrase Taken(ZoneTaken taken) =>
        $"zone {taken.Zone:name}, serial {taken.Serial}, from {taken.Primary}: {(taken.IsIncremental ? "differences" : "the whole zone"):words}, "
        + $"{taken.Records:#,0} {(taken.Records == 1 ? "record" : "records"):words}, {_amounts.Bytes(taken.Bytes)}";

    public Phrase RefreshFailed(ZoneRefreshFailed failed) => $"zone {failed.Zone:name} from {failed.Primary}: " + failed.Fault switch
    {
        RefreshFault.None => "no fault",
        RefreshFault.Network => $"{failed.Error}",
        RefreshFault.Late => "the primary took too long",
        RefreshFault.Cut => "the primary closed the connection in the middle of its answer",
        RefreshFault.Signature => $"{Signature(failed.Signature)}" + (failed.Code.Length == 0 ? Phrase.Empty : $" ({failed.Code})"),
        RefreshFault.Answer => $"{Answer(failed.Answer)}" + (failed.Code.Length == 0 ? Phrase.Empty : $" ({failed.Code})"),
        RefreshFault.Unfit => "what came is no zone that can be served",
        RefreshFault.NotSaved => $"the file could not be written ({failed.Error}); the zone is served all the same",
    };

    public Phrase Expired(string zone) => $"zone {zone:name} has expired: its primary was not reached for longer than the zone allows; SERVFAIL until it is";

    public Phrase KeyMoved(TrustAnchorChanged changed) => (changed.From, changed.To) switch
    {
        (_, ManagedKeyState.Pending) =>
            $"zone {changed.Zone:name} has a new key, {changed.KeyTag}: it is believed once it has been there for 30 days (RFC 5011)",
        (ManagedKeyState.Start, ManagedKeyState.Valid) => $"zone {changed.Zone:name}: {changed.KeyTag} is the key that the trust anchor names",
        (ManagedKeyState.Missing, ManagedKeyState.Valid) => $"zone {changed.Zone:name} shows key {changed.KeyTag} again",
        (_, ManagedKeyState.Valid) => $"zone {changed.Zone:name}: key {changed.KeyTag} is believed from now on",
        (_, ManagedKeyState.Missing) =>
            $"zone {changed.Zone:name} no longer shows key {changed.KeyTag}, and has not taken it back: it is believed all the same",
        (_, ManagedKeyState.Revoked) => $"zone {changed.Zone:name} has taken key {changed.KeyTag} back: it is not believed any more",
        (_, ManagedKeyState.Removed) => $"zone {changed.Zone:name}: key {changed.KeyTag} is gone for good",
        _ => $"zone {changed.Zone:name}: the new key {changed.KeyTag} is gone before it was believed",
    };

    public Phrase KeysInTrouble(TrustAnchorInTrouble told) => told.Trouble switch
    {
        AnchorTrouble.NoAnswer => $"zone {told.Zone:name}: nobody says which keys it has; they are asked for again",
        AnchorTrouble.NotSigned =>
            $"zone {told.Zone:name}: what came as its keys is not signed by one that is believed, so nothing changes; they are asked for again",
        AnchorTrouble.AllRevoked =>
            $"zone {told.Zone:name} has taken all of its keys back: its answers are not checked any more, until a new trust anchor is given",
        _ => $"'{told.File}' cannot be written ({told.Error}): what is known of the keys of zone {told.Zone:name} would not outlive this server",
    };

    public Phrase BackgroundBroken(BackgroundWorkFailed told)
    {
        Phrase what = told.Task switch
        {
            BackgroundTask.Prefetch => $"asking for {told.Name:name} {told.Type} anew before its time is over",
            BackgroundTask.Priming => $"asking the root for its servers",
            BackgroundTask.SharedLook => $"looking for {told.Name:name} {told.Type} in the shared store",
            _ => $"putting {told.Name:name} {told.Type} into the shared store",
        };
        return $"{what} broke ({told.Exception}); clients are answered all the same";
    }

    public Phrase NoFollowedKeys(string file, int line, AnchorFileFlaw flaw)
    {
        Phrase why = flaw switch
        {
            AnchorFileFlaw.BadRecord => "a record cannot be read",
            AnchorFileFlaw.OtherType => "a record is neither DNSKEY nor DS",
            AnchorFileFlaw.OtherZone => "a record is of another zone: a file has the keys of one",
            AnchorFileFlaw.BadState => "the state of a key (';;state=') is none of 0 to 5",
            AnchorFileFlaw.BadTime => "a time is no number of seconds since 1970",
            AnchorFileFlaw.TooMany => "there are more keys than are ever held",
            _ => "there is no key in it",
        };
        return line == 0 ? $"'{file}': {why}; nothing is begun with it, and it stays as it is"
            : $"'{file}', line {line}: {why}; nothing is begun with it, and it stays as it is";
    }

    public Phrase NothingToFollow(string file) =>
        $"'{file}' does not exist, and with roots of one's own there is nothing to begin it with: --trust-anchor FILE";

    public Phrase NotifyReceived(NotifyReceived received) =>
        $"{received.Primary} says that zone {received.Zone:name} is newer" + (received.Serial is { } serial ? $", serial {serial}" : Phrase.Empty);

    public Phrase NotifySent(NotifySent sent) =>
        $"{sent.Secondary} told of zone {sent.Zone:name}, serial {sent.Serial}: {(sent.Code.Length == 0 ? "no answer" : sent.Code):words}";

    public Phrase Updated(ZoneUpdated updated) =>
        $"zone {updated.Zone:name} changed by {updated.Client}{Key(updated.Key)}: "
        + $"{updated.Removed:#,0} removed, {updated.Added:#,0} added, serial {updated.Serial}";

    public Phrase JournalNotWritten(string zone, Errno error) =>
        $"zone {zone:name}: the journal could not be written ({error}), so a change was not made (SERVFAIL)";

    private static Phrase Key(string key) => key.Length == 0 ? Phrase.Empty : $" with key {key:name}";

    private static Phrase Kind(TransferKind kind) => kind switch
    {
        TransferKind.Whole => "the whole zone",
        TransferKind.Incremental => "differences",
        TransferKind.UpToDate => "nothing newer",
    };

    private static Phrase Wanted(RequestKind kind, string zone) => kind switch
    {
        RequestKind.Signature => $"a signature that does not hold, asking for {zone:name}",
        RequestKind.Transfer => $"a copy of zone {zone:name}",
        RequestKind.Notify => $"to tell of a newer zone {zone:name}",
        RequestKind.Update => $"to change zone {zone:name}",
    };

    private static Phrase Signature(TsigFault fault) => fault switch
    {
        TsigFault.None => "the signature holds",
        TsigFault.Unsigned => "the primary does not sign its answer",
        TsigFault.Malformed => "the primary's signature is malformed",
        TsigFault.BadKey => "the primary signs with another key",
        TsigFault.BadSignature => "the primary's signature does not hold: another secret, or the answer was changed on the way",
        TsigFault.BadTime => "the primary's clock and ours differ by more than the signature allows",
        TsigFault.BadTruncation => "the primary's signature is cut shorter than the key allows",
        TsigFault.RefusedByPeer => "the primary does not believe our signature",
    };

    private static Phrase Answer(TransferFault fault) => fault switch
    {
        TransferFault.None => "the answer is whole",
        TransferFault.Malformed => "the primary's answer is malformed",
        TransferFault.NotAnAnswer => "the primary answers something else",
        TransferFault.Refused => "the primary refuses",
        TransferFault.NoSoa => "the primary's answer does not begin with the zone's SOA record",
        TransferFault.OutOfZone => "the primary sends records of another zone",
        TransferFault.Disordered => "the primary's differences do not follow upon each other",
        TransferFault.Surplus => "the primary sends more behind the end of the zone",
        TransferFault.TooMuch => "the zone is larger than the limits allow",
    };

    private static Phrase Flaw(JournalFault fault) => fault switch
    {
        JournalFault.None => "a journal",
        JournalFault.Damaged => "the journal is damaged: a change cannot be read, and others stand behind it. Take it from a copy",
        JournalFault.Foreign => "no journal, or that of another zone",
        JournalFault.DoesNotFollow => "the journal's changes do not lead on from the zone file",
    };

    private static Phrase Flaw(TsigKeyFlaw flaw) => flaw switch
    {
        TsigKeyFlaw.None => "keys",
        TsigKeyFlaw.Cut => $"the file ends too early; {Form}",
        TsigKeyFlaw.Syntax => $"something else stands here; {Form}",
        TsigKeyFlaw.BadName => "the name of a key is a domain name",
        TsigKeyFlaw.UnknownAlgorithm =>
            "an algorithm that is unknown here: hmac-sha1, -sha224, -sha256, -sha384 and -sha512 are known, "
            + "each also with a number of bits of at least half its length (hmac-sha256-128)",
        TsigKeyFlaw.Md5 => "hmac-md5 is not safe any more (RFC 8945 section 6): make a key with another algorithm, or allow it with --tsig-md5",
        TsigKeyFlaw.BadSecret => "the secret is not base64",
        TsigKeyFlaw.Incomplete => $"the key that ends here lacks its algorithm or its secret; {Form}",
        TsigKeyFlaw.Twice => "the file has a key of this name already",
        TsigKeyFlaw.NoKeys => $"{$"no key, or more than {TsigKeyFile.MaxKeys}":words}; {Form}",
    };
}
