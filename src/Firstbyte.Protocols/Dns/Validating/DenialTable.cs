using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Validating;

/// <summary>The links of chains whose signatures were found to hold, zone by zone: what they prove need not be asked again (RFC 8198).</summary>
/// <remarks>
/// Theory of operation. A link of NSEC or NSEC3 says of a whole span of names that there are none. So a question whose answer earlier links prove
/// (no such name, no such type, or only a wildcard that is known) is answered by putting that answer into the cache, from where it is
/// taken like any other. Spans that opt out prove nothing here (RFC 8198 section 5.2 with RFC 5155 section 6). Nothing lives longer than its link.
/// </remarks>
internal sealed class DenialTable(int capacity = 1_000)
{
    /// <summary>Links kept of one zone (own choice): one look goes through all of them.</summary>
    private const int MaxLinks = 256;

    private readonly SieveTable<DnsName, ZoneLinks> _zones = new(capacity, DnsNameComparer.Instance);

    /// <summary>Keeps a set of a zone that holds: a link, or the SOA record that a denial needs.</summary>
    public void Add(DnsName zone, SignedSet set, uint ttl, Instant now)
    {
        if (ttl == 0) { return; }
        if (!_zones.TryGet(zone, out var links)) { _zones.Set(zone, links = new ZoneLinks()); }
        var kept = new KeptSet(set, now.PlusNanoseconds(ttl * 1_000_000_000L));
        if (set.Type == RecordType.SOA)
        {
            links.Soa = kept;
            return;
        }
        links.Sets.RemoveAll(one => one.ExpiresAt <= now || one.Set.Type == set.Type && one.Set.Owner == set.Owner);
        // The oldest goes first.
        if (links.Sets.Count >= MaxLinks) { links.Sets.RemoveAt(0); }
        links.Sets.Add(kept);
    }

    /// <summary>Puts into the cache what the links prove of a question; false when they prove nothing.</summary>
    public bool TrySynthesize(DnsName name, RecordType type, DnsCache cache, ValidationBudget budget, Instant now)
    {
        for (var zone = type == RecordType.DS && !name.IsRoot ? name.Parent : name; ; zone = zone.Parent)
        {
            if (_zones.TryGet(zone, out var links) && links.Sets.Count > 0)
            {
                var sets = links.Sets.FindAll(kept => kept.ExpiresAt > now);
                var soa = links.Soa is { } known && known.ExpiresAt > now ? known : null;
                return DenialLinks.Of(sets.ConvertAll(static kept => kept.Set), zone, budget) is { } proof
                    && Synthesize(name, type, zone, soa, sets, proof, cache, now);
            }
            if (zone.IsRoot) { return false; }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _zones.Clear();

    private static bool Synthesize(
        DnsName name, RecordType type, DnsName zone, KeptSet? soa, List<KeptSet> sets, DenialLinks proof, DnsCache cache, Instant now)
    {
        var origin = new AnswerOrigin(null, "", zone.ToHostString());
        SignedSet[] Used() => [.. sets.Where(kept => proof.Used.Contains(kept.Set.Owner)).Select(kept => kept.Left(now))];
        var isNameError = proof.ProveNameError(name).Verdict == DenialVerdict.Proven;
        if (!isNameError) { proof.Used.Clear(); }
        if (soa is not null && (isNameError || proof.ProveNoData(name, type).Verdict == DenialVerdict.Proven))
        {
            var left = soa.Left(now);
            cache.StoreDenial(
                name, isNameError ? new RecordType(0) : type, left.Records[0], [left, .. Used()], TrustRank.Validated, origin, now, SecurityStatus.Secure);
            return true;
        }
        // That a wildcard exists shows that the name above it does: with the proof that nothing closer to this name exists it stands for this name.
        for (var labels = name.LabelCount - 1; !isNameError && labels >= zone.LabelCount; labels--)
        {
            if (FindSource(name.Suffix(labels), type, zone, cache, now) is not { } source) { continue; }
            proof.Used.Clear();
            if (proof.ProveExpansion(name, labels).Verdict != DenialVerdict.Proven) { return false; }
            var made = new SignedSet(
                Array.ConvertAll(source.Records, record => record.WithOwner(name)), Array.ConvertAll(source.Signatures, record => record.WithOwner(name)));
            var used = Used();
            var ttl = used.Append(source).Min(static set => set.TtlSeconds);
            cache.StoreAnswer(made.WithTtl(new Ttl(ttl)), used, null, TrustRank.Validated, origin, now, SecurityStatus.Secure);
            return true;
        }
        return false;
    }

    /// <summary>The records of the type, or the alias, that a wildcard of the zone has below a name.</summary>
    private static SignedSet? FindSource(DnsName encloser, RecordType type, DnsName zone, DnsCache cache, Instant now)
    {
        if (!encloser.TryPrepend("*"u8, out var wildcard)) { return null; }
        foreach (var wanted in (ReadOnlySpan<RecordType>)[type, RecordType.CNAME])
        {
            if (cache.TryPeek(wildcard, wanted, now, out var hit) && hit is { Outcome: CacheOutcome.Answer, Entry.Status: SecurityStatus.Secure }
                && Array.Exists(hit.Entry.Signatures, record => new SignatureFields(record.Data).Signer == zone)) { return hit.SetNow(); }
        }
        return null;
    }

    private sealed class ZoneLinks
    {
        public List<KeptSet> Sets { get; } = [];
        public KeptSet? Soa { get; set; }
    }

    private sealed record KeptSet(SignedSet Set, Instant ExpiresAt)
    {
        public SignedSet Left(Instant now) => Set.WithTtl(new Ttl((uint)((ExpiresAt.Nanoseconds - now.Nanoseconds + 999_999_999) / 1_000_000_000)));
    }
}
