using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Validating;

/// <summary>What a validation has to be told before it can go on.</summary>
internal abstract class ValidationNeed;

/// <summary>The answer to another question, unchecked.</summary>
internal sealed class AnswerNeed(Question question) : ValidationNeed
{
    public Question Question { get; } = question;

    public ResolutionOutcome? Outcome { get; set; }
}

/// <summary>Whether a key made a signature of a set.</summary>
internal sealed class VerificationNeed(RecordSet set, RecordData signature, ZonePublicKey key) : ValidationNeed
{
    public RecordSet Set { get; } = set;

    public RecordData Signature { get; } = signature;

    public ZonePublicKey Key { get; } = key;

    public bool IsValid { get; set; }
}

/// <summary>What all steps of one validation share: what is believed and known, what it may cost, the time, and the links it has closed.</summary>
/// <remarks>
/// Theory of operation. The steps are written as iterators: straight code that yields what it needs to be told (an answer, the verdict on a
/// signature) and goes on when it has been. Who runs them turns needs into effects and inputs. So the order of the steps, their loops and
/// their ends can be read from top to bottom, and yet nothing waits and nothing is asked here.
/// </remarks>
internal sealed class ValidationWork(
    TrustAnchors anchors, ZoneTrustTable trusts, DenialTable denials, DnsCache cache, ValidationBudget budget, Action<Question, Endpoint> distrust)
{
    private readonly HashSet<(Question Question, Endpoint Server)> _distrusted = [];

    public TrustAnchors Anchors { get; } = anchors;

    public ZoneTrustTable Trusts { get; } = trusts;

    public DenialTable Denials { get; } = denials;

    public DnsCache Cache { get; } = cache;

    public ValidationBudget Budget { get; } = budget;

    /// <summary>
    /// Whether the answer came from servers although the cache may know one. Then it is checked as if nothing were known, and takes the place of what was
    /// only when it holds: what is secure is not replaced by what nobody has looked at.
    /// </summary>
    public bool Renews { get; init; }

    /// <summary>The resolver's clock.</summary>
    public Instant Now { get; set; }

    /// <summary>Seconds since 1970, as signatures count them.</summary>
    public uint Seconds { get; set; }

    /// <summary>The links closed, those of the chains that were used before them.</summary>
    public List<TrustLink> Links { get; } = [];

    /// <summary>
    /// What came as the answer to a question does not hold: it is forgotten, and its server is to be asked last from now on. False when it has been
    /// asked again before, so that nobody else is left, or when this has happened often enough.
    /// </summary>
    public bool AskOthers(Question question, ResolutionOutcome outcome)
    {
        if (outcome is not ResolvedAnswer { Source.Server: { } server } || _distrusted.Count >= ResolutionLimits.RepeatsForSignatures
            || !_distrusted.Add((question, server))) { return false; }
        distrust(question, server);
        Cache.Remove(question.Name, question.Type, keepsSecure: Renews);
        return true;
    }

    /// <summary>Adds a chain's links where they are not there yet.</summary>
    public void AddLinks(TrustLink[] links)
    {
        foreach (var link in links) { if (!Links.Contains(link)) { Links.Add(link); } }
    }
}
