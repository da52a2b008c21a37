using System.Buffers.Binary;
using System.Security.Cryptography;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Validating;

/// <summary>Follows the chain of trust from an anchor down to the zone of a name (RFC 4035 section 5).</summary>
/// <remarks>
/// Theory of operation. The chain stands at a zone whose keys hold. For each label toward the name the zone is asked for DS records:
/// <code>
///   DS, signed            ─► the keys that they name must sign the zone below: the chain goes on there
///   DS of unknown kinds   ─► what is below cannot be checked: insecure (RFC 4035 section 5.2)
///   none, a delegation    ─► proven to be unsigned: insecure
///   none, no delegation   ─► the name lies in this zone: the next label
///   neither proven        ─► bogus
/// </code>
/// Each step takes a label, so the walk ends; what was found is kept, and the next walk begins there.
/// </remarks>
internal sealed class TrustChain
{
    /// <summary>What is known of the zone of the name, when the walk is over.</summary>
    public ZoneTrust Trust { get; private set; } = null!;

    /// <summary>Walks to the zone that a name lies in.</summary>
    public IEnumerable<ValidationNeed> Find(DnsName name, ValidationWork work)
    {
        if (work.Anchors.FindClosest(name) is not { } anchor)
        {
            Trust = EndBelow(name, SecurityStatus.Indeterminate, ValidationFlaw.NoAnchor, work, null);
            yield break;
        }
        if (work.Anchors.IsInsecure(name))
        {
            Trust = EndBelow(name, SecurityStatus.Insecure, ValidationFlaw.NegativeAnchor, work, null);
            work.AddLinks(Trust.Links);
            yield break;
        }
        var known = work.Trusts.FindDeepest(name, anchor.Zone, work.Now);
        if (known is null)
        {
            var type = (anchor.Signers.Length > 0 ? RecordType.DS : RecordType.DNSKEY).ToString();
            var link = new TrustLink(TrustLinkKind.Anchor, anchor.Zone.ToHostString(), type, SecurityStatus.Secure, ValidationFlaw.None)
            {
                KeyTag = anchor.Signers is [var first, ..]
                    ? BinaryPrimitives.ReadUInt16BigEndian(first.Wire)
                    : new ZonePublicKey(anchor.Zone, anchor.Keys[0]).KeyTag,
            };
            foreach (var need in TakeKeys(anchor.Zone, anchor.Signers, anchor.Keys, uint.MaxValue, [link], work)) { yield return need; }
            known = Trust;
        }
        Trust = known;
        // A zone that is left unsigned for so long as it is known stays so: below it nothing is asked.
        for (var labels = Trust.Zone.LabelCount + 1; labels <= name.LabelCount && Trust.Status == SecurityStatus.Secure; labels++)
        {
            foreach (var need in TakeDelegation(name.Suffix(labels), work)) { yield return need; }
        }
        work.AddLinks(Trust.Links);
    }

    /// <summary>Asks for the DS records of a name, and goes on below where there are any.</summary>
    private IEnumerable<ValidationNeed> TakeDelegation(DnsName name, ValidationWork work)
    {
        var question = new Question(name, RecordType.DS);
        while (true)
        {
            ResolutionOutcome? outcome = null;
            SignedSet? signers;
            SignedSet[] proof;
            var isNameError = false;
            var status = SecurityStatus.Unchecked;
            if (work.Cache.TryPeek(name, RecordType.DS, work.Now, out var hit) && hit.Entry.Status != SecurityStatus.Bogus)
            {
                signers = hit.Outcome == CacheOutcome.Answer ? hit.SetNow() : null;
                (proof, status) = (hit.ProofNow(), hit.Entry.Status);
            }
            else
            {
                var need = new AnswerNeed(question);
                yield return need;
                outcome = need.Outcome;
                if (outcome is not ResolvedAnswer answer)
                {
                    Trust = EndBelow(name, SecurityStatus.Bogus, Unavailable(outcome), work, Trust);
                    yield break;
                }
                signers = answer.Sets is [{ Type: var type } only] && type == RecordType.DS && only.Owner == name ? only : null;
                (proof, isNameError) = (answer.Proof, answer.Code == ResponseCode.NameError);
                // An alias cannot be a delegation; that it is one has to be signed like everything else.
                if (signers is null && answer.Sets is [{ Type: var alias } made, ..] && alias == RecordType.CNAME && made.Owner == name)
                {
                    var aliasCheck = new SetCheck();
                    foreach (var inner in aliasCheck.Run(made, Trust, work)) { yield return inner; }
                    if (aliasCheck.Status == SecurityStatus.Secure) { yield break; }
                }
            }
            var (flaw, isDelegation) = (ValidationFlaw.None, false);
            var check = new SetCheck();
            if (signers is not null)
            {
                foreach (var inner in check.Run(signers, Trust, work)) { yield return inner; }
                (status, flaw) = (check.Status, check.Flaw);
                work.Cache.Mark(signers, status, flaw, check.TtlSeconds, work.Now);
            }
            else
            {
                var denial = new DenialCheck();
                foreach (var inner in denial.Run(proof, Trust, work)) { yield return inner; }
                // Some servers say of a name that only leads to others that it does not exist: there is no DS record, one way or the other.
                var finding = denial.Prove(name, RecordType.DS, isNameError);
                if (finding.Verdict == DenialVerdict.Unproven) { finding = denial.Prove(name, RecordType.DS, !isNameError); }
                (status, flaw) = denial.StatusOf(finding, ValidationFlaw.DenialUnproven);
                (isDelegation, check) = (finding.IsDelegation, denial.Last ?? check);
                work.Cache.MarkDenial(name, RecordType.DS, proof, status, flaw, work.Now);
            }
            if (status == SecurityStatus.Bogus && flaw != ValidationFlaw.BudgetSpent)
            {
                if (outcome is null)
                {
                    // What came beside a referral may be cut short: the parent is asked itself before it is held against it.
                    work.Cache.Remove(name, RecordType.DS);
                    continue;
                }
                if (work.AskOthers(question, outcome)) { continue; }
            }
            if (status != SecurityStatus.Secure)
            {
                Trust = EndBelow(name, status, flaw, work, Trust, check.Key is null ? null : check);
                yield break;
            }
            var link = LinkOf(TrustLinkKind.Delegation, name, RecordType.DS, check, Trust.Zone);
            if (signers is not null)
            {
                Trust = Trust with { Links = [.. Trust.Links, link] };
                var data = Array.ConvertAll(signers.Records, static record => record.Data);
                foreach (var inner in TakeKeys(name, data, [], check.TtlSeconds, Trust.Links, work)) { yield return inner; }
            }
            else if (isDelegation)
            {
                Trust = EndBelow(name, SecurityStatus.Insecure, ValidationFlaw.DelegationUnsigned, work, Trust, check);
            }
            yield break;
        }
    }

    /// <summary>Fetches the keys of a zone and finds those that its parent, or an anchor, names; one of them has to sign all of them.</summary>
    private IEnumerable<ValidationNeed> TakeKeys(
        DnsName zone, RecordData[] signers, RecordData[] anchors, uint ttl, TrustLink[] links, ValidationWork work)
    {
        if (signers.Length > 0 && anchors.Length == 0 && UnusableFlaw(signers) is not ValidationFlaw.None and var unusable)
        {
            Trust = EndAt(zone, SecurityStatus.Insecure, unusable, work, links);
            yield break;
        }
        var question = new Question(zone, RecordType.DNSKEY);
        while (true)
        {
            var need = new AnswerNeed(question);
            yield return need;
            var set = (need.Outcome as ResolvedAnswer)?.Sets is [{ Type: var type } only] && type == RecordType.DNSKEY && only.Owner == zone ? only : null;
            if (set is null)
            {
                if (need.Outcome is not null && work.AskOthers(question, need.Outcome)) { continue; }
                Trust = EndAt(zone, SecurityStatus.Bogus, need.Outcome is ResolvedAnswer ? ValidationFlaw.KeyMissing : Unavailable(need.Outcome), work, links);
                yield break;
            }
            var keys = set.Records.Take(ResolutionLimits.KeysPerZone).Select(record => new ZonePublicKey(zone, record.Data)).ToArray();
            var entries = FindEntries(keys, signers, anchors, out var flaw);
            var check = new SetCheck();
            if (entries.Length > 0)
            {
                var entry = new ZoneTrust(zone, SecurityStatus.Secure, ValidationFlaw.None, entries, work.Now, links);
                foreach (var inner in check.Run(set, entry, work)) { yield return inner; }
                flaw = check.Flaw;
                work.Cache.Mark(set, check.Status, flaw, check.TtlSeconds, work.Now);
            }
            if (check.Status == SecurityStatus.Secure)
            {
                var life = Math.Min(ttl, check.TtlSeconds);
                Trust = new ZoneTrust(
                    zone, SecurityStatus.Secure, ValidationFlaw.None, Array.FindAll(keys, static key => key is { IsOfZone: true, IsRevoked: false }),
                    work.Now.PlusNanoseconds(life * 1_000_000_000L), [.. links, LinkOf(TrustLinkKind.Keys, zone, RecordType.DNSKEY, check, zone)]);
                work.Trusts.Store(Trust);
                yield break;
            }
            if (flaw != ValidationFlaw.BudgetSpent && work.AskOthers(question, need.Outcome!)) { continue; }
            Trust = EndAt(zone, SecurityStatus.Bogus, flaw, work, links, TrustLinkKind.Keys, RecordType.DNSKEY);
            yield break;
        }
    }

    /// <summary>What this question may not ask any more is no fault of the zone's.</summary>
    private static ValidationFlaw Unavailable(ResolutionOutcome? outcome) =>
        outcome is ResolutionFailure { Reason: ResolutionFailureReason.BudgetSpent or ResolutionFailureReason.OutOfTime or ResolutionFailureReason.TooDeep }
            ? ValidationFlaw.BudgetSpent
            : ValidationFlaw.KeysUnavailable;

    /// <summary>RFC 4035 section 5.2: when no DS record is of a kind that is known, there is no way to check the zone.</summary>
    private static ValidationFlaw UnusableFlaw(RecordData[] signers)
    {
        var flaw = ValidationFlaw.AlgorithmUnsupported;
        foreach (var signer in signers)
        {
            if (!new SigningAlgorithm(signer.Wire[2]).IsVerifiable) { continue; }
            if (IsKnownDigest(signer.Wire[3])) { return ValidationFlaw.None; }
            flaw = ValidationFlaw.DigestUnsupported;
        }
        return flaw;
    }

    /// <summary>The keys that digests or anchors name and that may be believed; the flaw says why there is none.</summary>
    internal static ZonePublicKey[] FindEntries(ZonePublicKey[] keys, RecordData[] signers, RecordData[] anchors, out ValidationFlaw flaw)
    {
        var entries = new List<ZonePublicKey>();
        flaw = ValidationFlaw.KeyMissing;
        foreach (var key in keys)
        {
            if (Array.Exists(anchors, anchor => anchor.Equals(key.Data)) && !key.IsRevoked) { entries.Add(key); }
        }
        // RFC 4509 section 3: where there is a better digest, those of SHA-1 are not looked at.
        var hasBetter = Array.Exists(signers, static signer => signer.Wire[3] is 2 or 4 && new SigningAlgorithm(signer.Wire[2]).IsVerifiable);
        foreach (var signer in signers.Take(ResolutionLimits.DelegationSignersPerZone))
        {
            var (tag, algorithm, kind) = (BinaryPrimitives.ReadUInt16BigEndian(signer.Wire), signer.Wire[2], signer.Wire[3]);
            if (!IsKnownDigest(kind) || kind == 1 && hasBetter || !new SigningAlgorithm(algorithm).IsVerifiable) { continue; }
            foreach (var key in keys)
            {
                if (key.KeyTag != tag || key.Algorithm.Value != algorithm) { continue; }
                if (!key.IsOfZone || key.IsRevoked) { flaw = ValidationFlaw.KeyNotOfZone; }
                else if (!DigestOf(key, kind).AsSpan().SequenceEqual(signer.Wire[4..])) { flaw = ValidationFlaw.DigestWrong; }
                else if (!entries.Contains(key)) { entries.Add(key); }
            }
        }
        return [.. entries];
    }

    /// <summary>SHA-1, SHA-256 (RFC 4509) and SHA-384 (RFC 6605).</summary>
    private static bool IsKnownDigest(byte kind) => kind is 1 or 2 or 4;

    private static byte[] DigestOf(ZonePublicKey key, byte kind)
    {
        byte[] signed = [.. key.Owner.ToLower().Wire, .. key.Data.Wire];
#pragma warning disable CA5350 // DS records of SHA-1 are still met (RFC 8624 section 3.3: validators must know it).
        return kind switch { 1 => SHA1.HashData(signed), 2 => SHA256.HashData(signed), _ => SHA384.HashData(signed) };
#pragma warning restore CA5350
    }

    private static TrustLink LinkOf(TrustLinkKind kind, DnsName name, RecordType type, SetCheck check, DnsName signer) =>
        new(kind, name.ToHostString(), type.ToString(), check.Status, check.Flaw)
        {
            Signer = check.Key is null ? "" : signer.ToHostString(),
            KeyTag = check.Key?.KeyTag ?? 0,
            Algorithm = check.Key is { } key ? key.Algorithm.ToString() : "",
        };

    private static ZoneTrust EndBelow(DnsName name, SecurityStatus status, ValidationFlaw flaw, ValidationWork work, ZoneTrust? above, SetCheck? proof = null)
    {
        var link = new TrustLink(TrustLinkKind.Delegation, name.ToHostString(), RecordType.DS.ToString(), status, flaw)
        {
            Signer = proof?.Key is null || above is null ? "" : above.Zone.ToHostString(),
            KeyTag = proof?.Key?.KeyTag ?? 0,
            Algorithm = proof?.Key is { } key ? key.Algorithm.ToString() : "",
        };
        return Keep(new ZoneTrust(name, status, flaw, [], UntilOf(status, flaw, work, above, proof), [.. above?.Links ?? [], link]), work);
    }

    private static ZoneTrust EndAt(
        DnsName name, SecurityStatus status, ValidationFlaw flaw, ValidationWork work, TrustLink[] links, TrustLinkKind kind = TrustLinkKind.Delegation,
        RecordType type = default)
    {
        var link = new TrustLink(kind, name.ToHostString(), (type == default ? RecordType.DS : type).ToString(), status, flaw);
        return Keep(new ZoneTrust(name, status, flaw, [], UntilOf(status, flaw, work, null), [.. links, link]), work);
    }

    private static Instant UntilOf(SecurityStatus status, ValidationFlaw flaw, ValidationWork work, ZoneTrust? above, SetCheck? proof = null)
    {
        var time = status != SecurityStatus.Bogus ? TimeSpan.FromSeconds(ResolutionLimits.MaxNegativeTtl)
            : flaw is ValidationFlaw.KeysUnavailable ? ResolutionLimits.FailureTime
            : ResolutionLimits.BogusTime;
        // That a zone is unsigned is known no longer than its proof holds, nor than the keys that signed it.
        if (status == SecurityStatus.Insecure && proof is not null) { time = TimeSpan.FromSeconds(Math.Min(proof.TtlSeconds, time.TotalSeconds)); }
        if (status == SecurityStatus.Insecure && above is not null && above.ExpiresAt < work.Now + time) { return above.ExpiresAt; }
        return work.Now + time;
    }

    private static ZoneTrust Keep(ZoneTrust trust, ValidationWork work)
    {
        // What came of a question's own limits, or of no anchor, is not held against the zone.
        if (trust.Flaw is not (ValidationFlaw.BudgetSpent or ValidationFlaw.NoAnchor or ValidationFlaw.NegativeAnchor)) { work.Trusts.Store(trust); }
        return trust;
    }
}
