using System.Globalization;
using Firstbyte.Dns.Signing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishSigning : ISigningSentences
{
    private const string Keys = "KEY.key and KEY.private";

    public Phrase Signed(SignedZoneCounts counts) =>
        $"zone {counts.Origin:name}, serial {counts.Serial}, signed with {Count(counts.Keys, "key")}: {Count(counts.Records, "record")}, "
        + $"{Count(counts.Signatures, "signature")}, {(counts.IsHashed ? "NSEC3" : "NSEC")} chain of {Count(counts.Links, "link")}";

    public Phrase Holds(DateTimeOffset inception, DateTimeOffset expiration) => $"the signatures hold from {Moment(inception)} to {Moment(expiration)}";

    public Phrase HoldsNotNow(DateTimeOffset inception, DateTimeOffset expiration, bool isOver) => isOver
        ? $"warning: the signatures are over since {Moment(expiration)}: validators refuse such a zone"
        : $"warning: the signatures hold only from {Moment(inception)} on: until then validators refuse such a zone";

    public Phrase ForParent(bool isRoot) => isRoot ? "for validators, as trust anchor:" : "for the parent zone:";

    public Phrase NoKey(string file, KeyFileFlaw flaw) => $"{file:name}: {Flaw(flaw)}";

    public Phrase KeyOfOtherZone(string file, string owner, string origin) => $"{file:name}: a key of {owner:name}, not of {origin:name}";

    public Phrase NobodySigns(string algorithm) =>
        $"warning: the zone shows keys of algorithm {algorithm}, but none of that algorithm was given: "
        + "each algorithm has to sign everything (RFC 4035 section 2.2)";

    public Phrase NoRoomForHashes(string origin, int length, int most) =>
        $"{origin:name} has {length} octets; NSEC3 puts a hash in front and needs a zone's name of at most {most}: sign without --nsec3";

    public Phrase NoMoment(string option, string text) =>
        $"{option} '{text:name}': expected a moment as YYYYMMDDHHmmSS, in seconds since 1970, or from now: +30d, -1h";

    public Phrase NoTimeBetween(string inception, string expiration) =>
        $"the signatures would end ({expiration:name}) before they begin ({inception:name}), or hold for 68 years and more";

    public Phrase NeedsMoments(string deterministic, string inception, string expiration) =>
        $"{deterministic} wants both {inception} and {expiration} as moments, not counted from now";

    public Phrase KeysTaken(string folder, int tries) => $"{folder:name}: {tries} new keys had the names of keys that are there";

    private static Phrase Flaw(KeyFileFlaw flaw) => flaw switch
    {
        KeyFileFlaw.None => "a key",
        KeyFileFlaw.NoDnskey => $"the public file does not hold one DNSKEY record; a key is {Keys}",
        KeyFileFlaw.NoZoneKey => "the flags of the DNSKEY record say that it is no zone's key",
        KeyFileFlaw.UnknownFormat => $"the private file does not begin with Private-key-format: v1; a key is {Keys}",
        KeyFileFlaw.UnknownAlgorithm => "a key of an algorithm that signs nothing here; ECDSAP256SHA256, RSASHA256 and ED25519 do",
        KeyFileFlaw.BadSecret => "a number of the secret is missing in the private file, or is none of its kind",
        KeyFileFlaw.NotAPair => "the two files are not those of one key",
    };

    private static Phrase Moment(DateTimeOffset moment) => $"{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture):words} UTC";

    private static Phrase Count(int count, string noun) => $"{count:#,0} {(count == 1 ? noun : noun + "s"):words}";
}
