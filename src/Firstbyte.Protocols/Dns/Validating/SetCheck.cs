using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;

namespace Firstbyte.Dns.Validating;

/// <summary>Checks whether a set has a signature that holds, by one of a zone's keys (RFC 4035 section 5.3).</summary>
internal sealed class SetCheck
{
    /// <summary>Secure, or bogus with its flaw.</summary>
    public SecurityStatus Status { get; private set; } = SecurityStatus.Bogus;

    /// <summary>Of all signatures, what kept the one from holding that came furthest.</summary>
    public ValidationFlaw Flaw { get; private set; } = ValidationFlaw.SignatureMissing;

    /// <summary>The signature that holds.</summary>
    public SignatureFields? Signature { get; private set; }

    /// <summary>The key that made it.</summary>
    public ZonePublicKey? Key { get; private set; }

    /// <summary>Seconds for which the set may be kept: no longer than signed, and not past the signature's end (RFC 4035 section 5.3.3).</summary>
    public uint TtlSeconds { get; private set; }

    /// <summary>Runs the check; the needs are bounded by the signatures of a set and the keys of one number.</summary>
    public IEnumerable<ValidationNeed> Run(SignedSet set, ZoneTrust trust, ValidationWork work)
    {
        foreach (var record in set.Signatures)
        {
            var signature = new SignatureFields(record.Data);
            if (FlawOf(signature, set, trust.Zone, work.Seconds) is not ValidationFlaw.None and var flaw)
            {
                Note(flaw);
                continue;
            }
            var tried = 0;
            foreach (var key in trust.Keys)
            {
                if (key.KeyTag != signature.KeyTag || key.Algorithm != signature.Algorithm) { continue; }
                if (++tried > ResolutionLimits.CollidingKeys) { break; }
                if (!work.Budget.TryChargeVerification())
                {
                    Note(ValidationFlaw.BudgetSpent);
                    yield break;
                }
                var need = new VerificationNeed(set.ToRecordSet(), signature.Data, key);
                yield return need;
                if (need.IsValid)
                {
                    var ttl = Math.Min(set.TtlSeconds, Math.Min(signature.OriginalTtl, signature.Expiration - work.Seconds));
                    (Status, Flaw, Signature, Key, TtlSeconds) = (SecurityStatus.Secure, ValidationFlaw.None, signature, key, ttl);
                    yield break;
                }
                work.Budget.NoteFailure();
                Note(ValidationFlaw.SignatureWrong);
            }
            if (tried == 0) { Note(ValidationFlaw.KeyMissing); }
        }
    }

    internal static ValidationFlaw FlawOf(SignatureFields signature, SignedSet set, DnsName zone, uint now)
    {
        // A signature speaks of the labels that are there, or of fewer for a wildcard, which lies in the zone itself.
        if (signature.Signer != zone || !set.Owner.IsSubdomainOf(zone) || signature.Labels > set.Owner.LabelCount || signature.Labels < zone.LabelCount)
        {
            return ValidationFlaw.SignerForeign;
        }
        return !signature.Algorithm.IsVerifiable ? ValidationFlaw.AlgorithmUnsupported
            : SignatureMoment.IsBefore(signature.Expiration, signature.Inception) ? ValidationFlaw.SignatureTimesReversed
            : SignatureMoment.IsBefore(signature.Expiration, now) ? ValidationFlaw.SignatureExpired
            : SignatureMoment.IsBefore(now, signature.Inception) ? ValidationFlaw.SignatureNotYetValid
            : ValidationFlaw.None;
    }

    private void Note(ValidationFlaw flaw)
    {
        if (Stage(flaw) > Stage(Flaw)) { Flaw = flaw; }
    }

    private static int Stage(ValidationFlaw flaw) => flaw switch
    {
        ValidationFlaw.SignatureMissing => 0,
        ValidationFlaw.SignerForeign => 1,
        ValidationFlaw.AlgorithmUnsupported => 2,
        ValidationFlaw.SignatureTimesReversed or ValidationFlaw.SignatureExpired or ValidationFlaw.SignatureNotYetValid => 3,
        ValidationFlaw.KeyMissing => 4,
        ValidationFlaw.SignatureWrong => 5,
        _ => 6,
    };
}
