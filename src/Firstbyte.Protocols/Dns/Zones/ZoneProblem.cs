using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>A place in a zone file; line and column count from 1. Line 0 means the file as a whole.</summary>
public readonly record struct ZonePlace(string File, int Line, int Column)
{
    /// <summary>"db.example:12:5"</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>What can be wrong with a zone file or with the zone it makes.</summary>
public enum ZoneFlaw
{
    /// <summary>Something else stands where the grammar of RFC 1035 section 5.1 wants a certain thing.</summary>
    Syntax,

    /// <summary>A quoted string or a parenthesis is not closed.</summary>
    Unclosed,

    /// <summary>The record's data ends too early or goes on too long for its type.</summary>
    DataShape,

    /// <summary>A domain name is none.</summary>
    BadName,

    /// <summary>Neither the record nor anything before it gives a TTL (RFC 2308 section 4).</summary>
    NoTtl,

    /// <summary>A line begins with a blank, but there is no owner before it to repeat.</summary>
    NoOwner,

    /// <summary>A directive other than $ORIGIN, $TTL, $INCLUDE and $GENERATE.</summary>
    UnknownDirective,

    /// <summary>The file to include could not be read.</summary>
    IncludeMissing,

    /// <summary>Files include each other in a circle, or deeper than <see cref="ZoneFileReader.MaxIncludeDepth"/>.</summary>
    IncludeTooDeep,

    /// <summary>$GENERATE makes more records than <see cref="ZoneFileReader.MaxGenerated"/> in all.</summary>
    TooManyGenerated,

    /// <summary>There are more errors than <see cref="ZoneFileReader.MaxProblems"/>; reading stopped.</summary>
    TooMany,

    /// <summary>The zone has no SOA record at its origin.</summary>
    SoaMissing,

    /// <summary>A second SOA record, or one that is not at the origin.</summary>
    SoaMisplaced,

    /// <summary>The zone has no NS record at its origin (RFC 1035 section 5.2).</summary>
    NsMissing,

    /// <summary>The record does not belong under the zone's origin.</summary>
    OutOfZone,

    /// <summary>The record's class is not the zone's (RFC 1035 section 5.2).</summary>
    ClassDiffers,

    /// <summary>A CNAME beside other data or beside a second CNAME (RFC 1034 section 3.6.2).</summary>
    CnameNotAlone,

    /// <summary>A name server lies inside the zone but has no address there: nobody reaches it (RFC 1035 section 5.2). NSD and BIND load such a zone.</summary>
    GlueMissing,

    /// <summary>A name server is an alias (RFC 2181 section 10.3).</summary>
    NsIsAlias,

    /// <summary>A name lies below a DNAME, or a name has two (RFC 6672 section 2.4).</summary>
    DnameNotAlone,

    /// <summary>NS or DNAME at a wildcard: its meaning is undefined (RFC 4592 sections 4.2 and 4.4).</summary>
    WildcardDelegation,

    /// <summary>A type that only lives in messages (RFC 6895 section 3.1).</summary>
    MetaType,

    /// <summary>Records of one set have different TTLs; the smallest is used (RFC 2181 section 5.2).</summary>
    TtlsDiffer,

    /// <summary>The same record twice; one is used (RFC 2181 section 5).</summary>
    Duplicate,

    /// <summary>Data below a delegation that is not glue: nobody will ever see it.</summary>
    Hidden,

    /// <summary>A mail server is an alias (RFC 2181 section 10.3).</summary>
    MxIsAlias,

    /// <summary>A TTL over 2^31-1 counts as 0 (RFC 2181 section 8).</summary>
    TtlTooLong,

    /// <summary>An owner has characters beyond ASCII: their UTF-8 bytes are taken.</summary>
    OwnerNotAscii,

    /// <summary>A quoted string goes on on the next line; the line's end is part of it.</summary>
    StringOverLines,

    /// <summary>A type stands where it means nothing: one of the zone's own name elsewhere, DS where nothing is delegated.</summary>
    Misplaced,

    /// <summary>A signature holds no longer (RFC 4035 section 5.3.1).</summary>
    SignatureExpired,

    /// <summary>A signature does not hold yet.</summary>
    SignatureEarly,

    /// <summary>A signature was made by no key that the zone shows.</summary>
    SignatureForeign,

    /// <summary>A signature is not that of the set that it covers.</summary>
    SignatureWrong,

    /// <summary>A set has no signature by one of the algorithms of the zone's keys (RFC 4035 section 2.2).</summary>
    SignatureMissing,

    /// <summary>A signature covers what is not there.</summary>
    SignatureStray,

    /// <summary>Names are hashed so often that nobody believes the proofs (RFC 9276 section 3.2).</summary>
    IterationsTooMany,

    /// <summary>A signed zone has no chain that shows what is missing.</summary>
    ChainMissing,

    /// <summary>A name has no link in the chain, or a link is not that of its name.</summary>
    ChainBroken,

    /// <summary>The zone's digest is not that of the zone (RFC 8976 section 4).</summary>
    DigestWrong,

    /// <summary>There are more problems of a kind than are told.</summary>
    MoreOfKind,
}

/// <summary>What would have been right at a place of a zone file; the words for it are made where it is told.</summary>
/// <param name="Term">What.</param>
/// <param name="Detail">What the term speaks of: a type, a name, a limit; empty where it needs none.</param>
/// <param name="Name">Where a domain name is expected: what is wrong with the one that stands there.</param>
/// <param name="Field">The field of the record, where the term fits many; empty otherwise.</param>
public readonly record struct ZoneExpectation(ZoneTerm Term, string Detail = "", NameFlaw Name = NameFlaw.None, string Field = "")
{
    /// <summary>"NsAtOrigin example."</summary>
    public override string ToString() =>
        string.Join(' ',
        new[] { $"{Term}", Detail, Name == NameFlaw.None ? "" : $"({Name})", Field.Length == 0 ? "" : $"as {Field}" }.Where(
            static part => part.Length > 0));
}

/// <summary>Something wrong: where, what, what was expected there and what stands there instead.</summary>
/// <param name="Place">Where.</param>
/// <param name="Flaw">What.</param>
/// <param name="Expected">What would have been right.</param>
/// <param name="Found">What stands there; empty for "nothing".</param>
public sealed record ZoneProblem(ZonePlace Place, ZoneFlaw Flaw, ZoneExpectation Expected, string Found)
{
    /// <summary>False when the zone can be served all the same.</summary>
    public bool IsError => !IsWarning(Flaw);

    /// <summary>True where the rest of the file was not read: what stands there is not known.</summary>
    internal bool EndsReading => Flaw == ZoneFlaw.TooMany || Flaw == ZoneFlaw.Unclosed && Expected.Term == ZoneTerm.ClosingParenthesis;

    /// <summary>True for a flaw with which a zone can be served: the answers stay right and of one meaning.</summary>
    internal static bool IsWarning(ZoneFlaw flaw) =>
        flaw is ZoneFlaw.TtlsDiffer or ZoneFlaw.Duplicate or ZoneFlaw.Hidden or ZoneFlaw.GlueMissing or ZoneFlaw.NsIsAlias
        or ZoneFlaw.MxIsAlias or ZoneFlaw.TtlTooLong or ZoneFlaw.OwnerNotAscii or ZoneFlaw.StringOverLines or ZoneFlaw.Misplaced
        or >= ZoneFlaw.SignatureExpired;

    /// <summary>For logs of programs: "db.example:12:5: expected IPv4Address, found '1.2.3'".</summary>
    public override string ToString() => $"{Place}: expected {Expected}, found {(Found.Length == 0 ? "nothing" : $"'{Found}'")}";
}
