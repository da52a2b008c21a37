using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Policies;

/// <summary>The rule that counts for an answer.</summary>
/// <param name="Zone">Whose.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Trigger">By what it was met.</param>
/// <param name="Position">Which name of the chain of aliases has met it: 0 for the one that was asked for.</param>
public readonly record struct PolicyVerdict(PolicyZone Zone, PolicyRule Rule, PolicyTrigger Trigger, int Position)
{
    /// <summary>What has met it, as text: a name or an address.</summary>
    public string Met { get; init; } = "";
}

/// <summary>Policy zones in their order: the first that has a rule for an answer counts.</summary>
/// <remarks>
/// Order of rules (draft-vixie-dnsop-dns-rpz section 5): first the earliest name of a chain of aliases, then the first zone, then the client before names and
/// names before addresses before names of servers before their addresses, then the closest name and the longest network. Of several names of servers
/// the one counts that comes first in canonical order, of several addresses in networks of one length the smallest.
/// </remarks>
public sealed class PolicySet
{
    private readonly PolicyZone[] _zones;
    private readonly bool _hasAddresses, _hasClients, _hasServerAddresses;

    /// <summary>These zones.</summary>
    public PolicySet(IEnumerable<PolicyZone> zones)
    {
        _zones = [.. zones];
        (_hasAddresses, _hasClients) = (Array.Exists(_zones, static zone => zone.HasAddresses), Array.Exists(_zones, static zone => zone.HasClients));
        _hasServerAddresses = Array.Exists(_zones, static zone => zone.HasServerAddresses);
        HasServers = _hasServerAddresses || Array.Exists(_zones, static zone => zone.HasServerNames);
    }

    /// <summary>No policy.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _zones.Length == 0;

    /// <summary>Whether there are rules about the servers of zones: then no answer can be judged by itself.</summary>
    public bool HasServers { get; }

    /// <summary>Whether there are rules about their addresses.</summary>
    public bool HasServerAddresses => _hasServerAddresses;

    /// <summary>The zones.</summary>
    public IReadOnlyList<PolicyZone> Zones => _zones;

    /// <summary>The rule that counts whatever the answer will be; null where the answer may have a say, or there is none.</summary>
    public PolicyVerdict? BeforeAnswer(IpAddress client, DnsName name)
    {
        foreach (var zone in _zones)
        {
            if (Of(zone, client, name, 0) is { } verdict) { return verdict; }
            if (zone.HasAddresses || zone.HasServerNames || zone.HasServerAddresses) { return null; }
        }
        return null;
    }

    /// <summary>The rule that counts for an answer; null for none.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="names">The name that was asked for, and behind it those that aliases lead to.</param>
    /// <param name="addresses">The addresses that the last of them has in the answer.</param>
    /// <param name="servers">The servers on the way to each of them; fewer where the others own nothing in the answer.</param>
    public PolicyVerdict? OfAnswer(
        IpAddress client, IReadOnlyList<DnsName> names, IReadOnlyList<IpAddress> addresses, IReadOnlyList<PolicyServers>? servers = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(addresses);
        for (var position = 0; position < names.Count; position++)
        {
            foreach (var zone in _zones)
            {
                if (Of(zone, client, names[position], position) is { } verdict) { return verdict; }
                if (position == names.Count - 1 && zone.FindAddress(addresses, out var address) is { } ofAddress)
                {
                    return new PolicyVerdict(zone, ofAddress, PolicyTrigger.Address, position) { Met = $"{address}" };
                }
                if (servers is not null && position < servers.Count && Of(zone, servers[position], position) is { } ofServers) { return ofServers; }
            }
        }
        return null;
    }

    /// <summary>Whether a rule may be about a client.</summary>
    public bool ConcernsClient(IpAddress client)
    {
        if (!_hasClients) { return false; }
        foreach (var zone in _zones) { if (zone.FindClient(client) is not null) { return true; } }
        return false;
    }

    /// <summary>Whether a rule is about a name in wire form.</summary>
    internal bool Concerns(ReadOnlySpan<byte> name)
    {
        foreach (var zone in _zones) { if (zone.Find(name) is not null) { return true; } }
        return false;
    }

    /// <summary>Whether a rule is about an address of an answer, as its record has it.</summary>
    internal bool ConcernsAddress(ReadOnlySpan<byte> data)
    {
        if (!_hasAddresses || !IpAddress.TryFromBytes(data, out var address)) { return false; }
        foreach (var zone in _zones) { if (zone.FindAddress(address) is not null) { return true; } }
        return false;
    }

    private static PolicyVerdict? Of(PolicyZone zone, IpAddress client, DnsName name, int position)
    {
        if (position == 0 && zone.FindClient(client) is { } ofClient)
        {
            return new PolicyVerdict(zone, ofClient, PolicyTrigger.Client, 0) { Met = $"{client}" };
        }
        return zone.Find(name.Wire) is { } rule ? new PolicyVerdict(zone, rule, PolicyTrigger.Name, position) { Met = $"{name}" } : null;
    }

    private static PolicyVerdict? Of(PolicyZone zone, PolicyServers servers, int position)
    {
        if (zone.HasServerNames)
        {
            foreach (var name in servers.Names.Order())
            {
                if (zone.FindServer(name.Wire) is { } rule) { return new PolicyVerdict(zone, rule, PolicyTrigger.ServerName, position) { Met = $"{name}" }; }
            }
        }
        return zone.FindServerAddress(servers.Addresses, out var address) is { } ofAddress
            ? new PolicyVerdict(zone, ofAddress, PolicyTrigger.ServerAddress, position) { Met = $"{address}" }
            : null;
    }
}

/// <summary>The policy that is in force; another one takes its place whole.</summary>
public sealed class PolicyInForce
{
    private readonly Dictionary<DnsName, long> _hits = new(DnsNameComparer.Instance);
    private volatile PolicySet _current = PolicySet.Empty;

    /// <summary>The zones that count for the next answer.</summary>
    public PolicySet Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>How many answers each zone had a rule for, whatever versions it has had.</summary>
    public IReadOnlyList<(DnsName Zone, long Count)> Hits
    {
        get { lock (_hits) { return [.. _hits.Select(static pair => (pair.Key, pair.Value))]; } }
    }

    /// <summary>Counts an answer.</summary>
    public void Count(PolicyZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        lock (_hits) { _hits[zone.Name] = _hits.GetValueOrDefault(zone.Name) + 1; }
    }
}
