using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Finds the servers of all zones on the way to a name (draft-vixie-dnsop-dns-rpz sections 4.4 and 4.5: the data path).</summary>
/// <remarks>
/// Those that a zone names itself are asked for, from the name's own zone up to the root; a denial says by its SOA record where the next zone begins.
/// Those that the parents name are known by then, as whoever answers has been asked by way of them. So what meets a rule does not hang on what somebody
/// has asked for before. Who cannot be found within <see cref="Patience"/> does not count.
/// </remarks>
/// <param name="resolver">Finds records.</param>
/// <param name="parents">Knows whom parents name; null for a resolver that asks others to go from the root down.</param>
internal sealed class PolicyServerSearch(INameResolver resolver, RecursiveResolver? parents)
{
    /// <summary>Own choice: a client waits for five seconds as a rule, and the answer itself takes some of them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Two for each zone, as many zones as a chain of referrals may have.</summary>
    private const int MaxQuestions = 2 * ResolutionLimits.ReferralsPerChain;

    /// <summary>Servers whose addresses are looked for (own choice: thirteen for each of five zones).</summary>
    private const int MaxServers = 65;

    /// <summary>The servers on the way to a name.</summary>
    public async ValueTask<PolicyServers> FindAsync(DnsName name, bool wantsAddresses, bool cacheOnly, TraceSpan span, CancellationToken cancellationToken)
    {
        // A zone whose signatures do not hold has servers too.
        var options = new ResolutionOptions { CacheOnly = cacheOnly, IsAbsolute = true, Unchecked = true, Time = Patience };
        var (names, addresses) = (new HashSet<DnsName>(DnsNameComparer.Instance), new HashSet<IpAddress>());
        var zone = name;
        for (var asked = 0; asked < MaxQuestions; asked++)
        {
            var answer = await resolver.ResolveAsync(zone, RecordType.NS, options, span, cancellationToken) as ResolvedAnswer;
            foreach (var record in answer?.Records ?? [])
            {
                if (record.Type == RecordType.NS && record.Owner == zone && record.Data is NameData named) { names.Add(named.Target); }
            }
            if (answer is { IsDenial: true, Soa.Owner: var apex } && apex != zone && zone.IsSubdomainOf(apex)) { zone = apex; }
            else if (zone.IsRoot) { break; }
            else { zone = zone.Parent; }
        }
        foreach (var server in parents is null ? [] : await parents.ServersAboveAsync(name))
        {
            if (!server.Name.IsRoot) { names.Add(server.Name); }
            addresses.UnionWith(server.Addresses);
        }
        if (wantsAddresses)
        {
            var lookups = names.Take(MaxServers)
                .Select(one => resolver.ResolveAddressesAsync(one, options: options, span: span, cancellationToken: cancellationToken).AsTask());
            foreach (var lookup in lookups.ToArray()) { addresses.UnionWith((await lookup).Addresses); }
        }
        return new PolicyServers([.. names], [.. addresses]);
    }
}
