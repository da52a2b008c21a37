using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Validating;

/// <summary>What is known of a zone's keys: which hold, or why none has to, or what is wrong with them.</summary>
/// <param name="Zone">The zone, or the name at which the chain ends.</param>
/// <param name="Status">Secure where the keys hold.</param>
/// <param name="Flaw">Why the chain ends or breaks.</param>
/// <param name="Keys">The keys, when the zone is secure.</param>
/// <param name="ExpiresAt">How long this may be used.</param>
/// <param name="Links">The chain, anchor first.</param>
internal sealed record ZoneTrust(
    DnsName Zone, SecurityStatus Status, ValidationFlaw Flaw, ZonePublicKey[] Keys, Instant ExpiresAt, TrustLink[] Links)
{
    /// <summary>The same in which some keys count.</summary>
    public ZoneTrust With(ZonePublicKey[] keys) => this with { Keys = keys };
}

/// <summary>The zones whose chain of trust has been followed, so that each is followed once in its time.</summary>
internal sealed class ZoneTrustTable(int capacity = 10_000)
{
    private readonly SieveTable<DnsName, ZoneTrust> _zones = new(capacity, DnsNameComparer.Instance);

    /// <summary>The deepest zone known at or above a name, and not above the anchor.</summary>
    public ZoneTrust? FindDeepest(DnsName name, DnsName anchor, Instant now)
    {
        while (name.IsSubdomainOf(anchor))
        {
            if (_zones.TryGet(name, out var trust) && trust.ExpiresAt > now) { return trust; }
            if (name.IsRoot) { return null; }
            name = name.Parent;
        }
        return null;
    }

    /// <summary>Keeps what was found out.</summary>
    public void Store(ZoneTrust trust) => _zones.Set(trust.Zone, trust);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _zones.Clear();
}
