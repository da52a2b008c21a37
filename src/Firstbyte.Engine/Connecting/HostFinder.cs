using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Connecting;

/// <summary>The first links of the chain: the addresses of a host, by the host's resolver, the preferred first.</summary>
internal sealed class HostFinder(INetwork network, INameResolver resolver, ConnectingOptions options)
{
    // A datagram socket is connected to it, and nothing is sent.
    private const ushort AnyPort = 53;

    /// <summary>What the resolver found for a name; null when the text is no domain name.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<AddressLookup?> FindAsync(string host, TraceSpan span, CancellationToken cancellationToken)
    {
        if (!DnsName.TryParse(host, out var name)) { return null; }
        var lookup = options.Calls is { } calls && span.IsListening
            ? await ToldLookups.AddressesAsync(span, calls.Host, host, () => LookUpAsync(name, host, span, cancellationToken))
            : await LookUpAsync(name, host, span, cancellationToken);
        return lookup with { Addresses = await SortAsync(lookup.Addresses) };
    }

    // The second link: RFC 6724. Of IPv4 addresses alone no rule prefers one, short of a host that has no address but a link-local one.
    private async ValueTask<IpAddress[]> SortAsync(IpAddress[] addresses)
    {
        if (addresses.Length < 2 || addresses.All(static address => address.IsV4)) { return addresses; }
        var pairs = new AddressPair[addresses.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new AddressPair(addresses[i], await HostRoutes.SourceOfAsync(network, new Endpoint(addresses[i], AnyPort)));
        }
        return AddressOrder.Sort(pairs);
    }

    private async ValueTask<AddressLookup> LookUpAsync(DnsName name, string host, TraceSpan span, CancellationToken cancellationToken)
    {
        var (useV4, useV6) = await VersionsAsync();
        var how = new ResolutionOptions { Fresh = options.FreshNames, IsAbsolute = host.EndsWith('.') };
        return await resolver.ResolveAddressesAsync(name, useV4, useV6, how, span, cancellationToken);
    }

    // Addresses of a version are asked for where there is a way to reach them (RFC 3493 section 6.1, AI_ADDRCONFIG), both at once. A host that reaches
    // nothing beyond its own networks asks for those of the versions that it has addresses of, and one that has none for both: what it finds in its
    // hosts file may be itself.
    private async ValueTask<(bool UseV4, bool UseV6)> VersionsAsync()
    {
        if (options.Version != IpVersion.None) { return (options.Version == IpVersion.V4, options.Version == IpVersion.V6); }
        var (v4, v6) = (await HostRoutes.ReachesInternetAsync(network, IpVersion.V4), await HostRoutes.ReachesInternetAsync(network, IpVersion.V6));
        if (!v4 && !v6)
        {
            // An address that is good on one link alone is nothing to ask a DNS server for.
            var own = network.GetAddresses().Where(static address => SpecialPurpose.Find(address)?.Kind != AddressKind.LinkLocal).ToArray();
            (v4, v6) = (own.Any(static address => address.IsV4), own.Any(static address => address.IsV6));
        }
        return v4 || v6 ? (v4, v6) : (true, true);
    }
}
