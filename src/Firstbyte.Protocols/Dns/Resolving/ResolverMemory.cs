using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Validating;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>What the resolutions of one resolver share: records, cuts, experience with servers, and the rules.</summary>
public sealed class ResolverMemory
{
    private TrustAnchors _anchors = TrustAnchors.None;

    /// <summary>Memory of a resolver that starts at these root hints.</summary>
    public ResolverMemory(Delegation hints, UpstreamPolicy policy, DnsCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(hints);
        Hints = hints with { IsHint = true, ExpiresAt = Instant.Never };
        Priming = new RootPriming(Hints);
        Policy = policy;
        Cache = cache ?? new DnsCache();
    }

    /// <summary>Where every resolution can start: the root's servers.</summary>
    public Delegation Hints { get; }

    /// <summary>Whether what the root says of its own servers is taken in place of the hints (RFC 9609).</summary>
    public bool Primes { get; init; }

    /// <summary>Whether the root's NS records are to be asked for now, of those who are told so for nobody's sake.</summary>
    public bool TryBeginPriming(Instant now) => Primes && !Hints.IsForward && Priming.TryBegin(now);

    /// <summary>The servers of the root that are asked at an instant: those found by priming, or the hints.</summary>
    public Delegation RootAt(Instant now) => Priming.At(now);

    /// <summary>The servers that parents name for the zones above a name, as far as they are known at an instant: its own zone's first.</summary>
    public IEnumerable<NameServer> ServersAbove(DnsName name, Instant now)
    {
        while (Delegations.FindDeepest(name, now) is { Zone.IsRoot: false } cut)
        {
            foreach (var server in cut.Servers) { yield return server; }
            name = cut.Zone.Parent;
        }
        foreach (var server in RootAt(now).Servers) { yield return server; }
    }

    internal RootPriming Priming { get; }

    /// <summary>Whom to ask; it changes with the host's network, and counts from the next cut on.</summary>
    public UpstreamPolicy Policy { get; set; }

    /// <summary>The zones whose keys are believed; without one nothing is checked, and nobody is asked for signatures.</summary>
    public TrustAnchors Anchors
    {
        get => _anchors;
        init => _anchors = value;
    }

    /// <summary>Whether answers are checked.</summary>
    public bool Checks => !Anchors.IsEmpty;

    /// <summary>Whether servers are asked for signatures.</summary>
    internal bool WantsSignatures => Checks;

    /// <summary>The zones whose chain of trust is known.</summary>
    internal ZoneTrustTable Trusts { get; } = new();

    /// <summary>Links of chains that hold.</summary>
    internal DenialTable Denials { get; } = new();

    /// <summary>What has to be added to an instant of the resolver to have it since 1970: signatures hold by the calendar.</summary>
    public TimeSpan CalendarOffset { get; set; }

    /// <summary>Addresses that names of others are not to lead to.</summary>
    public PrivateAddresses PrivateAddresses { get; init; } = PrivateAddresses.None;

    /// <summary>How much of a name servers are told that do not need all of it.</summary>
    public MinimisationMode Minimisation { get; init; }

    /// <summary>Records and denials.</summary>
    public DnsCache Cache { get; }

    /// <summary>Zone cuts.</summary>
    public DelegationTable Delegations { get; } = new();

    /// <summary>Experience with servers.</summary>
    public InfrastructureCache Infrastructure { get; } = new();

    /// <summary>From now on other keys are believed; chains that began at others are followed anew.</summary>
    public void Believe(TrustAnchors anchors)
    {
        _anchors = anchors;
        Trusts.Clear();
    }

    /// <summary>Forgets everything but the hints.</summary>
    public void Clear()
    {
        Priming.Clear();
        Cache.Clear();
        Delegations.Clear();
        Trusts.Clear();
        Denials.Clear();
        Infrastructure.Clear();
    }
}
