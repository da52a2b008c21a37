using System.Text.Json.Serialization;

namespace Firstbyte.Doctor;

/// <summary>Something about a site or a zone that somebody should know: one leaf for each thing that an examiner can find, with its evidence.</summary>
/// <remarks>
/// Theory of operation. A finding is data: what it weighs and which clause it offends follow from the leaf by one table (<see cref="FindingTable"/>), sentences
/// and cures in every language follow from the leaf in the telling layer. Leaves are declared beside the domain that they are of, in files of their own, so
/// that one more examiner brings its own.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(JourneyBroken), "journey-broken")]
[JsonDerivedType(typeof(AddressBroken), "address-broken")]
[JsonDerivedType(typeof(FamilyMissing), "family-missing")]
[JsonDerivedType(typeof(FamilyUnexamined), "family-unexamined")]
[JsonDerivedType(typeof(AddressesUnexamined), "addresses-unexamined")]
[JsonDerivedType(typeof(AnswersDiffer), "answers-differ")]
[JsonDerivedType(typeof(AnswerSlow), "answer-slow")]
[JsonDerivedType(typeof(ExaminationCut), "examination-cut")]
[JsonDerivedType(typeof(TlsAbsent), "tls-absent")]
[JsonDerivedType(typeof(CertificateFaulty), "certificate-faulty")]
[JsonDerivedType(typeof(CertificateExpiring), "certificate-expiring")]
[JsonDerivedType(typeof(CertificatesDiffer), "certificates-differ")]
[JsonDerivedType(typeof(TlsOld), "tls-old")]
[JsonDerivedType(typeof(PlainServed), "plain-served")]
[JsonDerivedType(typeof(RedirectTemporary), "redirect-temporary")]
[JsonDerivedType(typeof(RedirectToPlain), "redirect-to-plain")]
[JsonDerivedType(typeof(RedirectsMany), "redirects-many")]
[JsonDerivedType(typeof(HstsMissing), "hsts-missing")]
[JsonDerivedType(typeof(HstsMalformed), "hsts-malformed")]
[JsonDerivedType(typeof(HstsShort), "hsts-short")]
[JsonDerivedType(typeof(HstsOnPlain), "hsts-on-plain")]
[JsonDerivedType(typeof(ErrorAnswered), "error-answered")]
[JsonDerivedType(typeof(MessageFlawed), "message-flawed")]
[JsonDerivedType(typeof(EndByClose), "end-by-close")]
[JsonDerivedType(typeof(ConnectionNotKept), "connection-not-kept")]
[JsonDerivedType(typeof(VersionOld), "version-old")]
[JsonDerivedType(typeof(DateMissing), "date-missing")]
[JsonDerivedType(typeof(DateWrong), "date-wrong")]
[JsonDerivedType(typeof(TypeMissing), "type-missing")]
[JsonDerivedType(typeof(CharsetMissing), "charset-missing")]
[JsonDerivedType(typeof(CacheSilent), "cache-silent")]
[JsonDerivedType(typeof(CacheContradictory), "cache-contradictory")]
[JsonDerivedType(typeof(CookieCached), "cookie-cached")]
[JsonDerivedType(typeof(ValidatorMissing), "validator-missing")]
[JsonDerivedType(typeof(ValidatorIgnored), "validator-ignored")]
[JsonDerivedType(typeof(ContentUncoded), "content-uncoded")]
[JsonDerivedType(typeof(VaryMissing), "vary-missing")]
[JsonDerivedType(typeof(CookieOpen), "cookie-open")]
[JsonDerivedType(typeof(CookieNotKept), "cookie-not-kept")]
[JsonDerivedType(typeof(Http2NotOffered), "http2-not-offered")]
[JsonDerivedType(typeof(Http3NotOffered), "http3-not-offered")]
[JsonDerivedType(typeof(AltSvcMalformed), "alt-svc-malformed")]
[JsonDerivedType(typeof(OfferNotKept), "offer-not-kept")]
[JsonDerivedType(typeof(ZoneFaulty), "zone-faulty")]
[JsonDerivedType(typeof(ZoneServersFew), "zone-servers-few")]
[JsonDerivedType(typeof(ZoneServersTogether), "zone-servers-together")]
[JsonDerivedType(typeof(ZoneServersWithout), "zone-servers-without")]
[JsonDerivedType(typeof(ZoneServerUnreachable), "zone-server-unreachable")]
[JsonDerivedType(typeof(ZonePrimaryHidden), "zone-primary-hidden")]
[JsonDerivedType(typeof(ZoneTimerUnwise), "zone-timer-unwise")]
[JsonDerivedType(typeof(ZoneMailboxMiswritten), "zone-mailbox-miswritten")]
[JsonDerivedType(typeof(ZoneReferralLong), "zone-referral-long")]
[JsonDerivedType(typeof(ZoneUnsigned), "zone-unsigned")]
[JsonDerivedType(typeof(ZoneSignaturesExpiring), "zone-signatures-expiring")]
[JsonDerivedType(typeof(ZoneAlgorithmOld), "zone-algorithm-old")]
[JsonDerivedType(typeof(ZoneHashesCostly), "zone-hashes-costly")]
[JsonDerivedType(typeof(ZoneChildRecordForeign), "zone-child-record-foreign")]
[JsonDerivedType(typeof(ZoneAsksForUnsigning), "zone-asks-for-unsigning")]
[JsonDerivedType(typeof(ZoneDelegation), "zone-delegation")]
[JsonDerivedType(typeof(NameServerSilent), "name-server-silent")]
[JsonDerivedType(typeof(NameServerLame), "name-server-lame")]
[JsonDerivedType(typeof(NameServerSlow), "name-server-slow")]
[JsonDerivedType(typeof(NameServerDeaf), "name-server-deaf")]
[JsonDerivedType(typeof(NameSerialsDiffer), "name-serials-differ")]
[JsonDerivedType(typeof(NameServersDiffer), "name-servers-differ")]
[JsonDerivedType(typeof(NameTtlsDiffer), "name-ttls-differ")]
[JsonDerivedType(typeof(NameGlueMissing), "name-glue-missing")]
[JsonDerivedType(typeof(NameGlueDiffers), "name-glue-differs")]
[JsonDerivedType(typeof(NameServerUnknown), "name-server-unknown")]
[JsonDerivedType(typeof(NameAnswersDiffer), "name-answers-differ")]
[JsonDerivedType(typeof(NameBogus), "name-bogus")]
public abstract record Finding
{
    private protected Finding() { }

    /// <summary>What of the site it is about, by which it is known again: an address, a cookie; empty where its kind says all.</summary>
    [JsonIgnore]
    public virtual string Subject => "";

    /// <summary>Whether the other says the same of the same, whatever has become of its figures since.</summary>
    public bool IsSameAs(Finding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return GetType() == other.GetType() && Subject == other.Subject;
    }
}

/// <summary>How much a finding weighs.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know: nothing is wrong.</summary>
    Note,

    /// <summary>It works, and not as well or not as safely as it should.</summary>
    Warning,

    /// <summary>It does not work, for some or for all.</summary>
    Error,
}
