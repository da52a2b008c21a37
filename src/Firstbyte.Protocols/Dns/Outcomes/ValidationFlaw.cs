namespace Firstbyte.Dns.Outcomes;

/// <summary>Why a link of a chain of trust does not hold, or ends.</summary>
public enum ValidationFlaw : byte
{
    /// <summary>It holds.</summary>
    None,

    /// <summary>A set of a signed zone has no signature.</summary>
    SignatureMissing,

    /// <summary>A signature's time is over.</summary>
    SignatureExpired,

    /// <summary>A signature's time has not begun.</summary>
    SignatureNotYetValid,

    /// <summary>A signature expires before it begins.</summary>
    SignatureTimesReversed,

    /// <summary>A signature is not that of its set by the key that it names.</summary>
    SignatureWrong,

    /// <summary>A signature names a signer that does not keep the zone, or speaks of other labels than the name has.</summary>
    SignerForeign,

    /// <summary>The zone has no key of the number and algorithm that a signature or a DS record names.</summary>
    KeyMissing,

    /// <summary>The zone's keys could not be fetched.</summary>
    KeysUnavailable,

    /// <summary>The key is not marked as that of a zone (RFC 4034 section 2.1.1), or its protocol is not 3.</summary>
    KeyNotOfZone,

    /// <summary>No key of the zone has the digest that the parent's DS record names.</summary>
    DigestWrong,

    /// <summary>All that would have to be verified uses algorithms that are not known here.</summary>
    AlgorithmUnsupported,

    /// <summary>All DS records use digests that are not known here.</summary>
    DigestUnsupported,

    /// <summary>The denial comes without the records that prove it, or they do not prove it.</summary>
    DenialUnproven,

    /// <summary>An answer that was made from a wildcard comes without the proof that there is no closer name.</summary>
    WildcardUnproven,

    /// <summary>The hashes of the zone's NSEC3 records cost more than a validator spends (RFC 9276 section 3.2).</summary>
    IterationsTooMany,

    /// <summary>The question has used up the verifications or hashes that it may cost.</summary>
    BudgetSpent,

    /// <summary>The parent proves that the zone below is not signed.</summary>
    DelegationUnsigned,

    /// <summary>Hashes that opt out cover the name: what lies there need not be signed (RFC 5155 section 6).</summary>
    OptOut,

    /// <summary>A negative trust anchor takes the zone out (RFC 7646).</summary>
    NegativeAnchor,

    /// <summary>No trust anchor lies at or above the name.</summary>
    NoAnchor,

    /// <summary>The alias that came beside a signed DNAME record is not the one that this makes (RFC 6672 section 5.3.1).</summary>
    AliasContradicted,
}
