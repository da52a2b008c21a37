using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;

namespace Firstbyte.Dns.Validating;

/// <summary>Checks a whole answer: each set of its chain of aliases, and the denial at its end (RFC 4035 section 5).</summary>
/// <remarks>The answer is as good as its worst part: bogus before indeterminate before insecure before secure.</remarks>
internal sealed class AnswerValidation(ResolvedAnswer answer, ValidationWork work)
{
    private DnsName? _checkedProofZone;
    private DenialCheck? _checkedProof;

    /// <summary>What came of it.</summary>
    public SecurityStatus Status { get; private set; } = SecurityStatus.Secure;

    /// <summary>Why it is not secure.</summary>
    public ValidationFlaw Flaw { get; private set; }

    /// <summary>Seconds for which the answer may be kept.</summary>
    public uint TtlSeconds { get; private set; } = uint.MaxValue;

    /// <summary>The zone at which it went wrong, or ended.</summary>
    public DnsName Zone { get; private set; } = answer.Question.Name;

    /// <summary>Whether it is bogus by a part that was looked at before, so that asking others has been tried.</summary>
    public bool IsRemembered { get; private set; }

    /// <summary>Runs the checks in order; stops at the first part that is bogus.</summary>
    public IEnumerable<ValidationNeed> Run()
    {
        var chain = new TrustChain();
        SignedSet? made = null;
        foreach (var set in answer.Sets)
        {
            // What was worked out from a DNAME has no signature of its own, and is as good as that (RFC 6672 section 5.3.1).
            if (made is not null && set.Type == RecordType.CNAME && set.Owner.IsBelow(made.Owner) && set.Signatures.Length == 0)
            {
                // In a zone that is not signed nobody can say which of the two is right, and what was worked out is what counts everywhere else too.
                if (set.IsContradicted && Status == SecurityStatus.Secure)
                {
                    Take(made.Owner, SecurityStatus.Bogus, ValidationFlaw.AliasContradicted, TrustLinkKind.Records, set.Owner, set.Type, null);
                    yield break;
                }
                made = null;
                continue;
            }
            made = set.Type == RecordType.DNAME ? set : null;
            foreach (var need in CheckSet(set, chain)) { yield return need; }
            if (Status == SecurityStatus.Bogus) { yield break; }
        }
        if (!answer.IsDenial) { yield break; }
        if (answer.Code == ResponseCode.NameExists)
        {
            // That a name becomes too long is as good as the DNAME record that makes it so (RFC 6672 section 2.2), and nothing without one.
            if (answer.Sets is not [.., { Type: var last }] || last != RecordType.DNAME)
            {
                var (owner, wanted) = (answer.Question.Name, answer.Question.Type);
                Take(owner, SecurityStatus.Bogus, ValidationFlaw.DenialUnproven, TrustLinkKind.Denial, owner, wanted, null);
            }
            yield break;
        }
        foreach (var need in CheckDenial(chain)) { yield return need; }
    }

    private IEnumerable<ValidationNeed> CheckSet(SignedSet set, TrustChain chain)
    {
        if (!work.Renews && work.Cache.TryPeek(set.Owner, set.Type, work.Now, out var hit) && hit.Entry.Status is not SecurityStatus.Unchecked and var known
            && set.HasSameData(hit.Entry.Records) && known != SecurityStatus.Indeterminate)
        {
            AddKnownLinks(set.Owner);
            Take(set.Owner, known, hit.Entry.Flaw, TrustLinkKind.Records, set.Owner, set.Type, null);
            IsRemembered = Status == SecurityStatus.Bogus;
            yield break;
        }
        foreach (var need in chain.Find(SignerOf(set.Owner, set.Type, [set]), work)) { yield return need; }
        if (chain.Trust.Status != SecurityStatus.Secure)
        {
            // What is wrong with the chain is remembered with the chain: the set itself may be sound.
            if (chain.Trust.Status == SecurityStatus.Insecure) { Mark(set, SecurityStatus.Insecure, chain.Trust.Flaw, uint.MaxValue); }
            Take(chain.Trust.Zone, chain.Trust.Status, chain.Trust.Flaw, TrustLinkKind.Records, set.Owner, set.Type, null);
            yield break;
        }
        var zone = chain.Trust;
        var check = new SetCheck();
        foreach (var need in check.Run(set, zone, work)) { yield return need; }
        var (status, flaw) = (check.Status, check.Flaw);
        if (check.Signature is { } signature && signature.IsExpansionOf(set.Owner))
        {
            foreach (var need in CheckProof(zone)) { yield return need; }
            (status, flaw) = _checkedProof!.StatusOf(_checkedProof.ProveExpansion(set.Owner, signature.Labels), ValidationFlaw.WildcardUnproven);
        }
        if (work.Renews && status == SecurityStatus.Secure) { Renew(set, check); }
        else { Mark(set, status, flaw, check.Key is null ? uint.MaxValue : check.TtlSeconds); }
        if (status == SecurityStatus.Secure) { KeepSource(set, check); }
        if (check.Key is not null) { TtlSeconds = Math.Min(TtlSeconds, check.TtlSeconds); }
        Take(zone.Zone, status, flaw, TrustLinkKind.Records, set.Owner, set.Type, check);
    }

    /// <summary>Adds the chain by which a part was found to hold, as far as it is still known.</summary>
    private void AddKnownLinks(DnsName name)
    {
        if (work.Anchors.FindClosest(name) is { } anchor && work.Trusts.FindDeepest(name, anchor.Zone, work.Now) is { } trust) { work.AddLinks(trust.Links); }
    }

    private Caching.AnswerOrigin Origin => new(answer.Source.Server, answer.Source.ServerName, answer.Source.Zone);

    /// <summary>Keeps a set that holds in place of what was, which may have held as well.</summary>
    private void Renew(SignedSet set, SetCheck check)
    {
        var proof = check.Signature!.IsExpansionOf(set.Owner) ? answer.Proof : [];
        work.Cache.StoreAnswer(
            set.WithTtl(new Ttl(check.TtlSeconds)), proof, null, Caching.TrustRank.Validated, Origin, work.Now, SecurityStatus.Secure);
    }

    /// <summary>The same for a denial; without a SOA record none is kept for clients.</summary>
    private void RenewDenial(DnsName name, RecordType type)
    {
        if (answer.Soa is not { } soa) { return; }
        var key = answer.Code == ResponseCode.NameError ? Caching.DnsCache.WholeName : type;
        work.Cache.StoreDenial(name, key, soa, answer.Proof, Caching.TrustRank.Validated, Origin, work.Now, SecurityStatus.Secure);
    }

    /// <summary>
    /// Keeps what a set was made from, now that it is known to hold: a wildcard's set for other names (RFC 8198 section 5.3), and a DNAME record for all
    /// names below it.
    /// </summary>
    private void KeepSource(SignedSet set, SetCheck check)
    {
        var left = new Ttl(check.TtlSeconds);
        if (set.Type == RecordType.DNAME)
        {
            work.Cache.StoreAnswer(set.WithTtl(left), [], null, Caching.TrustRank.Validated, Origin, work.Now, SecurityStatus.Secure);
        }
        else if (check.Signature is { } signature && signature.IsExpansionOf(set.Owner)
            && set.Owner.Suffix(signature.Labels).TryPrepend("*"u8, out var wildcard))
        {
            var source = new SignedSet(
                Array.ConvertAll(set.Records, record => record.WithOwner(wildcard)), Array.ConvertAll(set.Signatures, record => record.WithOwner(wildcard)));
            work.Cache.StoreAnswer(source.WithTtl(left), [], null, Caching.TrustRank.Validated, Origin, work.Now, SecurityStatus.Secure);
        }
    }

    private void Mark(SignedSet set, SecurityStatus status, ValidationFlaw flaw, uint ttl)
    {
        // A limit of this question says nothing of the data.
        if (flaw != ValidationFlaw.BudgetSpent && status != SecurityStatus.Indeterminate) { work.Cache.Mark(set, status, flaw, ttl, work.Now, work.Renews); }
    }

    private void MarkDenial(SecurityStatus status, ValidationFlaw flaw) =>
        work.Cache.MarkDenial(answer.CanonicalName, answer.Question.Type, answer.Proof, status, flaw, work.Now, work.Renews);

    private IEnumerable<ValidationNeed> CheckDenial(TrustChain chain)
    {
        var (name, type) = (answer.CanonicalName, answer.Question.Type);
        if (!work.Renews && work.Cache.TryFindDenial(name, type, answer.Proof, work.Now, out var entry) && entry.Status is not SecurityStatus.Unchecked)
        {
            AddKnownLinks(name);
            Take(name, entry.Status, entry.Flaw, TrustLinkKind.Denial, name, type, null);
            IsRemembered = Status == SecurityStatus.Bogus;
            yield break;
        }
        foreach (var need in chain.Find(SignerOf(name, type, answer.Proof), work)) { yield return need; }
        var zone = chain.Trust;
        if (zone.Status != SecurityStatus.Secure)
        {
            if (zone.Status == SecurityStatus.Insecure) { MarkDenial(SecurityStatus.Insecure, zone.Flaw); }
            Take(zone.Zone, zone.Status, zone.Flaw, TrustLinkKind.Denial, name, type, null);
            yield break;
        }
        foreach (var need in CheckProof(zone)) { yield return need; }
        var (status, flaw) = _checkedProof!.StatusOf(
            _checkedProof.Prove(name, type, answer.Code == ResponseCode.NameError), ValidationFlaw.DenialUnproven);
        // The SOA record says how long the denial holds: it has to be the zone's own too.
        if (status == SecurityStatus.Secure && _checkedProof.Flaw != ValidationFlaw.None) { (status, flaw) = (SecurityStatus.Bogus, _checkedProof.Flaw); }
        if (work.Renews && status == SecurityStatus.Secure) { RenewDenial(name, type); }
        else if (flaw != ValidationFlaw.BudgetSpent) { MarkDenial(status, flaw); }
        if (_checkedProof.Last is { } last) { TtlSeconds = Math.Min(TtlSeconds, last.TtlSeconds); }
        Take(zone.Zone, status, flaw, TrustLinkKind.Denial, name, type, _checkedProof.Last);
    }

    /// <summary>The sets that came as proof are checked once, however many parts of the answer they prove.</summary>
    private IEnumerable<ValidationNeed> CheckProof(ZoneTrust zone)
    {
        if (_checkedProof is not null && _checkedProofZone == zone.Zone) { yield break; }
        // Each part of a chain of aliases brings its own proof; those of other zones are not this zone's.
        var own = Array.FindAll(answer.Proof, set => Array.Exists(set.Signatures, record => new SignatureFields(record.Data).Signer == zone.Zone)
            || set.Signatures.Length == 0 && set.Owner.IsSubdomainOf(zone.Zone));
        (_checkedProof, _checkedProofZone) = (new DenialCheck(), zone.Zone);
        foreach (var need in _checkedProof.Run(own, zone, work)) { yield return need; }
    }

    /// <summary>
    /// Whom the sets name as their signer, where he can be it: at or above the name, and not above its anchor. Otherwise the zone is looked for by
    /// the name itself, at whose parent DS records lie.
    /// </summary>
    private DnsName SignerOf(DnsName name, RecordType type, SignedSet[] sets)
    {
        var anchor = work.Anchors.FindClosest(name)?.Zone ?? DnsName.Root;
        foreach (var set in sets)
        {
            foreach (var record in set.Signatures)
            {
                var signer = new SignatureFields(record.Data).Signer;
                var canSign = type == RecordType.DS && !name.IsRoot ? name.IsBelow(signer) : name.IsSubdomainOf(signer);
                if (canSign && signer.IsSubdomainOf(anchor)) { return signer; }
            }
        }
        return type == RecordType.DS ? name.Parent : name;
    }

    private void Take(DnsName zone, SecurityStatus status, ValidationFlaw flaw, TrustLinkKind kind, DnsName name, RecordType type, SetCheck? check)
    {
        work.Links.Add(new TrustLink(kind, name.ToHostString(), type.ToString(), status, flaw)
        {
            Signer = check?.Key is null ? "" : zone.ToHostString(),
            KeyTag = check?.Key?.KeyTag ?? 0,
            Algorithm = check?.Key is { } key ? key.Algorithm.ToString() : "",
        });
        if (Order(status) <= Order(Status)) { return; }
        (Status, Flaw, Zone) = (status, flaw, zone);
    }

    private static int Order(SecurityStatus status) => status switch
    {
        SecurityStatus.Secure => 0,
        SecurityStatus.Insecure => 1,
        SecurityStatus.Bogus => 3,
        _ => 2,
    };
}
