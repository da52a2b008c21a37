using Firstbyte.Addressing;
using Firstbyte.Dns.Zones;
using Firstbyte.Http;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>What follows from a finding: how much it weighs, and the clause that it rests on.</summary>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Clause">The clause; null where no specification has one.</param>
public readonly record struct FindingVerdict(FindingSeverity Severity, Clause? Clause);

/// <summary>The one table from findings to severities and clauses.</summary>
public static class FindingTable
{
    private const string Semantics = "RFC 9110", Messages = "RFC 9112", Caching = "RFC 9111", Hsts = "RFC 6797", Cookies = "RFC 6265bis";

    /// <summary>The row of a finding.</summary>
    public static FindingVerdict Of(Finding finding) => finding switch
    {
        JourneyBroken journey => new(FindingSeverity.Error, ClauseOf(journey.Failure)),
        // Who is there beside it serves all the same, later.
        AddressBroken { Failure: NotConnected, IsWholeFamily: false } => new(FindingSeverity.Warning, new("RFC 8305", "5")),
        AddressBroken address => new(FindingSeverity.Error, ClauseOf(address.Failure)),
        FamilyMissing { Version: IpVersion.V4 } => new(FindingSeverity.Warning, null),
        FamilyMissing => new(FindingSeverity.Note, new("RFC 6540", "2")),
        FamilyUnexamined or AddressesUnexamined => new(FindingSeverity.Note, null),
        AnswersDiffer or AnswerSlow or ExaminationCut => new(FindingSeverity.Warning, null),
        TlsAbsent => new(FindingSeverity.Warning, new("RFC 9325", "3.2")),
        CertificateFaulty certificate => new(FindingSeverity.Error, ClauseOf(certificate.Fault.Kind)),
        CertificateExpiring => new(FindingSeverity.Warning, new("RFC 5280", "4.1.2.5")),
        CertificatesDiffer => new(FindingSeverity.Note, null),
        TlsOld => new(FindingSeverity.Note, new("RFC 9325", "3.1.1")),
        PlainServed => new(FindingSeverity.Warning, new(Hsts, "7.2")),
        RedirectTemporary => new(FindingSeverity.Note, new(Semantics, "15.4.2")),
        RedirectToPlain => new(FindingSeverity.Error, new(Semantics, "4.2.2")),
        RedirectsMany => new(FindingSeverity.Note, new(Semantics, "15.4")),
        HstsMissing or HstsMalformed => new(FindingSeverity.Warning, new(Hsts, "6.1")),
        HstsShort { Seconds: 0 } => new(FindingSeverity.Warning, new(Hsts, "6.1.1")),
        HstsShort => new(FindingSeverity.Note, new(Hsts, "6.1.1")),
        HstsOnPlain => new(FindingSeverity.Note, new(Hsts, "7.2")),
        ErrorAnswered { Status: >= 500 } => new(FindingSeverity.Error, new(Semantics, "15.6")),
        ErrorAnswered => new(FindingSeverity.Error, new(Semantics, "15.5")),
        MessageFlawed message => new(FindingSeverity.Warning, MessageRules.Of(message.Flaw)),
        EndByClose => new(FindingSeverity.Note, new(Messages, "6.3")),
        ConnectionNotKept => new(FindingSeverity.Note, new(Messages, "9.3")),
        VersionOld => new(FindingSeverity.Note, new(Semantics, "2.5")),
        DateMissing or DateWrong => new(FindingSeverity.Warning, new(Semantics, "6.6.1")),
        TypeMissing => new(FindingSeverity.Warning, new(Semantics, "8.3")),
        CharsetMissing => new(FindingSeverity.Note, new(Semantics, "8.3.2")),
        CacheSilent => new(FindingSeverity.Note, new(Caching, "4.2.2")),
        CacheContradictory => new(FindingSeverity.Warning, new(Caching, "4.2.1")),
        CookieCached => new(FindingSeverity.Warning, new(Caching, "7.3")),
        ValidatorMissing => new(FindingSeverity.Note, new(Semantics, "8.8")),
        ValidatorIgnored => new(FindingSeverity.Warning, new(Semantics, "13.2.2")),
        ContentUncoded => new(FindingSeverity.Note, new(Semantics, "8.4")),
        VaryMissing => new(FindingSeverity.Warning, new(Semantics, "12.5.5")),
        CookieOpen { Gap: CookieGap.Secure } => new(FindingSeverity.Warning, new(Cookies, "4.1.2.5")),
        CookieOpen { Gap: CookieGap.HttpOnly } => new(FindingSeverity.Note, new(Cookies, "4.1.2.6")),
        CookieOpen => new(FindingSeverity.Note, new(Cookies, "4.1.2.7")),
        CookieNotKept cookie => new(FindingSeverity.Warning, new(Cookies, ClauseOf(cookie.Why))),
        Http2NotOffered => new(FindingSeverity.Note, new("RFC 9113", "3.2")),
        Http3NotOffered => new(FindingSeverity.Note, new("RFC 9114", "3.1.1")),
        AltSvcMalformed => new(FindingSeverity.Warning, new("RFC 7838", "3")),
        OfferNotKept => new(FindingSeverity.Warning, new("RFC 9460", "7.1.2")),
        // A zone is served with it; who wants it delegated with DS records is not believed.
        ZoneFaulty zone => new(zone.Problem.IsError || zone.BreaksTrust ? FindingSeverity.Error : FindingSeverity.Warning, ClauseOf(zone.Problem.Flaw)),
        ZoneServersFew => new(FindingSeverity.Warning, new("RFC 1034", "4.1")),
        ZoneServersTogether => new(FindingSeverity.Warning, new("RFC 2182", "3.1")),
        ZoneServersWithout { Version: IpVersion.V4 } => new(FindingSeverity.Warning, new("RFC 3901", "4")),
        ZoneServersWithout => new(FindingSeverity.Note, new("RFC 3901", "4")),
        ZoneServerUnreachable => new(FindingSeverity.Warning, new("RFC 6890", "2.2.2")),
        ZonePrimaryHidden => new(FindingSeverity.Note, new("RFC 1996", "2.1")),
        ZoneTimerUnwise { Timer: SoaTimer.Minimum } => new(FindingSeverity.Note, new("RFC 2308", "5")),
        ZoneTimerUnwise { Timer: SoaTimer.Expire } timer when timer.Seconds < timer.Least => new(FindingSeverity.Warning, new("RFC 1912", "2.2")),
        ZoneTimerUnwise { Timer: SoaTimer.Retry } timer when timer.Seconds > timer.Most => new(FindingSeverity.Warning, new("RFC 1912", "2.2")),
        ZoneTimerUnwise => new(FindingSeverity.Note, new("RFC 1912", "2.2")),
        ZoneMailboxMiswritten => new(FindingSeverity.Warning, new("RFC 1035", "3.3.13")),
        ZoneReferralLong => new(FindingSeverity.Note, new("RFC 1035", "4.2.1")),
        ZoneUnsigned => new(FindingSeverity.Note, new("RFC 9364", "1.1")),
        ZoneSignaturesExpiring => new(FindingSeverity.Warning, new("RFC 6781", "4.4.2")),
        ZoneAlgorithmOld => new(FindingSeverity.Warning, new("RFC 8624", "3.1")),
        ZoneHashesCostly => new(FindingSeverity.Note, new("RFC 9276", "3.1")),
        ZoneChildRecordForeign => new(FindingSeverity.Error, new("RFC 7344", "4.1")),
        ZoneAsksForUnsigning => new(FindingSeverity.Warning, new("RFC 8078", "4")),
        ZoneDelegation { IsSigned: true } => new(FindingSeverity.Note, new("RFC 4035", "2.4")),
        ZoneDelegation => new(FindingSeverity.Note, new("RFC 1034", "4.2.1")),
        NameServerSilent { IsLast: true } => new(FindingSeverity.Error, new("RFC 1034", "4.1")),
        NameServerSilent => new(FindingSeverity.Warning, new("RFC 2182", "4")),
        NameServerLame => new(FindingSeverity.Error, new("RFC 1912", "2.8")),
        NameServerSlow => new(FindingSeverity.Note, null),
        NameServerDeaf { Skill: ServerSkill.Edns } => new(FindingSeverity.Warning, new("RFC 6891", "7")),
        NameServerDeaf => new(FindingSeverity.Warning, new("RFC 7766", "5")),
        NameSerialsDiffer => new(FindingSeverity.Warning, new("RFC 1034", "4.3.5")),
        NameServersDiffer => new(FindingSeverity.Warning, new("RFC 1034", "4.2.2")),
        NameTtlsDiffer => new(FindingSeverity.Note, new("RFC 2181", "5.4.1")),
        NameGlueMissing => new(FindingSeverity.Error, new("RFC 1034", "4.2.1")),
        NameGlueDiffers => new(FindingSeverity.Warning, new("RFC 1034", "4.2.2")),
        NameServerUnknown => new(FindingSeverity.Error, new("RFC 1035", "3.3.11")),
        NameAnswersDiffer => new(FindingSeverity.Warning, new("RFC 1034", "4.3.5")),
        NameBogus => new(FindingSeverity.Error, new("RFC 4035", "5.5")),
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, "a finding without a row"),
    };

    // Why a journey fails is seldom a rule's to say.
    private static Clause? ClauseOf(JourneyFailure failure) => failure switch
    {
        ResponseUnreadable response => MessageRules.Of(response.Fault),
        HandshakeFailed => new("RFC 8446", "6"),
        ContentUndecodable => new(Semantics, "8.4"),
        RedirectRefused => new(Semantics, "15.4"),
        _ => null,
    };

    private static Clause ClauseOf(ZoneFlaw flaw) => flaw switch
    {
        ZoneFlaw.NoTtl => new("RFC 2308", "4"),
        ZoneFlaw.SoaMissing or ZoneFlaw.SoaMisplaced or ZoneFlaw.NsMissing or ZoneFlaw.ClassDiffers or ZoneFlaw.OutOfZone or ZoneFlaw.GlueMissing =>
            new("RFC 1035", "5.2"),
        ZoneFlaw.CnameNotAlone => new("RFC 1034", "3.6.2"),
        ZoneFlaw.NsIsAlias or ZoneFlaw.MxIsAlias => new("RFC 2181", "10.3"),
        ZoneFlaw.DnameNotAlone => new("RFC 6672", "2.4"),
        ZoneFlaw.WildcardDelegation => new("RFC 4592", "4.2"),
        ZoneFlaw.MetaType => new("RFC 6895", "3.1"),
        ZoneFlaw.TtlsDiffer => new("RFC 2181", "5.2"),
        ZoneFlaw.Duplicate => new("RFC 2181", "5"),
        ZoneFlaw.Hidden => new("RFC 1034", "4.2.1"),
        ZoneFlaw.TtlTooLong => new("RFC 2181", "8"),
        ZoneFlaw.Misplaced => new("RFC 4035", "2.4"),
        ZoneFlaw.SignatureExpired or ZoneFlaw.SignatureEarly or ZoneFlaw.SignatureForeign => new("RFC 4035", "5.3.1"),
        ZoneFlaw.SignatureWrong => new("RFC 4035", "5.3.3"),
        ZoneFlaw.SignatureMissing or ZoneFlaw.SignatureStray => new("RFC 4035", "2.2"),
        ZoneFlaw.IterationsTooMany => new("RFC 9276", "3.2"),
        ZoneFlaw.ChainMissing or ZoneFlaw.ChainBroken => new("RFC 4035", "2.3"),
        ZoneFlaw.DigestWrong => new("RFC 8976", "4"),
        _ => new("RFC 1035", "5.1"),
    };

    private static Clause ClauseOf(CertificateFaultKind kind) => kind switch
    {
        CertificateFaultKind.Expired or CertificateFaultKind.NotYetValid => new("RFC 5280", "4.1.2.5"),
        CertificateFaultKind.WrongName => new("RFC 9525", "6"),
        CertificateFaultKind.UnknownIssuer or CertificateFaultKind.SelfSigned => new("RFC 5280", "6.1"),
        CertificateFaultKind.Revoked or CertificateFaultKind.RevocationUnknown => new("RFC 5280", "5"),
        CertificateFaultKind.BadSignature => new("RFC 5280", "6.1.3"),
        CertificateFaultKind.WeakSignature => new("RFC 9155", "3"),
        CertificateFaultKind.BadUsage => new("RFC 5280", "4.2.1.12"),
        CertificateFaultKind.NotAnAuthority => new("RFC 5280", "4.2.1.9"),
        CertificateFaultKind.Malformed => new("RFC 5280", "4.1"),
        _ => new("RFC 8446", "4.4.2"),
    };

    private static string ClauseOf(CookieRefusal why) => why switch
    {
        CookieRefusal.ControlCharacter or CookieRefusal.TooLong => "5.6",
        CookieRefusal.SecurePrefix => "4.1.3.1",
        CookieRefusal.HostPrefix => "4.1.3.2",
        CookieRefusal.TooMany => "6.1",
        _ => "5.7",
    };
}
