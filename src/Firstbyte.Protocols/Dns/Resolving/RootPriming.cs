using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>The servers of the root as the root itself names them, in place of the hints, which may be years old (RFC 9609).</summary>
/// <remarks>
/// Theory of operation. The priming question is one for the root's NS records, asked of the hints like any other. Nobody waits for it: the client's
/// question that finds it due goes by the hints, and those after the reply by what the reply says, for as long as it may be kept. The reply's
/// addresses are those beside it; what came without one is reached as the hints know it. The hints come back when the time is over, and when what was
/// found does not answer.
/// </remarks>
internal sealed class RootPriming(Delegation hints)
{
    private Delegation? _found;
    private Instant _until;
    private long _dueAt = long.MinValue;

    /// <summary>The servers to ask.</summary>
    public Delegation At(Instant now) => _found is { } found && _until > now ? found : hints;

    /// <summary>Whether the question is to be asked now: true for one caller, of however many threads.</summary>
    public bool TryBegin(Instant now)
    {
        var due = Volatile.Read(ref _dueAt);
        return now.Nanoseconds >= due && Interlocked.CompareExchange(ref _dueAt, (now + ResolutionLimits.PrimingRetry).Nanoseconds, due) == due;
    }

    /// <summary>Takes an authoritative reply to the question. One that names no server that can be reached changes nothing.</summary>
    public void Take(Reply reply, UpstreamPolicy policy, Instant now)
    {
        // Whether there is a route changes, and is looked at when a server is chosen.
        policy = policy with { UseV4 = true, UseV6 = true };
        var (servers, ttl) = (new List<NameServer>(), ResolutionLimits.MaxTtl);
        foreach (var record in reply.Answer)
        {
            if (record.Type != RecordType.NS || !record.Owner.IsRoot || record.Data is not NameData { Target: var name }) { continue; }
            if (servers.Count >= ResolutionLimits.ServersPerDelegation || servers.Exists(server => server.Name == name)) { continue; }
            ttl = Math.Min(ttl, record.Ttl.Seconds);
            var known = Array.Find(hints.Servers, server => server.Name == name)?.Addresses ?? [];
            var told = FindAddresses(reply, name, address => policy.Allows(address) || known.Contains(address), ref ttl);
            IpAddress[] addresses = told.Count > 0 ? [.. told] : known;
            if (addresses.Length > 0) { servers.Add(new NameServer(name, addresses)); }
        }
        if (servers.Count == 0) { return; }
        // The cut itself has no end: what is learned from it is not to end with it, as the hints have none.
        _found = hints with { Servers = [.. servers] };
        _until = now.PlusNanoseconds(ttl * 1_000_000_000L);
        Volatile.Write(ref _dueAt, Math.Max(_until.Nanoseconds, (now + ResolutionLimits.PrimingRetry).Nanoseconds));
    }

    /// <summary>None of a cut's servers was of use: the hints, where that is what was found and they know of other addresses; null otherwise.</summary>
    public Delegation? FallBack(Delegation cut, Instant now)
    {
        if (!cut.IsHint || ReferenceEquals(cut, hints)) { return null; }
        var asked = cut.Servers.SelectMany(static server => server.Addresses).ToHashSet();
        if (hints.Servers.All(server => server.Addresses.All(asked.Contains))) { return null; }
        if (ReferenceEquals(cut, _found))
        {
            _found = null;
            Volatile.Write(ref _dueAt, (now + ResolutionLimits.PrimingRetry).Nanoseconds);
        }
        return hints;
    }

    /// <summary>Forgets what was found.</summary>
    public void Clear()
    {
        _found = null;
        Volatile.Write(ref _dueAt, long.MinValue);
    }

    private static List<IpAddress> FindAddresses(Reply reply, DnsName name, Predicate<IpAddress> isAllowed, ref uint ttl)
    {
        var addresses = new List<IpAddress>();
        foreach (var record in reply.Additional)
        {
            if (record.Data is not AddressData { Address: var address } || record.Owner != name) { continue; }
            if (addresses.Contains(address) || !isAllowed(address)) { continue; }
            if (addresses.Count >= ResolutionLimits.AddressesPerServer) { break; }
            ttl = Math.Min(ttl, record.Ttl.Seconds);
            addresses.Add(address);
        }
        return addresses;
    }
}
