using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Validating;

/// <summary>Checks the signatures of the sets that prove a denial, and then what they prove.</summary>
internal sealed class DenialCheck
{
    private readonly List<SignedSet> _links = [];
    private DenialLinks? _proof;

    /// <summary>Why a set of the proof does not hold; none when they all do.</summary>
    public ValidationFlaw Flaw { get; private set; }

    /// <summary>The number and algorithm of the key that signed the last one.</summary>
    public SetCheck? Last { get; private set; }

    /// <summary>Checks the sets one after the other; one that does not hold proves nothing, and spoils the rest where it is the SOA record's.</summary>
    public IEnumerable<ValidationNeed> Run(SignedSet[] sets, ZoneTrust trust, ValidationWork work)
    {
        foreach (var set in sets)
        {
            var check = new SetCheck();
            foreach (var need in check.Run(set, trust, work)) { yield return need; }
            // A link is never made from a wildcard: one that seems so is another name's.
            var isOwn = check.Signature is { } signature && (set.Type == RecordType.SOA || !signature.IsExpansionOf(set.Owner));
            if (check.Status == SecurityStatus.Secure && isOwn)
            {
                Last = check;
                work.Denials.Add(trust.Zone, set, check.TtlSeconds, work.Now);
                if (set.Type != RecordType.SOA) { _links.Add(set); }
            }
            else if (Flaw is ValidationFlaw.None or ValidationFlaw.SignatureMissing)
            {
                Flaw = check.Flaw == ValidationFlaw.None ? ValidationFlaw.SignerForeign : check.Flaw;
            }
            // Who has forged one has not kept to one: the rest would only cost.
            if (Flaw is ValidationFlaw.SignatureWrong or ValidationFlaw.BudgetSpent) { break; }
        }
        _proof = DenialLinks.Of(_links, trust.Zone, work.Budget);
    }

    /// <summary>Whether the name, or its records of a type, are proven to be missing.</summary>
    public DenialFinding Prove(DnsName name, RecordType type, bool isNameError) =>
        _proof is null ? default : isNameError ? _proof.ProveNameError(name) : _proof.ProveNoData(name, type);

    /// <summary>Whether no name closer than a wildcard's parent is proven to exist.</summary>
    public DenialFinding ProveExpansion(DnsName name, int labels) => _proof?.ProveExpansion(name, labels) ?? default;

    /// <summary>The status and flaw that a finding comes to.</summary>
    public (SecurityStatus Status, ValidationFlaw Flaw) StatusOf(DenialFinding finding, ValidationFlaw unproven) => finding.Verdict switch
    {
        DenialVerdict.Proven => (SecurityStatus.Secure, ValidationFlaw.None),
        DenialVerdict.OptOut => (SecurityStatus.Insecure, ValidationFlaw.OptOut),
        DenialVerdict.TooManyIterations => (SecurityStatus.Insecure, ValidationFlaw.IterationsTooMany),
        DenialVerdict.BudgetSpent => (SecurityStatus.Bogus, ValidationFlaw.BudgetSpent),
        _ => (SecurityStatus.Bogus, Flaw == ValidationFlaw.None ? unproven : Flaw),
    };
}
