using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Caching;

/// <summary>Which servers a parent zone names for a zone: a zone cut with its glue, as the referral gave it.</summary>
/// <param name="Zone">The zone below the cut.</param>
/// <param name="Servers">Its servers, with the addresses that came along.</param>
/// <param name="ExpiresAt">When the parent has to be asked again; never later than for the parent's own delegation.</param>
public sealed record Delegation(DnsName Zone, NameServer[] Servers, Instant ExpiresAt)
{
    /// <summary>Whether the servers are configured here (root hints): their addresses are exempt from the rules for strangers' data.</summary>
    public bool IsHint { get; init; }

    /// <summary>Whether the servers are recursive ones that questions are handed on to: they tell whole answers, and refer to nobody.</summary>
    public bool IsForward { get; init; }

    /// <summary>Recursive servers for all names, as somebody has named them.</summary>
    public static Delegation To(IEnumerable<UpstreamServer> servers) =>
        new(DnsName.Root, [new NameServer(DnsName.Root, []) { Named = [.. servers] }], Instant.Never) { IsForward = true };

    /// <summary>The root's servers as they are built in.</summary>
    public static Delegation Root { get; } = FromHints(RootHints.Records);

    /// <summary>The servers of the root as a hints file names them: NS records of the root, and the addresses of their targets. Others are ignored.</summary>
    public static Delegation FromHints(IEnumerable<DnsRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var all = records.ToArray();
        var servers = new List<NameServer>();
        foreach (var record in all)
        {
            if (record.Type != RecordType.NS || !record.Owner.IsRoot || record.Data is not NameData { Target: var name }) { continue; }
            servers.Add(new NameServer(
                name, [.. all.Where(one => one.Owner == name).Select(one => one.Data).OfType<AddressData>().Select(data => data.Address)]));
        }
        return new Delegation(DnsName.Root, [.. servers], Instant.Never) { IsHint = true };
    }
}

/// <summary>A server of a zone: its name, and the addresses known from the referral (glue).</summary>
public sealed record NameServer(DnsName Name, IpAddress[] Addresses)
{
    /// <summary>How it is asked, where somebody has said so; none for the addresses, at the usual port.</summary>
    public UpstreamServer[] Named { get; init; } = [];
}

/// <summary>The zone cuts a resolver has learned from referrals, so that a resolution starts at the deepest one.</summary>
/// <remarks>
/// Theory of operation. Cuts are kept apart from records: the child's own NS records never renew a cut, because a child that the parent
/// has taken out would then live for ever (ghost domains, CVE-2012-1033, CVE-2022-30698). A cut ends when the parent's NS
/// records end, and never after the cut above it, so that a whole branch is asked for again from above.
/// </remarks>
public sealed class DelegationTable
{
    private readonly SieveTable<DnsName, Delegation> _cuts;
    private readonly Dictionary<DnsName, int>.AlternateLookup<ReadOnlySpan<byte>> _places;

    /// <summary>A table that holds at most <paramref name="capacity"/> cuts.</summary>
    public DelegationTable(int capacity = 20_000)
    {
        _cuts = new SieveTable<DnsName, Delegation>(capacity, DnsNameComparer.Instance);
        _places = _cuts.Places.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The cuts held, expired ones included.</summary>
    public int Count => _cuts.Count;

    /// <summary>The deepest unexpired cut at or above a name; null when none is known.</summary>
    public Delegation? FindDeepest(DnsName name, Instant now)
    {
        var wire = name.Wire;
        while (true)
        {
            if (_places.TryGetValue(wire, out var place) && _cuts.At(place) is var cut && cut.ExpiresAt > now) { return cut; }
            if (wire.Length <= 1) { return null; }
            wire = WireName.Parent(wire);
        }
    }

    /// <summary>Keeps a cut; its end is clamped to that of the cut it was learned from.</summary>
    public Delegation Store(Delegation delegation, Delegation learnedFrom)
    {
        ArgumentNullException.ThrowIfNull(delegation);
        ArgumentNullException.ThrowIfNull(learnedFrom);
        if (delegation.ExpiresAt > learnedFrom.ExpiresAt) { delegation = delegation with { ExpiresAt = learnedFrom.ExpiresAt }; }
        _cuts.Set(delegation.Zone, delegation);
        return delegation;
    }

    /// <summary>
    /// Adds addresses that the parent gives for a server of a cut, when it is asked for them by name; the cut then ends with them at the latest. Nothing where
    /// the table has another cut for the zone by now.
    /// </summary>
    internal void AddGlue(Delegation cut, DnsName server, IpAddress[] addresses, Instant until)
    {
        if (!_cuts.TryGet(cut.Zone, out var present) || present != cut) { return; }
        _cuts.Set(cut.Zone, cut with
        {
            Servers = Array.ConvertAll(cut.Servers, one => one.Name == server ? one with { Addresses = [.. one.Addresses.Union(addresses)] } : one),
            ExpiresAt = until < cut.ExpiresAt ? until : cut.ExpiresAt,
        });
    }

    /// <summary>The cuts that may still be used at an instant, from old to new. Looking changes nothing.</summary>
    public IEnumerable<Delegation> RowsAt(Instant now)
    {
        foreach (var (_, cut) in _cuts.Rows)
        {
            if (cut.ExpiresAt > now) { yield return cut; }
        }
    }

    /// <summary>Forgets a cut.</summary>
    public void Remove(DnsName zone) => _cuts.Remove(zone);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _cuts.Clear();
}
